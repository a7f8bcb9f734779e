"""The service key: the JSON that opens an AI Core tenant, in every wrapping it comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.address import Address
from aicore_magics.aicore.key_names import AGAIN, NotAKey
from aicore_magics.aicore.key_shapes import KEY_FIELDS, FoundKey, find_key
from aicore_magics.aicore.key_texts import pem_in
from aicore_magics.base.files import open_to_others, read_text
from aicore_magics.base.plural import are
from aicore_magics.base.redact import Secret, scrub_name
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import MASK
from aicore_magics.base.unfilled import is_mask, is_unfilled
from aicore_magics.errors import CredentialsIncomplete, InvalidAddress, InvalidFile
from aicore_magics.http.tls import Identity
from aicore_magics.model.names import ResourceGroup
from aicore_magics.next_steps import OR, do

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES = 262_144
ENVIRONMENT = "environment (AICORE_*)"
SOON = timedelta(days=2)
LONGEST_TENANT = 60  # characters that are shown
# What may prove who we are, each as a whole; the first field names it in errors.
_BY_SECRET = ("client_secret",)
_PROOFS: tuple[tuple[str, ...], ...] = (
    _BY_SECRET,
    ("cert_str", "key_str"),
    ("cert_file_path", "key_file_path"),
)
_OF_PEM = ("cert_str", "key_str")
_XSUAA_HOST = ".authentication."


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """What opens one tenant: client, secret or certificate, two addresses, and the source they came from."""

    client_id: str
    proof: Secret | Identity
    auth: Address
    api: Address
    tenant: str
    source: str
    resource_group: ResourceGroup
    notes: tuple[str, ...] = ()

    @property
    def identity(self) -> Identity | None:
        """The client certificate, if that is what opens the tenant."""
        return self.proof if isinstance(self.proof, Identity) else None

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What must never be seen."""
        return (self.proof.key if isinstance(self.proof, Identity) else self.proof,)

    @property
    def token_url(self) -> str:
        """Where a token is asked for, however the address was written down."""
        return self.auth.ending("/oauth/token")

    @property
    def api_url(self) -> str:
        """The base of the API, however the address was written down."""
        return self.api.ending("/v2")


def parse_service_key(text: str, source: str) -> dict[str, str]:
    """Read a service key, however it is wrapped: see `key_shapes`. Give its fields, as far as they are there.

    Raises InvalidFile, naming *source* and what the text is, if it is no service key. It is never repeated.
    """
    return key_fields(found_key(text, source), source)


def found_key(text: str, source: str) -> FoundKey:
    """Give the service key in *text*, out of its wrappings. Raises InvalidFile as `parse_service_key`."""
    if len(text) > MAX_BYTES:
        raise _no_key(source, f"it is larger than {MAX_BYTES // 1024} KiB")
    found = find_key(text)
    if isinstance(found, NotAKey):
        raise InvalidFile(f"the {source} {found.what}", next=found.next)
    return found


def key_fields(found: FoundKey, source: str) -> dict[str, str]:
    """Give the fields of a key that was found. Raises InvalidFile for one that is no text."""
    if found.settings is not None:
        return dict(found.settings)
    values = {field: _at(found.data, path) for field, path in KEY_FIELDS.items()}
    fields = {field: value for field, value in values.items() if value is not None}
    for field, value in fields.items():
        if not isinstance(value, str):
            raise _no_key(source, f"its {'.'.join(KEY_FIELDS[field])} is not a string")
    zone = found.data.get("identityzone")
    if isinstance(zone, str) and zone:
        fields["tenant"] = zone
    return fields


def service_key(
    fields: Mapping[str, str], source: str, *, names: Mapping[str, str] | None = None
) -> ServiceKey:
    """Make a ServiceKey of *fields* from one *source*; *names* tells what that source calls them.

    Raises CredentialsIncomplete with the missing half and its source, InvalidAddress for an address that a
    secret must not be sent to, InvalidFile for a certificate file, and InvalidResourceGroup.
    """
    called = names or {field: ".".join(path) for field, path in KEY_FIELDS.items()}
    given = {
        field: value if field in _OF_PEM else bare(value)
        for field, value in fields.items()
        if value and not value.isspace()
    }
    for field, value in given.items():
        _refuse_unsendable(called.get(field, field), value, source)
    _refuse_unfilled(given, source, called)
    method = _method(given, source, called)
    # As in SAP's SDK: where there is a certificate host, a certificate is shown there.
    address = "cert_url" if method != _BY_SECRET and "cert_url" in given else "auth_url"
    _refuse_half(given, ("client_id", *method, address, "base_url"), source, called)
    proof, notes = _proof(method, given, source)
    auth = Address.parse(_stripped(given[address], "/oauth/token"), what="authentication url")
    api = Address.parse(_stripped(given["base_url"], "/v2"), what="API url")
    secrets = (proof.key if isinstance(proof, Identity) else proof,)
    for each, what in ((auth, "authentication url"), (api, "API url")):
        if MASK in scrub_name(each.text, *secrets):
            raise InvalidAddress(f"the {what} contains a secret", next="compare it with the service key.")
    return ServiceKey(
        client_id=given["client_id"],
        proof=proof,
        auth=auth,
        api=api,
        tenant=_shown(given.get("tenant", ""), secrets) or _shown(_tenant_of(auth), secrets),
        source=scrub_name(source, *secrets),
        resource_group=ResourceGroup.typed(given.get("resource_group") or "default"),
        notes=notes,
    )


