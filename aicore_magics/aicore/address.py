"""Addresses that a token or a password may be sent to, read once and strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from aicore_magics.errors import InvalidAddress
from aicore_magics.model.hosts import is_address, is_forbidden, is_loopback

MAX_LENGTH = 2_048
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*")
_NUMBER_HOST = re.compile(r"[0-9]+|0x[0-9a-f]+|(?:[0-9]+|0x[0-9a-f]+)(?:\.(?:[0-9]+|0x[0-9a-f]+)){1,3}")


@dataclass(frozen=True, slots=True)
class Address:
    """The base address of a service: https, or http on this machine, without a trailing slash."""

    text: str

    @classmethod
    def parse(cls, text: str, *, what: str) -> Address:
        """Read *text*; *what* names it in errors, for example "API url". Raises InvalidAddress.

        Refused is everything that two readers could take for two hosts, and http to other machines.
        """
        fault = _fault(text)
        if fault:
            raise InvalidAddress(f"the {what} {fault}", next="compare it with the service key.")
        parts = urlsplit(text)
        return cls(f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}")

    @property
    def host(self) -> str:
        """The host, with its port if one is given."""
        return urlsplit(self.text).netloc

    def ending(self, suffix: str) -> str:
        """Give the address with *suffix* at its end, once.

        >>> Address("https://a.example/v2").ending("/v2"), Address("https://a.example").ending("/v2")
        ('https://a.example/v2', 'https://a.example/v2')
        """
        return self.text.removesuffix(suffix) + suffix

    def __str__(self) -> str:
        return self.text


def _fault(text: str) -> str:
    """Why *text* is no address to send secrets to; empty if it is."""
    if not text:
        return "is empty"
    if len(text) > MAX_LENGTH:
        return "is too long"
    if not text.isascii() or any(ord(c) <= ord(" ") or c in '\\"<>^`{|}\x7f' for c in text):
        return "contains a character that is not allowed in an address"
    try:
        parts = urlsplit(text)
        return _fault_of_parts(parts, parts.port)
    except ValueError:
        return "has no valid host or port"


def _fault_of_parts(parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    if parts.scheme not in ("https", "http"):
        return "does not begin with https://"
    if "@" in parts.netloc:
        return "contains a user or password"
    if parts.query or parts.fragment or {".", ".."} & set(parts.path.split("/")):
        return "contains more than host and path"
    if port == 0 or not _is_host(host) or not _is_plain(parts, host, port):
        return "has no valid host or port"
    if is_forbidden(host):
        return "points into the machine's own network"
    return "is not https" if parts.scheme == "http" and not is_loopback(host) else ""


def _is_host(host: str) -> bool:
    if is_address(host):
        return True
    # 2130706433 and 0x7f.1 are addresses to a resolver, and names to a reader.
    return not _NUMBER_HOST.fullmatch(host) and len(host) <= 253 and bool(_HOST.fullmatch(host))  # noqa: PLR2004


def _is_plain(parts: SplitResult, host: str, port: int | None) -> bool:
    """Whether there is nothing but host and port before the path, so that every library sees this host."""
    shown = f"[{host}]" if ":" in host else host
    return parts.netloc.lower() in (shown, f"{shown}:", f"{shown}:{port}")
