"""What can stand behind the words of a line: an argument's value, and options that are not given yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.grammar.together import idle

if TYPE_CHECKING:
    from argparse import Action
    from collections.abc import Sequence

    from aicore_magics.grammar.parsing import Parser

# What stands only without a name.
_INSTEAD_OF_A_NAME = "--position"


@dataclass(frozen=True)
class Expected:
    """What can come next: the value of *argument*, if one is due or may be, and *options*.

    *behind*: the argument is an option, so nothing else can stand here.
    """

    argument: Action | None
    options: tuple[str, ...]
    behind: bool = False


def expected(parser: Parser, words: Sequence[str]) -> Expected:
    """Return what can stand behind *words*, which follow the subcommand of *parser*."""
    arguments = [action for action in parser.arguments() if not action.option_strings]
    known = {option: action for action in parser.arguments() for option in action.option_strings}
    given: list[Action] = []
    named = 0
    due: Action | None = None
    for word in words:
        option, equals, _ = word.partition("=")
        may_be_left_out = due is not None and due.nargs == "?"
        if due and not (may_be_left_out and word.startswith("-")):
            due = None
        elif option in known:
            given.append(known[option])
            due = None if equals else parser.argument(option)
        elif not word.startswith("-"):
            named += 1
    if due and due.nargs != "?":
        return Expected(due, (), behind=True)
    options = tuple(
        option
        for option, action in known.items()
        if _may_follow(parser, action, given) and not (named and option == _INSTEAD_OF_A_NAME)
    )
    several = bool(arguments) and arguments[-1].nargs in ("+", "*")
    argument = arguments[min(named, len(arguments) - 1)] if several or named < len(arguments) else None
    return Expected(due or argument, options)


def _may_follow(parser: Parser, action: Action, given: list[Action]) -> bool:
    """Whether *action* was not given yet, or may be given again, and fits what was given."""
    several = isinstance(action.default, list)
    if action in given and not several:
        return False
    rivals = (rival for group in parser.rivals() if action in group for rival in group if rival is not action)
    if any(rival in given for rival in rivals):
        return False
    subcommand = parser.prog.rpartition(" ")[2]
    before = [each.option_strings[0] for each in given]
    return {*idle(subcommand, [*before, *action.option_strings])} <= {*idle(subcommand, before)}
