"""Where a registry may send on to, and what came of it. The rule is that of the distribution specification.

A client follows a redirect, and takes Authorization to no other host. skopeo's and containerd's HTTP library
follows ten; here it is five, and each address is looked at as the first one was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from aicore_magics.http.messages import Response
from aicore_magics.model.hosts import is_forbidden, is_loopback

MOST_HOPS = 5
_MOVED = (301, 302, 303, 307, 308)
_PORTS = {"https": 443, "http": 80}
# No backslash, which is read in two ways, and nothing that would have to be escaped.
_ADDRESS = re.compile(r"[\x21-\x5b\x5d-\x7e]{1,8192}")
_PORT = re.compile(r":[0-9]*\Z")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Elsewhere(Response):
    """The answer of another host than the registry's."""


@dataclass(frozen=True, slots=True)
class Forwarded(Elsewhere):
    """The answer of another host, which the registry has sent on to, and which was asked without the login.

    *as_guest*: it was got with a token that this host gives to anybody.
    """

    as_guest: bool = False


@dataclass(frozen=True, slots=True)
class Astray(Response):
    """A redirect that is not followed. *why* goes with the registry's name to a sentence."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host in small letters, and port: where a login may go that was meant for it."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin | None:
        """Return the origin of *url*, or None if it is no address of the web, or one with a user in it."""
        if not _ADDRESS.fullmatch(url):
            return None
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return None
        if parts.scheme not in _PORTS or "@" in parts.netloc or not _HOST.fullmatch(host):
            return None
        return cls(parts.scheme, host, _PORTS[parts.scheme] if port is None else port)


@dataclass(frozen=True, slots=True)
class Hop:
    """The next address, or *refusal*: why it is not asked. Neither: the answer leads nowhere."""

    url: str = ""
    refusal: str = ""


def next_hop(url: str, answer: Response, *, only_here: bool = False) -> Hop:
    """Return where *answer* sends who has asked for *url*. *only_here*: nothing leaves this machine.

    It is https, or http from one place on this machine to another, and never an address that is never asked.
    """
    location = answer.headers.get("location", "").strip()
    if answer.status not in _MOVED or not location:
        return Hop()
    try:
        onward = urljoin(url, location).partition("#")[0]
        # Letter for letter: whoever knows what has to be masked in it must find it whole.
        user, _, place = urlsplit(onward).netloc.rpartition("@")
    except ValueError:
        return Hop()
    if user:
        return Hop(refusal="redirects to an address with a user in it")
    here, there = Origin.of(url), Origin.of(onward)
    if here is None or there is None:
        return Hop()
    why = _refusal(here, there, only_here=only_here)
    return Hop(refusal=f"redirects to {re.sub(_PORT, '', place)}{why}") if why else Hop(onward)


def _refusal(here: Origin, there: Origin, *, only_here: bool) -> str:
    """Why nobody goes from *here* to *there*; empty if they may."""
    if is_forbidden(there.host):
        return ", which is never contacted"
    if there.scheme == "http" and not (here.scheme == "http" and is_loopback(there.host)):
        return " without encryption"
    if only_here and not is_loopback(there.host):
        return ", and in the sandbox only this machine is contacted"
    return ""
