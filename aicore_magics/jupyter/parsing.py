"""From the line behind a magic to its options: argparse under shlex, and misuse as one plain red line.

No message repeats what was typed: it may have been a password in the wrong place.
"""

from __future__ import annotations

import argparse
import difflib
import functools
import re
import shlex
from typing import TYPE_CHECKING, Any, NoReturn

from IPython.core.error import UsageError

from aicore_magics.redact import token_kind
from aicore_magics.timing import TIME_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LONGEST = 3600  # seconds that a call may be allowed
PASSWORD_OPTIONS = ("-p", "--password", "--passwd", "--pass", "--pw", "--token")
SECRET = "aicore_docker_secret"
CONNECT = "aicore_connect"

SUBCOMMANDS = {
    "create": "Store a new secret. Refuses if the name is taken. Alone, it asks for everything.",
    "apply": "Store a secret, new or not, and say which it was.",
    "update": "Replace every login in a secret, for the whole tenant.",
    "list": "All names.",
    "show": "Exists or not, and the lines that name it in a template.",
    "delete": "Delete a secret for the whole tenant. Asks first.",
    "quota": "How many secrets the tenant holds, and may hold.",
}


# The only message of argparse here that quotes what was typed: there are no types and no choices.
_QUOTED = re.compile(r"ignored explicit argument .*", re.DOTALL)


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that raises UsageError, takes no abbreviations and never repeats a value."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with argparse's words, without the value that some of them quote."""
        said = _QUOTED.sub("takes no value", message)
        raise UsageError(f"{said}; {self.prog} --help shows how.")

    def read(self, words: list[str]) -> argparse.Namespace:
        """Give the options in *words*, or raise UsageError."""
        options, extra = self.parse_known_args(words)
        if extra:
            self.error(_too_much(extra, self.option_names()))
        options.timeout = _seconds(options.timeout)
        _check_form(options)
        return options

    def option_names(self) -> tuple[str, ...]:
        """The long options, as typed."""
        return tuple(option for option in self._option_string_actions if option.startswith("--"))


def split(line: str, variables: Mapping[str, Any]) -> list[str]:
    """Split *line* as a POSIX shell would, with the backslash left alone, and put in variables.

    Only a word that is exactly `{name}` is replaced, by that variable. Raises UsageError for a quote that
    does not end, for a variable that is not there, and for a password or token on the line.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.escape = lexer.commenters = ""
    words: list[str] | None
    try:
        words = list(lexer)
    except ValueError:
        words = None
    if words is None:
        raise UsageError("a quote on this line does not end.")
    refuse_secrets(words)
    return [_variable(word, variables) for word in words]


def refuse_secrets(words: list[str]) -> None:
    """Raise UsageError if *words* hold a password or a token: from now on the history has it."""
    for before, word in zip(["", *words], words, strict=False):
        option = word.partition("=")[0]
        if option in PASSWORD_OPTIONS or (word.startswith("-p") and not word.startswith("--")):
            raise UsageError(
                f"{option[:2] if option.startswith('-p') else option} is refused; "
                "its value is now in the history: revoke it, then run without it."
            )
        if kind := token_kind(word):
            what = f"the value of {before}" if before.startswith("--") else "the name"
            raise UsageError(f"{what} looks like {kind}, now in the history: revoke it, choose another.")


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


def _check_form(options: argparse.Namespace) -> None:
    """Refuse --as with another word, or without --dry-run."""
    form = getattr(options, "form", "")
    if form and not (form in ("curl", "http") and options.dry_run):
        raise UsageError("--as takes curl or http, and goes with --dry-run.")


def _seconds(text: str | None) -> float:
    """Read the value of --timeout."""
    try:
        value = float(text) if text is not None else TIME_LIMIT
    except ValueError:
        value = 0.0
    if not 0 < value <= LONGEST:
        raise UsageError(f"--timeout takes seconds, from 1 to {LONGEST}.")
    return value


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
    parser.add_argument("--help", action="store_true", help="show this")


def _name(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", help="name of the secret")


def _login(parser: Parser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="name of the secret")
    parser.add_argument("--registry", metavar="HOST", default="", help="any spelling; default: from --image")
    parser.add_argument("--username", metavar="USER", default="", help="the account name")
    several: Any = {"action": "append", "default": []}
    parser.add_argument("--login", metavar="REGISTRY=USER", help="several registries; repeatable", **several)
    parser.add_argument("--image", metavar="REF", help="an image it must pull; repeatable", **several)
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--password-env",
        metavar="[REGISTRY=]VAR",
        help="the environment variable that holds the password; repeatable with REGISTRY=",
        **several,
    )
    source.add_argument("--password-file", metavar="PATH", default="", help="the file that holds it")
    source.add_argument(
        "--from-file",
        metavar="PATH",
        default="",
        help="a docker config.json, a Kubernetes Secret, or the body of AI Core's API",
    )
    parser.add_argument("--all", action="store_true", help="with --from-file: all its logins")
    parser.add_argument(
        "--dry-run", action="store_true", help="show the request, secret masked; send nothing"
    )
    parser.add_argument(
        "--as", dest="form", metavar="curl|http", default="", help="with --dry-run: as a script"
    )


def _delete(parser: Parser) -> None:
    _name(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


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
}


def _variable(word: str, variables: Mapping[str, Any]) -> str:
    name = word[1:-1]
    if not (word.startswith("{") and word.endswith("}") and name.isidentifier()):
        return word
    if name not in variables:
        raise UsageError("a word in braces stands for a Python variable, and there is none of that name.")
    return str(variables[name])


def _too_much(extra: list[str], options: Iterable[str]) -> str:
    """Say what is not understood, by the nearest option, never by what was typed."""
    typed = next((word.partition("=")[0] for word in extra if word.startswith("-")), None)
    if typed is None:
        return f"{len(extra)} word{'s' if len(extra) > 1 else ''} too many on the line"
    near = difflib.get_close_matches(typed, list(options), n=1)
    return f"no such option; did you mean {near[0]}?" if near else "no such option"
