from __future__ import annotations

import contextlib
import sys

import pytest

from aicore_magics.jupyter import scan_progress
from aicore_magics.jupyter.scan_progress import shown_progress
from tests.terminal import Terminal


class Handle:
    """What IPython's display gives back, which here keeps what is shown."""

    def __init__(self, shown):
        self._shown = shown

    def update(self, data, *, raw):
        assert raw
        self._shown.append(data["text/plain"])


class Kernel:
    """A shell that has a kernel."""

    kernel = True


@pytest.fixture
def shown(monkeypatch):
    texts = []

    def display(data, *, raw, display_id):
        assert raw
        assert display_id
        texts.append(data["text/plain"])
        return Handle(texts)

    monkeypatch.setattr(scan_progress, "display", display)
    monkeypatch.setattr(scan_progress, "get_ipython", Kernel)
    monkeypatch.setattr(scan_progress, "paced", lambda tell: tell)
    return texts


def test_one_line_that_is_gone_at_the_end(shown):
    """The words stand in one output, each in place of the last; at the end, also by Ctrl-C, none is left."""
    with shown_progress() as watch:
        watch.tell("files", "running", "1 of 2 files")
        watch.tell("files", "running", "2 of 2 files")
    with contextlib.suppress(KeyboardInterrupt), shown_progress() as watch:
        watch.tell("files", "running", "1 of 3 files")
        raise KeyboardInterrupt
    assert shown == ["1 of 2 files …", "2 of 2 files …", "", "1 of 3 files …", ""]


def test_nothing_for_short_work(shown):
    """Where nothing is told there is no output."""
    with shown_progress():
        pass
    assert shown == []


def test_one_line_of_a_terminal(shown, monkeypatch):
    """IPython in a terminal has one line written over, and prints nothing below it."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(scan_progress, "get_ipython", object)
    with shown_progress() as watch:
        watch.tell("files", "running", "1 of 2 files")
        watch.tell("files", "running", "2 of 2 files")
    assert terminal.getvalue().split("\r\x1b[K") == ["", "1 of 2 files …", "2 of 2 files …", ""]
    assert shown == []
