"""Passwords that are given to a function by their position: `client.login("anna", "…")`, `Secret("…")`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.hit import Hit
from aicore_magics.leaks.joined import parts
from aicore_magics.leaks.values import between, judged
from aicore_magics.leaks.words import REGISTRY, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

# `Secret` is this project's own type: what it is made of has come by way of the source.
_SECRET = re.compile(r"""(?<![\w.])Secret\(\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])""")
# docker-py, requests and httpx: the user first, then the password.
_LOGIN = re.compile(
    r"""(?:\.login|BasicAuth|\bauth\s{0,4}=\s{0,4})\(\s{0,16}["'][^"'\n]{0,200}["']\s{0,4},"""
    r"""\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])"""
)
_REGISTRY_LOGIN = re.compile(
    r"""RegistryLogin\((?:\s{0,16}["'][^"'\n]{0,200}["']\s{0,4},){2}"""
    r"""\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])"""
)
# What a docker config has as its `auth`, before it is put into base64.
_ENCODED = re.compile(r"""b64encode\(\s{0,16}(?P<prefix>[rbufRBUF]{0,2})(?P<open>["'])""")
_USER = re.compile(r"[^\s:{}\"'\\]{1,200}:")
_TELLING = (".login(", "basicauth(", "auth=(", "auth = (", "b64encode(")


def call_hits(text: str, small: str) -> Iterator[Hit]:
    """Find passwords in calls in *text*, which is *small* in small letters."""
    for call in _SECRET.finditer(text) if "secret(" in small else ():
        yield from _given(text, call, about=True)
    for call in _REGISTRY_LOGIN.finditer(text) if "registrylogin(" in small else ():
        yield from _given(text, call, about=True)
    if any(word in small for word in _TELLING):
        words = Words(small, REGISTRY)
        for call in _LOGIN.finditer(text):
            yield from _given(text, call, about=words.near(call.start()))
        for call in _ENCODED.finditer(text):
            yield from _behind_user(text, call, about=words.near(call.start()))


def _given(text: str, call: re.Match[str], *, about: bool) -> Iterator[Hit]:
    spans = parts(text, call)
    if judged("password", text, spans, call, about=about):
        for span in spans:
            yield Hit(*span, "registry-password")


def _behind_user(text: str, call: re.Match[str], *, about: bool) -> Iterator[Hit]:
    start, end = between(text, call)
    user = _USER.match(text, start, max(start, end))
    if user and judged("password", text, [(user.end(), end)], call, about=about):
        yield Hit(user.end(), end, "registry-password")
