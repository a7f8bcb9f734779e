"""An AI Core without a socket: it does what it is asked or not, and answers what a test says.

It stands for the transport and the token of a `Client`. It counts time by the clock that it is given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.client import QUOTA, SECRETS, Client
from aicore_magics.base.redact import Secret
from aicore_magics.http.messages import Response, ResponseLost

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "team-ghcr"
HOST = "api.example"
TENANT = "acme-dev"
JSON, TEXT, HTML = "application/json", "text/plain", "text/html"
PAGE = b"<!doctype html><title>Log on</title>"
LOST = "lost"


def reply(status: int, body: Any = b"", kind: str = JSON, **headers: str) -> Response:
    """Give an answer; what is neither bytes nor text is sent as JSON."""
    text = body if isinstance(body, bytes | str) else json.dumps(body)
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status, {"content-type": kind, **told}, text if isinstance(text, bytes) else text.encode(), HOST
    )


def envelope(status: int, message: str = "Invalid Request") -> Response:
    """Give an error in AI Core's own form."""
    return reply(status, {"error": {"code": "01010076", "message": message}})


def status_object(status: int) -> Response:
    """Give an error as Kubernetes gives it."""
    return reply(status, {"kind": "Status", "status": "Failure", "message": "no", "code": status})


def is_error(status: int) -> bool:
    """Whether it is one of failure."""
    return status >= 400


def is_success(status: int) -> bool:
    """Whether it is one that AI Core gives for a success."""
    return status in (200, 201, 202)


# Every way that an answer may look, and whether it is AI Core's own at a status.
LOOKS: dict[str, tuple[Callable[[int], Response], Callable[[int], bool]]] = {
    "envelope": (envelope, is_error),
    "Status": (status_object, is_error),
    "request_id": (lambda status: reply(status, {"message": "no", "request_id": "5f6c"}), is_error),
    "Jwt": (lambda status: reply(status, "Jwt is expired", TEXT), lambda status: status == 401),
    "RBAC": (lambda status: reply(status, "RBAC: access denied", TEXT), lambda status: status == 403),
    "object": (lambda status: reply(status, {"message": "fine"}), is_success),
    "string error": (lambda status: reply(status, {"error": "forbidden"}), lambda _: False),
    "list": (lambda status: reply(status, ["bad", "request"]), lambda _: False),
    "text": (lambda status: reply(status, "upstream connect error", TEXT), lambda _: False),
    "empty": (reply, lambda _: False),
    "cut": (lambda status: reply(status, b'{"error": {"message": "Secr'), lambda _: False),
    "page": (lambda status: reply(status, PAGE, HTML), lambda _: False),
}


def is_own(look: str, status: int) -> bool:
    """Whether an answer that looks like that is AI Core's own."""
    return LOOKS[look][1](status)


@dataclass(frozen=True)
class Turn:
    """What becomes of one change: whether it is *done*, and in how many seconds looks show it.

    *answer* is what comes back after *takes* seconds: an answer, an error to be raised, LOST, or None for
    what an AI Core says that does as it says.
    """

    answer: Response | Exception | str | None = None
    done: bool = True
    shows: float = 0.0
    takes: float = 0.0


class Core:
    """One secret, there or not. *turns* are for its changes, *looks* for who asks for it; each has a last.

    *looks* may hold None: the truth, as far as it shows. `methods` is what was asked, `began` how many
    changes were begun, `changed` whether one was done, `config` what the secret holds.
    """

    def __init__(self, clock: Any, *turns: Turn, there: bool = False, looks: tuple = (None,)) -> None:
        self.clock = clock
        self.turns = list(turns) or [Turn()]
        self.looks = list(looks)
        self.was_there = there
        self.config = "old" if there else ""
        self.methods: list[str] = []
        self.began = self.tokens = self.forgotten = 0
        self.changed = False
        self.quota = (1, 50)
        self.at: Any = lambda _moment: None
        self._shown = [(0.0, there)]
        self.client = Client(self, self, api_url=f"https://{HOST}", tenant=TENANT)  # type: ignore[arg-type]

    # The token

    secrets = (Secret("t0ken"),)

    def bearer(self, _deadline: Any) -> str:
        """Give a token."""
        self.tokens += 1
        self.at("token")
        return "bearer"

    def forget(self) -> None:
        """Count it."""
        self.forgotten += 1

    # The transport

    def send(
        self, method: str, url: str, *, auth: str, deadline: Any, body: Any = None, content_type: str = ""
    ) -> Response:
        """Hear a request, and answer."""
        assert auth == "bearer"
        self.methods.append(method)
        path = url.removeprefix(f"https://{HOST}")
        self.at(f"before {method}")
        if method == "GET":
            answer = self._read(path)
        else:
            answer = self._write(method, json.loads(body.reveal()) if body else {}, deadline)
        self.at(f"after {method}")
        return answer

    def _read(self, path: str) -> Response:
        if path == QUOTA:
            used, most = self.quota
            return reply(200, {"usage": {"count": used}, "quota": {"maxCount": most}})
        if path.startswith(f"{SECRETS}?"):
            return reply(200, {"count": 1, "resources": [{"name": "team-ghrc"}]})
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(look, Exception):
            raise look
        if look is not None:
            return look
        return reply(200, {"name": NAME}) if self.shown() else envelope(404)

    def shown(self) -> bool:
        """Whether a look shows the secret now."""
        return [there for when, there in self._shown if when <= self.clock.now][-1]

    def _write(self, method: str, data: dict, deadline: Any) -> Response:
        turn = self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]
        if isinstance(turn.answer, Exception) and not isinstance(turn.answer, ResponseLost):
            raise turn.answer
        self.began += 1
        said = self._do(method, data, turn) if turn.done else envelope(500)
        late = turn.takes > deadline.left()
        self.clock.sleep(min(turn.takes, deadline.left()))
        if late or turn.answer == LOST:
            raise ResponseLost(f"no answer arrived from {HOST}")
        if isinstance(turn.answer, Exception):
            raise turn.answer
        return said if turn.answer is None else turn.answer

    def _do(self, method: str, data: dict, turn: Turn) -> Response:
        if method == "POST" and self.config:
            return reply(202, {"message": "Secret exists"})
        if method != "POST" and not self.config:
            return envelope(404, "Secret not found")
        before, self.config = self.config, data.get("data", {}).get(".dockerconfigjson", "")
        self.changed = True
        if bool(before) != bool(self.config):
            now = self.clock.now
            self._shown = [(when, there) for when, there in self._shown if when <= now]
            self._shown.append((now + turn.shows, bool(self.config)))
        return reply(202, {"message": "Secret has been modified"})
