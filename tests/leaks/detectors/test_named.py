from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.named import Named


def named(text, name="password"):
    start = text.index(name)
    return Named(text, (start, start + len(name)), "output", "password")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_line_before_a_name(end):
    """A backslash joins lines to one command; the line itself is the last of them."""
    here = named(f"cd x{end}docker run \\{end}  -e password=1")
    assert here.name == "password"
    assert here.command == f"docker run \\{end}  -e "
    assert here.line == "  -e "


@pytest.mark.parametrize(
    ("text", "value", "is_argument"),
    [
        ("login(user=x, password=password1)", "password1", True),
        ("login(user=x, password=userPassword)", "userPassword", True),
        ("    password=password1,\n", "password1", True),
        ("INFO user=x, password=password1, host=y", "password1", False),
        ("login('a(password=password1')", "password1", True),
        ("os.system('password=password1 make')", "password1", False),
        ("login(user=x, password=p4-w0rd)", "p4-w0rd", False),
    ],
)
def test_an_argument_of_a_call(text, value, is_argument):
    """What may be a variable is one inside of a call, and on a line of one."""
    assert named(text).is_argument(value, text.index(f"={value}") + 1 + len(value)) is is_argument
