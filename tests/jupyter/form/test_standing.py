"""What is known of the name decides what the first button does, and nothing is replaced unasked."""

from __future__ import annotations

import pytest

from aicore_magics.errors import DockerSecretExists, DockerSecretMissing, NotAllowed, OutcomeUnknown
from aicore_magics.jupyter.form.standing import Standing


@pytest.mark.parametrize(
    ("replaces", "again", "word", "asks"),
    [
        (False, False, "Create", False),
        (True, False, "Replace…", True),
        (False, True, "Store again", False),
        (True, True, "Store again", False),
    ],
)
def test_the_first_button(replaces, again, word, asks):
    """Its word says what it does; only what replaces asks first."""
    standing = Standing(named=False, replaces=replaces, again=again)
    assert (standing.word, standing.asks) == (word, asks)


@pytest.mark.parametrize(
    ("error", "before", "after", "untrue"),
    [
        (OutcomeUnknown("x"), "Create", "Store again", True),
        (DockerSecretExists("x"), "Create", "Replace…", True),
        (DockerSecretMissing("x"), "Replace…", "Create", True),
        (NotAllowed("x"), "Create", "Create", False),
        (NotAllowed("x"), "Replace…", "Replace…", False),
        (NotAllowed("x"), "Store again", "Store again", False),
    ],
)
def test_what_an_error_tells(error, before, after, untrue):
    """What is unknown stays so after a refusal; a name that is taken, or gone, is known from then on."""
    standing = Standing(named=False, replaces=before == "Replace…", again=before == "Store again")
    assert standing.word == before
    assert standing.learn(error) is untrue
    assert standing.word == after


def test_another_name_and_another_secret():
    """Nothing is known of another name; clearing keeps what a given name told, beginning anew does not."""
    standing = Standing(named=True, replaces=True, again=True)
    standing.clear()
    assert standing.word == "Replace…"
    standing.begin_anew()
    assert standing.word == "Create"
    standing = Standing(named=True, replaces=True)
    standing.another_name()
    assert standing.word == "Create"
