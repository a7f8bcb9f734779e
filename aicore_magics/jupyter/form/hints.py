"""What to do next, for somebody before the form: the hints of errors are written for a cell with a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.report import Step
from aicore_magics.errors import DockerSecretExists, DockerSecretMissing, OutcomeUnknown

if TYPE_CHECKING:
    from aicore_magics.errors import AICoreError

# A line to copy, up to the words behind it.
_IN_A_CELL = re.compile(r"(%\w+.*?)(?:  |, (?=and )|$)(.*)")
_IN_A_TERMINAL = re.compile(r"(docker (?:buildx .*?|login \S+))(?: in a terminal.*| (It says: .*)|$)")
_AGAIN = re.compile(r"run (?:the|this) cell again")
# What the form has no option for is left out, if there is another way; what it has a field for is named so.
_OTHER_WAY = re.compile(r",? or [^.,;]*--[a-z][^.,;]*")
_FIELDS = (
    ("with --registry HOST", "in the field Registry"),
    ("with --registry", "in the field Registry"),
    ("add --registry HOST", "fill in the field Registry"),
    ("an --image", "an image"),
)
_OPTION = re.compile(r"--[a-z]")
_LONGEST = 2_000  # characters: a hint may quote what a registry says


def advice(error: AICoreError, button: str) -> tuple[str, Step | None]:
    """Give what to do about *error* as a sentence, and as a line to copy where there is one.

    *button* is the word on the button that does it once more.
    """
    known = _known(error, button)
    if known:
        return known, None
    hint = error.hint[:_LONGEST]
    for pattern, where in ((_IN_A_CELL, "another cell"), (_IN_A_TERMINAL, "a terminal")):
        found = pattern.fullmatch(hint)
        if found:
            more = (found[2] or "").strip(" .")
            behind, sentence = ("", f"{more}.") if more.startswith("It says") else (more, "")
            what = ", ".join(filter(None, (f"run this in {where}", behind)))
            return sentence, Step(what, (found[1],))
    return _read(hint, button), None


def _known(error: AICoreError, button: str) -> str:
    """The way on that the form itself has for this error, or nothing."""
    if isinstance(error, OutcomeUnknown):
        if "in a minute" in error.hint:
            return f"Wait a minute, then press {button}."
        return f"Press {button}: it is stored for certain then, and sending it twice does no harm."
    if isinstance(error, DockerSecretExists):
        return f"Press {button} to replace it for the whole tenant; you are asked first."
    if isinstance(error, DockerSecretMissing):
        guess = error.hint.partition("?")[0] + "? " if error.hint.startswith("did you mean ") else ""
        return _sentence(f"{guess}Press {button} to store it as a new one.")
    return ""


def _read(hint: str, button: str) -> str:
    """The *hint* as a sentence, without a word of cells and options; nothing if no other is left."""
    once_more = button if button.endswith("again") else f"{button} again"
    words = _AGAIN.sub(f"press {once_more}", hint)
    words = _OTHER_WAY.sub("", words)
    for option, field in _FIELDS:
        words = words.replace(option, field)
    return "" if _OPTION.search(words) else _sentence(words)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}{'' if words.endswith('?') else '.'}" if words else ""
