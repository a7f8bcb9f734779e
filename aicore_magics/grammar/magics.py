"""What each magic takes, by its name. What the others take is not imported for it: somebody waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.grammar.grammar import Grammar

CONNECT = "aicore_connect"  # which has options and no subcommands


def grammar_of(magic: str) -> Grammar | None:
    """Return what *magic* takes, or None if it has no subcommands, or is none of ours."""
    if magic == "aicore_docker_secret":
        from aicore_magics.grammar.secret_grammar import SECRET

        return SECRET
    if magic == "aicore_template":
        from aicore_magics.grammar.template_grammar import TEMPLATE

        return TEMPLATE
    if magic == "aicore_rotate":
        from aicore_magics.grammar.rotate_grammar import ROTATE

        return ROTATE
    if magic == "aicore_notebook":
        from aicore_magics.grammar.notebook_grammar import NOTEBOOK

        return NOTEBOOK
    return None


def help_of(magic: str, *, cell: bool = False) -> str:
    """Return the help of *magic*, or of its form for a whole *cell*."""
    grammar = grammar_of(magic)
    if grammar is None:
        from aicore_magics.grammar.connect_grammar import connect_parser

        return connect_parser().format_help()
    return grammar.parser(grammar.cell).format_help() if cell else grammar.help()
