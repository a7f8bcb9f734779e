"""A verdict is told in the same words everywhere, and a check says what it does not prove."""

from __future__ import annotations

import dataclasses
import json
import typing

import pytest

from aicore_magics.base.report import Code, Line, Mark, Origin, plain
from aicore_magics.model.pullers import INFERRED, ServingCaution
from aicore_magics.next_steps import Command, Option
from aicore_magics.registry.verdict import Outcome, RegistryCheck, Verdict, megabytes, not_proven, text_facts

OK = Verdict("ok", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", platform="linux/amd64", size=412_000_000)
PUBLIC = Verdict(
    "public",
    "ghcr.io",
    "anna",
    "ghcr.io/acme/hello:1",
    "Anyone can pull it; it needs no secret.",
    platform="linux/amd64",
)
ARM = Verdict(
    "wrong-platform",
    "ghcr.io",
    "anna",
    "ghcr.io/acme/churn-gpu:2.0",
    "Built for linux/arm64; AI Core runs linux/amd64.",
    "docker buildx build --platform linux/amd64 -t ghcr.io/acme/churn-gpu:2.0 --push .",
    platform="linux/arm64",
)
NO_ACCESS = Verdict(
    "no-access-or-missing",
    "ghcr.io",
    "anna",
    "ghcr.io/acme-labs/embed:latest",
    "Not allowed, or it does not exist (403 DENIED).",
    "The token needs read:packages.",
    "requested access is denied",
    "403 DENIED",
)
LOST = Verdict(
    "unreachable", "reg.corp", "anna", "reg.corp/a/b:1", "reg.corp does not accept the connection."
)
NOT_ASKED = Verdict("not-asked", "ghcr.io", "anna", "ghcr.io/acme/churn:1.4", "In the sandbox.")
NOT_SERVED = Verdict("not-served", "quay.io", image="quay.io/a/b:1", reason="No login for this image.")
UNCLEAR = Verdict("unclear", "ghcr.io", "anna", "ghcr.io/a/b:1", "ghcr.io answers 503.", said="try later.")
OPEN = dataclasses.replace(PUBLIC, username="")
NARROW = dataclasses.replace(OK, reason="It is a 32-bit image.", platform="linux/386", size=12_000_000)
UNCERTAIN = Verdict("uncertain", "ghcr.io", "anna", "ghcr.io/a/b:2", "Built only for newer processors.")
ACCEPTED = Verdict("ok", "ghcr.io", "anna", reason="What it may pull was not checked: no image was given.")
REFUSED = Verdict("bad-credentials", "quay.io", "acme+pull", reason="quay.io does not accept it.")
OUTCOMES = typing.get_args(Outcome)
FINE = {"ok", "public"}
NOT_ANSWERED = {"rate-limited", "unreachable", "unclear", "tls", "other-realm", "not-asked"}
NOT_CHECKED = NOT_ANSWERED | {"uncertain"}
PROOF = "Checked from this machine. AI Core's network may differ."


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_is_one_of_three(outcome):
    """Each outcome is fine, or refused, or not checked: exactly one; its words and its ring say which."""
    verdict = Verdict(outcome, "ghcr.io", image="ghcr.io/a/b:1")
    assert (verdict.ok, verdict.not_checked) == (outcome in FINE, outcome in NOT_CHECKED)
    assert [verdict.ok, verdict.not_checked, verdict.refused].count(True) == 1
    assert verdict.word.startswith("Not checked") == (outcome in NOT_ANSWERED)
    assert verdict.word.startswith(("Not checked", "Not certain")) == verdict.not_checked
    assert verdict.answered == (outcome not in NOT_ANSWERED | {"not-served"})
    state = "hint" if outcome == "not-asked" else "unknown"
    assert verdict.state == ("done" if verdict.ok else state if verdict.not_checked else "refused")
    assert verdict.word[0].isupper()
    assert len(verdict.word) <= len("Not checked: no clear answer")


def test_no_two_outcomes_have_one_word():
    """The word alone tells which outcome it is."""
    words = {Verdict(outcome, "ghcr.io", image="ghcr.io/a/b:1").word for outcome in OUTCOMES}
    assert len(words) == len(OUTCOMES) == 19


@pytest.mark.parametrize(
    ("outcome", "word"),
    [
        ("ok", "Login accepted"),
        ("public", "No login asked for"),
        ("bad-credentials", "Login refused"),
        ("tls", "Not checked: certificate"),
        ("unreachable", "Not checked: no answer"),
        ("unclear", "Not checked: no clear answer"),
    ],
)
def test_the_words_of_a_login_alone(outcome, word):
    """Without an image nothing is said about pulling."""
    verdict = Verdict(outcome, "ghcr.io", "anna")
    assert (verdict.word, verdict.subject) == (word, "ghcr.io, user anna")


@pytest.mark.parametrize(
    ("verdict", "told"),
    [
        (OK, "can be pulled: login accepted, linux/amd64, 412 MB"),
        (dataclasses.replace(OK, size=None), "can be pulled: login accepted, linux/amd64"),
        (PUBLIC, "public. Anyone can pull it; it needs no secret."),
        (LOST, "not checked: no answer. reg.corp does not accept the connection."),
        (NOT_ASKED, "not checked. In the sandbox."),
        (
            UNCLEAR,
            "not checked: no clear answer. ghcr.io answers 503. It says: try later.",
        ),
        (
            NO_ACCESS,
            f"no access. {NO_ACCESS.reason} It says: requested access is denied. {NO_ACCESS.fix}",
        ),
        (ARM, f"wrong platform. {ARM.reason} {ARM.fix}"),
        (
            Verdict("tls", "ghcr.io", reason="No trust.", fix="--ca-file FILE  with your company's CA."),
            "not checked: certificate. No trust. --ca-file FILE  with your company's CA.",
        ),
        (ACCEPTED, "login accepted. What it may pull was not checked: no image was given."),
        (NARROW, "can be pulled: linux/386, 12 MB. It is a 32-bit image."),
        (UNCERTAIN, "not certain. Built only for newer processors."),
    ],
)
def test_what_was_found_on_one_line(verdict, told):
    """One line tells what was found, what the registry says, and what mends it: for the facts of a card."""
    assert plain(verdict.told) == told
    assert "\n" not in told


@pytest.mark.parametrize(
    ("verdict", "lines"),
    [
        (OK, ("ghcr.io/acme/churn:1.4", "linux/amd64, 412 MB")),
        (ARM, (ARM.image, ARM.reason, ARM.fix)),
        (
            NO_ACCESS,
            (
                NO_ACCESS.image,
                NO_ACCESS.reason,
                "It says: requested access is denied.",
                NO_ACCESS.fix,
            ),
        ),
        (ACCEPTED, ("ghcr.io, user anna", ACCEPTED.reason)),
    ],
)
def test_the_lines_of_a_card(verdict, lines):
    """Subject, what it is built for if it can be pulled, reason, the registry's words, what mends it."""
    assert verdict.lines() == lines


def test_how_lines_are_shown():
    """An image and a command are shown as something to copy, the rest as words."""
    arm = dataclasses.replace(ARM, fix=Command(ARM.fix))
    assert [type(line) for line in arm.lines()] == [Code, Line, Command]
    own = dataclasses.replace(ARM, fix=Option("realm", "x.io"))
    assert own.lines()[-2:] == (Line(""), Option("realm", "x.io"))
    assert [type(line) for line in NO_ACCESS.lines()] == [Code, Line, Line, Line]
    assert not isinstance(ACCEPTED.lines()[0], Code)


@pytest.mark.parametrize(
    "said", ["HTTP Basic: Access denied.", "denied. See https://x.example/.", "is that you?"]
)
def test_the_registry_is_quoted_with_one_full_stop(said):
    """What a registry says may end in a full stop of its own: there are never two."""
    verdict = dataclasses.replace(NO_ACCESS, said=said)
    check = RegistryCheck((verdict,))
    assert said in str(check)
    assert ".." not in str(check) + str(verdict.lines())


def test_the_platform_of_another_is_no_praise():
    """What an image is built for stands beside it only if it can be pulled."""
    assert (ARM.built, OK.built, PUBLIC.built) == ("", "linux/amd64, 412 MB", "linux/amd64")


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "less than 1 MB"),
        (999_999, "less than 1 MB"),
        (1_000_000, "1 MB"),
        (412_300_000, "412 MB"),
        (2_400_000_000, "2400 MB"),
    ],
)
def test_sizes(size, told):
    """A size is told in MB."""
    assert megabytes(size) == told


