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
    from aicore_magics.aicore.client import Client

    Client._send_authorized = Client._send_once  # type: ignore[method-assign]


def first_look_off() -> None:
    """Create without looking whether the name is free."""
    from aicore_magics.aicore import secret_store

    secret_store.demand_free = lambda *_: None


def second_look_off() -> None:
    """After a create whose answer was lost, send it again without a look."""
    from aicore_magics.aicore import secret_store

    def again(client: Any, name: str, doubt: Any, retry: Any, **_: Any) -> None:
        if not retry.wait():
            raise secret_store._unsure(name, doubt)

    secret_store._retry_or_raise = again


def last_look_off() -> None:
    """Take a 202 for a success."""
    from aicore_magics.aicore import secret_store

    secret_store._look_again = lambda *args, until, **kwargs: "there" if until else "gone"


def attempts_without_end() -> None:
    """Let the first attempt have all the time there is."""
    from aicore_magics.http.deadline import Deadline

    Deadline.attempt = lambda self: self  # type: ignore[method-assign]


def web_pages_believed() -> None:
    """Take a web page after a write for a sign that nothing was changed."""
    from aicore_magics.aicore import write_outcome

    write_outcome._TURNED_AWAY, write_outcome._perhaps = 0, lambda error: error  # type: ignore[assignment]


def errors_as_they_come() -> None:
    """Let errors of `requests` out as they are, with the request inside."""
    from aicore_magics.http import http_session

    def send(self: Any, request: Any, deadline: Any) -> Any:
        return self._asked(self._written(request), request, deadline)

    http_session.HttpSession.send = send  # type: ignore[method-assign]
