"""A password that a program prints: what is run, what it sees, and that its output shows nowhere."""

from __future__ import annotations

import base64
import json
import logging
import os
import shlex
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidLogin, LoginNotFound
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins import password_command, programs
from aicore_magics.logins.password_command import (
    PasswordCommand,
    command_name,
    password_in,
    split_registry,
)
from aicore_magics.logins.sources import take_logins, take_users
from aicore_magics.logins.wish import LoginWish
from tests.logins.test_credential_helpers import HEAD, held_in_frames, is_gone
from tests.logins.test_sources import Answers, Nobody, told
from tests.waiting import until

LIMIT = 1.0  # seconds; enough for a Python to start
HERE = Path(__file__)


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Gives a function that puts a program, a real one, on the PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    def put(body, name="tell"):
        place = folder / name
        place.write_text(HEAD + body, "utf-8")
        place.chmod(0o755)
        return name

    return put


@pytest.fixture
def printing(program):
    """Gives a function that makes a program print these bytes, and returns what it was taken for."""

    def taken(output):
        program(f"sys.stdout.buffer.write({output!r})\n")
        return PasswordCommand.parse("tell").password()

    return taken


def wish(*commands, **how):
    return LoginWish(registry="ghcr.io", username="anna", password_command=commands, **how)


def refused(act, kind=LoginNotFound):
    with pytest.raises(kind) as caught:
        act()
    error = caught.value
    assert type(error) is kind
    assert error.message.endswith(". Nothing was sent.")
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    return error


# What is taken


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_one_line_is_the_password(end, printing, canary):
    """The one line is the password as it stands, without its end and without a sign of the encoding."""
    for start in ("", "\ufeff"):
        password = printing(f"{start} {canary}\t {end}".encode())
        assert password == Secret(f" {canary}\t ")


def test_a_login_with_the_password_of_a_program(program, canary):
    """A login takes what the program prints, and asks only for what else is missing."""
    program(f"print({canary!r})\n")
    ask = Answers("anna")
    taken = take_logins(LoginWish(registry="ghcr.io", password_command=("tell",)), ask)
    assert told(taken) == [("ghcr.io", "anna", canary)]
    assert [prompt for prompt, _ in ask.asked] == ["User at ghcr.io: "]
    assert taken.source == "command tell"


def test_several_logins_have_a_command_each(program):
    """With several logins each command names its registry; a command without, or two for one, are refused."""
    program("print(' '.join(sys.argv[1:]))\n")
    logins = {"logins": ("ghcr.io=anna", "quay.io=bob")}
    taken = take_logins(
        LoginWish(**logins, password_command=("quay.io=tell --x=a=b", "https://ghcr.io=tell 1")), Nobody()
    )
    assert told(taken) == [("ghcr.io", "anna", "1"), ("quay.io", "bob", "--x=a=b")]
    assert taken.source == "command tell, command tell"
    for commands, said in (
        (("tell",), "with several logins each command needs its registry"),
        (("ghcr.io=tell", "GHCR.io=tell"), "two commands are given for ghcr.io"),
        (("docker.io=tell",), "a command is given for docker.io, but no login"),
    ):
        error = refused(
            lambda: take_logins(LoginWish(**logins, password_command=commands), Nobody()),  # noqa: B023
            InvalidLogin,
        )
        assert error.what == said


def test_nothing_is_run_for_users_or_beside_a_fault(program, tmp_path):
    """A dry run needs users alone; and of several commands none is run where one cannot be."""
    program(f"open({str(tmp_path / 'ran')!r}, 'w')\nprint('p')\n")
    assert [user for _, user in take_users(wish("tell"), Nobody())] == ["anna"]
    several = LoginWish(
        logins=("ghcr.io=anna", "quay.io=bob"), password_command=("ghcr.io=tell", "quay.io=not-there-at-all")
    )
    refused(lambda: take_logins(several, Nobody()))
    assert not (tmp_path / "ran").exists()


