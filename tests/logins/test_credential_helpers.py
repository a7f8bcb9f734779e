import json
import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.errors import LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins import credential_helpers
from aicore_magics.logins.credential_helpers import find_helper_login, helper_users
from tests.waiting import until

SERVER = "https://ghcr.io"
LIMIT = 1.0  # seconds; enough for a Python to start
# What a helper of the tests has at hand.
HEAD = f"#!{sys.executable} -IS\nimport json, os, subprocess, sys, time\n"


@pytest.fixture
def helper(tmp_path, monkeypatch):
    """Gives a function that puts a helper, a real program, on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def put(body, name="test"):
        place = folder / f"docker-credential-{name}"
        place.write_text(HEAD + body, "utf-8")
        place.chmod(0o755)
        return name

    return put


@pytest.fixture
def quick(monkeypatch):
    """A helper that hangs costs the tests a second."""
    monkeypatch.setattr(credential_helpers, "TIME_LIMIT", LIMIT)


def refused(act):
    with pytest.raises(LoginNotFound) as caught:
        act()
    error = caught.value
    assert error.message.endswith(". Nothing was sent.")
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    return error


def held_in_frames(error):
    """All that the frames of our own code hold, as text."""
    step, held = error.__traceback__, []
    while step:
        if "aicore_magics" in step.tb_frame.f_code.co_filename:
            held.append(repr(step.tb_frame.f_locals))
        step = step.tb_next
    assert held
    return "\n".join(held)


def is_gone(process_id):
    """Whether the process has ended, or is but a zombie."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def answering(data):
    """The body of a helper that reads what it is told, and answers *data* to everything."""
    return f"sys.stdin.read()\nsys.stdout.write({json.dumps(data)!r})\n"


# What a helper is asked, and how


def test_the_login_a_helper_keeps(helper, canary):
    """User and password are given as the helper keeps them."""
    helper(answering({"ServerURL": SERVER, "Username": "anna", "Secret": canary}))
    login = find_helper_login("test", SERVER)
    assert login == ("anna", Secret(canary))
    assert canary not in repr(login)


def test_the_server_is_told_unseen(helper, tmp_path):
    """The server stands on the standard input, as it is; the arguments, which all can read, hold only get."""
    note = tmp_path / "note"
    helper(
        f"told = [sys.argv[1:], sys.stdin.read()]\nopen({str(note)!r}, 'w').write(json.dumps(told))\n"
        "print(json.dumps({'Username': 'anna', 'Secret': 'p'}))\n"
    )
    find_helper_login("test", SERVER)
    assert json.loads(note.read_text()) == [["get"], SERVER]


def test_a_helper_has_the_environment_of_the_kernel(helper, tmp_path, monkeypatch):
    """A helper sees the environment as it is, and leaves it so."""
    note = tmp_path / "note"
    monkeypatch.setenv("GNUPGHOME", "/somewhere")
    before = dict(os.environ)
    helper(
        f"open({str(note)!r}, 'w').write(json.dumps(dict(os.environ)))\n"
        "print(json.dumps({'Username': 'anna', 'Secret': 'p'}))\n"
    )
    find_helper_login("test", SERVER)
    seen = json.loads(note.read_text())
    assert {name: seen[name] for name in before if name != "LC_CTYPE"} == {
        name: value for name, value in before.items() if name != "LC_CTYPE"
    }
    assert dict(os.environ) == before


def test_a_helper_has_no_terminal(helper, tmp_path):
    """A helper is in a session of its own, where no terminal can make it wait."""
    note = tmp_path / "note"
    helper(
        f"open({str(note)!r}, 'w').write(str(os.getsid(0) == os.getpid()))\n"
        "print(json.dumps({'Username': 'anna', 'Secret': 'p'}))\n"
    )
    find_helper_login("test", SERVER)
    assert note.read_text() == "True"


def test_a_helper_that_does_not_listen(helper):
    """A helper may answer without reading what it is told."""
    helper("sys.stdin.close()\nprint(json.dumps({'Username': 'anna', 'Secret': 'p'}))\n")
    assert find_helper_login("test", SERVER)[0] == "anna"


def test_a_shell_script_is_a_helper(helper, tmp_path):
    """Any program will do, such as a script for sh that reads a line without an end."""
    place = Path(os.environ["PATH"].split(os.pathsep)[0]) / "docker-credential-sh"
    place.write_text('#!/bin/sh\nread -r server\nprintf \'{"Username":"%s","Secret":"p"}\' "$server"\n')
    place.chmod(0o755)
    assert find_helper_login("sh", "ghcr.io")[0] == "ghcr.io"


def test_users_without_secrets(helper):
    """A list tells servers and users, and asks for nothing more."""
    helper(
        "assert sys.argv[1:] == ['list']\nprint(json.dumps({'https://ghcr.io': 'anna', 'quay.io': 'bob'}))\n"
    )
    assert helper_users("test") == {"https://ghcr.io": "anna", "quay.io": "bob"}


