"""Each option of create, apply, update and check becomes one value, and no option is lost."""

from __future__ import annotations

import pytest

from aicore_magics.grammar.record_options import recording
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.secret_options import check_options, login_wish, only_lists

# Those that say what is done with the result, not which login, nor how it is checked.
DOOR = {"--help", "--profile", "--timeout", "--dry-run", "--as", "--strict"}
VALUES = {
    "--registry": ("ghcr.io", "registry", "ghcr.io"),
    "--username": ("anna", "username", "anna"),
    "--login": ("ghcr.io=anna", "logins", ("ghcr.io=anna",)),
    "--password-env": ("TOKEN", "password_env", ("TOKEN",)),
    "--password-file": ("p", "password_file", "p"),
    "--password-command": ("gh auth token", "password_command", ("gh auth token",)),
    "--keyring": ("s", "keyring", "s"),
    "--docker-login": ("", "docker_login", True),
    "--from-file": ("f", "from_file", "f"),
    "--all": ("", "take_all", True),
    "--no-check": ("", "skip", True),
    "--realm": ("auth.example.com", "realms", ("auth.example.com",)),
    "--ca-file": ("ca.pem", "ca_file", "ca.pem"),
    "--for": ("serving", "pulled_by", "serving"),
    "--expiry-lookup": ("", "expiry_lookup", True),
    "--ends": ("2027-01-31", "ends", ("2027-01-31",)),
}


def both(words):
    """All values that *words* behind `create` give."""
    options = SECRET.parser("create").read(words)
    ends = recording(options).ends
    return {**vars(login_wish(options)), **vars(check_options(options)), "ends": ends}


@pytest.mark.parametrize("option", VALUES)
def test_an_option_sets_its_value_and_no_other(option):
    """What is not given stays as it is without any option."""
    word, name, value = VALUES[option]
    needed = ["--from-file", "f"] if option == "--all" else []
    plain, given = both(needed), both([*needed, option, *filter(None, [word])])
    del plain["watch"], given["watch"]
    assert given == {**plain, name: value}


def test_images_become_references():
    """Each --image is one image, in the order of the line."""
    images = both(["--image", "ghcr.io/acme/a:1", "--image", "ghcr.io/acme/b:2"])["images"]
    assert [str(image) for image in images] == ["ghcr.io/acme/a:1", "ghcr.io/acme/b:2"]


@pytest.mark.parametrize("name", ["create", "apply", "update", "check"])
def test_no_option_is_forgotten(name):
    """An option that is declared and read by nobody would do nothing, and nobody would be told."""
    assert {*SECRET.parser(name).option_names()} <= {*VALUES, "--image", "--no-expiry-lookup", *DOOR}


@pytest.mark.parametrize("attended", [True, False])
@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("", None),  # as somebody is there, or not
        ("--expiry-lookup", True),
        ("--no-expiry-lookup", False),
        ("--no-check", False),
        ("--no-check --no-expiry-lookup", False),
    ],
)
@pytest.mark.parametrize("name", ["create", "apply", "update", "check"])
def test_whether_an_issuer_is_asked_for_the_end(name, words, asked, attended):
    """Where somebody is there, unless the line says no; else only if it says yes; never without a check."""
    if name == "check" and "--no-check" in words:
        return
    options = SECRET.parser(name).read(words.split())
    expected = attended if asked is None else asked
    assert check_options(options, attended=attended).expiry_lookup is expected


@pytest.mark.parametrize(
    ("words", "lists"),
    [
        ("--docker-login", True),
        ("--docker-login --registry ghcr.io", False),
        ("--docker-login --image ghcr.io/a/b:1", False),
        ("--docker-login --login ghcr.io=anna", False),
        ("", False),
    ],
)
def test_docker_login_alone_lists(words, lists):
    """Without a registry to take a login for, it only shows what is there."""
    assert only_lists(SECRET.parser("create").read(words.split())) is lists
