import errno
import fcntl
import http.client
import json
import os
import re
import shlex
import signal
import stat
import subprocess
import sys
from base64 import b64encode
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from aicore_magics.sandbox import __main__ as main_module
from aicore_magics.sandbox.registry_passwords import SHAPES
from aicore_magics.sandbox.service_key import Client

PROGRAM = [sys.executable, "-W", "error", "-m", "aicore_magics.sandbox"]


@contextmanager
def running(*options):
    """Run the program until it has said everything, and end it whatever happens."""
    program = subprocess.Popen(
        [*PROGRAM, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        yield program
    finally:
        program.kill()
        program.communicate(timeout=5)


def told(program):
    """Read what the program says first: the key, and the lines for a shell."""
    lines = []
    while not (lines and lines[-1].startswith("# TOKEN=")):
        line = program.stdout.readline()
        assert line, program.stderr.read()
        lines.append(line)
    key, _, variables = "".join(lines).partition("\n\n")
    return json.loads(key), variables


def run(*options):
    return subprocess.run([*PROGRAM, *options], capture_output=True, text=True, timeout=10, check=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_told(number):
    """It prints a key that works and lines for a shell, and a signal ends it with status 0 and no word."""
    with running() as program:
        key, variables = told(program)
        assert f"export CLIENT_ID='{key['clientid']}'" in variables
        login = b64encode(f"{key['clientid']}:{key['clientsecret']}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(key["url"].removeprefix("http://"), timeout=5)
        connection.request("POST", "/oauth/token", "grant_type=client_credentials", headers)
        assert connection.getresponse().status == 200
        program.send_signal(number)
        assert program.communicate(timeout=5) == ("", "")
        connection.close()
        assert program.returncode == 0


def test_registry():
    """It says where its registry is, and a shell that reads the lines has the login for it."""
    with running() as program:
        _, variables = told(program)
        script = variables + 'printf "%s\n" "$REGISTRY_HOST" "$REGISTRY_USER" "$REGISTRY_PASSWORD"'
        done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, timeout=5, check=True)
        host, user, password = done.stdout.splitlines()
        assert f"# Registry with Bearer tokens: {host}\n" in variables
        basic_host = re.search("^# Registry with Basic logins: (.+)$", variables, re.MULTILINE)[1]
        login = b64encode(f"{user}:{password}".encode()).decode()
        for address, path in ((host, "/token?service=x"), (basic_host, "/v2/vendor/model/tags/list")):
            connection = http.client.HTTPConnection(address, timeout=5)
            connection.request("GET", path, headers={"Authorization": f"Basic {login}"})
            assert connection.getresponse().status == 200
            connection.close()


OLD = Client.fresh(url="https://host.example:1", tenant="sandbox").service_key_json()
REAL = {
    "clientid": "sb-0a1b2c3d-0000-0000-0000-000000000000!b123|aicore!b540",
    "clientsecret": "x",
    "url": "https://team.authentication.eu10.hana.ondemand.com",
    "serviceurls": {"AI_API_URL": "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"},
}


def test_service_key_file(tmp_path):
    """The key is also written to a file that only its owner can read, in place of an older one."""
    path = tmp_path / "key.json"
    path.write_text(OLD)
    path.chmod(0o644)
    with running("--service-key-file", str(path)) as program:
        key, _ = told(program)
        assert json.loads(path.read_text()) == key
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [each.name for each in tmp_path.iterdir()] == ["key.json"]


@pytest.mark.parametrize(
    "theirs",
    [
        b"",
        b"old",
        b'{"real": "my production key"}',
        json.dumps(REAL).encode(),
        json.dumps({**REAL, "clientid": json.loads(OLD)["clientid"]}).encode(),
        json.dumps({**json.loads(OLD), "clientid": REAL["clientid"]}).encode(),
        json.dumps([OLD]).encode(),
        b"[" * 60_000,
        b"\xff" + OLD.encode(),
        OLD.encode() + b" " * 70_000 + b"more",
    ],
    ids=range(10),
)
def test_a_file_of_others_is_never_replaced(tmp_path, theirs, monkeypatch, capsys):
    """Where a file is that no sandbox has written, such as a downloaded key, it stays, and that is said."""
    path = tmp_path / "key.json"
    path.write_bytes(theirs)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as caught:
        main_module.main(["--service-key-file", str(path)])
    out, err = capsys.readouterr()
    assert (caught.value.code, out, path.read_bytes()) == (2, "", theirs)
    assert f"{path} exists and is no service key of a sandbox: name another file, or move it away" in err
    assert [*tmp_path.iterdir()] == [path]


def test_service_key_file_fails(tmp_path):
    """A file that cannot be written ends the program with a reason, and leaves nothing behind."""
    (tmp_path / "folder").mkdir()
    done = run("--service-key-file", str(tmp_path / "folder"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("kind", ["link", "dangling link", "pipe", "device"])
def test_what_is_no_place_for_a_service_key(tmp_path, kind):
    """A link is not written through nor replaced, nor is what is no file: that ends the program."""
    path, other = tmp_path / "key.json", tmp_path / "other"
    if "link" in kind:
        path.symlink_to(other)
    if kind == "link":
        other.write_text("theirs")
    if kind == "pipe":
        os.mkfifo(path)
    if kind == "device":
        path = Path("/dev/null")
    before = os.lstat(path)
    done = run("--service-key-file", str(path))
    assert done.returncode == 2
    assert f"error: {path} is " in done.stderr
    assert os.lstat(path) == before
    assert sorted(place.name for place in tmp_path.iterdir()) == sorted(
        {"link": ["key.json", "other"], "device": []}.get(kind, ["key.json"])
    )


def test_what_a_killed_sandbox_has_left_is_taken_away(tmp_path):
    """A draft that nobody holds is taken away by the next start; a living process's, and others, stay."""
    path = tmp_path / "key [a].json"
    left, held = (tmp_path / f".{path.name}.{digit * 8}" for digit in "0a")
    others = [
        tmp_path / name for name in (f".{path.name}.txt", f".{path.name}.0000000g", ".key a.json.00000000")
    ]
    for place in (left, held, *others):
        place.write_text("half")
    with held.open("rb+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with running("--service-key-file", str(path)) as program:
            told(program)
            assert json.loads(path.read_text())["clientid"]
    assert {*tmp_path.iterdir()} == {path, held, *others}


@pytest.mark.parametrize("call", ["write", "flock", "replace"])
def test_a_service_key_that_cannot_be_written(tmp_path, call, monkeypatch, capsys):
    """Whatever fails on the way, the old key stays and nothing is left; without locks it is written."""
    path = tmp_path / "key.json"
    path.write_text(OLD)

    def fails(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    if call == "flock":
        monkeypatch.setattr(fcntl, "flock", fails)
    elif call == "replace":
        monkeypatch.setattr(Path, "replace", fails)
    else:
        monkeypatch.setattr(os, "fdopen", lambda handle, *_, **__: FullDisk(handle))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(main_module.time, "sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    if call == "flock":
        assert main_module.main(["--service-key-file", str(path)]) == 0
        assert json.loads(path.read_text())["clientid"]
    else:
        with pytest.raises(SystemExit):
            main_module.main(["--service-key-file", str(path)])
        assert "No space left" in capsys.readouterr().err
        assert path.read_text() == OLD
    assert list(tmp_path.iterdir()) == [path]


def test_a_service_key_is_locked_until_it_is_in_place(tmp_path, monkeypatch):
    """While one sandbox writes, another one that starts takes nothing away."""
    seen = []
    replace = Path.replace

    def looked_at(fresh, target):
        with fresh.open("rb+") as stream, pytest.raises(BlockingIOError):
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        seen.append(fresh)
        replace(fresh, target)

    monkeypatch.setattr(Path, "replace", looked_at)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(main_module.time, "sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main_module.main(["--service-key-file", str(tmp_path / "key.json")]) == 0
    assert len(seen) == 1


class FullDisk:
    """A stream that can be opened, and not written to."""

    def __init__(self, handle):
        self.handle = handle

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.handle)

    def write(self, _):
        """Fail as a full disk does."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_taken_port(sandbox):
    """A port that is taken ends the program with a reason."""
    done = run("--port", sandbox.url.rpartition(":")[2])
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_https(authority, this_machine, anna):
    """With a certificate and a client CA it speaks https and gives tokens for certificates."""
    files = ["--certificate", this_machine.chain, "--key", this_machine.key, "--client-ca", authority.file]
    with running(*map(str, files), "--host", "localhost") as program:
        key, variables = told(program)
        assert key["url"].startswith("https://localhost:")
        cert_url = re.search("export CERT_URL='https://(localhost:[0-9]+)'", variables)[1]
        form = urlencode({"grant_type": "client_credentials", "client_id": key["clientid"]})
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        context = authority.trust(anna)
        connection = http.client.HTTPSConnection(cert_url, timeout=5, context=context)
        connection.request("POST", "/oauth/token", form, headers)
        assert connection.getresponse().status == 200
        connection.close()


@pytest.mark.parametrize("option", ["--key", "--client-ca"])
def test_certificate_is_missing(option, capsys):
    """A key or a client CA is of no use without a certificate."""
    from aicore_magics.sandbox.__main__ import main

    with pytest.raises(SystemExit) as caught:
        main([option, "x.pem"])
    assert caught.value.code == 2
    assert "need --certificate" in capsys.readouterr().err


def test_unusable_certificate(tmp_path):
    """A file that is no certificate ends the program with a reason that names it."""
    done = run("--certificate", str(tmp_path / "missing.pem"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing.pem" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["x", "-1", "65536", "", "1.5", "9" * 5000, "²"])
def test_bad_port(port, monkeypatch, capsys):
    """A port is a number up to 65535."""
    from aicore_magics.sandbox.__main__ import main

    with pytest.raises(SystemExit) as caught:
        main([f"--port={port}"])
    assert caught.value.code == 2
    assert "argument --port: takes a number from 0 to 65535, such as 8080; " in capsys.readouterr().err


def test_help(capsys):
    """The help names the options."""
    from aicore_magics.sandbox.__main__ import main

    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    said = capsys.readouterr().out
    for option in (
        "--port",
        "--service-key-file",
        "--certificate",
        "--key",
        "--client-ca",
        "--host",
        "$LOGINS_URL",
        *SHAPES,
    ):
        assert option in said


@pytest.mark.parametrize("called", ["jupyter aicore sandbox", main_module.MODULE])
def test_the_help_is_as_that_of_the_other_commands(called, capsys):
    """It names what was typed, has examples and exit statuses, and is at most 78 columns wide."""
    with pytest.raises(SystemExit) as caught:
        main_module.main(["--help"], called=called)
    lines = capsys.readouterr().out.splitlines()
    assert (caught.value.code, lines[0]) == (0, f"usage: {called} [options]")
    assert {"examples:", f"  {called}", "exit status:"} <= {*lines}
    assert max(map(len, lines)) <= 78


_PORTS = "argument --port: takes a number from 0 to 65535, such as 8080"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["-p", "{}"], "no such option"),
        (["--pasword={}"], "no such option"),
        (["{}"], "too many words on the line"),
        (["--port", "1", "--port=2"], "--port is given twice; give it once"),
        (["--service-key-file=a", "--service-key-file=b"], "--service-key-file is given twice; give it once"),
        (["--port"], "argument --port: expected one argument"),
        # The fourth is a digit of another script.
        *((["--port", each], _PORTS) for each in ("99999", "-1", "x", "\uff18", "", 9 * "9", "1.5")),
        (["--service-key-file", "none/key.json"], "the folder of --service-key-file does not exist: none"),
    ],
)
def test_wrong_use_is_one_line(words, says, monkeypatch, capsys, tmp_path):
    """It ends with 2 and a line that says how to ask for help, and no word of the line is repeated."""
    password = "Hunter2" + "-" + "topsecret"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as caught:
        main_module.main([word.format(password) for word in words], called="jupyter aicore sandbox")
    assert caught.value.code == 2
    assert capsys.readouterr().err == f"error: {says}; jupyter aicore sandbox --help shows how.\n"


def commands(variables, beginning):
    """The commands in the comments that begin with *beginning*, each in one line."""
    joined = variables.replace("\\\n#  ", "")
    return re.findall(rf"^#   ({re.escape(beginning)}.*)$", joined, re.MULTILINE)


@pytest.mark.needs("curl")
def test_another_login_by_the_shell():
    """The comment with curl makes a login, and the same address lists and revokes it."""
    with running() as program:
        _, variables = told(program)
        (make,) = commands(variables, "printf ")
        who = make.partition("|")[0] + "| curl --silent --fail --config - "
        listed = f'{who} "$LOGINS_URL"'
        revoke = f"""{who} --request DELETE "$LOGINS_URL/$(printf %s "$made" | cut -d '"' -f 4)" """
        script = f'{variables}\nmade=$({make})\necho "$made"\n{revoke}\necho\n{listed}'
        done = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, timeout=10, check=True)
    made, revoked, listing = map(json.loads, done.stdout.splitlines())
    ends, begins = (datetime.fromisoformat(made[name]) for name in ("ends", "begins"))
    assert (ends - begins, made["standing"], revoked["standing"]) == (timedelta(days=4), "valid", "revoked")
    assert [each["standing"] for each in listing["logins"]] == ["valid", "revoked"]
    # Arguments can be read by every user of the machine.
    assert "PASSWORD" not in make.partition("|")[2]


@pytest.mark.parametrize("name", ["key.json", "my key.json"])
def test_what_to_type_next_works(name, monkeypatch, capsys, tmp_path):
    """The comment in front of the lines for a shell is a command that stores a secret in this sandbox."""
    from aicore_magics.cli import main

    with running("--service-key-file", str(tmp_path / name)) as program:
        _, variables = told(program)
        monkeypatch.setenv("REGISTRY_PASSWORD", re.search("REGISTRY_PASSWORD='(.+)'", variables)[1])
        (typed,) = commands(variables, "jupyter aicore ")
        jupyter, aicore, *words = shlex.split(typed)
        assert (jupyter, aicore) == ("jupyter", "aicore")
        assert main(words) == 0
    assert capsys.readouterr().out.startswith("Secret team-churn created.")
