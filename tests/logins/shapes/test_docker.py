from __future__ import annotations

import json

import pytest

from aicore_magics.logins.shapes.docker import (
    containerd_registries,
    docker_config,
    merged,
    older_docker_config,
)
from aicore_magics.logins.shapes.found import Auths, Named

ENTRY = {"auth": "YTpi"}


@pytest.mark.parametrize(
    ("data", "entries"),
    [
        ({"auths": {"a.io": ENTRY}}, {"a.io": ENTRY}),
        ({"AUTHS": {"a.io": ENTRY}, "HttpHeaders": {}}, {"a.io": ENTRY}),
        ({"auths": {"a.io": ENTRY}, "credsStore": "desktop"}, {"a.io": ENTRY}),
        ({"auths": None}, {}),
        ({"auths": {}}, {}),
    ],
)
def test_docker_configs(data, entries):
    """The field is known in any case; null is none."""
    found = docker_config(data, None)
    assert isinstance(found, Auths)
    assert found.entries == entries


@pytest.mark.parametrize("data", [{"a": 1}, {}, {"data": {}}, {"auth": "YTpi"}])
def test_what_is_no_docker_config(data):
    """Without its field it is none."""
    assert docker_config(data, None) is None


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"auths": {"a.io": 1}, "auths": {"b.io": 2}}', ["a.io", "b.io"]),
        ('{"Auths": {"a.io": 1}, "x": 0, "auths": {"b.io": 2, "a.io": 3}}', ["a.io", "b.io"]),
        ('{"auths": {"a.io": 1}, "auths": null}', None),
        ('{"auths": {"a.io": 1, "a.io": 2}}', ["a.io"]),
    ],
)
def test_entries_of_two_parts(text, keys):
    """Where `auths` is there twice, the entries of both count, the later ones for the same key."""
    auths = json.loads(text, object_pairs_hook=merged)["auths"]
    assert (auths and list(auths)) == keys
    assert not auths or auths["a.io"] in (2, 3, 1)


@pytest.mark.parametrize(
    "data",
    [
        {"https://index.docker.io/v1/": {"username": "u", "password": "p", "email": "a@b.c"}},
        {"a.io": {"Auth": "YTpi"}},
        {"localhost": {"auth": "YTpi"}},
        {"10.0.0.1:5000": {"identitytoken": "x"}},
        {"a.io": ENTRY, "b.io": "odd"},
    ],
)
def test_older_docker_configs(data):
    """Entries at the top, under registries, are an older docker config, without `auth` and odd ones too."""
    found = older_docker_config(data, None)
    assert isinstance(found, Auths)
    assert found.entries == data


@pytest.mark.parametrize(
    "data",
    [{"proxies": {"username": "u"}}, {"a.io": {"x": 1}}, {"a.io": "YTpi"}, {1: ENTRY}, {"a b": ENTRY}, {}],
)
def test_what_is_no_older_docker_config(data):
    """An object under a word, and a registry without an entry, are none."""
    assert older_docker_config(data, None) is None


def test_registries_of_k3s():
    """Each host has its entry one level deeper; what has none is left out."""
    found = containerd_registries(
        {"configs": {"a.io": {"auth": {"username": "u"}}, "b.io": {"tls": {}}}}, None
    )
    assert isinstance(found, Auths)
    assert found.entries == {"a.io": {"username": "u"}}
    assert containerd_registries({"configs": {"a.io": {"tls": {}}}}, None) is None
    assert containerd_registries({"configs": {"default": {"auth": ENTRY}}}, None) is None


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"credsStore": "desktop"}, "docker keeps the passwords in a credential helper, not in this file"),
        (
            {"CredHelpers": {"a.io": "x"}},
            "docker keeps the passwords in a credential helper, not in this file",
        ),
        ({"auths": ["x"]}, "the docker config has `auths` that are a list, not an object"),
        ({"auths": 1}, "the docker config has `auths` that are a single value, not an object"),
        ({"currentContext": "x"}, "the file is a docker config without a login"),
    ],
)
def test_docker_configs_without_logins(data, what):
    """Each is told what it is."""
    found = docker_config(data, None)
    assert isinstance(found, Named)
    assert found.sentence == what
