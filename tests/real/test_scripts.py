import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from aicore_magics.actions import (
    connect_with,
    create_docker_secret,
    script_docker_secret,
    update_docker_secret,
)
from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.sandbox import start

NAME = "team-pull"
HOST = "reg.example.com:5000"
# What the curl form says that it needs, and nothing else is on its PATH.
PROGRAMS = ("curl", "sed", "base64", "tr")
SECONDS = 60
CURL = pytest.param("curl", marks=pytest.mark.needs("curl"), id="curl")
HTTP = pytest.param("http", marks=pytest.mark.needs("httpyac"), id="httpyac")


PASSWORDS = {
    "single and double quotes": "a'b''\"c\"\"",
    "dollars": "$HOME ${x} $(id) $$ $1",
    "backslashes": "a\\b\\\\n\\t\\u0041\\",
    "backticks": "`id` ``",
    "letters of other scripts": "".join(map(chr, (0xE4, 0x20AC, 0x1F600, 0x2028, 0x5D0, 0xA0))),
    "formats": "%s %n %d %% %",
    "leading hyphen": "-n -e --data x",
    "leading at": "@/etc/passwd",
    "leading sign of a request file": "# x",
    "another sign of a request file": "< ./x",
    "html": "<a>&amp;</a>",
    "globs": "* ? [a-z] ~ !x",
    "url": "a+b%20c&d=e;f",
    "spaces around": "  a  ",
    "single braces": "{x} }} {",
    "5000 characters": "aB3$" * 1250,
    "3000 quotes": '"' * 3000,
}
USERS = ["robot$ci+push", "-e", "o'\"$`\\%s", "@x", "a b}}c", "".join(map(chr, (0xE4, 0x20AC)))]
BRACES = "a{{1+1}}b"


def with_each(texts):
    """Both forms with each of *texts*, and with braces, which go wrong in one of them."""
    fine = [(form, name, text) for form in (CURL, HTTP) for name, text in texts.items()]
    braces = [(form, "double braces", BRACES) for form in (CURL, HTTP)]
    return [
        pytest.param(*form.values, text, marks=form.marks, id=f"{form.id}, {name}")
        for form, name, text in [*fine, *braces]
    ]


@dataclass
class Ran:
    """What became of a script: its status, what it said, and every argument list of the programs it ran."""

    status: int
    said: str
    text: str


class Scripts:
    """Writes what `script_docker_secret` gives, and runs it with the secrets in its environment."""

    def __init__(self, tenant, sandbox, folder):
        self._tenant = tenant
        self._key = sandbox.service_key
        self._folder = folder

    def write(self, form, users, change="create"):
        """Give the script as text."""
        return script_docker_secret(self._tenant, NAME, users, form=form, change=change).script

    def environment(self, *passwords):
        """The variables that a script for as many registries needs."""
        names = ["REGISTRY_PASSWORD", *(f"REGISTRY_PASSWORD_{number}" for number in range(2, 10))]
        return {
            "AICORE_CLIENT_ID": self._key["clientid"],
            "AICORE_CLIENT_SECRET": self._key["clientsecret"],
            **dict(zip(names, passwords, strict=False)),
        }

    def run(self, form, text, variables, *, path=None):
        """Run the script *text* in an environment that holds *variables* and hardly anything else."""
        script = self._folder / ("secret.sh" if form == "curl" else "secret.http")
        script.write_text(text, "utf-8")
        command = (
            [shutil.which("sh"), script.name]
            if form == "curl"
            else [str(Path(os.environ["HTTPYAC"]).absolute()), "send", script.name, "--all"]
        )
        done = subprocess.run(
            command,
            env={"PATH": path or os.environ["PATH"], "HOME": str(self._folder), **variables},
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=SECONDS,
        )
        return Ran(done.returncode, (done.stdout + done.stderr).decode("utf-8", "replace"), text)


@pytest.fixture
def scripts(tenant, sandbox, tmp_path):
    folder = tmp_path / "script"
    folder.mkdir()
    return Scripts(tenant, sandbox, folder)


def logins(*triples):
    return [RegistryLogin(registry, user, Secret(password)) for registry, user, password in triples]


OLD = logins(("ghcr.io", "old", "an older one"))


def keys(wanted):
    return [(login.key, login.username) for login in wanted]


def stored_by_us(wanted, *, change="create"):
    """What the package itself stores in a sandbox of its own."""
    with start() as other:
        tenant = connect_with(other.service_key, sandbox=True)
        if change == "update":
            create_docker_secret(tenant, NAME, OLD)
        (create_docker_secret if change == "create" else update_docker_secret)(tenant, NAME, wanted)
        tenant.close()
        return other.state.secrets[NAME]