def _method(given: Mapping[str, str], source: str, called: Mapping[str, str]) -> tuple[str, ...]:
    """The fields of the one thing that proves who we are. Two such things are refused."""
    methods = [fields for fields in _PROOFS if given.keys() & set(fields)]
    if len(methods) > 1:
        both = " and ".join(called[next(f for f in fields if f in given)] for fields in methods)
        raise CredentialsIncomplete(
            f"the {source} has {both}: only one of them is allowed",
            next=("remove one of them", OR, do("connect-key")),
        )
    return methods[0] if methods else _BY_SECRET


def _proof(
    method: tuple[str, ...], given: Mapping[str, str], source: str
) -> tuple[Secret | Identity, tuple[str, ...]]:
    """The secret or the certificate itself, and what to know about it."""
    if method == _BY_SECRET:
        return Secret(given["client_secret"]), ()
    files = method[0] == "cert_file_path"
    chain, key = (read_certificate(given[f]) if files else pem_in(given[f]) for f in method)
    identity = Identity(chain, Secret(key))
    loose = open_to_others(given["key_file_path"]) if files else ()
    return identity, (*loose, *_ends_soon(identity, source))


def read_certificate(path: str) -> str:
    """Give the PEM text of a certificate or key file."""
    return read_text(path, what="the certificate file", limit=MAX_BYTES)


def _refuse_unsendable(name: str, value: str, source: str) -> None:
    """Half a character, as a variable that is not UTF-8 has them, can be sent nowhere."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _no_key(source, f"its {name} is not a string")


def _refuse_unfilled(given: Mapping[str, str], source: str, called: Mapping[str, str]) -> None:
    """What documentation has in place of a client, its secret or an address is used nowhere."""
    for field in ("client_id", "client_secret", "auth_url", "cert_url", "base_url"):
        value = given.get(field, "")
        if is_mask(value) or is_unfilled(value, "registry" if field.endswith("url") else "password"):
            what = "a mask, not the real secret" if is_mask(value) else "a placeholder"
            raise CredentialsIncomplete(
                f"the {called[field]} of the {source} is only {what}",
                next=("fill it in", OR, do("connect-key")),
            )


def _ends_soon(identity: Identity, source: str) -> tuple[str, ...]:
    """Say so if the certificate ends within two days: x509 keys live seven by default."""
    end = identity.ends()
    left = end - datetime.now(UTC) if end else None
    if end is None or left is None or left > SOON:
        return ()
    local = end.astimezone()
    verb = "expired" if left < timedelta(0) else "expires"
    return (
        (
            f"The certificate of the {source} {verb} on {local.day} {local:%b at %H:%M}: "
            "create a new service key."
        ),
    )


def _refuse_half(
    given: Mapping[str, str], needed: tuple[str, ...], source: str, called: Mapping[str, str]
) -> None:
    """Raise CredentialsIncomplete if a half is missing; which is there is said in the source's own words."""
    there = [called[field] for field in called if field in given]
    missing = [called[field] for field in needed if field not in given]
    if not missing:
        return
    lacks = " and ".join(missing)
    what = f"the {source} has no {lacks}"
    if source == ENVIRONMENT and there:
        what = f"{' and '.join(there)} {are(len(there))} set, {lacks} {are(len(missing))} not"
    raise CredentialsIncomplete(what, next=("set it", OR, do("connect-key")))


def _stripped(url: str, suffix: str) -> str:
    """Without trailing slashes and *suffix*: SAP's SDK tests first and strips later, and so doubles them."""
    return url.strip().rstrip("/").removesuffix(suffix)


def _tenant_of(auth: Address) -> str:
    """The subdomain of the token service, which is the tenant's own; the host where that says nothing."""
    first, dot, rest = auth.host.partition(".")
    return first if f"{dot}{rest}".startswith(_XSUAA_HOST) else auth.host


def _shown(tenant: str, secrets: tuple[Secret, ...]) -> str:
    """The name of a tenant as results and errors have it: on one line, not longer than people read."""
    name = scrub_name(tenant, *secrets)
    return name if len(name) <= LONGEST_TENANT else f"{name[: LONGEST_TENANT - 1]}…"


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _no_key(source: str, reason: str) -> InvalidFile:
    return InvalidFile(
        f"the {source} is not a service key: {reason}",
        next=AGAIN,
    )
