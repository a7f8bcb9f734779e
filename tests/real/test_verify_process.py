"""`jupyter aicore verify` as a process of its own, stopped and killed at each of its writes."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys

import pytest

from aicore_magics.actions import connect_with, remove_throwaway_secrets, verification_question
from aicore_magics.aicore.verification.throwaways import is_throwaway
from aicore_magics.sandbox import start
from tests.aicore.verification.steps import OTHERS, WRITES, AtWrite
from tests.waiting import PATIENCE

# What waits for seconds on a tenant need not wait here.
PROGRAM = """
import sys
from aicore_magics.aicore.verification import throwaways, writing
from aicore_magics.cli import main
writing.SETTLED, throwaways.VISIBLE_WITHIN = 0.0, 0.2
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def tenant_at(tmp_path):
    """A sandbox with another secret in it, and the file with its service key."""
    with start() as sandbox:
        sandbox.state.secrets.update(OTHERS)
        path = tmp_path / "key.json"
        path.write_text(sandbox.service_key_json())
        yield sandbox, path


def hear_signals():
    """Let Ctrl-C reach the process, also where the tests run in the background."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def begin(path, *words):
    command = [sys.executable, "-c", PROGRAM, "verify", "--service-key", str(path), "--yes", *words]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_signals,  # noqa: PLW1509 - no thread of this process holds what it needs
    )


def ended(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def at_write(sandbox, number, act):
    """Call *act* with the process that is begun next, at its write *number*."""
    processes = []
    AtWrite(sandbox, number, lambda: act(processes[0]))
    return processes


@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_ctrl_c_leaves_nothing(tenant_at, number):
    """Ctrl-C at any write: what was created is deleted, and the table says what was seen until then."""
    sandbox, path = tenant_at
    processes = at_write(sandbox, number, lambda process: process.send_signal(signal.SIGINT))
    processes.append(begin(path, "--format", "json"))
    status, out, err = ended(processes[0])
    result = json.loads(out)
    assert (result["left"], sandbox.state.secrets, err) == ([], OTHERS, "")
    assert (status, result["ended"]) in [(3, "it was stopped"), (0, "")][: 1 + (number == WRITES)]


@pytest.mark.parametrize("number", range(1, WRITES + 1))
def test_a_kill_is_found_later(tenant_at, number):
    """Kill -9 at any write: whatever stays is named to whoever verifies next, and can be deleted."""
    sandbox, path = tenant_at
    processes = at_write(sandbox, number, lambda process: process.kill())
    processes.append(begin(path))
    assert ended(processes[0])[0] == -signal.SIGKILL
    left = sandbox.state.secrets.keys() - OTHERS.keys()
    assert all(map(is_throwaway, left))
    tenant = connect_with(sandbox.service_key)
    try:
        question = verification_question(tenant)
        assert [name for name in left if name not in question] == []
        assert set(remove_throwaway_secrets(tenant).removed) == left
    finally:
        tenant.close()
    assert sandbox.state.secrets == OTHERS


def test_the_run_after_a_kill(tenant_at):
    """It leaves alone what may be another run's, names it with what deletes it; `--remove` deletes it."""
    sandbox, path = tenant_at
    processes = at_write(sandbox, 6, lambda process: process.kill())
    processes.append(begin(path))
    ended(processes[0])
    (left,) = sandbox.state.secrets.keys() - OTHERS.keys()
    status, out, err = ended(begin(path))
    assert (status, err) == (0, "")
    assert f"Throw-away secrets of other runs, which may go on: {left}." in out
    assert f"jupyter aicore verify --remove {left}" in out
    assert sandbox.state.secrets.keys() == {*OTHERS, left}
    assert ended(begin(path, "--remove", left))[0] == 0
    assert sandbox.state.secrets == OTHERS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_is_ended(tenant_at, number):
    """SIGTERM and the end of its terminal are as Ctrl-C: nothing is left, the status is not all seen."""
    sandbox, path = tenant_at
    processes = at_write(sandbox, 6, lambda process: process.send_signal(number))
    processes.append(begin(path))
    status, out, _ = ended(processes[0])
    assert (status, sandbox.state.secrets) == (3, OTHERS)
    assert "Not all questions were asked: it was stopped." in out


def test_what_is_left_can_be_deleted_as_it_says(tenant_at):
    """Where deleting is refused, standard error has a command for each name, and that command deletes it."""
    sandbox, path = tenant_at
    processes = at_write(sandbox, 6, lambda _: setattr(sandbox.faults, "forbidden", "text"))
    processes.append(begin(path))
    status, _, err = ended(processes[0])
    left = sorted(sandbox.state.secrets.keys() - OTHERS.keys())
    assert (status, len(left)) == (3, 1)
    (line,) = err.splitlines()
    assert line.startswith(f"Left behind: {left[0]}. To delete it: jupyter aicore verify ")
    sandbox.faults.forbidden = ""
    command = shlex.split(line.partition("To delete it: jupyter aicore ")[2])
    done = subprocess.run(
        [sys.executable, "-m", "aicore_magics.cli", *command, "--yes"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        env=os.environ,
    )
    assert done.stdout == "1 throw-away secret deleted. Nothing is left behind.\n"
    assert sandbox.state.secrets == OTHERS
