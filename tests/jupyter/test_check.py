"""The registry check in a real kernel: with the sandbox's registry, in the words of the interface."""

from __future__ import annotations

import json

import pytest

SETUP = """
sandbox = %aicore_connect --sandbox
host, basic = sandbox.registry.host, sandbox.registry.basic_host
good = "--username anna --password-env SANDBOX_REGISTRY_PASSWORD"
import os; os.environ["WRONG"] = "of-" + "yesterday"
"""
BAD = "--username anna --password-env WRONG"
GOOD = "--username anna --password-env SANDBOX_REGISTRY_PASSWORD"


@pytest.fixture
def at_home(kernel):
    """The kernel, connected to a sandbox of its own, with its registry's hosts in `host` and `basic`."""
    assert not kernel.run(SETUP).ename
    return kernel


def images(kernel, *names, host="host"):
    """Options for images of the sandbox's registry, by way of variables."""
    for i, name in enumerate(names):
        kernel.run(f"image{i} = f'{{{host}}}/{name}'")
    return " ".join(f"--image {{image{i}}}" for i in range(len(names)))


def stored(kernel):
    """The names that the sandbox holds."""
    return kernel.run("names = %aicore_docker_secret list\nprint(list(names))").stream.strip()


def test_verdicts_are_the_result(at_home):
    """Each image gets its verdict, whatever it is: nothing is raised, nothing is stored."""
    which = images(at_home, "acme/churn:1.4", "acme/churn-gpu:2.0", "acme/nothing:1", "acme/hello:1.0")
    cell = at_home.run(f"done = %aicore_docker_secret check {which} {GOOD}\ndone")
    first, *rows = cell.text.splitlines()
    assert first == "2 of 4 images can be pulled with this login. Nothing was stored."
    assert [row.split("  ")[1] for row in rows[:4]] == [
        "can be pulled",
        "wrong platform",
        "repository missing",
        "public",
    ]
    assert "docker buildx build --platform linux/amd64" in rows[1]
    assert len(rows) == 4  # the registry is on this machine: nothing has to be said of AI Core's network
    assert at_home.run("done.ok, [v.outcome for v in done.verdicts]").text == (
        "(False, ['ok', 'wrong-platform', 'repo-missing', 'public'])"
    )
    data = json.loads(at_home.run("import json; print(json.dumps(done.to_dict()))").stream)
    assert data["result"] == "RegistryCheck"
    assert data["verdicts"][0]["platform"] == "linux/amd64"
    assert '<span class="g sm er" aria-hidden="true">✕</span> Wrong platform' in cell.html
    assert stored(at_home) == "[]"


@pytest.mark.parametrize("side", ["host", "basic"])
def test_a_login_alone(at_home, side):
    """Without an image the login is tried, with tokens as with passwords."""
    fine = at_home.run(f"%aicore_docker_secret check --registry {{{side}}} {GOOD}")
    assert ": login accepted. Nothing was stored." in fine.text
    wrong = at_home.run(
        f"%aicore_docker_secret check --registry {{{side}}} --username anna --password-env WRONG"
    )
    assert ": login refused. Nothing was stored." in wrong.text


def test_strict_fails_as_create_would(at_home):
    """--strict makes a verdict that says no into the error that create would raise."""
    which = images(at_home, "acme/churn-gpu:2.0")
    cell = at_home.run(f"%aicore_docker_secret check --strict {which} {GOOD}")
    assert cell.ename == "ImageRefused"
    assert len(cell.traceback) == 2
    assert (
        at_home.run(f"%aicore_docker_secret check --strict {images(at_home, 'acme/churn:1.4')} {GOOD}").ename
        == ""
    )


@pytest.mark.parametrize("subcommand", ["create", "apply", "update"])
def test_nothing_is_stored_where_the_registry_says_no(at_home, subcommand):
    """A wrong password stops every write before AI Core is sent anything; the class says what it was."""
    before = stored(at_home)
    which = images(at_home, "acme/churn:1.4")
    cell = at_home.run(
        f"%aicore_docker_secret {subcommand} team-a {which} --username anna --password-env WRONG"
    )
    assert cell.ename == "LoginRefused"
    assert "does not accept user anna (401 UNAUTHORIZED). Nothing was stored." in cell.traceback[0]
    assert cell.traceback[1].startswith("Next: ")
    assert "of-yesterday" not in cell.shown
    assert stored(at_home) == before


