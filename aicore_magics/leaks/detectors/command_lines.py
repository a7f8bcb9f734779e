"""Passwords on command lines, in URLs and in headers: `docker login -p …`, `https://user:…@host`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.detectors.judge import SHORTEST_PASSWORD, login_in_base64
from aicore_magics.leaks.detectors.keywords import small_letters
from aicore_magics.leaks.detectors.match import Match
from aicore_magics.leaks.detectors.standard_input import given_on_input
from aicore_magics.leaks.detectors.string_literals import QUOTE, literal_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.files.json_spans import Span

# Matches `--password=`, `-p ` and `"--token", `; does not match `--password-stdin` or `my-p `.
_JOINED = r"(?:\\\r?\n[ \t]{0,80})"  # the end of a line that goes on
_OPTION = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<long>--(?:docker-|registry-|dest-|src-|dest-registry-|src-registry-|oauth2-)?"
    r"(?:password|passwd|pass|token|bearer))"
    r"|(?P<short>-p)|(?P<creds>--(?:src-|dest-)?creds)|(?P<user>-u|-U|-a|--(?:proxy-)?user|--auth)"
    rf")(?:={_JOINED}?|[ \t]{{1,16}}{_JOINED}?|{_JOINED}|(?P<listed>{QUOTE}[ \t]{{0,4}},[ \t]{{0,4}})"
    r"|(?<=-p)(?=[\"']?[^\s=\"',\\-])|(?<=-u)(?=[^\s=\"',\\:-]{1,100}:))"
)
_OPENING = re.compile(rf"(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})")
_WORD = re.compile(r"""[^\s"'`\\;|&<>)]{1,4096}""")
_VARIABLE = re.compile(r"\{([A-Za-z_]\w{0,80})\}|\$\{?([A-Za-z_]\w{0,80})\}?")
_LISTED_VARIABLE = re.compile(r"([A-Za-z_]\w{0,80})\s{0,8}[,\]]")
_NUMBERS = re.compile(r"[\d.:\[\]-]*:[\d-]+(?:/(?:tcp|udp))?")  # `-p 8080:80`, `-u 1000:1000`
_THEN = rf"(?:[ \t]{{1,8}}|{QUOTE}[ \t]{{0,4}},\s{{0,40}}{QUOTE})"  # between two words of a command
_OPTIONS = (
    rf"(?:{_THEN}--?[\w-]{{1,40}}(?:=[^\s\"',]{{1,200}})?(?:{_THEN}[^\s\"',-][^\s\"',]{{0,200}})?){{0,4}}"
)
# What begins a line that has the option with a password. `-p` is one only behind the subcommand `login`.
_TAKES = {
    # Matches `docker login `; does not match `psql `.
    "long": re.compile(
        "aicore_|docker|podman|buildah|skopeo|nerdctl|oras|crane|helm|regctl|apptainer|singularity|cosign|curl"
    ),
    # Matches `docker login` and `docker --debug login`; does not match `docker run` or `my-docker login`.
    "short": re.compile(
        r"aicore_|(?<![\w.-])(?:docker|podman|buildah|skopeo|nerdctl|oras|crane|helm|regctl|apptainer|cosign"
        rf"|singularity|az|cf|oc|\{{\w{{1,40}}\}}|\$\w{{1,40}})(?:\.exe)?{_OPTIONS}"
        rf"(?:{_THEN}(?:registry|auth|acr|remote))?{_THEN}login(?![\w.-])"
        rf"|(?<![\w.-])(?:twine{_THEN}upload|sshpass)(?![\w.-])"
    ),
    "creds": re.compile(r"(?<![\w.-])(?:skopeo|podman|buildah)(?![\w.-])"),
    "user": re.compile(r"(?<![\w.-])(?:curl|wget|httpie|https?)(?![\w.:/-])"),
}
_LONGEST_LINE = 2_000
_LINE_END = re.compile("\n")
# Matches `"--password-stdin"], input="`; does not match `"--password-stdin"], input=word`.
_INPUT = re.compile(
    rf"--password-stdin{QUOTE}[^=]{{0,200}}?\binput[ \t]?=[ \t]?"
    rf"(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
)
_URL = re.compile(
    r"""://(?P<user>[^\s/:@"'<>\\]{0,200}):(?P<password>[^\s/@"'<>\\]{1,1000})@(?P<host>[\w\[{$<.-][\w.-]{0,200})"""
)
_HERE = re.compile(r"(?i)(?:localhost|host\.docker\.internal|127(?:\.\d{1,3}){3}|0\.0\.0\.0|[\w-]+)\.?\Z|\[")
# Matches `Authorization: Bearer abcdefgh` and `"authorization": "Basic YTpiYzpk`; does not match
# `Authorization: Bearer abc`, which is too short.
_HEADER = re.compile(
    rf"(?i)authorization{QUOTE}?\]?[ \t]{{0,4}}[:=,][ \t]{{0,4}}(?:[fr]?{QUOTE})?"
    r"(?P<scheme>basic|bearer)[ \t]{1,4}(?P<value>[A-Za-z0-9+/=._~-]{8,})"
)


