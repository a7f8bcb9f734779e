"""What a registry wants of those who ask, and where a login may be sent for a token.

The WWW-Authenticate header is read as RFC 9110 (11.6.1) has it. In it the registry names the address for
tokens, and it may name anybody's. skopeo, containerd and oras-py send the password wherever they are told to.
Here it goes to the registry's own host, to a domain above it (who owns that owns the registry's name), to a
host that is known to belong to it, or to one that the user has named. Compare go-containerregistry,
transport/bearer.go, `validateRealmURL`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aicore_magics.base.redact import Secret
from aicore_magics.http.messages import Bearer
from aicore_magics.model.hosts import is_forbidden, is_loopback
from aicore_magics.model.names import Registry
from aicore_magics.registry.presets import preset_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.http.messages import Response

LONGEST = 8_192  # characters; a header of this length has never been seen
_SCOPES = "scope"
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'[\s,]*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN[:-2]}/:]+))\s*(?:,|\Z)')
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?:\s+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|\Z)))?(?=\s|,|\Z)(?!\s*=)\s*,?")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme in small letters, and its parameters by their names in small letters."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def challenges(header: str) -> tuple[Challenge, ...]:
    """Give the challenges of a WWW-Authenticate header, in its order; one header may hold several.

    A scope that stands twice counts as two, with a space in between. Where another parameter does, its
    challenge is left out: it could mean two things.

    >>> [one.scheme for one in challenges('Negotiate, Bearer realm="https://auth.example/t, 2",service="r"')]
    ['negotiate', 'bearer']
    """
    found: list[Challenge] = []
    text, at = header[:LONGEST], 0
    while scheme := _SCHEME.match(text, at):
        at = scheme.end()
        parameters: list[tuple[str, str]] = []
        while one := _PARAMETER.match(text, at):
            at = one.end()
            quoted, bare = one[2], one[3]
            value = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            parameters.append((one[1].lower(), value))
        scopes = [value for name, value in parameters if name == _SCOPES]
        others = [(name, value) for name, value in parameters if name != _SCOPES]
        if len(dict(others)) == len(others):
            whole = {_SCOPES: " ".join(scopes)} if scopes else {}
            found.append(Challenge(scheme[1].lower(), {**dict(others), **whole}))
    return tuple(found)


def chosen(header: str) -> Challenge | None:
    """Give the challenge that can be met: Bearer before Basic. None if there is neither."""
    there = challenges(header)
    for scheme in ("bearer", "basic"):
        for one in there:
            if one.scheme == scheme:
                return one
    return None


def wants_other(header: str) -> bool:
    """Return whether *header* asks, in a way that can be read, for something else than Basic or Bearer."""
    schemes = {one.scheme for one in challenges(header)}
    return bool(schemes) and not re.search(r"(?i)\b(?:basic|bearer)\b", header)


def bearer_in(answer: Response) -> tuple[Bearer, Secret] | None:
    """Give the token in a token server's *answer*, ready to be sent, or None if there is none."""
    data = answer.json() if answer.ok else None
    if not isinstance(data, dict):
        return None
    text = data.get("token") or data.get("access_token")
    # It travels in a header: only what a header can carry is one.
    if not isinstance(text, str) or not text or not all("!" <= character <= "~" for character in text):
        return None
    token = Secret(text)
    return Bearer(token), token


# What an address may be made of; a backslash, for one, is read in two ways.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%]{1,2048}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\]")


@dataclass(frozen=True, slots=True)
class Realm:
    """The address of a token server, with its host. *refusal* says why nothing may be sent there.

    *may_be_named*: it would be sent if the user named the host.
    """

    url: str
    host: str
    refusal: str = ""
    may_be_named: bool = False


def realm_of(address: str, registry: str, allowed: tuple[str, ...] = ()) -> Realm:
    """Give the realm that *address* names for *registry*, its host and port; *allowed* are further hosts."""
    host = _host_of(address)
    if not host:
        return Realm(address, host="", refusal=f"{registry} names no usable address for a token")
    wanted = f"{registry} wants the login sent to {host}"
    if is_forbidden(host):
        return Realm(address, host, f"{wanted}, which is never contacted")
    if not address.lower().startswith("https://") and not is_loopback(host.strip("[]")):
        return Realm(address, host, f"{wanted} without encryption")
    if not (_belongs(host, _bare(registry)) or host in {_bare(each) for each in allowed}):
        return Realm(address, host, wanted, may_be_named=Registry.find(host) is not None)
    return Realm(address, host)


def _host_of(address: str) -> str:
    """The host in small letters, or nothing if the address could be read in more than one way."""
    if not _ADDRESS.fullmatch(address):
        return ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port is None else f"{shown}:{port}"
    plain = parts.netloc.lower() in (netloc, f"{netloc}:")
    return shown if parts.scheme in ("https", "http") and plain and _HOST.fullmatch(shown) else ""


def _belongs(host: str, own: str) -> bool:
    if host == own:
        return True
    # In an IPv4 address, what stands behind the first dot is no domain above it.
    own_is_address = own.rpartition(".")[2].isdigit()
    above = own.endswith(f".{host}") and "." in host and not own_is_address
    preset = preset_for(own)
    return above or (preset is not None and host in preset.realms)


def _bare(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]+\Z", "", host.lower())
