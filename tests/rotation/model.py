"""Several tenants of AI Core behind gateways, as a rotation meets them, and the truth about each secret.

A scenario says how the writes of each secret end, what lists and looks show, which write of the journal
fails, and when the claim is lost. What a server does and what it answers are two things: `lost+now` was
applied and not answered, `503+never` was answered and not applied, `lost+5` is applied 5 s later.
"""

from __future__ import annotations

import contextlib
import json
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.errors import Unreachable
from aicore_magics.http.messages import Response, ResponseLost
from aicore_magics.ledger.ledger import Ledger

JSON = {"content-type": "application/json"}
ENVELOPE = {"error": {"code": "01", "message": "no"}}
OWN = (400, 403, 404)  # what AI Core says itself, in its own form
HELD = 20.0  # seconds that an answer may be held back, so that no mistake in a test hangs


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """All choices of one rotation.

    *secrets* are the names in each tenant. *tries* says how the writes of a secret end, one after another;
    after these all go well. *lists* says how a tenant's lists end: `right`, `down`, `right-down` (down after
    the first), `forbidden`. *look* is that of the first secret. *missing* secrets are not there at first,
    *taken* ones are deleted by a colleague once they are written. *journal*: that write of the journal fails,
    having been made or not. *lost*: the claim is lost at that question.
    """

    secrets: tuple[tuple[str, ...], ...] = (("a1", "a2", "a3"), ("b1", "b2"))
    tries: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lists: tuple[str, ...] = ("right", "right", "right")
    look: str = "right"
    missing: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    workers: int = 2
    journal: tuple[int, bool] = (0, False)
    lost: int = 0
    token: bool = True
    timeout: float = 60.0


@dataclass
class Sent:
    """One PATCH: what it held, how it ended, and whether the journal had it before."""

    name: str
    content: str
    end: str
    noted: bool


@dataclass
class World:
    """One tenant: a transport, whose door is `send`."""

    number: int
    scenario: Scenario
    clock: object
    folder: object
    secrets: dict = field(default_factory=dict)
    deeds: list = field(default_factory=list)
    sent: list = field(default_factory=list)
    tries: dict = field(default_factory=dict)
    lists: int = 0
    looks: int = 0
    gate: threading.Event = field(default_factory=threading.Event)
    closed: bool = False
    late: int = 0

    def __post_init__(self):
        self.lock = threading.Lock()
        self.host = f"api{self.number}.ai.example"
        self.tenant = f"acme-{self.number}"

    def connection(self):
        key = {
            "clientid": "sb-1",
            "clientsecret": "client-of-the-model",
            "url": f"https://tokens{self.number}.example",
            "serviceurls": {"AI_API_URL": f"https://{self.host}"},
            "identityzone": self.tenant,
        }
        return Connection(service_key_of(json.dumps(key), "the model's service key"), transport=self)

    def close(self):
        """Nothing is kept."""

    def send(self, method, url, *, auth, deadline, body=None, content_type=""):
        if deadline.left() <= 0:
            raise _unreachable(self.host)
        path = urlsplit(url).path
        if path == "/oauth/token":
            return says(200, {"access_token": "bearer", "expires_in": 43199})
        if method == "PATCH":
            self.late += self.closed
            return self._write(path.rpartition("/")[2], body)
        if path.endswith("/dockerRegistrySecrets"):
            return self._list()
        return self._look(path.rpartition("/")[2])

    def holds(self, name):
        """Give what *name* holds now."""
        with self.lock:
            self._carry_out()
            return self.secrets.get(name)

    def _carry_out(self):
        due = sorted(each for each in self.deeds if each[0] <= self.clock.now)
        self.deeds = [each for each in self.deeds if each[0] > self.clock.now]
        for _, name, content in due:
            if name in self.secrets:
                self.secrets[name] = content

    def _write(self, name, body):
        content = json.loads(body.reveal())["data"][".dockerconfigjson"]
        noted = self._is_noted(name)
        with self.lock:
            self._carry_out()
            tries = self.tries.get(name)
            end = tries.pop(0) if tries else "202+now"
            answer, _, effect = end.partition("+")
            if effect not in ("", "never"):
                self.deeds.append((self.clock.now + (0 if effect == "now" else float(effect)), name, content))
                there = name in self.secrets
                self._carry_out()
                if not there and answer == "202":
                    answer, end = "404", "404+never"
                if name in self.scenario.taken:
                    self.secrets.pop(name, None)
            elif name not in self.secrets and answer == "202":
                answer, end = "404", "404+never"
            self.sent.append(Sent(name, content, end, noted))
        return self._answer(answer)

    def _is_noted(self, name):
        """Whether the journal says that this write is about to go out."""
        records = [each for each in Ledger(self.folder).read().records if each.secret == name]
        return bool(records) and any(each.run and each.outcome == "unknown" for each in records)

    def _answer(self, answer):
        if answer == "slow":
            self.gate.wait(0.03)
            answer = "202"
        if answer == "held":
            self.gate.wait(HELD)
            answer = "lost"
        if answer == "lost":
            raise ResponseLost("no answer came")
        if answer == "unreachable":
            raise _unreachable(self.host)
        status = int(answer)
        if status == 202:
            return says(202, {"message": "done"})
        return says(status, ENVELOPE) if status in OWN else Response(status, {}, b"", self.host)

    def _list(self):
        with self.lock:
            self._carry_out()
            self.lists += 1
            kind = self.scenario.lists[self.number]
            names = [{"name": name} for name in self.secrets]
            first = self.lists == 1
        if kind == "down" or (kind == "right-down" and not first):
            raise _unreachable(self.host)
        if kind == "forbidden":
            return says(403, ENVELOPE)
        return says(200, {"count": len(names), "resources": names})

    def _look(self, name):
        with self.lock:
            self._carry_out()
            self.looks += 1
            there = name in self.secrets
        if self.scenario.look == "down":
            raise _unreachable(self.host)
        if self.scenario.look == "gone" or not there:
            return says(404, ENVELOPE)
        return says(200, {"name": name})


def says(status, data):
    return Response(status, dict(JSON), json.dumps(data).encode(), "h")


def _unreachable(host):
    error = Unreachable(f"{host} does not accept the connection")
    error.again = True
    return error


@contextlib.contextmanager
def failing_journal(patch, number, *, written):
    """Let that write of the ledger fail, having been made or not."""
    real, count = Ledger.write, iter(range(1, 1000))

    def write(self, *records):
        failing = next(count) == number
        if failing and not written:
            return "the disk is full"
        fault = real(self, *records)
        return "the disk does not answer" if failing else fault

    with patch.context() as inner:
        inner.setattr(Ledger, "write", write)
        yield


class Claim:
    """A claim that is lost at the question of that number; 0: never."""

    def __init__(self, lost):
        self.lost, self.asked = lost, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def held(self):
        self.asked += 1
        return self.asked != self.lost
