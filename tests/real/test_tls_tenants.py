"""Tenants behind a private CA and with x509 service keys: who is shown what, over real TLS."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import trustme

from aicore_magics import RegistryLogin, Secret, connect, create_docker_secret
from aicore_magics.actions import describe_connection
from aicore_magics.errors import CertificateNotTrusted, CredentialsRefused
from aicore_magics.sandbox import Tls, start


class Company:
    """A company with its own CA, as files."""

    def __init__(self, folder: Path) -> None:
        self.ca = trustme.CA()
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        self.ca.cert_pem.write_to_path(str(self.ca_file))
        server = folder / "server.pem"
        self.ca.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(server))
        self.tls = Tls(str(server), client_ca=str(self.ca_file))

    def key_file(self, sandbox, name: str = "key.json") -> Path:
        """An x509 service key of *sandbox*, with a certificate of this company."""
        own = self.ca.issue_cert("anna@acme.example")
        chain = b"".join(blob.bytes() for blob in own.cert_chain_pems).decode()
        key = sandbox.x509_service_key(chain, own.private_key_pem.bytes().decode())
        path = self.folder / name
        path.write_text(json.dumps(key))
        path.chmod(0o600)
        return path


@pytest.fixture
def company(tmp_path):
    return Company(tmp_path)


@pytest.fixture
def tls_sandbox(company):
    with start(tls=company.tls, host="localhost") as running:
        yield running


def test_a_private_ca_is_refused_until_it_is_given(company, tls_sandbox, canary):
    """Without the company's CA nothing is sent; with it, everything works as elsewhere."""
    key = company.folder / "secret.json"
    key.write_text(tls_sandbox.service_key_json())
    with pytest.raises(CertificateNotTrusted, match="Nothing was sent"):
        connect(service_key=str(key))
    assert not tls_sandbox.state.requests
    tenant = connect(service_key=str(key), ca_file=str(company.ca_file))
    create_docker_secret(tenant, "team-ghcr", [RegistryLogin("ghcr.io", "anna", Secret(canary))])
    tenant.close()
    assert json.loads(tls_sandbox.state.secrets["team-ghcr"])["auths"]["ghcr.io"]["password"] == canary


def test_the_ca_of_the_environment_counts(company, tls_sandbox, monkeypatch):
    """REQUESTS_CA_BUNDLE is what people have set already."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(company.ca_file))
    monkeypatch.setenv("AICORE_SERVICE_KEY", tls_sandbox.service_key_json())
    tenant = connect()
    assert describe_connection(tenant).where.host.startswith("localhost:")
    tenant.close()


def test_an_x509_key_opens_a_tenant(company, tls_sandbox, canary):
    """The certificate is shown to the certificate host, which gives a token, and to nobody else."""
    tenant = connect(service_key=str(company.key_file(tls_sandbox)), ca_file=str(company.ca_file))
    create_docker_secret(tenant, "team-ghcr", [RegistryLogin("ghcr.io", "anna", Secret(canary))])
    tenant.close()
    tls_sandbox.stop()
    shown = tls_sandbox.state.client_certificates
    assert len(shown["cert"]) == 1
    assert shown["cert"][0] not in ("", "?")
    assert set(shown["api"]) == {""}


def test_a_second_tenant_never_sees_the_first_ones_certificate(company, tls_sandbox, tmp_path):
    """Two connections in one process: what opens one tenant is offered to no other."""
    (tmp_path / "other").mkdir()
    other = Company(tmp_path / "other")
    with start(tls=other.tls, host="localhost") as second:
        first = connect(service_key=str(company.key_file(tls_sandbox)), ca_file=str(company.ca_file))
        key = other.folder / "secret.json"
        key.write_text(second.service_key_json())
        plain = connect(service_key=str(key), ca_file=str(other.ca_file))
        for tenant in (first, plain, first, plain):
            describe_connection(tenant)
        first.close()
        plain.close()
        second.stop()
        assert set(second.state.client_certificates["api"]) == {""}
        assert second.state.client_certificates["cert"] == []


@pytest.mark.parametrize("no_certificate", ["handshake", "401"])
def test_a_certificate_that_is_not_taken(company, tls_sandbox, tmp_path, no_certificate):
    """A certificate of another CA is refused, and the error says which key it was."""
    tls_sandbox.faults.no_certificate = no_certificate
    (tmp_path / "other").mkdir()
    stranger = Company(tmp_path / "other")
    with pytest.raises(CredentialsRefused, match="service key, file"):
        connect(service_key=str(stranger.key_file(tls_sandbox)), ca_file=str(company.ca_file))


def test_no_key_file_is_left(company, tls_sandbox, monkeypatch, tmp_path):
    """What OpenSSL had to read from a file is gone when the connection stands."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    connect(service_key=str(company.key_file(tls_sandbox)), ca_file=str(company.ca_file)).close()
    assert list(scratch.iterdir()) == []