@pytest.mark.parametrize("text", ["", "null", "{}", "\n"])
def test_a_list_of_nothing(text, helper):
    """A helper that keeps nothing lists nothing, as programs in Go and others write it."""
    helper(f"sys.stdout.write({text!r})\n")
    assert helper_users("test") == {}


def test_an_identity_token_is_given_as_such(helper):
    """The user name under which an identity token goes is left for the caller to judge."""
    helper(answering({"Username": "<token>", "Secret": "t"}))
    assert find_helper_login("test", SERVER)[0] == credential_helpers.IDENTITY_TOKEN


# Not here


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_login_that_is_not_there(ending, helper):
    """The words of the protocol for a login that is not there are no failure."""
    text = f"credentials not found in native keychain{ending}"
    helper(f"sys.stdout.write({text!r})\nsys.exit(1)\n")
    assert find_helper_login("test", SERVER) is None


def test_an_empty_login_is_none(helper):
    """Some helpers answer with nothing instead."""
    helper(answering({"ServerURL": SERVER, "Username": "", "Secret": ""}))
    assert find_helper_login("test", SERVER) is None


def test_those_words_from_a_content_helper_are_rubbish(helper):
    """A helper that ends well has to answer."""
    helper("print('credentials not found in native keychain')\n")
    assert "not a JSON object" in refused(lambda: find_helper_login("test", SERVER)).message


# Here, but broken


def test_a_helper_that_is_missing():
    """A helper that this kernel cannot see is named, with the PATH that counts."""
    error = refused(lambda: find_helper_login("osxkeychain", SERVER))
    assert error.message.startswith("docker-credential-osxkeychain is not on the PATH of the Jupyter server.")
    assert "--password-env" in NOTEBOOK.say(error.next)


def test_a_helper_in_the_current_folder_is_not_run(tmp_path, monkeypatch):
    """What only the current folder has is not run, even where PATH says so: docker does not, either."""
    place = tmp_path / "docker-credential-test"
    place.write_text("#!/bin/sh\ntouch ran\n")
    place.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert "not on the PATH" in refused(lambda: find_helper_login("test", SERVER)).message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a b", "a\n", "a;b", "$(a)", "ä", 65 * "a", "a\x00"])
def test_a_name_that_is_no_program(name):
    """The name of a helper is no path and no shell text; another one is not repeated."""
    for act in (lambda: find_helper_login(name, SERVER), lambda: helper_users(name)):
        assert refused(act).message.startswith("the credential helper in docker's config is not a program")


def test_a_helper_that_cannot_be_started(helper, tmp_path):
    """A file that is no program is a failure of the helper."""
    helper("")
    place = tmp_path / "bin" / "docker-credential-test"
    place.write_bytes(b"\x00\x01\x02")
    assert place.stat().st_mode & stat.S_IXUSR
    message = refused(lambda: find_helper_login("test", SERVER)).message
    assert message == "docker-credential-test cannot be started (OSError). Nothing was sent."


KNOWN = [
    "no credentials server URL",
    "no credentials username",
    "pass not initialized",
    "The specified item could not be found in the keychain.",
    "exit status 2",
]


@pytest.mark.parametrize("text", KNOWN)
def test_what_a_failing_helper_says(text, helper):
    """A failure that helpers are known to tell is told in their words, what they log is not."""
    helper(f"print({text!r})\nsys.stderr.write('LOGGED')\nsys.exit(1)\n")
    error = refused(lambda: find_helper_login("test", SERVER))
    said = text.removesuffix(".")
    assert error.message == f"docker-credential-test failed ({said}). Nothing was sent."
    more = "docker-credential-test list  in a terminal shows more. --username"
    assert NOTEBOOK.say(error.next).startswith(more)
    assert "LOGGED" not in str(error)


WRAPPED = [
    "{}",
    "no credentials username {}",
    "{} no credentials username",
    "no credentials username.\n{}",
    "exit status 1: {}",
    "no login for anna:{}",
    '{{"Username": "anna", "Secret": "{}"}}',
]


@pytest.mark.parametrize("text", WRAPPED)
def test_a_failure_in_other_words_is_not_repeated(text, helper):
    """Whatever else a failing helper writes may hold the password: its exit status has to do."""
    helper(f"print({text.format('s3cret-pw')!r})\nsys.exit(3)\n")
    for act in (lambda: find_helper_login("test", SERVER), lambda: helper_users("test")):
        error = refused(act)
        assert error.message == "docker-credential-test failed (exit status 3). Nothing was sent."
        assert NOTEBOOK.say(error.next).startswith("docker-credential-test list  in a terminal shows more.")
        assert "s3cret" not in held_in_frames(error)


def test_a_failure_without_words(helper):
    """A helper that says nothing has failed no less."""
    helper("sys.exit(1)\n")
    message = refused(lambda: find_helper_login("test", SERVER)).message
    assert message == "docker-credential-test failed (exit status 1). Nothing was sent."


