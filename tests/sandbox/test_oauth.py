import base64
import json

import pytest

BAD = {"error": "invalid_client", "error_description": "Bad credentials"}
FORM = "application/x-www-form-urlencoded"


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def ask_basic(visitor, authorization, form="grant_type=client_credentials"):
    return visitor.ask("POST", "/oauth/token", form, Authorization=authorization, Content_Type=FORM)


def test_form(stranger):
    """The credentials in a form give a token, its life and its id."""
    reply = stranger.ask_token()
    assert reply.status == 200
    assert sorted(reply.json) == ["access_token", "expires_in", "jti", "scope", "token_type"]
    assert (reply.json["token_type"], reply.json["expires_in"]) == ("bearer", 43199)
    assert reply.headers["Cache-Control"] == "no-store"


def test_basic(stranger):
    """The credentials in a Basic header give a token too."""
    key = stranger.sandbox.service_key
    assert ask_basic(stranger, basic(key["clientid"], key["clientsecret"])).status == 200


def test_basic_wins(stranger):
    """A wrong Basic header is not healed by a good form, as any other header is: a stray ~/.netrc shows."""
    stranger.authorization = "Bearer stale"
    assert stranger.ask_token().status == 200
    stranger.authorization = basic("someone", "else")
    assert stranger.ask_token().json == BAD


@pytest.mark.parametrize("header", ["Basic", "Basic %%%", "Basic /w==", "Bearer x", "Basic " + 8 * "A"])
def test_broken_header(stranger, header):
    """A header that holds no credentials is refused like wrong ones."""
    assert ask_basic(stranger, header).status == 401


@pytest.mark.parametrize(
    "change", [{"client_secret": "wrong"}, {"client_id": "wrong"}, {"client_secret": ""}, {"client_id": "ä"}]
)
def test_wrong_credentials(stranger, change):
    """Wrong credentials are refused in the words of XSUAA."""
    reply = stranger.ask_token(**change)
    assert (reply.status, reply.json) == (401, BAD)
    assert reply.headers["WWW-Authenticate"].startswith('Basic realm="UAA/client", error="unauthorized"')


def test_unencoded_plus(stranger):
    """A secret that was not form-encoded is wrong: its plus sign arrives as a space."""
    key = stranger.sandbox.service_key
    form = f"grant_type=client_credentials&client_id={key['clientid']}&client_secret={key['clientsecret']}"
    assert stranger.ask("POST", "/oauth/token", form, Content_Type=FORM).status == 401


def test_older_word(stranger):
    """A switch gives the word of 2021 for wrong credentials."""
    stranger.sandbox.faults.wrong_client_error = "unauthorized"
    reply = stranger.ask_token(client_secret="wrong")
    assert (reply.status, reply.json["error"]) == (401, "unauthorized")


@pytest.mark.parametrize("grant", ["", "password"])
def test_grant_type(stranger, grant):
    """Only client credentials are a way to a token, and only in the body."""
    reply = stranger.ask_token(grant_type=grant)
    assert (reply.status, reply.json["error"]) == (400, "unsupported_grant_type")
    key = stranger.sandbox.service_key
    path = "/oauth/token?grant_type=client_credentials"
    header = basic(key["clientid"], key["clientsecret"])
    assert stranger.ask("POST", path, "", Authorization=header).status == 400


def test_json_is_no_form(stranger):
    """Credentials in JSON are not seen."""
    key = stranger.sandbox.service_key
    body = {
        "grant_type": "client_credentials",
        "client_id": key["clientid"],
        "client_secret": key["clientsecret"],
    }
    assert stranger.ask("POST", "/oauth/token", body).status == 401


def test_method(stranger):
    """A token is asked for with POST."""
    reply = stranger.ask("GET", "/oauth/token")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


def test_expires_in(stranger):
    """The life of a token is what the switch says, or is not said at all."""
    stranger.sandbox.faults.expires_in = 1800
    assert stranger.ask_token().json["expires_in"] == 1800
    stranger.sandbox.faults.omit_expires_in = True
    assert "expires_in" not in stranger.ask_token().json


@pytest.mark.parametrize("told", ["3600", -1, 0, 1.5, "soon"])
def test_told_expires_in(stranger, told):
    """What is said about the life of a token can be odd; the life itself is not."""
    stranger.sandbox.faults.told_expires_in = told
    assert stranger.ask_token().json["expires_in"] == told
    stranger.log_on()
    assert stranger.ask("GET", "/v2/admin/dockerRegistrySecrets").status == 200


def test_truncated(stranger):
    """The answer can be JSON that ends in the middle of the token, although its length fits."""
    stranger.sandbox.faults.truncate_token = True
    reply = stranger.ask_token()
    assert (reply.status, reply.headers["Content-Length"]) == (200, str(len(reply.body)))
    assert reply.body.startswith(b'{"access_token": "ey')
    with pytest.raises(json.JSONDecodeError):
        reply.json  # noqa: B018 - it is read here


def test_too_many(stranger):
    """A token service that is too busy can say until when, as a date."""
    faults = stranger.sandbox.faults
    faults.hits, faults.next_statuses = "token", [429]
    faults.retry_after = "Fri, 31 Dec 2027 23:59:59 GMT"
    reply = stranger.ask_token()
    assert (reply.status, reply.headers["Retry-After"]) == (429, "Fri, 31 Dec 2027 23:59:59 GMT")
    assert stranger.ask_token().status == 200


@pytest.mark.parametrize("path", ["/oauth/token/", "/oauth/token/oauth/token", "/v2/oauth/token"])
def test_address(stranger, path):
    """The token service has one address."""
    assert stranger.ask("POST", path, "").status in (401, 404)
