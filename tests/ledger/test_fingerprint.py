from __future__ import annotations

import base64
import json
import os
import random
import string

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.base.token_shapes import TOKEN_SHAPES
from aicore_magics.ledger.fingerprint import KEY_FILE, MADE_BY_MACHINES, Fingerprints
from aicore_magics.model.docker_secret import RegistryLogin
from tests.ledger.acts import child_of, heard_until, status_of

DRAWN = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=60)) + "7"


def coded(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


JWT = f"{coded({'alg': 'RS256'})}.{coded({'exp': 1})}.c2lnbg"
MACHINES = {
    "Docker Hub": f"dckr_pat_{DRAWN[-27:]}",
    "GitHub": f"ghp_{DRAWN[-36:]}",
    "GitHub, fine-grained": f"github_pat_{DRAWN}",
    "GitLab": f"glpat-{DRAWN[-20:]}",
    "Google": f"ya29.{DRAWN}",
    "Azure": f"{DRAWN[:42]}+ACR{DRAWN[:6]}",
    "Quay": DRAWN[:20].upper() + 44 * "A7",
    "NVIDIA": f"nvapi-{DRAWN}",
    "a JWT": JWT,
}
MACHINES["Quay"] = (DRAWN.upper() + "ABCD")[-64:]
PEOPLE = {
    "a word": "hunter2-hunter2",
    "a long sentence": "correct horse battery staple 42",
    "a prefix and a word": "ghp_" + 6 * "hunter",
    "a prefix and few letters": "ghp_" + 18 * "a1",
    "a token with something behind": f"ghp_{DRAWN[-36:]}-mine",
    "a token with something before": f"my ghp_{DRAWN[-36:]}",
    "three parts": "anna.is.here",
    "three parts, no objects": f"{coded([1])}.{coded('x')}.x",
    "random, of no known shape": DRAWN,
}


def login(password, registry="ghcr.io", username="anna"):
    return RegistryLogin(registry, username, Secret(password))


@pytest.mark.parametrize("password", MACHINES.values(), ids=MACHINES)
def test_tokens_of_machines(tmp_path, password):
    """A token that a machine made has one: the same each time, another for another login."""
    prints = Fingerprints(tmp_path / "state")
    print_ = prints.of(login(password))
    assert len(print_) == 32
    assert print_ == Fingerprints(tmp_path / "state").of(login(password))
    assert print_ != prints.of(login(password, username="bob"))
    assert print_ != prints.of(login(password, registry="quay.io"))
    assert print_ != Fingerprints(tmp_path / "other").of(login(password))
    key = tmp_path / "state" / KEY_FILE
    assert (key.stat().st_size, key.stat().st_mode & 0o777) == (32, 0o600)


@pytest.mark.parametrize("password", PEOPLE.values(), ids=PEOPLE)
def test_what_a_person_may_have_chosen(tmp_path, password):
    """All else has none, and makes no key."""
    assert Fingerprints(tmp_path / "state").of(login(password)) == ""
    assert not (tmp_path / "state").exists()


def test_each_shape_is_one_that_is_known():
    """The kinds of tokens that have one are rows of the table."""
    assert {shape.id for shape in TOKEN_SHAPES} >= MADE_BY_MACHINES


def test_the_spelling_of_a_registry_does_not_count(tmp_path):
    """Docker Hub has many names, and a login there is one."""
    prints = Fingerprints(tmp_path)
    names = ("docker.io", "https://index.docker.io/v1/", "hub.docker.com")
    assert len({prints.of(login(MACHINES["Docker Hub"], registry=name)) for name in names}) == 1


def test_no_key_no_fingerprint(tmp_path):
    """Turned off, or where the key cannot be made or read, there is none, and nothing is raised."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / KEY_FILE).write_bytes(b"short")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / KEY_FILE)
    for folder in (None, tmp_path / "file", tmp_path / "cut", tmp_path / "pipe"):
        assert Fingerprints(folder).of(login(MACHINES["GitHub"])) == ""


def test_one_key_for_all(tmp_path):
    """Of processes that need a key at once one makes it, and all use that."""

    def work(say):
        say(Fingerprints(tmp_path / "state").of(login(MACHINES["GitHub"])))

    children = [child_of(work) for _ in range(6)]
    said = b"".join(heard_until(pipe) for _, pipe in children).split()
    for child, pipe in children:
        os.close(pipe)
        assert status_of(child) == 0
    assert (len(said), len(set(said))) == (6, 1)
    assert [path.name for path in (tmp_path / "state").iterdir()] == [KEY_FILE]
