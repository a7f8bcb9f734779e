"""What a container needs beside its image: resources, volumes, and probes that ask how it is.

What is an error here, Kubernetes refuses with the whole pod.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.resources import QUANTITY, QUANTITY_SMALL, VOLUME
from aicore_magics.templates.catalogue.served import PORT, PROBE
from aicore_magics.templates.finding import shown
from aicore_magics.templates.quantity import amount, meant
from aicore_magics.templates.rules.keys import MOUNT, RESOURCES, nearest, unknown_keys
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, what

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aicore_magics.templates.finding import Findings, Path, Severity
    from aicore_magics.templates.rules.shape import Mapping

_PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
NEEDS = frozenset({"resources", *_PROBES})
_STORED = ("memory", "ephemeral-storage")
_MEBIBYTE = 2**20
LAST_PORT = 65_535


def needs_findings(found: Findings, container: Mapping, path: Path) -> None:
    """Find what is wrong with the resources and the probes of *container*."""
    resources, here = mapping_in(found, container, "resources", path), (*path, "resources")
    unknown_keys(found, resources, RESOURCES, here, owner="resources")
    asked, most = (_amounts(found, resources, key, here) for key in ("requests", "limits"))
    for name in asked.keys() & most.keys():
        if asked[name] > most[name]:
            message = f"the container requests more {shown(name)} than its limit"
            found.add(QUANTITY, (*here, "requests", name), message, "raise the limit, or request less")
    for key in filter(container.__contains__, _PROBES):
        _probe(found, mapping_in(found, container, key, path), (*path, key))


def _amounts(found: Findings, resources: Mapping, key: str, path: Path) -> dict[Any, float]:
    """What is asked for, as far as it is a quantity."""
    amounts = {}
    for name, value in mapping_in(found, resources, key, path).items():
        if isinstance(value, str) and "{{" in value:
            continue
        here, said = (*path, key, name), f"{shown(name)}: {shown(value)}"
        number = amount(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not number >= 0:
            what_is = said if type(value) in (str, int, float) else f"{shown(name)} is {what(value)}: it"
            fix = f"write {meant(value) if isinstance(value, str) else meant('')}"
            found.add(QUANTITY, here, f"{what_is} is not a quantity of Kubernetes", fix)
            continue
        amounts[name] = number
        if isinstance(name, str) and "/" in name and number != int(number):
            found.add(QUANTITY, here, f"{said} is a fraction, but this resource cannot be divided", "write 1")
        elif name in _STORED and 0 < number < _MEBIBYTE:
            found.add(QUANTITY_SMALL, here, f"{said} is less than 1 Mi", "write it like 512Mi or 4Gi")
    return amounts


def _probe(found: Findings, probe: Mapping, path: Path) -> None:
    asked = mapping_in(found, probe, "httpGet", path).get("path")
    if isinstance(asked, str) and asked and not asked.startswith(("/", "{{")):
        message = "the path of a probe does not begin with a slash"
        found.add(PROBE, (*path, "httpGet", "path"), message, f"write path: /{shown(asked)}")
    for kind in ("httpGet", "tcpSocket"):
        port = mapping_in(found, probe, kind, path).get("port") if kind in probe else None
        here = (*path, kind, "port")
        if isinstance(port, str) and port.isdigit():
            message = "the port of a probe is a string, which Kubernetes reads as the name of a port"
            found.add(PORT, here, message, f"write it without quotes, as port: {shown(port)}")
        elif isinstance(port, int) and not 1 <= port <= LAST_PORT:
            found.add(PORT, here, f"there is no port {shown(port)}", f"write a number from 1 to {LAST_PORT}")


def mount_findings(
    found: Findings, containers: Iterable[tuple[Path, Mapping]], volumes: Collection[str] | None, where: str
) -> None:
    """Find mounts of one path, and mounts of what is none of *volumes*, unless these are not known (None).

    *where* is where a volume is declared.
    """
    for path, container in containers:
        taken: set[str] = set()
        for here, mount in mappings_in(found, container, "volumeMounts", path):
            unknown_keys(found, mount, MOUNT, here, owner="an entry of volumeMounts")
            place, name = mount.get("mountPath"), mount.get("name")
            if place in (None, ""):
                found.add(VOLUME, here, "a volumeMount has no mountPath", "write mountPath: /mnt/data")
            elif isinstance(place, str) and (bare := place.rstrip("/")) in taken:
                message = f"two volumeMounts are at {shown(place)}"
                found.add(VOLUME, (*here, "mountPath"), message, "give each its own path")
            elif isinstance(place, str):  # what is none is told at the value
                taken.add(bare)
            if volumes is not None and isinstance(name, str) and "{{" not in name and name not in volumes:
                near = nearest(name, volumes)
                fix = f"write {shown(near[0])}" if near else f"declare it below volumes of {where}"
                found.add(VOLUME, (*here, "name"), f"there is no volume {shown(name)}", fix)


def volume_findings(found: Findings, owner: Mapping, path: Path, *, severity: Severity | None = None) -> None:
    """Find volumes of one name in the list of *owner*; *severity* where that is not refused."""
    seen: set[str] = set()
    volumes = owner.get("volumes")
    for i, volume in enumerate(volumes if isinstance(volumes, list) else ()):
        name = volume.get("name") if isinstance(volume, dict) else None
        if isinstance(name, str) and name in seen:
            message = f"an earlier volume also has the name {shown(name)}"
            here = (*path, "volumes", i, "name")
            found.add(VOLUME, here, message, "give each volume a different name", severity=severity)
        elif isinstance(name, str):
            seen.add(name)


def volume_names(*owners: Mapping) -> set[str] | None:
    """Give the names of the volumes that *owners* declare; None where a parameter decides on one."""
    listed = [owner.get(key) for owner in owners for key in ("volumes", "volumeClaimTemplates")]
    entries = [each for many in listed if isinstance(many, list) for each in many if isinstance(each, dict)]
    claims = (each.get("metadata") for each in entries)
    names = [claim.get("name") for claim in (*entries, *claims) if isinstance(claim, dict)]
    known = {name for name in names if isinstance(name, str)}
    return (
        None
        if any("{{" in name for name in known) or any(isinstance(many, str) for many in listed)
        else known
    )
