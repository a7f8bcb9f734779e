"""The ids of runs, short enough to be typed: `r1201-ghcr` is that of 1 December for ghcr.io."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.model.hosts import is_address
from aicore_magics.model.names import Registry
from aicore_magics.registry.host_patterns import labels_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

RUN_ID = r"r(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])-[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?"
_LONGEST_WORD = 20
# A label that tells the service, wherever it stands.
_SERVICES = {"ecr": "ecr", "ecr-fips": "ecr", "azurecr": "acr", "pkg": "gar"}
# Labels that say little, if there is another.
_GENERAL = {"registry", "registry-1", "docker", "index", "container", "containers", "images", "hub", "www"}
_ANY = "registry"


def is_run_id(text: str) -> bool:
    """Return whether *text* may be the id of a run.

    >>> is_run_id("r1201-ghcr"), is_run_id("r1201-ghcr-2"), is_run_id("r1301-ghcr"), is_run_id("-r")
    (True, True, False, False)
    """
    return re.fullmatch(RUN_ID, text) is not None


def fresh_run_id(registry_host: str, now: datetime, taken: Collection[str]) -> str:
    """Return the id of a run that begins *now*, and that is none of *taken*: those of all records there are.

    >>> from datetime import datetime
    >>> fresh_run_id("ghcr.io", datetime(2026, 12, 1), {"r1201-ghcr"})
    'r1201-ghcr-2'
    """
    plain = f"r{now:%m%d}-{_word(registry_host)}"
    if plain not in taken:
        return plain
    numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in numbered if each not in taken)


def _word(host: str) -> str:
    """A short word for *host*: its first label that says something."""
    registry = Registry.find(host)
    labels = labels_of(registry or host)
    if (
        registry is None
        or registry.is_loopback
        or is_address(re.sub(r":[0-9]+\Z", "", str(registry)).strip("[]"))
    ):
        return _ANY
    services = [_SERVICES[label] for label in labels if label in _SERVICES]
    named = [
        re.sub("[^a-z0-9]+", "-", label).strip("-") for label in labels[:-1] or [labels[0].partition(":")[0]]
    ]
    telling = [label for label in named if re.search("[a-z]..", label) and label not in _GENERAL]
    word = next(iter([*services, *telling, *reversed(named)]), "")
    return word[:_LONGEST_WORD].strip("-") or _ANY
