"""TLS at the sandbox's door: its own certificate, and whose certificate it was shown."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    import socket
    from collections.abc import Callable
    from typing import TypeAlias

    from aicore_magics.sandbox.faults import Faults

    Note: TypeAlias = Callable[[str], None]

HANDSHAKE_SECONDS = 10.0
UNTRUSTED = "?"


@dataclass(frozen=True, slots=True)
class Tls:
    """The PEM files with which the sandbox speaks https.

    *certificate* is the sandbox's own chain, with the private key in it or in *key*. With *client_ca*, the CA
    that signs client certificates, the sandbox also has a certificate host, which gives tokens for them.
    """

    certificate: str | os.PathLike[str]
    key: str | os.PathLike[str] | None = None
    client_ca: str | os.PathLike[str] | None = None


class Gate:
    """The TLS end of one listener. *note* is told of each client which certificate it showed.

    That is the serial number in hexadecimal, "" for none, or "?" for one that *client_ca* has not signed.
    """

    def __init__(self, choose: Callable[[], ssl.SSLContext], note: Note) -> None:
        self._choose = choose
        self._note = note

    def wrap(self, connection: socket.socket) -> ssl.SSLSocket:
        """Give *connection* its TLS end; nothing is sent or waited for yet."""
        return self._choose().wrap_socket(connection, server_side=True, do_handshake_on_connect=False)

    def opens_to(self, connection: ssl.SSLSocket) -> bool:
        """Shake hands, and say whether the client is in."""
        connection.settimeout(HANDSHAKE_SECONDS)
        try:
            connection.do_handshake()
        except ssl.SSLCertVerificationError:
            self._note(UNTRUSTED)
        except OSError as error:
            # Whoever broke off for another reason was not asked for a certificate, or has not answered.
            if getattr(error, "reason", "") == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
                self._note("")
        else:
            self._note(serial_of(connection))
            return True
        return False


class _Line(ssl.SSLSocket):
    """Is closed if the client has fled before it got its TLS end; the library would leave that to chance."""

    def getpeername(self) -> Any:
        """Give the client's address."""
        try:
            return super().getpeername()
        except OSError:
            self.close()
        # Not the error that came: the library takes that for a socket that will be connected later.
        raise ConnectionAbortedError("the client has left")


def api_gate(tls: Tls, note: Note) -> Gate:
    """Give the gate of the API. It notices a certificate that is shown by mistake, and demands none."""
    context = _context(tls, ssl.CERT_NONE if tls.client_ca is None else ssl.CERT_OPTIONAL)
    return Gate(lambda: context, note)


def certificate_gate(tls: Tls, note: Note, faults: Faults) -> Gate:
    """Give the gate of the certificate host. Without a certificate `faults.no_certificate` happens."""
    contexts = {"handshake": _context(tls, ssl.CERT_REQUIRED), "401": _context(tls, ssl.CERT_OPTIONAL)}
    return Gate(lambda: contexts[faults.no_certificate], note)


def serial_of(connection: socket.socket) -> str:
    """Give the serial number of the client's certificate in hexadecimal; empty if it showed none."""
    shown = connection.getpeercert() if isinstance(connection, ssl.SSLSocket) else None
    return str(shown["serialNumber"]) if shown else ""


def _context(tls: Tls, demand: ssl.VerifyMode) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = demand
    context.sslsocket_class = _Line
    _load(context, tls)
    return context


def _load(context: ssl.SSLContext, tls: Tls) -> None:
    """Load the files. OpenSSL's own errors do not say which one they are about."""
    file = tls.certificate
    try:
        # With a password at hand OpenSSL never asks for one on the terminal.
        context.load_cert_chain(tls.certificate, tls.key, password="-")
        if tls.client_ca is not None:
            file = tls.client_ca
            context.load_verify_locations(file)
    except OSError as error:
        raise OSError(f"cannot use {str(file)!r} for TLS: {error}") from None
