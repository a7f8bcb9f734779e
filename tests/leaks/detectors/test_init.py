from __future__ import annotations

import gc
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.leaks.detectors import LONGEST_BASE64, hits
from aicore_magics.leaks.detectors.match import Match, merged
from tests.leaks.samples import DOCKER_CONFIG, PLACEHOLDERS, TOKENS, base64_of, made
from tests.leaks.text_samples import ALL, HARMLESS

PARTS = (
    'password="',
    "password='",
    "docker ",
    "auth:",
    '"auth": "',
    "pass=",
    "-p ",
    "--password ",
    "login ",
    "://",
    "a:b@",
    "eyJ",
    "eyJa.eyJ",
    "-----BEGIN PRIVATE KEY-----",
    "-----END PRIVATE KEY-----",
    "ghp_",
    "dckr_pat_",
    "glpat-",
    "+ACR",
    "8Q~",
    "&quot;",
    "\\",
    '\\"',
    '"',
    "'",
    "{",
    "<",
    "$",
    "echo ",
    " | docker login",
    "Authorization: Bearer ",
    'Secret("',
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    " ",
    "\n",
    "=",
    "%3D",
    "***",
    "'a' 'b' + ",
    '",\n  "',
    "aaaaaaaaaaaaaaaa1\n",
    "aaaaaaaaaaaaaaaa1\\n",
    "\\u0041\\/",
    "&#43;",
    ": |\n  a",
    "<br>",
    "docker login -p \\\n",
    "'-p',\n",
)


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
@pytest.mark.parametrize("layers", [1, 2])
def test_base64_that_hides_one(sample, layers):
    """Base64 of something with a credential in it is one as a whole, twice over even."""
    text = f"x: {sample.text}"
    for _ in range(layers):
        text = base64_of(text)
    assert hits(f"data: {text}\n", "file") == [Match(6, 6 + len(text), sample.kind_id)]


@pytest.mark.parametrize("sample", HARMLESS, ids=repr)
def test_what_only_looks_like_a_password(sample):
    """Measures, code, help texts, hashes and words of prose are none, where all is about a registry even."""
    assert sample.found(known=True) == []


@pytest.mark.parametrize("placeholder", [text for text in PLACEHOLDERS if " " not in text])
def test_a_placeholder_in_a_password_s_place(placeholder):
    """Wherever a password is found, a placeholder is none."""
    assert [sample for sample in ALL if sample.found(placeholder, known=True)] == []


@pytest.mark.parametrize("sample", ALL, ids=repr)
def test_windows_line_ends(sample):
    """What is found does not differ with the ends of lines."""
    windows = sample._replace(text=sample.text.replace("\r\n", "\n").replace("\n", "\r\n"))
    assert windows.found(made(9) + "1-x") == sample.found(made(9) + "1-x")


def test_base64_of_a_kubernetes_secret():
    """A docker config in base64, as Kubernetes has it, is a registry login."""
    config = base64_of(json.dumps(DOCKER_CONFIG))
    assert [hit.kind_id for hit in hits(f".dockerconfigjson: {config}", "file")] == ["registry-login"]


def test_base64_that_hides_nothing():
    """Pictures, hashes and texts in base64 are nothing; nor is any that is longer than a secret may be."""
    assert hits(base64_of("only a text, and nothing in it"), "output") == []
    assert hits(base64_of(TOKENS[0].text + LONGEST_BASE64 * " "), "output") == []


def test_two_readings_of_one_text_are_one():
    """A token under a name for passwords is found once, as what says more."""
    token = TOKENS[0]
    assert [hit.kind_id for hit in hits(f'docker_password = "{token.text}"', "code")] == [token.kind_id]


def test_what_was_taken_out_tells_nothing_of_its_neighbours():
    """A placeholder has words for registries in it; they make no credential of what stands beside it."""
    found = hits('a = "REMOVED_DOCKER_HUB_TOKEN"\ndb_password = "hunter2"', "code")
    assert [hit.kind_id for hit in found] == ["possible-password"]


def test_merging():
    """What overlaps becomes one that covers both, of the kind that says more; what touches stays two."""
    one, two, three = Match(0, 5, "registry-password"), Match(3, 8, "github-token"), Match(8, 9, "jwt")
    assert merged([three, two, one]) == [Match(0, 8, "github-token"), three]


@given(st.text() | st.lists(st.sampled_from(PARTS)).map("".join))
def test_any_text(text):
    """No text makes it fail; what is found lies in the text, in order, and nothing overlaps."""
    for style in ("code", "output", "file"):
        found = hits(text, style, known=True)
        ends = [0, *(hit.end for hit in found)]
        assert all(end <= hit.start < hit.end <= len(text) for end, hit in zip(ends, found, strict=False))


@pytest.mark.parametrize("part", PARTS)
def test_time_grows_with_the_length(part):
    """Ten times the text takes about ten times as long, whatever is said over and over again."""

    def seconds(length):
        text = (part * (length // len(part) + 1))[:length]
        # What other tests have left in this process is not looked through again meanwhile.
        gc.collect()
        gc.freeze()
        try:
            start = time.thread_time()
            hits(text, "file", known=True)
            return time.thread_time() - start
        finally:
            gc.unfreeze()

    seconds(1000)
    # Three tries: something else may keep the processor's caches busy.
    assert any(seconds(400_000) < 40 * max(seconds(40_000), 0.01) for _ in range(3))


# What texts and tables are read by, said over and over again.
BEGUN = (
    *(
        "docker login <<<",
        "docker login ",
        "echo a | docker ",
        "<<a\n",
        "< <(echo ",
        "-e PASSWORD=",
        "setx PASSWORD ",
    ),
    *("password is ", "**password**: ", "# password ", "password (", "password=a \\\n", "user password "),
    *(
        "<password>",
        "<td>password",
        "|password",
        "password,",
        "password\t",
        "name: password\nvalue: ",
        "machine a ",
    ),
)


@pytest.mark.parametrize("begun", BEGUN)
def test_time_grows_with_the_texts(begun):
    """Four times the text takes about four times as long, however often it begins anew."""

    def seconds(length):
        text = (begun * (length // len(begun) + 1))[:length]
        start = time.thread_time()
        hits(text, "output", known=True)
        return time.thread_time() - start

    seconds(1000)
    assert any(seconds(40_000) < 8 * max(seconds(10_000), 0.002) for _ in range(3))


def test_a_long_text_of_everything():
    """A megabyte of all that is looked for, mixed, is searched in seconds."""
    text = "".join(made(1, PARTS, seed) + made(3, seed=seed) for seed in range(20_000))
    start = time.process_time()
    hits(text * 4, "file", known=True)
    assert time.process_time() - start < 30
