from __future__ import annotations

import base64
import json
import os
import random
import string

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.base.token_shapes import TOKEN_SHAPES
from aicore_magics.ledger.fingerprint import KEY_FILE, Fingerprints
from aicore_magics.ledger.makers import MAKERS
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from tests.ledger.acts import child_of, heard_until, status_of

DRAWN = "".join(random.Random(7).choices(string.ascii_letters + string.digits, k=60)) + "7"


def coded(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


OBJECTS = f"{coded({'alg': 'RS256'})}.{coded({'exp': 1})}"
JWT = f"{OBJECTS}.{DRAWN[:43]}"
HEX = "".join(random.Random(8).choices("0123456789abcdef", k=64))
MACHINES = {  # each at a registry of its maker
    "Docker Hub": ("docker.io", f"dckr_pat_{DRAWN[-27:]}"),
    "GitHub": ("ghcr.io", f"ghp_{DRAWN[-36:]}"),
    "GitHub, fine-grained": ("ghcr.io", f"github_pat_{DRAWN[-22:]}_{DRAWN[-59:]}"),
    "GitHub, for a company": ("containers.acme.ghe.com", f"ghp_{DRAWN[-36:]}"),
    "GitLab": ("registry.gitlab.com", f"glpat-{DRAWN[-20:]}"),
    "GitLab, a later form": ("registry.gitlab.com", f"glpat-{DRAWN[-27:]}.01.0a1b2c3d4"),
    "Amazon": ("1.dkr.ecr.eu-central-1.amazonaws.com", "eyJwYXlsb2FkIjoi" + 2 * DRAWN + DRAWN[-8:] + "=="),
    "Google": ("eu.gcr.io", f"ya29.{DRAWN}"),
    "Google, the later registry": ("europe-docker.pkg.dev", f"ya29.{DRAWN}"),
    "Azure": ("acme.azurecr.io", f"{DRAWN[:42]}+ACR{DRAWN[:6]}"),
    "Azure, a client secret": ("acme.azurecr.io", f"abc8Q~{DRAWN[:34]}"),
    "Quay": ("quay.io", (DRAWN.upper() + "ABCD")[-64:]),
    "JFrog": ("acme.jfrog.io", f"cmVmdGtu{DRAWN[-56:]}"),
    "JFrog at SAP": ("a.common.repositories.cloud.sap", f"AKCp{DRAWN[:60]}{DRAWN[:9]}"),
    "DigitalOcean": ("registry.digitalocean.com", f"dop_v1_{HEX}"),
    "NVIDIA": ("nvcr.io", f"nvapi-{DRAWN}"),
}
JWTS = {"a JWT": ("harbor.example.com", JWT), "a long one": ("ghcr.io", f"{JWT}{DRAWN}")}
ELSEWHERE = ("harbor.example.com", "ghcr.io.evil.example", "evil.example/x@ghcr.io", "*.io")
WORDS = "My-winter-password-2024-for-the-deploy-user-of-AcmeCorp-who-is-Anna"
PEOPLE = {
    "a word": "hunter2-hunter2",
    "a long sentence": "correct horse battery staple 42",
    "a prefix and a word": "ghp_" + 6 * "hunter",
    "a prefix and few letters": "ghp_" + 18 * "a1",
    "a token with something behind": f"ghp_{DRAWN[-36:]}-mine",
    "a token with something before": f"my ghp_{DRAWN[-36:]}",
    "three parts": "anna.is.here",
    "three parts, no objects": f"{coded([1])}.{coded('x')}.{DRAWN}",
    "two objects and a word": f"{OBJECTS}.hunter2",
    "two empty objects and a word": "e30.e30.x",
    "two objects and no signature": f"{OBJECTS}.",
    "two objects and 42 letters": f"{OBJECTS}.{DRAWN[:42]}",
    "two objects and few letters": f"{OBJECTS}.{9 * 'hunter2'}",
    "GitLab and words": f"glpat-{WORDS[:23]}",
    "GitHub and words": f"ghp_{WORDS.replace('-', '')[:39]}",
    "GitHub, fine-grained, and words": f"github_pat_{WORDS.replace('-', '')}",
    "Docker Hub and words": f"dckr_pat_{WORDS}",
    "random, of no known shape": DRAWN,
}


def login(password, registry="ghcr.io", username="anna"):
    return RegistryLogin(AuthKey(registry), username, Secret(password))


@pytest.mark.parametrize(("registry", "password"), (MACHINES | JWTS).values(), ids=MACHINES | JWTS)
def test_tokens_of_machines(tmp_path, registry, password):
    """A token that a machine made has one: the same each time, another for another login."""
    prints = Fingerprints(tmp_path / "state")
    print_ = prints.of(login(password, registry))
    assert len(print_) == 32
    assert print_ == Fingerprints(tmp_path / "state").of(login(password, registry))
    assert print_ != prints.of(login(password, registry, username="bob"))
    assert print_ != Fingerprints(tmp_path / "other").of(login(password, registry))
    key = tmp_path / "state" / KEY_FILE
    assert (key.stat().st_size, key.stat().st_mode & 0o777) == (32, 0o600)


@pytest.mark.parametrize("password", PEOPLE.values(), ids=PEOPLE)
def test_what_a_person_may_have_chosen(tmp_path, password):
    """All else has none at any registry, and makes no key."""
    for registry in (*ELSEWHERE, *(registry for registry, _ in MACHINES.values())):
        assert Fingerprints(tmp_path / "state").of(login(password, registry)) == ""
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("name", MACHINES)
def test_a_token_away_from_its_maker(tmp_path, name):
    """Where its maker has no registry, what looks like a token may be a password that a person chose."""
    others = {registry for other, (registry, _) in MACHINES.items() if other[:5] != name[:5]}
    for registry in (*ELSEWHERE, *others):
        assert Fingerprints(tmp_path / "state").of(login(MACHINES[name][1], registry)) == ""


def test_another_registry_is_another_login(tmp_path):
    """One JWT for two registries is two logins."""
    prints = Fingerprints(tmp_path)
    assert prints.of(login(JWT, "quay.io")) != prints.of(login(JWT, "ghcr.io")) != ""


def test_each_shape_is_one_that_is_known():
    """The kinds of tokens that have one are rows of the table."""
    assert {shape.id for shape in TOKEN_SHAPES} >= set(MAKERS)


def test_the_spelling_of_a_registry_does_not_count(tmp_path):
    """Docker Hub has many names, and a login there is one."""
    prints = Fingerprints(tmp_path)
    names = ("docker.io", "https://index.docker.io/v1/", "hub.docker.com")
    assert len({prints.of(login(MACHINES["Docker Hub"][1], registry=name)) for name in names}) == 1


def test_no_key_no_fingerprint(tmp_path):
    """Turned off, or where the key cannot be made or read, there is none, and nothing is raised."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / KEY_FILE).write_bytes(b"short")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / KEY_FILE)
    for folder in (None, tmp_path / "file", tmp_path / "cut", tmp_path / "pipe"):
        assert Fingerprints(folder).of(login(MACHINES["GitHub"][1])) == ""


def test_one_key_for_all(tmp_path):
    """Of processes that need a key at once one makes it, and all use that."""

    def work(say):
        say(Fingerprints(tmp_path / "state").of(login(MACHINES["GitHub"][1])))

    children = [child_of(work) for _ in range(6)]
    said = b"".join(heard_until(pipe) for _, pipe in children).split()
    for child, pipe in children:
        os.close(pipe)
        assert status_of(child) == 0
    assert (len(said), len(set(said))) == (6, 1)
    assert [path.name for path in (tmp_path / "state").iterdir()] == [KEY_FILE]
