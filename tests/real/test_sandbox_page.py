"""The reference's page of the sandbox's registry: what stands there works."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from aicore_magics.sandbox.registry_faults import EndedLogin
from aicore_magics.sandbox.registry_issuers import ISSUERS
from aicore_magics.sandbox.registry_passwords import SHAPES

PAGE = (Path(__file__).parents[2] / "notebooks" / "reference" / "sandbox.md").read_text("utf-8")


def block(kind):
    (text,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return text


@pytest.fixture
def registry(sandbox, monkeypatch):
    """The registry of a sandbox in a terminal, whose variables are set."""
    registry = sandbox.registry
    monkeypatch.delenv("SANDBOX_LOGINS_URL", raising=False)
    monkeypatch.setenv("LOGINS_URL", registry.logins_url)
    monkeypatch.setenv("REGISTRY_USER", registry.username)
    monkeypatch.setenv("REGISTRY_PASSWORD", registry.password)
    for name in ("NEW_TOKEN", "OLD_TOKEN"):
        monkeypatch.setenv(name, "")
    return registry


def test_the_cell(registry):
    """The Python of the page makes a login that ends soon and an expired one, and revokes the first."""
    names = {}
    exec(block("python"), names)
    assert [each.standing for each in registry.logins] == ["valid", "revoked", "expired"]
    assert os.environ["NEW_TOKEN"].count(".") == 2
    assert os.environ["NEW_TOKEN"] not in repr((names["soon"], names["expired"]))


@pytest.mark.needs("curl")
def test_the_shell(registry):
    """Its commands make, list and revoke a login; and no password is an argument of curl."""
    who, make, show, revoke = block("sh").strip().split("\n\n")

    def run(*lines, **variables):
        script = "\n".join((who, *lines))
        done = subprocess.run(
            ["sh", "-euc", script],
            env={**os.environ, **variables},
            capture_output=True,
            timeout=10,
            check=True,
        )
        return json.loads(done.stdout)

    made = run(make)
    assert made["password"].count(".") == 2
    assert [each["id"] for each in run(show)["logins"]] == [each.id for each in registry.logins]
    assert run(revoke, ID=made["id"])["standing"] == registry.logins[1].standing == "revoked"
    assert not re.search(r"curl.*PASSWORD", block("sh"))


def test_the_tables():
    """Each shape, each address of an issuer and each answer to an ended login is named."""
    missing = [shape for shape in SHAPES if not re.search(rf"^\| .*\b{shape}\b.* \|", PAGE, re.MULTILINE)]
    missing += [path for path in ISSUERS if path not in PAGE]
    missing += [each for each in EndedLogin.__args__ if each and f'`"{each}"`' not in PAGE]
    assert missing == []
