import base64
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from aicore_magics.sandbox import start

BAD = {"error": "invalid_client", "error_description": "Bad credentials"}
SECRETS = "/v2/admin/dockerRegistrySecrets"


def test_token(safe, cert_visitor, visit, anna):
    """A client certificate and the client id give a token that the API takes."""
    reply = cert_visitor.ask_cert_token()
    assert (reply.status, reply.json["token_type"], reply.json["expires_in"]) == (200, "bearer", 43199)
    api = visit(safe)
    api.authorization = f"Bearer {reply.json['access_token']}"
    assert api.ask("GET", SECRETS).status == 200
    assert safe.state.client_certificates == {"api": [""], "cert": [anna.serial]}


def test_two_sandboxes(safe, cert_visitor, tls, visit, anna):
    """A certificate that is shown to one sandbox leaves no trace in another."""
    with start(tls=tls) as other:
        cert_visitor.ask_cert_token()
        visit(other).ask_token()
    assert safe.state.client_certificates["cert"] == [anna.serial]
    assert other.state.client_certificates == {"api": [""], "cert": []}


@pytest.mark.parametrize("client_id", ["wrong", "", "\xe4"])
def test_wrong_client_id(cert_visitor, client_id):
    """A certificate alone does not do: the client id must be right."""
    reply = cert_visitor.ask_cert_token(client_id=client_id)
    assert (reply.status, reply.json) == (401, BAD)


@pytest.mark.parametrize("secret", ["", "wrong", None])
def test_secret_beside_a_certificate(cert_visitor, secret):
    """A client secret that is sent along, right, wrong or empty, is refused: it has leaked."""
    secret = cert_visitor.sandbox.service_key["clientsecret"] if secret is None else secret
    reply = cert_visitor.ask_cert_token(client_secret=secret)
    assert (reply.status, reply.json["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("scheme", ["Basic", "basic"])
def test_basic_beside_a_certificate(cert_visitor, scheme):
    """A Basic header that is sent along is refused, and any other is not looked at."""
    key = cert_visitor.sandbox.service_key
    login = base64.b64encode(f"{key['clientid']}:{key['clientsecret']}".encode()).decode()
    cert_visitor.authorization = f"{scheme} {login}"
    assert cert_visitor.ask_cert_token().status == 400
    cert_visitor.authorization = "Bearer stale"
    assert cert_visitor.ask_cert_token().status == 200


def test_no_certificate(safe, visit):
    """Without a certificate there is no handshake."""
    with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required|handshake.failure"):
        visit(safe, safe.cert_url).ask_cert_token()
    safe.stop()
    assert safe.state.client_certificates["cert"] == [""]
    assert safe.state.requests == []


def test_no_certificate_401(safe, visit, anna):
    """With a switch, which may be set at any time, who has no certificate gets a 401 in its place."""
    safe.faults.no_certificate = "401"
    stranger = visit(safe, safe.cert_url)
    reply = stranger.ask_cert_token()
    assert (reply.status, reply.json) == (401, BAD)
    assert stranger.ask_token().status == 400
    assert visit(safe, safe.cert_url, anna).ask_cert_token().status == 200
    safe.faults.no_certificate = "handshake"
    with pytest.raises(ssl.SSLError):
        visit(safe, safe.cert_url).ask_cert_token()


@pytest.mark.parametrize("word", ["handshake", "401"])
def test_foreign_certificate(safe, visit, mallory, word):
    """A certificate of another CA is refused in the handshake, whatever happens without one."""
    safe.faults.no_certificate = word
    with pytest.raises(ssl.SSLError, match=r"(?i)unknown.ca"):
        visit(safe, safe.cert_url, mallory).ask_cert_token()
    safe.stop()
    assert safe.state.client_certificates["cert"] == ["?"]


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions(safe, authority, visit, anna, monkeypatch, version):
    """Both versions of TLS that count show the certificate."""
    context = authority.trust(anna)
    context.minimum_version = context.maximum_version = version
    monkeypatch.setattr(authority, "trust", lambda _: context)
    visitor = visit(safe, safe.cert_url)
    assert visitor.ask_cert_token().status == 200
    assert visitor.connection.sock.version() == version.name.replace("_", ".")
    assert safe.state.client_certificates["cert"] == [anna.serial]


@pytest.mark.parametrize("path", ["/", "/oauth/token/", SECRETS])
def test_address(cert_visitor, path):
    """The certificate host gives tokens and nothing else."""
    assert cert_visitor.ask("POST", path, "").status == 404


def test_method(cert_visitor):
    """A token is asked for with POST."""
    reply = cert_visitor.ask("GET", "/oauth/token")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


def test_grant_type(cert_visitor):
    """Only client credentials are a way to a token."""
    assert cert_visitor.ask_cert_token(grant_type="password").json["error"] == "unsupported_grant_type"


def test_trouble(cert_visitor):
    """The faults of the token service strike the certificate host too."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True)
    faults = cert_visitor.sandbox.faults
    faults.hits, faults.next_statuses, faults.retry_after = "token", [429], later
    reply = cert_visitor.ask_cert_token()
    assert (reply.status, reply.headers["Retry-After"]) == (429, later)
    assert parsedate_to_datetime(reply.headers["Retry-After"]).utcoffset() == timedelta(0)
    assert cert_visitor.ask_cert_token().status == 200


def test_the_same_client_may_use_its_secret(safe, visit):
    """The host for secrets goes on as ever."""
    assert visit(safe).ask_token().status == 200
    assert visit(safe).ask_cert_token().status == 401
