"""How a door says what to do next by lines to copy: a notebook's magics, a shell's commands."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from aicore_magics.next_steps import BLANKS, Action, Door, pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.next_steps import Option, Words

# What a value is that stands in a line as a word, because nobody knows it.
_MEANINGS = {
    ("connect-key", "file"): "the path of your service key",
    ("connect-ca", "file"): "the path of your company's CA",
    ("connect-trust", "host"): "a host that you know",
    **{
        (f"check-{what}{how}", "file"): "the path of your company's CA"
        for what in ("image", "login")
        for how in ("-ca", "-ca-realm")
    },
    **{(f"check-image{how}", "image"): "your image" for how in ("", "-ca", "-realm", "-ca-realm")},
    ("note", "date"): "a day such as 2027-01-31, or never",
    ("note-ends", "date"): "a day such as 2027-01-31, or never",
    ("patch", "secret"): "a secret of your tenant",
    ("patch-move", "secret"): "a secret of your tenant",
}
# In brackets what stands before a value, and its name: left out where there is none. Else a name alone.
_PLACE = re.compile(r"\[([^][{]*)\{(\w+)\}\]|\{(\w+)\}")


class CommandLine(Door):
    """Says an action as one of its *lines*, and an argument as an option in it."""

    lines: Mapping[str, str] = {}

    def action(self, action: Action) -> str:
        """Return the line of *action* with its values in it. What is in brackets needs one to be there."""
        given = _given(action)

        def said(place: re.Match[str]) -> str:
            before, maybe, name = place.groups()
            if maybe:
                return "".join(before + self.word(maybe, value) for value in given.get(maybe, ()))
            return " ".join(self.word(name, value) for value in given.get(name, ())) or BLANKS[name]

        # In one go: a value may have braces of its own.
        return _PLACE.sub(said, self.lines[action.name]).strip()

    def word(self, _name: str, value: str) -> str:
        """Return *value* as one word of a line."""
        return shlex.quote(value)

    def blanks(self, words: Words) -> str:
        """Return, behind a space, what is to be filled in where *words* are said."""
        actions = [piece for piece in pieces(words) if isinstance(piece, Action)]
        told = {
            f"{BLANKS[field]}: {meaning}"
            for action in actions
            for _, _, field in _PLACE.findall(self.lines[action.name])
            if field and field not in _given(action) and (meaning := _MEANINGS.get((action.name, field)))
        }
        return f" ({'; '.join(sorted(told))})" if told else ""

    def option(self, option: Option) -> str:
        """Return *option* as one types it."""
        value = f"{option.value}"
        value = shlex.quote(value) if " " in value else value
        given = f"--{option.name} {value}" if value else f"--{option.name}"
        return f"{option.lead} {given}" if option.lead else given


def _given(action: Action) -> dict[str, tuple[str, ...]]:
    """The values of *action* that are known, each as several."""
    return {name: (value,) if isinstance(value, str) else value for name, value in action.values if value}