@pytest.mark.parametrize(
    ("verdicts", "headline", "state"),
    [
        ((OK,), "Image can be pulled with this login", "done"),
        ((OK, PUBLIC), "2 of 2 images can be pulled with this login", "done"),
        ((OK, ARM, NO_ACCESS), "1 of 3 images can be pulled with this login", "refused"),
        ((ARM,), "Image cannot be pulled with this login", "refused"),
        ((OK, NOT_SERVED), "1 of 2 images can be pulled with this login", "refused"),
        ((OK, UNCLEAR), "1 of 2 images can be pulled with this login", "unknown"),
        ((OPEN,), "Image can be pulled without a login", "done"),
        ((UNCLEAR,), "1 image not checked", "unknown"),
        ((OK, LOST), "1 of 2 images can be pulled with these logins", "unknown"),
        ((LOST,), "1 image not checked", "unknown"),
        ((UNCERTAIN,), "1 image not certain", "unknown"),
        ((UNCERTAIN, UNCERTAIN), "2 images not certain", "unknown"),
        ((UNCERTAIN, LOST), "2 images not checked", "unknown"),
        ((OK, UNCERTAIN), "1 of 2 images can be pulled with this login", "unknown"),
        ((LOST, NOT_ASKED), "2 images not checked", "unknown"),
        ((NOT_ASKED,), "1 image not checked", "hint"),
        ((OK, NOT_ASKED), "1 of 2 images can be pulled with this login", "hint"),
        ((LOST, ARM), "0 of 2 images can be pulled with these logins", "refused"),
        ((ACCEPTED,), "ghcr.io: login accepted", "done"),
        ((REFUSED,), "quay.io: login refused", "refused"),
        ((ACCEPTED, REFUSED), "1 of 2 logins accepted", "refused"),
        ((dataclasses.replace(LOST, image=""),), "reg.corp: not checked: no answer", "unknown"),
        ((dataclasses.replace(UNCLEAR, image=""),), "ghcr.io: not checked: no clear answer", "unknown"),
        ((dataclasses.replace(LOST, image=""),) * 2, "2 logins not checked", "unknown"),
        ((dataclasses.replace(ACCEPTED, outcome="public"),), "ghcr.io: no login asked for", "done"),
    ],
)
def test_the_headline(verdicts, headline, state):
    """One or many, images or logins: it is counted what is good, and the ring is that of the worst."""
    report = RegistryCheck(verdicts).report()
    assert (report.headline, report.state) == (headline, state)
    assert report.sentences == ("Nothing was stored.",)


