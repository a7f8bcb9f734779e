from __future__ import annotations

import io
import sys

import pytest

from aicore_magics.base.terminal_line import TerminalLine
from tests.terminal import Terminal


class Gone(Terminal):
    """A terminal that was closed."""

    def write(self, text):
        raise OSError(5, text)


@pytest.mark.parametrize("stream", [None, io.StringIO(), Gone()])
def test_where_there_is_no_terminal(monkeypatch, stream):
    """Without a terminal, or with one that is gone, nothing is written, and nothing raised."""
    monkeypatch.setattr(sys, "stderr", stream)
    line = TerminalLine()
    line.show("files", "running", "1 of 2 files")
    line.clear()
    assert stream is None or stream.getvalue() == ""


def test_written_over(monkeypatch):
    """Each word takes the place of the last, and at the end the line is empty; without words it stays."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    TerminalLine().clear()
    assert terminal.getvalue() == ""
    line = TerminalLine()
    line.show("files", "running", "1 of 2 files")
    line.show("files", "running", "2 of 2 files")
    line.clear()
    assert terminal.getvalue().split("\r\x1b[K") == ["", "1 of 2 files …", "2 of 2 files …", ""]


@pytest.mark.parametrize(
    ("kind", "term", "shown"), [("t", "xterm", True), ("t", "dumb", False), ("f", "", False)]
)
def test_progress_is_for_terminals(monkeypatch, kind, term, shown):
    """A line that is written over needs a terminal that can; nothing of it is left."""
    stream = Terminal() if kind == "t" else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", term)
    line = TerminalLine()
    line.show_step("ghcr.io", "running", "asking")
    assert ("ghcr.io: asking …" in stream.getvalue()) == shown
    line.clear()
    line.clear()
    assert stream.getvalue().count("\r\x1b[K") == 2 * shown
