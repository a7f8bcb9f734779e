"""Outcomes of rotations of all kinds: no secret or many, all mixes of states, names that mean harm."""

from __future__ import annotations

from hypothesis import strategies as st

from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome
from tests.actions.rotation_examples import NO_PULL, SSO, secret

STATES = ("waiting", "testing", "replacing", "replaced", "refused", "unknown", "the same", "not begun")
NASTY = "<img src=x onerror=alert(1)>\"'&\x1b[31m\u202e$x$"
NAMES = (*(f"team-{i:02}" for i in range(30)), NASTY, "a", " ", "\n", ",", "x; y: z", "a-b.c", "\U0001f511")
TENANTS = ("acme-dev", "acme-prod", NASTY, "ten;ant, a: b")
WHYS = ("", NO_PULL, "AI Core answered 400", NASTY)


def outcomes(least=0, most=24, states=STATES):
    """All outcomes of *least* to *most* secrets in one of *states*; no two are one secret."""
    one = st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(TENANTS),
        st.sampled_from(states),
        st.sampled_from(WHYS),
        st.sampled_from(("", SSO)),
        st.integers(0, 3),
        st.sampled_from(("", "not looked", "not read")),
    )
    each = st.lists(one, min_size=least, max_size=most, unique_by=lambda made: made[:2])
    return each.map(lambda made: Outcomes("r1129-ghcr", tuple(map(_outcome, made))))


def _outcome(made):
    name, tenant, state, why, fix, tested, unseen = made
    return SecretOutcome(
        secret(name, tenant=tenant), state, why, fix, tested, unseen=unseen if state == "replaced" else ""
    )


def thousand():
    """A thousand secrets in all states, with more reasons than anybody reads."""
    each = (
        SecretOutcome(secret(f"team-{i:04}"), STATES[i % len(STATES)], why=f"reason {i % 300}")
        for i in range(1000)
    )
    return Outcomes("r1129-ghcr", tuple(each))
