"""The subcommands of the magics and their options, each with its help."""

from __future__ import annotations

import argparse
import difflib
import functools
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from aicore_magics.jupyter.parsing import Parser

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = "aicore_docker_secret"
CONNECT = "aicore_connect"

SUBCOMMANDS = {
    "create": "Store a new secret. Refuses if the name is taken. Alone, it opens the form, or asks.",
    "apply": "Store a secret, new or not, and say which it was.",
    "update": "Replace every login in a secret, for the whole tenant.",
    "list": "All names.",
    "show": "Exists or not, and the lines that name it in a template.",
    "delete": "Delete a secret for the whole tenant. Asks first.",
    "quota": "How many secrets the tenant holds, and may hold.",
    "check": "Would this login pull this image? Asks the registry, stores nothing.",
    "form": "A form that does the same, with every check while you type.",
}
_SEVERAL: dict[str, Any] = {"action": "append", "default": []}


def subcommand(words: list[str]) -> str:
    """Give the subcommand that *words* begin with; raise UsageError with the nearest one if there is none."""
    if words[0] in SUBCOMMANDS:
        return words[0]
    near = difflib.get_close_matches(words[0], SUBCOMMANDS, n=1)
    guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(SUBCOMMANDS)}."
    raise UsageError(f"%{SECRET} has no such subcommand; {guess}")


@functools.cache
def connect_parser() -> Parser:
    """Give the parser of %aicore_connect."""
    parser = _parser(
        f"%{CONNECT}", "Connect this notebook to an AI Core tenant, and say what was found where."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--service-key", metavar="FILE", help="a downloaded service key, and that alone")
    where.add_argument("--profile", metavar="NAME", help="that config file of SAP's SDK, and that alone")
    where.add_argument("--sandbox", action="store_true", help="a pretend AI Core in this kernel, no account")
    where.add_argument("--status", action="store_true", help="what this notebook is connected to")
    where.add_argument("--disconnect", action="store_true", help="forget the connection")
    parser.add_argument("--resource-group", metavar="NAME", help="for calls that need one; default: default")
    parser.add_argument(
        "--ca-file", metavar="FILE", help="your company's CA; also read from REQUESTS_CA_BUNDLE"
    )
    _timeout(parser)
    return parser


@functools.cache
def secret_parser(name: str) -> Parser:
    """Give the parser of the subcommand *name* of %aicore_docker_secret."""
    parser = _parser(f"%{SECRET} {name}", SUBCOMMANDS[name])
    _ADD_ARGUMENTS[name](parser)
    if name == "form":
        _help(parser)
    else:
        parser.add_argument("--profile", metavar="NAME", help="use that tenant for this one call")
        _timeout(parser)
    return parser


def secret_help() -> str:
    """Give the help of %aicore_docker_secret as a whole."""
    rows = [f"  {name:8}  {summary}" for name, summary in SUBCOMMANDS.items()]
    return "\n".join(
        [
            f"usage: %{SECRET} SUBCOMMAND …",
            "",
            "Docker registry secrets of an AI Core tenant: the logins it pulls private images with.",
            "",
            *rows,
            "",
            f"%{SECRET} SUBCOMMAND --help shows the options of each.",
        ]
    )


def _parser(prog: str, description: str) -> Parser:
    return Parser(
        prog=prog,
        usage=None,
        description=description,
        add_help=False,
        allow_abbrev=False,
        formatter_class=functools.partial(argparse.HelpFormatter, max_help_position=32, width=100),
    )


def _timeout(parser: Parser) -> None:
    parser.add_argument("--timeout", metavar="SECONDS", help="limit for the whole call; default: 60")
    _help(parser)


def _help(parser: Parser) -> None:
    parser.add_argument("--help", action="store_true", help="show this")


def _name(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the secret")


def _login(parser: Parser) -> None:
    """What create, apply and update take."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="name of the secret")
    _which_login(parser)
    _where_from(parser)
    parser.add_argument("--no-check", action="store_true", help="store without asking the registry")
    _how_to_check(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="show the request, secret masked; send nothing"
    )
    parser.add_argument(
        "--as", dest="form", metavar="curl|http", default="", help="with --dry-run: as a script"
    )


def _check(parser: Parser) -> None:
    _which_login(parser)
    _where_from(parser)
    _how_to_check(parser)
    parser.add_argument("--strict", action="store_true", help="fail where create would refuse")


def _which_login(parser: Parser) -> None:
    parser.add_argument("--registry", metavar="HOST", default="", help="any spelling; default: from --image")
    parser.add_argument("--username", metavar="USER", default="", help="the account name")
    parser.add_argument("--login", metavar="REGISTRY=USER", help="several registries; repeatable", **_SEVERAL)
    parser.add_argument("--image", metavar="REF", help="an image it must pull; repeatable", **_SEVERAL)


def _where_from(parser: Parser) -> None:
    """Where the login is. With none of these, its password is asked for."""
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--password-env",
        metavar="[REGISTRY=]VAR",
        help="the environment variable that holds the password; repeatable with REGISTRY=",
        **_SEVERAL,
    )
    source.add_argument("--password-file", metavar="PATH", default="", help="the file that holds it")
    source.add_argument("--keyring", metavar="SERVICE", default="", help="the service in the keyring")
    source.add_argument(
        "--docker-login",
        action="store_true",
        help="what docker login or podman login left; lists it where no registry is named",
    )
    source.add_argument(
        "--from-file",
        metavar="PATH",
        default="",
        help="a docker config.json, a Kubernetes Secret, or the body of AI Core's API",
    )
    parser.add_argument("--all", action="store_true", help="with --from-file: all its logins")


def _how_to_check(parser: Parser) -> None:
    parser.add_argument(
        "--realm", metavar="HOST", help="a host that the login may be sent to for a token", **_SEVERAL
    )
    parser.add_argument("--ca-file", metavar="FILE", default="", help="your company's CA, for the registry")


def _delete(parser: Parser) -> None:
    _name(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _form(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="the secret to replace")


def _nothing(parser: Parser) -> None:
    """Subcommands without arguments of their own."""


_ADD_ARGUMENTS: dict[str, Callable[[Parser], None]] = {
    "create": _login,
    "apply": _login,
    "update": _login,
    "list": _nothing,
    "show": _name,
    "delete": _delete,
    "quota": _nothing,
    "check": _check,
    "form": _form,
}
