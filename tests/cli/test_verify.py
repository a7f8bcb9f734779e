"""`jupyter aicore verify`: it asks first, its exit status is for programs, its table for everybody."""

from __future__ import annotations

import io
import json

import pytest

from aicore_magics.aicore.verification import scene, throwaways, writing
from aicore_magics.cli import main
from aicore_magics.cli.verify import LONGEST, SHORTEST
from aicore_magics.errors import AICoreError

STAMPED = "aicore-magics-verify-20200101000000-bcdfgh"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What may take seconds on a tenant gets parts of them."""
    monkeypatch.setattr(writing, "SETTLED", 0.0)
    monkeypatch.setattr(throwaways, "VISIBLE_WITHIN", 0.1)
    monkeypatch.setattr(scene, "FIRST_PAUSE", 0.01)


@pytest.fixture
def key(sandbox, tmp_path):
    """The file with the service key of the sandbox."""
    path = tmp_path / "a key.json"
    path.write_text(sandbox.service_key_json())
    return str(path)


class Terminal(io.StringIO):
    """Somebody who types, or who reads."""

    def isatty(self):
        return True


class Interrupted(Terminal):
    """Somebody who presses Ctrl-C."""

    def readline(self, *_):
        raise KeyboardInterrupt


def verify(key, *words):
    return main(["verify", "--service-key", key, *words])


@pytest.mark.parametrize(
    ("switches", "status"),
    [
        ({}, 0),
        ({"duplicate": "409"}, 1),
        ({"forbidden": "json"}, 3),
        ({"next_statuses": [0, 0, 0, 503, 503], "hits": "api"}, 3),
        ({"quota": 3}, 1),
        ({"html": True}, 3),
    ],
    ids=repr,
)
def test_the_status_is_for_programs(sandbox, key, switches, status, capsys):
    """0: all as assumed; 1: something otherwise, or refused; 3: not all seen, or no answer."""
    for name, value in switches.items():
        setattr(sandbox.faults, name, value)
    assert verify(key, "--yes", "--format", "json") == status
    out, err = capsys.readouterr()
    if {*switches} & {"quota", "html"}:
        assert (json.loads(out)["status"], "Nothing was changed.\nNext: " in err) == (status, True)
    else:
        assert (json.loads(out)["result"], err) == ("TenantVerified", "")
    assert sandbox.state.secrets == {}


def test_something_otherwise_and_something_not_seen(sandbox, key):
    """What is otherwise counts more than what was not seen."""
    sandbox.faults.duplicate = "409"
    sandbox.faults.drop = [*(10 * [""]), "after"]
    assert verify(key, "--yes") == 1


def test_nobody_can_be_asked(sandbox, key, capsys, monkeypatch):
    """Without a terminal and without --yes nothing is sent, not even for a token."""
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert verify(key) == 2
    assert verify(key, "--remove") == 2
    monkeypatch.setattr("sys.stdin", None)
    assert verify(key) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", 3 * "there is no terminal to ask in. Nothing was sent.\nNext: add --yes.\n")
    assert sandbox.state.requests == []


@pytest.mark.parametrize(
    "stdin",
    [Terminal("no\n"), Terminal("\n"), Terminal(""), Interrupted()],
    ids=["no", "empty", "ended", "interrupted"],
)
def test_no(sandbox, key, capsys, monkeypatch, stdin):
    """Whatever is no yes leaves the tenant as it is, with 1, and the question says what it is about."""
    monkeypatch.setattr("sys.stdin", stdin)
    assert verify(key) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "Verify AI Core's docker secrets in tenant sandbox at 127.0.0.1:" in err
    assert "creates and deletes secrets named aicore-magics-verify-…, at most 2 at a time" in err
    assert err.endswith("the tenant stays as it is. Nothing was changed.\n")
    assert {asked.method for asked in sandbox.state.requests if asked.path != "/oauth/token"} == {"GET"}


@pytest.mark.parametrize("answer", ["yes\n", "Y\n", " YES "])
def test_yes(key, capsys, monkeypatch, answer):
    """After a yes each step is told on standard error, if that is a terminal; the table is elsewhere."""
    stderr = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", stderr)
    assert verify(key) == 0
    assert capsys.readouterr().out.startswith("Docker secret API: ")
    assert stderr.getvalue().splitlines()[-1] == "deleting"


def test_by_profile(sandbox, monkeypatch, tmp_path, capsys):
    """A profile is that of SAP's SDK; with neither option, the credentials are looked for as always."""
    key = sandbox.service_key
    config = {
        "AICORE_CLIENT_ID": key["clientid"],
        "AICORE_CLIENT_SECRET": key["clientsecret"],
        "AICORE_AUTH_URL": key["url"],
        "AICORE_BASE_URL": f"{sandbox.url}/v2",
    }
    (tmp_path / "config_dev.json").write_text(json.dumps(config))
    monkeypatch.setenv("AICORE_HOME", str(tmp_path))
    assert main(["verify", "--profile", "dev", "--yes"]) == 0
    assert main(["verify", "--profile", "prod", "--yes"]) == 2
    monkeypatch.setenv("AICORE_SERVICE_KEY", sandbox.service_key_json())
    assert main(["verify", "--yes"]) == 0
    monkeypatch.delenv("AICORE_SERVICE_KEY")
    capsys.readouterr()
    assert main(["verify", "--yes"]) == 2
    assert (
        "Next: to try without an account: run jupyter aicore sandbox --service-key-file key.json in another "
        "terminal, then add --service-key key.json, or with a service key: --service-key FILE"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    "words",
    [
        ["--service-key", "x", "--profile", "y"],
        ["--timeout", str(SHORTEST - 1)],
        ["--timeout", str(LONGEST + 1)],
        ["--timeout", "soon"],
        ["--format", "sarif"],
        ["--ye"],
        ["team-ghcr"],
    ],
)
def test_wrong_use(words, capsys):
    """Wrong use ends with 2 and a line on standard error."""
    assert main(["verify", *words, *([] if "--yes" in words else ["--yes"])]) == 2
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)


