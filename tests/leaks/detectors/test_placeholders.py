from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.kinds import KINDS
from aicore_magics.leaks.detectors.placeholders import is_filler, is_placeholder, looks_random
from tests import processor
from tests.leaks.samples import LOGIN, PASSWORD, PLACEHOLDERS, TOKENS


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_only_holds_a_place(text):
    """Whatever people write where a secret goes is no secret."""
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *(PASSWORD, LOGIN, "correct horse battery", "s3cret", "admin", "letmein", "pass123!"),
        *("$ecretP4ss", "secret.P4ssw0rd!x", "{Tr0ub4dor3}", "abc...def123!", "[Tr0ub4dor]x", "os.P4ss!w"),
    ],
)
def test_what_is_one(text):
    """A password is no placeholder, weak as it may be."""
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "$dockerToken",
            "$GH2_TOKEN",
            "${TOKEN:-none}",
            "{login['token']}",
            "{secrets.token}",
            "{0}",
            "{pw!r}",
        ),
        *("secrets.GHCR_TOKEN", "process.env.TOKEN", "abc...xyz", "eyJhb...9a", "wrong", "Passwort"),
    ],
)
def test_what_is_filled_in(text):
    """A variable, what is fetched from one, a token that was cut, and words for a password are none."""
    assert is_placeholder(text)


@pytest.mark.parametrize("part", ["_", "A_B.", "[a.", "(a.", "a...1", ".", "{a", "$A_", "os.a[1]"])
@pytest.mark.parametrize("start", ["", "$", "{", "secret.", "getenv("])
def test_time_does_not_explode(start, part):
    """A value of the longest length is judged in a moment, whatever it is made of."""
    text = start + part * (65_536 // len(part)) + "!"
    assert processor.tried(lambda: is_placeholder(text), enough=500)[1] < 2000


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