class Overheard:
    """What stands in front of the sandbox and keeps the tokens that it gives."""

    def __init__(self, application):
        self._application = application
        self.tokens = []

    def answer(self, request):
        answer = self._application.answer(request)
        if request.path == "/oauth/token" and answer and answer.status == 200:
            self.tokens.append(json.loads(answer.body)["access_token"])
        return answer

    def refuse(self, request, refusal):
        return self._application.refuse(request, refusal)


@pytest.fixture
def told(sandbox):
    """Give those secrets that *saw* says were seen: passwords, their base64, the client's secret, tokens."""
    server = sandbox.server
    server.application = overheard = Overheard(server.application)

    def told(wanted, saw):
        ours = [text.reveal() for login in wanted for text in (login.password, login.auth)]
        # The beginning of a long one tells enough.
        return [
            text for text in (*ours, sandbox.service_key["clientsecret"], *overheard.tokens) if saw(text[:40])
        ]

    return told


@pytest.mark.parametrize(("form", "password"), with_each(PASSWORDS))
def test_the_password(form, password, scripts, sandbox, told):
    """A script stores byte for byte what the package stores, and neither it nor its output tells a secret."""
    wanted = logins((HOST, "anna", password))
    expected = stored_by_us(wanted)
    ran = scripts.run(form, scripts.write(form, keys(wanted)), scripts.environment(password))
    assert ran.status == 0, ran.said
    assert sandbox.state.secrets == {NAME: expected}
    assert not told(wanted, (ran.text + ran.said).__contains__)


@pytest.mark.parametrize(("form", "user"), with_each({user: user for user in USERS}))
def test_the_user(form, user, scripts, sandbox, canary):
    """Whatever the user is called, a script stores byte for byte what the package stores."""
    wanted = logins((HOST, user, canary))
    expected = stored_by_us(wanted)
    ran = scripts.run(form, scripts.write(form, keys(wanted)), scripts.environment(canary))
    assert ran.status == 0, ran.said
    assert sandbox.state.secrets == {NAME: expected}


@pytest.mark.parametrize("form", [CURL, HTTP])
@pytest.mark.parametrize("change", ["create", "update"])
def test_two_registries(form, change, scripts, tenant, sandbox, canary):
    """Two registries, Docker Hub among them, take two variables, for a new secret and for an old one."""
    wanted = logins(("docker.io", "anna", canary), (HOST, "bert", canary[::-1]))
    if change == "update":
        create_docker_secret(tenant, NAME, OLD)
    expected = stored_by_us(wanted, change=change)
    text = scripts.write(form, keys(wanted), change="apply")
    ran = scripts.run(form, text, scripts.environment(canary, canary[::-1]))
    assert ran.status == 0, ran.said
    assert sandbox.state.secrets == {NAME: expected}
    asked = sandbox.state.requests[-1]
    assert (asked.method, asked.status) == ({"create": "POST", "update": "PATCH"}[change], 202)


def gone_wrong(scripts, sandbox, form, trouble, password):
    """Let a script of *form* run into *trouble*: an HTTP status, or the name of a variable that is wrong."""
    text = scripts.write(form, [(HOST, "anna"), ("ghcr.io", "bert")])
    variables = scripts.environment(password, password[::-1])
    if isinstance(trouble, int):
        sandbox.faults.next_statuses = [trouble]
    elif trouble.startswith("no "):
        del variables[trouble.removeprefix("no ")]
    else:
        name, _, value = trouble.partition("=")
        variables[name] = value
    return scripts.run(form, text, variables)


UNSET = [f"no {name}" for name in ("AICORE_CLIENT_ID", "AICORE_CLIENT_SECRET", "REGISTRY_PASSWORD_2")]
EMPTY = [f"{name.removeprefix('no ')}=" for name in UNSET]
REFUSED = ["AICORE_CLIENT_SECRET=wrong", "AICORE_CLIENT_ID=wrong", 403, 500]


@pytest.mark.parametrize("form", [CURL, HTTP])
@pytest.mark.parametrize("trouble", [*UNSET, *EMPTY, *REFUSED])
def test_trouble_stores_and_tells_nothing(form, trouble, scripts, sandbox, canary, told):
    """A script that cannot do its work stores nothing, and its output tells no secret."""
    ran = gone_wrong(scripts, sandbox, form, trouble, canary)
    assert sandbox.state.secrets == {}
    wanted = logins((HOST, "anna", canary), ("ghcr.io", "bert", canary[::-1]))
    assert not told(wanted, ran.said.__contains__)


