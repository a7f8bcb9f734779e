from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.rotation.run_id import fresh_run_id, is_run_id

NOW = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
WORDS = {
    "ghcr.io": "ghcr",
    "docker.io": "docker",
    "https://index.docker.io/v1/": "docker",
    "123456789012.dkr.ecr.eu-central-1.amazonaws.com": "ecr",
    "public.ecr.aws": "ecr",
    "acme.azurecr.io": "acr",
    "europe-docker.pkg.dev": "gar",
    "registry.gitlab.com": "gitlab",
    "de.icr.io": "icr",
    "harbor.example.com:8443": "harbor",
    "acme.common.repositories.cloud.sap": "acme",
    "nexus:5000": "nexus",
    "registry.corp": "registry",
    "127.0.0.1:5000": "registry",
    "localhost:5000": "registry",
    "[::1]:5000": "registry",
    "10.0.0.1": "registry",
    "": "registry",
    "ünï.example": "registry",
    f"{40 * 'a'}.example": 20 * "a",
}


@pytest.mark.parametrize(("host", "word"), WORDS.items())
def test_a_short_word_of_the_registry(host, word):
    """The id has the day, and the label of the host that says most."""
    assert fresh_run_id(host, NOW, ()) == f"r1201-{word}"


@given(st.text(max_size=40) | st.from_regex(r"[a-z0-9.:_-]{1,40}", fullmatch=True), st.integers(0, 4))
def test_an_id_that_nobody_has(host, count):
    """Whatever the host is called, the id can be typed, and no other run has it."""
    taken = set()
    for _ in range(count):
        taken.add(fresh_run_id(host, NOW, taken))
    assert len(taken) == count
    assert all(map(is_run_id, taken))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "r1201",
        "r1201-",
        "r1301-a",
        "r1232-a",
        "R1201-a",
        "r1201-a-",
        "-r1201-a",
        "r1201-a\n",
        "r1201-a b",
    ],
)
def test_what_is_no_id(text):
    """Other texts are none, so none of them is ever offered in a line to copy."""
    assert not is_run_id(text)
    assert not is_run_id(f"r1201-{100 * 'a'}")
