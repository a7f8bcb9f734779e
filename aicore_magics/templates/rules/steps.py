"""Whether the entrypoint, the steps and the tasks of a workflow name templates that are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.structure import ENTRYPOINT, STEPS, TEMPLATES
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, not_text, text_in

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_SPEC: Path = ("spec",)


def entrypoint_findings(found: Findings, spec: Mapping, names: set[str]) -> None:
    """Find that *spec* has no entrypoint, or one that is none of *names*."""
    if "workflowTemplateRef" in spec:
        return
    if not spec.get("templates"):
        here = (*_SPEC, "templates") if "templates" in spec else _SPEC
        found.add(TEMPLATES, here, "spec has no templates", "write templates: with one that has a container")
    entrypoint = text_in(found, spec, "entrypoint", _SPEC)
    here = (*_SPEC, "entrypoint") if "entrypoint" in spec else _SPEC
    if not entrypoint and spec.get("entrypoint") in (None, ""):
        fix = (
            f"write entrypoint: {shown(min(names))}"
            if names
            else "write entrypoint: NAME, the name of a template"
        )
        found.add(ENTRYPOINT, here, "spec has no entrypoint", fix)
    elif entrypoint and entrypoint not in names and "{{" not in entrypoint:
        found.add(ENTRYPOINT, here, f"there is no template {shown(entrypoint)}", _one_of(entrypoint, names))


def call_findings(found: Findings, template: Mapping, path: Path, names: set[str]) -> None:
    """Find steps and tasks that name none of *names*, the templates of this document, nor one elsewhere."""
    calls = _steps(found, template, path)
    if "dag" in template:
        calls += mappings_in(found, mapping_in(found, template, "dag", path), "tasks", (*path, "dag"))
    for here, call in calls:
        wanted = call.get("template")
        if wanted is None:
            if not call.keys() & {"templateRef", "inline"}:
                message = f"the step {shown(call.get('name'))} names no template"
                found.add(STEPS, here, message, f"write template: {shown(min(names, default='NAME'))}")
        elif not isinstance(wanted, str):
            not_text(found, "template", wanted, (*here, "template"))
        elif wanted not in names and "{{" not in wanted:
            message = f"there is no template {shown(wanted)}"
            found.add(STEPS, (*here, "template"), message, _one_of(wanted, names))


def _steps(found: Findings, template: Mapping, path: Path) -> list[tuple[Path, Mapping]]:
    steps = template.get("steps")
    if steps is None:
        return []
    calls: list[tuple[Path, Mapping]] = []
    for i, group in enumerate(steps if isinstance(steps, list) else [steps]):
        here = (*path, "steps", i)
        if isinstance(group, list):
            for k, step in enumerate(group):
                if isinstance(step, dict):
                    calls.append(((*here, k), step))
        else:
            message = "steps is a list of lists: those of an inner one run side by side"
            found.add(STEPS, here if isinstance(steps, list) else here[:-1], message, "write - - name: NAME")
    return calls


def _one_of(wanted: str, names: set[str]) -> str:
    near = nearest(wanted, names)
    if near or names:
        return f"write {shown(near[0] if near else min(names))}"
    return "name one of the templates"
