"""What kind of host this is: this machine, one inside a company, one that is never asked.

Each function takes a host as it stands in an address, without its port, and looks at the name alone: none
asks DNS, and each says no to what is no host.
"""

from __future__ import annotations

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

# Where a cloud keeps what only its own machines may read: link-local addresses, and the metadata services
# that have others (AWS and Google over IPv6, Alibaba, Oracle, Azure). No AI Core and no registry is there.
_LINK_LOCAL = ("169.254.0.0/16", "fe80::/10")
_METADATA_6 = ("fd00:ec2::/112", "fd20:ce::254/128")
_METADATA = (*_METADATA_6, "100.100.100.200/32", "192.0.0.192/32", "168.63.129.16/32")
FORBIDDEN = tuple(map(ip_network, (*_LINK_LOCAL, *_METADATA)))
_METADATA_NAMES = frozenset({"metadata.google.internal", "metadata.goog", "metadata", "instance-data"})
# IPv6 addresses whose last 32 bits are the IPv4 address that is meant: compatible, mapped, NAT64 (two).
_IPV4_INSIDE = tuple(map(ip_network, ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48")))
# Names that only a company's own DNS knows; `.internal` and `.local` are reserved for that (ICANN, RFC 6762).
_INSIDE = re.compile(r"\.(?:local|localdomain|corp|internal|intranet|lan|home|private)\Z")


def is_address(text: str) -> bool:
    """Return whether *text* is an IP address, without brackets.

    >>> is_address("127.0.0.1"), is_address("::1"), is_address("ghcr.io")
    (True, True, False)
    """
    return _address(text) is not None


def is_loopback(host: str) -> bool:
    """Return whether *host*, without brackets, is this machine by its very name.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("127.0.0.1.example.com")
    (True, True, False)
    """
    address = _address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def is_private_address(address: str) -> bool:
    """Return whether *address*, perhaps with a zone, is one that other networks do not reach.

    >>> is_private_address("10.0.0.1"), is_private_address("fe80::1%eth0"), is_private_address("8.8.8.8")
    (True, True, False)
    """
    parsed = _address(address.partition("%")[0])
    return parsed is not None and parsed.is_private


def is_inside_name(host: str) -> bool:
    """Return whether *host* is a name that only a company's own DNS knows: one word, or with such an end.

    >>> is_inside_name("registry"), is_inside_name("registry.corp"), is_inside_name("ghcr.io")
    (True, True, False)
    """
    return ("." not in host and ":" not in host) or bool(_INSIDE.search(host))


def is_forbidden(host: str) -> bool:
    """Return whether *host*, by its name or its address, is one that is never asked.

    >>> is_forbidden("169.254.169.254"), is_forbidden("[::ffff:169.254.0.1]"), is_forbidden("ghcr.io")
    (True, True, False)
    """
    bare = host.strip("[]").partition("%")[0].rstrip(".").lower()
    named = bare.removesuffix(".ec2.internal") in _METADATA_NAMES
    return named or any(_within(each, network) for each in _meant(bare) for network in FORBIDDEN)


def _meant(text: str) -> list[IPv4Address | IPv6Address]:
    """The address in *text*, and the IPv4 address that it leads to in the end; none if *text* is a name."""
    address = _address(text)
    if address is None:
        # A proxy may well know the old spellings, such as 0xA9FEA9FE.
        try:
            return [IPv4Address(socket.inet_aton(text))]
        except (OSError, ValueError):
            return []
    if isinstance(address, IPv4Address):
        return [address]
    at_the_end = (
        [IPv4Address(int(address) & 0xFFFF_FFFF)] if any(address in each for each in _IPV4_INSIDE) else []
    )
    return [address, *at_the_end, *filter(None, [address.sixtofour])]


def _within(address: IPv4Address | IPv6Address, network: Any) -> bool:
    return address.version == network.version and address in network


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
