"""Cases played against one client, in processes of its own, some at a time."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.faults.verdicts import PATIENCE, judged
from tests.faults.world import NAME, World

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.cases import Case
    from tests.faults.verdicts import Verdict

AT_ONCE = 10
CLIENT_ID = "sb-1111!b1|aicore!b1"


def python_of(client: str) -> str:
    """Give the Python that has *client*."""
    return os.environ["SAP_SDK_PYTHON"] if client == "sap" else sys.executable


class Child:
    """A process with the client under test, which does one job at a time."""

    def __init__(self, client: str, mutation: str = "") -> None:
        script = Path(__file__).with_name("child.py")
        self._process = subprocess.Popen(
            [python_of(client), str(script), client, *filter(None, [mutation])],
            env={
                "PATH": os.environ["PATH"],
                "HOME": os.devnull,
                "PYTHONIOENCODING": "utf-8",
                "FAULTS_BORROWED": sysconfig.get_path("purelib") if client == "sap" else "",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def do(self, job: dict[str, Any], patience: float) -> dict[str, Any] | None:
        """Give what the client said, or None if it said nothing within *patience* seconds."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], patience)
        if not ready:
            return None
        line = self._process.stdout.readline()
        if not line:
            raise ChildProcessError(Path(job["said"]).read_text("utf-8", "replace")[-2000:])
        return json.loads(line)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(BrokenPipeError), self._process as process:
            process.kill()


class Seat:
    """Where cases are played one after the other, in one child as long as it goes well."""

    def __init__(self, client: str, mutation: str, patience: float) -> None:
        self._new = lambda: Child(client, mutation)
        self._child = self._new()
        self._patience = patience

    def play(self, case: Case) -> Verdict:
        """Give the verdict on one case."""
        with tempfile.TemporaryDirectory() as home, contextlib.closing(World(case.setting)) as world:
            world.interrupt = self._child.interrupt
            if case.setting.netrc:
                host = urlsplit(world.api_url).hostname
                Path(home, ".netrc").write_text(f"machine {host} login somebody password else\n")
            said = self._child.do(_job(case, world, home), self._patience)
            world.interrupt = lambda: None
            if said is None:
                self.close()
                self._child = self._new()
            world.settle()
            return judged(case, world, said, Path(home))

    def close(self) -> None:
        """End the child."""
        self._child.close()


def run(
    client: str,
    cases: Iterable[Case],
    *,
    mutation: str = "",
    patience: float = PATIENCE,
    at_once: int = AT_ONCE,
) -> dict[str, Verdict]:
    """Give the verdict on *client* in each of *cases*, by its id; *patience*: seconds for one case."""
    seats = [Seat(client, mutation, patience) for _ in range(at_once)]
    free: queue.SimpleQueue[Seat] = queue.SimpleQueue()
    for seat in seats:
        free.put(seat)

    def played(case: Case) -> Verdict:
        seat = free.get()
        try:
            return seat.play(case)
        finally:
            free.put(seat)

    try:
        with ThreadPoolExecutor(at_once) as several:
            return {verdict.case.id: verdict for verdict in several.map(played, cases)}
    finally:
        for seat in seats:
            seat.close()


def _job(case: Case, world: World, home: str) -> dict[str, Any]:
    return {
        "op": "create_list" if case.op.startswith("create_list") else case.op,
        "name": NAME,
        "home": home,
        "said": str(Path(home, "said")),
        "clock_jumps": case.setting.clock_jumps,
        "between": case.setting.between,
        "token_url": world.token_url,
        "api_url": world.api_url,
        "client_id": CLIENT_ID,
        "client_secret": world.client_secret,
        "password": world.password,
    }
