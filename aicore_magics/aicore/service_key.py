"""The service key: the JSON that opens an AI Core tenant, in every wrapping it comes in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.address import Address
from aicore_magics.errors import CredentialsIncomplete, InvalidFile
from aicore_magics.names import ResourceGroup
from aicore_magics.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 262_144
ENVIRONMENT = "environment (AICORE_*)"
_XSUAA_HOST = ".authentication."
# Field of ours -> where a service key has it. SAP's SDK reads the same places.
KEY_FIELDS = {
    "client_id": ("clientid",),
    "client_secret": ("clientsecret",),
    "auth_url": ("url",),
    "base_url": ("serviceurls", "AI_API_URL"),
    "cert_url": ("certurl",),
    "cert_str": ("certificate",),
    "key_str": ("key",),
}


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """What opens one tenant: client, secret, two addresses, and the source they came from."""

    client_id: str
    client_secret: Secret
    auth: Address
    api: Address
    tenant: str
    source: str
    resource_group: ResourceGroup
    notes: tuple[str, ...] = ()

    @property
    def token_url(self) -> str:
        """Where a token is asked for, however the address was written down."""
        return self.auth.ending("/oauth/token")

    @property
    def api_url(self) -> str:
        """The base of the API, however the address was written down."""
        return self.api.ending("/v2")


def parse_service_key(text: str, source: str) -> dict[str, str]:
    """Read a service key: plain, under `credentials`, or in VCAP. Give its fields, as far as they are there.

    Raises InvalidFile, naming *source*, if it is no service key at all. The text is never repeated.
    """
    data = _unwrapped(_json(text, source))
    fields = {field: _at(data, path) for field, path in KEY_FIELDS.items()}
    found = {field: value for field, value in fields.items() if value is not None}
    wrong = next((".".join(KEY_FIELDS[f]) for f, value in found.items() if not isinstance(value, str)), None)
    if wrong:
        raise _no_key(source, f"its {wrong} is no text")
    if not found:
        raise _no_key(source, "it has none of a service key's fields")
    zone = data.get("identityzone")
    return {**found, **({"tenant": zone} if isinstance(zone, str) and zone else {})}


def service_key(
    fields: Mapping[str, str], source: str, *, names: Mapping[str, str] | None = None
) -> ServiceKey:
    """Make a ServiceKey of *fields* from one *source*; *names* tells what that source calls them.

    Raises CredentialsIncomplete with the missing half and its source, InvalidAddress for an address that a
    secret must not be sent to, and InvalidResourceGroup.
    """
    _refuse_x509(fields, source)
    called = names or {field: ".".join(path) for field, path in KEY_FIELDS.items()}
    needed = ("client_id", "client_secret", "auth_url", "base_url")
    missing = [called[field] for field in needed if not fields.get(field)]
    if missing:
        raise _incomplete([called[field] for field in needed if fields.get(field)], missing, source)
    auth = Address.parse(_stripped(fields["auth_url"], "/oauth/token"), what="authentication url")
    return ServiceKey(
        client_id=fields["client_id"],
        client_secret=Secret(fields["client_secret"]),
        auth=auth,
        api=Address.parse(_stripped(fields["base_url"], "/v2"), what="API url"),
        tenant=fields.get("tenant") or _tenant_of(auth),
        source=source,
        resource_group=ResourceGroup.parse(fields.get("resource_group") or "default"),
    )


def _stripped(url: str, suffix: str) -> str:
    """Without trailing slashes and *suffix*: SAP's SDK tests first and strips later, and so doubles them."""
    return url.strip().rstrip("/").removesuffix(suffix)


def _tenant_of(auth: Address) -> str:
    """The subdomain of the token service, which is the tenant's own; the host where that says nothing."""
    first, dot, rest = auth.host.partition(".")
    return first if f"{dot}{rest}".startswith(_XSUAA_HOST) else auth.host


def _json(text: str, source: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise _no_key(source, "it is not JSON")


def _unwrapped(data: Any) -> dict[str, Any]:
    """The key itself, out of `cf service-key`'s and VCAP's wrappings."""
    bindings = data.get("aicore") if isinstance(data, dict) else None
    if isinstance(bindings, list) and bindings:
        data = bindings[0]
    elif isinstance(bindings, dict):
        data = bindings
    if isinstance(data, dict) and isinstance(data.get("credentials"), dict):
        data = data["credentials"]
    return data if isinstance(data, dict) else {}


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _no_key(source: str, reason: str) -> InvalidFile:
    return InvalidFile(
        f"the {source} is not a service key: {reason}. Nothing was sent.",
        hint="download the key of your AI Core instance from the BTP cockpit again.",
    )


def _incomplete(there: list[str], missing: list[str], source: str) -> CredentialsIncomplete:
    """Say which half is there and which is not, in the source's own words."""
    lacks = " and ".join(missing)
    if source == ENVIRONMENT and there:
        said = f"{' and '.join(there)} {_are(there)} set, {lacks} {_are(missing)} not"
    else:
        said = f"the {source} lacks {lacks}"
    return CredentialsIncomplete(
        f"{said}. Nothing was sent.", hint="set it, or %aicore_connect --service-key FILE"
    )


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _refuse_x509(fields: Mapping[str, str], source: str) -> None:
    certificate = {"cert_str", "cert_file_path", "cert_url"} & fields.keys()
    if certificate and not fields.get("client_secret"):
        raise CredentialsIncomplete(
            f"the {source} is for x509 certificates, which this version cannot use. Nothing was sent.",
            hint="make a service key with a client secret, then %aicore_connect --service-key FILE",
        )
