from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.model.login_faults import kept_spaces, key_fault, password_fault, username_fault


@pytest.mark.parametrize("user", ["$oauthtoken", "robot$proj+name", "AWS", "token", "USERNAME"])
def test_users_of_registries_are_taken(user):
    """What a registry calls its users is no placeholder."""
    assert username_fault(user) is None


def test_an_identity_token_is_told_as_such():
    """The user that docker writes beside an identity token is named, not taken for a placeholder."""
    assert "identity token" in username_fault("<token>")[0]


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        (username_fault("<USERNAME>"), "user name"),
        (key_fault("https://<REGISTRY>/v1/"), "registry"),
        (password_fault(Secret("<MY_OWN_TOKEN>")), "password"),
    ],
)
def test_a_placeholder_is_named_by_its_field(fault, word):
    """Each fault names its field and an example, never the text that was given."""
    assert fault[0].startswith(f"the {word} is only a placeholder, such as <")
    assert "MY_OWN" not in fault[0]


@pytest.mark.parametrize("key", ["ghcr.io", "*.example.com/team", "https://index.docker.io/v1/", ""])
def test_keys_that_a_file_may_have(key):
    """A key with a scheme, a path or a glob has no fault."""
    assert key_fault(key) is None


@pytest.mark.parametrize(
    ("password", "words"), [(" a", "begins"), ("a\u00a0", "ends"), ("\u200ba ", "begins and ends")]
)
def test_spaces_that_were_kept(password, words):
    """It is told at which end a password has a space, and nothing of the password."""
    assert (
        kept_spaces(Secret(password), "ghcr.io")
        == f"The password for ghcr.io {words} with a space. The space was kept."
    )
    assert kept_spaces(Secret("a b"), "ghcr.io") == ""


@pytest.mark.parametrize("text", [" ", "   ", "\u00a0", "\u200b\ufeff", "\t \n", "\u3000"])
def test_a_password_of_spaces_alone(text):
    """Spaces around a password are kept, but where nothing is between them, there is no password."""
    assert password_fault(Secret(text))[0] == "the password is only spaces"


@pytest.mark.parametrize(
    "around", ["{}", "", "\u2018\u2019", "\u201c\u201d", "\u201e\u201c", '""', "''", "``", "\u00ab\u00bb"]
)
def test_a_user_in_quotes(around):
    """Quotes that were copied with a user name, straight or of a word processor, are no part of it."""
    if around in ("{}", ""):
        assert username_fault(f"o'{around}'") is None
        return
    assert username_fault(f"{around[0]}anna{around[1]}")[0] == "the user name is in quotes"
