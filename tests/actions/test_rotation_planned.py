"""The plan of a rotation: every secret has its turn, and what it must pull, however many there are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.actions.rotation_planned import MOST_GROUPS, in_runs
from aicore_magics.base.report import Said, plain
from aicore_magics.jupyter.cards import html_card
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.renewal import RENEWALS, renewal_of
from aicore_magics.registry.verdict import Verdict
from aicore_magics.rotation.plan import HeldLogin, Plan
from tests.actions.rotation_examples import (
    CHURN,
    FIFTY,
    NINE,
    NOW,
    PLAN_9,
    VERDICT,
    plan_of,
    secret,
)

TENANTS = ("acme-dev", "acme-prod", "acme-test")


@st.composite
def secrets(draw):
    """Secrets with few images and templates, so that some differ in their names only."""
    names = draw(st.lists(st.integers(0, 300), min_size=1, max_size=80, unique=True))
    return tuple(
        secret(
            f"team-{name}",
            images=draw(st.sampled_from(((), (CHURN,), (CHURN, "ghcr.io/a/b:1")))),
            templates=draw(st.sampled_from(((), ("a.yaml",), ("a.yaml", "b.yaml")))),
            tenant=draw(st.sampled_from(TENANTS)),
        )
        for name in sorted(names)
    )


def turns_of(words):
    first, _, last = words.partition(" to ")
    begin = int(first.partition(",")[0])
    return range(begin, int(last or begin) + 1)


@given(secrets())
@example(tuple(secret(f"team-{i}", (f"ghcr.io/acme/app:{i}",)) for i in range(1000)))
@example(FIFTY)
def test_every_secret_has_its_turn(made):
    """The rows have each turn once, the canary alone, and are few."""
    planned = replace(plan_of(()), plan=Plan.of("ghcr.io", "anna", made))
    rows = planned.report().table.rows
    turns = [turn for row in rows for turn in turns_of(plain(row[1]))]
    assert turns == list(range(1, len(made) + 1))
    assert len(rows) <= MOST_GROUPS + len(TENANTS)
    assert plain(rows[0][1]) == ("1, canary" if len(made) > 1 else "1")
    assert [each["name"] for each in planned.to_dict()["plan"]["secrets"]] == [
        each.name for each in planned.plan.secrets
    ]


@given(st.lists(st.from_regex(r"[a-c]-?[0-9a-f]{0,3}", fullmatch=True), min_size=1, max_size=30))
def test_a_range_of_names_has_no_gap(names):
    """Names are there one by one, or as the first and the last of those that count on by one."""
    said = "".join(in_runs(names))
    found = []
    for part in said.split(", "):
        first, _, last = part.partition(" to ")
        found += counted_on(first, last) if last else [first]
    assert found == names


def counted_on(first, last):
    stem, digits = re.fullmatch(r"(.*?)([0-9]*)", first).groups()
    if not digits:
        return [f"{first[:-1]}{chr(code)}" for code in range(ord(first[-1]), ord(last[-1]) + 1)]
    end = int(last[len(stem) :])
    wide = len(digits) if digits.startswith("0") else 0
    return [f"{stem}{number:0{wide}}" for number in range(int(digits), end + 1)]


@pytest.mark.parametrize(
    ("expiry", "card", "text"),
    [
        (Expiry(NOW + timedelta(days=4)), "ends in 4 days, 3 Dec.", "ends on 3 Dec 2026."),
        (Expiry(NOW - timedelta(hours=3)), "expired 3 h ago.", "expired on 29 Nov 2026."),
        (Expiry(endless=True), "does not end.", "does not end."),
        (NOT_KNOWN, "When the login ends is not known.", "When the login ends is not known."),
    ],
)
@pytest.mark.usefixtures("utc")
def test_the_end_of_the_login(expiry, card, text):
    """A card says how much time is left, a text the day alone."""
    said = replace(PLAN_9, expiry=expiry).report().sentences[0]
    assert isinstance(said, Said)
    assert (plain(said.card)[-len(card) :], said.text[-len(text) :]) == (card, text)


@pytest.mark.parametrize("number", [1, 2, 9, 12, 13, 1000])
def test_how_many_have_the_login(number):
    """What is known is what the record says, and that is said."""
    note = plan_of([secret(f"a{i}") for i in range(number)]).report().notes[0]
    many = {1: "The secret has", 2: "Both have", 9: "All nine have", 12: "All twelve have"}
    assert note.startswith(many.get(number, f"All {number:,} have"))
    assert note.endswith("by the record of this machine; secrets stored elsewhere are not known.")


def test_what_else_must_be_given():
    """A secret with another login says so, as a write replaces them all."""
    made = secret("a", images=(), others=(HeldLogin("quay.io", "bob"),))
    said = plain(plan_of([made]).report().table.rows[0][2])
    assert "also has a login for quay.io, user bob" in said
    assert "no image known: the login alone is tested" in said


@pytest.mark.parametrize("renewal", RENEWALS, ids=lambda each: each.of)
def test_how_the_new_login_is_made(renewal, monkeypatch):
    """Each registry says how a second login is made, and what would end the first."""
    monkeypatch.setattr("aicore_magics.actions.rotation_planned.renewal_of", lambda *_: renewal)
    said = str(plan_of(NINE))
    assert all(words in said for words in (renewal.make, renewal.kills, renewal.limit))


@pytest.mark.parametrize(
    ("outcome", "state"), [("ok", ""), ("no-access-or-missing", "refused"), ("unreachable", "unknown")]
)
def test_a_tested_login(outcome, state):
    """The ring is that of the worst, and a plan that would be refused says what to fix first."""
    verdict = Verdict(outcome, "ghcr.io", "anna", CHURN, reason="It says so.")
    report = plan_of(NINE, verdicts=(VERDICT, verdict)).report()
    assert report.state == state
    assert report.steps[0].what.startswith("fix" if state == "refused" else "keep the old login")
    assert plain(report.facts[0].value) == f"{2 if outcome == 'ok' else 1} of 2 images can be pulled"


@pytest.mark.parametrize(
    ("others", "line"),
    [
        ({}, "%aicore_rotate run"),
        ({"wanted": ("a", "b")}, "%aicore_rotate run a b"),
        ({"wanted": ("a",), "saved": "my plan.json"}, "%aicore_rotate run 'my plan.json'"),
    ],
)
def test_what_is_run(others, line):
    """The line names the file, or else what the plan was made for."""
    (step,) = plan_of(NINE, **others).report().steps
    assert NOTEBOOK.say(step.lines[0]) == line


def test_code_is_code_in_a_card():
    """What one types to make the new login is in monospace; a text has it as it is written."""
    card = html_card(replace(PLAN_9, plan=replace(PLAN_9.plan, registry="127.0.0.1:5000")).report())
    assert "<code>from aicore_magics.sandbox.logins import logins</code>" in card
    assert "`" not in card.partition("</style>")[2]


def test_the_sandbox_has_a_way():
    """A plan for the registry of the sandbox says how a login is made there."""
    planned = replace(PLAN_9, plan=replace(PLAN_9.plan, registry="127.0.0.1:5000", username="bot"))
    assert renewal_of("127.0.0.1:5000", "bot").make in str(planned)
    (step,) = planned.report().steps
    assert NOTEBOOK.say(step.lines[0]).endswith(" --password-env NEW_TOKEN")
    assert "asks" not in step.what


@pytest.mark.parametrize(("number", "all_of_them"), [(2, "both"), (3, "all three"), (40, "all 40")])
def test_the_word_of_who_has_named_them(number, all_of_them):
    """What no fingerprint shows is not said to be in the record."""
    note = plan_of([secret(f"a{i}") for i in range(number)], proven=False).report().notes[0]
    assert note == f"You say that {all_of_them} have the same login; the record does not show that."
