"""What a value has to look like to be what its name says, and what kind of credential it is then."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.detectors.string_literals import unquoted
from aicore_magics.model.docker_secret import EntryFault, read_auth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.leaks.files.json_spans import Span

SHORTEST_PASSWORD = 4
_SHORTEST_TOKEN = 8
_AWS_SECRET = re.compile(r"[A-Za-z0-9/+]{40}")
# What a name says, and the kind that its value is.
KIND_OF = {
    "client": "client-secret",
    "aws": "aws-secret-key",
    "identity": "identity-token",
    "password": "registry-password",
    "token": "registry-password",
    "auth": "registry-login",
}


def judged(group: str, text: str, spans: Sequence[Span], opening: re.Match[str], *, about: bool) -> bool:
    """Whether the value in the parts *spans* of *text*, behind *opening*, is what *group* says."""
    value = "".join(unquoted(text[start:end], opening["open"]) for start, end in spans)
    return bool(value) and not is_placeholder(value) and fits(group, value, about=about)


def fits(group: str, value: str, *, about: bool) -> bool:
    """Whether *value* looks like what its name says. *about*: the text around is about a registry."""
    if group == "client":
        return len(value) >= _SHORTEST_TOKEN
    if group == "aws":
        return bool(_AWS_SECRET.fullmatch(value))
    if group == "auth":
        login = login_in_base64(value)
        return login is not None and not is_placeholder(login[1])
    if group == "password":
        return about and len(value) >= SHORTEST_PASSWORD
    long = len(value) >= _SHORTEST_TOKEN and any(character.isdigit() for character in value)
    return about and long and looks_random(value) and "://" not in value


def login_in_base64(text: str) -> tuple[str, str] | None:
    """Return user and password if *text* is an `auth` with both, in either alphabet, however it is padded."""
    login = read_auth(text.rstrip("=").replace("-", "+").replace("_", "/"))
    if isinstance(login, EntryFault):
        return None
    user, password = login
    return (user, password) if user and password and user.isprintable() else None
