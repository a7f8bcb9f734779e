"""Passwords on command lines, in URLs and in headers: `docker login -p …`, `https://user:…@host`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.hit import Hit
from aicore_magics.leaks.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.quoting import QUOTE, value_end
from aicore_magics.leaks.values import SHORTEST_PASSWORD, login_in_base64
from aicore_magics.leaks.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPTION = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<long>--(?:docker-|registry-|dest-|src-|dest-registry-|src-registry-)?(?:password|passwd|pass|token))"
    r"|(?P<short>-p)|(?P<pair>--(?:src-|dest-)?creds|-u|--user)"
    rf")(?:(?:=|[ \t]{{1,16}})(?P<open>{QUOTE})?|{QUOTE}[ \t]{{0,4}},[ \t]{{0,4}}(?P<listed>{QUOTE}))"
)
_WORD = re.compile(r"""[^\s"'\\;|&<>)]{1,4096}""")
# What begins a line that has the option with a password.
_TAKES = {
    "long": [
        "aicore_",
        "docker",
        "podman",
        "buildah",
        "skopeo",
        "nerdctl",
        "oras",
        "crane",
        "helm",
        "regctl",
        "apptainer",
        "singularity",
        "cosign",
    ],
    "short": ("login", "aicore_"),
    "pair": ("curl", "wget", "httpie", "skopeo", "podman", "buildah"),
}
_LONGEST_LINE = 2_000
_PIPED = re.compile(
    r"(?:echo|printf)[ \t]{1,8}(?:-n[ \t]{1,8})?"
    r"(?:(?P<open>[\"'])(?P<quoted>[^\"'\n]{1,4096})[\"']|(?P<bare>[^\s\"'|]{1,4096}))[ \t]{0,8}\|"
    r"[ \t]{0,8}(?:sudo[ \t]{1,8})?(?:docker|podman|buildah|nerdctl|helm|oras|crane|skopeo)\b"
    r"[^|\n]{0,400}?\blogin\b"
)
_URL = re.compile(r"""://(?P<user>[^\s/:@"'<>\\]{0,200}):(?P<password>[^\s/@"'<>\\]{1,1000})@[\w\[{$<.-]""")
_HEADER = re.compile(
    rf"(?i)authorization{QUOTE}?\]?[ \t]{{0,4}}[:=,][ \t]{{0,4}}(?:[fr]?{QUOTE})?"
    r"(?P<scheme>basic|bearer)[ \t]{1,4}(?P<value>[A-Za-z0-9+/=._~-]{8,})"
)


def command_hits(text: str, small: str) -> Iterator[Hit]:
    """Find passwords that were given to a program on its command line in *text*, *small* in small letters."""
    options = list(_OPTION.finditer(text))
    programs = _Programs(text, small) if options else None
    for option in options:
        start, end = _argument(text, option)
        value = text[start:end]
        if option["pair"]:
            start, value = start + value.find(":") + 1, value.partition(":")[2]
        if programs and len(value) >= SHORTEST_PASSWORD and programs.expect(option):
            yield from _unless_placeholder(start, end, value, "command-password")
    for piped in _PIPED.finditer(text):
        group = "quoted" if piped["open"] else "bare"
        yield from _unless_placeholder(*piped.span(group), piped[group], "command-password")


class _Programs:
    """Where programs stand in a text that take a password on their command line."""

    def __init__(self, text: str, small: str) -> None:
        self._text = text
        self._words = {group: Words(small, words) for group, words in _TAKES.items()}

    def expect(self, option: re.Match[str]) -> bool:
        """Whether what begins the line of *option* takes a password there: `docker run -p 80:80` does not."""
        group = next(group for group in _TAKES if option[group])
        own = option[0].startswith("--docker-")
        return own or self._words[group].between(self._line_start(option), option.start())

    def _line_start(self, option: re.Match[str]) -> int:
        """Where its line begins, with what a backslash or the commas of a list join to it."""
        joins = (",", "[", "\\") if option["listed"] else ("\\",)
        first = max(0, option.start() - _LONGEST_LINE)
        start = option.start()
        while (start := self._text.rfind("\n", first, start)) >= 0:
            if not self._text[max(first, start - 8) : start].rstrip(" \t\r").endswith(joins):
                return start + 1
        return first


def address_hits(text: str) -> Iterator[Hit]:
    """Find passwords in URLs, and logins and tokens in Authorization headers."""
    for url in _URL.finditer(text):
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


def _argument(text: str, option: re.Match[str]) -> tuple[int, int]:
    start = option.end()
    quote = option["open"] or option["listed"]
    if quote:
        return start, max(start, value_end(text, start, quote))
    word = _WORD.match(text, start)
    return start, word.end() if word else start


def _unless_placeholder(start: int, end: int, value: str, kind: str) -> Iterator[Hit]:
    if not is_placeholder(value) and not value.startswith("-"):
        yield Hit(start, end, kind)