# How it is run

SPLIT = [
    ("tell a b", ["a", "b"]),
    ("  tell\t'a b'  \"c d\" ", ["a b", "c d"]),
    (
        "tell $HOME ~ * `id` $(id) a;b |x >y # z",
        ["$HOME", "~", "*", "`id`", "$(id)", "a;b", "|x", ">y", "#", "z"],
    ),
    ("tell --query 'a[0].b' --x=y {z}", ["--query", "a[0].b", "--x=y", "{z}"]),
    ("tell ''", [""]),
    (r"tell a\ b", ["a b"]),
]


@pytest.mark.parametrize(("text", "words"), SPLIT)
def test_words_are_split_and_nothing_else(text, words, program):
    """The text is split as a POSIX shell splits it; no shell runs it, so nothing is replaced or piped."""
    program("print(json.dumps([sys.argv[1:]]))\n")
    assert json.loads(PasswordCommand.parse(text).password().reveal()) == [words]


def test_a_backslash_on_windows(monkeypatch):
    """On Windows a backslash is a part of a path, as on the lines of a notebook."""
    monkeypatch.setattr(os, "name", "nt")
    assert command_name(r'"C:\my files\tell.exe" x') == "tell.exe"
    assert command_name(r"C:\bin\tell.exe x") == "tell.exe"


def test_what_a_program_has(program, tmp_path):
    """It has an empty standard input, a session without a terminal, and the working folder."""
    program(
        "said = [sys.stdin.read(), os.getsid(0) == os.getpid(), os.getcwd()]\nprint(json.dumps([said]))\n"
    )
    assert json.loads(PasswordCommand.parse("tell").password().reveal()) == [["", True, str(Path.cwd())]]


