from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.leaks.values import (
    codes_of,
    forms_of,
    is_distinctive,
    is_made_up,
    may_be_words,
    random_part,
    with_inner,
)
from tests.leaks.samples import LOGIN, PASSWORD, TOKENS, base64_of, jwt, made, private_key


def test_how_a_value_may_be_written():
    """A value is looked for as it is, in JSON with and without escapes, and in a URL."""
    assert forms_of('a"ä') == {'a"ä', 'a\\"ä', 'a\\"\\u00e4', "a%22%C3%A4"}


@pytest.mark.parametrize("value", [PASSWORD, TOKENS[0].text, made(40), "tr0ub4dor&3"])
def test_what_is_too_special_for_chance(value):
    """A token, and a long value of many kinds of character, stand nowhere by chance."""
    assert is_distinctive(value)


@pytest.mark.parametrize("value", ["python3", "model_v2_final", "Churn-Model-2024", "a/b/model.csv", "a1!B"])
def test_what_may_be_a_name(value):
    """Names, paths and what is short may."""
    assert not is_distinctive(value)


@pytest.mark.parametrize(
    ("value", "random"),
    [
        ("gh" + "p_" + made(36), made(36)),
        ("dckr" + "_pat_" + made(27), "pat_" + made(27)),
        (jwt(), jwt().partition(".")[2]),
        ("pypi" + "-AgEIcHlwaS5vcmc" + made(60), made(60)),
        (PASSWORD, PASSWORD),
        (private_key().replace("\n", ""), "".join(private_key().split("\n")[2:-1])),
    ],
)
def test_what_is_random_of_a_value(value, random):
    """A prefix, a header and the first line of a key are alike in all values of their kind."""
    assert value[slice(*random_part(value))].strip() == random


def test_what_is_random_of_a_login():
    """A user name in base64 is not; the password behind it is."""
    start, end = random_part(base64_of(f"robot:{PASSWORD}"))
    assert base64_of(f"robot:{PASSWORD}")[start:end] in base64_of(f"xxxxx:{PASSWORD}")
    assert start >= len("robot")


def test_what_a_value_holds():
    """A login has a password in it, a config has one, and what a URL or HTML escapes is plain."""
    config = base64_of(f'{{"auths": {{"ghcr.io": {{"username": "anna", "password": "{PASSWORD}"}}}}}}')
    for value in (LOGIN, config, base64_of(config), "Hunter2-%21x", "Hunter2-&#33;x"):
        known = with_inner([value])
        assert PASSWORD in known
        assert [value for value in known if "ghcr" in value] == []
    assert with_inner(["plain"]) == {"plain"}


@given(st.text(min_size=6, max_size=40), st.text(max_size=5))
def test_codes(value, before):
    """Whatever stands before a value, its base64 holds one of the codes; and it is known backwards, too."""
    value = value.encode("utf-8", "ignore").decode()
    whole = base64.b64encode(f"{before.encode('utf-8', 'ignore').decode()}{value} and more".encode()).decode()
    backwards, digits, *codes = codes_of(value)
    assert any(code in whole for code in codes)
    assert backwards[::-1] == value
    assert bytes.fromhex(digits).decode() == value


def test_what_may_be_words():
    """Only what a human thought up may be words in part."""
    assert is_made_up(TOKENS[0].text)
    assert is_made_up(LOGIN)
    assert not is_made_up("Churn-model-2024-x!Yz9")
    assert may_be_words("Churn-model-")
    assert not may_be_words("2024-x!Yz")
