"""The commands of `jupyter aicore`: what each takes, and the module that runs it.

What a magic takes as well comes from the same table as the magic's.
"""

from __future__ import annotations

import functools
from importlib import import_module
from typing import TYPE_CHECKING

from aicore_magics.cli.examples import EXAMPLES
from aicore_magics.cli.given_command import GivenCommand
from aicore_magics.cli.tenant import add_names, add_tenant
from aicore_magics.grammar.grammar import Grammar, Subcommand, no_arguments
from aicore_magics.grammar.words import WrongUse

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.cli.formats import Result
    from aicore_magics.grammar.parsing import Parser

    Run = Callable[[Namespace], tuple[Result | None, int]]

HELP = ("--help", "-h", "help")
FORMATS = ("text", "json")
IN_FILES = (*FORMATS, "sarif", "github")  # of what was found in files
TEMPLATE = "template"
# The module, and the name in its table of what runs.
_HOMES = {
    **dict.fromkeys(
        ("check", "create", "apply", "update", "list", "show", "delete", "quota"), "docker_secrets"
    ),
    **dict.fromkeys(("due", "note", "forget"), "records"),
    "rotate": "rotations",
    **dict.fromkeys(("rules", "template check", "template patch"), "templates"),
    **dict.fromkeys(("template workflow", "template serving"), "templates"),
    **dict.fromkeys(("scan", "scrub"), "notebooks"),
    "verify": "verify",
    "tutorials": "tutorials",
}


def run_of(name: str) -> Run:
    """Return what runs the command *name*."""
    run: Run = import_module(f"aicore_magics.cli.{_HOMES[name]}").RUN[name]
    return run


def named(words: list[str]) -> tuple[str, Grammar, list[str]]:
    """Return the command that *words* begin with, the grammar with its last word, and the words after it.

    The command is `template` alone where nothing follows that. Raises WrongUse for one that does not exist.
    """
    grammar = commands()
    command = grammar.name(words)
    if command != TEMPLATE or not words[1:] or words[1] in HELP:
        return command, grammar, words[1:]
    grammar = template_commands()
    return f"{TEMPLATE} {grammar.name(words[1:])}", grammar, words[2:]


def read(words: list[str]) -> tuple[str, Namespace]:
    """Give the command that *words* say, and its options, which have its *line*, too.

    Raises WrongUse for what cannot be read.
    """
    command, grammar, rest = named(words)
    parser = grammar.parser(command.removeprefix(f"{TEMPLATE} "))
    if command == "rotate":
        from aicore_magics.cli.rotations import refuse_words_of_the_magic

        refuse_words_of_the_magic(rest)
    options = parser.read(rest)
    options.line = GivenCommand.of(words)
    if options.format not in options.formats:
        *most, last = options.formats
        raise WrongUse(f"--format takes {', '.join(most)} or {last}; {parser.prog} --help shows how.")
    return command, options


@functools.cache
def commands() -> Grammar:
    """Return the commands."""
    from aicore_magics.grammar.notebook_grammar import NOTEBOOK
    from aicore_magics.grammar.rotate_grammar import ROTATE
    from aicore_magics.grammar.secret_grammar import SECRET

    secret = functools.partial(_shared, SECRET)
    return Grammar(
        "jupyter aicore",
        "Docker registry secrets for SAP AI Core, for the terminal and CI.",
        {
            "check": secret("check"),
            "create": secret("create", summary="Create a secret. Refuses if the name is taken."),
            **{name: secret(name) for name in ("apply", "update", "list", "show", "delete", "quota")},
            "due": _shared(
                ROTATE,
                "due",
                summary="Show which logins end when. Asks no tenant. Exit status 1 if one ended or is due.",
                more=add_names,
            ),
            "rotate": Subcommand(
                "Replace one login in all secrets of a plan: tested first, and in a record.",
                _rotate,
                asks_tenant=False,
                examples=EXAMPLES["rotate"],
            ),
            "note": secret("note"),
            "forget": secret("forget", more=add_names),
            TEMPLATE: Subcommand("Make, check and fix templates.", no_arguments, asks_tenant=False),
            "rules": Subcommand(
                "List the rules of template check. With an ID: its reason and examples.",
                _rules,
                asks_tenant=False,
                examples=EXAMPLES["rules"],
            ),
            "scan": _shared(NOTEBOOK, "scan", formats=IN_FILES),
            "scrub": _shared(NOTEBOOK, "scrub"),
            "sandbox": Subcommand(
                "Start a mock AI Core and registry on this machine.", no_arguments, asks_tenant=False
            ),
            "verify": Subcommand(
                "Check on a tenant what we assume about AI Core's API.",
                _verify,
                asks_tenant=False,
                examples=EXAMPLES["verify"],
            ),
            "tutorials": Subcommand(
                "Copy the tutorials to a folder, to run and to change them.",
                _tutorials,
                asks_tenant=False,
                examples=EXAMPLES["tutorials"],
            ),
            "completion": Subcommand(
                "Print the completion script for bash or zsh.", no_arguments, asks_tenant=False
            ),
        },
        mark="",
        tenant=add_tenant,
        examples=("check --image ghcr.io/acme/churn:1.4 --username anna", "scan ."),
    )


@functools.cache
def template_commands() -> Grammar:
    """Return the commands behind `template`."""
    from aicore_magics.grammar.template_grammar import TEMPLATE as SHARED
    from aicore_magics.grammar.template_grammar import add_out

    template = functools.partial(_shared, SHARED, path=f"{TEMPLATE} ")
    return Grammar(
        f"jupyter aicore {TEMPLATE}",
        "Make, check and fix AI Core templates that use a Docker registry secret.",
        {
            "check": template("check", formats=IN_FILES),
            "patch": template("patch"),
            "workflow": template("workflow", more=add_out),
            "serving": template("serving", more=add_out),
        },
        mark="",
        tenant=add_tenant,
        examples=("check templates", "patch serve.yaml --secret team-ghcr"),
    )


def _shared(
    grammar: Grammar,
    name: str,
    *,
    summary: str = "",
    formats: tuple[str, ...] = FORMATS,
    more: Callable[[Parser], None] = no_arguments,
    path: str = "",
) -> Subcommand:
    """The subcommand *name* of a magic as a command; *path* are the words before it."""
    shared = grammar.subcommands[name]

    def add(parser: Parser) -> None:
        shared.add_arguments(parser)
        more(parser)
        _add_format(parser, formats)

    return Subcommand(summary or shared.summary, add, shared.asks_tenant, examples=EXAMPLES[f"{path}{name}"])


def _add_format(parser: Parser, formats: tuple[str, ...] = FORMATS) -> None:
    parser.add_argument("--format", metavar="|".join(formats), default=formats[0], help="default: text")
    parser.set_defaults(formats=formats)


def _rules(parser: Parser) -> None:
    from aicore_magics.grammar.template_grammar import TEMPLATE as SHARED

    SHARED.subcommands["rules"].add_arguments(parser)
    _add_format(parser)


def _rotate(parser: Parser) -> None:
    from aicore_magics.cli.rotations import add

    add(parser)
    _add_format(parser)


def _tutorials(parser: Parser) -> None:
    from aicore_magics.cli.tutorials import add

    add(parser)
    _add_format(parser)


def _verify(parser: Parser) -> None:
    from aicore_magics.cli.verify import add

    add(parser)
    _add_format(parser)