def test_removing(sandbox, key, capsys, monkeypatch):
    """`--remove` asks, deletes throw-away secrets and no other one."""
    sandbox.state.secrets.update({STAMPED: "{}", "team-ghcr": "{}"})
    assert verify(key, "--yes", "--remove", "team-ghcr") == 2
    assert "not the name of a throw-away secret. Nothing was sent." in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", Terminal("no\n"))
    assert verify(key, "--remove", STAMPED) == 1
    assert f"Delete {STAMPED} in tenant sandbox at 127.0.0.1:" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", Terminal("yes\n"))
    assert verify(key, "--remove") == 0
    assert "1 throw-away secret deleted." in capsys.readouterr().out
    assert sandbox.state.secrets == {"team-ghcr": "{}"}


@pytest.mark.parametrize("words", [[], ["--remove", STAMPED]])
def test_what_is_left_behind(sandbox, key, words, capsys, monkeypatch):
    """What cannot be deleted is named with a command that has all words again, and the status is 3."""
    monkeypatch.setattr("aicore_magics.actions.verify.CLEANING_WITHIN", 0.2)
    sandbox.state.secrets[STAMPED] = "{}"
    sandbox.faults.forbidden = "text"
    assert verify(key, "--yes", *words) == 3
    out, err = capsys.readouterr()
    assert f"{STAMPED} (not allowed (403, plain text))" in out
    assert key not in out
    again = f"jupyter aicore verify --service-key '{key}' --remove {STAMPED}"
    assert err == f"Left behind: {STAMPED}. To delete it: {again}\n"


def test_a_result_that_goes_nowhere(key, monkeypatch, capsys):
    """A table that nobody can have read is not all seen."""

    class Full(io.StringIO):
        def write(self, _):
            raise OSError("no space left")

    monkeypatch.setattr("sys.stdout", Full())
    assert verify(key, "--yes") == 3
    assert "The result cannot be written to standard output (OSError)." in capsys.readouterr().err


def test_a_bug_cleans_up(sandbox, key, monkeypatch):
    """Even where a fault of ours ends a verification, what it created is deleted."""
    monkeypatch.setattr("aicore_magics.aicore.verification.run.writing.ask_twice", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        verify(key, "--yes")
    assert sandbox.state.secrets == {}
    assert not issubclass(ZeroDivisionError, AICoreError)
