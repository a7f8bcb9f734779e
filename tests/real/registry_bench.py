"""Registries with htpasswd and with tokens, plain and over TLS, with the same users and images."""

from __future__ import annotations

import base64
import contextlib
from dataclasses import dataclass

import bcrypt
import requests

from tests.real import registry_images as images
from tests.real.docker_registry import Company, DockerRegistry
from tests.real.token_server import ISSUER, SERVICE, Signer, TokenServer

KINDS = ("htpasswd", "token")
PRIVATE, OPEN = "team/churn", "open/churn"
STRANGER = "aicore-magics-"
# Never pushed; the same users have rights to them.
MISSING, OPEN_MISSING = "team/nothing", "open/nothing"
IMAGES = {
    "amd64": images.single(),
    "docker": images.single(docker=True),
    "arm64": images.single("arm64"),
    "windows": images.single(system="windows"),
    "both": images.index(images.single(), images.single("arm64", layers=3)),
    "docker-list": images.index(
        images.single("arm64", docker=True), images.single(docker=True, layers=3), docker=True
    ),
    "attested": images.index(images.single(layers=1), images.attestation()),
    "arm64-only": images.index(images.single("arm64")),
    "artifact": images.artifact(),
    "chart": images.artifact(images.HELM),
}


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """A user of the registries, and the password, which no source holds."""

    name: str
    password: str


def odd_password(number):
    """A password that every encoding changes, with a colon in it, made at run time."""
    return "".join(["p", "!$%&", '"', "\\", *map(chr, (0xE4, 0x20AC, 0x1F600)), ":w", "{x}'<y>", str(number)])


# What is pushed can be pulled by *anna*, and by everybody who is known where there are no rights. *bert* is
# known, and has a right to nothing but what is open to all.
ANNA = Person("".join(["j", chr(0xFC), "rgen", chr(0x20AC)]), odd_password(1))
BERT = Person("bert+robot$x", odd_password(2))
RIGHTS = {"": ("open/",), ANNA.name: ("team/",)}


@dataclass(frozen=True, slots=True)
class Backend:
    """A registry, and the token server that it sends its clients to, or None."""

    kind: str
    registry: DockerRegistry
    token_server: TokenServer | None

    @property
    def host(self):
        """The registry's host, as in an image."""
        return self.registry.host

    @property
    def most_requests(self):
        """What a whole check of one image may take at the servers, step by step."""
        return 5 if self.token_server else 4

    def strangers_since(self, mark):
        """Each token that a made-up user has asked for since *mark*."""
        return [each for each in self._tokens_since(mark) if each.user.startswith(STRANGER)]

    def _tokens_since(self, mark):
        return self.token_server.served[mark[1] :] if self.token_server else []

    def mark(self):
        """A place in the books of both servers, for `since`."""
        return self.registry.mark(), len(self.token_server.served) if self.token_server else 0

    def since(self, mark):
        """Each request at either server since *mark*, but those for tokens of a made-up user, made beside."""
        tokens = [each for each in self._tokens_since(mark) if not each.user.startswith(STRANGER)]
        return [*(f"token for {each.scope} {each.status}" for each in tokens), *self.registry.since(mark[0])]


class Bench:
    """All registries: `backend(kind)`, plain or over TLS; all of them serve what was pushed into one."""

    def __init__(self, folder):
        self._end = contextlib.ExitStack()
        self._folder, self._storage = folder, folder / "data"
        self.company = Company(folder)
        self._people = (ANNA, BERT)
        self._signer = Signer(folder)
        self._htpasswd = folder / "htpasswd"
        self._htpasswd.write_text("".join(map(_htpasswd_line, self._people)), "utf-8")
        with contextlib.ExitStack() as undo:
            undo.callback(self.close)
            self._backends = {
                (kind, tls): self._start(kind, self.company if tls else None)
                for kind in KINDS
                for tls in (False, True)
            }
            for backend in self._backends.values():
                backend.registry.wait_until_it_listens()
            self._fill(self.backend("htpasswd").registry)
            undo.pop_all()

    def backend(self, kind, *, tls=False):
        """The registry with *kind* of logins."""
        return self._backends[kind, tls]

    def another(self, name):
        """One more registry with htpasswd, for a test to break."""
        return self._started(name, self._htpasswd_auth())

    def open_to_all(self, name):
        """One more registry that asks nobody: it stands behind something that does."""
        return self._started(name, {})

    def with_realm(self, name, realm):
        """One more registry that sends its clients to *realm*, and a token server to stand behind that."""
        return self._started(name, self._token_auth(realm)), self._token_server(None)

    @property
    def htpasswd(self):
        """The file with the users and what their passwords were hashed to."""
        return self._htpasswd

    def close(self):
        """End every process and server."""
        self._end.close()

    def _started(self, name, auth):
        registry = DockerRegistry(self._folder / name, self._storage, auth)
        self._end.callback(registry.stop)
        registry.wait_until_it_listens()
        return registry

    def _start(self, kind, tls):
        server = self._token_server(tls) if kind == "token" else None
        auth = self._token_auth(server.realm) if server else self._htpasswd_auth()
        folder = self._folder / f"{kind}-{'tls' if tls else 'plain'}"
        registry = DockerRegistry(folder, self._storage, auth, tls=tls)
        self._end.callback(registry.stop)
        return Backend(kind, registry, server)

    def _token_server(self, tls):
        passwords = {person.name: person.password for person in self._people}
        server = TokenServer(self._signer, passwords, RIGHTS, context=tls and tls.server_context())
        self._end.callback(server.stop)
        return server

    def _htpasswd_auth(self):
        return {"htpasswd": {"realm": "bench", "path": str(self._htpasswd)}}

    def _token_auth(self, realm):
        root = str(self._signer.root)
        return {"token": {"realm": realm, "service": SERVICE, "issuer": ISSUER, "rootcertbundle": root}}

    def _fill(self, registry):
        self.push(PRIVATE, IMAGES, registry)
        self.push(OPEN, {tag: IMAGES[tag] for tag in ("amd64", "both", "arm64")}, registry)

    def push(self, repository, by_tag, registry=None):
        """Put images into *repository*, for all registries."""
        url = (registry or self.backend("htpasswd").registry).url
        with requests.Session() as session:
            session.trust_env = False
            login = f"{ANNA.name}:{ANNA.password}".encode()
            session.headers["Authorization"] = f"Basic {base64.b64encode(login).decode()}"
            for tag, image in by_tag.items():
                images.push(session, url, repository, tag, image)


def _htpasswd_line(person):
    # Four rounds: it is the registry's work at each request, and not what is tested.
    return f"{person.name}:{bcrypt.hashpw(person.password.encode(), bcrypt.gensalt(4)).decode()}\n"
