"""Artifacts that Argo does not take in a template: without a path, from nowhere, at a place of another one.

After validateInputs, validateOutputs, validateArtifactLocation and CleanPath of Argo 3.5. What a location
cannot do without is also due in its schema.
"""

from __future__ import annotations

from posixpath import normpath
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import OUTPUT
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED, mappings

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

FLOWS = ("steps", "dag")
NO_PODS = (*FLOWS, "suspend")
# What a location cannot do without, and an example of it.
DUE = {
    "artifactory": ("url", "https://host/repository/rows.csv"),
    "git": ("repo", "https://github.com/acme/churn"),
    "http": ("url", "https://host/rows.csv"),
    "raw": ("data", "some text"),
}


def artifact_findings(found: Findings, template: Mapping, path: Path, *, side: str, action: str) -> None:
    """Find what Argo does not take in the artifacts of one *side* of *template*, inputs or outputs."""
    files = action not in NO_PODS
    for i, artifact in enumerate(mappings(template[side], "artifacts")):
        here = (*path, side, "artifacts", i)
        location_findings(found, artifact, here)
        place = artifact.get("path")
        if files and isinstance(place, str) and ".." in place and _leaves(place):
            message = f"the path {shown(place)} points outside its folder"
            found.add(OUTPUT, (*here, "path"), message, "write it without ..")
        if not files and side == "outputs" and not any(map(artifact.get, ("from", "fromExpression", "path"))):
            message = (
                f"the output artifact {shown(artifact.get('name'))} has no source, so Argo leaves it out"
            )
            fix = "write from: with an output of a step or task below its name"
            found.add(OUTPUT, here, message, fix, severity="warning")
        # Most have a path, and stand where files are.
        if files and place and "from" not in artifact:
            continue
        if files and place in (None, ""):
            message = f"the artifact {shown(artifact.get('name'))} has no path in the container"
            found.add(OUTPUT, here, message, "write path: /app/data below its name")
        elif not files and place:
            name = shown(artifact.get("name"))
            message = f"the artifact {name} has a path; a template with {action} has no files"
            found.add(
                OUTPUT,
                (*here, "path"),
                message,
                "leave the path out; write it in the template that is called",
            )
        if side == "inputs" and artifact.get("from"):
            message = (
                f"the input artifact {shown(artifact.get('name'))} has from; only an argument can have it"
            )
            found.add(
                OUTPUT, (*here, "from"), message, "write from: in the arguments of the step that calls it"
            )
    if side == "inputs":
        _places(found, template, path)


def location_findings(found: Findings, artifact: Mapping, path: Path) -> None:
    """Find that the location of *artifact* lacks what it cannot do without."""
    for kind in filter(artifact.__contains__, DUE):
        (key, example), location = DUE[kind], artifact[kind]
        if isinstance(location, dict) and location.get(key) in (None, ""):
            found.add(OUTPUT, (*path, kind), f"{kind} has no {key}", f"write {key}: {example} below {kind}")
    hdfs = artifact.get("hdfs")
    if isinstance(hdfs, dict):
        _hdfs(found, hdfs, (*path, "hdfs"))


def _hdfs(found: Findings, hdfs: Mapping, path: Path) -> None:
    place = hdfs.get("path")
    if hdfs.get("addresses") in (None, []):
        found.add(OUTPUT, path, "hdfs has no addresses", "write addresses: [HOST:8020] below hdfs")
    if not isinstance(place, str) or not place.startswith(("/", BRACED)):
        found.add(OUTPUT, path, "hdfs has no path that begins with a slash", "write path: /data below hdfs")
    if not any(hdfs.get(key) for key in ("hdfsUser", "krbCCacheSecret", "krbKeytabSecret")):
        found.add(OUTPUT, path, "hdfs has no user", "write hdfsUser: NAME below hdfs")


def _leaves(path: str) -> bool:
    """Whether *path* leads out of the folder in front of its first `..`."""
    begin, up, _ = f"{path}/".partition("/../")
    return bool(begin and up) and not normpath(path).startswith(f"{begin}/")


def _places(found: Findings, template: Mapping, path: Path) -> None:
    """Find input artifacts at one path, or where the container mounts a volume."""
    if "container" not in template:
        return
    taken: dict[str, tuple[str, object]] = {}
    for mount in mappings(template, "container", "volumeMounts"):
        taken[str(mount.get("mountPath")).rstrip("/")] = ("volume", mount.get("name"))
    for i, artifact in enumerate(mappings(template, "inputs", "artifacts")):
        place, own = artifact.get("path"), ("artifact", artifact.get("name"))
        if not isinstance(place, str) or not place:
            continue
        kind, name = taken.setdefault(place.rstrip("/"), own)
        if (kind, name) != own:
            message = f"the artifact {shown(own[1])} has the path of the {kind} {shown(name)}"
            here = (*path, "inputs", "artifacts", i, "path")
            found.add(OUTPUT, here, message, "give each its own path")
