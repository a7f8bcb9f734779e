"""Results with ends in them, made by hand: with 1, 8 and 50 logins, and all else that says when one ends.

The times are as they were at NOW, so texts are the same in every run.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aicore_magics.actions.notes import NotesProposed, Proposal, RecordsForgotten, SecretNoted
from aicore_magics.actions.recorded import RecordedLogin, StoredHere
from aicore_magics.actions.results import Connected, SecretShown
from aicore_magics.actions.secret_list import SecretList
from aicore_magics.actions.secret_records import SecretRecords
from aicore_magics.actions.stored_secret import SecretStored, ServedImage
from aicore_magics.base.result import Where
from aicore_magics.ledger.record import NotedLogin
from aicore_magics.model.docker_secret import StoredLogin
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.verdict import Verdict

NOW = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)
WHERE = Where("acme-dev", "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com")
PROD = "api.ai.prod.us-east-1.aws.ml.hana.ondemand.com"
ENDLESS = Expiry(endless=True, how="documented")
EXPIRED = Expiry(NOW - timedelta(minutes=40), how="token")


def ends(days, begins=None, how="token"):
    """An end in *days*, of a login that began *begins* days ago; None: nobody tells."""
    since = None if begins is None else NOW - timedelta(days=begins)
    return Expiry(NOW + timedelta(days=days), since, how=how)


def login(secret, expiry, **others):
    """A login in a *secret*, as the record has it."""
    usual = {"tenant": WHERE.tenant, "host": WHERE.host, "registry": "ghcr.io", "username": "anna"}
    return RecordedLogin(**{**usual, "secret": secret, "now": NOW, "expiry": expiry, "at": NOW, **others})


def numbered(name, many, expiry):
    """Several secrets that end on one day."""
    return [login(f"{name}-{i:02}", expiry) for i in range(1, many + 1)]


EIGHT = (
    login("batch-ecr", EXPIRED),
    login("team-ghcr", ends(4)),
    login("vision-acr", ends(11)),
    login("train-gitlab", ends(38, 34)),
    login("embed-jfrog", ends(71, 22)),
    login("hub-ci", ends(164, 77)),
    login("shared-hub", ENDLESS),
    login("corp-harbor", NOT_KNOWN),
)
FIFTY = (
    *numbered("team", 2, ends(-1)),
    *numbered("acme-ci", 6, ends(3)),
    *numbered("vision", 2, ends(9)),
    *numbered("batch", 3, ends(16)),
    login("nlp-a", ends(23)),
    *numbered("nlp", 3, ends(36, 34)),
    *numbered("train", 4, ends(50, 34)),
    *numbered("serve", 2, ends(64, 22)),
    login("serve-c", ends(85, 20)),
    *(login(f"prod-{i:02}", ends(124 + i, 64)) for i in range(1, 13)),
    *numbered("hub", 8, ENDLESS),
    *numbered("old", 6, NOT_KNOWN),
)
DUE_1 = SecretRecords((login("team-ghcr", ends(38)),), NOW, WHERE, 1, 1)
DUE_8 = SecretRecords(EIGHT, NOW, WHERE, 8, 9)
DUE_50 = SecretRecords(FIFTY, NOW, WHERE, 50, 50)
# Two tenants, a service key, a secret with two logins, one login in two secrets, a doubt, damaged lines.
DUE_MIXED = SecretRecords(
    (
        *EIGHT[:4],
        login("team-ghcr", ends(2), tenant="acme-prod", host=PROD),
        login("", ends(3, how="certificate")),
        login("shared-hub", ENDLESS, registry="docker.io", username="acmebot"),
        login("shared-hub", ends(20), registry="quay.io", username="acme+pull"),
        login("eval-a", ends(30), fingerprint="f1"),
        login("eval-b", ends(30), fingerprint="f1", doubt=True),
    ),
    NOW,
    WHERE,
    8,
    9,
    damaged=2,
)
DUE_NONE = SecretRecords((), NOW, WHERE, 0, 9)


def stored(name, *logins, days=80, notebook="train.ipynb", **others):
    """What the record has on a secret with *logins*."""
    at = NOW - timedelta(days=days, hours=2)
    return StoredHere(name=name, now=NOW, logins=logins, at=at, notebook=notebook, **others)


def noted(registry, username, expiry):
    """A login as it is in a record."""
    return NotedLogin(registry=registry, username=username, expiry=expiry)


ECR = noted("1234567890.dkr.ecr.eu-central-1.amazonaws.com", "AWS", EXPIRED)
HARBOR = stored(
    "corp-harbor",
    noted("harbor.corp.example", "robot$ml+pull", NOT_KNOWN),
    days=272,
    notebook="setup.ipynb",
)
ANNA = stored("team-ghcr", noted("ghcr.io", "anna", ends(4)))
KNOWN = (
    stored("batch-ecr", ECR, days=0, notebook="batch.ipynb"),
    HARBOR,
    stored(
        "eval-two",
        noted("ghcr.io", "anna", ends(38)),
        noted("quay.io", "acme+pull", NOT_KNOWN),
        told=True,
        notebook="",
    ),
    stored(
        "shared-hub",
        noted("docker.io", "acmebot", ENDLESS),
        noted("quay.io", "acme+pull", ENDLESS),
        days=179,
        notebook="setup.ipynb",
    ),
    ANNA,
)
LISTED = SecretList((*(each.name for each in KNOWN), "vendor-x"), WHERE, 50, known=KNOWN)
ENDING = SecretList(LISTED.names, WHERE, 50, known=KNOWN, ends_within=30)
CONNECTED = Connected(
    WHERE,
    f"https://{WHERE.host}/v2",
    "service key, file ~/.aicore/config.json, profile default",
    "default",
    43_199,
    9,
    50,
    logins=EIGHT,
)
SHOWN = SecretShown("team-ghcr", True, WHERE, ("spec:", "  x"), ("predictor:", "  y"), known=ANNA)
CREATED = SecretStored(
    "team-ghcr",
    "created",
    WHERE,
    (StoredLogin("ghcr.io", "ghcr.io", "anna"),),
    (ServedImage("ghcr.io/acme/churn:1.4", "ghcr.io"),),
    (Verdict("ok", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", platform="linux/amd64", size=412_000_000),),
    known=stored("team-ghcr", noted("ghcr.io", "anna", ends(38)), days=0),
)
NOTED = SecretNoted(
    stored("corp-harbor", noted("harbor.corp.example", "robot$ml+pull", ends(300, how="told")), told=True),
    WHERE,
    had=HARBOR,
    images=("harbor.corp.example/ml/churn:1.4",),
)
PROPOSED = NotesProposed(
    "templates",
    (
        Proposal(
            "team-ghcr",
            ("ghcr.io/acme/churn:1.4", "ghcr.io/acme/base:3"),
            ("serve.yaml", "train.yaml"),
        ),
        Proposal("corp-harbor", (), ("old.yaml",)),
    ),
    ("shared-hub",),
)
FORGOTTEN = RecordsForgotten(4, ("team-a", "team-b"))
EVERY = (
    DUE_1,
    DUE_8,
    DUE_50,
    DUE_MIXED,
    DUE_NONE,
    LISTED,
    ENDING,
    CONNECTED,
    SHOWN,
    CREATED,
    NOTED,
    PROPOSED,
    FORGOTTEN,
)
