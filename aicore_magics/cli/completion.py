"""`jupyter aicore completion bash` and `zsh`: scripts that complete commands, options and their values.

They are made of the same parsers that read a line, and ask no tenant and no registry.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aicore_magics.cli.commands import TEMPLATE, commands, template_commands
from aicore_magics.cli.completion_scripts import BASH, BODY, HELP, ZSH
from aicore_magics.grammar.values import FILES as _FILES
from aicore_magics.grammar.values import endings, fixed_values, usual_endings
from aicore_magics.grammar.words import WrongUse

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

SHELLS = ("bash", "zsh")
FILES, FOLDERS = "_jupyter_aicore_files", "_jupyter_aicore_folders"
VARIABLES, PROFILES = "_jupyter_aicore_variables", "_jupyter_aicore_profiles"
WORDS = "_jupyter_aicore_words"


def script(words: list[str]) -> str:
    """Give the script for the shell that *words* name. Raises WrongUse if they name none."""
    if words and words[0] in ("--help", "-h"):
        return HELP
    if len(words) != 1 or words[0] not in SHELLS:
        raise WrongUse(f"completion takes {' or '.join(SHELLS)}; jupyter aicore completion --help shows how.")
    body = BODY.format(
        commands=" ".join((*commands().subcommands, "--help", "--version")),
        nested=" ".join((*template_commands().subcommands, "--help")),
        template=TEMPLATE,
        values="\n".join(_values()),
        arguments="\n".join(_arguments()),
    )
    return f"{BASH if words == ['bash'] else ZSH}\n{body}"


def _parsers() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Each command with what reads its options."""
    from aicore_magics.sandbox.__main__ import make_parser

    own = {"sandbox": make_parser}
    for name in commands().subcommands:
        if name not in (TEMPLATE, "completion"):
            yield name, own.get(name, lambda name=name: commands().parser(name))()
    for name in template_commands().subcommands:
        yield f"{TEMPLATE} {name}", template_commands().parser(name)


def _values() -> Iterator[str]:
    """For each option that takes a value, what completes it; nothing, if that is not known."""
    for command, parser in _parsers():
        for action in parser._actions:  # noqa: SLF001 - argparse has no other list of them
            if action.option_strings and action.nargs != 0:
                option = f"{command} {action.option_strings[-1]}"
                yield _case(option, _completer(command, action))
                if "=]" in f"{action.metavar}":  # what may stand behind a first part, as in REGISTRY=VAR
                    yield _case(f"{option}=", _completer(command, action))
    yield _case("completion completion", f"{WORDS} {shlex.quote(' '.join(SHELLS))}")


def _arguments() -> Iterator[str]:
    """For each command its options, and what its arguments are."""
    for command, parser in _parsers():
        options = [option for action in parser._actions for option in action.option_strings]  # noqa: SLF001
        named = [action for action in parser._actions if not action.option_strings]  # noqa: SLF001
        words = f"{WORDS} {shlex.quote(' '.join(option for option in options if option.startswith('--')))}"
        completer = _completer(command, named[0]) if named else ":"
        yield _case(command, words if completer == ":" else f"_jupyter_aicore_either {completer} || {words}")


def _case(pattern: str, does: str) -> str:
    return f"    {shlex.quote(pattern)}) {does} ;;"


def _completer(command: str, action: argparse.Action) -> str:
    """What completes the value of *action* of *command*; a colon, which does nothing, where none is known."""
    metavar = str(action.metavar)
    if words := fixed_values(action):
        return f"{WORDS} {shlex.quote(' '.join(words))}"
    if action.dest == "profile":
        return PROFILES
    if metavar.endswith("VAR"):
        return VARIABLES
    if metavar == "DIR":
        return FOLDERS
    if metavar not in _FILES:
        return ":"
    needed, usual = endings(command, action), usual_endings(command, action)
    return " ".join((FILES, *needed) if needed else (f"{FILES}_first", *usual) if usual else (FILES,))