@pytest.mark.parametrize("form", [CURL, HTTP])
@pytest.mark.parametrize("trouble", [*UNSET, *EMPTY, *REFUSED])
def test_trouble_shows_in_the_status(form, trouble, scripts, sandbox, canary):
    """A script that cannot do its work ends with a status other than 0."""
    ran = gone_wrong(scripts, sandbox, form, trouble, canary)
    assert ran.status != 0, ran.said


@pytest.mark.parametrize("form", [CURL, HTTP])
def test_without_a_token_nothing_is_sent(form, scripts, sandbox, canary):
    """Where the token is refused, no password leaves."""
    asked = len(sandbox.state.requests)
    gone_wrong(scripts, sandbox, form, "AICORE_CLIENT_SECRET=wrong", canary)
    assert [(each.path, each.status) for each in sandbox.state.requests[asked:]] == [("/oauth/token", 401)]


def recorders(folder, seen):
    """Make programs of the same names that note their argument lists before they become the real ones."""
    folder.mkdir()
    for name in PROGRAMS:
        program = folder / name
        # The shell's own printf: nothing else is started, and arguments stand apart by NUL.
        program.write_text(
            f"#!/bin/sh\nprintf '%s\\0' {name} \"$@\" >>'{seen}'\nexec '{shutil.which(name)}' \"$@\"\n"
        )
        program.chmod(0o700)
    return str(folder)


@pytest.mark.needs("curl")
def test_every_argument_list_of_the_curl_form(scripts, sandbox, canary, tmp_path, told):
    """curl, sed, base64 and tr are all the curl form runs, and none is given a secret as an argument."""
    wanted = logins((HOST, "anna", canary), ("ghcr.io", "bert", canary[::-1]))
    expected = stored_by_us(wanted)
    seen = tmp_path / "arguments"
    path = recorders(tmp_path / "bin", seen)
    text = scripts.write("curl", keys(wanted))
    ran = scripts.run("curl", text, scripts.environment(canary, canary[::-1]), path=path)
    assert ran.status == 0, ran.said
    assert sandbox.state.secrets == {NAME: expected}
    arguments = seen.read_bytes().decode()
    assert {*arguments.split("\0")} >= {*PROGRAMS, "--config", f"{sandbox.url}/oauth/token"}
    assert not told(wanted, arguments.__contains__)


class Sampler(threading.Thread):
    """Reads what every process of the machine is called and was given, round after round, as `ps` would."""

    def __init__(self):
        super().__init__(daemon=True)
        self._end = threading.Event()
        self.seen = set()

    def run(self):
        while not self._end.is_set():
            for file in itertools.chain(
                *(Path("/proc").glob(f"[0-9]*/{what}") for what in ("cmdline", "comm"))
            ):
                with suppress(OSError):
                    self.seen.add(file.read_bytes())

    def close(self):
        self._end.set()
        self.join(SECONDS)
        assert not self.is_alive()

    def saw(self, text):
        """Whether *text* stood in one of them."""
        return any(text.encode() in line for line in self.seen)


@contextmanager
def sampling():
    sampler = Sampler()
    sampler.start()
    try:
        yield sampler
    finally:
        sampler.close()


def plant(marker, seconds):
    """Let a process live for a moment with *marker* among its arguments."""
    subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import time; time.sleep({seconds})", marker],
        check=True,
        timeout=SECONDS,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("form", [CURL, HTTP])
def test_no_process_shows_a_secret(form, scripts, sandbox, canary, told):
    """While a script runs, no argument list on the machine holds a secret, as others could read it."""
    wanted = logins((HOST, "anna", canary))
    text = scripts.write(form, keys(wanted))
    marker = f"marker-{time.monotonic_ns()}"
    sandbox.faults.hits, sandbox.faults.slow = "both", 0.4
    with sampling() as sampler:
        ran = scripts.run(form, text, scripts.environment(canary))
        # For a shorter time than each of the requests takes: who sees this one has seen those.
        plant(marker, 0.2)
    assert ran.status == 0, ran.said
    assert sampler.saw(marker)
    expected = (
        [f"{sandbox.url}/oauth/token", f"{sandbox.url}/v2/admin"] if form == "curl" else ["secret.http"]
    )
    assert all(sampler.saw(address) for address in expected)
    assert not told(wanted, sampler.saw)
