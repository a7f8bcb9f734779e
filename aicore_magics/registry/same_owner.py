"""Whether two hosts belong to one owner, as far as their names show it. DNS is not asked."""

from __future__ import annotations

from aicore_magics.model.names import Registry

# Under the domain of a country, names such as co.uk and com.br have many owners.
_SHARED = frozenset(
    {
        *("ac", "asn", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "gv", "id", "in", "info"),
        *("ltd", "me", "mil", "ne", "net", "nhs", "nic", "nom", "or", "org", "plc", "priv", "sch", "web"),
    }
)
_TWO = 2  # parts of a domain, and letters of a country


def host_of_owner(realm: str, registry: Registry) -> str:
    """Give the host in *realm*, with its port, if it belongs to the owner of *registry*; else nothing.

    That is the registry's own host, the one domain above it, or a host beside it in that domain. The domain
    has two parts at least, and is none such as co.uk.

    >>> host_of_owner("gitlab.corp.example", Registry("registry.corp.example:5000"))
    'gitlab.corp.example'
    >>> host_of_owner("gitlab.corp.example", Registry("registry.partner.example"))
    ''
    """
    named = Registry.find(realm)
    if named is None:
        return ""
    host, own = _bare(named), _bare(registry)
    domain = _domain(own)
    return str(named) if host == own or (domain and domain in (host, _domain(host))) else ""


def _domain(host: str) -> str:
    """The domain in which *host* is, if one owner has it; an address is in none."""
    above = host.partition(".")[2]
    labels = above.split(".")
    shared = len(labels) == _TWO and len(labels[-1]) == _TWO and labels[0] in _SHARED
    return "" if len(labels) < _TWO or labels[-1].isdigit() or shared else above


def _bare(registry: Registry) -> str:
    """The host without its port."""
    host, colon, port = registry.host.lower().rpartition(":")
    return host if colon and port.isdigit() else registry.host.lower()
