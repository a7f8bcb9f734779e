from __future__ import annotations

import base64

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.logins.file_entries import FileEntry, Unusable, judged
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.model.names import Registry


def test_an_entry_shows_nothing(canary):
    """What stands in a file and nobody has judged is not shown."""
    assert canary not in repr(FileEntry("a.io", {"password": canary}))


@pytest.mark.parametrize(
    "entry",
    [
        {"Auth": base64.b64encode(b"u:p").decode()},
        {"USERNAME": "u", "Password": "p", "auth": None},
        {"username": "x", "password": "x", "auth": base64.b64encode(b"u:p").decode()},
    ],
)
def test_a_login(entry):
    """As Go reads it: names of fields in any case, `auth` first."""
    assert FileEntry("a.io", entry).judged() == RegistryLogin(AuthKey("a.io"), "u", Secret("p"))


@pytest.mark.parametrize(
    ("entry", "reason", "then", "odd"),
    [
        ("x", "the entry a.io is not an object", "give a docker config.json", True),
        ({"auth": 1}, "the `auth` of a.io is not a string", "give a docker config.json", True),
        (
            {"username": "u"},
            "the entry a.io: the password is missing",
            "fix the entry, or remove it.",
            True,
        ),
        (
            {},
            "a.io has no password in the file; docker may keep it in a credential helper",
            "take it with --docker-login, or give it with --username USER.",
            False,
        ),
        (
            {"IdentityToken": "x", "auth": ""},
            "a.io has an identity token, which AI Core cannot pull with",
            "create an access token, and give it with --username USER.",
            False,
        ),
    ],
)
def test_no_login(entry, reason, then, odd):
    """Why it is none, what to do, and whether something is wrong with it."""
    unusable = FileEntry("a.io", entry).judged()
    assert isinstance(unusable, Unusable)
    assert (unusable.reason, unusable.odd) == (reason, odd)
    assert NOTEBOOK.say(unusable.next).startswith(then)


def test_a_login_for_a_registry():
    """A login by its registry is judged in the same way."""
    assert isinstance(judged(Registry("a.io"), "u", Secret("p")), RegistryLogin)
    assert judged(Registry("a.io"), "u:v", Secret("p")) == Unusable(
        "a.io", "the entry a.io: a colon is not allowed in a user name", "fix the entry, or remove it."
    )
