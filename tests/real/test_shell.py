"""`jupyter aicore` as a process of its own: from a script, at a terminal, in a pipe, stopped."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pexpect
import pytest

from aicore_magics.sandbox import start
from tests.aicore.verification.steps import AtWrite
from tests.waiting import PATIENCE, until

JUPYTER = Path(sys.executable).with_name("jupyter")
PROGRAM = Path(sys.executable).with_name("jupyter-aicore")
CREATE = ("create", "team-b", "--service-key", "key.json", "--username", "anna")
# Each line prints its status behind the command.
SCRIPT = """
run() { jupyter-aicore "$@" >>out 2>>err; echo "$1 $?"; }
jupyter aicore --version >>out && echo "--version $?"
run check --image "$IMAGE" --username anna --password-env REGISTRY_PASSWORD
run create team-a --image "$IMAGE" --username anna --password-env REGISTRY_PASSWORD --service-key key.json
run create team-a --image "$IMAGE" --username anna --password-env REGISTRY_PASSWORD --service-key key.json
run create team-b --image ghcr.io/acme/churn:1.4 --username anna --password-env REGISTRY_PASSWORD \\
  --service-key key.json
printf %s "$REGISTRY_PASSWORD" |
  run apply team-a --image "$IMAGE" --username anna --password-file - --service-key-env SERVICE_KEY
run list --service-key key.json --format json
run show nobody --service-key key.json
run delete team-b --service-key key.json
run delete team-b --service-key key.json --yes
run quota --profile none
run template workflow churn-train --image "$IMAGE" --secret team-a --scenario churn --args x --out t.yaml
run template check t.yaml
run scan t.yaml
run crate
"""
STATUSES = [
    *("--version 0", "check 0", "create 0", "create 1", "create 3", "apply 0", "list 0", "show 1"),
    *("delete 2", "delete 0", "quota 2", "template 0", "template 0", "scan 0", "crate 2"),
]


@pytest.fixture
def here(tmp_path):
    """A sandbox, the file with its service key, and an environment with the password of its registry."""
    with start() as sandbox:
        (tmp_path / "key.json").write_text(sandbox.service_key_json())
        (tmp_path / "key.json").chmod(0o600)
        env = {
            **os.environ,
            "PATH": f"{JUPYTER.parent}:{os.environ['PATH']}",
            "IMAGE": f"{sandbox.registry.host}/acme/churn:1.4",
            "REGISTRY_PASSWORD": sandbox.registry.password,
            "SERVICE_KEY": sandbox.service_key_json(),
        }
        yield sandbox, tmp_path, env


def hear_ctrl_c():
    """Let Ctrl-C reach the process, also where the tests run in the background; there is no terminal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()


class Hold:
    """Holds back what the sandbox answers to anything but a token request, until the test is over."""

    def __init__(self, sandbox):
        self._answer = sandbox.server.application.answer
        self.asked, self.over = threading.Event(), threading.Event()
        sandbox.server.application.answer = self.answer

    def answer(self, request):
        """Answer *request*, late."""
        if request.path != "/oauth/token":
            self.asked.set()
            self.over.wait(PATIENCE)
        return self._answer(request)


@pytest.fixture
def held(here):
    """The sandbox gives no answer; whoever waits for it is let go at the end."""
    hold = Hold(here[0])
    yield hold.asked
    hold.over.set()


def begin(here, *words, stdin=subprocess.DEVNULL):
    _, folder, env = here
    return subprocess.Popen(
        [PROGRAM, *words],
        cwd=folder,
        env=env,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,  # noqa: PLW1509 - no thread of this process holds what it needs
    )


