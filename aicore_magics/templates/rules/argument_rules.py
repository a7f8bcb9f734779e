"""Whether each template that is called gets what it asks for: parameters, and items to run for.

After ProcessArgs and validateArguments of Argo 3.5. Input artifacts are not judged: AI Core fills them in
every template that declares them, and SAP's own pipelines have steps that hand on none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.flow import ARGUMENT, LOOP
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.artifact_rules import location_findings
from aicore_magics.templates.rules.call_shapes import argument_shapes
from aicore_magics.templates.rules.calls import BRACED, called, mappings, names_in
from aicore_magics.templates.rules.keys import nearest, words

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.shape import Mapping

_LOOPS = ("withItems", "withParam", "withSequence")
# What Argo takes as the place of an artifact; any of them may have a key only.
_LOCATIONS = words("artifactory azure from fromExpression gcs git hdfs http oss plugin raw s3 optional")
_ELSEWHERE = ("configMapKeyRef", "event", "supplied")  # where the value of an argument may come from


def argument_findings(
    found: Findings, owner: Mapping, path: Path, target: Mapping | None, *, word: str
) -> None:
    """Find arguments of *owner*, a *word* such as step, without a value, and inputs of *target* without one.

    None for *target*: what it asks for is not known.
    """
    arguments = owner.get("arguments")
    if arguments is not None:
        argument_shapes(found, owner, path)
    if arguments is not None and not isinstance(arguments, dict):
        return  # a parameter may hold them all
    given = mappings(arguments, "parameters")
    for i, argument in enumerate(given):
        argument_value(found, argument, (*path, "arguments", "parameters", i))
    for i, artifact in enumerate(mappings(arguments, "artifacts")):
        location_findings(found, artifact, (*path, "arguments", "artifacts", i))
        if artifact.keys().isdisjoint(_LOCATIONS):
            message = f"the argument {shown(artifact.get('name'))} has no source"
            fix = "write from: with an output of a step, or with an input artifact of this template"
            found.add(ARGUMENT, (*path, "arguments", "artifacts", i), message, fix)
        elif artifact.get("from") and artifact.get("fromExpression"):
            message = f"the argument {shown(artifact.get('name'))} has from and fromExpression"
            here = (*path, "arguments", "artifacts", i, "fromExpression")
            found.add(ARGUMENT, here, message, "remove one of them")
    if target is None or "inputs" not in target:
        return
    names = set(names_in(given))
    listed = isinstance(arguments.get("parameters", []), list) if arguments else True
    if not listed or len(names) < len(given):
        return  # they come from a parameter, or the name of one is no text
    for name in unsupplied(target, names):
        here = (*path, "arguments") if given else path
        near = nearest(name, names - set(names_in(mappings(target, "inputs", "parameters"))))
        way = f"write - name: {shown(name)} with a value below parameters of arguments"
        fix = f"write {shown(name)} in place of {shown(near[0])}" if near else way
        message = f"{called(target)} needs {shown(name)}, but this {word} does not pass it"
        found.add(ARGUMENT, here, message, fix)


def unsupplied(target: Mapping, names: set[str]) -> list[str]:
    """List the input parameters of *target* that have no value, no default, and are none of *names*."""
    return [
        name
        for parameter in mappings(target, "inputs", "parameters")
        if isinstance(name := parameter.get("name"), str)
        and name not in names
        and BRACED not in name
        and not _has_value(parameter)
    ]


def _has_value(parameter: Mapping) -> bool:
    source = parameter.get("valueFrom")
    elsewhere = source is not None and (not isinstance(source, dict) or "configMapKeyRef" in source)
    return elsewhere or any(parameter.get(key) is not None for key in ("value", "default"))


def argument_value(found: Findings, argument: Mapping, path: Path, *, due: bool = True) -> None:
    """Find that *argument* has no value, where one is *due*, or one that it cannot have."""
    value, source, known = argument.get("value"), argument.get("valueFrom"), argument.get("enum")
    if value is not None and source is None and known is None:
        return
    name = shown(argument.get("name"))
    if value is None and source is None and due:
        found.add(ARGUMENT, path, f"the argument {name} has no value", "write value: VALUE below its name")
    elif isinstance(source, dict) and source.keys().isdisjoint(_ELSEWHERE):
        message = f"the value of argument {name} cannot come from {shown(next(iter(source), 'nothing'))}"
        found.add(
            ARGUMENT, (*path, "valueFrom"), message, "write value: VALUE, or valueFrom: configMapKeyRef"
        )
    if known == []:
        found.add(
            ARGUMENT, (*path, "enum"), f"the enum of argument {name} is empty", "leave it out, or fill it"
        )
    elif isinstance(known, list) and value is not None and not _one_of(value, known):
        message = f"the value of argument {name} is not in its enum"
        found.add(ARGUMENT, (*path, "value"), message, "write one of them, or add it to enum")


def _one_of(value: Any, known: list[Any]) -> bool:
    return str(value) in map(str, known) or BRACED in str(value)


def loop_findings(found: Findings, call: Call) -> None:
    """Find a step or task that would run for two lists of items."""
    entry = call.entry
    loops = [key for key in _LOOPS if entry.get(key) not in (None, "", [])]
    if len(loops) > 1:
        message = f"the {call.word} has {' and '.join(loops)}; Argo accepts one of them"
        found.add(LOOP, (*call.path, loops[1]), message, "remove the others")
    sequence = entry.get("withSequence")
    if not isinstance(sequence, dict):
        return
    if sequence.get("count") is None and sequence.get("end") is None:
        message = "withSequence has neither count nor end"
        found.add(LOOP, (*call.path, "withSequence"), message, 'write withSequence: {count: "5"}')
    elif sequence.get("count") is not None and sequence.get("end") is not None:
        message = "withSequence has count and end; Argo accepts one of them"
        found.add(LOOP, (*call.path, "withSequence", "end"), message, "remove one of them")