def command_hits(text: str, small: str) -> Iterator[Match]:
    """Find passwords that were given to a program on its command line in *text*, *small* in small letters."""
    for option in _with_password(text, small):
        spans = _argument(text, option)
        value = "".join(text[start:end] for start, end in spans)
        if len(value) >= SHORTEST_PASSWORD and not is_placeholder(value) and not value.startswith("-"):
            yield from (Match(*span, "command-password") for span in spans)
    for start, end in given_on_input(text):
        yield from _unless_placeholder(start, end, text[start:end], "command-password")
    for opening in _INPUT.finditer(text):
        for start, end in literal_spans(text, opening):
            yield from _unless_placeholder(start, end, text[start:end], "command-password")


def variables_in_commands(text: str) -> set[str]:
    """Give the names of the variables that stand for a password on a command line in *text*."""
    small = small_letters(text)
    named = [
        _LISTED_VARIABLE.match(text, option.end())
        if option["listed"]
        else _VARIABLE.fullmatch("".join(text[start:end] for start, end in _argument(text, option)))
        for option in _with_password(text, small)
    ]
    named += [_VARIABLE.fullmatch(text, *span) for span in given_on_input(text)]
    return {next(filter(None, name.groups())) for name in named if name}


def _with_password(text: str, small: str) -> list[re.Match[str]]:
    """The options that take a password where they stand."""
    options = list(_OPTION.finditer(text))
    if not options:
        return []
    programs = _Programs(text, small)
    return [option for option in options if programs.expect(option)]


class _Programs:
    """Where programs stand in a text that take a password on their command line."""

    def __init__(self, text: str, small: str) -> None:
        self._text = text
        self._starts: dict[tuple[str, ...], list[int]] = {}
        self._ends = {
            group: [begun.end() for begun in begins.finditer(small)] for group, begins in _TAKES.items()
        }

    def expect(self, option: re.Match[str]) -> bool:
        """Whether what begins the line of *option* takes a password there: `docker run -p 80:80` does not."""
        ends = next(ends for group, ends in self._ends.items() if option[group])
        first = bisect_left(ends, self._line_start(option))
        own = option[0].startswith("--docker-")
        return own or (first < len(ends) and ends[first] <= option.start())

    def _line_start(self, option: re.Match[str]) -> int:
        """Where its line begins, with what a backslash or the commas of a list join to it."""
        joins = (",", "[", "\\") if option["listed"] else ("\\",)
        if joins not in self._starts:
            self._starts[joins] = [0, *_line_starts(self._text, joins)]
        starts = self._starts[joins]
        first = starts[bisect_right(starts, option.start()) - 1]
        return max(first, option.start() - _LONGEST_LINE)


def _line_starts(text: str, joins: tuple[str, ...]) -> Iterator[int]:
    """Where the lines of *text* begin that are joined to none before."""
    for end in _LINE_END.finditer(text):
        if not text[max(0, end.start() - 8) : end.start()].rstrip(" \t\r").endswith(joins):
            yield end.end()


def address_hits(text: str) -> Iterator[Match]:
    """Find passwords in URLs, and logins and tokens in Authorization headers."""
    for url in _URL.finditer(text):
        # As a database has it that only runs here: postgres:postgres@localhost.
        if url["user"] == url["password"] and _HERE.match(url["host"]):
            continue
        yield from _unless_placeholder(*url.span("password"), url["password"], "url-password")
    for header in _HEADER.finditer(text):
        value = header["value"]
        if header["scheme"].lower() == "bearer":
            fits, kind = looks_random(value), "bearer-token"
        else:
            login = login_in_base64(value)
            fits, kind = login is not None and not is_placeholder(login[1]), "basic-login"
        if fits:
            yield from _unless_placeholder(*header.span("value"), value, kind)


def _argument(text: str, option: re.Match[str]) -> list[Span]:
    """Where the password stands that *option* gives, without the user before it. Numbers are ports or ids."""
    opening = _OPENING.match(text, option.end())
    word = None if opening or option["listed"] else _WORD.match(text, option.end())
    spans = (
        literal_spans(text, opening, spaced=bool(option["listed"]))
        if opening
        else [word.span()]
        if word
        else []
    )
    if not spans or _NUMBERS.fullmatch(text, *spans[0]):
        return []
    if option["creds"] or option["user"]:
        colon = text.find(":", *spans[0])
        return [(colon + 1, spans[0][1]), *spans[1:]] if colon >= 0 else []
    return spans


def _unless_placeholder(start: int, end: int, value: str, kind: str) -> Iterator[Match]:
    if not is_placeholder(value) and not value.startswith("-"):
        yield Match(start, end, kind)
