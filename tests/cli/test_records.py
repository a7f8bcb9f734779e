"""`jupyter aicore due`, `note` and `forget`: exit statuses over a table of records, and no network."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.aicore.connection import sandbox_id
from aicore_magics.cli import main
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import ledger_folder, sandbox_folder
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.expiry import told_end
from tests.cli.conftest import Ended
from tests.waiting import PATIENCE

HOST = "api.ai.x.eu-central-1.aws.ml.hana.ondemand.com"
TODAY = datetime.now(UTC)
PAST, SOON, LATER = (f"{TODAY + timedelta(days=days):%Y-%m-%d}" for days in (-3, 5, 60))


@pytest.fixture
def environ(tmp_path, sandbox):
    """Variables for a folder with keys of two tenants that cannot be reached, and of a sandbox."""
    key = {**sandbox.service_key, "url": "https://x.authentication.eu10.hana.ondemand.com"}
    key["serviceurls"] = {"AI_API_URL": f"https://{HOST}"}
    (tmp_path / "key.json").write_text(json.dumps({**key, "identityzone": "zone"}))
    (tmp_path / "key2.json").write_text(json.dumps({**key, "identityzone": "zone2"}))
    (tmp_path / "sandbox.json").write_text(sandbox.service_key_json())
    for file in tmp_path.glob("*.json"):
        file.chmod(0o600)
    return {"AICORE_MAGICS_STATE": str(tmp_path / "state"), "HOME": str(tmp_path)}


@pytest.fixture
def run(tmp_path, environ, monkeypatch, capsys):
    """Run a command in that folder, from which no network is reached."""

    def refuse(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.chdir(tmp_path)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(socket.socket, "connect", refuse)

    def run(line, *, status=0):
        capsys.readouterr()
        ended = Ended(main(line.split()), *capsys.readouterr())
        assert ended.status == status, ended
        return ended

    return run


def noted(*ends, tenant=""):
    """Write what a note of each end would."""
    place = {"tenant": f"zone{tenant}", "host": HOST}
    for number, end in enumerate(ends):
        expiry = {"expiry": told_end(end)} if end else {}
        login = NotedLogin(registry="ghcr.io", username="anna", **expiry)
        record = Record(**place, secret=f"team-{number}", op="noted", logins=(login,))
        assert Ledger(ledger_folder()).append(record) == ""


def damage(tmp_path):
    """Half a line at the end of a file, as a full disk leaves it."""
    (file, *_) = sorted((tmp_path / "state").rglob("*.jsonl"))
    with file.open("a") as lines:
        lines.write('{"v":1,"id":"x')


def block(tmp_path):
    """A file where the folder of the record is due."""
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "ledger").write_text("x")


LEDGERS = {
    "nothing": ((), None, 0),
    "not known": (("",), None, 0),
    "later": ((LATER,), None, 0),
    "never": (("never",), None, 0),
    "later and never": ((LATER, "never"), None, 0),
    "soon": ((LATER, SOON), None, 1),
    "ended": ((PAST,), None, 1),
    "ended and soon": ((SOON, PAST, ""), None, 1),
    "later, damaged": ((LATER,), damage, 3),
    "ended, damaged": ((PAST,), damage, 1),  # what was found counts, whatever else could not be read
    "blocked": ((), block, 3),
}


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(("ends", "hurt", "status"), LEDGERS.values(), ids=LEDGERS)
def test_exit_statuses(run, tmp_path, ends, hurt, status, form):
    """1 if something ended or is due, 0 if not, 3 if that is not certain; and no word on standard error."""
    noted(*ends)
    if hurt:
        hurt(tmp_path)
    ended = run(f"due --format {form}", status=status)
    assert ended.err == ""
    if form == "json":
        assert ended.data["result"] == "SecretRecords"
        return
    for number, end in enumerate(ends):  # a line for each login that is due
        lines = [
            line for line in ended.out.splitlines() if f"team-{number}" in line.replace(",", " ").split()
        ]
        assert lines or end not in (PAST, SOON)


@pytest.mark.parametrize(("end", "status"), [(LATER, 0), (PAST, 1)])
def test_a_job_of_cron(run, tmp_path, environ, end, status):
    """As a process without a terminal it ends so, too, and standard error is empty."""
    noted(end)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AICORE_", "VCAP_"))}
    ended = subprocess.run(
        [sys.executable, "-m", "aicore_magics.cli", "due"],
        cwd=tmp_path,
        env={**kept, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert (ended.returncode, ended.stderr, "team-0" in ended.stdout) == (status, "", True)


@pytest.mark.parametrize(
    "line", ["due x", "due --what", "due --timeout 5", "due --service-key none.json", "forget"]
)
def test_wrong_use(run, line):
    """2, and one line on standard error."""
    ended = run(line, status=2)
    assert (ended.out, bool(ended.err)) == ("", True)


def test_a_tenant_that_is_named_is_not_asked(run):
    """Its name is in the key: its records alone are shown or forgotten, though it cannot be reached."""
    noted(PAST)
    noted(LATER, tenant="2")
    run("due", status=1)
    run("due --service-key key.json", status=1)
    run("due --service-key key2.json")
    run("forget team-0 --service-key key2.json")
    run("due --service-key key.json", status=1)
    run("forget team-0")
    run("due --service-key key.json")


def test_the_sandbox_has_its_own(run):
    """The sandbox's key leads to the sandbox's record, in which is nothing of this machine's."""
    noted(PAST)
    run("due", status=1)
    run("due --service-key sandbox.json")
    run("forget team-0 --service-key sandbox.json")
    run("due", status=1)


def test_the_record_of_a_sandbox_ends_with_it(tmp_path):
    """What a client of `jupyter aicore sandbox` has recorded is gone when that is told to end."""
    file = tmp_path / "key.json"
    words = [sys.executable, "-m", "aicore_magics.cli", "sandbox", "--service-key-file", str(file)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as program:
        while "TOKEN=" not in program.stdout.readline():  # the last line that it says
            assert program.poll() is None
        folder = sandbox_folder(sandbox_id(json.loads(file.read_text())["clientid"]))
        folder.mkdir(mode=0o700)
        (folder / "x.jsonl").touch()
        program.send_signal(signal.SIGTERM)
        program.communicate(timeout=PATIENCE)
    assert (program.returncode, folder.exists()) == (0, False)
