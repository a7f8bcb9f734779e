"""What a check from this machine does not prove is said, and only where there is a reason."""

from __future__ import annotations

import socket

import pytest

from aicore_magics.model.names import Registry
from aicore_magics.registry.reachability import reach_cautions, trust_cautions
from aicore_magics.registry.verdict import Verdict

PRIVATE = "{} looks private. AI Core cannot pull from behind a VPN."
TRUSTED = "{} was trusted by your own CA file. It is not known whether AI Core trusts it."


def cautions(registry, *, ca_file="", answered=True):
    """Everything that is said of a registry that has answered, or has not."""
    encrypted = not registry.is_loopback
    verdicts = [Verdict("ok", str(registry), encrypted=encrypted)] if answered else []
    return (*reach_cautions(registry), *trust_cautions(verdicts, ca_file=ca_file))


@pytest.fixture(autouse=True)
def names(monkeypatch):
    """What stands in for DNS: names and their addresses; who else is asked for has none."""
    known, asked = {}, []

    def lookup(host, port, *args, **more):
        asked.append(host)
        if isinstance(known.get(host), Exception):
            raise known[host]
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    known["asked"] = asked
    return known


@pytest.mark.parametrize(
    "registry", ["localhost", "localhost:5000", "127.0.0.1:5000", "127.8.9.1", "[::1]:5000", "[::1]"]
)
def test_this_machine(registry, names):
    """What runs on this machine is reached from nowhere else; a CA file does not matter then."""
    assert cautions(Registry(registry), ca_file="ca.pem") == (
        f"{registry} is this machine. AI Core cannot reach it.",
    )
    assert names["asked"] == []


@pytest.mark.parametrize(
    "registry",
    [
        "registry:5000",
        "REGISTRY:5000",
        "reg.corp",
        "reg.acme.corp:5000",
        "reg.internal",
        "reg.local",
        "reg.localdomain",
        "reg.lan",
        "reg.home",
        "reg.intranet",
        "reg.private",
        "Reg.Acme.CORP",
    ],
)
def test_a_name_of_a_company(registry, names):
    """A name of one word, or under a domain that only inside DNS knows, looks private; nobody is asked."""
    assert cautions(Registry(registry)) == (PRIVATE.format(registry),)
    assert names["asked"] == []


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.1",
        "192.168.1.1",
        "127.0.0.1",
        "169.254.1.1",
        "fd00::1",
        "fe80::1%eth0",
        "::1",
    ],
)
def test_a_name_that_leads_inside(address, names):
    """A public name with a private address among its addresses looks private."""
    names["reg.example.com"] = ["140.82.121.33", address]
    assert cautions(Registry("reg.example.com:5000")) == (PRIVATE.format("reg.example.com:5000"),)
    assert names["asked"] == ["reg.example.com"]


@pytest.mark.parametrize("address", ["10.1.2.3", "192.168.0.9", "fd00::1"])
def test_a_private_address(address, names):
    """An address by itself is looked at as it is, in brackets or not."""
    names[address] = [address]
    host = f"[{address}]:5000" if ":" in address else f"{address}:5000"
    assert cautions(Registry(host)) == (PRIVATE.format(host),)


@pytest.mark.parametrize("address", ["140.82.121.33", "172.32.0.1", "2606:50c0:8000::153", "not an address"])
def test_a_public_address(address, names):
    """A public address is no reason to warn, and neither is what is none."""
    names["reg.example.com"] = [address]
    assert cautions(Registry("reg.example.com")) == ()


def test_docker_hub_by_its_own_host(names):
    """Docker Hub is looked up where it serves images, and told by the name that people use."""
    names["registry-1.docker.io"] = ["10.0.0.1"]
    assert cautions(Registry("docker.io")) == (PRIVATE.format("docker.io"),)
    assert names["asked"] == ["registry-1.docker.io"]


@pytest.mark.parametrize(
    "trouble", [socket.gaierror(socket.EAI_AGAIN, "try again"), OSError("no"), UnicodeError("label too long")]
)
@pytest.mark.parametrize(
    "registry", ["ghcr.io", "corp.example.com", "local.example", "internal.io", "xcorp.io"]
)
def test_a_name_that_cannot_be_looked_up(registry, trouble, names):
    """Without DNS nothing is known, so nothing is said: behind a proxy that is no sign of anything."""
    names[registry] = trouble
    assert cautions(Registry(registry)) == ()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", ""])
def test_a_ca_of_ones_own(variable, monkeypatch):
    """Where a CA file was trusted, by option or by variable, it is said that AI Core may not do so."""
    if variable:
        monkeypatch.setenv(variable, "/etc/acme/ca.pem")
    (said,) = cautions(Registry("ghcr.io"), ca_file="" if variable else "ca.pem")
    assert said == TRUSTED.format("ghcr.io")


def test_a_ca_that_was_not_used():
    """Where the registry gave no answer, no certificate was trusted, and nothing is said of it."""
    assert cautions(Registry("ghcr.io"), ca_file="ca.pem", answered=False) == ()


def test_each_registry_is_trusted_once():
    """Of several verdicts about one registry one sentence is made, and none where no TLS was spoken."""
    verdicts = [Verdict("ok", each, encrypted=True) for each in ("ghcr.io", "quay.io", "ghcr.io")]
    verdicts.append(Verdict("ok", "localhost:5000"))
    assert trust_cautions(verdicts, ca_file="ca.pem") == (
        TRUSTED.format("ghcr.io"),
        TRUSTED.format("quay.io"),
    )
    assert trust_cautions(verdicts) == ()


def test_an_empty_variable_is_none(monkeypatch):
    """A variable that is set to nothing names no CA."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
    assert cautions(Registry("ghcr.io")) == ()


def test_all_reasons(names):
    """Each reason is a sentence of its own."""
    assert cautions(Registry("reg.corp"), ca_file="ca.pem") == (
        PRIVATE.format("reg.corp"),
        TRUSTED.format("reg.corp"),
    )
