from __future__ import annotations

import re

import pytest

from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.kinds import KINDS
from tests.leaks.samples import TOKENS, made, private_key

AROUND = (
    "{}", 'x = "{}"', "x='{}'", "login {} now", "({})", "a={}&b=c", "%3D{}", "a\\n{}", "[{}]",
    "<td>{}</td>", "&quot;{}&quot;", "\n{}\n", "{}.",
)  # fmt: skip
NOTHING = (
    "laughs_at_everything_that_is_said", "eyJust.eyJoking", "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----\n" + made(64), "AKIA is how a key begins", "npm_config_registry",
    "hf_hub_download", "pypi-server", "glpat-", "sha256:" + made(64, "0123456789abcdef"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
@pytest.mark.parametrize("around", AROUND)
def test_a_token_is_found_as_a_whole(sample, around):
    """Each token is found once, from its first to its last character, whatever stands around it."""
    text = around.format(sample.text)
    found = hits(text, "code")
    assert [hit.kind_id for hit in found] == [sample.kind_id]
    start = text.index(sample.text)
    assert (found[0].start, found[0].end - len(sample.text) - start) in (
        (start, 0),
        (start, around.endswith(".")),
    )


def test_more_than_seventeen_kinds_are_known_by_their_looks():
    """The samples are of nearly every kind with a shape."""
    shaped = {kind.id for kind in KINDS if kind.shape}
    assert len(shaped) >= 17
    assert shaped - {sample.kind_id for sample in TOKENS} == {"google-key", "azure-storage-key", "quay-token"}


def test_a_robot_token_of_quay_needs_the_word():
    """64 capital letters and digits are a token where Quay is spoken of, and a digest elsewhere."""
    token = made(64, "ABCDEFGHIJ0123456789")
    assert [hit.kind_id for hit in hits(f"quay.io robot\n{token}", "code")] == ["quay-token"]
    assert hits(f"sha256 {token}", "code") == []


@pytest.mark.parametrize("token", [16 * "ACGT", 8 * "ABCDEF01", made(64, "0123456789")])
def test_dna_and_digests_are_no_token_of_quay(token):
    """Letters alone, digits alone and hexadecimal digits are none, wherever they stand."""
    assert hits(f"quay.io\nx = '{token}'", "code") == []


@pytest.mark.parametrize(
    "line",
    [
        "WANDB_API_KEY={}",
        'os.environ["WANDB_API_KEY"] = "{}"',
        "wandb.login(key='{}')",
        "!wandb login {}",
        '{{"WANDB_API_KEY": "{}"}}',
    ],
)
def test_a_key_of_weights_and_biases(line):
    """Forty hexadecimal digits are one where they are given to W&B, and else a commit."""
    key = made(40, "0123456789abcdef")
    text = line.format(key)
    assert [(text[hit.start : hit.end], hit.kind_id) for hit in hits(text, "code")] == [(key, "wandb-key")]
    assert hits(f"pip install git+https://github.com/wandb/wandb.git@{key}", "code") == []


def test_a_storage_key_of_azure():
    """The key in a connection string is found, the name before it stays."""
    text = "AccountName=a;AccountKey=" + made(86) + "==;EndpointSuffix=core.windows.net"
    (hit,) = hits(text, "code")
    assert (hit.kind_id, text[hit.start : hit.end]) == ("azure-storage-key", text[25:113])


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_begins_like_one(text):
    """A word that begins like a token, or the first line of a key alone, is nothing."""
    assert hits(text, "output") == []


def test_a_key_that_was_cut_off():
    """A private key without its last line is found with all its lines, and no line more."""
    lines = [made(64, seed=seed) for seed in range(3)]
    text = "\n".join(["-----BEGIN " + "PRIVATE KEY-----", *lines, "and so on"])
    (hit,) = hits(text, "output")
    assert text[hit.end :] == "\nand so on"


def test_a_key_put_together_line_by_line():
    """A private key in several Python strings is one credential."""
    lines = private_key().splitlines()
    text = "key = (\n" + "\n".join(f'    "{line}\\n"' for line in lines) + "\n)"
    assert [hit.kind_id for hit in hits(text, "code")] == ["private-key"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_is_told_in_plain_words(kind):
    """Each kind has its words, where it is revoked, an id for rules, and hints in small letters."""
    assert re.fullmatch(r"(?:an?|the) .+", kind.words)
    assert kind.revoke
    assert not kind.revoke.endswith(".")
    assert re.fullmatch(r"[a-z]+(?:-[a-z]+)*", kind.id)
    assert all(hint == hint.lower() for hint in kind.hints)
    assert bool(kind.shape) == bool(kind.hints)
