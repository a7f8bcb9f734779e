import base64
import http.server
import os
import subprocess
import sys
import threading
import traceback
from datetime import UTC, datetime

import pytest

from aicore_magics.sandbox import start
from aicore_magics.sandbox.logins import Logins, logins

NOW = datetime(2030, 1, 31, 12, 30, 15, tzinfo=UTC)
PAIRS = (("SANDBOX_LOGINS_URL", "SANDBOX_REGISTRY_PASSWORD"), ("LOGINS_URL", "REGISTRY_PASSWORD"))


@pytest.fixture
def registry(registry, clock):
    clock.now = NOW.timestamp()
    registry.clock = clock
    return registry


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    """No sandbox is known, and what a test puts into the environment is taken away."""
    for name in (*PAIRS[0], *PAIRS[1], "NEW_TOKEN"):
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    # Whoever used it would end up nowhere.
    monkeypatch.setenv("http_proxy", "http://127.0.0.2:9")


@pytest.fixture(params=PAIRS, ids=["kernel", "terminal"])
def desk(request, registry, monkeypatch):
    """The logins of the registry, by each pair of variables that says where it is."""
    for name, value in zip(request.param, (registry.logins_url, registry.password), strict=True):
        monkeypatch.setenv(name, value)
    return logins()


def shown(moment):
    return f"{moment.day} {moment:%b %Y %H:%M}"


def test_a_tutorial(desk, registry, basic):
    """One that ends soon, one that has expired, one that overlaps; then the first is revoked."""
    soon = desk.make("anna", days=4, shape="jwt", variable="NEW_TOKEN")
    assert repr(soon) == (
        "anna: valid, begins 31 Jan 2030 12:30 UTC, ends 4 Feb 2030 12:30 UTC, password in NEW_TOKEN"
    )
    assert basic.log_in("anna", os.environ["NEW_TOKEN"]).ask("/v2/").status == 200
    past = desk.make("robot$ci", days=-1, variable="NEW_TOKEN")
    assert basic.log_in("robot$ci", os.environ["NEW_TOKEN"]).ask("/v2/").status == 401
    told = desk.make("anna", ends=datetime(2030, 2, 1, tzinfo=UTC), begins=NOW, variable="NEW_TOKEN")
    assert (past.standing, past.ends < NOW, told.begins, told.ends.day) == ("expired", True, NOW, 1)
    first = desk.list()[0]
    assert repr(first) == f"anna: valid, begins {shown(registry.logins[0].begins)} UTC, does not end"
    assert desk.revoke(first).standing == desk.revoke(first).standing == "revoked"
    assert [each.standing for each in desk.list()] == ["revoked", "valid", "expired", "valid"]
    assert repr(desk.list()).splitlines() == [repr(each) for each in desk.list()]
    assert desk.revoke(told).variable == "NEW_TOKEN"


def test_nothing_shows_a_password(desk, registry):
    """Neither a login, nor the list, nor the desk itself shows one; only the variable has it."""
    made = desk.make("anna", variable="NEW_TOKEN")
    told = f"{made!r} {made} {desk!r} {desk.list()!r} {desk.list()} {[*desk.list()]}"
    for password in (os.environ["NEW_TOKEN"], registry.password):
        assert password not in told


@pytest.mark.parametrize("set_", [(), (0,), (1,)])
@pytest.mark.parametrize("pair", PAIRS)
def test_no_sandbox(pair, set_, monkeypatch):
    """Without both variables it is said how one gets a sandbox."""
    for number in set_:
        monkeypatch.setenv(pair[number], "http://127.0.0.1:1/x")
    with pytest.raises(
        LookupError, match="no sandbox found: connect to one in this kernel, or set LOGINS_URL"
    ):
        logins()


@pytest.mark.parametrize("variable", ["", "new", "A B", "1A", "A=B", "A\x00", "\u00c4"])
def test_no_variable(desk, registry, variable):
    """A name that is no variable is refused before a login is made."""
    with pytest.raises(ValueError, match="such as NEW_TOKEN"):
        desk.make("anna", variable=variable)
    assert len(registry.logins) == 1


def test_refused(desk):
    """What the sandbox refuses is said in its words, and the variable is not set."""
    with pytest.raises(ValueError, match="shape must be one of opaque, jwt"):
        desk.make("anna", shape="quay", variable="NEW_TOKEN")
    with pytest.raises(ValueError, match="needs an offset"):
        desk.make("anna", ends=NOW.replace(tzinfo=None), variable="NEW_TOKEN")
    with pytest.raises(ValueError, match="needs basic auth"):
        Logins(desk.url, "wrong").list()
    assert "NEW_TOKEN" not in os.environ


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/x",
        "127.0.0.1:80",
        "",
        "http:///x",
        "https://192.0.2.1/x",
        "http://0.0.0.0:1/",
        "http://[::1/",
    ],
)
def test_another_machine(url):
    """A password goes to no other machine, whatever a variable of that name holds."""
    with pytest.raises(ValueError, match=r"LOGINS_URL is an address on this machine|Invalid IPv6"):
        Logins(url, "x").list()


class Other(http.server.BaseHTTPRequestHandler):
    """A server that is no sandbox."""

    def do_GET(self):
        """Answer what the path says."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + self.path[1:].encode())

    def log_message(self, *_):
        """Stay silent."""


@pytest.mark.parametrize("answer", ["", "<html>", "[]", '{"a":1}', "5", "null"])
def test_no_sandbox_there(answer):
    """Whatever else answers there is no sandbox, and that is said."""
    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/{answer}"
            with pytest.raises(OSError, match=r"no sandbox answers at .*: another server does"):
                Logins(url, "x").list()
        finally:
            server.shutdown()
            thread.join(5)


def test_stopped(registry, sandbox):
    """A sandbox that has stopped is an error whose traceback shows no password, not even with its locals."""
    desk = Logins(registry.logins_url, registry.password)
    sandbox.stop()
    with pytest.raises(OSError, match=r"no sandbox answers at http.*: .*refused") as refused:
        desk.make("anna", variable="NEW_TOKEN")
    shown = traceback.TracebackException.from_exception(refused.value, capture_locals=True)
    password = registry.password
    for secret in (password, base64.b64encode(f"anna:{password}".encode()).decode()):
        assert secret not in "".join(shown.format()).replace(repr(registry), "")


def test_https(tls, authority, monkeypatch):
    """With https the CA is read from SSL_CERT_FILE; without it no password is sent."""
    with start(tls=tls, host="localhost") as safe:
        desk = Logins(safe.registry.logins_url, safe.registry.password)
        with pytest.raises(OSError, match="certificate verify failed"):
            desk.list()
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
        assert [each.username for each in desk.list()] == ["anna"]
        assert safe.registry.requests == []


def test_it_loads_little():
    """A cell that makes a login waits for nothing but the standard library."""
    program = (
        "import sys, aicore_magics.sandbox.logins; print({'requests', 'IPython', 'yaml'} & {*sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout.strip() == "set()"