WITHHELD = [
    *("AICORE_SERVICE_KEY", "AICORE_CLIENT_SECRET", "AICORE_CLIENT_SECRET_2", "AICORE_CERT_STR"),
    *("AICORE_KEY_STR", "VCAP_SERVICES", "SANDBOX_SERVICE_KEY", "SANDBOX_SERVICE_KEY_DEV"),
]
KEPT = ["AICORE_PROFILE", "AICORE_HOME", "AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "GH_TOKEN", "GNUPGHOME"]


def test_the_environment_of_a_program(program, monkeypatch, canary):
    """AI Core's secrets, service keys by any name, and what the line named are left out; nothing else is."""
    for name in (*WITHHELD, *KEPT, "NAMED"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setenv("PROD_KEY", json.dumps({"clientid": "c", "clientsecret": canary}))
    before = dict(os.environ)
    program("print(json.dumps([sorted(os.environ)]))\n")
    seen = json.loads(take_logins(wish("tell", withheld=("NAMED",)), Nobody()).logins[0].password.reveal())[0]
    left_out = {*WITHHELD, "NAMED", "PROD_KEY"}
    assert {*seen} - {"LC_CTYPE"} == {*before} - left_out - {"LC_CTYPE"}
    assert {*KEPT} <= {*seen}
    assert dict(os.environ) == before


def test_the_end_of_a_token_is_looked_at(program):
    """A program may serve an expired token from its cache: its own end is seen before anything else."""
    for year, passes in ((2020, False), (2100, True)):
        ends = datetime(year, 2, 3, tzinfo=UTC).timestamp()
        token = base64.b64encode(json.dumps({"payload": 300 * "x", "expiration": ends}).encode()).decode()
        program(f"print({token!r})\n")
        aws = LoginWish(
            registry="123456789012.dkr.ecr.eu-central-1.amazonaws.com",
            username="AWS",
            password_command=("tell",),
        )
        if passes:
            assert take_logins(aws, Nobody()).notes
            continue
        error = refused(lambda: take_logins(aws, Nobody()))  # noqa: B023
        assert error.what.startswith("the program printed an expired token for 123456789012.dkr.ecr.")
        assert "2020" in error.message
        assert token[:20] not in str(error)


# Which program


def test_a_program_by_its_path(program, tmp_path, monkeypatch):
    """A path is that of a file, a relative one is from the working folder; a link is run by its own name."""
    program("print(os.path.basename(sys.argv[0]))\n")
    (tmp_path / "link").symlink_to(tmp_path / "bin" / "tell")
    monkeypatch.chdir(tmp_path)
    for text, name in (("bin/tell", "tell"), ("./link", "link"), (f"{tmp_path}/bin/../link", "link")):
        command = PasswordCommand.parse(text)
        assert (command.name, command.password().reveal()) == (name, name)


def test_a_program_of_the_working_folder_is_not_run(program, tmp_path, monkeypatch):
    """What only the working folder has is not run by its name, even where PATH says so, or Windows would."""
    program("open('ran', 'w')\n", name="only-here")
    monkeypatch.chdir(tmp_path / "bin")
    monkeypatch.setenv("PATH", f".{os.pathsep}/nowhere")
    error = refused(lambda: take_logins(wish("only-here"), Nobody()))
    assert error.what == "the program of the password command is only in the working folder, not on the PATH"
    assert not Path("ran").exists()


MISSING = [
    "s3cret-canary",
    "./s3cret-canary",
    "/s3cret-canary/x",
    "~/s3cret-canary",
    "s3cret\0canary",
    "~s3cret/x",
]


@pytest.mark.parametrize("word", MISSING, ids=ascii)
def test_a_program_that_is_missing(word):
    """A program that is not there is not named: somebody may have put the password in its place."""
    error = refused(lambda: take_logins(wish(word), Nobody()))
    assert "program" in error.message
    assert "s3cret" not in NOTEBOOK.say(error.next) + str(error)


def test_a_slip_in_the_name_of_a_program(program):
    """Of what is on the PATH, the program that was meant is named."""
    program("", name="credentials-of-acme")
    error = refused(lambda: PasswordCommand.parse("credential-of-acme"))
    assert NOTEBOOK.say(error.next).startswith("did you mean credentials-of-acme? Or give its whole path")


# What holds the password on the line

GHP = "ghp_" + 36 * "a"
HOLDS = [
    *(f"tell {GHP}", f"tell --x={GHP}", f"'tell' \"{GHP}\"", f'tell gh"p_{36 * "a"}"', f"unclosed ' {GHP}"),
    *(
        "echo s3cret",
        "/bin/echo -n s3cret",
        "printf s3cret",
        "printf %s s3cret",
        "echo.exe s3cret",
        "echo $X",
    ),
    *("sh -c 'echo s3cret'", "bash -c 'set -e; printf \"%s\\n\" s3cret'", "env echo s3cret"),
    *("cmd /c echo s3cret", "pwsh -Command 'Write-Output s3cret'", "sh -c '/bin/echo \"s3cret\" | cat'"),
    *(
        "tell --password=s3cret",
        "tell --token=s3cret",
        "tell --client-secret=x",
        "curl https://anna:s3cret@x.y/",
    ),
]
HOLDS_NONE = [
    *("aws ecr get-login-password --region eu-central-1", "gh auth token", "vault print token"),
    *(
        "gcloud auth print-access-token",
        "lpass show --password ghcr",
        "security find-generic-password -s x -w",
    ),
    *(
        'sh -c \'printf "%s" "$TOKEN"\'',
        "sh -c 'T=$(tell); echo \"$T\"'",
        "sh -c \"tell | awk '{print $2}'\"",
    ),
    *('python -c \'import keyring as k; print(k.get_password("a", "b"))\'', "curl https://x.y/a:b@c"),
]


@pytest.mark.parametrize("text", HOLDS)
def test_a_command_that_holds_the_password(text):
    """A token, a text that echo prints, or a password among the words is refused, unrepeated, and not run."""
    error = refused(lambda: take_logins(wish(text), Nobody()), InvalidLogin)
    assert error.what == password_in(text)
    assert "revoke" in NOTEBOOK.say(error.next)
    assert not {"s3cret", "aaaa"} & {part for part in ("s3cret", "aaaa") if part in str(error)}


@pytest.mark.parametrize("text", HOLDS_NONE)
def test_a_command_that_holds_no_password(text):
    """Programs that fetch a password are not taken for one."""
    assert password_in(text) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AWS_PROFILE=prod aws ecr get-login-password", "a password command sets no variables"),
        ("token_of=x tell", "a password command sets no variables"),
        ("ghcr.io=", "the password command has no program"),
        ("''", "the password command has no program"),
        ("tell 'a", "a quote in the password command is not closed"),
    ],
)
def test_a_text_that_is_no_command(text, said):
    """What only a shell could make something of is refused with what to do."""
    assert refused(lambda: take_logins(wish(text), Nobody()), InvalidLogin).what.startswith(said)


