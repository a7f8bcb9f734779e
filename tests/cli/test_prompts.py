"""Questions at a terminal. Real ones are in tests/real/test_shell.py: here is what has none."""

from __future__ import annotations

import getpass
import io
import os
import pty
import select
import sys
import warnings

import pytest

from aicore_magics.cli import prompts
from aicore_magics.cli.prompts import PipedPassword, Prompts, somebody_is_there
from aicore_magics.cli.shell import SHELL
from aicore_magics.errors import InvalidLogin, PromptImpossible
from aicore_magics.next_steps import Option
from tests.waiting import until


@pytest.fixture
def terminal(monkeypatch):
    """A terminal in place of ours: what is typed there, and what is seen."""
    ours, theirs = pty.openpty()
    monkeypatch.setattr(prompts, "TERMINAL", os.ttyname(theirs))
    yield ours
    os.close(ours)
    os.close(theirs)


def test_an_answer(terminal):
    """The question stands at the terminal, and the answer is taken without the spaces around it."""
    os.write(terminal, b"  team-b \n")
    assert somebody_is_there()
    assert Prompts().text("Secret name: ", instead="x") == "team-b"
    seen = bytearray()

    def read():
        if select.select([terminal], [], [], 0)[0]:
            seen.extend(os.read(terminal, 100))  # what was typed comes back first
        return b"Secret name: " in seen

    until(read)


def test_the_end_of_input_is_no_answer(terminal):
    """Ctrl-D at an empty line: nobody wants to answer."""
    os.write(terminal, b"\x04")
    with pytest.raises(PromptImpossible):
        Prompts().text("Secret name: ", instead="x")


def test_ctrl_c_ends_the_line(terminal, monkeypatch, capsys):
    """What is said next begins on a line of its own."""

    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(getpass, "getpass", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Prompts().secret("Password: ")
    assert capsys.readouterr().err == "\n"


def test_a_password_that_would_be_seen_is_not_asked_for(terminal, monkeypatch):
    """Where getpass can only warn that what is typed will be seen, nothing is asked."""

    def warns(_):
        warnings.warn("seen", getpass.GetPassWarning, stacklevel=1)

    monkeypatch.setattr(getpass, "getpass", warns)
    with pytest.raises(PromptImpossible) as caught:
        Prompts().secret("Password: ")
    assert SHELL.say(caught.value.next) == "add --password-env VAR or --password-file PATH"


def test_nobody(monkeypatch, tmp_path):
    """Without a terminal each question names what needs none, and nothing waits."""
    monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "none"))
    monkeypatch.setattr(getpass, "getpass", None)
    assert not somebody_is_there()
    with pytest.raises(PromptImpossible) as caught:
        Prompts().text("User: ", instead=Option("username", "USER"))
    assert SHELL.say(caught.value.next) == "add --username USER"
    with pytest.raises(PromptImpossible):
        Prompts().secret("Password: ")


@pytest.mark.parametrize("there", [True, False])
def test_where_there_is_no_posix(monkeypatch, there):
    """On Windows the streams are the terminal, if they are one."""

    class Stream(io.StringIO):
        def isatty(self):
            return there

    monkeypatch.setattr(os, "name", "nt")
    monkeypatch.setattr(sys, "stdin", Stream("team-b\n"))
    assert somebody_is_there() == there
    if there:
        assert Prompts().text("Secret name: ", instead="x") == "team-b"


@pytest.mark.parametrize(
    ("given", "password"), [(b"a b", "a b"), (b"a\n\n", "a\n"), (b"a\r\n", "a"), ("ä".encode("utf-16"), "ä")]
)
def test_piped(monkeypatch, given, password):
    """One line break at the end is the pipe's, all else the password's."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    ask = PipedPassword()
    assert ask.secret("x").reveal() == password
    with pytest.raises(InvalidLogin, match="there are several logins"):
        ask.secret("x")
