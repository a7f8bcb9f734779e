"""Ctrl-C at a line of code: a change is run with an interrupt at the n-th line, and what is said is judged.

`python -m tests.interrupts` interrupts at every line at all, also of the libraries and of Python itself.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import aicore_magics
from aicore_magics import actions
from aicore_magics.actions import CheckOptions
from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.service_key import parse_service_key, service_key
from aicore_magics.base import calls
from aicore_magics.base.redact import Secret
from aicore_magics.errors import OutcomeUnknown, Refused, Stopped
from aicore_magics.http import deadline
from aicore_magics.http.messages import Response, ResponseLost
from aicore_magics.jupyter import boundary
from aicore_magics.model.docker_secret import RegistryLogin
from tests.clock import Clock

OURS = str(Path(aicore_magics.__file__).parent)
TESTS = str(Path(__file__).parent)
NAME = "team-ghcr"
KEY = {
    "clientid": "sb-1!b1|aicore!b1",
    "clientsecret": "x$y=",
    "url": "http://127.0.0.1:9",
    "identityzone": "acme-dev",
    "serviceurls": {"AI_API_URL": "http://127.0.0.1:9"},
}
ENVELOPE = {"error": {"code": "01", "message": "no"}}


class Server:
    """AI Core at the other end of `Transport.send`: *ends* says how each write ends, one after another."""

    def __init__(self, *ends, there):
        self.ends = list(ends)
        self.names = {NAME: "old"} if there else {}
        self.sent = False

    def close(self):
        """Nothing is kept."""

    def send(self, method, url, *, auth, deadline, body=None, content_type=""):
        path = urlsplit(url).path
        if path == "/oauth/token":
            return self.says(200, {"access_token": "t", "expires_in": 43199})
        if method == "GET":
            return self.read(path)
        self.sent = True
        end = self.ends.pop(0) if self.ends else "done"
        if end in ("done", "lost"):
            self.write(method, json.loads(body.reveal()) if body else {})
        if end == "lost":
            raise ResponseLost("no answer")
        return self.says(202, {"message": "done"}) if end == "done" else self.says(end, ENVELOPE)

    def read(self, path):
        if path.endswith("/dockerRegistrySecrets"):
            names = [{"name": name} for name in self.names]
            return self.says(200, {"count": len(names), "resources": names})
        if path.endswith(NAME) and NAME in self.names:
            return self.says(200, {"name": NAME})
        return self.says(404, ENVELOPE)

    def write(self, method, data):
        if method == "DELETE":
            self.names.pop(NAME, None)
        else:
            self.names[NAME] = data["data"][".dockerconfigjson"]

    @staticmethod
    def says(status, data):
        return Response(status, {"content-type": "application/json"}, json.dumps(data).encode(), "h")


class Lines:
    """Counts how often each line is run, of our own code or *everywhere*."""

    def __init__(self, *, everywhere):
        self.everywhere = everywhere
        self.times = Counter()

    def __call__(self, frame, event, _arg):
        file = frame.f_code.co_filename
        if file.startswith(TESTS) or not (self.everywhere or file.startswith(OURS)):
            return None
        if event == "line":
            self.times[file, frame.f_lineno] += 1
        return self


class Interrupter:
    """Interrupts at *line* of *file*, when it is run for the time of number *at*."""

    def __init__(self, file, line, at):
        self.file, self.line, self.left = file, line, at

    def __call__(self, frame, event, _arg):
        if frame.f_code.co_filename != self.file:
            return None
        if event == "line" and frame.f_lineno == self.line:
            self.left -= 1
            if not self.left:
                sys.settrace(None)
                raise KeyboardInterrupt
        return self


def traced(act, trace):
    """Run *act* with *trace*; return what came of it, an error too."""
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        return act()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - whatever it is, it is judged
        return error
    finally:
        sys.settrace(before)


def stores(act):
    def run(tenant, secret):
        login = RegistryLogin("ghcr.io", "anna", secret)
        return act(tenant, NAME, [login], checking=CheckOptions(skip=True))

    return run


ACTS = {
    "create": (stores(actions.create_docker_secret), False),
    "apply": (stores(actions.apply_docker_secret), False),
    "update": (stores(actions.update_docker_secret), True),
    "delete": (lambda tenant, _: actions.delete_docker_secret(tenant, NAME), True),
}
ENDS = {"well": (), "lost": ("lost",), "failed": (500,), "refused": (403,), "taken": (409,)}


def attempt(op, ends, secret, trace=None):
    """Run *op* against a new server; return that, and what came of it."""
    act, there = ACTS[op]
    server = Server(*ENDS[ends], there=there)
    key = service_key(parse_service_key(json.dumps(KEY), "a key"), "a key")
    server.tenant = tenant = Connection(key, transport=server)
    return server, traced(lambda: boundary.shown(lambda: act(tenant, secret)), trace)


def untrue(op, server, came, line):
    """Say what is wrong with what *came* of *op* after an interrupt at *line*; empty if nothing is."""
    changed = server.names.get(NAME) != ("old" if ACTS[op][1] else None)
    # The last lines before the notebook have nothing around them; but nothing untrue is said there.
    last = line[0] in (boundary.__file__, calls.__file__)
    wrong = ""
    if isinstance(came, Stopped):
        wrong = "something was sent" if server.sent or server.tenant.client.unsettled else ""
    elif isinstance(came, Refused):
        wrong = "something was changed" if changed else ""
    elif isinstance(came, KeyboardInterrupt):
        wrong = "it escaped" if server.sent and not last else ""
    elif isinstance(came, BaseException) and not isinstance(came, OutcomeUnknown):
        wrong = f"a fault: {came!r}"
    elif not isinstance(came, OutcomeUnknown):
        wrong = "" if changed else "nothing was changed"
    return wrong


def every_place(op, ends, secret, *, everywhere=False):
    """Interrupt *op* at each line, the first, the second and the last time that it is run.

    Yield the line, what came, and what is wrong with it.
    """
    attempt(op, ends, secret)  # what is imported or kept at first use is not run again
    lines = Lines(everywhere=everywhere)
    attempt(op, ends, secret, lines)
    for line, times in lines.times.items():
        for at in sorted({1, min(2, times), times}):
            server, came = attempt(op, ends, secret, Interrupter(*line, at))
            yield line, came, untrue(op, server, came, line)


def main():
    """Interrupt every change at every line at all, and print what came of it."""
    deadline.time = Clock()
    os.chdir(tempfile.mkdtemp())
    wrong = 0
    for op in ACTS:
        for ends in ENDS:
            came_of = Counter()
            for line, came, fault in every_place(op, ends, Secret("not a secret"), everywhere=True):
                came_of[type(came).__name__] += 1
                if fault:
                    wrong += 1
                    sys.stdout.write(
                        f"{op}, {ends}, {line[0]}:{line[1]}: {type(came).__name__}, but {fault}\n"
                    )
            sys.stdout.write(f"{op}, {ends}: {came_of.total()} interrupts, {dict(came_of)}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{wrong} untrue\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
