"""The token server of the bench: who may do what, told as a signed token that Debian's registry believes."""

from __future__ import annotations

import base64
import binascii
import json
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import jwt
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.peers import HttpServer, Quiet

ISSUER, SERVICE = "bench-issuer", "bench-registry"
TOKEN_SECONDS = 300


class Signer:
    """A key, and the chain that ends in the certificate which the registry is given as *root*."""

    def __init__(self, folder):
        authority = trustme.CA()
        own = authority.issue_cert("signer.example", key_type=trustme.KeyType.RSA)
        self.root = folder / "token-root.pem"
        authority.cert_pem.write_to_path(str(self.root))
        # Read once: to check an RSA key takes longer than to sign with it.
        self._key = load_pem_private_key(own.private_key_pem.bytes(), password=None)
        certificate = x509.load_pem_x509_certificate(own.cert_chain_pems[0].bytes())
        # With x5c the registry needs no key id of libtrust's.
        self._header = {"x5c": [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]}

    def token(self, user, access):
        """Say that *user* may do what *access* lists."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user, "aud": SERVICE, "jti": uuid.uuid4().hex, "access": access}
        times = {"iat": now, "nbf": now - 10, "exp": now + TOKEN_SECONDS}
        return jwt.encode({**claims, **times}, self._key, algorithm="RS256", headers=self._header)


@dataclass(frozen=True, slots=True)
class Served:
    """One request as the token server remembers it: nothing secret is kept."""

    method: str
    user: str
    scope: str
    status: int


class TokenServer(HttpServer):
    """Gives tokens on a free port of 127.0.0.1. *passwords* by user; *rights*: who may pull what, "" anybody.

    Like a real one it answers 200 with fewer rights than were asked for, 401 only to a wrong login, and 405
    to POST. `served` holds the requests so far, without their secrets.
    """

    def __init__(self, signer, passwords, rights, *, context=None):
        super().__init__(_Desk, context=context)
        self.signer, self._passwords, self._rights = signer, passwords, rights
        self.served = []
        scheme = "https" if context else "http"
        self.realm = f"{scheme}://127.0.0.1:{self.server_address[1]}/token"

    def knows(self, user, password):
        """Whether *user* has this *password*."""
        return self._passwords.get(user) == password

    def granted(self, user, scopes):
        """The part of *scopes* that *user* has a right to."""
        access = []
        for scope in scopes:
            kind, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            if kind == "repository" and name.startswith(self._rights[""] + self._rights.get(user, ())):
                actions = [action for action in actions.split(",") if action == "pull"]
                access.append({"type": kind, "name": name, "actions": actions})
        return access


class _Desk(Quiet):
    def answer(self):
        query = parse_qs(urlsplit(self.path).query)
        scopes = " ".join(query.get("scope", [])).split()
        user, known = self._login()
        if not known:
            self._say(401, {"errors": [{"code": "UNAUTHORIZED", "message": "incorrect login"}]}, user, scopes)
            return
        token = self.server.signer.token(user, self.server.granted(user, scopes))
        issued = datetime.now(UTC).isoformat()
        answer = {"token": token, "access_token": token, "expires_in": TOKEN_SECONDS, "issued_at": issued}
        self._say(200, answer, user, scopes)

    do_GET = answer  # noqa: N815

    def refuse(self):
        self.close_connection = True
        self._say(405, {"errors": [{"code": "UNSUPPORTED", "message": "use GET"}]}, "", [])

    do_POST = refuse  # noqa: N815

    def _login(self):
        """The user, "" for anybody, and whether the login is right."""
        header = self.headers.get("Authorization")
        if header is None:
            return "", True
        try:
            user, _, password = (
                base64.b64decode(header.removeprefix("Basic "), validate=True).decode().partition(":")
            )
        except (binascii.Error, UnicodeDecodeError):
            return "", False
        return user, self.server.knows(user, password)

    def _say(self, status, answer, user, scopes):
        # Before the answer goes out: who has it may count.
        self.server.served.append(Served(self.command, user, " ".join(scopes), status))
        body = json.dumps(answer).encode()
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="bench"')
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
