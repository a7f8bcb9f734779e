"""TLS contexts: one for each pair of CA and client certificate, made once and kept by whoever connects.

Loading a CA bundle costs more than everything else in a call, and `requests` does it for each new connection.
"""

from __future__ import annotations

import os
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.aside import Aside, PerProcess
from aicore_magics.base.files import expanded
from aicore_magics.base.tokens import without_tokens
from aicore_magics.errors import AICoreError, InvalidFile
from aicore_magics.http.certificates import certificate_expiry
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aicore_magics.base.redact import Secret


@dataclass(frozen=True, slots=True)
class Identity:
    """A client certificate (a PEM chain, its own first) and the private key that belongs to it."""

    chain: str
    key: Secret

    def ends(self) -> datetime | None:
        """Give the end of the certificate's validity, or None if it cannot be read or has none."""
        return certificate_expiry(self.chain).ends


def context(*, ca_file: str = "", identity: Identity | None = None) -> ssl.SSLContext:
    """Give a context that trusts *ca_file* and shows *identity* to a server that asks.

    Without *ca_file* it trusts what `requests` would: REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE, or certifi's file.
    Raises InvalidFile if the CA file cannot be loaded, certificate and key cannot be used together, or the
    file that SSLKEYLOGFILE names cannot be written.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    _log_keys(made)
    _trust(made, ca_file)
    if identity:
        _show(made, identity)
    return made


class KeptContext:
    """The TLS context that *make* makes, once in each process, in a thread of its own.

    OpenSSL reads a CA bundle without holding up other threads, and a file may be slow to come.
    """

    def __init__(self, make: Callable[[], ssl.SSLContext]) -> None:
        self._begun = PerProcess(lambda: Aside(make, name="tls"))

    def begin(self) -> None:
        """Let the work begin."""
        self._begun()

    def __call__(self, seconds: float) -> ssl.SSLContext:
        """Return the context. Raises TimeoutError if it is not there in *seconds*, and what *make* raises."""
        try:
            return self._begun().result(seconds)
        except AICoreError:
            # The file may be mended by the next time.
            self._begun.forget()
            raise


def _log_keys(made: ssl.SSLContext) -> None:
    """Log the keys of its connections where SSLKEYLOGFILE says: so people look into their own TLS."""
    failed = False
    try:
        if named := os.environ.get("SSLKEYLOGFILE"):
            made.keylog_filename = named
    except (OSError, ValueError):
        failed = True
    if failed:
        raise InvalidFile(
            "the file that SSLKEYLOGFILE names cannot be written",
            next="name another file, or unset SSLKEYLOGFILE.",
        )


def _trust(made: ssl.SSLContext, ca_file: str) -> None:
    named = ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    place = named or _bundle()
    path, reason = Path(place), ""
    try:
        path = expanded(path)
        made.load_verify_locations(None if path.is_dir() else path, path if path.is_dir() else None)
    except FileNotFoundError:
        reason = "does not exist"
    except (RuntimeError, ValueError):
        reason = "is not a path"
    except (OSError, ssl.SSLError):
        reason = "contains no certificates"
    if reason:
        raise InvalidFile(
            f"the CA file {without_tokens(str(path))!r} {reason}",
            next=("give a PEM file ", Option("ca-file", "FILE", "with"), OR, "in REQUESTS_CA_BUNDLE."),
        )


def _bundle() -> str:
    """The CA bundle that `requests` uses: certifi's, asked for without the import of `requests`."""
    try:
        import certifi
    except ImportError:
        # Some distributions build `requests` without certifi, with the bundle of the system.
        from requests.utils import DEFAULT_CA_BUNDLE_PATH

        return DEFAULT_CA_BUNDLE_PATH
    return certifi.where()


def _show(made: ssl.SSLContext, identity: Identity) -> None:
    """Load certificate and key. OpenSSL wants a file: it is 0600 from the start, and gone right after."""
    handle, name = tempfile.mkstemp(prefix="aicore-magics-", suffix=".pem")
    failed = False
    try:
        with os.fdopen(handle, "w", encoding="ascii", errors="replace") as file:
            file.write(f"{identity.chain.strip()}\n{identity.key.reveal().strip()}\n")
        # With a password at hand OpenSSL never asks for one on the terminal.
        made.load_cert_chain(name, password=lambda: b"-")
    except (OSError, ssl.SSLError):
        failed = True
    finally:
        Path(name).unlink(missing_ok=True)
    if failed:
        raise InvalidFile(
            "the client certificate and its key cannot be used together",
            next="download the x509 service key again; both must come from the same key.",
        )
