"""The form's words: every value escaped, a word beside every ring, and errors that say what to copy."""

from __future__ import annotations

import typing
from dataclasses import replace
from html import escape

import pytest

from aicore_magics.actions.recorded import SINCE
from aicore_magics.actions.stored_secret import REPLACED
from aicore_magics.base.progress import NAME, STORE
from aicore_magics.base.report import Report, Step
from aicore_magics.errors import ImageRefused, OutcomeUnknown, QuotaReached
from aicore_magics.jupyter.form import words as form_words
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.next_steps import Command, do
from aicore_magics.registry.verdict import Outcome, Verdict
from tests.actions.ends_examples import ANNA, EXPIRED, noted, stored


def test_the_head(tenant):
    """Whose tenant it is, and who can use the secret; without one, what to do first."""
    assert "New Docker registry secret" in form_words.head("", tenant)
    assert "Tenant sandbox. Every resource group" in form_words.head("", tenant)
    assert "Replace a&lt;b" in form_words.head("a<b", tenant)
    assert "New secret team-a" in form_words.head("team-a", tenant, replaces=False)
    assert "Not connected. Run %aicore_connect" in form_words.head("", None)


@pytest.mark.parametrize(
    ("state", "ring"),
    [
        ("waiting", "g sm"),
        ("running", "g sm run"),
        ("done", "g sm ok"),
        ("refused", "g sm er"),
        ("unknown", "g sm wn"),
        ("hint", "g sm wn"),
    ],
)
@pytest.mark.parametrize("word", ["x", "not checked", "login refused"])
def test_each_step_has_a_ring_and_a_word(state, ring, word):
    """How a step stands is told by a ring; the word beside it is shown, and decides nothing."""
    page = form_words.steps("team-a", {NAME: (state, word)})
    assert f'<span class="{ring}" aria-hidden="true">' in page
    assert f'<span class="q">{word}</span>' in page


@pytest.mark.parametrize("outcome", typing.get_args(Outcome))
@pytest.mark.parametrize("image", ["", "ghcr.io/acme/churn:1"])
def test_each_verdict_has_a_ring(outcome, image):
    """Whatever a registry says, the ring of its step agrees with the verdict: good, bad or not known."""
    verdict = Verdict(outcome, "ghcr.io", image=image)
    ring = "ok" if verdict.ok else "er" if verdict.refused else "wn"
    assert f'<span class="g sm {ring}"' in form_words.steps("x", {"ghcr.io": (verdict.state, "x")})


def test_steps_are_named():
    """Name and store are said in words; what is between stands as it is, escaped."""
    told = {NAME: ("done", "x"), "ghcr.io/<x>": ("running", "y"), STORE: ("waiting", "z")}
    page = form_words.steps("team-a", told)
    assert page.index("Name team-a") < page.index("ghcr.io/&lt;x&gt;") < page.index("Store in AI Core")
    asked = form_words.steps("team-a", {**told, "api.github.com": ("running", "asking")})
    assert asked.index("ghcr.io/&lt;x&gt;") < asked.index("api.github.com") < asked.index("Store in AI Core")
    assert '<div role="status"><ol class="st"><li>' in page  # on the list itself it would be no list


def test_a_refusal_with_a_line_to_copy():
    """A command in the hint is there to be copied; other hints are read."""
    error = ImageRefused("x is built for linux/arm64", next=Command("docker buildx build ."))
    page = form_words.refused(error, "Create")
    assert "Refused: x is built for linux/arm64</strong>" in page
    assert "Nothing was stored." in page
    assert "<pre>" in page
    assert 'role="alert"' in page
    full = QuotaReached("it is full", next="ask <somebody>.")
    read = form_words.refused(full, "Create")
    assert "<pre>" not in read
    assert "Ask &lt;somebody&gt;." in read


def test_unknown_is_never_called_refused():
    """Where it is not known what became of a write, that is said first."""
    error = OutcomeUnknown("no answer arrived", next=do("apply", name="x"), words="It may be stored.")
    page = form_words.unknown(error, "Store again")
    assert "Unknown: no answer arrived" in page
    assert "Refused" not in page
    assert "Press Store again" in page
    assert "%aicore" not in page


def test_a_confirmation_names_who_is_concerned(tenant):
    """Before a secret is replaced: tenant, resource groups, running pods, and what would be in it."""
    page = form_words.confirmation("team-a", tenant, "ghcr.io as anna")
    for words in (
        "Replace team-a for the whole tenant?",
        "all resource groups",
        "You cannot undo this",
        "ghcr.io as anna",
    ):
        assert words in page
    assert 'role="alert"' in page
    assert 'role="status"' not in page


