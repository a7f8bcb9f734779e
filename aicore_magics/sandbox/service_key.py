"""The service key of the sandbox, made afresh at each start, in the forms in which people use one."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a client id ends with: behind the bar the service, which is one for all tenants of a sandbox. A real
# one has other numbers, and its key two addresses that differ.
_SERVICE = re.compile("aicore!b100[0-9]{9}")
_TOKEN_COMMAND = """\
# TOKEN=$(curl -sS "$AUTH_URL/oauth/token" --data grant_type=client_credentials \
--data-urlencode "client_id=$CLIENT_ID" --data-urlencode "client_secret=$CLIENT_SECRET" \
| python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
"""


@dataclass(frozen=True, slots=True)
class Client:
    """Who may ask the sandbox at *url* for a token, or with a certificate at *cert_url* if there is one."""

    url: str
    tenant: str
    id: str
    secret: str = field(repr=False)
    tenant_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    cert_url: str = ""

    @classmethod
    def fresh(cls, *, url: str, tenant: str, cert_url: str = "", service: str = "") -> Client:
        """Make a client that nobody has seen, with the characters that make real ones hard to quote.

        *service* is that of the other tenants of its sandbox, if there are any.
        """
        tail = f"{secrets.token_urlsafe(12)}+{secrets.token_urlsafe(12)}/{secrets.token_urlsafe(6)}="
        service = service or f"aicore!b100{secrets.randbelow(10**9):09}"
        client_id = f"sb-{uuid.uuid4()}!b1000|{service}"
        return cls(url, tenant, client_id, f"{uuid.uuid4()}${tail}", cert_url=cert_url)

    @property
    def service(self) -> str:
        """The service that it is a client of, one for all tenants of a sandbox."""
        return self.id.partition("|")[2]

    def service_key(self) -> dict[str, object]:
        """Give the service key, as SAP BTP would hand it out."""
        return {"clientid": self.id, "clientsecret": self.secret, "url": self.url, **self._tenant()}

    def x509_service_key(self, certificate_pem: str, key_pem: str) -> dict[str, object]:
        """Give the service key of somebody who has a certificate in place of a secret."""
        return {
            "clientid": self.id,
            "certificate": certificate_pem,
            "key": key_pem,
            "certurl": self.cert_url,
            "url": self.url,
            "credential-type": "x509",
            **self._tenant(),
        }

    def service_key_json(self) -> str:
        """Give the service key as the text of a file."""
        return json.dumps(self.service_key(), indent=2) + "\n"

    def shell_variables(self, more: str = "") -> str:
        """Give the lines after which SAP's curl samples for the API work in a shell, and *more* lines."""
        variables = {
            "AI_API_URL": self.url,
            "AUTH_URL": self.url,
            "CLIENT_ID": self.id,
            "CLIENT_SECRET": self.secret,
            **({"CERT_URL": self.cert_url} if self.cert_url else {}),
        }
        return exports(variables) + more + _TOKEN_COMMAND

    def _tenant(self) -> dict[str, object]:
        return {
            "identityzone": self.tenant,
            "identityzoneid": self.tenant_id,
            "appname": self.id.removeprefix("sb-"),
            "serviceurls": {"AI_API_URL": self.url},
        }


def is_of_a_sandbox(text: str) -> bool:
    """Whether *text* is the service key of a sandbox, of this one or of another."""
    try:
        key = json.loads(text)
        own = re.fullmatch(rf"sb-[0-9a-f-]{{36}}!b1000\|{_SERVICE.pattern}", key["clientid"])
        return bool(own) and key["serviceurls"] == {"AI_API_URL": key["url"]}
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


def exports(variables: Mapping[str, str]) -> str:
    """Give the lines after which a shell has *variables*."""
    return "".join(f"export {name}={_quoted(value)}\n" for name, value in variables.items())


def _quoted(text: str) -> str:
    """Quote *text* for sh even where it need not be: a reader sees where it ends."""
    return "'" + text.replace("'", "'\\''") + "'"
