"""What a finished rotation says: true numbers, the worst first, and what to do with the old login."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.actions.rotation_done import incomplete
from aicore_magics.base.report import plain
from aicore_magics.jupyter.cards import html_card
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.renewal import RENEWALS
from tests.actions.rotation_examples import ALL_9, DONE_9, DONE_711, NINE, NOW, done_of, outcomes_of
from tests.actions.rotation_outcomes import NASTY, outcomes, thousand

KINDS = st.sampled_from(("rotation", "undo"))


@given(outcomes(), KINDS)
@example(thousand(), "rotation")
def test_no_secret_is_left_out_of_the_data(found, kind):
    """The data that CI keeps has each secret with its state, how many are in each, and nothing else."""
    data = json.loads(json.dumps(done_of(found, kind).to_dict()))["outcomes"]
    assert [(each["name"], each["tenant"], each["state"]) for each in data["each"]] == [
        (each.secret.name, each.secret.tenant, each.state) for each in found.each
    ]
    assert data["counts"] == {state: found.count(state) for state in {each.state for each in found.each}}
    assert sum(data["counts"].values()) == data["secrets"] == len(found.each)
    assert data["run"] == found.run


def test_times_are_of_utc():
    """When it began and ended is there in UTC."""
    data = DONE_9.to_dict()
    assert (data["began"], data["now"]) == ("2026-11-29T10:59:00+00:00", "2026-11-29T11:00:00+00:00")


@given(outcomes(), KINDS)
@example(thousand(), "undo")
def test_the_ring_and_the_words_are_true(found, kind):
    """Nothing is called done that is not; the old login was not revoked, and who still has it is said."""
    done = done_of(found, kind)
    report = done.report()
    sent, refused = found.count("unknown", "replacing"), found.count("refused")
    assert (report.state == "unknown") == bool(sent)
    assert (report.state == "refused") == bool(refused and not sent)
    assert report.state != "done" or done.complete
    said = " ".join(map(plain, report.sentences))
    left = len(found.each) - found.count("replaced", "the same")
    assert ("Keep it for now" in said) == bool(left)
    assert ("not revoked" in said) != (bool(found.each) and found.count("the same") == len(found.each))
    assert any(line.name == "rotate-resume" for step in report.steps for line in step.lines) == bool(left)


@given(outcomes(), KINDS)
def test_names_mean_no_harm(found, kind):
    """Whatever stands in a name or a reason, no card has a tag of it."""
    card = html_card(done_of(found, kind).report())
    assert NASTY not in card
    assert "<img" not in card


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (DONE_711, "Keep it for now: embed-ghcr has it, team-ghcr in acme-prod may."),
        (
            done_of(outcomes_of(NINE, "unknown", "replaced")),
            "Keep it for now: team-ghcr in acme-dev may have it.",
        ),
        (
            done_of(ALL_9, elsewhere=(("shared", "acme-test"),)),
            "Keep it for now: shared in acme-test has it too.",
        ),
        (
            done_of(ALL_9, elsewhere=(("x", "t"), ("y", "t"), ("z", "t")), likely=(("y", "t"),)),
            "Keep it for now: x in t and z in t have it too, y in t may have it too.",
        ),
        (
            done_of(outcomes_of(NINE, "refused"), elsewhere=(("x", "t"), ("y", "t"))),
            (
                "Keep it for now: team-ghcr in acme-dev, train-ghcr, embed-ghcr and 6 more have it, "
                "x in t and y in t have it too."
            ),
        ),
    ],
)
def test_who_still_has_the_old_login(done, said):
    """Who has it for certain, who may, and who was not in the plan."""
    assert done.report().sentences[0] == f"The old login was not revoked. {said}"


@pytest.mark.parametrize(
    ("expiry", "day"),
    [
        (NOT_KNOWN, "6 Dec"),
        (Expiry(endless=True), "6 Dec"),
        (Expiry(NOW + timedelta(days=4)), "3 Dec"),
        (Expiry(NOW + timedelta(days=90)), "6 Dec"),
    ],
)
@pytest.mark.usefixtures("utc")
def test_from_when_on_the_old_login_may_be_ended(expiry, day):
    """After a week, or at its own end; where some are not replaced, not before they are."""
    (step,) = done_of(ALL_9, expiry=expiry).report().steps
    *_, last = done_of(DONE_711.outcomes, expiry=expiry).report().steps
    said, left = plain(step.what), plain(last.what)
    if expiry.ends is None or day == "6 Dec":
        assert said.startswith(f"from {day} on, end the old login, anna at ghcr.io (at GitHub")
        assert left.startswith(f"when all 9 are replaced, from {day} on, end the old login, anna at ghcr.io")
    else:
        assert said == f"let the old login, anna at ghcr.io, end by itself on {day}"
        assert left == f"replace all 9 before {day}: then the old login, anna at ghcr.io, ends by itself"


@pytest.mark.parametrize("renewal", RENEWALS, ids=lambda each: each.of)
def test_where_the_old_login_is_ended(renewal, monkeypatch):
    """Each registry has its place; there is no command for it."""
    monkeypatch.setattr("aicore_magics.actions.rotation_done.renewal_of", lambda *_: renewal)
    *_, step = done_of(ALL_9, expiry=NOT_KNOWN).report().steps
    assert renewal.end.replace("`", "") in plain(step.what)
    assert not step.lines


def test_an_undo_has_its_own_words():
    """An undo of an undo puts the newer login back in, so no undo tells to end what may be in use then."""
    found = outcomes_of(NINE, "refused", "unknown", "replaced")
    assert not re.search(
        "newer|old login", f"{done_of(found, 'undo').report()} {incomplete(done_of(found, 'undo'))}"
    )
    report = done_of(ALL_9, "undo").report()
    assert report.headline == "9 of 9 secrets restored"
    assert report.sentences[0] == "The login that was replaced was not revoked."
    what = "when nothing uses it any longer, end the login that was replaced, anna at ghcr.io (at GitHub"
    assert plain(report.steps[0].what).startswith(what)
    assert not any("rotate-undo" in repr(note) for note in report.notes)


def test_what_is_raised_where_it_is_not_complete():
    """Two lines: how many are in which state, and how to go on."""
    error = incomplete(DONE_711)
    error.door = NOTEBOOK
    assert str(error) == (
        "7 of 9 secrets replaced, 1 refused, 1 unknown. The old login was not revoked.\n"
        "Next: %aicore_rotate resume r1129-ghcr"
    )
    assert error.result is DONE_711


def test_what_was_not_asked_is_said():
    """A registry that was left out by wish is named, and the ring warns."""
    report = done_of(ALL_9, unchecked=("registry.corp.example",)).report()
    assert report.state == "warning"
    assert "Not asked about the login, as you wished: registry.corp.example." in report.sentences
