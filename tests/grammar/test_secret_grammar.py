"""Subcommands and options: each has its help, and those that contradict each other are refused."""

from __future__ import annotations

import pytest

from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.words import WrongUse
from tests.logins.test_password_command import HOLDS


@pytest.mark.parametrize("name", [*SECRET.subcommands, ""])
def test_help_everywhere(shell, name):
    """--help on the magic and on each subcommand shows how, and is a result."""
    text = repr(shell.run_line_magic("aicore_docker_secret", f"{name} --help"))
    assert text.startswith(f"usage: %aicore_docker_secret {name or 'SUBCOMMAND'}")
    assert (SECRET.subcommands[name].summary if name else SECRET.what) in " ".join(text.split())


def test_connect_help(shell):
    """%aicore_connect --help shows its forms."""
    text = repr(shell.run_line_magic("aicore_connect", "--help"))
    assert all(option in text for option in ("--service-key FILE", "--profile NAME", "--sandbox", "--status"))


SOURCES = [
    *("--password-env V", "--password-file p", "--password-command c"),
    *("--keyring s", "--docker-login", "--from-file f"),
]


@pytest.mark.parametrize("name", ["create", "apply", "update", "check"])
@pytest.mark.parametrize("first", SOURCES)
def test_a_login_comes_from_one_place(name, first):
    """Two sources of one password contradict each other, on every subcommand that takes a login."""
    parser = SECRET.parser(name)
    parser.read(first.split())
    for second in SOURCES:
        if second != first:
            with pytest.raises(WrongUse, match="not allowed with argument"):
                parser.read([*first.split(), *second.split()])


@pytest.mark.parametrize("name", ["create", "apply", "update", "check"])
@pytest.mark.parametrize("text", HOLDS)
def test_a_command_that_holds_the_password(name, text):
    """A password among the words of a command is refused as any on a line, and not repeated."""
    with pytest.raises(WrongUse) as caught:
        SECRET.parser(name).read(["--password-command", text])
    assert "revoke it: it is on this line now. Use --password-env VAR." in str(caught.value)
    assert not any(part in str(caught.value) for part in ("s3cret", "aaaa"))


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("check", "--no-check"),
        ("check", "--dry-run"),
        ("create", "--strict"),
        ("list", "--image"),
        ("show", "--docker-login"),
    ],
)
def test_options_stand_where_they_mean_something(name, option):
    """An option that would do nothing on a subcommand is none of its options."""
    assert option not in SECRET.parser(name).option_names()


def test_repeatable_options_keep_their_order_and_share_nothing():
    """Each read gives fresh lists: what one line says is not there for the next."""
    parser = SECRET.parser("check")
    first = parser.read(["--image", "a/b", "--image", "c/d", "--realm", "x.example"])
    assert (first.image, first.realm) == (["a/b", "c/d"], ["x.example"])
    second = parser.read([])
    assert (second.image, second.realm, second.login) == ([], [], [])
