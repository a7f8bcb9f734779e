"""How the templates of a workflow call each other: what Argo's own validation refuses.

After workflow/validate/validate.go of Argo 3.5, the version that AI Core was seen to run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import ARGUMENT
from aicore_magics.templates.catalogue.structure import STEPS
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.argument_rules import (
    argument_findings,
    argument_value,
    loop_findings,
    unsupplied,
)
from aicore_magics.templates.rules.call_shapes import call_shapes
from aicore_magics.templates.rules.calls import Call, Targets, mappings, names_in
from aicore_magics.templates.rules.dag_rules import dag_findings
from aicore_magics.templates.rules.exit_rules import exit_findings
from aicore_magics.templates.rules.name_rules import call_names, list_names, parts_names, template_name
from aicore_magics.templates.rules.part_rules import part_findings, workflow_settings
from aicore_magics.templates.rules.reference_rules import Flow

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_PLAIN = frozenset({"arguments", "name", "template", "when"})


def flow_findings(
    found: Findings,
    spec: Mapping,
    templates: list[tuple[Path, Mapping, list[Call]]],
    names: set[str],
    *,
    inline: list[tuple[Path, Mapping, list[Call]]],
) -> tuple[dict[object, Flow], Targets]:
    """Find what Argo refuses in *templates*, each with what it calls; give the flows by their index.

    *names* are those of the templates. Those that are *inline* in a step have none, so nothing calls them.
    """
    given = mappings(spec, "arguments", "parameters")
    arguments = set(names_in(given))
    whole = len(arguments) == len(given)
    targets = Targets([(path, template) for path, template, _ in templates], arguments if whole else None)
    # Defaults for all templates may hold inputs as well.
    known = None if "templateDefaults" in spec else targets
    workflow_settings(found, spec)
    if "arguments" in spec:
        parts_names(found, spec, "arguments", ("spec",))
        for i, argument in enumerate(given):
            argument_value(found, argument, ("spec", "arguments", "parameters", i), due=False)
    if "workflowTemplateRef" not in spec:
        exit_findings(found, spec, ("spec",), names, targets=known)
        if known:
            _entrypoint(found, spec, known)
    flows: dict[object, Flow] = {}
    for path, template, calls in (*templates, *inline):
        part_findings(found, template, path)
        _names(found, template, path)
        flow = _flow(found, template, path, calls, names=names, targets=known)
        flows[path[-1] if path[-1] != "inline" else path] = flow
    return flows, targets


def _names(found: Findings, template: Mapping, path: Path) -> None:
    template_name(found, template, path)
    for key in ("inputs", "outputs"):
        if key in template:
            parts_names(found, template, key, path)
    group = template.get("containerSet")
    if isinstance(group, dict):
        list_names(found, group.get("containers"), (*path, "containerSet", "containers"), word="container")
    for key in ("initContainers", "sidecars"):
        if key in template:
            list_names(found, template[key], (*path, key), word="container")


def _flow(
    found: Findings,
    template: Mapping,
    path: Path,
    calls: list[Call],
    *,
    names: set[str],
    targets: Targets | None,
) -> Flow:
    if not calls and "dag" not in template:
        return Flow(template, [], {})
    call_names(found, calls)
    for call in calls:
        call_shapes(found, call)
        # Most say no more than which template, and with which arguments.
        if not call.entry.keys() <= _PLAIN:
            _reference(found, call)
            loop_findings(found, call)
            exit_findings(found, call.entry, call.path, names, targets=targets)
        target = targets.of(call.entry) if targets else None
        if "arguments" in call.entry:
            parts_names(found, call.entry, "arguments", call.path)
        elif target is None or "inputs" not in target:
            continue
        argument_findings(found, call.entry, call.path, target, word=call.word)
    return Flow(template, calls, dag_findings(found, template, path, calls) if "dag" in template else {})


def _reference(found: Findings, call: Call) -> None:
    """Find a reference to a template elsewhere that is not whole, or stands beside one to a template here."""
    reference = call.entry.get("templateRef")
    if not isinstance(reference, dict):
        return
    here = (*call.path, "templateRef")
    if call.entry.get("template") not in (None, ""):
        message = f"the {call.word} {shown(call.name)} has template and templateRef; Argo accepts one of them"
        found.add(STEPS, here, message, "remove one of them")
    for key, what in (("name", "WorkflowTemplate"), ("template", "template in it")):
        if reference.get(key) in (None, ""):
            found.add(STEPS, here, f"templateRef has no {what}", f"write {key}: NAME below templateRef")


def _entrypoint(found: Findings, spec: Mapping, targets: Targets) -> None:
    """Find inputs of the entrypoint that no argument of the workflow can fill."""
    target = targets.of({"template": spec.get("entrypoint")})
    if target is None or "inputs" not in target:
        return
    given = set(names_in(mappings(spec, "arguments", "parameters")))
    for name in unsupplied(target, given):
        message = f"the entrypoint needs {shown(name)}, but spec.arguments does not declare it"
        fix = f"declare it: - name: {shown(name)} below parameters of spec.arguments"
        found.add(ARGUMENT, ("spec", "entrypoint"), message, fix, severity="warning")
