import base64
import contextlib
import http.client
import json
import socket
import ssl
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from aicore_magics.sandbox import Tls, start
from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.server import Server

SECRETS = "/v2/admin/dockerRegistrySecrets"
CONTENT = json.dumps({"auths": {"ghcr.io": {"username": "anna", "password": "pw-CANARY"}}})


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        """The body, read."""
        return json.loads(self.body)


class Visitor:
    """Talks to a sandbox over one kept connection, as nobody at first and with a token after `log_on`."""

    def __init__(self, sandbox, url=None, context=None):
        self.sandbox = sandbox
        self.authorization = None
        scheme, _, host = (url or sandbox.url).partition("://")
        if scheme == "https":
            self.connection = http.client.HTTPSConnection(host, timeout=5, context=context)
        else:
            self.connection = http.client.HTTPConnection(host, timeout=5)

    def ask(self, method, path, body=None, **headers):
        """Send one request; a dict is sent as JSON, and `Content_Type` is the header of that name."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.authorization:
            headers.setdefault("Authorization", self.authorization)
        if isinstance(body, dict):
            headers.setdefault("Content-Type", "application/json")
            body = json.dumps(body)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def ask_token(self, **changes):
        """Ask for a token with a form."""
        key = self.sandbox.service_key
        fields = {
            "grant_type": "client_credentials",
            "client_id": key["clientid"],
            "client_secret": key["clientsecret"],
        }
        return self.ask_with_form({**fields, **changes})

    def ask_cert_token(self, **changes):
        """Ask for a token with a form that has no secret: the certificate of the connection must do."""
        fields = {"grant_type": "client_credentials", "client_id": self.sandbox.service_key["clientid"]}
        return self.ask_with_form({**fields, **changes})

    def ask_with_form(self, fields):
        """Send a form to the token service."""
        form = urlencode(fields)
        return self.ask("POST", "/oauth/token", form, Content_Type="application/x-www-form-urlencoded")

    def log_on(self):
        """Carry a fresh token from now on."""
        self.authorization = f"Bearer {self.ask_token().json['access_token']}"
        return self

    def create(self, name, content=CONTENT):
        """Create a secret."""
        return self.ask("POST", SECRETS, {"name": name, "data": {".dockerconfigjson": content}})

    def patch(self, name, content=CONTENT, **headers):
        """Replace a secret."""
        body = {"data": {".dockerconfigjson": content}}
        headers.setdefault("Content_Type", "application/merge-patch+json")
        return self.ask("PATCH", f"{SECRETS}/{name}", body, **headers)

    def names(self, query=""):
        """The names in one list."""
        return [each["name"] for each in self.ask("GET", f"{SECRETS}{query}").json["resources"]]


@pytest.fixture
def sandbox():
    with start() as running:
        yield running


@pytest.fixture
def stranger(sandbox):
    """A visitor without a token."""
    visitor = Visitor(sandbox)
    yield visitor
    visitor.connection.close()


@pytest.fixture
def visitor(stranger):
    return stranger.log_on()


OCI, DOCKER = "application/vnd.oci.image", "application/vnd.docker.distribution.manifest"
ALL_MANIFESTS = (
    f"{OCI}.index.v1+json, {OCI}.manifest.v1+json, {DOCKER}.list.v2+json, {DOCKER}.v2+json",
    "*/*",
)


class Guest:
    """Talks to one side of a registry over one kept connection, as nobody at first."""

    def __init__(self, registry, host, context=None):
        self.registry = registry
        self.authorization = None
        if context:
            self.connection = http.client.HTTPSConnection(host, timeout=5, context=context)
        else:
            self.connection = http.client.HTTPConnection(host, timeout=5)

    def ask(self, path, method="GET", *, accept=ALL_MANIFESTS, body=None, **headers):
        """Send one request, which takes every kind of manifest unless *accept* says otherwise."""
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        if self.authorization:
            headers.setdefault("Authorization", self.authorization)
        for each in accept:
            self.connection.putheader("Accept", each)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        if body is not None:
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def log_in(self, username=None, password=None):
        """Show a login from now on: the registry's own one, in whole or in part."""
        login = f"{username or self.registry.username}:{password or self.registry.password}"
        self.authorization = "Basic " + base64.b64encode(login.encode()).decode()
        return self

    def ask_token(self, *scopes, service="sandbox-registry", **headers):
        """Ask for a token for *scopes*."""
        query = urlencode({"service": service, "scope": scopes}, doseq=True)
        return self.ask(f"/token?{query}", **headers)

    def take_token(self, *repositories):
        """Show a token for *repositories* from now on."""
        reply = self.ask_token(*(f"repository:{name}:pull" for name in repositories))
        self.authorization = f"Bearer {reply.json['token']}"
        return self


@pytest.fixture
def registry(sandbox):
    """The registry of a sandbox of its own."""
    return sandbox.registry


@pytest.fixture
def guest(registry, authority):
    """Let somebody visit a side of a registry, over TLS if it is *safe*, with or without a certificate."""
    with contextlib.ExitStack() as stack:

        def guest(host, of=registry, *, safe=False, certificate=None):
            visitor = Guest(of, host, authority.trust(certificate) if safe else None)
            stack.callback(visitor.connection.close)
            return visitor

        yield guest


