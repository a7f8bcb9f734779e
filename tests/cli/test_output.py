"""Where words go, and what becomes of them where nobody can read them."""

from __future__ import annotations

import io
import sys

import pytest

from aicore_magics.cli.output import never_fail_to_encode, tell, unwritten


class Full(io.StringIO):
    """A stream on a full disk."""

    def write(self, _):
        raise OSError("no space left")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [Full(), closed(), None], ids=["full", "closed", "none"])
def test_what_cannot_be_written_is_told(monkeypatch, capsys, stream):
    """A result that nobody can have read is said to be none, without a traceback."""
    monkeypatch.setattr(sys, "stdout", stream)
    assert unwritten("x")
    assert capsys.readouterr().err.startswith("The result cannot be written to standard output (")


@pytest.mark.parametrize("stream", [Full(), None], ids=["full", "none"])
def test_words_that_cannot_be_told_are_no_fault(monkeypatch, stream):
    """Without a standard error there is nobody to tell, and the status says the rest."""
    monkeypatch.setattr(sys, "stderr", stream)
    tell("x")


def test_what_an_encoding_does_not_have(monkeypatch):
    """Half a character, or what a code page lacks, is written as an escape."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr(sys, "stdout", stream)
    never_fail_to_encode()
    assert not unwritten("\ud800 … \u03b1")
    assert stream.buffer.getvalue() == rb"\ud800 " + b"\x85" + rb" \u03b1"
