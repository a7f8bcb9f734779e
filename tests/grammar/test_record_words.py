"""What `list`, `note` and `forget` need is demanded before anything is asked, without repeating a value."""

from __future__ import annotations

import pytest

from aicore_magics.cli.commands import commands
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.words import WrongUse

DOORS = {"notebook": SECRET, "shell": commands()}
DAYS = "--ends-within takes whole days from 0 to 3650, such as 30."
NO_NAME = "give the NAME of a secret, or --from-templates DIR to list what templates use."
WRONG = {
    **{
        f"list --ends-within={days}": DAYS
        for days in ("3651", "-1", "1.5", "1e2", "x", "", "٣", "00000", "9" * 99)
    },
    "note": NO_NAME,
    "note --ends 2027-01-31": NO_NAME,
    "note team-x": "give what you know of it: --registry, --username, --ends or --image.",
    "note team-x --from-templates .": "give a NAME or --from-templates DIR, not both.",
    "note --from-templates . --ends 2027-01-31": "--from-templates and --ends do not go together",
    "forget": "give the NAME of a secret, or --before DATE, as in forget --before 2026-01-31.",
}
RIGHT = [
    *("list", "list --ends-within 0", "list --ends-within 3650", "note --from-templates .", "forget a b c"),
    *(f"note team-x --{known} x" for known in ("registry", "username", "ends", "image")),
    *("forget --before 2026-01-31", "forget --before 2026-01-31 a", "note --ends x team-x"),
]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("line", "says"), WRONG.items())
def test_a_line_that_says_too_little_or_too_much(door, line, says):
    """It is refused in one sentence, at both doors alike."""
    name, *words = line.split()
    with pytest.raises(WrongUse) as caught:
        DOORS[door].parser(name).read(words)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("line", RIGHT)
def test_a_line_that_says_enough(door, line):
    """The least that is needed is enough, names and options in either order."""
    name, *words = line.split()
    options = DOORS[door].parser(name).read(words)
    assert getattr(options, "ends_within", None) == (int(words[1]) if "--ends-within" in line else None)
