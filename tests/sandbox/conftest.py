import contextlib
import http.client
import json
import socket
import threading
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from aicore_magics.sandbox import start
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

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.authorization = None
        self.connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"), timeout=5)

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
        form = urlencode({**fields, **changes})
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


class Echo:
    """Answers with the length of the body, waits if told, and breaks the connection for /drop."""

    def __init__(self):
        self.inside = threading.Event()
        self.go_on = threading.Event()

    def answer(self, request):
        """Answer, wait or break."""
        if request.path == "/wait":
            self.inside.set()
            self.go_on.wait(5)
        if request.path == "/drop":
            return None
        return Answer.text(200, f"{request.method} {request.path} {request.query} {len(request.body)}")

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
def say(wire):
    """Send raw bytes and give all that comes back until the close."""

    def ask(text):
        plain = wire()
        plain.sendall(text)
        heard = b"".join(iter(lambda: plain.recv(65536), b""))
        plain.close()
        return heard

    return ask
