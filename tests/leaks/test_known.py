from __future__ import annotations

import inspect

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicore_magics.leaks import detect, known
from aicore_magics.leaks.detectors import unwrapped
from aicore_magics.leaks.known import Known
from tests.leaks.samples import HEX, LETTERS, PASSWORD, TOKENS, base64_of, made
from tests.leaks.wraps import SPLITS, lines

TOKEN = TOKENS[2].text
PASSWORDS = ("Tr0ub4dor&3-xY9!qw", made(24, LETTERS + "!$%/_-", 11), made(40, HEX, 3))
VALUES = (*(sample.text for sample in TOKENS if "\n" not in sample.text), *PASSWORDS)


def without(text, known):
    """*text* with each part that is known cut out of it."""
    cut = sorted(span for place in known.parts(text) for span in place)
    kept, at = [], 0
    for start, end in cut:
        if start >= at:
            kept.append(text[at:start])
        at = max(at, end)
    return "\0".join([*kept, text[at:]])


def pieces_of(value, length=8):
    return [value[at : at + length] for at in range(16, len(value) - length + 1)] or [value]


@pytest.mark.parametrize("split", SPLITS)
def test_every_split(split):
    """A value that is known is found, however it is parted, encoded or cut off."""
    for value in VALUES:
        text = f"a line before\n{SPLITS[split](value)}\nand one behind"
        for written in (text, text.replace("\n", "\r\n")):
            left = without(written, Known([value]))
            assert [part for part in pieces_of(value) if part in left] == [], value[:12]
            assert left.startswith("a line before")
            assert left.endswith("and one behind")
            assert left != written


@pytest.mark.parametrize(
    "text",
    [
        "ghp_ is how tokens begin",
        "dckr_pat_ and github_pat_",
        "github.com/anna ghcr.io",
        TOKEN[:11],
        TOKEN[4:11],
        "eyJhbGciOiAiUlMyNTYifQ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "anna",
        "Hunter2",
        "1 2 3 4 5 6 7 8 9 10",
    ],
)
def test_what_is_not_random_stays(text):
    """Prefixes, headers, words, names and fewer than eight signs are no parts."""
    assert list(Known([sample.text for sample in TOKENS]).parts(text)) == []
    assert list(Known([PASSWORD, "churn-Model-2024-x!Yz9", "Summer2024"]).parts(text)) == []


@pytest.mark.parametrize("text", ["Churn-model is a model", "Churn-model-2024", "churn model", "Summer2024"])
def test_words_of_a_password_stay(text):
    """A word in a password that a human thought up may stand in any text."""
    assert list(Known(["Churn-model-2024-x!Yz9", "Summer2024"]).parts(text)) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f'p0 = "{TOKEN[:20]}"\np1 = "{TOKEN[20:]}"', 'p0 = "\0"\np1 = "\0"'),
        (f"0 {TOKEN[:20]}\n1 {TOKEN[20:]}\n2", "0 \0\n1 \0\n2"),
        (f"<b>{TOKEN[:20]}</b><i>{TOKEN[20:]}</i>", "<b>\0</b><i>\0</i>"),
        (f"{TOKEN[:20]} and {TOKEN[20]}bc", f"\0 and {TOKEN[20]}bc"),
    ],
)
def test_only_the_parts_are_found(text, left):
    """What stands between parts, and the word behind them, are none."""
    assert without(text, Known([TOKEN])) == left


def test_what_a_value_in_base64_holds_is_known_too():
    """Of a login in base64 the password is known, and of a config the password in it."""
    config = base64_of(f'{{"auths": {{"ghcr.io": {{"username": "anna", "password": "{PASSWORDS[1]}"}}}}}}')
    for value in (base64_of(f"anna:{PASSWORDS[1]}"), config, base64_of(config)):
        assert without(f"it is {PASSWORDS[1]}", Known([value])) == "it is \0"


@pytest.mark.parametrize("before", [0, 95_000, 99_980, 103_990])
def test_a_long_text_is_read_to_its_end(before):
    """Wherever in a long text a value stands, it is found; the lines are counted."""
    text = "x\n" * (before // 2) + TOKEN + "\n" + "y z\n" * 3_000
    assert without(text, Known([TOKEN])) == text.replace(TOKEN, "\0")
    assert Known([TOKEN]).lines(text) == [before // 2 + 1]


@settings(max_examples=40)
@given(st.sampled_from(VALUES), st.lists(st.integers(1, 14), min_size=1, max_size=6), st.data())
def test_any_split(value, sizes, data):
    """Whatever the sizes of the parts and the signs between them, no eight signs of a value stay in a row."""
    seams = st.sampled_from(
        ["\n", '" "', "' + '", "<wbr>", "&shy;", " \\\n  ", "\n> ", "│\n│ ", "\\n", "', '"]
    )
    seam, text, at = data.draw(seams), "", 0
    while at < len(value):
        size = sizes[at % len(sizes)]
        text += value[at : at + size] + seam
        at += size
    left = without(text, Known([value]))
    assert [part for part in pieces_of(value) if part in left] == []
    assert [line for line in lines(left.replace(seam, ""), 1) if line == "\0"]


def test_no_text_of_people_is_taken_for_a_part():
    """In the texts of this project nothing is taken for a part of any of these values."""
    for module in (known, detect, unwrapped):
        assert list(Known(VALUES).parts(inspect.getsource(module))) == []
