"""What is told after a create, an apply or an update: what is there now, and how far it was checked."""

from __future__ import annotations

import dataclasses
import json
import typing

import pytest

from aicore_magics.actions import stored_secret
from aicore_magics.actions.recorded import StoredHere
from aicore_magics.actions.stored_secret import REPLACED, SecretStored, ServedImage
from aicore_magics.base.report import Code, Origin, plain
from aicore_magics.base.result import Where
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import StoredLogin
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.model.pullers import INFERRED, ServingCaution
from aicore_magics.next_steps import PYTHON
from aicore_magics.registry.verdict import Verdict
from tests.actions.ends_examples import ENDLESS, EXPIRED, ends, noted, stored

WHERE = Where("acme-dev", "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com")
TENANT = "Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
GHCR = StoredLogin("ghcr.io", "ghcr.io", "anna")
HUB = StoredLogin("https://index.docker.io", "docker.io", "acmebot")
CHURN = ServedImage("ghcr.io/acme/churn:1.4", "ghcr.io")
OK = Verdict("ok", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", platform="linux/amd64", size=412_000_000)
LOST = Verdict(
    "unreachable", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", "ghcr.io does not accept the connection."
)
NOT_ASKED = Verdict("not-asked", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", "In the sandbox only here.")
NEWER = dataclasses.replace(OK, outcome="uncertain", reason="Built only for newer processors.")
ALONE = Verdict("ok", "ghcr.io", "anna", reason="What it may pull was not checked.")
CREATED = SecretStored("team-ghcr", "created", WHERE, (GHCR,), (CHURN,), (OK,))
TWO = dataclasses.replace(
    CREATED,
    logins=(GHCR, HUB),
    images=(
        CHURN,
        ServedImage("docker.io/acme/embed:2", "https://index.docker.io"),
        ServedImage("quay.io/a/b", ""),
    ),
    verdicts=(OK, dataclasses.replace(OK, registry="docker.io", image="docker.io/acme/embed:2", size=None)),
)
SHOW = "Next: use it in a template\n  %aicore_docker_secret show team-ghcr\n"
SHARED = "--image ghcr.io/acme/churn:1.4 --secret team-ghcr --scenario churn --cell"
MAKE = (
    f'%aicore_template workflow churn-train {SHARED} --args "python /app/src/train.py"',
    f"%aicore_template serving churn-serve {SHARED}",
)
CHECK = "Next: check it\n  %aicore_docker_secret check"
CHECK_IMAGE = (
    "Next: check again once the registry answers\n"
    "  %aicore_docker_secret check --image ghcr.io/acme/churn:1.4 --username anna"
)
NEXT = f"Next: use it in a template\n  {MAKE[0]}\n  {MAKE[1]}\n"

TEXTS = [
    (
        CREATED,
        f"""\
Secret team-ghcr created.
  registry  ghcr.io, user anna
  used for  ghcr.io/acme/churn:1.4 (key ghcr.io)
  checked   can be pulled: login accepted, linux/amd64, 412 MB
{NEXT}{TENANT}""",
    ),
    (
        dataclasses.replace(CREATED, images=(), verdicts=(ALONE,)),
        f"""\
Secret team-ghcr created.
  registry  ghcr.io, user anna
  checked   login accepted. What it may pull was not checked.
{SHOW}{TENANT}""",
    ),
    (
        dataclasses.replace(CREATED, images=(), verdicts=(), notes=("A note.",)),
        f"""\
Secret team-ghcr stored, login not checked. A note.
  registry  ghcr.io, user anna
  checked   no
{CHECK} --registry ghcr.io --username anna
then {SHOW.removeprefix("Next: ")}{TENANT}""",
    ),
    (
        dataclasses.replace(CREATED, change="replaced", logins=(HUB,), images=(), verdicts=()),
        f"""\
Secret team-ghcr replaced, login not checked.
{REPLACED}
  registry  docker.io, user acmebot, key https://index.docker.io
  checked   no
{CHECK} --registry docker.io --username acmebot
then if the password is new, revoke the old one at docker.io
{TENANT}""",
    ),
    (
        dataclasses.replace(CREATED, verdicts=(LOST,)),
        f"""\
Secret team-ghcr stored, image not checked.
  registry  ghcr.io, user anna
  used for  ghcr.io/acme/churn:1.4 (key ghcr.io)
  checked   not checked: no answer. ghcr.io does not accept the connection.
{CHECK_IMAGE}
then {NEXT.removeprefix("Next: ")}{TENANT}""",
    ),
    (
        dataclasses.replace(CREATED, verdicts=(dataclasses.replace(LOST, said="try later.", fix="Wait."),)),
        f"""\
Secret team-ghcr stored, image not checked.
  registry  ghcr.io, user anna
  used for  ghcr.io/acme/churn:1.4 (key ghcr.io)
  checked   not checked: no answer. ghcr.io does not accept the connection. It says: try later. Wait.
{CHECK_IMAGE}
then {NEXT.removeprefix("Next: ")}{TENANT}""",
    ),
    (
        TWO,
        f"""\
Secret team-ghcr created.
  registry  ghcr.io, user anna
            docker.io, user acmebot, key https://index.docker.io
  used for  ghcr.io/acme/churn:1.4 (key ghcr.io)
            docker.io/acme/embed:2 (key https://index.docker.io)
  checked   ghcr.io/acme/churn:1.4: can be pulled: login accepted, linux/amd64, 412 MB
            docker.io/acme/embed:2: can be pulled: login accepted, linux/amd64
{NEXT}{TENANT}""",
    ),
]


@pytest.mark.parametrize(("result", "text"), TEXTS)
def test_texts(result, text):
    """The text says what was stored, for whom, which key serves which image, and what the check found."""
    assert result.shown(NOTEBOOK).splitlines() == text.splitlines()
    assert repr(result) == str(result) == str(result.report())


@pytest.mark.parametrize(
    ("verdicts", "notes", "headline", "state"),
    [
        ((OK,), (), "created", "done"),
        ((), (), "stored, image not checked", "warning"),
        ((OK,), ("A note.",), "created", "warning"),
        ((OK,), (Origin("From a file."),), "created", "done"),
        ((NOT_ASKED,), (), "stored, image not checked", "warning"),
        ((LOST,), (), "stored, image not checked", "warning"),
        ((OK, LOST), (), "stored, image not checked", "warning"),
        ((LOST, NOT_ASKED), (), "stored, image not checked", "warning"),
        ((OK, NEWER), (), "stored, image not certain", "warning"),
        ((NEWER, LOST), (), "stored, image not checked", "warning"),
        ((dataclasses.replace(LOST, image=""),), (), "stored, login not checked", "warning"),
        ((dataclasses.replace(NOT_ASKED, image=""),), (), "stored, login not checked", "warning"),
    ],
)
def test_headline_and_ring(verdicts, notes, headline, state):
    """What was not checked, for whatever reason, is a warning, in the headline, too."""
    stored = dataclasses.replace(CREATED, verdicts=verdicts, notes=notes)
    report = stored.report()
    assert (report.headline, report.state) == (f"Secret team-ghcr {headline}", state)
    replaced = dataclasses.replace(stored, change="replaced").report().headline
    assert (
        replaced
        == f"Secret team-ghcr {headline.replace('created', 'replaced').replace('stored', 'replaced')}"
    )


@pytest.mark.parametrize(
    ("verdicts", "complete"),
    [((NEWER,), False), ((OK,), True), ((), True), ((NOT_ASKED,), False), ((OK, LOST), False)],
)
def test_complete(verdicts, complete):
    """A check that was wanted and gave no answer leaves the result incomplete."""
    assert dataclasses.replace(CREATED, verdicts=verdicts).complete is complete


@pytest.mark.parametrize("outcome", ["rate-limited", "unreachable", "unclear", "tls", "other-realm"])
def test_each_way_not_to_be_checked(outcome):
    """Whatever kept the check from an answer, the secret is stored and not checked."""
    report = dataclasses.replace(CREATED, verdicts=(dataclasses.replace(LOST, outcome=outcome),)).report()
    assert (report.headline, report.state) == ("Secret team-ghcr stored, image not checked", "warning")


@pytest.mark.parametrize("verdicts", [(), (OK,), (LOST,)])
def test_a_replaced_secret_says_what_follows(verdicts):
    """Who replaces a secret reads for whom, and that it cannot be undone, checked or not."""
    report = dataclasses.replace(CREATED, change="replaced", verdicts=verdicts, notes=("A note.",)).report()
    assert report.sentences == (REPLACED, "A note.")
    assert report.headline.startswith("Secret team-ghcr ")


def test_an_image_that_nobody_serves_is_not_listed():
    """Only what a key serves is listed: the rest is a note, or was refused."""
    report = dataclasses.replace(CREATED, images=(ServedImage("quay.io/a/b", ""),)).report()
    assert "Used for" not in [fact.label for fact in report.facts]


def test_the_card_of_one_login():
    """A card tells registry and user apart, and a key that is spelt differently as what one types."""
    facts = {fact.label: fact.value for fact in CREATED.report().facts if fact.only == "html"}
    assert facts == {"Registry": "ghcr.io", "User": "anna"}
    hub = dataclasses.replace(CREATED, logins=(HUB,)).report()
    key = next(fact.value for fact in hub.facts if fact.only == "html" and fact.label == "Registry")
    assert plain(key) == "docker.io (key https://index.docker.io)"
    assert isinstance(key[1], Code)


def test_the_card_of_several():
    """Several logins, images and verdicts are a line each, the label at the first; images can be copied."""
    report = TWO.report()
    assert [fact.label for fact in report.facts] == ["Registry", "", "Used for", "", "Checked", ""]
    assert {fact.only for fact in report.facts} == {""}
    assert all(isinstance(fact.value[0], Code) for fact in report.facts[2:])


def test_what_is_next():
    """The next step makes templates for the first image that is served, and the tenant stands last."""
    report = CREATED.report()
    assert [tuple(map(NOTEBOOK.say, step.lines)) for step in report.steps] == [MAKE]
    assert report.footer == TENANT
    unserved = dataclasses.replace(CREATED, images=(ServedImage("quay.io/a/b", ""), CHURN))
    assert unserved.report().steps == report.steps


@pytest.mark.parametrize("result", [result for result, _ in TEXTS])
def test_data(result):
    """The result is plain data, ready for JSON, under the names of its fields."""
    data = json.loads(json.dumps(result.to_dict()))
    assert data.pop("result") == "SecretStored"
    assert list(data) == [field.name for field in dataclasses.fields(result)]
    assert data["where"] == {"tenant": "acme-dev", "host": WHERE.host}
    assert [one["outcome"] for one in data["verdicts"]] == [one.outcome for one in result.verdicts]
    assert [one["key"] for one in data["images"]] == [one.key for one in result.images]


@pytest.mark.parametrize("kind", [SecretStored, ServedImage, ServingCaution, Verdict])
def test_no_result_can_hold_a_secret(kind):
    """No field of it is made for a secret."""
    from aicore_magics.registry import verdict

    hints = typing.get_type_hints(
        kind,
        {
            **vars(verdict),
            **vars(stored_secret),
            "Words": str,
            "Where": Where,
            "StoredLogin": StoredLogin,
            "Verdict": Verdict,
            "ServingCaution": ServingCaution,
            "PulledBy": str,
            "StoredHere": StoredHere,
        },
    )
    words = {part for hint in hints.values() for part in str(hint).replace("[", ".").split(".")}
    assert "Secret" not in words


SERVING = ServingCaution(
    "no-login", "docker.io/acme/a:1", "Serving asks without a login.", "Use another key."
)


def test_what_may_fail_in_serving():
    """What may fail in serving alone stands among the facts, and is a warning: the secret is stored."""
    result = dataclasses.replace(CREATED, serving=(SERVING, dataclasses.replace(SERVING, image="")))
    report = result.report()
    assert (report.headline, report.state) == ("Secret team-ghcr created", "warning")
    fix = f"Serving asks without a login. Use another key. {INFERRED}"
    assert [(fact.label, plain(fact.value)) for fact in report.facts[-2:]] == [
        ("Serving", f"may fail. docker.io/acme/a:1: {fix}"),
        ("", f"may fail. {fix}"),
    ]
    assert result.to_dict()["serving"][0]["difference"] == "no-login"
    assert result.complete


@pytest.mark.parametrize(("kind", "lines"), [("", MAKE), ("workflow", MAKE[:1]), ("serving", MAKE[1:])])
def test_the_templates_of_the_kind_that_was_named(kind, lines):
    """Who has said what the secret is for is offered that template alone."""
    (step,) = dataclasses.replace(CREATED, pulled_by=kind).report().steps
    assert tuple(map(NOTEBOOK.say, step.lines)) == lines


@pytest.mark.parametrize(
    ("serving", "digest", "kind", "pinned"),
    [
        (True, "sha256:x", "", True),
        (True, "sha256:x", "serving", True),
        (True, "sha256:x", "workflow", False),
        (True, "", "", False),
        (False, "sha256:x", "", False),
    ],
)
def test_a_digest_that_is_a_fix_is_offered(serving, digest, kind, pinned):
    """Where naming the image by its digest helps, and the check has seen it, the next line does it."""
    caution = dataclasses.replace(SERVING, image=CHURN.reference, by_digest=serving)
    verdict = dataclasses.replace(OK, digest=digest)
    result = dataclasses.replace(CREATED, verdicts=(verdict,), serving=(caution,), pulled_by=kind)
    (step,) = result.report().steps
    lines = tuple(map(NOTEBOOK.say, step.lines))
    assert [line for line in lines if "--pin-digest" in line] == ([lines[-1]] if pinned else [])
    python = 'options=ServingOptions(digest="sha256:x"))'
    assert any(python in PYTHON.say(line) for line in step.lines) is pinned


@pytest.mark.parametrize("verdicts", [(), (LOST,), (OK, LOST), (NOT_ASKED, LOST)])
def test_how_to_look_again(verdicts):
    """Where the check gave no answer, the line that looks again comes first, then the templates."""
    first, *_, last = dataclasses.replace(CREATED, verdicts=verdicts).report().steps
    line = "%aicore_docker_secret check --image ghcr.io/acme/churn:1.4 --username anna"
    assert tuple(map(NOTEBOOK.say, first.lines)) == (line,)
    assert last.what == "then use it in a template"


def test_values():
    """A result does not change, and equals another that says the same."""
    assert dataclasses.replace(CREATED) == CREATED
    with pytest.raises(dataclasses.FrozenInstanceError):
        CREATED.name = "else"


@pytest.mark.parametrize(
    ("expiry", "told", "state", "sentence"),
    [
        (ends(38), "6 Jan 2027, read from the token", "done", ""),
        (
            ends(4, how="told"),
            "3 Dec 2026, soon, entered by you",
            "warning",
            "This login ends soon, and AI Core does not renew it.",
        ),
        (EXPIRED, "expired, read from the token", "warning", "This login is expired:"),
        (ENDLESS, "does not end, documented by the registry", "done", ""),
        (NOT_KNOWN, "not known", "done", ""),
    ],
)
def test_when_its_login_ends(utc, expiry, told, state, sentence):
    """The end is a fact with where it is from; what is due is a warning, what is not known can be entered."""
    known = stored("team-ghcr", noted("ghcr.io", "anna", expiry))
    result = dataclasses.replace(CREATED, known=known)
    report = result.report()
    assert [plain(fact.value) for fact in report.facts if fact.label == "Ends"] == [told]
    assert report.state == state
    assert sentence in " ".join(report.sentences)
    assert bool(report.sentences) is bool(sentence)
    assert ("note team-ghcr --ends DATE" in result.shown(NOTEBOOK)) is (expiry is NOT_KNOWN)
    assert result.to_dict()["known"]["logins"][0]["state"] in told.replace("6 Jan 2027", "valid")


def test_which_of_several_logins_is_due(utc):
    """Where a secret has several logins, it is said which of them ends soon."""
    known = stored("team-ghcr", noted("ghcr.io", "anna", ends(38)), noted("docker.io", "acmebot", ends(4)))
    assert "The login for docker.io ends soon, and AI Core does not renew it." in str(
        dataclasses.replace(TWO, known=known)
    )
