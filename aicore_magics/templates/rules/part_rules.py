"""What Argo does not take in one template of a workflow, by what the template does.

After validateTemplate, validateInputs, validateOutputs and validateLeaf in workflow/validate/validate.go of
Argo 3.5. A pod runs for all but steps, dag and suspend.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import DEPENDENCY, OUTPUT, SETTING
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.artifact_rules import FLOWS, NO_PODS, artifact_findings, location_findings
from aicore_magics.templates.rules.calls import BRACED, mappings, names_in
from aicore_magics.templates.rules.dag_rules import cycles
from aicore_magics.templates.rules.keys import ACTIONS, nearest, one_of
from aicore_magics.templates.rules.needs import mount_findings
from aicore_magics.templates.rules.resource_rules import resource_findings

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.dag_rules import Graph
    from aicore_magics.templates.rules.shape import Mapping

# Where the value of an output may come from, by what the template does.
_FILES = frozenset({"path"})
_SOURCES = {
    "container": _FILES,
    "containerSet": _FILES,
    "script": _FILES,
    "resource": frozenset({"jqFilter", "jsonPath"}),
    "steps": frozenset({"parameter", "expression"}),
    "dag": frozenset({"parameter", "expression"}),
}
_EVERY_SOURCE = ("path", "jqFilter", "jsonPath", "parameter", "expression", "supplied")
_POLICIES = ("Always", "OnError", "OnFailure", "OnTransientError")
_DELETIONS = ("OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess")
_SETTINGS = ("activeDeadlineSeconds", "parallelism", "retryStrategy", "timeout")
# Matches `60` and `{{workflow.parameters.seconds}}`, and an empty text, which counts as none.
_WHOLE = re.compile(r"\A(?:[0-9]+)?\Z|\{\{")
_METRIC = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*")
_METERS = ("gauge", "counter", "histogram")


def part_findings(found: Findings, template: Mapping, path: Path) -> None:
    """Find what Argo does not take in *template*, which does exactly one thing."""
    actions = template.keys() & ACTIONS
    if len(actions) != 1:
        return
    (action,) = actions
    _settings(found, template, path, action)
    if "inputs" in template:
        artifact_findings(found, template, path, side="inputs", action=action)
    if "outputs" in template:
        artifact_findings(found, template, path, side="outputs", action=action)
        for i, parameter in enumerate(mappings(template["outputs"], "parameters")):
            _output(found, parameter, (*path, "outputs", "parameters", i), action)
    if "archiveLocation" in template and isinstance(template["archiveLocation"], dict):
        location_findings(found, template["archiveLocation"], (*path, "archiveLocation"))
    if "metrics" in template:
        _metrics(found, template, path)
    if action == "containerSet":
        _container_set(found, template, path)
    elif action == "plugin":
        _plugin(found, template["plugin"], (*path, "plugin"))
    elif action == "resource":
        resource_findings(found, template, path)


def workflow_settings(found: Findings, spec: Mapping) -> None:
    """Find what Argo does not take in the spec of a workflow, beside its templates."""
    garbage = spec.get("podGC")
    if isinstance(garbage, dict):
        one_of(found, garbage, "strategy", ("spec", "podGC"), known=_DELETIONS)
    if "workflowTemplateRef" in spec and spec.get("templates"):
        message = "spec has workflowTemplateRef and templates; Argo accepts one of them"
        found.add(SETTING, ("spec", "workflowTemplateRef"), message, "remove one of them")


def _settings(found: Findings, template: Mapping, path: Path, action: str) -> None:
    if template.keys().isdisjoint(_SETTINGS):
        return
    for key, wrong in (
        ("activeDeadlineSeconds", action in FLOWS),
        ("timeout", action in NO_PODS),
        ("parallelism", action not in FLOWS),
    ):
        if wrong and template.get(key) not in (None, ""):
            fix = (
                "leave it out, or write it in the template that makes the call"
                if key == "parallelism"
                else "leave it out"
            )
            if key == "activeDeadlineSeconds":
                fix = "write it in the templates that it calls, or in spec"
            found.add(SETTING, (*path, key), f"Argo does not allow {key} in a template with {action}", fix)
    timeout = template.get("timeout")
    if action not in NO_PODS and isinstance(timeout, str) and re.fullmatch(r"[-+]?[0-9]+", timeout):
        message = "the timeout has no unit"
        found.add(SETTING, (*path, "timeout"), message, f'write "{timeout}s", or another unit')
    deadline = template.get("activeDeadlineSeconds")
    here = (*path, "activeDeadlineSeconds")
    if isinstance(deadline, (str, float)) and action not in FLOWS and not _WHOLE.search(str(deadline)):
        message = f"activeDeadlineSeconds is {shown(deadline)}, it must be a number of seconds"
        found.add(SETTING, here, message, "write a whole number from 1, without a unit")
    if isinstance(deadline, int) and deadline < 0 and action not in FLOWS:
        found.add(SETTING, here, "activeDeadlineSeconds is less than 0", "write a number of seconds from 1")
    retry = template.get("retryStrategy")
    if isinstance(retry, dict):
        one_of(found, retry, "retryPolicy", (*path, "retryStrategy"), known=_POLICIES)


def _output(found: Findings, parameter: Mapping, path: Path, action: str) -> None:
    source, known = parameter.get("valueFrom"), _SOURCES.get(action, frozenset())
    if parameter.get("value") is not None:
        if source is not None:
            message = (
                f"the output {shown(parameter.get('name'))} has value and valueFrom; Argo accepts one of them"
            )
            found.add(OUTPUT, (*path, "valueFrom"), message, "remove one of them")
        return
    named = (
        [key for key in _EVERY_SOURCE if source.get(key) not in (None, "")]
        if isinstance(source, dict)
        else []
    )
    if len(named) == 1 and (not known or named[0] in known):
        return
    name, here = shown(parameter.get("name")), (*path, "valueFrom")
    way = f"write valueFrom: with {' or '.join(sorted(known)) or 'supplied: {}'}"
    if source is None:
        found.add(OUTPUT, path, f"the output {name} has no value", way)
    elif len(named) > 1:
        message = f"the output {name} has {' and '.join(named)}; Argo accepts one of them"
        found.add(OUTPUT, here, message, "remove the others")
    elif isinstance(source, dict):
        sources = " or ".join(sorted(known)) or "source"
        message = f"the output {name} of a template with {action} has no {sources}"
        found.add(OUTPUT, here, message, way)


def _metrics(found: Findings, template: Mapping, path: Path) -> None:
    for i, metric in enumerate(mappings(template, "metrics", "prometheus")):
        here, name = (*path, "metrics", "prometheus", i), metric.get("name")
        if not isinstance(name, str) or not (_METRIC.fullmatch(name) or BRACED in name):
            stands = (*here, "name") if "name" in metric else here
            message = f"{shown(name)} is not a valid name for a metric"
            found.add(SETTING, stands, message, "write letters, digits and _, but not a digit first")
        if metric.get("help") in (None, ""):
            found.add(SETTING, here, "the metric has no help", "write help: and what the metric counts")
        for key in filter(metric.__contains__, _METERS):
            if isinstance(metric[key], dict) and metric[key].get("value") in (None, ""):
                found.add(SETTING, (*here, key), f"the {key} has no value", "write value: 1, or another one")
        meter = metric.get("gauge")
        if isinstance(meter, dict) and meter.get("realtime") is True and "resourcesDuration." in str(meter):
            message = "resourcesDuration is only known at the end, not in real time"
            found.add(SETTING, (*here, "gauge", "realtime"), message, "leave realtime out")
        for k, label in enumerate(mappings(metric, "labels")):
            word = label.get("key")
            if isinstance(word, str) and not _METRIC.fullmatch(word) and BRACED not in word:
                message = f"{shown(word)} is not a valid key for a label of a metric"
                fix = "write letters, digits and _, but not a digit first"
                found.add(SETTING, (*here, "labels", k, "key"), message, fix)


def _container_set(found: Findings, template: Mapping, path: Path) -> None:
    containers = mappings(template, "containerSet", "containers")
    names = set(names_in(containers))
    group, here = template["containerSet"], (*path, "containerSet", "containers")
    if isinstance(group, dict):
        if group.get("containers") in (None, []):
            stands = here if "containers" in group else here[:-1]
            way = "write containers: with - name: main, its image, command and args"
            found.add(SETTING, stands, "the containerSet has no containers", way)
            return
        mount_findings(found, [(here[:-1], group)], None, "")
    if "main" not in names and (_has(template, "inputs", "artifacts") or template.get("outputs")):
        message = "a containerSet with artifacts or outputs needs a container named main"
        found.add(SETTING, here, message, "write name: main in the one that has them")
    graph: Graph = {}
    places: dict[str, Path] = {}
    for i, container in enumerate(containers):
        listed = container.get("dependencies")
        waits = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        for k, name in enumerate(waits):
            if name not in names:
                near = nearest(name, names)
                fix = f"write {shown(near[0])}" if near else "name a container of this containerSet"
                message = f"there is no container {shown(name)} in this containerSet"
                found.add(DEPENDENCY, (*here, i, "dependencies", k), message, fix)
        own = container.get("name")
        if isinstance(own, str):
            graph[own] = tuple(waits)
            places[own] = (*here, i, "dependencies")
    cycles(found, graph, places, word="container")


def _plugin(found: Findings, plugin: object, path: Path) -> None:
    if isinstance(plugin, dict) and len(plugin) != 1:
        found.add(
            SETTING,
            path,
            f"plugin has {len(plugin)} keys; Argo accepts exactly one",
            "write the name of one plugin",
        )


def _has(template: Mapping, *keys: str) -> bool:
    return bool(mappings(template, *keys))
