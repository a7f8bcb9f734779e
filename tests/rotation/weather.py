"""What stands before the servers of a rotation: it hears all, and lets some of it fail."""

from __future__ import annotations

import base64
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from aicore_magics.sandbox.exchange import Answer

WEATHERS = ("calm", "resets", "503", "limit", "down")
ODDS = 0.1
RATE = 25.0  # requests a second where there is a limit


@dataclass
class Write:
    """One PATCH that came: the password in it, whether all was tested before, and how it ended."""

    place: str
    password: str
    tested: bool
    end: str


@dataclass
class Sky:
    """The weather over all servers in one act, and what was seen of it."""

    kind: str = "calm"
    writes: list = field(default_factory=list)
    asked: set = field(default_factory=set)
    tokens: dict = field(default_factory=dict)
    faults: Counter = field(default_factory=Counter)
    strike: object = None  # called with "before" or "after" at each write
    spent: float = 0.0

    def __post_init__(self):
        self.lock = threading.Lock()

    def begin(self, kind, strike=None):
        """Let another act begin."""
        with self.lock:
            self.kind, self.strike = kind, strike
            self.writes, self.asked = [], set()

    def limited(self):
        """Whether a request is one too many."""
        with self.lock:
            now = time.monotonic()
            self.spent = max(self.spent, now - 0.2)
            self.spent += 1 / RATE
            return self.spent > now


class Before:
    """Stands before one *service* of a tenant; *images* are what each secret must pull."""

    def __init__(self, sky, tenant, service, images, *, wait, may_be_down):
        self.sky, self.tenant, self.service = sky, tenant, service
        self.images, self.wait, self.may_be_down = images, wait, may_be_down

    def refuse(self, request, refusal):
        """As the sandbox does."""
        return self.service.refuse(request, refusal)

    def answer(self, request):
        """Give the answer, or None: the connection breaks without one."""
        sky, write = self.sky, request.method == "PATCH"
        self.wait(0.01)
        if sky.kind == "down" and self.may_be_down and not request.path.startswith("/oauth"):
            return None
        noted = self._noted(request) if write else None
        if write and sky.strike:
            sky.strike("before")
        end = self._end(request)
        answer = self.service.answer(request) if "not" not in end else None
        if write and sky.strike:
            sky.strike("after")
        if end.startswith("reset"):
            answer = None
        elif end.startswith("503"):
            answer = Answer.text(503, "upstream connect error or disconnect/reset before headers")
        elif end.startswith("429"):
            answer = Answer.text(429, "too many", ("Retry-After", "1"))
        if noted:
            noted.end = f"{answer.status}" if answer and not end else end
            sky.faults[noted.end] += 1
        return answer

    def _end(self, request):
        kind = self.sky.kind
        if request.path.startswith("/oauth") or (kind == "limit" and not self.sky.limited()):
            return ""
        if kind == "limit":
            return "429 not applied"
        if kind in ("resets", "503") and random.random() < ODDS:
            word = "reset" if kind == "resets" else kind
            return f"{word} {random.choice(('applied', 'not applied'))}"
        return ""

    def _noted(self, request):
        name = request.path.rpartition("/")[2]
        password = password_of(json.loads(request.body)["data"][".dockerconfigjson"])
        tested = all((password, image) in self.sky.asked for image in self.images)
        noted = Write(f"{self.tenant} {name}", password, tested, "under way")
        with self.sky.lock:
            self.sky.writes.append(noted)
        return noted


class BeforeRegistry:
    """Hears which login asks the registry for which image."""

    def __init__(self, sky, service):
        self.sky, self.service = sky, service

    def refuse(self, request, refusal):
        """As the sandbox does."""
        return self.service.refuse(request, refusal)

    def answer(self, request):
        """Give the registry's answer, and note whose it is."""
        answer = self.service.answer(request)
        how, _, given = str(request.headers.get("Authorization", "")).partition(" ")
        if answer is None or answer.status != 200:
            return answer
        if how == "Basic" and "/manifests/" not in request.path:
            password = base64.b64decode(given).decode().partition(":")[2]
            told = json.loads(answer.body)
            for word in ("token", "access_token"):
                self.sky.tokens[told.get(word)] = password
        elif how == "Bearer" and "/manifests/" in request.path:
            repository, _, tag = request.path.removeprefix("/v2/").partition("/manifests/")
            self.sky.asked.add((self.sky.tokens.get(given), f"{repository}:{tag}"))
        return answer


def password_of(config):
    """The password in what a secret holds."""
    (entry,) = json.loads(config)["auths"].values()
    return entry.get("password") or base64.b64decode(entry["auth"]).decode().partition(":")[2]
