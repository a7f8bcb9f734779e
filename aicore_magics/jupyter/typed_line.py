"""The line behind a magic up to the cursor, as a cell shows it: continued, quoted, and not yet finished."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Behind an assignment IPython knows line magics alone; without a percent sign there is automagic.
_MAGIC = re.compile(r"\s*(?:[^%#]*=\s*%(?!%)|(%{0,2}))(aicore_\w+)\s+(.*)", re.DOTALL)
# As `words.split` takes words apart: quotes, and no escapes. The last quote may still be open.
_WORD = re.compile(r"""(?:[^\s'"]|'[^']*(?:'|\Z)|"[^"]*(?:"|\Z))+""")
_QUOTED = re.compile(r"""'([^']*)'?|"([^"]*)"?""")
# A cell of another language, of a file or of YAML: behind these alone the lines below are run as they stand.
_OTHER_CELL = re.compile(r"%%(?!(?:time|timeit|capture|prun|debug|memit)\b)\w+")


@dataclass(frozen=True)
class TypedLine:
    """The *magic*, the whole words *before*, and the *fragment* at the cursor, as typed, quotes and all.

    *cell*: the magic is that of a whole cell.
    """

    magic: str
    cell: bool
    before: tuple[str, ...]
    fragment: str

    @property
    def option(self) -> str:
        """The option whose value is being typed behind an equals sign, as in `--image=ghcr.io/a`."""
        option, equals, _ = self.fragment.partition("=")
        return option if equals and option.startswith("--") else ""

    @property
    def value(self) -> str:
        """What of the fragment is to be completed, as typed."""
        return self.fragment[len(self.option) + 1 :] if self.option else self.fragment

    @property
    def begun(self) -> str:
        """The same, without quotes."""
        return without_quotes(self.value)


def typed_line(text: str, line: int, column: int) -> TypedLine | None:
    """Return what is typed before that place of the cell *text*; None if it is behind none of our magics."""
    lines = text.split("\n")[: line + 1]
    lines[-1] = lines[-1][:column]
    first = next((at for at, each in enumerate(lines) if each.strip()), line)
    if first < line and _OTHER_CELL.match(lines[first]):
        return None
    start = line
    while start and lines[start - 1].endswith("\\"):
        start -= 1
    raw = "\n".join(lines[start:])
    # As long as what was typed, so that the fragment can be cut from that.
    found = _MAGIC.fullmatch(raw.replace("\\\n", "  "))
    if not found:
        return None
    words = list(_WORD.finditer(found[3]))
    fragment = ""
    if words and words[-1].end() == len(found[3]):
        fragment = raw[len(raw) - len(words.pop()[0]) :]
    return TypedLine(found[2], found[1] == "%%", tuple(without_quotes(word[0]) for word in words), fragment)


def without_quotes(word: str) -> str:
    """Return *word* as it is understood.

    >>> without_quotes("'my file'.json"), without_quotes('"my fi')
    ('my file.json', 'my fi')
    """
    return _QUOTED.sub(lambda quoted: quoted[1] or quoted[2] or "", word)


def quoted(word: str, fragment: str, after: str) -> str:
    """Return *word* as it is typed in place of *fragment*, with *after* behind the cursor.

    Empty if it cannot be typed. What an editor has closed already is not closed again.

    >>> quoted("my file.json", "my", ""), quoted("key.json", "'ke", "'"), quoted("{image}", "{im", "}")
    ("'my file.json'", "'key.json", '{image')
    """
    if not (re.search(r"[\s'\"]", word) or fragment[:1] in ("'", '"')):
        return word[:-1] if word.endswith("}") and after.startswith("}") else word
    quote = fragment[:1] if fragment[:1] in ("'", '"') else '"' if "'" in word else "'"
    if quote in word:
        return ""
    # In a folder one goes on.
    closed = word.endswith("/") or after.startswith(quote)
    return f"{quote}{word}" if closed else f"{quote}{word}{quote}"