@pytest.mark.parametrize(
    ("notes", "state"), [((), "done"), (("A note.",), "warning"), ((Origin("From a file."),), "done")]
)
def test_a_note_is_a_warning(notes, state):
    """A note makes good news a warning, unless it only tells where something is from."""
    report = RegistryCheck((OK,), notes).report()
    assert (report.state, report.sentences) == (state, ("Nothing was stored.", *notes))
    assert RegistryCheck((ARM,), notes).report().state == "refused"


def test_the_text():
    """The text form: a line each, word, subject and reason in columns, and what is not proven last."""
    assert str(RegistryCheck((OK, ARM, NO_ACCESS))).splitlines() == [
        "1 of 3 images can be pulled with this login. Nothing was stored.",
        "  can be pulled   ghcr.io/acme/churn:1.4          linux/amd64, 412 MB",
        f"  wrong platform  ghcr.io/acme/churn-gpu:2.0      {ARM.reason} {ARM.fix}",
        f"  no access       {NO_ACCESS.image}  {NO_ACCESS.reason} It says: {NO_ACCESS.said}. {NO_ACCESS.fix}",
        PROOF,
    ]


def test_the_text_of_a_login():
    """A login alone is told by registry and user."""
    assert str(RegistryCheck((ACCEPTED,))).splitlines() == [
        "ghcr.io: login accepted. Nothing was stored.",
        "  login accepted  ghcr.io, user anna  What it may pull was not checked: no image was given.",
        PROOF,
    ]


@pytest.mark.parametrize(
    "verdicts", [(OK, ARM, NO_ACCESS), (ACCEPTED, REFUSED), (LOST, NOT_ASKED, NOT_SERVED)]
)
def test_columns(verdicts):
    """There are at most three columns, and each begins at one place in every line."""
    check = RegistryCheck(verdicts)
    rows = [line for line in str(check).splitlines() if line.startswith("  ")]
    assert len(rows) == len(verdicts)
    subject = {row.index(v.subject) for row, v in zip(rows, verdicts, strict=True)}
    assert len(subject) == 1
    (begin,) = subject
    third = begin + max(len(v.subject) for v in verdicts) + 2
    assert {row[third - 2 : third] for row in rows if len(row) > third} == {"  "}
    assert not any("  " in row[third:] for row in rows)