def ended(process):
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def test_from_a_script(here):
    """A plain script: each command with its status, results apart from words, and no password anywhere."""
    sandbox, folder, env = here
    run = subprocess.run(
        ["sh", "-c", SCRIPT],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert (run.stdout.splitlines(), run.stderr) == (STATUSES, "")
    assert sandbox.state.secrets.keys() == {"team-a"}
    out, err = (folder / "out").read_text(), (folder / "err").read_text()
    assert sandbox.registry.password not in out + err
    assert "Traceback" not in err
    assert "\x1b" not in out + err
    assert "jupyter aicore update team-a --service-key key.json" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_at_the_write(here, number):
    """Ctrl-C and SIGTERM once the request is on its way: unknown, with the command that finds out."""
    sandbox, _, env = here
    processes = []
    AtWrite(sandbox, 1, lambda: processes[0].send_signal(number), before=True)
    words = ("--image", env["IMAGE"], "--password-env", "REGISTRY_PASSWORD")
    processes.append(begin(here, *CREATE, *words, "--format", "json"))
    status, out, err = ended(processes[0])
    assert (status, json.loads(out)["error"]) == (3, "OutcomeUnknown")
    assert err.startswith("you stopped while team-b was being stored. AI Core may have stored it or not.\n")
    assert "Next: jupyter aicore show team-b --wait 60 --service-key key.json" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_before(here, held, number):
    """Before the write, the same signals end with 3, and say that nothing was changed."""
    process = begin(here, "list", "--service-key", "key.json")
    assert held.wait(PATIENCE)
    process.send_signal(number)
    assert ended(process) == (
        3,
        "",
        "Stopped: nothing was changed.\nNext: run the command again when you like.\n",
    )


def test_no_password_in_any_argument_list(here, held):
    """Neither ours nor that of a program that we start has the password, or the client secret, in it."""
    sandbox, _, env = here
    secrets = (sandbox.registry.password, sandbox.service_key["clientsecret"])
    process = begin(here, *CREATE, "--image", env["IMAGE"], "--password-file", "-", stdin=subprocess.PIPE)
    process.stdin.write(sandbox.registry.password)
    process.stdin.close()
    process.stdin = None
    assert held.wait(PATIENCE)
    session = os.getsid(process.pid)
    lists = {}
    for place in Path("/proc").iterdir():
        if place.name.isdecimal():
            try:
                if os.getsid(int(place.name)) == session:
                    lists[place.name] = (place / "cmdline").read_text()
            except OSError:
                continue
    process.send_signal(signal.SIGINT)
    ended(process)
    assert str(process.pid) in lists
    assert not any(secret in words for secret in secrets for words in lists.values())


@pytest.mark.parametrize(
    ("line", "status", "err"),
    [
        ("jupyter-aicore rules | head -c 1 >/dev/null; echo ${PIPESTATUS[0]} >status", 0, ""),
        ("jupyter-aicore rules >&-; echo $? >status", 3, "The result cannot be written to standard output"),
        ("jupyter-aicore rules >/dev/full; echo $? >status", 3, "The result cannot be written"),
        ("jupyter-aicore rules nope 2>/dev/full; echo $? >status", 2, ""),
        ("PYTHONIOENCODING=ascii jupyter-aicore template check ä.yaml; echo $? >status", 2, ""),
        (
            "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 jupyter-aicore frob --ä; echo $? >status",
            2,
            "has no command",
        ),
        ("NO_COLOR=1 COLUMNS=40 jupyter-aicore create --help; echo $? >status", 0, ""),
        ("jupyter-aicore frob --format json | true; echo ${PIPESTATUS[0]} >status", 2, "has no command"),
        ("jupyter-aicore template check $'\\xff.yaml'; echo $? >status", 2, ""),
        ("jupyter-aicore template check $'\\xff.yaml' --format github; echo $? >status", 2, ""),
        ("jupyter-aicore template check $'\\xff.yaml' --format sarif; echo $? >status", 2, ""),
        ("jupyter-aicore scan $'\\xff.ipynb' --format json; echo $? >status", 2, ""),
    ],
)
@pytest.mark.needs("bash")
def test_where_the_result_goes(here, line, status, err):
    """A reader that has seen enough is no fault; a full disk is; what no encoding has is an escape."""
    _, folder, env = here
    run = subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert int((folder / "status").read_text()) == status
    assert err in run.stderr
    assert "Traceback" not in run.stderr
    assert "Exception ignored" not in run.stderr


def test_at_a_terminal(here):
    """What was not said is asked for at the terminal, the password unseen; the result goes to its file."""
    sandbox, folder, env = here
    command = (
        f"jupyter-aicore create --image {env['IMAGE']} --service-key key.json --format json </dev/null >out"
    )
    typed = pexpect.spawn(
        "sh", ["-c", command], cwd=folder, env=env, timeout=PATIENCE, encoding="utf-8", echo=True
    )
    typed.expect_exact("Secret name: ")
    typed.sendline("team-b")
    typed.expect(r"User at [^ ]*: ")
    typed.sendline("anna")
    typed.expect(r"Password or token of anna at [^ ]*: ")
    until(lambda: not typed.getecho())
    typed.sendline(sandbox.registry.password)
    seen = typed.read()
    typed.close()
    assert typed.exitstatus == 0
    assert sandbox.registry.password not in seen
    assert json.loads((folder / "out").read_text())["name"] == "team-b"


@pytest.mark.parametrize(
    ("image", "says"),
    [("IMAGE", "can be pulled"), ("", "no image was given")],
)
def test_create_alone_asks_for_an_image(here, image, says):
    """Without an option all is asked for, an image too, so that it is checked; Enter leaves it out."""
    sandbox, folder, env = here
    words = ["create", "--service-key", "key.json"]
    typed = pexpect.spawn(str(PROGRAM), words, cwd=folder, env=env, timeout=PATIENCE, encoding="utf-8")
    answers = {"Secret name: ": "team-b", "Image to pull": env.get(image, "")}
    answers |= {} if image else {"Registry, such as ghcr.io: ": sandbox.registry.host}
    for asked, answer in {**answers, "User at ": "anna"}.items():
        typed.expect_exact(asked)
        typed.sendline(answer)
    typed.expect_exact("Password or token of anna")
    until(lambda: not typed.getecho())
    typed.sendline(sandbox.registry.password)
    seen = typed.read()
    typed.close()
    assert (typed.exitstatus, says in seen) == (0, True), seen


@pytest.mark.parametrize(("answer", "status"), [("team-a", 0), ("no", 1), ("\x03", 3)])
def test_delete_asks_at_the_terminal(here, answer, status):
    """The name deletes it, anything else keeps it, and Ctrl-C stops; each has its status."""
    sandbox, folder, env = here
    sandbox.state.secrets["team-a"] = "{}"
    words = ["delete", "team-a", "--service-key", "key.json"]
    typed = pexpect.spawn(
        str(PROGRAM), words, cwd=folder, env=env, timeout=PATIENCE, encoding="utf-8", preexec_fn=heard
    )
    typed.expect_exact("Enter to keep it: ")
    typed.send(answer if answer == "\x03" else f"{answer}\r")
    seen = re.sub("\x1b\\[[^a-zA-Z]*[a-zA-Z]", "", typed.read())
    typed.close()
    assert typed.exitstatus == status
    assert ("team-a" in sandbox.state.secrets) == bool(status)
    assert "Traceback" not in seen


def heard():
    signal.signal(signal.SIGINT, signal.default_int_handler)
