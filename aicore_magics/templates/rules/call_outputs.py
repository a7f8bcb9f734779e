"""What a step or task leaves for those that come after it, by the template that it calls.

After addOutputsToScope in workflow/validate/validate.go of Argo 3.5, and its page on workflow variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED, called, mappings, names_in
from aicore_magics.templates.rules.keys import nearest

if TYPE_CHECKING:
    from aicore_magics.templates.rules.calls import Call, Targets
    from aicore_magics.templates.rules.shape import Mapping

_ALWAYS = ("id", "startedAt", "finishedAt", "hostNodeName", "status")
_RESULT = ("exitCode", "outputs.result")
_WITH_RESULT = frozenset({"container", "script", "data", "http", "plugin"})


def missing(used: Call, part: str, targets: Targets) -> tuple[str, str] | None:
    """Say why *used* leaves no *part*, such as outputs.result, and what to do; None if it does, or may."""
    if part in _ALWAYS:
        return None
    side, _, name = part.partition(".")[2].partition(".")
    listed = part.startswith("outputs.") and side in ("parameters", "artifacts") and "." not in name
    if not listed and part not in (*_RESULT, "ip"):
        first = "tasks" if used.is_task else "steps"
        fix = f"write {{{{{first}.{shown(used.name)}.{_meant(part)}}}}}"
        return f"a {used.word} has no {shown(part)}", fix
    target = targets.of(used.entry)
    if target is None or not isinstance(target.get("outputs", {}), dict):
        return None
    if not listed:
        return _of_the_pod(used, part, target)
    return _declared(targets, target, side, name) if name else _gathered(used, side)


def _meant(part: str) -> str:
    """What *part* was meant to be: its first words corrected, with the name behind them."""
    near = nearest(part, [*_ALWAYS, *_RESULT, "ip"])
    if near:
        return near[0]
    first, _, rest = part.partition(".")
    side, _, name = rest.partition(".")
    if first != "outputs" and not nearest(first, ["outputs"]):
        return "outputs.parameters.NAME"
    kind = nearest(side, ["parameters", "artifacts"])
    return f"outputs.{kind[0] if kind else 'parameters'}.{shown(name) if name else 'NAME'}"


def _of_the_pod(used: Call, part: str, target: Mapping) -> tuple[str, str] | None:
    named = called(target)
    if part == "ip":
        served = target.get("daemon") not in (None, False)
        return (
            None
            if served
            else (f"{named} is not a daemon", f"write daemon: true in {named}, if it is a daemon")
        )
    return None if _has_result(target, used) else (f"{named} has no result", "write outputs.parameters.NAME")


def _has_result(target: Mapping, used: Call) -> bool:
    if "containerSet" in target:
        return used.gathers or "main" in names_in(mappings(target, "containerSet", "containers"))
    return not target.keys().isdisjoint(_WITH_RESULT)


def _gathered(used: Call, side: str) -> tuple[str, str] | None:
    if used.gathers and side == "parameters":
        return None
    said = (
        "Argo does not collect artifacts"
        if side == "artifacts"
        else f"{shown(used.name)} does not run for a list of items"
    )
    return said, f"write outputs.{side}.NAME"


def _declared(targets: Targets, target: Mapping, side: str, name: str) -> tuple[str, str] | None:
    declared = targets.outputs(target, side)
    if name in declared or BRACED in declared:
        return None
    named, near = called(target), nearest(name, declared)
    other = f"declare it: - name: {shown(name)} below {side} of outputs of {named}"
    return f"{named} has no output {shown(name)} in {side}", f"write {shown(near[0])}" if near else other
