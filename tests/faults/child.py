"""The process in which a client under test lives: one job a line comes in, one result a line goes out.

It is a script: `python child.py CLIENT [MUTATION]`. What the client prints, logs and raises goes into the
job's own file, the error in each of IPython's five modes too. It reaches nothing but this machine.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import itertools
import json
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")
HERE = ("127.0.0.1", "localhost", "::1")
_DAY = 86_400.0


class Clock:
    """The clock on the wall; when it *jumps*, it is a day ahead and a day behind in turns."""

    def __init__(self) -> None:
        self._turns = itertools.count()
        self._true = time.time
        self.jumps = False

    def time(self) -> float:
        """Give the seconds since 1970."""
        return self._true() + (_DAY if next(self._turns) % 2 else -_DAY) * self.jumps

    def set_up(self) -> None:
        """Let everything that is imported from now on read this clock."""
        clock = self

        class Wall(dt.datetime):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> Wall:
                return cls.fromtimestamp(clock.time(), tz)

        time.time = clock.time
        dt.datetime = Wall  # type: ignore[misc]


def stay_here() -> None:
    """Let no name but this machine's have an address, and no other machine be reached."""
    find, connect = socket.getaddrinfo, socket.socket.connect

    def found(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in HERE:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return find(host, *args, **kwargs)

    def connected(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in HERE:
            raise OSError("this process stays on this machine")
        connect(self, address)

    socket.getaddrinfo = found
    socket.socket.connect = connected  # type: ignore[assignment,method-assign]


@contextlib.contextmanager
def written_to(path: str) -> Any:
    """Let all that is printed go into the file *path*, by whatever means it is printed."""
    sys.stdout.flush()
    sys.stderr.flush()
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def tracebacks(error: BaseException) -> None:
    """Show *error* as a cell would, in every mode, from the client's own frames on."""
    from IPython.core.ultratb import FormattedTB

    sys.stderr.write(f"{error}\n")
    frames = error.__traceback__
    while frames and Path(frames.tb_frame.f_code.co_filename).parent == Path(__file__).parent:
        frames = frames.tb_next
    # Without colours, which would stand between the characters that are looked for.
    named = "theme_name" in inspect.signature(FormattedTB).parameters
    plain = {"theme_name": "nocolor"} if named else {"color_scheme": "NoColor"}
    for mode in MODES:
        sys.stderr.write(f"---- {mode}\n")
        # IPython 8 has no Docs; that of 9 fails where one error came from another, or no frame is left.
        with contextlib.suppress(AssertionError, IndexError, ValueError):
            sys.stderr.write(FormattedTB(mode=mode, **plain).text(type(error), error, frames, 0))


def did(client: type, job: dict[str, Any]) -> list[str] | None:
    """Do what the job wants; give the names where a list was wanted."""
    made = client(job)
    steps = {
        "create": [("create", job["name"])],
        "rotate": [("rotate", job["name"])],
        "delete": [("delete", job["name"])],
        "delete_traversal": [("delete", "../resourceGroups/prod")],
        "delete_empty": [("delete", "")],
        "list": [("names",)],
        "create_list": [("create", job["name"]), ("names",)],
    }
    said: Any = None
    for number, (verb, *arguments) in enumerate(steps[job["op"]]):
        time.sleep(job["between"] if number else 0.0)
        said = getattr(made, verb)(*arguments)
        sys.stdout.write(f"{said!r}\n")
    return said if job["op"].endswith("list") else None


def result(client: type, job: dict[str, Any]) -> dict[str, Any]:
    """Give what the client says about the job, and how many seconds that took."""
    begin = time.monotonic()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        said = {"outcome": "ok", "names": did(client, job)}
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    except BaseException as error:  # noqa: BLE001
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        outcome, documented = client.outcome(error)
        said = {"outcome": outcome, "type": type(error).__name__, "documented": documented}
        took = time.monotonic() - begin
        tracebacks(error)
        return {**said, "seconds": took}
    return {**said, "seconds": time.monotonic() - begin}


def main(client: str, mutation: str = "") -> None:
    """Do every job that comes in."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    stay_here()
    clock = Clock()
    clock.set_up()
    # Only now: these are to be imported after the clock is in its place.
    import clients

    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    if mutation:
        import mutations

        getattr(mutations, mutation)()
    for line in sys.stdin:
        job = json.loads(line)
        os.environ["HOME"] = job["home"]
        clock.jumps = job["clock_jumps"]
        with written_to(job["said"]):
            said = result(clients.CLIENTS[client], job)
        clock.jumps = False
        answers.write(json.dumps(said) + "\n")
        answers.flush()


if __name__ == "__main__":
    # Behind the client's own packages, so that its own versions come first: this process shows tracebacks.
    sys.path += filter(None, os.environ.get("FAULTS_BORROWED", "").split(os.pathsep))
    main(*sys.argv[1:])
