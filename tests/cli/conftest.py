"""A sandbox, a folder to work in, and a command line: its status, and what it wrote where."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass

import pytest

from aicore_magics.cli import main, prompts


@dataclass
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def data(self):
        """Standard output, which is JSON and nothing else."""
        return json.loads(self.out)


@pytest.fixture
def nobody(monkeypatch, tmp_path):
    """There is no terminal, wherever the tests run."""
    monkeypatch.setattr(prompts, "TERMINAL", str(tmp_path / "no terminal"))


@pytest.fixture
def registry(sandbox, monkeypatch):
    """The registry of the sandbox, whose password is in REGISTRY_PASSWORD."""
    monkeypatch.setenv("REGISTRY_PASSWORD", sandbox.registry.password)
    return sandbox.registry


@pytest.fixture
def run(sandbox, registry, nobody, monkeypatch, tmp_path, capsys):
    """Run a command in a folder of its own; {key}, {image} and {login} stand for what the sandbox has."""
    monkeypatch.chdir(tmp_path)
    key = tmp_path / "key.json"
    key.write_text(sandbox.service_key_json())
    key.chmod(0o600)
    words = {
        "{tenant}": ["--service-key", "key.json"],
        "{image}": ["--image", f"{registry.host}/acme/churn:1.4"],
        "{elsewhere}": ["--image", "ghcr.io/acme/churn:1.4"],
        "{login}": ["--username", registry.username, "--password-env", "REGISTRY_PASSWORD"],
        "{refused}": ["--username", "bob", "--password-env", "REGISTRY_PASSWORD"],
    }

    def run(line, stdin=b""):
        typed = [each for word in line.split() for each in words.get(word, [word])]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        return Ended(main(typed), *capsys.readouterr())

    return run


@pytest.fixture
def run_here(nobody, monkeypatch, capsys):
    """Run a command of these words in this process: its status, and what it wrote where."""

    def run(*words, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        return (main(words), *capsys.readouterr())

    return run
