"""What %aicore_connect takes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from aicore_magics.grammar.grammar import add_help, add_timeout, new_parser
from aicore_magics.grammar.magics import CONNECT

if TYPE_CHECKING:
    from aicore_magics.grammar.parsing import Parser


@functools.cache
def connect_parser() -> Parser:
    """Give the parser of %aicore_connect."""
    parser = new_parser(
        f"%{CONNECT}",
        "Connect this notebook to an AI Core tenant. Without options it looks "
        "where SAP's SDK looks: AICORE_* variables, ~/.aicore/config.json, VCAP_SERVICES.",
        (f"%{CONNECT} --sandbox", f"%{CONNECT} --service-key key.json"),
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--service-key", metavar="FILE", help="downloaded service key, such as key.json; only this file"
    )
    where.add_argument(
        "--profile",
        metavar="NAME",
        help="config file of SAP's SDK, such as prod; only this file. Or a sandbox tenant: sandbox:NAME",
    )
    where.add_argument(
        "--sandbox",
        metavar="NAME",
        nargs="?",
        const="",
        help="a mock AI Core in this kernel; no account needed. With NAME: another tenant of it",
    )
    where.add_argument("--status", action="store_true", help="show the connection of this notebook")
    where.add_argument("--disconnect", action="store_true", help="forget the connection")
    parser.add_argument("--resource-group", metavar="NAME", help="for calls that need one; default: default")
    parser.add_argument(
        "--ca-file", metavar="FILE", help="CA certificate of your company (PEM); default: REQUESTS_CA_BUNDLE"
    )
    parser.add_argument(
        "--trust-host",
        metavar="HOST",
        action="append",
        default=[],
        help="host that is not SAP's, such as your company's reverse proxy; repeatable",
    )
    add_timeout(parser)
    add_help(parser)
    return parser
