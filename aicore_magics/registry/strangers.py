"""Whether a registry judges logins at all: a user that nobody knows is sent there, after the login.

Some token services give a token to whoever asks, and the registry behind them opens everything to it: to be
let in there proves nothing. A made-up user and password, new each time, show it. No account can be locked by
that, for none is named; a host that counts failures counts one a check, however many images there are, and
only once the login has been let in: a failure before that could have turned it away.
"""

from __future__ import annotations

import secrets
import threading
from typing import TYPE_CHECKING

from aicore_magics.base.aside import Aside
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.http.messages import Basic

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.http.messages import Authorization

PATIENCE = 0.5  # seconds for a try, once nothing else is left to wait for; what comes later is not known


class Stranger:
    """One made-up user at one host, for all that is checked there, in whatever threads.

    Unless it *tries*, nothing is sent, as where a host is known to judge logins.
    """

    def __init__(self, *, tries: bool = True) -> None:
        self._tries = tries
        self._lock = threading.Lock()
        self._attempt: Callable[[Basic], Authorization | None] | None = None
        self._trial: Aside[Authorization | None] | None = None
        self._too_late = False

    def prepare(self, attempt: Callable[[Basic], Authorization | None]) -> None:
        """Remember how to try a made-up login: *attempt* returns what lets that user in."""
        with self._lock:
            self._attempt = self._attempt or (attempt if self._tries else None)

    def begin(self) -> None:
        """Let the try that is prepared begin, unless it has."""
        with self._lock:
            attempt = self._attempt
            if attempt is None or self._trial:
                return
            login = Basic(f"aicore-magics-{secrets.token_hex(8)}", Secret(secrets.token_urlsafe(24)))
            self._trial = Aside(lambda: attempt(login), name="stranger")

    def entry(self, seconds: float) -> Authorization | None:
        """Return what lets anybody in; None if nothing does, or it is not known in time."""
        self.begin()
        if self._trial is None or self._too_late:
            return None
        try:
            return self._trial.result(min(seconds, PATIENCE))
        except AICoreError:
            # No answer: this is no part of the check.
            return None
        except TimeoutError:
            self._too_late = True
            return None


class Strangers:
    """A stranger for each host of a check."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_host: dict[str, Stranger] = {}

    def at(self, host: str) -> Stranger:
        """Return the one at *host*."""
        with self._lock:
            return self._by_host.setdefault(host, Stranger())
