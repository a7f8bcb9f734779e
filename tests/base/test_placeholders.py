from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aicore_magics
from aicore_magics.base.placeholders import (
    BRACES,
    is_filler,
    is_left_over,
    is_placeholder,
    looks_random,
    unpadded,
)
from aicore_magics.leaks.detectors.kinds import KINDS
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
    begin = time.process_time()
    is_placeholder(start + part * (65_536 // len(part)) + "!")
    assert time.process_time() - begin < 2


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


# Each example in each place: scan, then secret, plan and image in a template, then behind options.
PLACES = ("secret", "plan", "image", "--secret", "--image", "secret of an option")
LEFT_OVER = [
    ("<YOUR_SECRET>", True, "secret plan image --secret --image option"),
    ("  <name>  ", True, "secret plan image --secret --image option"),
    ("<a><b>", False, "secret plan image --secret --image option"),
    ("<a\nb>", True, "secret image --secret --image option"),
    ("my-<name>", True, "image --secret --image option"),
    ("a < b", False, "--secret --image option"),
    ("$TOKEN", True, "secret --secret"),
    ("${TOKEN}", True, "secret --secret option"),
    ("$TOKEN}", True, "secret --secret"),
    ("pre${TOKEN}", False, "--secret option"),
    ("{name}", True, "--secret option"),
    ("{{inputs.parameters.x}}", True, "--secret option"),
    ("***", True, ""),
    ("changeme", True, ""),
    ("your-docker-password", True, ""),
    ("%TOKEN%", True, ""),
    ("[TOKEN]", True, ""),
    ("REMOVED_GITHUB_TOKEN", True, ""),
    ("team-ghcr", False, ""),
    ("ghcr.io/acme/churn:1.4", False, ""),
]


@pytest.mark.parametrize(("text", "scanned", "left"), LEFT_OVER, ids=[row[0] for row in LEFT_OVER])
def test_what_is_left_over_where(text, scanned, left):
    """What is a placeholder differs with the place, and only as this table says."""
    assert is_placeholder(text) is scanned
    found = {place for place in PLACES if is_left_over(text, place)}
    assert found == {"secret of an option" if place == "option" else place for place in left.split()}


@given(st.text(alphabet="<>{}$ab_ \n/:\u2028", max_size=12))
def test_each_place_judges_as_its_own_pattern_did(text):
    """The table judges each text as the modules did when each had a pattern of its own."""
    assert is_left_over(text, "secret") == bool(re.fullmatch(r"(?s)<.*>|\$\{?\w+\}?", text.strip()))
    assert is_left_over(text, "plan") == bool(re.fullmatch(r"<.*>", text.strip()))
    assert is_left_over(text, "image") == bool(re.search(r"<[^<>]*>", text))
    assert is_left_over(text, "--secret") == bool(re.search(r"[<>{}$]", text))
    assert is_left_over(text, "--image") == bool(re.search(r"[<>]", text))
    assert is_left_over(text, "secret of an option") == ("<" in text or "{" in text)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("part", ["<", "<a", ">", "$", "${a", "\n", " <", "{"])
def test_what_is_left_over_is_found_in_a_moment(place, part):
    """A long text of signs without end costs no more than its length."""
    begin = time.process_time()
    is_left_over(part * 20_000, place)
    assert time.process_time() - begin < 2


def test_braces_are_filled_in_by_others():
    """What stands between two braces is a parameter, and braces inside make none."""
    assert re.findall(BRACES, "{{a}}-{{ b.c }} {d} {{e}f}}") == ["a", " b.c "]


def test_no_other_module_has_a_pattern_of_its_own():
    """Text between < and > or two braces is looked for here, and where templates hide it from YAML."""
    root = Path(aicore_magics.__file__).parent
    own = re.compile(r"<\.\*>|<\[\^<>\]\*>|\[<[>{]+\}?\$?\]|" + re.escape(BRACES))
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")}
    assert [name for name, text in texts.items() if own.search(text)] == ["base/placeholders.py"]


GOOGLE = "ya29.c.b0A" + 40 * "aZ9_-"


@pytest.mark.parametrize("dots", ["", ".", "...", 99 * "."])
@pytest.mark.parametrize(
    "token", [GOOGLE, "ya29.a0A" + 9 * "xK7", "ya29.c.c0" + 400 * "ASd7", "ya29.1.b-" + 9 * "Z_a8"]
)
def test_a_token_of_google_may_end_in_dots(token, dots):
    """The dots behind a whole access token are its own, as the metadata server of Google's cloud has them."""
    assert unpadded(token + dots) == token
    assert not is_filler(token + dots)
    assert not is_placeholder(token + dots)


@pytest.mark.parametrize(
    "text", ["ya29...", "ya29.c.b0A...", "ya29.abc...xyz", "ghp_abcDEF123...", "ya29." + 60 * "."]
)
def test_dots_in_place_of_a_token(text):
    """Behind the beginning of a token dots stand for what was left out."""
    assert unpadded(text) == text
    assert is_filler(text)
