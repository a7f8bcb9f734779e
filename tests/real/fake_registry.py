"""A registry of the tests' own, for what a real one does not do: stray, dawdle, remember what it heard."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
from dataclasses import dataclass

from tests.peers import HERE, PEER_SECONDS, HttpServer, Quiet
from tests.real import registry_images as images

REPOSITORY = "team/churn"
# What a registry may ask for.
BASIC = 'Basic realm="bench"'
BEARER = 'Bearer realm="{url}/token",service="bench"'
TOKEN, NOBODYS_TOKEN = "bench.pull.token", "bench.nothing.token"
PAGE = b"<html><head><title>No</title></head></html>"
_FENCE = "/fence"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was heard: path with query, and the header that may hold a login."""

    method: str
    path: str
    authorization: str | None


class FakeRegistry:
    """A registry on a free port of *host*, a loopback address, that holds *image* under every tag.

    Without *challenge* it serves everybody; with one, where `{url}` becomes the registry's own, it says 401
    to whoever sends no login, and believes any. `/token` gives everybody a token, which opens something to
    those alone who sent a login. A user that was made up for the check is refused, and kept in `strangers`,
    unless *everybody* is let in. A request whose path holds a key of *moved* is sent on (307) to the address
    beside it. Before each answer *meanwhile* is called, side by side for different connections. Who asks for
    a digest in `lies` gets what stands beside it. With *gateway*, a status, each login gets that and a web
    page, as from a gateway in front of all; then the challenge comes with a web page, too.

    `asked` holds what it heard, and `connections()` says how many came. A context manager stops it.
    """

    def __init__(
        self,
        *,
        challenge="",
        host=HERE,
        meanwhile=lambda: None,
        moved=None,
        image=None,
        gateway=0,
        everybody=False,
    ):
        self.meanwhile, self.moved, self.image = meanwhile, moved or {}, image or images.single()
        self.gateway, self.everybody = gateway, everybody
        self.strangers = []
        self.asked, self.lies = [], {}
        self._server = _Server(self, host)
        self.challenge = challenge.format(url=self.url)

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self._server.stop()

    @property
    def address(self):
        """Host and port, as in an image."""
        return self._server.address

    @property
    def url(self):
        """Where to speak HTTP to it."""
        return f"http://{self.address}"

    @property
    def reference(self):
        """An image that it serves."""
        return f"{self.address}/{REPOSITORY}:1.4"

    @property
    def blob(self):
        """The path of the image's config."""
        return f"/v2/{REPOSITORY}/blobs/{self.image.config.digest}"

    def connections(self):
        """How many have connected so far, even those that said nothing."""
        # Connections are taken in the order in which they came: when this one is, no earlier one waits.
        with contextlib.closing(http.client.HTTPConnection(self.address, timeout=PEER_SECONDS)) as own:
            own.request("GET", _FENCE)
            own.getresponse().read()
        self._server.own += 1
        return self._server.accepted - self._server.own


def is_stranger(authorization):
    """Whether this header has a user that was made up for a check."""
    scheme, _, pair = (authorization or "").partition(" ")
    return scheme == "Basic" and base64.b64decode(pair).startswith(b"aicore-magics-")


class _Server(HttpServer):
    def __init__(self, registry, host):
        self.registry, self.accepted, self.own = registry, 0, 0
        super().__init__(_Conversation, host)

    def process_request(self, request, client_address):
        """Count the connection, and let a thread of its own talk."""
        self.accepted += 1
        super().process_request(request, client_address)


class _Conversation(Quiet):
    def answer(self):
        registry = self.server.registry
        path = self.path.partition("?")[0]
        if path == _FENCE:
            self._say(200, b"")
            return
        authorization = self.headers.get("Authorization")
        asked = Asked(self.command, self.path, authorization)
        if is_stranger(authorization):
            registry.strangers.append(asked)
            if not registry.everybody:
                self._say(401, b'{"errors":[{"code":"UNAUTHORIZED","message":"who is that"}]}')
                return
        else:
            registry.asked.append(asked)
            registry.meanwhile()
        place = next((to for part, to in registry.moved.items() if part in path), None)
        if registry.gateway and authorization and authorization.startswith("Basic "):
            self._say(registry.gateway, PAGE, "text/html", named=False)
        elif path == "/token" and not place:
            self._say(200, json.dumps({"token": TOKEN if authorization else NOBODYS_TOKEN}).encode())
        elif registry.challenge and path != "/token" and authorization in (None, f"Bearer {NOBODYS_TOKEN}"):
            errors = {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
            told = (PAGE, "text/html") if registry.gateway else (json.dumps(errors).encode(),)
            self._say(401, *told, named=not registry.gateway, WWW_Authenticate=registry.challenge)
        elif place:
            self._say(307, b"", Location=place)
        else:
            self._serve(path, registry.image, registry.lies)

    do_GET = do_HEAD = answer  # noqa: N815

    def _serve(self, path, image, lies):
        """Give a manifest or a blob; of what lies elsewhere there is none."""
        blobs = (blob for one in (image, *image.children) for blob in (one.manifest, *one.blobs))
        content = {**{blob.digest: blob for blob in blobs}, **lies}
        name = path.rpartition("/")[2]
        if "/manifests/" in path:
            found = content.get(name, image.manifest)
            self._say(200, found.body, found.media_type, Docker_Content_Digest=found.digest)
        elif name in content:
            self._say(200, content[name].body, "application/octet-stream")
        elif path == "/v2/":
            self._say(200, b"{}")
        else:
            self._say(404, b'{"errors":[{"code":"NOT_FOUND","message":"not here"}]}')

    def _say(self, status, body, kind="application/json", *, named=True, **headers):
        self.send_response(status)
        if named:
            self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
