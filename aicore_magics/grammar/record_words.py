"""What `list`, `note` and `forget` need on their line before they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.words import WrongUse

if TYPE_CHECKING:
    from argparse import Namespace

MOST_DAYS = 3650
_KNOWN = ("registry", "username", "ends", "image")  # what a note can say of a secret


def read_records(options: Namespace) -> None:
    """Read the numbers of a line about records, and refuse one that says too little or too much."""
    if "ends_within" in options:
        options.ends_within = _days(options.ends_within)
    if "from_templates" in options:
        _demand_a_note(options)
    if "before" in options and not (options.names or options.before):
        raise WrongUse("give the NAME of a secret, or --before DATE, as in forget --before 2026-01-31.")


def _days(text: str | None) -> int | None:
    """Read the value of --ends-within; None without one."""
    if text is None:
        return None
    if not (
        text.isascii() and text.isdecimal() and len(text) <= len(f"{MOST_DAYS}") and int(text) <= MOST_DAYS
    ):
        raise WrongUse(f"--ends-within takes whole days from 0 to {MOST_DAYS}, such as 30.")
    return int(text)


def _demand_a_note(options: Namespace) -> None:
    if options.from_templates:
        if options.name:
            raise WrongUse("give a NAME or --from-templates DIR, not both.")
        return
    if not options.name:
        raise WrongUse("give the NAME of a secret, or --from-templates DIR to list what templates use.")
    if not any(getattr(options, known) for known in _KNOWN):
        raise WrongUse("give what you know of it: --registry, --username, --ends or --image.")