def test_what_was_checked_stands_on_the_card(at_home):
    """A create that was checked says what was proven; --no-check says that nothing was."""
    which = images(at_home, "acme/churn:1.4")
    cell = at_home.run(f"%aicore_docker_secret create team-b {which} {GOOD}")
    assert "  checked   can be pulled: login accepted, linux/amd64, less than 1 MB" in cell.text.splitlines()
    skipped = at_home.run(
        f"%aicore_docker_secret create team-c --no-check {which} --username anna --password-env WRONG"
    )
    assert "  checked   no" in skipped.text.splitlines()
    at_home.run("%aicore_docker_secret delete team-b --yes\n%aicore_docker_secret delete team-c --yes")


def test_only_registries_on_this_machine_are_asked_in_the_sandbox(at_home):
    """A login for ghcr.io is stored in the sandbox unchecked, and said so; nothing leaves the machine."""
    cell = at_home.run(f"%aicore_docker_secret check --image ghcr.io/acme/churn:1.4 {GOOD}")
    assert "In the sandbox, only registries on this machine are checked." in cell.text
    assert cell.text.startswith("1 image not checked. Nothing was stored.")


def test_docker_logins_are_listed_before_one_is_taken(at_home, tmp_path):
    """--docker-login alone lists registry and user, takes nothing, and asks for no connection."""
    at_home.run(
        f"import json, base64, pathlib; os.environ['DOCKER_CONFIG'] = {str(tmp_path)!r}\n"
        "auth = base64.b64encode(('anna:' + os.environ['SANDBOX_REGISTRY_PASSWORD']).encode()).decode()\n"
        "p = pathlib.Path(os.environ['DOCKER_CONFIG'], 'config.json')\n"
        "p.write_text(json.dumps({'auths': {host: {'auth': auth}, 'ghcr.io': {'auth': auth}}}))\n"
        "p.chmod(0o600)"
    )
    at_home.run("%aicore_connect --disconnect")
    for line in ("create team-d --docker-login", "check --docker-login"):
        cell = at_home.run(f"%aicore_docker_secret {line}")
        assert cell.text.startswith("2 docker and podman logins on this machine. No login was used")
        assert cell.ename == ""
    at_home.run("%aicore_connect --sandbox")
    which = images(at_home, "acme/churn:1.4")
    taken = at_home.run(f"%aicore_docker_secret create team-d --docker-login {which}")
    assert "Taken from docker login: " in taken.text
    assert "can be pulled: login accepted" in taken.text
    assert '<span class="g ok" aria-hidden="true">✓</span>' in taken.html
    at_home.run("%aicore_docker_secret delete team-d --yes\ndel os.environ['DOCKER_CONFIG']")


# Far longer than a check may take: a kernel that waited for it would give a verdict, and no interrupt.
INTERRUPT_AT_THE_REGISTRY = """
import os, signal, threading, time
registry = get_ipython()._aicore_magics[0].session.sandbox().registry
registry.faults.slow = 600
before = set(registry.servers[0].connections)
def interrupt():
    while not set(registry.servers[0].connections) - before:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
"""


def test_ctrl_c_during_a_slow_check(at_home):
    """An interrupt while the registry is silent says at once that nothing was stored."""
    at_home.run(INTERRUPT_AT_THE_REGISTRY)
    which = images(at_home, "acme/churn:1.4")
    cell = at_home.run(
        f"threading.Thread(target=interrupt).start()\n%aicore_docker_secret create team-e {which} {GOOD}"
    )
    at_home.run("registry.faults.slow = 0")
    assert cell.traceback == [
        "Stopped: nothing was stored. The login may have been sent to its registry.",
        "Next: run the cell again when you like.",
    ]
    assert stored(at_home) == "[]"
