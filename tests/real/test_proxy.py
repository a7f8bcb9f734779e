import contextlib
import re
import socket
import subprocess
from urllib.parse import urlsplit

import pytest
import trustme

from aicore_magics.actions import (
    connect_with,
    create_docker_secret,
    delete_docker_secret,
    list_docker_secrets,
    update_docker_secret,
)
from aicore_magics.base.redact import Secret
from aicore_magics.errors import NotAICore, OutcomeUnknown, Refused, Unreachable
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.sandbox import Tls, start
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.needs("tinyproxy")

NAME = "team-ghcr"
HOST = "127.0.0.1"
CONFIG = """
Listen {host}
Port {port}
Timeout 20
MaxClients 20
LogFile "{log}"
LogLevel Connect
DisableViaHeader Yes
"""
DENIES = {
    "403, not for this client": "Allow 192.0.2.1",
    "407, wants a password": f"Allow {HOST}\nBasicAuth somebody {'x' * 12}",
}


class Proxy:
    """A tinyproxy of its own, on loopback. It ends by its own pid."""

    def __init__(self, folder, more):
        self._log, self._said = folder / "log", (folder / "said").open("w+b")
        self._config, self._more = folder / "tinyproxy.conf", more
        # Somebody else may take a free port before it does: then it ends at once, and tries another.
        assert any(self._listens_at(free_port()) for _ in range(5)), self._said.seek(0) or self._said.read()

    def _listens_at(self, port):
        """Start it at *port*, and say whether it came to listen there."""
        self.url = f"http://{HOST}:{port}"
        text = CONFIG.format(host=HOST, port=port, log=self._log) + self._more + "\n"
        self._config.write_text(text, "utf-8")
        self._process = subprocess.Popen(
            ["tinyproxy", "-d", "-c", self._config],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
        )

        def ended_or_listens():
            with contextlib.suppress(OSError):
                socket.create_connection((HOST, port), timeout=1).close()
                return True
            return self._process.poll() is not None

        until(ended_or_listens, "tinyproxy does not listen")
        return self._process.poll() is None

    def passed_on(self):
        """What its log says it was asked for: method and address of each request."""
        return re.findall(r"Request \(file descriptor \d+\): (\w+) (\S+) HTTP", self.log)

    @property
    def log(self):
        return self._log.read_text("utf-8", "replace")

    def stop(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(PATIENCE)
        self._said.close()


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@pytest.fixture
def start_proxy(tmp_path):
    """Start proxies with lines of their own in the config file."""
    started = []

    def start(more=f"Allow {HOST}"):
        folder = tmp_path / f"proxy-{len(started)}"
        folder.mkdir()
        started.append(Proxy(folder, more))
        return started[-1]

    yield start
    for proxy in started:
        proxy.stop()


@pytest.fixture(autouse=True)
def far_away(monkeypatch):
    """What runs on this machine would be asked for directly; here it stands for what does not."""
    monkeypatch.setattr("aicore_magics.http.http_session.is_loopback", lambda _: False, raising=False)


@pytest.fixture
def use(monkeypatch):
    """Name a proxy in the environment, in one of the spellings, for everything but *around*."""

    def use(url, *, around="", small=False):
        for name, value in {"HTTP_PROXY": url, "HTTPS_PROXY": url, "NO_PROXY": around}.items():
            monkeypatch.setenv(name.lower() if small else name, value)

    return use


@pytest.fixture
def opened():
    """Connect, and close in the end."""
    tenants = []

    def opened(key):
        tenants.append(connect_with(key, sandbox=True))
        return tenants[-1]

    yield opened
    for tenant in tenants:
        tenant.close()


@pytest.fixture
def login(canary):
    return RegistryLogin("ghcr.io", "anna", Secret(canary))


@pytest.mark.parametrize("small", [False, True], ids=["HTTP_PROXY", "http_proxy"])
def test_everything_goes_through_the_proxy(small, start_proxy, use, opened, sandbox, login, canary):
    """With a proxy in the environment every request goes through it, and the work is done."""
    proxy = start_proxy()
    use(proxy.url, small=small)
    tenant = opened(sandbox.service_key)
    assert create_docker_secret(tenant, NAME, [login]).change == "created"
    assert list(list_docker_secrets(tenant)) == [NAME]
    assert delete_docker_secret(tenant, NAME).name == NAME
    asked = [(each.method, f"{sandbox.url}{each.path}") for each in sandbox.state.requests]
    assert [(method, url.partition("?")[0]) for method, url in proxy.passed_on()] == asked
    assert {"POST", "GET", "DELETE"} == {method for method, _ in asked}
    assert canary not in proxy.log


def test_tls_goes_through_the_proxy_unread(start_proxy, use, tmp_path, login, canary):
    """Over https the proxy sees a name and a port, and carries bytes that it cannot read."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(
        str(tmp_path / "server.pem")
    )
    proxy = start_proxy()
    use(proxy.url)
    with start(tls=Tls(str(tmp_path / "server.pem")), host="localhost") as sandbox:
        tenant = connect_with(sandbox.service_key, ca_file=str(tmp_path / "ca.pem"))
        assert create_docker_secret(tenant, NAME, [login]).change == "created"
        tenant.close()
        assert list(sandbox.state.secrets) == [NAME]
        port = urlsplit(sandbox.url).port
    assert proxy.passed_on() == [("CONNECT", f"localhost:{port}")]
    assert canary not in proxy.log


@pytest.mark.parametrize("around", [HOST, "localhost,127.0.0.0/8", "*"])
def test_no_proxy(around, start_proxy, use, opened, sandbox, login):
    """What NO_PROXY names is asked for directly."""
    proxy = start_proxy()
    use(proxy.url, around=around)
    assert create_docker_secret(opened(sandbox.service_key), NAME, [login]).change == "created"
    assert proxy.passed_on() == []


def test_a_proxy_that_is_not_there(use, opened, sandbox, login, monkeypatch):
    """Without the proxy nothing is sent; that is said after three tries, and that a proxy is set."""
    tenant = opened(sandbox.service_key)
    use(f"http://{HOST}:{free_port()}")
    tries, connect = [], socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", lambda self, to: tries.append(to) or connect(self, to))
    for work in (
        lambda: opened(sandbox.service_key),
        lambda: create_docker_secret(tenant, NAME, [login]),
        lambda: list_docker_secrets(tenant),
    ):
        asked = len(sandbox.state.requests)
        tries.clear()
        with pytest.raises(Unreachable, match=r"proxy.*Nothing was sent") as caught:
            work()
        assert "HTTPS_PROXY is set" in str(caught.value)
        assert len(sandbox.state.requests) == asked
        assert 1 <= len(tries) <= 3
    assert sandbox.state.secrets == {}


@pytest.mark.parametrize("more", DENIES.values(), ids=DENIES)
def test_a_proxy_that_denies(more, start_proxy, use, opened, sandbox, login, clock):
    """A proxy that answers in AI Core's place is told from AI Core, when connecting and at every call."""
    tenant = opened(sandbox.service_key)
    create_docker_secret(tenant, "old", [login])
    before = sandbox.state.secrets["old"]
    asked = len(sandbox.state.requests)
    use(start_proxy(more).url)
    for work in (
        lambda: opened(sandbox.service_key),
        lambda: create_docker_secret(tenant, NAME, [login]),
        lambda: update_docker_secret(tenant, "old", [RegistryLogin("ghcr.io", "bert", login.password)]),
        lambda: delete_docker_secret(tenant, "old"),
        lambda: list_docker_secrets(tenant),
    ):
        # A proxy that hangs up while a body is still on its way leaves no answer behind, only doubt.
        with pytest.raises((NotAICore, Unreachable, OutcomeUnknown), match=r"web page|proxy|no answer"):
            work()
    assert sandbox.state.secrets == {"old": before}
    assert len(sandbox.state.requests) == asked


@pytest.mark.parametrize("more", DENIES.values(), ids=DENIES)
def test_a_proxy_that_denies_a_tunnel(more, start_proxy, use, opened, sandbox):
    """A proxy that opens no tunnel for https means that nothing was sent."""
    use(start_proxy(more).url)
    key = sandbox.service_key
    safe = {"url": str(key["url"]).replace("http:", "https:")}
    with pytest.raises(Unreachable, match=r"through the proxy\. Nothing was sent"):
        opened({**key, **safe})
    assert sandbox.state.requests == []


def test_ai_core_is_gone_behind_the_proxy(start_proxy, use, opened, sandbox, login):
    """Where the proxy cannot reach AI Core either, its page about that is no success."""
    tenant = opened(sandbox.service_key)
    use(start_proxy().url)
    sandbox.stop()
    with pytest.raises(Refused):
        create_docker_secret(tenant, NAME, [login])


def test_a_proxy_that_ends_in_the_middle(start_proxy, use, opened, sandbox, login, monkeypatch, clock):
    """Where the proxy ends after it has passed a write on, it is not said that nothing was changed."""
    tenant = opened(sandbox.service_key)
    proxy = start_proxy()
    use(proxy.url)
    application = sandbox.server.application
    answer_of = application.answer

    def answer(request):
        done = answer_of(request)
        if request.method == "POST":
            proxy.stop()
        return done

    monkeypatch.setattr(application, "answer", answer)
    with pytest.raises(OutcomeUnknown):
        create_docker_secret(tenant, NAME, [login])
    assert NAME in sandbox.state.secrets
