"""What a check from this machine cannot know: whether AI Core, from where it runs, reaches the registry."""

from __future__ import annotations

import os
import re
import socket
from typing import TYPE_CHECKING

from aicore_magics.model.hosts import is_inside_name, is_private_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.names import Registry
    from aicore_magics.registry.verdict import Verdict


def reach_cautions(registry: Registry) -> tuple[str, ...]:
    """Give a sentence if AI Core may not reach what this machine does. Asks DNS, which may take long.

    SAP's documentation of Docker registry secrets says that a registry behind a VPN or in a corporate network
    cannot be used.
    """
    if registry.is_loopback:
        return (f"{registry} is this machine. AI Core cannot reach it.",)
    host = re.sub(r":[0-9]+\Z", "", registry.api_host.lower()).strip("[]")
    if _looks_private(host):
        return (f"{registry} looks private. AI Core cannot pull from behind a VPN.",)
    return ()


def trust_cautions(verdicts: Iterable[Verdict], *, ca_file: str = "") -> tuple[str, ...]:
    """Give a sentence for each registry of *verdicts* that was trusted by a CA of the user's own."""
    if not (ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")):
        return ()
    hosts = dict.fromkeys(verdict.registry for verdict in verdicts if verdict.encrypted)
    return tuple(
        f"{host} was trusted by your own CA file. It is not known whether AI Core trusts it."
        for host in hosts
    )


def _looks_private(host: str) -> bool:
    return is_inside_name(host) or any(map(is_private_address, _addresses(host)))


def _addresses(host: str) -> list[str]:
    """Where *host* leads, as this machine sees it; nothing where it does not know."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        return []
