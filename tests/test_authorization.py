"""What is put on a request to let it in."""

from __future__ import annotations

import base64

import pytest
import requests

from aicore_magics.authorization import Basic, Bearer, NoAuth
from aicore_magics.redact import Secret


def sent(auth):
    """The header of a request that `requests` has made ready."""
    request = requests.Request("GET", "http://127.0.0.1/", auth=auth)
    return requests.Session().prepare_request(request).headers.get("Authorization")


def test_basic_is_utf_8(canary):
    """User and password travel in UTF-8, with whatever characters they have; a colon parts them."""
    kind, _, coded = sent(Basic("jürgen", Secret(canary))).partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(coded).decode() == f"jürgen:{canary}"


def test_bearer(canary):
    """A token goes as it is."""
    assert sent(Bearer(Secret("t0ken"))) == "Bearer t0ken"


def test_a_netrc_adds_nothing(own_environment):
    """Where nothing is to be sent, an entry in ~/.netrc does not change that."""
    (own_environment / ".netrc").write_text("machine 127.0.0.1 login anna password hunter2\n")
    (own_environment / ".netrc").chmod(0o600)
    assert sent(None) is not None
    assert sent(NoAuth()) is None


@pytest.mark.parametrize("auth", [Basic("anna", Secret("hunter2")), Bearer(Secret("hunter2"))])
def test_nothing_shows(auth):
    """What they hold is in no repr."""
    assert "hunter2" not in repr(auth) + str(vars(auth))
