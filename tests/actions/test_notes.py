"""What is put into the record by hand, proposed for it, or taken out."""

from __future__ import annotations

import dataclasses

import pytest

from aicore_magics.actions.notes import SHOWN, NotesProposed, Proposal
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import PYTHON
from tests.actions.ends_examples import FORGOTTEN, NOTED, PROPOSED

pytestmark = pytest.mark.usefixtures("utc")


def test_a_note_says_what_it_replaced():
    """What was in the record before is told; that AI Core has no such secret is a warning."""
    facts = {fact.label for fact in NOTED.report().facts}
    assert facts == {"Registry login", "Ends", "Used for", "Login before", "End before"}
    first = dataclasses.replace(NOTED, had=None, images=())
    assert {fact.label for fact in first.report().facts} == {"Registry login", "Ends"}
    gone = dataclasses.replace(NOTED, exists=False).report()
    assert (NOTED.report().state, gone.state) == ("done", "warning")
    assert "Tenant acme-dev has no secret of that name now." in gone.sentences


@pytest.mark.parametrize("many", [0, 1, SHOWN, SHOWN + 1])
def test_proposals_have_a_line_each(many):
    """Each secret has a row, and a line with blanks for what templates do not say; up to twenty of them."""
    result = NotesProposed("templates", tuple(Proposal(f"s-{i}", ("ghcr.io/a/b:1",)) for i in range(many)))
    report = result.report()
    lines = [NOTEBOOK.say(line) for step in report.steps for line in step.lines]
    assert len(report.table.rows if report.table else ()) == many
    assert len(lines) == min(many, SHOWN)
    assert (f"The first {SHOWN} have a line below." in report.sentences) is (many > SHOWN)
    if many:
        assert lines[0] == (
            "%aicore_docker_secret note s-0 --registry HOST --username USER --ends DATE --image ghcr.io/a/b:1"
        )
        assert 'images=["ghcr.io/a/b:1"]' in PYTHON.say(report.steps[0].lines[0])


def test_a_proposal_with_all_its_images():
    """All the images of a secret are in its line."""
    line = NOTEBOOK.say(PROPOSED.report().steps[0].lines[0])
    assert line.count(" --image ") == len(PROPOSED.proposals[0].images) == 2


@pytest.mark.parametrize(
    ("changes", "state", "complete"),
    [
        ({}, "done", True),
        ({"records": 0, "secrets": ()}, "hint", True),
        ({"left": (("17-1-a.jsonl", "Permission denied"),)}, "warning", False),
    ],
)
def test_what_was_removed(changes, state, complete):
    """How many records of which secrets are gone, and which file could not be changed and why."""
    result = dataclasses.replace(FORGOTTEN, **changes)
    assert (result.report().state, result.complete) == (state, complete)
    assert ("Permission denied" in str(result)) is not complete
