"""What %aicore_rotate takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import Grammar, Subcommand, no_arguments

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


def _of_tenant(parser: Parser) -> None:
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="only that tenant; sandbox:NAME. Default: all tenants in the record of this machine",
    )


ROTATE = Grammar(
    "aicore_rotate",
    "Know when registry logins end, before a pull fails.",
    {
        "due": Subcommand(
            "Show which logins end when, and the next 90 days. Needs no connection.",
            no_arguments,
            in_notebook=_of_tenant,
            asks_tenant=False,
            examples=("due", "due --profile prod"),
        ),
    },
    examples=("due", "due --profile prod"),
)
