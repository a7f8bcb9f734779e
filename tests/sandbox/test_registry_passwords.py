import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.sandbox.registry_passwords import (
    SHAPES,
    Claims,
    default_life,
    fitting,
    fixed_user,
    password,
)

BEGINS = datetime(2030, 1, 31, 12, 30, 15, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=40)
PATTERNS = {
    "opaque": r"[\w-]{24}",
    "jwt": r"[\w-]+\.[\w-]+\.[\w-]{86}",
    "ecr": r"[A-Za-z0-9+/]+=*",
    "google": r"ya29\.\w{160}",
    "github": r"ghp_\w{36}",
    "gitlab": r"glpat-\w{20}",
    "harbor": r"\w{32}",
}


def made(shape, ends=ENDS):
    return password(shape, Claims("http://registry", "robot$acme+ci", BEGINS, ends))


def decoded(text):
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_every_shape():
    """Each shape looks as its issuer's, has ASCII alone, fits in a line of a file, and is new each time."""
    assert sorted(PATTERNS) == sorted(SHAPES)
    for shape, pattern in PATTERNS.items():
        passwords = {made(shape) for _ in range(3)}
        assert len(passwords) == 3
        for each in passwords:
            assert re.fullmatch(pattern, each, re.ASCII), shape


@pytest.mark.parametrize("ends", [ENDS, None])
def test_a_jwt_tells_its_end(ends):
    """Whoever decodes a JWT reads user, beginning and end; without an end there is no `exp`."""
    header, claims, _ = made("jwt", ends).split(".")
    assert decoded(header)["typ"] == "JWT"
    told = decoded(claims)
    assert (told["sub"], told["iat"]) == ("robot$acme+ci", BEGINS.timestamp())
    assert told.get("exp", "none") == (ends.timestamp() if ends else "none")


@pytest.mark.parametrize("ends", [ENDS, None])
def test_an_ecr_password_tells_its_end(ends):
    """It is base64 of JSON, as Amazon's: with the key's type, and the end in seconds."""
    told = json.loads(base64.b64decode(made("ecr", ends), validate=True))
    assert {"payload", "datakey", "version", "type"} <= told.keys()
    assert told["type"] == "DATA_KEY"
    assert told.get("expiration", "none") == (ends.timestamp() if ends else "none")


def test_what_a_shape_brings_along():
    """Amazon's and Google's logins have a user and a life of their own; GitLab's end at midnight."""
    assert {shape: fixed_user(shape) for shape in SHAPES if fixed_user(shape)} == {
        "ecr": "AWS",
        "google": "oauth2accesstoken",
    }
    assert {shape: default_life(shape) for shape in SHAPES if default_life(shape)} == {
        "ecr": timedelta(hours=12),
        "google": timedelta(hours=1),
    }
    moment = BEGINS.replace(microsecond=999_999)
    assert {shape for shape in SHAPES if fitting(shape, moment) != BEGINS} == {"gitlab"}
    assert fitting("gitlab", moment) == datetime(2030, 1, 31, tzinfo=UTC)