# What the record of this machine has, and what the question says of the current login.
KNOWN = {
    "nothing": (None, ("unknown: AI Core does not return logins",)),
    "stored": (ANNA, ("ghcr.io as anna", "10 Sep 2026", "train.ipynb", "in 4 days, 3 Dec", SINCE)),
    "in doubt": (replace(ANNA, doubt=True), ("probably ghcr.io as anna", SINCE)),
    "noted": (replace(ANNA, told=True), ("ghcr.io as anna", "noted 10 Sep 2026", "in 4 days, 3 Dec")),
    "two": (
        stored("team-a", noted("ghcr.io", "anna", NOT_KNOWN), noted("quay.io", "acme+pull", EXPIRED)),
        ("ghcr.io as anna", "quay.io as acme+pull", "quay.io: expired 40 min ago"),
    ),
    "its end": (
        stored("team-a", noted("", "", EXPIRED), told=True),
        ("unknown: AI Core does not return logins", "expired 40 min ago"),
    ),
}


@pytest.mark.parametrize("which", KNOWN)
def test_a_confirmation_tells_what_is_recorded(tenant, which):
    """Registry and user, when and from where it was stored, its end; and that it may have been replaced."""
    known, told = KNOWN[which]
    page = form_words.confirmation("team-a", tenant, "ghcr.io as berta", known)
    for words in ("Current login", *told, "New login", "ghcr.io as berta", REPLACED):
        assert escape(words) in page
    assert (SINCE in page) == (known is not None and not known.told)
    assert ("does not return logins" in page) == ("does not return logins" in told[0])


def test_a_fault_names_itself_and_another_way():
    """A bug of the form is called one, with the magic that does the same."""
    page = form_words.fault(KeyError("secret-detail"), "%aicore_docker_secret create")
    assert "Error in this form: KeyError" in page
    assert "secret-detail" not in page
    assert "%aicore_docker_secret" in page


def test_another_tenant_than_before(tenant):
    """Where it would go now is said before anything goes there, and is read at once."""
    page = form_words.moved(tenant, "Create")
    assert f"connected to tenant sandbox at {tenant.where.host} now. Nothing was sent." in page
    assert "Press Create again to store it there." in page
    assert 'role="alert"' in page


def test_what_follows_a_stored_secret():
    """With templates below it the card points there; without, to the lines that a template needs."""
    report = Report("Secret team-a created", "done", steps=(Step("x", (do("show", name="team-a"),)),))
    page = form_words.stored(report, templates=True)
    assert "Next: use it in a template below." in page
    assert "<pre>" not in page
    page = form_words.stored(report, templates=False)
    assert "Next: see the YAML for it" in page
    assert "show" in page


def test_what_looks_again_stays_above():
    """Where something was not checked, the card keeps the lines that look again, and then the templates."""
    again, make = Step("check again", ("LOOK",)), Step("then name it in a template", ("MAKE",))
    report = Report("Secret team-a stored, image not checked", "warning", steps=(again, make))
    page = form_words.stored(report, templates=True)
    assert "Next: check again" in page
    assert "LOOK" in page
    assert "Use it in a template below." in page
    assert "MAKE" not in page
    assert "MAKE" in form_words.stored(report, templates=False)


@pytest.mark.parametrize("name", ["check-image", "check-login"])
def test_a_check_is_a_button(name):
    """What the form can check itself is checked by its buttons; what it has no field for stays a line."""
    look = Step("check it", (do(name, image="ghcr.io/a/b", registry="ghcr.io", username="anna"),))
    make = Step("then name it", ("MAKE",))
    page = form_words.stored(Report("Stored", "warning", steps=(look, make)), templates=True)
    assert "Next: to check it, press Store another, enter the login again, and press Check." in page
    assert "username" not in page
    assert "Next: to check it, press Check." in form_words.card(Report("x", "warning", steps=(look,)))
    values = {"image": "a", "registry": "ghcr.io", "username": "anna", "file": "FILE"}
    ca = Step("check with a CA", (do(f"{name}-ca", **values),))
    assert "FILE" in form_words.card(Report("x", "warning", steps=(ca,)))


def test_lines_to_copy():
    """Lines stay lines, and nothing in them is taken for HTML or maths."""
    page = form_words.yaml('a: "<b>"\n  b: $x$', "Replace <x>.")
    assert '<pre class="y" tabindex="0">a: &quot;&lt;b&gt;&quot;\n  b: $x$</pre>' in page
    assert "<p>Replace &lt;x&gt;.</p>" in page
    assert "mathjax_ignore" in page


def test_a_run_that_was_stopped():
    """In time it is said for certain; too late it is unknown."""
    assert "Nothing was stored." in form_words.stopped()
    page = form_words.stopped_late("team-a")
    assert "Unknown: you stopped while team-a was being sent" in page
    assert 'role="alert"' in page


@pytest.mark.parametrize(("count", "words"), [(1, "1 field needs"), (4, "4 fields need")])
def test_how_many_are_wrong(count, words):
    """One field needs, several need."""
    assert f"{words} a correction" in form_words.wrong(count)
