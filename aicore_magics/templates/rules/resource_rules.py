"""What Argo does not take in a template that makes, or looks at, an object of Kubernetes.

After validateLeaf in workflow/validate/validate.go of Argo 3.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import SETTING
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import mappings, names_in
from aicore_magics.templates.rules.keys import nearest, one_of

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_ACTIONS = ("get", "create", "apply", "delete", "replace", "patch")


def resource_findings(found: Findings, template: Mapping, path: Path) -> None:
    """Find what Argo does not take in the resource of *template*."""
    resource, here = template["resource"], (*path, "resource")
    if not isinstance(resource, dict):
        return
    action = resource.get("action")
    if action in (None, ""):
        found.add(SETTING, here, "the resource has no action", "write action: create, or another one")
        return
    one_of(found, resource, "action", here, known=_ACTIONS)
    if action in ("get", "delete"):
        return
    both = [key for key in ("manifest", "manifestFrom") if resource.get(key) not in (None, "")]
    if len(both) != 1:
        said = "both manifest and manifestFrom" if both else "no manifest"
        fix = "remove one of them" if both else "write manifest: | and the resource to create"
        found.add(SETTING, here, f"the resource has {said}", fix)
    elif both == ["manifest"]:
        _manifest(found, resource["manifest"], (*here, "manifest"))
    else:
        _from_artifact(found, template, resource["manifestFrom"], (*here, "manifestFrom"))


def _manifest(found: Findings, manifest: object, path: Path) -> None:
    """Find a manifest that is no YAML. Argo reads the first document of it, with `{{…}}` filled."""
    if not isinstance(manifest, str) or "{{=" in manifest:
        return
    # It is read only here: few templates have one.
    from aicore_magics.templates.yaml.marks import read_documents

    read = read_documents(manifest)
    if read.fault and not read.documents:
        message = f"the manifest is not YAML: line {read.fault.place.line} of it, {read.fault.problem}"
        found.add(SETTING, path, message, read.fault.cause or "check this line and the one before it")


def _from_artifact(found: Findings, template: Mapping, source: object, path: Path) -> None:
    """Find a manifest from an artifact that the template does not declare."""
    artifact = source.get("artifact") if isinstance(source, dict) else None
    name = artifact.get("name") if isinstance(artifact, dict) else None
    declared = set(names_in(mappings(template, "inputs", "artifacts")))
    if isinstance(name, str) and name not in declared:
        near = nearest(name, declared)
        fix = (
            f"write {shown(near[0])}"
            if near
            else f"declare it: - name: {shown(name)} below artifacts of inputs"
        )
        message = f"the template has no input artifact {shown(name)}"
        found.add(SETTING, (*path, "artifact", "name"), message, fix)
