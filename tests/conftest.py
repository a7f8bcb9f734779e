"""What every test stands on: the sandbox, an environment of its own, and programs that may be missing."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import socket
import tempfile
from importlib.util import find_spec
from ipaddress import ip_address

import pytest
from hypothesis import HealthCheck, settings

from aicore_magics.actions import connect_with
from aicore_magics.http import deadline
from aicore_magics.sandbox import start
from tests import golden_errors
from tests.clock import Clock
from tests.peers import Peer
from tests.real import nginx

settings.register_profile(
    "every", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# `make test` tries the same examples each time; `make inputs` sets HYPOTHESIS_PROFILE and tries new ones.
settings.register_profile("test", settings.get_profile("every"), derandomize=True)
settings.register_profile("random", settings.get_profile("every"), max_examples=500, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

# In this order, so that no worker begins the longest files when the others are done.
LONGEST = ("leak_bench", "browser", "faults", "real", "paths")

OTHERS = ("VCAP_SERVICES", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "XDG_STATE_HOME")


def browser() -> bool:
    """Whether there is a Chromium, what drives it, and what serves and exports a notebook."""
    packages = all(find_spec(name) for name in ("jupyterlab", "nbconvert", "playwright"))
    return packages and any(map(shutil.which, ("chromium", "chromium-browser")))


# What a test may need beside Python packages, and how its absence is noticed.
NEEDS = {
    "bash": lambda: shutil.which("bash"),
    "browser": browser,
    "curl": lambda: shutil.which("curl"),
    "docker-registry": lambda: shutil.which("docker-registry"),
    "httpyac": lambda: os.environ.get("HTTPYAC"),
    "kubectl": lambda: shutil.which("kubectl"),
    "nginx": nginx.program,
    "openapi": lambda: os.environ.get("AICORE_OPENAPI"),
    "sap-sdk": lambda: os.environ.get("SAP_SDK_PYTHON"),
    "skopeo": lambda: shutil.which("skopeo"),
    "template-corpus": lambda: os.environ.get("AICORE_TEMPLATE_CORPUS"),
    "template-schemas": lambda: os.environ.get("AICORE_TEMPLATE_SCHEMAS"),
    "tinyproxy": lambda: shutil.which("tinyproxy"),
    "zsh": lambda: shutil.which("zsh"),
}
WHERE_FROM = {
    "bash": "the program bash",
    "browser": "the program chromium, and the packages jupyterlab, nbconvert and playwright",
    "curl": "the program curl",
    "docker-registry": "the program docker-registry",
    "httpyac": "HTTPYAC, the path of the program httpyac; `make test` gets it where there is npm",
    "kubectl": "the program kubectl",
    "nginx": "the program nginx; `make test` unpacks it where that needs nobody's password",
    "openapi": "AICORE_OPENAPI, SAP's document of the API: github.com/SAP/ai-sdk-js, "
    "packages/ai-api/src/spec/AI_CORE_API.yaml",
    "sap-sdk": "SAP_SDK_PYTHON, a Python with sap-ai-sdk-core; `make test` makes one",
    "skopeo": "the program skopeo",
    "template-corpus": "AICORE_TEMPLATE_CORPUS, a folder of real templates",
    "template-schemas": "AICORE_TEMPLATE_SCHEMAS, a folder with the schemas of Argo and KServe",
    "tinyproxy": "the program tinyproxy",
    "zsh": "the program zsh",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes the golden errors anew."""
    parser.addoption(golden_errors.OPTION, action="store_true", help="write tests/data/golden-errors.json")


def pytest_configure(config: pytest.Config) -> None:
    """Record every error that the package makes, but for those of examples that are new each time."""
    if os.environ.get("HYPOTHESIS_PROFILE") != "random":
        golden_errors.install(config)
    if not hasattr(config, "workerinput"):
        leave_nothing(config)


def leave_nothing(config: pytest.Config) -> None:
    """Let all that a test, or a program of it, puts into a temporary or state folder be gone at the end.

    Sandboxes have folders there, and a process that a test kills takes its own away no more.
    """
    # What pytest itself keeps stays where it is.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    scratch = tempfile.mkdtemp(prefix="aicore-")
    os.environ.pop("XDG_STATE_HOME", None)
    os.environ["TMPDIR"], tempfile.tempdir = scratch, None
    os.environ["AICORE_MAGICS_STATE"] = os.path.join(scratch, "state")  # noqa: PTH118 - a text
    config.add_cleanup(lambda: shutil.rmtree(scratch, ignore_errors=True))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a test out, with the reason, where what it needs is missing; on CI that is a failure."""
    for marker in item.iter_markers("needs"):
        for what in marker.args:
            if NEEDS[what]():
                continue
            reason = f"left out: it needs {WHERE_FROM[what]}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the rooms of `LONGEST` come first, and leave the rest in its order."""

    def turn(item: pytest.Item) -> int:
        folder, room, *_ = item.nodeid.split("/")
        return LONGEST.index(room) if folder == "tests" and room in LONGEST else len(LONGEST)

    items.sort(key=turn)


@pytest.fixture(autouse=True)
def own_environment(monkeypatch, tmp_path_factory):
    """No test sees the developer's credentials, home or proxies, and none leaves a trace there."""
    home = tmp_path_factory.mktemp("home")
    ours = ("AICORE_HOME", "AICORE_CLIENT", "AICORE_SERVICE", "AICORE_PROFILE", "AICORE_CONFIG")
    for name in list(os.environ):
        if name.startswith(ours) or name in OTHERS or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("IPYTHONDIR", str(home / "ipython"))
    monkeypatch.setenv("AICORE_MAGICS_STATE", str(home / "state"))
    return home


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch):
    """No test connects to any other machine, whatever host it names."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not ip_address(address[0]).is_loopback:
            raise OSError(errno.ENETUNREACH, "tests stay on this machine")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    """Between two attempts of one call there is next to no pause: the waiting is not what is tested."""
    monkeypatch.setattr(deadline, "FIRST_PAUSE", 0.01)


@pytest.fixture
def clock(monkeypatch):
    """The clock by which calls and answers end, instead of the machine's."""
    clock = Clock()
    monkeypatch.setattr(deadline, "time", clock)
    return clock


@pytest.fixture
def ctrl_c():
    """Press Ctrl-C in this process, even where it runs in the background, which ignores that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield lambda: os.kill(os.getpid(), signal.SIGINT)
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def listen():
    """Start peers that play a part, and stop them at the end: `listen(part)`."""
    with contextlib.ExitStack() as stack:

        def listen(part=None, **how):
            peer = Peer(part, **how)
            stack.callback(peer.stop)
            return peer

        yield listen


@pytest.fixture
def sandbox():
    """A pretend AI Core of its own."""
    with start() as running:
        yield running


@pytest.fixture
def tenant(sandbox):
    """A connection to that sandbox."""
    connection = connect_with(sandbox.service_key, sandbox=True)
    yield connection
    connection.close()


@pytest.fixture
def canary():
    """A password that every encoding changes, made at run time so that no source holds it."""
    return "".join(["p", "!$%&", '"', "\\", chr(0xE4), chr(0x20AC), chr(0x1F600), "w", "{x}'<y>"])
