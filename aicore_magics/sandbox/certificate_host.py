"""The token service for x509 service keys: a client certificate and a client id in, a bearer token out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.sandbox.exchange import Answer, Refusal
from aicore_magics.sandbox.front import TOKEN
from aicore_magics.sandbox.oauth import form_fields, granted, refused, same, wrong_client

if TYPE_CHECKING:
    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.faults import Faults
    from aicore_magics.sandbox.service_key import Client
    from aicore_magics.sandbox.state import State


class CertificateHost:
    """Answers on the listener that asks for client certificates."""

    def __init__(self, *, client: Client, state: State, faults: Faults) -> None:
        self._client = client
        self._state = state
        self._faults = faults

    def answer(self, request: Request) -> Answer:
        """Give *client* a token if it came with a certificate, and nobody who also sent a secret."""
        if request.path != TOKEN:
            raise Refusal(404, "Not found")
        if request.method != "POST":
            raise Refusal(405, "Method not allowed", ("Allow", "POST"))
        fields = form_fields(request)
        # First of all: a secret that is wrong, or comes without a certificate, has leaked as well.
        if _brings_secret(request, fields):
            return refused("invalid_request", "Send a certificate or a client secret, not both")
        if not request.certificate or not same((fields.get("client_id", ""),), (self._client.id,)):
            return wrong_client(self._faults)
        return granted(fields, client=self._client, state=self._state, faults=self._faults)


def _brings_secret(request: Request, fields: dict[str, str]) -> bool:
    scheme = str(request.headers.get("Authorization", "")).partition(" ")[0]
    return "client_secret" in fields or scheme.lower() == "basic"
