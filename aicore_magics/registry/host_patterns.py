"""Hosts that are known by a pattern, which is matched label by label."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from aicore_magics.base.redact import without_user_info

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.names import Registry


def is_at(registry: Registry | str, hosts: Iterable[str]) -> bool:
    """Return whether the host of *registry*, or of an auth key, is one of *hosts*.

    >>> is_at("https://eu.gcr.io/team", ("*.gcr.io",)), is_at("gcr.io.evil.example", ("gcr.io",))
    (True, False)
    """
    return fit(labels_of(registry), hosts)


def labels_of(registry: Registry | str) -> list[str]:
    """Return the labels of the host of *registry*, or of an auth key; the last has the port with it.

    >>> labels_of("https://anna@GHCR.io:443/team"), labels_of("localhost:5000")
    (['ghcr', 'io'], ['localhost:5000'])
    """
    bare = re.sub(r"\Ahttps?://", "", without_user_info(str(registry)).lower())
    return bare.partition("/")[0].removesuffix(":443").split(".")


def fit(labels: list[str], hosts: Iterable[str]) -> bool:
    """Return whether *labels* are those of one of *hosts*: as many, and each as its pattern has it."""
    patterns = (host.split(".") for host in hosts)
    return any(len(each) == len(labels) and all(map(fnmatchcase, labels, each)) for each in patterns)
