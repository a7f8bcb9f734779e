"""Passwords on the standard input of a command that logs in: `echo … | docker login --password-stdin`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PROGRAMS = r"(?:docker|podman|buildah|nerdctl|helm|oras|crane|skopeo|regctl|singularity|apptainer|gh|az|oc)"
_GIVEN = r"""(?:(?P<open>["'])(?P<quoted>[^"'\n]{1,4096})["']|(?P<bare>[^\s"'`|<)]{1,4096}))"""
_BREAK = r"(?:[ \t]|\\\r?\n){0,16}"
_FORMAT = r"(?:(?:-[neE]{1,3}|--|-NoNewline|[\"']?%s(?:\\{1,2}n)?[\"']?)[ \t]{1,8}){0,2}"
# Matches `| base64 -d `, behind what it decodes.
_DECODED = (
    rf"(?:\|{_BREAK}(?:base64[ \t]{{1,8}}-(?:d|D|-decode)"
    rf"|tr[ \t]{{1,8}}-d[ \t][^|\n]{{1,20}}){_BREAK}){{0,2}}"
)
# Matches `echo "abc" | docker`; does not match `cat token.txt | docker`.
_PIPED = re.compile(
    rf"(?:(?<![\w.-])(?:echo|printf|Write-Output|Write-Host)[ \t]{{1,8}}{_FORMAT}"
    r"|(?:\A|[\n!;])[ \t]{0,8}(?=[\"']))"
    rf"{_GIVEN}{_BREAK}{_DECODED}\|{_BREAK}(?:sudo[ \t]{{1,8}})?(?:[\w./\\-]{{0,60}}[/\\])?(?={_PROGRAMS}\b)"
)
_LOGS_IN = re.compile(rf"(?<![\w-]){_PROGRAMS}(?:\.exe)?\b.*?\blogin\b", re.DOTALL)
# Matches `<<< "abc"`, `<<EOF` with `abc` on the next line, and `< <(echo abc)`; does not match `< token.txt`.
_REDIRECTED = re.compile(
    rf"<<<[ \t]{{0,8}}{_GIVEN}"
    rf"|<[ \t]{{1,8}}<\([ \t]{{0,8}}(?:echo|printf)[ \t]{{1,8}}{_FORMAT}{_GIVEN.replace('P<', 'P<echoed_')}"
    r"|<<-?[ \t]{0,8}[\"']?(?P<end>\w{1,40})[\"']?[^\S\n]{0,8}\n[ \t]{0,40}"
    rf"{_GIVEN.replace('P<', 'P<line_')}[ \t\r]{{0,40}}\n[ \t]{{0,40}}(?P=end)"
)
# Matches `cat <<EOF | docker login` with `abc` on the next line.
_HERE = re.compile(
    r"<<-?[ \t]{0,8}[\"']?(?P<end>\w{1,40})[\"']?[ \t]{0,8}\|(?P<command>[^\n|]{1,400})\n"
    rf"[ \t]{{0,40}}{_GIVEN}[ \t\r]{{0,40}}\n[ \t]{{0,40}}(?P=end)"
)
_LONGEST = 400  # characters of a command
_COMMAND_END = re.compile(r"[|<;\n]")


def given_on_input(text: str) -> Iterator[tuple[int, int]]:
    """Give where the words stand that *text* gives to a command that logs in."""
    if "login" not in text:
        return
    for given in _PIPED.finditer(text) if "|" in text else ():
        end = _COMMAND_END.search(_joined(text[given.end() : given.end() + _LONGEST]))
        command = text[given.end() : given.end() + (end.start() if end else _LONGEST)]
        if _LOGS_IN.match(command):
            yield _span(given)
    for given in _REDIRECTED.finditer(text) if "<" in text else ():
        before = _joined(text[max(0, given.start() - _LONGEST) : given.start()])
        start = max(before.rfind(sign) for sign in "|<;\n") + 1
        if _LOGS_IN.search(before, start):
            yield _span(given)
    for given in _HERE.finditer(text) if "<<" in text else ():
        if _LOGS_IN.search(given["command"]):
            yield _span(given)


def _joined(text: str) -> str:
    """*text* with its lines in one where a backslash joins them, each character in its place."""
    return re.sub(r"\\\r?\n", lambda joined: " " * len(joined[0]), text)


def _span(given: re.Match[str]) -> tuple[int, int]:
    groups = ("quoted", "bare", "echoed_quoted", "echoed_bare", "line_quoted", "line_bare")
    return next(given.span(group) for group in groups if given.groupdict().get(group) is not None)
