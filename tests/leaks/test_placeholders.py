from __future__ import annotations

import pytest

from aicore_magics.leaks.kinds import KINDS
from aicore_magics.leaks.placeholders import is_filler, is_placeholder, looks_random
from tests.leaks.samples import LOGIN, PASSWORD, PLACEHOLDERS, TOKENS


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_only_holds_a_place(text):
    """Whatever people write where a secret goes is no secret."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", [PASSWORD, LOGIN, "correct horse battery", "s3cret", "admin", "letmein", "pass123!"]
)
def test_what_is_one(text):
    """A password is no placeholder, weak as it may be."""
    assert not is_placeholder(text)


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
def test_no_token_is_one(sample):
    """No token is taken for an example, or for words."""
    assert not is_filler(sample.text)


@pytest.mark.parametrize("text", ["ghp" + "_" + 36 * "x", "AKIA" + "IOSFODNN7EXAMPLE", "dckr_pat_your_token"])
def test_tokens_of_documentation(text):
    """A token of x alone, one of the AWS documentation, or one in words is none."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", ["' + token + '", '" + os.environ["TOKEN"] + "', "os.environ['TOKEN']", "getpass()"]
)
def test_what_puts_a_secret_together(text):
    """Code between two quotes that fetches the secret from somewhere is none itself."""
    assert is_placeholder(text)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_what_scrubbing_leaves(kind):
    """What stands in a secret's place is never found again, and is a whole word everywhere."""
    assert is_placeholder(kind.placeholder)
    assert kind.placeholder.isidentifier()


@pytest.mark.parametrize(
    ("text", "random"), [("a1", True), ("a-b", True), ("abc", False), ("123", False), ("a b1", False)]
)
def test_what_looks_random(text, random):
    """A value with a digit or a sign among its letters is no word."""
    assert looks_random(text) is random
