"""Which tenant a line is for."""

from __future__ import annotations

import json

import pytest

from aicore_magics.cli.commands import read
from aicore_magics.cli.tenant import door_of, for_reading, is_named, require_tenant
from aicore_magics.errors import NotConnected
from aicore_magics.next_steps import do


@pytest.mark.parametrize(
    ("words", "again"),
    [
        ("", ""),
        ("--profile dev", " --profile dev"),
        ("--service-key a.json --ca-file b.pem", " --service-key a.json --ca-file b.pem"),
        ("--service-key-env KEY --trust-host h", " --service-key-env KEY --trust-host h"),
    ],
)
def test_the_words_are_said_again(words, again):
    """What to do next has the words that led to the tenant."""
    _, options = read(["list", *words.split()])
    assert door_of(options).say(do("list")) == f"jupyter aicore list{again}"
    assert is_named(options) == bool(words)


def test_the_registry_has_a_ca_of_its_own():
    """Where a registry is asked, --ca-file is for that: a step at AI Core does not have it."""
    _, options = read(["create", "a1", "--ca-file", "b.pem", "--profile", "dev"])
    assert door_of(options).say(do("list")) == "jupyter aicore list --profile dev"


@pytest.mark.parametrize("command", ["create", "apply", "update", "delete"])
def test_a_write_is_for_a_tenant_that_is_named(command, monkeypatch):
    """Credentials that are only found are no tenant to write to."""
    monkeypatch.setenv("AICORE_SERVICE_KEY", "{}")
    _, options = read([command, "team-a"])
    with pytest.raises(NotConnected, match="a write needs its tenant on the same line"):
        require_tenant(options)


def test_each_way_to_name_it(sandbox, monkeypatch, tmp_path):
    """A profile, a file and a variable lead to the tenant, and so does what is found, for reading."""
    key = sandbox.service_key
    config = {
        "AICORE_CLIENT_ID": key["clientid"],
        "AICORE_CLIENT_SECRET": key["clientsecret"],
        "AICORE_AUTH_URL": key["url"],
        "AICORE_BASE_URL": f"{sandbox.url}/v2",
    }
    (tmp_path / "config_dev.json").write_text(json.dumps(config))
    (tmp_path / "key.json").write_text(sandbox.service_key_json())
    monkeypatch.setenv("AICORE_HOME", str(tmp_path))
    monkeypatch.setenv("AICORE_SERVICE_KEY", sandbox.service_key_json())
    for words in (
        "--profile dev",
        f"--service-key {tmp_path}/key.json",
        "--service-key-env AICORE_SERVICE_KEY",
        "",
    ):
        tenant = for_reading(read(["list", *words.split()])[1])
        assert tenant.host == sandbox.url.removeprefix("http://")
        tenant.close()
