"""One HTTP sender for every world: kept connections, no redirect, one time limit, the truth about sending.

A call ends in one of three ways: a `Response`; `Unreachable` or `CertificateNotTrusted`, when nothing was
sent; or `ResponseLost`, when it was sent and what became of it is not known. Errors of `requests` never
get this far: they carry the request, and so the password, in their attributes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.http import tls
from aicore_magics.http.messages import (
    JSON,
    MAX_RESPONSE_BYTES,
    CertificateRefused,
    Request,
    Response,
    ResponseLost,
)

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.messages import Authorization
    from aicore_magics.http.tls import Identity

__all__ = ["CertificateRefused", "Response", "ResponseLost", "Transport"]


class Transport:
    """Sends through one kept `requests.Session` in each process, whose TLS contexts are its own.

    *ca_file* is trusted instead of what the environment names. *identity*, a client certificate, is shown to
    *identity_host* alone. With *tls_soon* the CA bundle is loaded at once, in a thread of its own: that takes
    about as long as the import of `requests`, which the first transport of a process waits for.
    """

    def __init__(
        self,
        *,
        ca_file: str = "",
        identity: Identity | None = None,
        identity_host: str = "",
        tls_soon: bool = False,
    ) -> None:
        plain = tls.KeptContext(lambda: tls.context(ca_file=ca_file))
        if tls_soon:
            plain.begin()
        # Not before that has begun: this is the import of `requests`.
        from aicore_magics.http.http_session import HttpSession

        known = tls.KeptContext(lambda: tls.context(ca_file=ca_file, identity=identity))
        self._line = HttpSession(plain, {identity_host: known} if identity else {})

    def close(self) -> None:
        """Close the kept connections."""
        self._line.close()

    def send(  # noqa: PLR0913 - what a request is made of
        self,
        method: str,
        url: str,
        *,
        auth: Authorization,
        deadline: Deadline,
        body: Secret | None = None,
        content_type: str = "",
        largest: int = MAX_RESPONSE_BYTES,
    ) -> Response:
        """Send one request, once, and give the answer. *auth* is asked for the Authorization header.

        At most *largest* bytes of its body are read.
        Raises Unreachable or CertificateNotTrusted if nothing was sent, ResponseLost if that is not certain.
        """
        return self._line.send(Request(method, url, auth, body, content_type, largest=largest), deadline)

    def fetch(
        self,
        method: str,
        url: str,
        *,
        auth: Authorization,
        deadline: Deadline,
        accept: str = JSON,
        largest: int = MAX_RESPONSE_BYTES,
    ) -> Response:
        """Ask for something, in the form that *accept* names, and give at most *largest* bytes of it.

        Raises what `send` raises.
        """
        return self._line.send(Request(method, url, auth, accept=accept, largest=largest), deadline)