@pytest.mark.parametrize(
    "text", ["/a=b/tell x", "./a=b", "'a b'=c", r"C:\a=b\tell", "tell --host=ghcr.io", "~/a=b"]
)
def test_a_sign_that_names_no_registry(text):
    """An equals sign within a path, behind a word or in quotes belongs to the command."""
    assert split_registry(text) == (None, text)


# What is no password

NOT_ONE = {
    "nothing": (b"", "printed nothing"),
    "a line break": (b"\n", "printed nothing"),
    "spaces": (" \u200b\n".encode(), "printed nothing"),
    "two lines": (b"%b\nx\n", "printed several lines"),
    "an empty line more": (b"%b\n\n", "printed several lines"),
    "a line break of old": (b"%b\rx", "printed several lines"),
    "a NUL": (b"%b\0x", "printed a NUL character"),
    "no UTF-8": (b"%b\xff", "returned something that is not text"),
    "a login of a helper": (
        b'{"ServerURL": "x", "Username": "anna", "Secret": "%b"}\n',
        "printed a whole login",
    ),
    "another object": (b'{\n "accessToken": "%b"\n}\n', "printed a JSON object"),
    "too much": (1_048_577 * b"x", "sent an answer without end"),
}


@pytest.mark.parametrize(("output", "said"), NOT_ONE.values(), ids=NOT_ONE)
def test_an_output_that_is_no_password(output, said, printing):
    """Anything but one line of text is refused, and neither error nor frames repeat it."""
    mark = "s3cret-canary"
    error = refused(lambda: printing(output.replace(b"%b", mark.encode())))
    assert error.what.startswith(f"tell {said}")
    assert "canary" not in str(error) + held_in_frames(error) + "".join(traceback.format_exception(error))
    assert ("--docker-login" in NOTEBOOK.say(error.next)) == (said == "printed a whole login")


def test_a_google_key_on_one_line(printing):
    """A service account's key is a JSON object, and a password all the same."""
    key = json.dumps({"type": "service_account", "private_key": "x"})
    assert printing(key.encode()).reveal() == key


FAILS = {
    "a status": ("sys.exit(3)", "failed (exit status 3)"),
    "a signal": ("os.kill(os.getpid(), 9)", "failed (signal 9)"),
    "an error of Python": ("raise ValueError('s3cret-canary')", "failed (exit status 1)"),
}


@pytest.mark.parametrize(("body", "said"), FAILS.values(), ids=FAILS)
def test_a_program_that_fails(body, said, program, capfd):
    """A failure is told by its status alone: neither what it printed before nor what it logged is shown."""
    program(f"print('s3cret-canary', flush=True)\nsys.stderr.write('s3cret-canary')\n{body}\n")
    error = refused(lambda: take_logins(wish("tell"), Nobody()))
    assert error.what == f"tell {said}"
    assert NOTEBOOK.say(error.next) == "run it in a terminal to see more."
    assert "canary" not in held_in_frames(error) + "".join(capfd.readouterr())


