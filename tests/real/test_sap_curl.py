import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aicore_magics.actions import connect_with, list_docker_secrets

pytestmark = pytest.mark.needs("curl")

ROOT = Path(__file__).parents[2]
NAME = "mydockerregistry"
REGISTRY = "my.docker.repositories.io"
# Everything but a quote and a backslash, which the page says to break the sample.
PASSWORD = "".join(["p $HOME `id` $(id) !&%*#~;|<>'{x}", chr(0xE4), chr(0x20AC)])


def commands():
    """The reference's commands for curl, one by one: they stand apart by blank lines."""
    page = (ROOT / "notebooks" / "reference" / "curl.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [each for block in blocks if "aicore_magics.sandbox" not in block for each in block.split("\n\n")]


class Shell:
    """One `sh -eu` that is told its lines one by one, and says what each has printed."""

    def __init__(self, folder, **variables):
        self._process = subprocess.Popen(
            ["sh", "-eu"],
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **variables},
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        self._alarm = threading.Timer(20, self._process.kill)
        self._alarm.start()

    def run(self, lines):
        """Run *lines* to their end. An AssertionError tells which of them have failed."""
        self._process.stdin.write(f"{lines.rstrip()}\necho; echo DONE\n")
        self._process.stdin.flush()
        printed = []
        for line in iter(self._process.stdout.readline, ""):
            if line == "DONE\n":
                return "".join(printed).strip()
            printed.append(line)
        raise AssertionError(f"the shell gave up at: {lines}")

    def close(self):
        """Let the shell end, and give its status."""
        with self._process as process:
            process.stdin.close()
            status = process.wait()
        self._alarm.cancel()
        return status


@pytest.fixture
def shell(tmp_path):
    """Start shells, and end them."""
    shells = []

    def start(**variables):
        shells.append(Shell(tmp_path, **variables))
        return shells[-1]

    yield start
    for each in shells:
        each.close()


@pytest.fixture
def child():
    """The sandbox as a process of its own, with its service key and its lines for a shell."""
    command = [sys.executable, "-m", "aicore_magics.sandbox"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        alarm = threading.Timer(20, process.kill)
        alarm.start()
        try:
            printed = ""
            while "\n# TOKEN=" not in printed:
                line = process.stdout.readline()
                assert line, f"the sandbox has ended after: {printed}"
                printed += line
            key, lines = printed.split("\n\n")
            yield process, json.loads(key), lines
        finally:
            process.kill()
            alarm.cancel()


def login_in(content):
    return json.loads(content)["auths"][REGISTRY]


def test_the_readme(sandbox, shell):
    """The page's commands, run in order in one shell, do what its text says they do."""
    token, create, look, replace, delete = commands()
    sh = shell(REGISTRY_USER="anna", REGISTRY_PASSWORD=PASSWORD)
    sh.run(sandbox.shell_variables())

    assert sh.run(token) == ""
    assert [(asked.path, asked.status) for asked in sandbox.state.requests] == [("/oauth/token", 200)]

    assert "created" in json.loads(sh.run(create))["message"]
    assert login_in(sandbox.state.secrets[NAME]) == {"username": "anna", "password": PASSWORD}

    assert json.loads(sh.run(look)) == {"count": 1, "resources": [{"name": NAME}]}

    sh.run("REGISTRY_USER=bert REGISTRY_PASSWORD='second $x'")
    assert json.loads(sh.run(replace))["id"] == NAME
    assert login_in(sandbox.state.secrets[NAME]) == {"username": "bert", "password": "second $x"}

    assert json.loads(sh.run(delete))["id"] == NAME
    assert sandbox.state.secrets == {}
    assert json.loads(sh.run(look))["resources"] == []
    assert sh.close() == 0


def test_a_failing_command(sandbox, shell):
    """A command that AI Core refuses ends the shell: the test above would see it."""
    token, _, _, _, delete = commands()
    sh = shell()
    sh.run(sandbox.shell_variables())
    sh.run(token)
    with pytest.raises(AssertionError, match="the shell gave up at: curl"):
        sh.run(delete)
    assert sandbox.state.requests[-1].status == 404
    assert sh.close() == 22


def test_a_sandbox_of_its_own(child, shell):
    """A sandbox started from a shell prints what both curl and we need to work with it."""
    process, key, lines = child
    _, create, *_ = commands()
    sh = shell(REGISTRY_USER="anna", REGISTRY_PASSWORD=PASSWORD)
    sh.run(lines)
    sh.run(lines[lines.index("# TOKEN=") :].removeprefix("# "))
    sh.run(create)
    tenant = connect_with(key)
    try:
        assert list(list_docker_secrets(tenant)) == [NAME]
    finally:
        tenant.close()
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert process.stdout.read() == ""
