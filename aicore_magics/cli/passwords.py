"""A password on a line of a shell, where others can read it: it is refused, with what to do instead."""

from __future__ import annotations

from aicore_magics.cli.commands import TEMPLATE, named
from aicore_magics.grammar.words import WrongUse, refuse_secrets

_SEEN = "the shell's history and the list of processes"
_INSTEAD = "use --password-env VAR, or pipe it: --password-file -"


def refuse_passwords(words: list[str]) -> None:
    """Raise WrongUse if *words* contain a password or a token, or an option that would."""
    options = _options(words)
    if options and "--password-env" not in options:
        _refuse_short(words, options)
        refuse_secrets(words, seen=_SEEN, instead="leave it out: this command takes no password.")
        return
    refuse_secrets(words, seen=_SEEN, instead=_INSTEAD)
    if "--password-stdin" in words:
        raise WrongUse("no such option; --password-file - reads the password from standard input.")


def _refuse_short(words: list[str], options: tuple[str, ...]) -> None:
    """Refuse -p for a command without passwords, whatever it was meant for."""
    if any(word.startswith("-p") for word in words):
        meant = "did you mean --profile?" if "--profile" in options else "this command takes no password."
        raise WrongUse(
            f"no such option; {meant} If its value was a password, revoke it: it is now in {_SEEN}."
        )


def _options(words: list[str]) -> tuple[str, ...]:
    """The options of the command that *words* begin with; none where it cannot be told."""
    try:
        command, grammar, _ = named(words)
        return grammar.parser(command.removeprefix(f"{TEMPLATE} ")).option_names()
    except (WrongUse, LookupError):
        return ()
