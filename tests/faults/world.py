"""A token host, an API host and another host: what they do, what is true there, and what they heard."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

from tests.faults.hosts import Asked, Host, Nobody, Reply, Wire

if TYPE_CHECKING:
    from collections.abc import Callable

    Act = Callable[["World", Wire, Asked], None]

SECRETS = "/v2/admin/dockerRegistrySecrets"
QUOTA = "/v2/admin/resourceQuota/dockerRegistrySecrets"
NAME = "team-registry"
OLD = json.dumps({"auths": {"https://old.example": {"username": "old", "password": "old"}}})
LIFE = 43199
ALWAYS = 1_000_000
WEB_PAGE = Reply(
    200, b"<!doctype html><html><body><form>Log in to the network</form></body></html>", "text/html"
)


@dataclass(frozen=True)
class Rule:
    """*act* answers the first *times* requests to the *host*, with *method* and *path* if they are given."""

    act: Act
    method: str = ""
    path: str = ""
    host: str = "api"
    times: int = ALWAYS

    def fits(self, host: str, asked: Asked) -> bool:
        """Tell whether it is about this request."""
        path = urlsplit(asked.path).path
        return self.host == host and self.method in ("", asked.method) and self.path in ("", path)


@dataclass(frozen=True)
class Setting:
    """How the world of one case differs from one where all is well.

    *there*: whether the secret exists already. *second*: what a create of a name that exists does.
    *api*: what is there instead of the API. *visible_after*: seconds until the API shows what it has.
    *stored_after*: seconds until it has what it accepted. *blind*: how many looks see nothing of it.
    *netrc*: the client's `~/.netrc` knows the API. *idle*: seconds until an unused connection is reset.
    *between*: seconds that the client leaves between two calls.
    """

    rules: tuple[Rule, ...] = ()
    there: bool = False
    second: str = "409"
    api: str = ""
    visible_after: float = 0.0
    stored_after: float = 0.0
    blind: int = 0
    token_answer: str = "whole"
    netrc: bool = False
    clock_jumps: bool = False
    idle: float = 60.0
    between: float = 0.0


class World:
    """What one case plays in. *interrupt* is called where a case wants a Ctrl-C."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.interrupt: Callable[[], None] = lambda: None
        noise = secrets.token_hex(6)
        # With characters that every encoding changes; a token holds only what a header can carry.
        self.password = f"pw-{noise}!$%&\"\\\u00e4\u20ac<'{{{noise[::-1]}}}"
        self.client_secret = f"{noise[::-1]}$Cs+/'{noise}\"&="
        self.tokens: list[str] = []
        self.valid: set[str] = set()
        self.truth = {NAME: OLD, "other-team": OLD} if setting.there else {"other-team": OLD}
        self.created = 0
        self.heard: list[tuple[str, Asked]] = []
        self._shown_at: dict[str, float] = {}
        self._later: list[tuple[float, str, str]] = []
        self._looks = 0
        self._uses = [0] * len(setting.rules)
        self._lock = threading.RLock()
        self._token_host = Host(lambda wire, asked: self._play("token", wire, asked), idle=setting.idle)
        self._api_host = self._api()
        self.other_host = Host(_other)
        self.token_url = self._token_host.url
        self.api_url = "https://api.nowhere.invalid" if setting.api == "no address" else self._api_host.url
        # By another name, so that it is another host to every library.
        self.other_url = self.other_host.url.replace("127.0.0.1", "localhost")

    def _api(self) -> Host | Nobody:
        if self.setting.api in ("refused", "full"):
            return Nobody(full=self.setting.api == "full")
        tls = self.setting.api == "self-signed"
        return Host(lambda wire, asked: self._play("api", wire, asked), tls=tls, idle=self.setting.idle)

    def close(self) -> None:
        """Close all hosts."""
        for host in (self._token_host, self._api_host, self.other_host):
            host.close()

    def press_ctrl_c(self) -> None:
        """Interrupt the client; once the case is over, nobody."""
        self.interrupt()

    def hidden(self) -> dict[str, str]:
        """Give all that nobody may see, by what it is."""
        tokens = {f"token {number}": token for number, token in enumerate(self.tokens, 1)}
        return {"password": self.password, "client secret": self.client_secret, **tokens}

    def settle(self) -> None:
        """Store what is still to be stored, however long it would have taken."""
        self._store_due(float("inf"))

    def _play(self, host: str, wire: Wire, asked: Asked) -> None:
        with self._lock:
            self._store_due(time.monotonic())
            self.heard.append((host, asked))
            act = self._act(host, asked)
        act(self, wire, asked)

    def _act(self, host: str, asked: Asked) -> Act:
        for number, rule in enumerate(self.setting.rules):
            if rule.fits(host, asked) and self._uses[number] < rule.times:
                self._uses[number] += 1
                return rule.act
        return lambda world, wire, asked: wire.say(world.perform(host, asked))

    def perform(self, host: str, asked: Asked) -> Reply:
        """Do what was asked, as a host does it with which all is well."""
        with self._lock:
            return self._token(asked) if host == "token" else self._answer(asked)

    def _token(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        wanted = {"grant_type": "client_credentials", "client_secret": self.client_secret}
        if asked.path != "/oauth/token" or not wanted.items() <= form.items():
            return Reply(401, b'{"error": "invalid_client", "error_description": "Bad credentials"}')
        data = {"access_token": self.issued(), "token_type": "bearer", "expires_in": LIFE}
        if self.setting.token_answer == "without its life":
            del data["expires_in"]
        body = json.dumps(data).encode()
        return Reply(200, body[:60] if self.setting.token_answer == "cut" else body)

    def issued(self) -> str:
        """Give a new token, which is valid from now on."""
        token = f"eyJ+/{secrets.token_hex(16)}~.=="
        self.tokens.append(token)
        self.valid.add(token)
        return token

    def _answer(self, asked: Asked) -> Reply:
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.valid:
            return Reply(401, b"Jwt verification fails", "text/plain")
        path = urlsplit(asked.path).path
        if path == QUOTA and asked.method == "GET":
            return Reply(200, b'{"usage": {"count": 1}, "quota": {"maxCount": 50}}')
        if path == SECRETS:
            return {"GET": self._list, "POST": self._create}.get(asked.method, _no_such)(asked)
        if path.startswith(f"{SECRETS}/"):
            name = unquote(path.removeprefix(f"{SECRETS}/"))
            return self._one(asked, name) if name in self.truth else _no_such(asked)
        return _no_such(asked)

    def _list(self, _asked: Asked) -> Reply:
        names = [{"name": name} for name in sorted(self.truth) if self._shows(name)]
        return Reply(200, json.dumps({"count": len(names), "resources": names}).encode())

    def _create(self, asked: Asked) -> Reply:
        name, config = _named(asked)
        if name in self.truth and self.setting.second == "409":
            return envelope(409, "Secret already exists")
        if name in self.truth and self.setting.second == "says exists":
            return Reply(202, b'{"message": "Secret exists"}')
        self._later.append((time.monotonic() + self.setting.stored_after, name, config))
        self._store_due(time.monotonic())
        return Reply(202, b'{"message": "Secret has been created"}')

    def _one(self, asked: Asked, name: str) -> Reply:
        if asked.method == "GET":
            return Reply(200, json.dumps({"name": name}).encode()) if self._shows(name) else _no_such(asked)
        if asked.method == "PATCH":
            self.truth[name] = asked.json()["data"][".dockerconfigjson"]
        elif asked.method == "DELETE":
            del self.truth[name]
        else:
            return _no_such(asked)
        return Reply(202, json.dumps({"id": name, "message": "Accepted"}).encode())

    def _shows(self, name: str) -> bool:
        if name == NAME:
            self._looks += 1
            if self._looks <= self.setting.blind:
                return False
        return self._shown_at.get(name, 0.0) <= time.monotonic()

    def _store_due(self, now: float) -> None:
        due = [each for each in self._later if each[0] <= now]
        self._later = [each for each in self._later if each[0] > now]
        for _, name, config in due:
            # A late one finds the name taken, as any other create does.
            if name not in self.truth or self.setting.second == "overwrite":
                self.created += 1
                self.truth[name] = config
                self._shown_at[name] = time.monotonic() + self.setting.visible_after


def envelope(status: int, message: str) -> Reply:
    """Give an error in the form that AI Core gives it."""
    error = {"code": "01010001", "message": message, "requestId": "5f6c", "target": SECRETS}
    return Reply(status, json.dumps({"error": error}).encode())


def _other(wire: Wire, asked: Asked) -> None:
    """Show a login page, and take whatever is sent."""
    wire.say(WEB_PAGE if asked.method == "GET" else Reply(202, b'{"message": "fine"}'))


def _named(asked: Asked) -> tuple[str, str]:
    data = asked.json()
    return data["name"], data["data"][".dockerconfigjson"]


def _no_such(_asked: Asked) -> Reply:
    return envelope(404, "not found")


def echo(world: World, asked: Asked) -> str:
    """Give what was asked as careless servers repeat it: as it came, and in every coding there is."""
    whole = asked.body.decode()
    mine = (
        (world.client_secret,) if "oauth" in asked.path else (world.password, asked.headers["authorization"])
    )
    coded = (base64.b64encode(each.encode()).decode() for each in mine)
    return " ".join([*mine, *map(quote, mine), *map(escape, mine), *map(json.dumps, mine), *coded, whole])
