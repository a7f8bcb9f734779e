"""The options of `%aicore_template workflow` and `serving`, and what the two functions take from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.grammar.grammar import SEVERAL
from aicore_magics.templates.generate import options
from aicore_magics.templates.generate.option_table import options_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from aicore_magics.templates.generate.option_table import TemplateKind


def add_template_options(parser: ArgumentParser, kind: TemplateKind) -> None:
    """Add what a template of that *kind* can be made of."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="id of the executable")
    for option in options_of(kind):
        how: dict[str, Any] = {"default": "", "metavar": option.metavar}
        if not option.metavar:
            how = {"action": "store_true"}
        elif option.several:
            how = {"metavar": option.metavar, **SEVERAL}
        parser.add_argument(option.flag, dest=option.key, help=option.help, **how)


def workflow_arguments(namespace: Namespace) -> dict[str, Any]:
    """Give what `workflow_template` takes."""
    return options.workflow_arguments(vars(namespace))


def serving_arguments(namespace: Namespace) -> dict[str, Any]:
    """Give what `serving_template` takes."""
    return options.serving_arguments(vars(namespace))
