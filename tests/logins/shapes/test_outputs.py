from __future__ import annotations

import json

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.logins.sources import take_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import auth

R = Registry("r.example")
AZURE_USER = "00000000-0000-0000-0000-000000000000"
ECR = "1.dkr.ecr.eu-central-1.amazonaws.com"
TOKEN = {"authorizationToken": auth("AWS", "pw")["auth"], "expiresAt": "2026-12-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("data", "login"),
    [
        ({"accessToken": "t", "loginServer": "acme.azurecr.io"}, ("acme.azurecr.io", AZURE_USER, "t")),
        (
            {
                "accessToken": "t",
                "loginServer": "acme.azurecr.io",
                "username": AZURE_USER,
                "refreshToken": "r",
            },
            ("acme.azurecr.io", AZURE_USER, "t"),
        ),
        ({"authorizationData": [{**TOKEN, "proxyEndpoint": f"https://{ECR}"}]}, (ECR, "AWS", "pw")),
        ({"authorizationData": TOKEN}, ("public.ecr.aws", "AWS", "pw")),
        ({"name": "robot$ci", "secret": "t", "expires_at": -1}, ("r.example", "robot$ci", "t")),
        ({"name": "robot$p+ci", "token": "t"}, ("r.example", "robot$p+ci", "t")),
        ({"name": "bot-ci", "secret": "t", "creation_time": "x"}, ("r.example", "bot-ci", "t")),
        ({"name": "acme+pull", "token": "t", "created": "x"}, ("r.example", "acme+pull", "t")),
        (
            {"id": 1, "name": "x", "username": "gitlab+deploy-token-1", "token": "t", "scopes": []},
            ("r.example", "gitlab+deploy-token-1", "t"),
        ),
        (
            {"ServerURL": "https://index.docker.io/v1/", "Username": "u", "Secret": "t"},
            ("https://index.docker.io/v1/", "u", "t"),
        ),
        ({"username": "u", "password": "p", "serveraddress": "a.io"}, ("a.io", "u", "p")),
        ({"registry": "a.io", "username": "u", "password": "p", "email": "x"}, ("a.io", "u", "p")),
        ({"host": "db.example", "username": "u", "password": "p"}, ("r.example", "u", "p")),
        ({"appId": "id", "displayName": "d", "password": "p", "tenant": "t"}, ("r.example", "id", "p")),
        ({"username": "u", "passwords": [{"name": "password", "value": "v"}]}, ("r.example", "u", "v")),
        (
            {"credentials": {"username": "u", "passwords": [{"value": None}, {"value": "v"}]}, "name": "u"},
            ("r.example", "u", "v"),
        ),
        ({"imageCredentials": {"registry": "a.io", "username": "u", "password": "p"}}, ("a.io", "u", "p")),
        ({"registry": {"username": "u", "password": "p"}, "db": {"password": "x"}}, ("r.example", "u", "p")),
    ],
)
def test_outputs(data, login):
    """User, password and, where it is named, registry are taken from the fields of the tool."""
    (found,) = parse_logins(json.dumps(data), registry=R).logins
    assert (found.key, found.username, found.password.reveal()) == login


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"authorizationData": []}, "an object with the field authorizationData"),
        ({"authorizationData": [TOKEN]}, "a part of the output of aws ecr get-authorization-token"),
        ({"authorizationData": ["x"]}, "a part of the output of aws ecr get-authorization-token"),
        (
            {"authorizationData": [{"proxyEndpoint": "https://a.io"}]},
            "a part of the output of aws ecr get-authorization-token",
        ),
        (
            {"loginServer": "a.azurecr.io", "refreshToken": "t"},
            "an object with the fields loginServer, refreshToken",
        ),
        ({"username": "u", "passwords": []}, "an object with the fields username, passwords"),
        ({"username": "u", "password": None}, "an object with the fields username, password"),
        ({"username": "", "password": "p"}, "an object with the fields username, password"),
        (
            {
                "imageCredentials": [
                    {"registry": "a.io", "username": "u", "password": "p"},
                    {"registry": "b.io"},
                ]
            },
            "an object with the field imageCredentials",
        ),
        ({"clientid": "c", "certificate": "x", "key": "y"}, "a service key"),
        ({"name": "x", "credentials": {"clientid": "c", "clientsecret": "y"}}, "a service key"),
    ],
)
def test_half_an_output(data, what):
    """Where a field is missing, nothing is made up."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(json.dumps(data), registry=R)
    assert caught.value.what == f"the file is {what}"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        ({"accessToken": "t", "loginServer": "acme.azurecr.io"}, "This Azure login expires after 3 hours"),
        (
            {"authorizationData": [{**TOKEN, "proxyEndpoint": f"https://{ECR}"}]},
            "ECR logins expire after 12 hours",
        ),
        ({"authorizationData": TOKEN}, "ECR logins expire after 12 hours"),
        ({"Username": "oauth2accesstoken", "Secret": "t"}, "Google's access tokens expire after 60 minutes"),
        (
            {"Username": "_dcgcloud_token", "Secret": "t"},
            "The login of gcloud's helper expires after about an hour",
        ),
    ],
)
def test_logins_that_end(data, note, tmp_path):
    """That a login ends by itself is said, once."""
    place = tmp_path / "login.json"
    place.write_text(json.dumps(data))
    place.chmod(0o600)
    taken = take_logins(LoginWish(from_file=str(place), registry="r.example", take_all=True), None)
    assert [each.startswith(note) for each in taken.notes] == [False, True]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"name": "robot$acme+ci", "secret": "t"}, "Harbor robot account"),
        ({"name": "robot$acme+ci", "token": "t"}, "Harbor robot account"),
        ({"name": "bot_acme+ci", "secret": "t", "expires_at": -1}, "Harbor robot account"),
        (
            {"name": "bot_acme+ci", "secret": "t", "creation_time": "2026", "level": "project"},
            "Harbor robot account",
        ),
        ({"name": "ci@acme+x", "secret": "t", "expires_at": 0}, "Harbor robot account"),
        ({"name": "bot_acme+ci", "token": "t", "creation_time": "2026"}, "Harbor robot account"),
        ({"name": "bot_acme+ci", "secret": "t"}, "robot account"),
        ({"name": "acme+ci", "token": "t", "created": "x", "last_accessed": None}, "Quay robot account"),
    ],
)
def test_whose_robot_it_is(data, kind):
    """A robot of Harbor is told from one of Quay by its fields: its prefix may be any."""
    found = parse_logins(json.dumps(data), registry=R)
    assert (found.kind, found.logins[0].username) == (kind, data["name"])


@pytest.mark.parametrize("name", ["c++ build", "acme+ci", "ci", "robot$x", "c++"])
def test_a_token_of_gitlab_has_a_name_that_is_no_user(name):
    """What GitLab's API gives for a new access token is named: its name is not that of a user."""
    data = {"id": 1, "name": name, "token": "glpat-x", "scopes": ["api"], "expires_at": "2026", "user_id": 2}
    with pytest.raises(InvalidFile) as caught:
        parse_logins(json.dumps(data), registry=R)
    assert caught.value.what == "the file is a GitLab access token without its user"


def test_a_name_with_a_space_is_no_robot():
    """No robot account has a space or a colon in its name."""
    for name in ("c++ build", "a+b:c"):
        with pytest.raises(InvalidFile, match="an object with the fields"):
            parse_logins(json.dumps({"name": name, "token": "x", "expires_at": 1}), registry=R)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("registry: ghcr.io\nusername: anna\npassword: 12345\n", "password"),
        ("username: no\npassword: x\n", "username"),
        ("username: anna\npassword: 2026-11-30\n", "password"),
        ("username: anna\npassword: 1.5e+5\n", "password"),
        ("username: 7\npassword: 0x1F\n", "username"),
        ('{"username": "anna", "password": 12345}', "password"),
        ('{"username": true, "password": "x"}', "username"),
    ],
)
def test_a_login_whose_values_are_no_text(text, field):
    """What YAML or JSON has as a number, a date, true or false is named, with the way to write it."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=R)
    assert caught.value.what == (
        f"the `{field}` in the file is not a string, but a number, a date, or true or false"
    )
    assert caught.value.next == "put it in quotes."
    assert "12345" not in str(caught.value)
