import ast
import http.client
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import aicore_magics.sandbox
from aicore_magics.sandbox import Faults, start
from tests.waiting import PATIENCE, until

ROOM = Path(aicore_magics.sandbox.__file__).parent
SOURCES = sorted(ROOM.rglob("*.py"))


def imports_of(source):
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Name) and node.id == "__import__":
            yield node.id


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_stands_apart(source):
    """The sandbox imports the standard library and itself, and nothing of the client it imitates."""
    for name in imports_of(source):
        ours = name == "aicore_magics.sandbox" or name.startswith("aicore_magics.sandbox.")
        assert ours or name.partition(".")[0] in sys.stdlib_module_names, name
        assert name.partition(".")[0] != "importlib", name


def test_runs_without_packages():
    """The sandbox starts in a Python that has no packages installed."""
    program = f"""if True:
        import sys
        sys.path.insert(0, {str(ROOM.parent.parent)!r})
        from aicore_magics.sandbox import start
        start().stop()
        print(sorted(m for m in sys.modules if m.startswith("aicore_magics.")
                     and not m.startswith("aicore_magics.sandbox")))
    """
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_size(source):
    """No module is longer than 200 lines."""
    assert len(source.read_text(encoding="utf-8").splitlines()) <= 200


def test_addresses(sandbox):
    """The addresses are on this machine, bare, and the same as in the service key."""
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert not sandbox.url.endswith("/")
    assert sandbox.service_key["url"] == sandbox.auth_url
    assert sandbox.service_key["serviceurls"] == {"AI_API_URL": sandbox.url}


def test_public_names():
    """These names are for everybody."""
    assert aicore_magics.sandbox.__all__ == ["Asked", "Faults", "Sandbox", "State", "Tls", "start"]


def test_x509_service_key(safe, anna):
    """Who has a certificate gets a key for the certificate host of this sandbox."""
    key = safe.x509_service_key(anna.chain.read_text(), anna.key.read_text())
    assert (key["certurl"], key["url"], key["certificate"]) == (
        safe.cert_url,
        safe.url,
        anna.chain.read_text(),
    )
    assert key["clientid"] == safe.service_key["clientid"]
    assert safe.cert_url != safe.url


def test_no_certificate_host(sandbox):
    """Without a client CA there is no certificate host and no key for it."""
    assert sandbox.cert_url == ""
    with pytest.raises(ValueError, match="client_ca"):
        sandbox.x509_service_key("CERTIFICATE", "KEY")


def test_tenant():
    """The tenant's name stands in the key."""
    with start(tenant="acme-dev") as sandbox:
        assert sandbox.service_key["identityzone"] == "acme-dev"
        assert "acme-dev" in sandbox.service_key_json()


def test_faults():
    """The switches given at the start are the ones that count, then and later, and cannot be swapped."""
    faults = Faults(quota=1)
    with start(faults=faults) as sandbox:
        assert sandbox.faults is faults
        with pytest.raises(AttributeError):
            sandbox.faults = Faults()


def test_two_sandboxes(sandbox, visitor):
    """Two sandboxes share nothing: a token of one is foreign to the other."""
    with start() as other:
        connection = http.client.HTTPConnection(other.url.removeprefix("http://"), timeout=5)
        path = "/v2/admin/dockerRegistrySecrets"
        connection.request("GET", path, headers={"Authorization": visitor.authorization})
        assert connection.getresponse().read() == b"Jwt issuer is not configured"
        connection.close()
    assert other.faults is not sandbox.faults


def test_tenants(sandbox):
    """Another tenant has its own secrets, quota, switches and client; the registry is the same."""
    dev, prod = sandbox.tenant("dev"), sandbox.tenant("prod")
    assert sandbox.tenant("dev") is dev
    assert [each.service_key["identityzone"] for each in (dev, prod)] == ["sandbox:dev", "sandbox:prod"]
    assert len({each.service_key["clientid"] for each in (sandbox, dev, prod)}) == 3
    dev.faults.quota = 1
    dev.state.create("team-a", "{}")
    assert (prod.state.secrets, prod.faults.quota) == ({}, sandbox.faults.quota)
    assert dev.registry is prod.registry is sandbox.registry


