"""The Authorization header of a request, put on by a callable, as an AuthBase of `requests` does it.

A callable, not a header: with a header set by hand, a matching entry in `~/.netrc` would replace it. It has
no base class, since that would cost the import of `requests`.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from requests import PreparedRequest

    from aicore_magics.redact import Secret


class Authorization(Protocol):
    """Puts on a request what lets it in."""

    def __call__(self, request: PreparedRequest, /) -> PreparedRequest:
        """Give the request with it."""


class NoAuth:
    """Adds nothing, and keeps `~/.netrc` from adding something."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request as it is."""
        return request


class Bearer:
    """Puts one token on the request."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with the token on it."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


class Basic:
    """Puts user and password on the request, in UTF-8 (RFC 7617): `requests` alone would use Latin-1."""

    def __init__(self, username: str, password: Secret) -> None:
        self._username = username
        self._password = password

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with both on it."""
        pair = f"{self._username}:{self._password.reveal()}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return request
