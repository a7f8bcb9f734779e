"""Passwords that are given to a function by their position: `client.login("anna", "…")`, `Secret("…")`.

And those in variables, of whatever name, that a command line takes: `pw = "…"`, `docker login -p {pw}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.judge import judged, kind_of
from aicore_magics.leaks.detectors.keywords import REGISTRY, Words
from aicore_magics.leaks.detectors.match import Match
from aicore_magics.leaks.detectors.string_literals import QUOTE, between, literal_spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

# `Secret` is this project's own type: what it is made of has come by way of the source.
_SECRET = re.compile(r"""(?<![\w.])Secret\(\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])""")
# docker-py, requests and httpx: the user first, then the password.
# Matches `client.login("anna", "`; does not match `client.login(user, "`.
_LOGIN = re.compile(
    r"""(?:\.login|BasicAuth|\bauth\s{0,4}=\s{0,4})\(\s{0,16}["'][^"'\n]{0,200}["']\s{0,4},"""
    r"""\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])"""
)
# Matches `RegistryLogin("ghcr.io", "anna", "`; does not match `RegistryLogin(host, "anna", "`.
_REGISTRY_LOGIN = re.compile(
    r"""RegistryLogin\((?:\s{0,16}["'][^"'\n]{0,200}["']\s{0,4},){2}"""
    r"""\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])"""
)
# PowerShell. Matches `ConvertTo-SecureString "`; does not match `ConvertTo-SecureString $password`.
_SECURE_STRING = re.compile(
    r"""(?i)convertto-securestring[ \t]{1,8}(?:-string[ \t]{1,8})?(?P<prefix>)(?P<open>["'])"""
)
# What a docker config has as its `auth`, before it is put into base64.
_ENCODED = re.compile(r"""b64encode\(\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])""")
_USER = re.compile(r"[^\s:{}\"'\\]{1,200}:")
_TELLING = (".login(", "basicauth(", "auth=(", "auth = (", "b64encode(", "securestring ")


def call_hits(text: str, small: str) -> Iterator[Match]:
    """Find passwords in calls in *text*, which is *small* in small letters."""
    for call in _SECRET.finditer(text) if "secret(" in small else ():
        yield from _given(text, call, about=True)
    for call in _REGISTRY_LOGIN.finditer(text) if "registrylogin(" in small else ():
        yield from _given(text, call, about=True)
    if any(word in small for word in _TELLING):
        words = Words(small, REGISTRY)
        for call in (*_LOGIN.finditer(text), *_SECURE_STRING.finditer(text)):
            yield from _given(text, call, about=words.near(call.start()))
        for call in _ENCODED.finditer(text):
            yield from _behind_user(text, call, about=words.near(call.start()))


def _given(text: str, call: re.Match[str], *, about: bool) -> Iterator[Match]:
    spans = literal_spans(text, call)
    if judged("password", text, spans, call):
        for span in spans:
            yield Match(*span, kind_of("password", about=about))


def _behind_user(text: str, call: re.Match[str], *, about: bool) -> Iterator[Match]:
    start, end = between(text, call)
    user = _USER.match(text, start, max(start, end))
    if user and judged("password", text, [(user.end(), end)], call):
        yield Match(user.end(), end, kind_of("password", about=about))


MAX_NAMES = 50  # of one file


def variable_hits(text: str, names: Collection[str]) -> Iterator[Match]:
    """Find the texts that are given to one of the variables *names* in *text*."""
    present = [re.escape(name) for name in sorted(names)[:MAX_NAMES] if name in text]
    if not present:
        return
    # For the name PW, matches `export PW="` and `PW: str = '` on a line of its own; does not match `MY_PW="`.
    assigned = re.compile(
        rf"(?:\A|[\n;])[ \t]{{0,80}}(?:export[ \t])?(?:{'|'.join(present)})(?:[ \t]{{0,8}}:[^=\n]{{1,40}})?"
        rf"[ \t]{{0,8}}=[ \t]{{0,8}}(?:\(\s{{0,32}})?(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
    )
    for opening in assigned.finditer(text):
        spans = literal_spans(text, opening)
        if judged("password", text, spans, opening):
            yield from (Match(*span, "registry-password") for span in spans)
