"""A line is split, run with the session, and its errors leave without the frames they came from."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidName
from aicore_magics.jupyter.line import Help, run_line


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
            raise InvalidName("no name. Nothing was sent.", hint="choose one.") from None

    with pytest.raises(InvalidName) as caught:
        run_line(fail, "", None, {})
    assert caught.value.__context__ is None
    assert caught.value._render_traceback_() == [
        "InvalidName: no name. Nothing was sent.",
        "Next: choose one.",
    ]


def test_help_is_a_text():
    """Help shows as it is written, not as a string with escapes."""
    assert repr(Help("usage:\n  x")) == "usage:\n  x"
