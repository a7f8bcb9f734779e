from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.standard_input import given_on_input
from tests.leaks.samples import PASSWORD


def given(text):
    return [text[start:end] for start, end in given_on_input(text)]


@pytest.mark.parametrize(
    "program", ["docker", "podman", "helm registry", "crane auth", "/usr/bin/docker", "docker.exe"]
)
def test_what_a_command_gets(program):
    """A word that is piped or redirected to a command that logs in is found."""
    for text in (
        f"echo {PASSWORD} | {program} login --password-stdin ghcr.io",
        f"{program} login --password-stdin ghcr.io <<< '{PASSWORD}'",
        f"{program} login --password-stdin ghcr.io <<EOF\n{PASSWORD}\nEOF\n",
        f"{program} login --password-stdin < <(printf %s {PASSWORD})",
    ):
        assert given(text) == [PASSWORD]


@pytest.mark.parametrize(
    "text",
    [
        f"echo {PASSWORD} | tee x; docker login ghcr.io",
        f"echo {PASSWORD} | docker build -; docker login ghcr.io",
        f"docker login ghcr.io; cat <<< {PASSWORD}",
        f"docker login ghcr.io\ncat <<EOF\n{PASSWORD}\nEOF\n",
        "cat token.txt | docker login --password-stdin",
        "docker login --password-stdin < token.txt",
    ],
)
def test_what_another_command_gets(text):
    """What is given to another command, or comes from a file, is none."""
    assert given(text) == []
