"""How long a check or a write takes is shown below the cell, and gone once it is over."""

from __future__ import annotations

import contextlib

import pytest

from aicore_magics.jupyter import seconds

TOLD = """import threading
from aicore_magics.jupyter import seconds
told, display = threading.Event(), seconds.display
def shown(*given, **more):
    handle = display(*given, **more)
    told.set()
    return handle
seconds.display = shown
with seconds.shown_seconds("create team-a", 60.0):
    assert told.wait(60)
seconds.display = display"""


def texts(cell):
    """What a front end shows of each output, one after the other."""
    return [
        content["data"]["text/plain"] for content in cell.iopub if "text/plain" in content.get("data", {})
    ]


def test_seconds_below_the_cell(kernel):
    """In a notebook one output shows them, as that of the cell that runs; at the end it is empty."""
    cell = kernel.run(TOLD)
    assert not cell.ename
    assert texts(cell)[0] == "create team-a: 1 s of at most 60 s …"
    assert texts(cell)[-1] == ""
    names = {content["transient"]["display_id"] for content in cell.iopub if "transient" in content}
    assert len(names) == 1


def test_short_work_shows_nothing(connected):
    """What is over in the first second leaves no output but its card."""
    cell = connected.run(
        "r = %aicore_docker_secret create team-a --registry ghcr.io --username anna "
        "--password-env GHCR_SECRET --no-check"
    )
    assert not cell.ename
    assert not [text for text in texts(cell) if "of at most" in text]


@pytest.mark.parametrize(
    "line", ["create team-a --registry ghcr.io --username a", "check --image ghcr.io/a/b:1"]
)
def test_in_a_terminal_no_line_is_left(shell, monkeypatch, line, capsys):
    """A shell without a kernel shows no seconds, whatever runs."""
    monkeypatch.setattr(seconds, "ticking", lambda _tell: pytest.fail("a clock runs"))
    with contextlib.suppress(Exception), seconds.shown_seconds(line, 60.0):
        pass
    assert capsys.readouterr().out == ""
