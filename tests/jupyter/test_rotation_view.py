"""How far a rotation is, below the cell: one card that is replaced, or a line for each change."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from aicore_magics.actions.rotation_done import incomplete
from aicore_magics.errors import Refused, RotationIncomplete
from aicore_magics.jupyter.rotation_view import shown_rotation
from tests.actions.rotation_examples import ALL_9, DONE_711, NINE, RUN_4, outcomes_of, worst

ROOT = str(Path(__file__).parents[2])
SETUP = f"""import sys, threading
sys.path.insert(0, {ROOT!r})
from aicore_magics.errors import Refused
from aicore_magics.jupyter import cards, rotation_view
from aicore_magics.jupyter.rotation_view import shown_rotation
from tests.actions.rotation_examples import ALL_9, NINE, RUN_4, outcomes_of, worst"""
# Each change is waited for, as a card is replaced by a thread.
RUN = f"""{SETUP}
written, card = threading.Semaphore(0), cards.html_card
def drawn(*given, **more):
    written.release()
    return card(*given, **more)
rotation_view.html_card = drawn
rotation_view.PACE = 0
with shown_rotation() as show:
    for states in (["waiting"], ["testing"], ["replaced", "replacing", "waiting"], ["replaced"] * 9):
        show(outcomes_of(NINE, *states))
        assert written.acquire(timeout=60)
rotation_view.html_card, rotation_view.PACE = card, 0.25
"""


def outputs(cell):
    """What a front end shows of each output, one after the other."""
    return [content["data"] for content in cell.iopub if "data" in content]


def rows(html):
    return re.findall("<tr><th", html)


def test_one_card_that_is_replaced(kernel):
    """All updates are of one output with all rows from the first on, without Next; at the end it is gone."""
    cell = kernel.run(RUN, answers=[])
    assert not cell.ename, cell.shown
    cards = [data["text/html"] for data in outputs(cell) if "text/html" in data]
    assert len(cards) == 4
    assert [len(rows(card)) for card in cards] == [10] * 4
    assert not any('class="nx"' in card or "<details" in card for card in cards)
    assert outputs(cell)[-1] == {"text/plain": ""}
    assert len({content["transient"]["display_id"] for content in cell.iopub if "transient" in content}) == 1
    assert cell.stream == ""


def test_only_a_change_is_read_out(kernel):
    """Where the clock alone has changed, a screen reader is not told; who shows the same writes nothing."""
    code = f"""{SETUP}
every, rotation_view.EVERY = rotation_view.EVERY, 3600.0
with shown_rotation() as show:
    for _ in range(100):
        show(outcomes_of(NINE, "testing"))
rotation_view.EVERY = 0.01
written, card = threading.Semaphore(0), cards.html_card
def drawn(*given, **more):
    written.release()
    return card(*given, **more)
rotation_view.html_card = drawn
with shown_rotation() as show:
    show(outcomes_of(NINE, "waiting"))
    for _ in range(3):
        assert written.acquire(timeout=60)
rotation_view.html_card, rotation_view.EVERY = card, every"""
    cell = kernel.run(code, answers=[])
    assert not cell.ename, cell.shown
    shown = [data["text/html"] for data in outputs(cell) if "text/html" in data]
    assert ["testing" in card for card in shown][:2] == [True, False]
    later = ['role="status"' in card for card in shown[1:]]
    assert later == [True, *[False] * (len(later) - 1)]
    assert len(later) > 1


@pytest.mark.parametrize("raised", ["KeyboardInterrupt", "ValueError"])
def test_the_last_card_is_there_before_anything_is_raised(kernel, raised):
    """Who stops a run sees what each secret is, and nothing that spins."""
    cell = kernel.run(
        f"{SETUP}\nwith shown_rotation() as show:\n    show(RUN_4)\n    raise {raised}", answers=[]
    )
    assert cell.ename == raised
    kinds = [next(iter(content), "") for content in cell.iopub if "data" in content or "ename" in content]
    assert kinds[-1] != "data"  # the error
    last = outputs(cell)[-1]
    assert (
        "Rotation r1129-ghcr was stopped: 2 of 9 secrets unknown, 3 not begun, 4 replaced"
        in last["text/html"]
    )
    assert 'class="g sm run"' not in last["text/html"]
    assert "%aicore_rotate resume r1129-ghcr" in last["text/plain"]


def test_a_refusal_leaves_no_card(kernel):
    """Where nothing was sent, the error says all."""
    cell = kernel.run(
        f"{SETUP}\nwith shown_rotation() as show:\n    show(RUN_4)\n    raise Refused('no')", answers=[]
    )
    assert cell.ename == "Refused"
    assert outputs(cell)[-1] == {"text/plain": ""}


def test_headless_there_is_a_line_for_each_change(tmp_path):
    """A notebook that nobody sits before gets lines, in the order of what happened, and no card."""
    code = f"{SETUP}\nwith shown_rotation() as show:\n    show(RUN_4)\n    show(worst(ALL_9))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs_ = notebook.cells[0].outputs
    assert {output.output_type for output in outputs_} == {"stream"}
    lines = "".join(output.text for output in outputs_).splitlines()
    assert lines[0] == " 1 of 9  team-ghcr, acme-dev   replaced  1 image tested, secret is there"
    assert len(lines) == 10  # the third was replaced, then refused, which no run does
    assert lines[-1].startswith(" 9 of 9  team-ghcr, acme-prod  unknown ")


@pytest.mark.parametrize("error", [None, Refused("no"), incomplete(DONE_711)])
def test_in_a_terminal_there_is_a_line_for_each_change(error, capsys):
    """A terminal would print each card: it has a line for each change, whatever the end is."""
    with contextlib.suppress(Refused, RotationIncomplete), shown_rotation("undo") as show:
        show(outcomes_of(NINE, "waiting"))
        show(RUN_4)
        show(worst(ALL_9))
        if error:
            raise error
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == " 2 of 9  train-ghcr, acme-dev  restored  2 images tested, secret is there"
    assert len(lines) == 10
