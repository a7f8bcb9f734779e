"""An error that can be foreseen leaves as two lines of its own class; a bug keeps its traceback."""

from __future__ import annotations

import pytest
from IPython.core.error import UsageError

from aicore_magics.actions.results import NoConnection
from aicore_magics.errors import DockerSecretExists, InvalidName
from aicore_magics.grammar.words import WrongUse
from aicore_magics.jupyter.boundary import Help, run_line, shown

MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")


def raising(error):
    def act():
        password = "beside" + "-the-error"
        assert password
        try:
            {}[password]
        except KeyError:
            raise error from None

    return act


def test_it_keeps_its_class_and_loses_its_past():
    """The error that leaves is the one that was raised, without cause, context or inner frames."""
    error = DockerSecretExists("x exists", words="", next="do y")
    with pytest.raises(DockerSecretExists) as caught:
        shown(raising(error))
    assert caught.value is error
    assert caught.value.__context__ is caught.value.__cause__ is None
    assert caught.value._render_traceback_() == ["DockerSecretExists: x exists.", "Next: do y"]
    names = []
    trace = caught.value.__traceback__
    while trace:
        names.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert names[1:] == ["shown"]


def test_an_error_without_a_hint_is_one_line():
    """Where there is nothing to do next, nothing is said."""
    with pytest.raises(DockerSecretExists) as caught:
        shown(raising(DockerSecretExists("x exists", words="")))
    assert caught.value._render_traceback_() == ["DockerSecretExists: x exists."]


def test_misuse_stays_ipythons_own():
    """IPython shows its plain UsageError, and no subclass, as one line."""
    with pytest.raises(UsageError) as caught:
        shown(raising(WrongUse("no such option")))
    assert type(caught.value) is UsageError


def test_a_bug_keeps_its_traceback():
    """What nobody foresaw is not made short."""
    with pytest.raises(ZeroDivisionError) as caught:
        shown(lambda: 1 // 0)
    assert caught.value.__traceback__.tb_next.tb_next is not None


@pytest.mark.parametrize("mode", MODES)
def test_two_lines_in_every_xmode(connected, mode, canary):
    """However much a user asks tracebacks to tell, a refusal is two lines, and %tb shows no password."""
    login = "--registry ghcr.io --username anna --password-env GHCR_SECRET"
    connected.run(f"%aicore_docker_secret apply team-ghcr {login}")
    connected.run(f"%xmode {mode}")
    cell = connected.run(f"%aicore_docker_secret create team-ghcr {login}")
    again = connected.run("%tb")
    frames = connected.run(
        "import sys\n"
        "def walk(t):\n"
        "    while t:\n"
        "        yield repr(t.tb_frame.f_locals) * ('aicore_magics' in t.tb_frame.f_code.co_filename)\n"
        "        t = t.tb_next\n"
        f"any({canary!a} in text for text in walk(sys.last_value.__traceback__))"
    )
    connected.run("%xmode Context")
    assert len(cell.traceback) == 2
    assert canary not in again.shown
    assert frames.text == "False"


def test_a_line_becomes_words_with_variables_put_in():
    """The words of the line reach the function, with the session beside them."""
    session = object()
    assert run_line(lambda words, where: (words, where), "a 'b c' {x}", session, {"x": 1}) == (
        ["a", "b c", "1"],
        session,
    )


def test_an_error_keeps_its_class_and_loses_its_frames():
    """What can be foreseen leaves as two lines, with nothing behind it that could hold a password."""

    def fail(_words, _session):
        try:
            {}["x"]
        except KeyError:
            raise InvalidName("no name", next="choose one.") from None

    with pytest.raises(InvalidName) as caught:
        run_line(fail, "", None, {})
    assert caught.value.__context__ is None
    assert caught.value._render_traceback_() == [
        "InvalidName: no name. Nothing was sent.",
        "Next: choose one.",
    ]


def test_what_came_of_a_magic_speaks_of_magics():
    """However its text is had later; the same result from Python names functions."""
    result = run_line(lambda _words, _session: NoConnection(), "", None, {})
    assert "%aicore_connect --sandbox" in str(result)
    assert result == NoConnection()
    assert "connect_with(" in str(NoConnection())


def test_help_is_a_text():
    """Help shows as it is written, not as a string with escapes."""
    assert repr(Help("usage:\n  x")) == "usage:\n  x"