def test_a_helper_that_is_ended(helper):
    """A helper that somebody ends has failed by a signal, even after an answer."""
    helper("print('{}', flush=True)\nos.kill(os.getpid(), 9)\n")
    message = refused(lambda: helper_users("test")).message
    assert message == "docker-credential-test failed (signal 9). Nothing was sent."


RUBBISH = {
    "text": "print('{}')",
    "half": 'sys.stdout.write(\'{{"Username": "anna", "Secret": "\' + {!r})',
    "list": "print(json.dumps(['anna', {!r}]))",
    "text in JSON": "print(json.dumps({!r}))",
    "bytes": "sys.stdout.buffer.write(b'\\xff' + {!r}.encode())",
    "deep": "print(100_000 * '[' + {!r})",
    "no user": "print(json.dumps({{'Secret': {!r}}}))",
    "numbers": "print(json.dumps({{'Username': 1, 'Secret': {!r}}}))",
    "null": "print(json.dumps({{'Username': 'anna', 'Secret': None, 'x': {!r}}}))",
}


@pytest.mark.parametrize("body", RUBBISH.values(), ids=RUBBISH)
def test_rubbish_is_not_repeated(body, helper, canary):
    """An answer that makes no sense may hold the password: neither error nor frames show it."""
    helper(body.format(canary) if body != RUBBISH["text"] else f"print({canary!r})")
    error = refused(lambda: find_helper_login("test", SERVER))
    assert "returned " in error.message
    assert not any(canary[i : i + 4] in str(error) for i in range(len(canary) - 3))
    held = held_in_frames(error)
    assert canary not in held
    assert json.dumps(canary)[1:-1] not in held
    assert repr(canary)[1:-1] not in held


@pytest.mark.parametrize("text", ["[]", '{"ghcr.io": 1}', "anna", '{"ghcr.io": {"Username": "anna"}}'])
def test_a_list_that_is_none(text, helper):
    """A list that makes no sense is a failure of the helper."""
    helper(f"print({text!r})")
    assert "returned" in refused(lambda: helper_users("test")).message


# Without end


# Each helper notes its own process, and the one that it starts.
NOTING = """
def note(process_id):
    with open(os.environ["NOTE"], "a") as stream:
        stream.write(f"{process_id}\\n")

def child():
    started = subprocess.Popen(["sleep", "600"])
    note(started.pid)
    return started

note(os.getpid())
"""
HANGS = {
    "itself": (1, "time.sleep(600)"),
    "after its answer": (1, "print('{}', flush=True)\ntime.sleep(600)"),
    "with its output closed": (1, "os.close(1)\ntime.sleep(600)"),
    "deaf to a polite end": (
        1,
        "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)",
    ),
    "waiting for a child": (2, "child().wait()"),
    "ended, but not its child": (2, "child()\nprint('{}', flush=True)\nos._exit(0)"),
}


@pytest.mark.parametrize(("processes", "body"), HANGS.values(), ids=HANGS)
def test_a_helper_that_hangs(processes, body, helper, quick, tmp_path, monkeypatch):
    """A helper that hangs is ended within the limit, with everything that it started."""
    note = tmp_path / "note"
    monkeypatch.setenv("NOTE", str(note))
    helper(f"{NOTING}{body}\n")
    begin = time.monotonic()
    error = refused(lambda: find_helper_login("test", SERVER))
    assert time.monotonic() - begin >= LIMIT
    assert f"within {LIMIT:g} s" in error.message
    ids = [int(line) for line in note.read_text().split()]
    assert len(ids) == processes
    until(lambda: all(map(is_gone, ids)))


def test_a_helper_that_writes_without_end(helper):
    """A helper that writes on and on is ended long before its time is over."""
    helper("while True:\n    sys.stdout.write(4096 * 'x')\n")
    error = refused(lambda: find_helper_login("test", SERVER))
    assert error.message == "docker-credential-test sent an answer without end. Nothing was sent."


def test_an_answer_as_long_as_it_may_be(helper):
    """An answer of 1 MiB is still read; one character more is not."""
    helper("data = json.dumps({'Username': 'anna', 'Secret': 'p'})\nprint(data.ljust(1_048_576), end='')\n")
    assert find_helper_login("test", SERVER)[0] == "anna"
    helper("print((1_048_577 * ' '), end='')\n")
    assert "without end" in refused(lambda: find_helper_login("test", SERVER)).message


def test_ctrl_c_ends_the_helper(helper, tmp_path, ctrl_c):
    """An interrupt while a helper is waited for ends the helper, too."""
    note = tmp_path / "note"
    helper(f"open({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n")

    def interrupt():
        until(lambda: note.exists() and note.read_text())
        ctrl_c()

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        find_helper_login("test", SERVER)
    until(lambda: is_gone(int(note.read_text())))