def test_a_file_that_is_no_program(program, tmp_path):
    """A file that cannot be started is a failure of the program."""
    (tmp_path / "bin" / program("")).write_bytes(b"\x00\x01\x02")
    assert (
        refused(lambda: PasswordCommand.parse("tell").password()).what == "tell cannot be started (OSError)"
    )


# Without end


def test_a_program_that_hangs(program, tmp_path, monkeypatch):
    """A program that hangs is ended at the limit with all that it started, whatever it printed before."""
    monkeypatch.setattr(password_command, "TIME_LIMIT", LIMIT)
    note = tmp_path / "note"
    program(
        "child = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(note)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\n"
        "print('s3cret-canary', flush=True)\nchild.wait()\n"
    )
    error = refused(lambda: take_logins(wish("tell"), Nobody()))
    assert error.what == f"tell did not answer within {LIMIT:g} s"
    assert "canary" not in held_in_frames(error)
    until(lambda: all(is_gone(int(number)) for number in note.read_text().split()))


def test_ctrl_c_ends_the_program(program, tmp_path, ctrl_c):
    """An interrupt ends the program, and no frame holds what it had printed by then."""
    note = tmp_path / "note"
    program(
        "print('s3cret-canary', flush=True)\n"
        f"open({str(note)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    )

    def interrupt():
        until(lambda: note.exists() and note.read_text())
        ctrl_c()

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt) as caught:
        take_logins(wish("tell"), Nobody())
    until(lambda: is_gone(int(note.read_text())))
    assert "canary" not in held_in_frames(caught.value)


# Where the password is not


def test_the_password_is_in_no_other_program(program, canary, monkeypatch, caplog, tmp_path):
    """It is in no argument list and environment of any process, no log, no repr, no word for the record."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "given").write_text(canary, "utf-8")
    # The second program looks while the password of the first is held: it sees itself and its parent.
    program(f"sys.stdout.write(open({str(tmp_path / 'given')!r}, encoding='utf-8').read())\n")
    seen = tmp_path / "seen"
    program(
        "with open(sys.argv[1], 'wb') as stream:\n"
        "    for number in (os.getpid(), os.getppid()):\n"
        "        for name in ('cmdline', 'environ'):\n"
        "            stream.write(open(f'/proc/{number}/{name}', 'rb').read())\n"
        "print('other')\n",
        name="look",
    )
    taken = take_logins(
        LoginWish(
            logins=("ghcr.io=anna", "quay.io=bob"),
            password_command=("ghcr.io=tell", f"quay.io=look {shlex.quote(str(seen))}"),
        ),
        Nobody(),
    )
    assert told(taken)[0] == ("ghcr.io", "anna", canary)
    assert b"/look\0" in seen.read_bytes()
    assert canary.encode() not in seen.read_bytes()
    shown = repr(taken) + f"{taken.notes}{taken.source}{caplog.text}{dict(os.environ)}{sys.argv}"
    assert not any(form in shown for form in (canary, repr(canary)[1:-1], json.dumps(canary)[1:-1]))
    assert taken.source == "command tell, command look"


def test_a_name_for_the_record_is_no_token():
    """The record has the program's name alone, and not even that where it looks like a token."""
    assert command_name("/home/anna/bin/tell --of anna") == "tell"
    assert command_name(f"ghcr.io=/opt/{GHP}/tell x") == "tell"
    assert GHP not in command_name(f"/opt/{GHP}")


def test_what_was_heard_shows_nothing():
    """The buffer between a program and its Secret has no attribute and no repr that shows it."""
    heard = programs.Heard()
    heard.listen(HERE.open("rb"))
    assert "test_what_was_heard" not in f"{heard!r}{heard}"
    assert not hasattr(heard, "__dict__")