def test_the_table_of_a_card():
    """A card has a table in place of the lines: the word with its ring, and the rest below the subject."""
    report = RegistryCheck((OK, ARM)).report()
    assert report.table.columns == ("Result", "Image and reason")
    assert [row[0] for row in report.table.rows] == [
        Mark("Can be pulled", "done"),
        Mark("Wrong platform", "refused"),
    ]
    assert [row[1] for row in report.table.rows] == [OK.lines(), ARM.lines()]
    assert report.table.only == "html"
    assert {fact.only for fact in report.facts} == {"text"}
    assert RegistryCheck((ACCEPTED,)).report().table.columns == ("Result", "Login and reason")


@pytest.mark.parametrize(
    ("verdicts", "footer"),
    [
        ((OK,), PROOF),
        ((OK, ARM), PROOF),
        ((OK, REFUSED), PROOF),
        ((LOST,), ""),
        ((dataclasses.replace(OK, registry="127.0.0.1:5000"),), ""),
        ((OK, dataclasses.replace(OK, registry="localhost:5000")), PROOF),
        ((UNCLEAR,), ""),
        ((UNCERTAIN,), PROOF),
        ((OK, LOST), PROOF),
        ((NOT_SERVED,), ""),
        ((NOT_ASKED,), ""),
        ((), ""),
    ],
)
def test_what_is_not_proven(verdicts, footer):
    """That AI Core's network may differ is said once; not where nobody answered, nor of this machine."""
    assert not_proven(verdicts) == footer
    if verdicts:
        assert RegistryCheck(verdicts).report().footer == footer


def test_which_are_refused():
    """A check is good if all is; what is not checked is neither good nor refused."""
    assert (RegistryCheck((OK, PUBLIC)).ok, RegistryCheck((OK, LOST)).ok) == (True, False)
    assert RegistryCheck((OK, ARM, LOST, NOT_SERVED)).refused == (ARM, NOT_SERVED)


def test_the_data():
    """A check is plain data, ready for JSON, under the names of its fields."""
    data = json.loads(json.dumps(RegistryCheck((OK, ARM), ("A note.",)).to_dict()))
    assert data["result"] == "RegistryCheck"
    assert data["verdicts"] == [dataclasses.asdict(OK), dataclasses.asdict(ARM)]
    assert data["notes"] == ["A note."]


MAY_FAIL = ServingCaution(
    "no-login", "docker.io/acme/a:1", "Serving asks without a login.", "Use another key."
)


def test_what_may_fail_in_serving():
    """It is a warning in a row of its own, with reason and fix, and says that it is inferred."""
    check = RegistryCheck((OK,), serving=(MAY_FAIL, dataclasses.replace(MAY_FAIL, image="")))
    report = check.report()
    headline = "Image can be pulled with this login; serving may fail"
    assert (report.headline, report.state, check.ok) == (headline, "warning", True)
    (mark, lines), (_, of_all) = report.table.rows[1:]
    assert mark == Mark("Serving may fail", "warning")
    assert lines == (Code(MAY_FAIL.image), *map(Line, (MAY_FAIL.reason, MAY_FAIL.fix, INFERRED)))
    assert of_all[0] == "Every image of this secret"
    assert f"serving may fail  docker.io/acme/a:1: {MAY_FAIL.reason} {MAY_FAIL.fix} {INFERRED}" in str(check)
    assert check.to_dict()["serving"][0]["fix"] == MAY_FAIL.fix


@pytest.mark.parametrize(
    ("verdicts", "headline", "state"),
    [
        ((ARM,), "Image cannot be pulled with this login", "refused"),
        ((LOST,), "1 image not checked; serving may fail", "unknown"),
        ((ACCEPTED,), "ghcr.io: login accepted; serving may fail", "warning"),
        ((OPEN,), "Image can be pulled without a login; serving may fail", "warning"),
    ],
)
def test_what_is_known_for_certain_comes_first(verdicts, headline, state):
    """A refusal stays one; what may fail in serving makes a warning of what is fine, and of nothing else."""
    report = RegistryCheck(verdicts, serving=(MAY_FAIL,)).report()
    assert (report.headline, report.state) == (headline, state)


def test_a_value():
    """Verdicts do not change, and a check is shown as its text."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        OK.outcome = "public"
    check = RegistryCheck((OK,))
    assert repr(check) == str(check) == str(check.report())
    assert check == RegistryCheck((OK,))


def test_facts_of_nothing():
    """No verdict, no line."""
    assert text_facts(()) == ()
    assert [plain(fact.value) for fact in text_facts((OK,))] == [
        "ghcr.io/acme/churn:1.4  linux/amd64, 412 MB"
    ]
