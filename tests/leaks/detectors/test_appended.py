from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.appended import without_appending
from tests.leaks.samples import PASSWORD, TOKENS

TOKEN = TOKENS[2].text
LONGER = (
    'x = "{}"\nx += "{}"',
    'x: str = "{}"\nx += "{}"',
    "x = '{}'  # first\n\nx += '{}'  # second",
    'x = ("{}")\nx += ("{}")',
    'x = "{}"; x += "{}"',
    "if a:\n    x = '''{}'''\n    x += '''{}'''",
    'self.x = b"{}"\r\nself.x += b"{}"',
    r"x = \"{}\"\nx += \"{}\"",
)


@pytest.mark.parametrize("written", LONGER)
@pytest.mark.parametrize("at", [2, 12, len(TOKEN) - 2])
def test_a_token_statement_by_statement(written, at):
    """A token is found whole that a second statement makes whole."""
    text = written.format(TOKEN[:at], TOKEN[at:])
    (found,) = hits(text, "code")
    assert (text.find(TOKEN[:at]), text.rfind(TOKEN[at:]) + len(TOKEN[at:])) == (found.start, found.end)


@pytest.mark.parametrize(
    "other",
    ['y += "more-1"', 'x = "more-1"', 'x -= "more-1"', "x += name", 'x.y += "more-1"', 'print("more-1")'],
)
def test_another_statement(other):
    """What another variable gets, or this one anew, stays."""
    text = f'x = "{TOKEN}"\n{other}'
    assert [text[hit.start : hit.end] for hit in hits(text, "code")] == [TOKEN]


@pytest.mark.parametrize(
    "written",
    [
        'docker_password = "{}"\ndocker_password += "{}"',
        'docker_password = ""\ndocker_password += "{}"\ndocker_password += "{}"',
        'data["docker_password"] = "{}"\ndata["docker_password"] += "{}"',
        'docker_password = name\ndocker_password += "{}" + "{}"',
    ],
)
def test_a_password_statement_by_statement(written):
    """All that a password is made of is found."""
    halves = (PASSWORD, PASSWORD[::-1])
    text = written.format(*halves)
    found = "".join(text[hit.start : hit.end] for hit in hits(text, "code"))
    assert [half for half in halves if half not in found] == []


def test_in_one():
    """The value as it may stand elsewhere."""
    assert without_appending('abc"\nx += "def') == "abcdef"
