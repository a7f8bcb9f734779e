"""What every question needs: a made-up login, a create that is noted first, a look, a removal."""

from __future__ import annotations

import json
import secrets
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.client import SECRETS
from aicore_magics.aicore.verification.asker import NotSeen
from aicore_magics.aicore.verification.findings import Findings
from aicore_magics.aicore.verification.forms import ENVELOPE, form_of, said, seen_as
from aicore_magics.base.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicore_magics.aicore.verification.asker import Asker
    from aicore_magics.aicore.verification.throwaways import Throwaways
    from aicore_magics.http.messages import Response

LOOK_WITHIN = 60.0  # seconds that a create or a delete gets to show, before it counts as never
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0
ACCEPTED, BAD_REQUEST, NOT_FOUND = 202, 400, 404
_TURNED_AWAY = 4  # 4xx


@dataclass(frozen=True, slots=True)
class Looked:
    """Seconds until a change showed by name and in the list; None: not in time."""

    by_name: float | None
    in_list: float | None


class Login:
    """A made-up login for a host that does not exist: nothing secret is stored."""

    def __init__(self) -> None:
        self.password = Secret(secrets.token_urlsafe(24))

    def config(self) -> dict[str, Any]:
        """Give the docker config that holds it."""
        login = {"username": "aicore-magics-verify", "password": self.password.reveal()}
        return {"auths": {"registry.invalid": login}}

    def body(self, name: str = "") -> Secret:
        """Give the body of a create, or without *name* that of an update."""
        data = {"data": {".dockerconfigjson": json.dumps(self.config())}}
        return Secret(json.dumps({"name": name, **data} if name else data))


class Scene:
    """Where the questions are asked. *tell* hears in a few words what is going on."""

    def __init__(
        self, asker: Asker, throwaways: Throwaways, login: Login, *, tell: Callable[[str], None]
    ) -> None:
        self.asker = asker
        self.throwaways = throwaways
        self.login = login
        self.tell = tell
        self.findings = Findings()
        self.shows_after = 0.0
        """Seconds until the first secret showed."""
        # Created first, and the last in the order of names.
        self.first, self.second, self.nobody = map(self.name, ("z", "b", "none"))

    def name(self, tail: str) -> str:
        """Give a throw-away name that ends in *tail*."""
        return f"{self.throwaways.base}-{tail}"

    @contextmanager
    def open(self, *ids: str) -> Iterator[None]:
        """Leave those of the questions *ids* open that have no answer, when no clear one comes."""
        try:
            yield
        except NotSeen as trouble:
            for key in ids:
                self.findings.leave_open(key, trouble.why)

    def create(self, name: str, body: Secret | None = None) -> Response:
        """Send a create, or what may be one, with *name* noted before. Raises what `Asker.ask` raises."""
        return self.store(name, "POST", SECRETS, body=body or self.login.body(name))

    def store(self, name: str, method: str, path: str, *, body: Secret, kind: str = "") -> Response:
        """Send what may store *name*, which is noted before. Raises what `Asker.ask` raises."""
        is_new = self.throwaways.about_to_create(name)
        try:
            answer = self.asker.ask(method, path, body=body, kind=kind)
        except NotSeen as trouble:
            if trouble.refused:
                self.throwaways.answered(name)
                if is_new:
                    self.throwaways.gone(name)
            raise
        self.throwaways.answered(name)
        if is_new and answer.status // 100 == _TURNED_AWAY:
            self.throwaways.gone(name)
        return answer

    def look(self, name: str, *, there: bool, within: float | None = None) -> Looked:
        """Look until *name* is there, or is gone, both by name and in the list."""
        begin = time.monotonic()
        limit = LOOK_WITHIN if within is None else within
        pause = FIRST_PAUSE
        by_name: float | None = None
        in_list: float | None = None
        while True:
            since = time.monotonic() - begin
            if by_name is None and self.asker.exists(name) is there:
                by_name = since
            if in_list is None and (name in self.asker.listed()) is there:
                in_list = since
            if by_name is not None and there:
                self.throwaways.shown(name)
            done = by_name is not None and in_list is not None
            if done or since >= limit:
                break
            time.sleep(min(pause, self.asker.deadline.left()))
            pause = min(pause * 2, LONGEST_PAUSE)
        if done and not there:
            self.throwaways.gone(name)
        return Looked(by_name, in_list)

    def remove(self, name: str) -> None:
        """Delete *name* if it may be there, and look until it is gone; else it stays noted."""
        self.throwaways.sweep(self.asker, name, within=LOOK_WITHIN)

    def note(self, key: str, answer: Response, *, as_assumed: bool) -> None:
        """Note how *answer* looks, and what it says if it is not as assumed."""
        self.findings.note(key, seen_as(answer) + ("" if as_assumed else said(answer)), as_assumed=as_assumed)

    def note_missing(self, key: str, answer: Response) -> None:
        """Note an *answer* that should say that something is not there."""
        self.note(key, answer, as_assumed=answer.status == NOT_FOUND and form_of(answer) == ENVELOPE)

    def note_refused(self, key: str, answer: Response) -> None:
        """Note an *answer* that should be a refusal."""
        self.note(key, answer, as_assumed=answer.status == BAD_REQUEST)

    def note_accepted(self, key: str, answer: Response, *keys: str) -> None:
        """Note an *answer* that should be a 202 with *keys*."""
        data = answer.json()
        fits = answer.status == ACCEPTED and isinstance(data, dict) and data.keys() >= set(keys)
        self.note(key, answer, as_assumed=fits)
