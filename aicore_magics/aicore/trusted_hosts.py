"""Whether the hosts in a service key are SAP's: elsewhere its secret and its tokens would go to a stranger.

SAP documents two kinds of hosts, and the table has these alone:

- the API: `api.ai.{region}.ml.hana.ondemand.com`, in fifteen regions (`servers` of SAP's OpenAPI description
  of AI Core, 2.42.0). Inferred: regions to come end in the same four labels.
- tokens: `{subaccount}.authentication.{region}.hana.ondemand.com`, and `authentication.cert` for clients with
  a certificate (service keys as "Create a Service Key" and "Use a Service Key" of SAP AI Core show them).

All of `hana.ondemand.com` is not SAP's own: below `cfapps` stand the applications of its customers. No AI
Core is documented in China (`platform.sapcloud.cn`), below `cloud.sap`, or in a cloud of a government: such a
host is named by who connects, as is a company's reverse proxy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aicore_magics.aicore.address import Address
from aicore_magics.base.spaces import bare
from aicore_magics.errors import InvalidAddress
from aicore_magics.model.hosts import is_loopback
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.service_key import ServiceKey

_LABEL = "[a-z0-9-]+"
API_HOST = re.compile(rf"(?:{_LABEL}\.)+ml\.hana\.ondemand\.com")
TOKEN_HOST = re.compile(rf"{_LABEL}\.authentication\.(?:cert\.)?{_LABEL}\.hana\.ondemand\.com")


_CAUTION = (
    "your client secret would go there. If you do not know this host, create a new service key in "
    "the BTP cockpit."
)


def refuse_untrusted(key: ServiceKey, trusted: Iterable[str] = ()) -> None:
    """Raise InvalidAddress if *key* leads to a host that is neither SAP's, nor this machine, nor *trusted*.

    A trusted host is one host, with its port unless that is 443. What no `Address` has, such as the address
    of a cloud's metadata, cannot be trusted: that raises InvalidAddress as well.
    """
    named = {_trusted(text) for text in ((trusted,) if isinstance(trusted, str) else trusted)}
    places = (("authentication url", key.auth, TOKEN_HOST), ("API url", key.api, API_HOST))
    unknown = {
        host: what
        for what, address, hosts in places
        if (host := _host(address)) not in named and not hosts.fullmatch(host) and not _is_here(address)
    }
    if not unknown:
        return
    shown = " and ".join(f"{what} is at {host}" for host, what in unknown.items())
    raise InvalidAddress(
        f"the {key.source} points to a host that is not SAP's: {shown}",
        next=(
            f"{_CAUTION} If it is your company's reverse proxy, trust each host: ",
            do("connect-trust"),
        ),
    )


def _trusted(text: str) -> str:
    """The host that *text* names, alone or as an address."""
    fault, text = "", bare(text)
    try:
        address = Address.parse(text if "://" in text else f"https://{text}", what="trusted host")
        if not urlsplit(address.text).path:
            return _host(address)
        fault = "the trusted host contains more than a host"
    except InvalidAddress as error:
        fault = error.what
    raise InvalidAddress(fault, next="give one host, such as aicore.example.com.")


def _host(address: Address) -> str:
    """The host, with its port unless that is the usual one."""
    return address.host.removesuffix(":").removesuffix(":443")


def _is_here(address: Address) -> bool:
    return is_loopback(urlsplit(address.text).hostname or "")
