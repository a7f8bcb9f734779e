"""How far a rotation is: all rows from the first moment, and a line for each change."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.actions import rotation_progress
from aicore_magics.actions.rotation_progress import (
    MOST_NAMED_ROWS,
    ProgressLines,
    lines_between,
    progress_report,
    stopped_report,
)
from aicore_magics.actions.rotation_words import MOST_ROWS, RINGS
from aicore_magics.base.redact import written_out
from aicore_magics.base.report import plain
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.rotation.outcomes import Outcomes
from tests.actions.rotation_examples import ALL_9, FIFTY, NINE, NO_PULL, NOW, RUN_4, outcomes_of, worst
from tests.actions.rotation_outcomes import STATES, outcomes, thousand

ENDED = ("replaced", "refused", "unknown", "the same")


@given(outcomes(), st.sampled_from(("rotation", "undo")))
@example(thousand(), "rotation")
def test_the_rows_of_a_run(found, kind):
    """Few secrets have a row each, in turn, with the ring of their state; of many there are few rows."""
    rows = progress_report(found, NOW, kind).table.rows
    rings = [row[0].state for row in rows]
    if len(found.each) <= MOST_ROWS:
        assert rings == [RINGS[outcome.state] for outcome in found.each]
    else:
        assert len(rows) <= len(STATES) + 2 * MOST_NAMED_ROWS
        numbers = (re.match(r"(\d+) secrets?$", plain(row[0])) for row in rows)
        assert sum(int(number[1]) if number else 1 for number in numbers) == len(found.each)


def test_the_headline_counts_what_is_replaced():
    """How far it is, what goes on, and that it can be stopped; the clock is on the card alone."""
    report = progress_report(RUN_4, NOW)
    assert report.headline == "Rotation: 4 of 9 secrets replaced"
    assert report.sentences[0] == "2 are being sent, 1 is being tested."
    assert "interrupt" in report.sentences[1]
    assert progress_report(RUN_4, NOW + timedelta(seconds=9)).text() == report.text()
    assert re.match(r"As of \d\d:\d\d:\d\d\. ", NOTEBOOK.say(report.as_of))
    assert NOTEBOOK.say(report.as_of).endswith("%aicore_rotate resume r1129-ghcr")
    assert "still there. More cannot be seen" in NOTEBOOK.say(report.notes[0])
    assert not report.steps


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["waiting"], "9 wait for their turn."),
        (["replaced"] * 8 + ["waiting"], "1 waits for its turn."),
        (["testing"], "9 are being tested."),
        (["replacing", "waiting"], "1 is being sent."),
        (["replaced"], "Nothing waits."),
    ],
)
def test_what_goes_on(states, said):
    """One sentence says what is done now."""
    assert progress_report(outcomes_of(NINE, *states), NOW).sentences[0] == said


@given(st.lists(st.sampled_from(STATES), min_size=9, max_size=9), st.data())
def test_each_change_is_a_line(states, data):
    """Who sees all lines knows each end that a secret came to, with its turn, and nothing twice."""
    shown = [outcomes_of(NINE, "waiting")]
    for _ in range(3):
        each = [
            replace(one, state=state) if data.draw(st.booleans()) and one.state not in ENDED else one
            for one, state in zip(shown[-1].each, states, strict=True)
        ]
        shown.append(Outcomes("r1", tuple(each)))
    written = []
    lines = ProgressLines(written.append)
    for each in shown:
        lines.show(each)
        lines.show(each)
    turns = [int(re.match(r" +(\d+) of 9  ", line)[1]) for line in written]
    assert sorted(turns) == [i for i, one in enumerate(shown[-1].each, 1) if one.state in ENDED]


def test_lines_have_columns():
    """A line has the turn, the secret, its state, and what shows it; turns are as wide as the last."""
    assert lines_between(None, worst(ALL_9))[1:3] == [
        " 2 of 9  train-ghcr, acme-dev  replaced  2 images tested, secret is there",
        f" 3 of 9  embed-ghcr, acme-dev  refused   {NO_PULL}; the old login stays",
    ]
    fifty = lines_between(None, outcomes_of(FIFTY, "replaced"), "undo")
    assert fifty[8].startswith("  9 of 50  team-07, acme-dev   restored  ")


@given(outcomes(least=1))
def test_a_name_stays_in_its_line(found):
    """Whatever stands in a name, a change is one line without control characters."""
    for line in lines_between(None, found):
        assert written_out(line) == line


def test_after_a_minute_a_line_says_that_it_goes_on(monkeypatch):
    """Where nothing changes for long, a line says how far it is; before that, none."""
    written = []
    lines = ProgressLines(written.append)
    lines.tick(61)
    lines.show(RUN_4)
    many = len(written)
    lines.tick(61)
    assert len(written) == many
    monkeypatch.setattr(rotation_progress, "STILL", 0)
    lines.tick(62)
    assert written[many:] == ["still 4 of 9 secrets replaced"]


@given(outcomes())
def test_a_run_that_was_stopped_says_what_each_secret_is(found):
    """What was sent may be there, what was tested or waits was not begun; nothing spins any more."""
    report = stopped_report(found)
    rings = {row[0].state for row in report.table.rows}
    assert "running" not in rings
    sent = found.count("replacing", "unknown")
    assert (report.state == "unknown") == bool(sent)
    assert sent == 0 or f": {sent} of " in report.headline
