"""A question is asked where somebody can answer, unseen if it is for a password, and refused elsewhere."""

from __future__ import annotations

import builtins
import getpass
import warnings

import pytest
from IPython.core.error import StdinNotImplementedError

from aicore_magics.base.redact import Secret
from aicore_magics.errors import PromptImpossible, Stopped
from aicore_magics.jupyter.prompts import Prompts
from aicore_magics.jupyter.wording import NOTEBOOK


def raising(error):
    def ask(_):
        raise error

    return ask


def test_answers(monkeypatch, canary):
    """A visible answer loses the spaces around it; a password is kept as it was typed, as a Secret."""
    monkeypatch.setattr(builtins, "input", lambda _: "  team-ghcr ")
    monkeypatch.setattr(getpass, "getpass", lambda _: f" {canary}")
    assert Prompts().text("Name: ", instead="NAME") == "team-ghcr"
    assert Prompts().secret("Password: ") == Secret(f" {canary}")


def test_ctrl_c_at_a_question(monkeypatch):
    """Whoever stops at a question is told that nothing was sent."""
    monkeypatch.setattr(builtins, "input", raising(KeyboardInterrupt()))
    with pytest.raises(Stopped, match="nothing was sent") as caught:
        Prompts().text("Name: ", instead="NAME")
    assert caught.value.__context__ is None


LOST = RuntimeError("input(): lost sys.stdin")
CLOSED = ValueError("I/O operation on closed file")


@pytest.mark.parametrize("error", [StdinNotImplementedError("no"), EOFError(), LOST, CLOSED])
def test_nobody_there(monkeypatch, error):
    """Without anybody to ask, the error names the options that need no asking."""
    monkeypatch.setattr(builtins, "input", raising(error))
    monkeypatch.setattr(getpass, "getpass", raising(error))
    with pytest.raises(PromptImpossible) as caught:
        Prompts().text("Name: ", instead="--yes")
    assert caught.value.hint == "--yes"
    with pytest.raises(PromptImpossible, match="this run cannot ask for a password") as caught:
        Prompts().secret("Password: ")
    assert NOTEBOOK.say(caught.value.next) == "say where it is: --password-env VAR or --password-file PATH"
    assert caught.value.__context__ is None


def test_a_password_is_never_asked_where_it_would_be_seen(monkeypatch):
    """Where getpass could only warn and show what is typed, it is not asked at all."""

    def fallback(_):
        warnings.warn("cannot control echo", getpass.GetPassWarning, stacklevel=2)
        return "typed in the open"

    monkeypatch.setattr(getpass, "getpass", fallback)
    with pytest.raises(PromptImpossible):
        Prompts().secret("Password: ")
