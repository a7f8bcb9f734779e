"""Results of rotations, made by hand: plans, runs that go on, are over or were cut off, and records of them.

The times are as they were at NOW, so texts are the same in every run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aicore_magics.actions.rotation_progress import progress_report
from aicore_magics.actions.rotation_results import RotationDone, RotationPlanned, RotationStatus
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.verdict import Verdict
from aicore_magics.rotation.journal import Run, RunSecret
from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret

NOW = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)
HOST = "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
ANNA = HeldLogin("ghcr.io", "anna")
EXPIRY = Expiry(NOW + timedelta(days=4), how="header")
CHURN, TRAIN, EMBED = "ghcr.io/acme/churn:1.4", "ghcr.io/acme/train:5.2", "ghcr.io/acme-labs/embed:0.9"
SSO = "Allow SSO for acme-labs on the new token."
NO_PULL = "the new login may not pull ghcr.io/acme-labs/embed:0.9"


def secret(name, images=(CHURN,), templates=("serve.yaml",), tenant="acme-dev", **others):
    """A secret as a plan has it."""
    return PlannedSecret(tenant, HOST, name, ANNA, images=images, templates=templates, **others)


NINE = (
    secret("team-ghcr"),
    secret("train-ghcr", (TRAIN, "ghcr.io/acme/base:3"), ("train.yaml", "retrain.yaml", "nightly.yaml")),
    secret("embed-ghcr", (EMBED,), ("embed.yaml", "serve.yaml")),
    *(secret(f"team-{letter}", templates=(f"{letter}.yaml",)) for letter in "abcde"),
    secret("team-ghcr", tenant="acme-prod"),
)
FIFTY = (
    secret("canary", templates=()),
    *(secret(f"team-{i:02}", (f"ghcr.io/acme/churn:{i % 7}",), ("serve.yaml",) * (i % 3)) for i in range(39)),
    *(secret(f"batch-{i}", (TRAIN,), ("train.yaml",), "acme-prod") for i in range(10)),
)


def plan_of(secrets, **others):
    """What `plan` gives back for *secrets*."""
    return RotationPlanned(Plan("ghcr.io", "anna", tuple(secrets)), NOW, EXPIRY, **others)


def outcomes_of(secrets, *states, run="r1129-ghcr"):
    """What became of *secrets*: the states in turn, the last of them for all others."""
    each = [
        SecretOutcome(one, states[min(i, len(states) - 1)], tested=len(one.images))
        for i, one in enumerate(secrets)
    ]
    return Outcomes(run, tuple(each))


def done_of(outcomes, kind="rotation", **others):
    """What a run gives back."""
    usual = {"registry": "ghcr.io", "username": "anna", "former": "anna", "now": NOW, "expiry": EXPIRY}
    return RotationDone(outcomes, kind, **{**usual, **others})


def worst(outcomes):
    """The same, and the third was refused, the last is unknown."""
    each = list(outcomes.each)
    each[2] = SecretOutcome(each[2].secret, "refused", why=NO_PULL, fix=SSO)
    each[-1] = SecretOutcome(each[-1].secret, "unknown")
    return Outcomes(outcomes.run, tuple(each))


def seen(outcomes, *, kind="rotation", ended=False, days=0):
    """A run as the record has it."""
    begun = NOW - timedelta(days=days, minutes=10)
    return Run(
        id=outcomes.run,
        secrets=tuple(map(_seen_secret, outcomes.each)),
        undoes="r1129-ghcr" if kind == "undo" else "",
        begun=begun,
        last=begun + timedelta(minutes=5),
        ended=ended,
        notebook="rotate.ipynb",
        version="",
        time=0,
    )


def _seen_secret(outcome):
    of = outcome.secret
    login = NotedLogin(registry="ghcr.io", username="anna")
    planned = Record(
        tenant=of.tenant,
        host=of.host,
        secret=of.name,
        op="planned",
        logins=(login,),
        images=tuple(map(NotedImage, of.images)),
        time=0,
        id="",
    )
    state = {"the same": "same", "replacing": "unknown", "testing": "not begun", "waiting": "not begun"}
    known = state.get(outcome.state, outcome.state)
    return RunSecret(
        planned=planned,
        state=known,
        detail=outcome.why,
        login=(login,) if known != "not begun" else (),
    )


VERDICT = Verdict("ok", "ghcr.io", "anna", CHURN, platform="linux/amd64", size=412_000_000)
REFUSED = Verdict("no-access-or-missing", "ghcr.io", "anna", EMBED, reason="The login may not pull it.")
RUN_4 = outcomes_of(NINE, *["replaced"] * 4, *["replacing"] * 2, "testing", "waiting")
CUT_OFF = outcomes_of(NINE, *["replaced"] * 4, "unknown", "not begun")
ALL_9 = outcomes_of(NINE, "replaced")

PLAN_1 = plan_of(NINE[:1], wanted=("team-ghcr",))
PLAN_9 = plan_of(NINE, saved="rotation.json")
PLAN_50 = plan_of(
    FIFTY, elsewhere=(("shared", "acme-test"),), gone=(("old", "acme-dev"),), unread=("broken.yaml",)
)
PLAN_TESTED = plan_of(NINE[:3], verdicts=(VERDICT, REFUSED))
DONE_1 = done_of(outcomes_of(NINE[:1], "replaced"))
DONE_9 = done_of(ALL_9, began=NOW - timedelta(minutes=1))
DONE_711 = done_of(worst(ALL_9))
DONE_50 = done_of(worst(outcomes_of(FIFTY, "replaced")), elsewhere=(("shared", "acme-test"),))
STOPPED = done_of(outcomes_of(NINE, "refused", "not begun"))
THE_SAME = done_of(outcomes_of(NINE, "the same"))
UNDONE = done_of(outcomes_of(NINE, *["replaced"] * 8, "unknown"), "undo", expiry=NOT_KNOWN)
STATUS_CUT = RotationStatus(
    (seen(CUT_OFF), seen(Outcomes("r0901-ghcr", ALL_9.each), ended=True, days=89)), NOW
)
STATUS_RUNS = RotationStatus(
    (
        seen(ALL_9, ended=True),
        seen(Outcomes("r1128-ghcr-undo", UNDONE.outcomes.each), kind="undo", days=1),
        seen(Outcomes("r1101-ghcr", DONE_711.outcomes.each), ended=True, days=28),
    ),
    NOW,
)
STATUS_NONE = RotationStatus((), NOW)
STATUS_GOES_ON = RotationStatus((seen(RUN_4),), NOW, running="r1129-ghcr")
STATUS_RECORDED = RotationStatus((), NOW, recorded=DONE_711)
STATUS_FAULT = RotationStatus((), NOW, fault="the disk is full")
EVERY = (
    *(PLAN_1, PLAN_9, PLAN_50, PLAN_TESTED, DONE_1, DONE_9, DONE_711, DONE_50, STOPPED, THE_SAME, UNDONE),
    *(STATUS_CUT, STATUS_RUNS, STATUS_NONE, STATUS_GOES_ON, STATUS_RECORDED, STATUS_FAULT),
)
# Runs that go on, as cards alone: with 1, 9 and 50 secrets.
RUNNING = tuple(
    progress_report(outcomes, NOW)
    for outcomes in (
        outcomes_of(NINE[:1], "testing"),
        outcomes_of(NINE, "waiting"),
        RUN_4,
        worst(RUN_4),
        outcomes_of(FIFTY, *["replaced"] * 23, *["replacing"] * 16, "waiting"),
        worst(outcomes_of(FIFTY, *["replaced"] * 23, *["replacing"] * 16, "waiting")),
    )
)