def test_tenants_stop_with_the_sandbox():
    """No thread of any tenant is left, and none starts after that."""
    before = len(threads())
    with start() as sandbox:
        assert sandbox.tenant("dev").registry is sandbox.registry
    assert len(threads()) == before
    with pytest.raises(RuntimeError, match="has stopped"):
        sandbox.tenant("dev")


def test_repr(sandbox):
    """A sandbox shows its address only."""
    assert repr(sandbox) == f"<Sandbox {sandbox.url}>"


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "aicore-sandbox"]


def test_registry_starts_at_first_use():
    """There is no registry until somebody asks for it, and then there is one."""
    before = len(threads())
    with start() as sandbox:
        assert len(threads()) == before + 1
        registry = sandbox.registry
        assert len(threads()) == before + 3
        assert sandbox.registry is registry
    assert len(threads()) == before


def test_registry_is_not_loaded_before():
    """A sandbox whose registry nobody asks for does not even load it."""
    program = f"""if True:
        import sys
        sys.path.insert(0, {str(ROOM.parent.parent)!r})
        from aicore_magics.sandbox import start
        with start() as sandbox:
            loaded = lambda: "aicore_magics.sandbox.registry" in sys.modules
            print(loaded(), sandbox.registry is not None and loaded())
    """
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_shell_variables(sandbox):
    """The registry stands in the lines for a shell if it is asked for, and does not start otherwise."""
    before = threading.active_count()
    assert "REGISTRY" not in sandbox.shell_variables()
    assert threading.active_count() == before
    assert sandbox.registry.shell_variables() in sandbox.shell_variables(registry=True)


def test_registry_among_threads(sandbox):
    """Whoever asks first at the same moment gets the same registry."""
    barrier = threading.Barrier(8, timeout=5)
    found = []

    def ask():
        barrier.wait()
        found.append(sandbox.registry)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for each in askers:
        each.start()
    for each in askers:
        each.join(5)
    assert found == [sandbox.registry] * 8


def test_registry_ends_with_the_sandbox(sandbox, bearer):
    """A stop ends the registry as well, with everybody who is there; a registry is not started after it."""
    assert bearer.ask("/v2/").status == 401
    registry = sandbox.registry
    sandbox.stop()
    sandbox.stop()
    assert bearer.connection.sock.recv(1) == b""
    for host in (registry.host, registry.basic_host):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(host.split(":"), timeout=5)
    assert sandbox.registry is registry
    with start() as other:
        pass
    with pytest.raises(RuntimeError, match="has stopped"):
        _ = other.registry


def test_given_port():
    """A port can be chosen; one that is taken is an OSError."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with start(port=port) as sandbox:
        assert sandbox.url == f"http://127.0.0.1:{port}"
        with pytest.raises(OSError, match="in use"):
            start(port=port)


def test_restart_on_the_same_port(visitor):
    """A port is free again right after a stop, although clients were there."""
    sandbox = visitor.sandbox
    sandbox.stop()
    start(port=int(sandbox.url.rpartition(":")[2])).stop()


def test_stop_ends_slowness(visitor):
    """A stop does not wait for an answer that is slow on purpose."""
    sandbox = visitor.sandbox
    sandbox.faults.slow = 60
    failures = []

    def ask():
        try:
            visitor.ask("GET", "/v2/admin/dockerRegistrySecrets")
        except (ConnectionError, http.client.HTTPException) as error:
            failures.append(error)

    client = threading.Thread(target=ask)
    client.start()
    until(lambda: sandbox.server.connections)
    sandbox.stop()
    client.join(PATIENCE)
    assert not client.is_alive()
    assert sandbox.server.connections == ()


def test_silent(visitor, capfd):
    """Nothing is ever logged, least of all a password."""
    visitor.create("team-ghcr")
    visitor.create("Bad")
    visitor.ask("GET", "/nowhere")
    visitor.sandbox.stop()
    assert capfd.readouterr() == ("", "")
