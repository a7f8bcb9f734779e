"""Where a login may be sent for a token: the registry names the address, and it may name anybody's.

skopeo, containerd and oras-py send the password wherever they are told to. Here it goes to the registry's own
host, to a domain above it (who owns that owns the registry's name), to a host that is known to belong to it,
or to one that the user has named. Compare go-containerregistry, transport/bearer.go, `validateRealmURL`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aicore_magics.names import is_loopback
from aicore_magics.registry.presets import preset_for

# What an address may be made of; a backslash, for one, is read in two ways.
_ADDRESS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]!$&'()*+,;=%]{1,2048}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:]+\]")


@dataclass(frozen=True, slots=True)
class Realm:
    """The address of a token server, with its host. *refusal* says why nothing may be sent there."""

    url: str
    host: str
    refusal: str = ""


def realm_of(address: str, registry: str, allowed: tuple[str, ...] = ()) -> Realm:
    """Give the realm that *address* names for *registry*, its host and port; *allowed* are further hosts."""
    host = _host_of(address)
    if not host:
        return Realm(address, "", f"{registry} names no usable address for its tokens")
    own = _bare(registry)
    if not (_belongs(host, own) or host in {_bare(each) for each in allowed}):
        return Realm(address, host, f"{registry} wants the login sent to {host}")
    if not address.lower().startswith("https://") and not is_loopback(host.strip("[]")):
        return Realm(address, host, f"{registry} wants the login sent to {host} without encryption")
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
    above = own.endswith(f".{host}") and "." in host and not _is_number(own)
    preset = preset_for(own)
    return above or (preset is not None and host in preset.realms)


def _is_number(host: str) -> bool:
    """Whether *host* is an IPv4 address: there, what stands behind the first dot is no domain above it."""
    return host.rpartition(".")[2].isdigit()


def _bare(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]+\Z", "", host.lower())
