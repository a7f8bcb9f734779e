"""A sandbox that something happens to at one of the writes that come to it."""

from __future__ import annotations

import threading

WRITES = 27  # of a verification of a sandbox as it stands: see test_the_number_of_writes
OTHERS = {"team-ghcr": '{"auths": {}}'}


def writes(sandbox):
    """The writes that came to *sandbox*."""
    return [asked for asked in sandbox.state.requests if is_write(asked)]


def is_write(request):
    return request.method != "GET" and request.path != "/oauth/token"


OVERTAKEN_BY = 5  # requests: more than a cleanup has that does not wait for what is on its way


class AtWrite:
    """Calls *act* at write *number* of *sandbox*, before or after it is carried out; *later* at the others.

    The answer is held back for a moment, so that whoever is signalled hears of that first. A write that *act*
    comes before is carried out after some other requests, as one that was on its way for long.
    """

    def __init__(self, sandbox, number, act, *, before=False, later=None):
        self._answer = sandbox.server.application.answer
        self._number = number
        self._act = act
        self._before = before
        self._later = later
        self._writes = self._since = 0
        self._lock = threading.Lock()
        self._overtaken = threading.Event()
        self.over = threading.Event()
        """Set when the write in question has been carried out."""
        sandbox.server.application.answer = self.answer

    def answer(self, request):
        """Answer *request*."""
        with self._lock:
            self._writes += is_write(request)
            self._since += self._writes >= self._number
            number = self._writes if is_write(request) else 0
            if self._since > OVERTAKEN_BY:
                self._overtaken.set()
        if number == self._number and self._before:
            self._act()
            self._overtaken.wait(0.3)
        answer = self._answer(request)
        if number == self._number:
            self.over.set()
            if self._before:
                return answer
        act = self._act if number == self._number else self._later if number > self._number else None
        if act:
            act()
            threading.Event().wait(0.02)
        return answer
