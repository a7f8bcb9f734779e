"""Our client with one of its safeguards taken out: the bench must notice each. The child imports this."""

from __future__ import annotations

import time
from typing import Any


def redirects_followed() -> None:
    """Follow redirects, as `requests` does by itself."""
    import requests

    from aicore_magics.http import http_session

    class Following(requests.Session):
        def send(self, request: Any, **kwargs: Any) -> Any:
            return super().send(request, **{**kwargs, "allow_redirects": True})

    http_session._Session = Following


def bearer_as_a_header() -> None:
    """Set the token as a plain header, which a matching entry in ~/.netrc replaces."""
    import requests

    from aicore_magics.http import http_session
    from aicore_magics.http.messages import Bearer

    class Plain(requests.Request):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            auth = kwargs.get("auth")
            if isinstance(auth, Bearer):
                header = f"Bearer {auth._token.reveal()}"
                kwargs |= {"auth": None, "headers": {**kwargs["headers"], "Authorization": header}}
            super().__init__(*args, **kwargs)

    http_session.requests.Request = Plain  # type: ignore[misc]


def scrubbing_off() -> None:
    """Show what a server says as it says it."""
    from aicore_magics.aicore import oauth, refusals

    oauth.scrub = refusals.scrub = lambda text, *_, limit=300: text[:limit]  # type: ignore[assignment]


def wall_clock_limit_off() -> None:
    """Let each read have its whole time, as `requests` does."""
    from aicore_magics.http import answers, http_session

    answers._TimedReader.readinto = lambda self, buffer: self._raw.readinto(buffer)  # type: ignore[method-assign]
    http_session._CHUNK = 1_000_000


def wall_clock_read() -> None:
    """Count a time limit by the clock on the wall."""
    from aicore_magics.http import deadline as deadlines

    class Wall:
        monotonic = staticmethod(time.time)
        sleep = staticmethod(time.sleep)

    deadlines.time = Wall  # type: ignore[assignment]


def renewal_off() -> None:
    """Take a 401 for an answer."""
    from aicore_magics.aicore import write_outcome
    from aicore_magics.aicore.client import Client

    Client._exchange_renewed = Client.exchange  # type: ignore[method-assign]
    write_outcome.UNAUTHORIZED = 0


def first_look_off() -> None:
    """Create without looking whether the name is free."""
    from aicore_magics.aicore import secret_store

    secret_store.demand_free = lambda *_: None


def second_look_off() -> None:
    """After a create whose answer was lost, send it again without a look."""
    from aicore_magics.aicore import looks

    look = looks.look_until

    def blind(*args: Any, first: bool = False) -> Any:
        return "gone" if first else look(*args)

    looks.look_until = blind


def last_look_off() -> None:
    """Take a 202 for a success."""
    from aicore_magics.aicore import looks

    looks.look_until = lambda _client, _name, wanted, _deadline, **_: wanted


def patience_off() -> None:
    """Look once what came of a change, and take what is seen then for what came of it."""
    from aicore_magics.aicore import looks

    looks.VISIBLE_WITHIN = 0.0


def attempts_without_end() -> None:
    """Let the first attempt have all the time there is."""
    from aicore_magics.http.deadline import Deadline

    Deadline.attempt = lambda self: self  # type: ignore[method-assign]


def web_pages_believed() -> None:
    """Take a web page after a write for a sign that nothing was changed."""
    from aicore_magics.aicore import write_outcome
    from aicore_magics.errors import NotAICore

    judged = write_outcome._judged

    def believed(*args: Any) -> Any:
        doubt = judged(*args)
        if doubt and isinstance(doubt.refusal, NotAICore):
            raise doubt.refusal
        return doubt

    write_outcome._judged = believed


def every_word_believed() -> None:
    """Take whoever answers for AI Core itself."""
    from aicore_magics.aicore import client, write_outcome

    write_outcome.own_form = client.own_form = lambda answer: "object" if answer.ok else "error"


def every_refusal_believed() -> None:
    """Take every 4xx for a sign that nothing was changed."""
    from aicore_magics.aicore import write_outcome

    write_outcome.NOTHING_DONE = frozenset(range(400, 500))


def first_doubt_forgotten() -> None:
    """Let a second try tell of an update what came of the first."""
    from aicore_magics.aicore.write_outcome import Doubt

    Doubt.__bool__ = lambda _: False  # type: ignore[attr-defined]


def interrupts_as_before() -> None:
    """Take an interrupt for one that came before anything was sent, whatever was."""
    from contextlib import nullcontext

    from aicore_magics.aicore import client

    client.sending = lambda *_: nullcontext()  # type: ignore[assignment]


def errors_as_they_come() -> None:
    """Let errors of `requests` out as they are, with the request inside."""
    from aicore_magics.http import http_session

    def send(self: Any, request: Any, deadline: Any) -> Any:
        return self._asked(self._written(request), request, deadline)

    http_session.HttpSession.send = send  # type: ignore[method-assign]