@pytest.fixture
def bearer(registry, guest):
    """A visitor of the side with tokens, who has none."""
    return guest(registry.host)


@pytest.fixture
def basic(registry, guest):
    """A visitor of the side with Basic logins, who has none."""
    return guest(registry.basic_host)


class Echo:
    """Answers with the length of the body, and in odd ways to /wait, /drop, /drip and /close."""

    def __init__(self):
        self.inside = threading.Event()
        self.go_on = threading.Event()

    def answer(self, request):
        """Answer, or do what the path says."""
        if request.path == "/wait":
            self.inside.set()
            self.go_on.wait(5)
        if request.path == "/drop":
            return None
        if request.path == "/drip":
            return Answer(200, b"slowly", drip=float(request.query))
        close_after = 2 if request.path == "/close" else 0
        text = f"{request.method} {request.path} {request.query} {len(request.body)}"
        return replace(Answer.text(200, text), close_after=close_after)

    def refuse(self, request, refusal):
        """Say why."""
        return Answer.text(refusal.status, refusal.message, *refusal.headers)


@pytest.fixture
def server():
    """A server with nothing behind it but an echo."""
    server = Server(0)
    server.serve(Echo())
    yield server
    server.stop()


@pytest.fixture
def wire(server):
    """Give bare connections to the server."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(server.server_address, timeout=5))


@pytest.fixture
def connect():
    """Give bare connections to any address."""
    with contextlib.ExitStack() as stack:

        def connect(address):
            host, _, port = address.partition(":")
            return stack.enter_context(socket.create_connection((host, port), timeout=5))

        yield connect


@pytest.fixture
def say(wire):
    """Send raw bytes and give all that comes back until the close."""

    def ask(text):
        plain = wire()
        plain.sendall(text)
        heard = b"".join(iter(lambda: plain.recv(65536), b""))
        plain.close()
        return heard

    return ask


class Clock:
    """Time that passes only when a test says so."""

    now = 1000.0

    def __call__(self):
        """The time."""
        return self.now


@pytest.fixture
def clock():
    return Clock()


@dataclass(frozen=True)
class Certificate:
    """A certificate that an `Authority` gave out: two files, the same in one file, and its number."""

    chain: Path
    key: Path
    both: Path
    serial: str


class Authority:
    """Gives out certificates and keeps the files of all it gave."""

    def __init__(self, folder):
        import trustme

        self._folder = folder
        self._ca = trustme.CA()
        self.file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(self.file)

    def certificate(self, *names):
        """Give a certificate for *names*."""
        from cryptography import x509

        made = self._ca.issue_cert(*names)
        number = x509.load_pem_x509_certificate(made.cert_chain_pems[0].bytes()).serial_number
        # As OpenSSL writes it: whole bytes.
        serial = number.to_bytes((number.bit_length() + 7) // 8, "big").hex().upper()
        files = [self._folder / f"{serial}.{kind}.pem" for kind in ("chain", "key", "both")]
        made.cert_chain_pems[0].write_to_path(files[0])
        made.private_key_pem.write_to_path(files[1])
        made.private_key_and_cert_chain_pem.write_to_path(files[2])
        return Certificate(*files, serial)

    def trust(self, certificate=None):
        """Give what a client needs: it trusts this authority, and shows *certificate* if it is asked."""
        context = ssl.create_default_context(cafile=self.file)
        if certificate:
            context.load_cert_chain(certificate.both)
        return context


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def other_authority(tmp_path_factory):
    """An authority that no sandbox trusts."""
    return Authority(tmp_path_factory.mktemp("other-authority"))


@pytest.fixture(scope="session")
def this_machine(authority):
    """The certificate of the sandbox."""
    return authority.certificate("localhost", "127.0.0.1")


@pytest.fixture(scope="session")
def anna(authority):
    """The certificate of a client."""
    return authority.certificate("anna@example.org")


@pytest.fixture(scope="session")
def otto(authority):
    """The certificate of another client."""
    return authority.certificate("otto@example.org")


@pytest.fixture(scope="session")
def mallory(other_authority):
    """The certificate of a client, from an authority that no sandbox trusts."""
    return other_authority.certificate("mallory@example.org")


@pytest.fixture(scope="session")
def tls(authority, this_machine):
    """What lets a sandbox speak https, with a certificate host."""
    return Tls(this_machine.both, client_ca=authority.file)


@pytest.fixture
def safe(tls):
    """A sandbox that speaks https."""
    with start(tls=tls) as running:
        yield running


@pytest.fixture
def visit(authority):
    """Let somebody with or without a certificate visit an address of a sandbox that speaks https."""
    with contextlib.ExitStack() as stack:

        def visit(sandbox, url=None, certificate=None):
            visitor = Visitor(sandbox, url, authority.trust(certificate))
            stack.callback(visitor.connection.close)
            return visitor

        yield visit


@pytest.fixture
def cert_visitor(safe, visit, anna):
    """A visitor of the certificate host who has a certificate."""
    return visit(safe, safe.cert_url, anna)
