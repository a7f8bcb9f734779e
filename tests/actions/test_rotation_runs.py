"""What the record says of the last runs: what goes on, what was cut off, what is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from aicore_magics.actions.rotation_results import RotationStatus
from aicore_magics.actions.rotation_runs import MOST_RUNS, seen_run
from aicore_magics.base.report import plain
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.rotation.outcomes import Outcomes
from tests.actions.rotation_examples import ALL_9, CUT_OFF, NOW, STATUS_CUT, STATUS_RECORDED, seen
from tests.actions.rotation_outcomes import outcomes

IN_JOURNAL = ("replaced", "refused", "unknown", "the same", "not begun")


@given(outcomes(states=IN_JOURNAL))
def test_the_journal_is_told_as_it_is(found):
    """Each secret is in the state that the journal has; nothing says that it was seen afterwards."""
    run = seen_run(seen(found))
    assert [each.state for each in run.outcomes.each] == [each.state for each in found.each]
    assert "secret is there" not in str(RotationStatus((seen(found),), NOW))


@pytest.mark.parametrize(
    ("status", "headline", "state"),
    [
        (STATUS_CUT, "Rotation r1129-ghcr was cut off: 4 of 9 secrets replaced, 1 unknown", "unknown"),
        (
            replace(STATUS_CUT, running="r1129-ghcr"),
            "Rotation r1129-ghcr is running: 4 of 9 secrets replaced, 1 replacing",
            "",
        ),
        (
            RotationStatus((seen(CUT_OFF, kind="undo"),), NOW),
            "Undo r1129-ghcr was cut off: 4 of 9 secrets restored, 1 unknown",
            "unknown",
        ),
        (
            RotationStatus((seen(ALL_9, ended=True),), NOW),
            "Last run r1129-ghcr: 9 of 9 secrets replaced",
            "done",
        ),
        (RotationStatus((), NOW), "No rotation in the record of this machine", "hint"),
        (RotationStatus((), NOW, fault="it is damaged"), "No record: it is damaged", "hint"),
    ],
)
def test_headlines(status, headline, state):
    """What goes on or was cut off is said first."""
    report = status.report()
    assert (report.headline, report.state) == (headline, state)


@pytest.mark.usefixtures("utc")
def test_when_it_was():
    """A card has clocks, of another day with the day; a text has days alone."""
    said = STATUS_CUT.report().sentences[0]
    assert said.card == "It began today 10:50 in rotate.ipynb; last seen at 10:55."
    assert said.text == "It began on 29 Nov 2026 in rotate.ipynb."
    run = seen(CUT_OFF, days=3)
    said = (
        RotationStatus((replace(run, last=run.last + timedelta(days=1), notebook=""),), NOW)
        .report()
        .sentences[0]
    )
    assert said.card == "It began on 26 Nov 2026 at 10:50; last seen at 27 Nov 2026, 10:55."


def test_what_is_next():
    """A run that was cut off is gone on with, here; one that was recorded elsewhere is not."""
    assert "%aicore_rotate resume r1129-ghcr" in STATUS_CUT.shown(NOTEBOOK)
    assert "%aicore_rotate" not in STATUS_RECORDED.shown(NOTEBOOK)


def test_a_record_that_is_read_in_part():
    """What can be read is shown, and that there is more."""
    for status in (STATUS_CUT, RotationStatus((seen(ALL_9, ended=True),), NOW)):
        said = replace(status, fault="a file is damaged").report().sentences[-1]
        assert said == "Not all of the record could be read: a file is damaged."


def test_of_many_runs_the_last_are_shown():
    """Twenty runs are shown, and how many there are besides."""
    runs = tuple(seen(Outcomes(f"r{i}", ALL_9.each), ended=True) for i in range(MOST_RUNS + 3))
    report = RotationStatus(runs, NOW).report()
    assert len(report.table.rows) == MOST_RUNS
    assert plain(report.sentences[0]) == "The record has 3 earlier runs."
