"""`{{…}}` of a workflow that stands where Argo has no value for it: of steps, tasks, items and the workflow.

After resolveAllVariables in workflow/validate/validate.go of Argo 3.5, and its page on workflow variables.
Nothing is said of what is written elsewhere, or only known when the workflow runs.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import REFERENCE
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.call_outputs import missing
from aicore_magics.templates.rules.calls import BRACED, Call, Targets
from aicore_magics.templates.rules.dag_rules import Ancestors, Graph
from aicore_magics.templates.rules.keys import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping as Entry

_PODS = {"container", "containerSet", "script", "resource", "data"}
_SAID = {"steps": "step", "tasks": "task"}
_DEEP = 6  # steps of the path of a call: spec, templates, 0, steps, 0, 0
_ANY = "*"  # stands for every key that an item may have


class Flow:
    """A template of a workflow and what it calls; *graph* tells which task waits for which."""

    def __init__(self, template: Entry, calls: list[Call], graph: Graph) -> None:
        self.template = template
        self.calls = calls
        self.graph = graph

    @cached_property
    def by_name(self) -> dict[str, Call]:
        """What it calls, by name."""
        return {call.name: call for call in self.calls if call.name}

    @cached_property
    def by_path(self) -> dict[Path, Call]:
        """What it calls, by its place."""
        return {call.path: call for call in self.calls}

    @cached_property
    def dynamic(self) -> bool:
        """Whether a name is only known when the workflow runs, or is no text."""
        return any(BRACED in call.name or not call.name for call in self.calls)

    @cached_property
    def first_items(self) -> dict[str, Path]:
        """The keys that items of its steps have, each with the first step that has it."""
        first: dict[str, Path] = {}
        for call in self.calls:
            for key in _keys_of_items(call.entry) if call.loops else ():
                first.setdefault(key, call.path)
        return first

    @property
    def kind(self) -> str:
        """What it calls: steps, tasks, or nothing."""
        return "steps" if "steps" in self.template else "tasks" if "dag" in self.template else ""

    @property
    def waits(self) -> str:
        """The key in which its tasks name those that they wait for: a dag has one of the two."""
        listed = any(call.entry.get("dependencies") for call in self.calls)
        return "dependencies" if listed else "depends"

    def call_at(self, path: Path) -> Call | None:
        """Give the step or task that *path* leads into."""
        return self.by_path.get(path[:_DEEP]) if path[3:4] in (("steps",), ("dag",)) else None


class References:
    """Looks at `{{…}}` in the templates of one workflow."""

    def __init__(self, found: Findings, flows: Mapping[object, Flow], targets: Targets) -> None:
        self._found = found
        self._flows = flows
        self._targets = targets

    @cached_property
    def _ancestors(self) -> Ancestors:
        return Ancestors()

    def look(self, path: Path, expression: str) -> bool:
        """Find that *expression* has no value at *path*; tell whether it is of a kind that is judged here."""
        first, dot, rest = expression.partition(".")
        if first not in ("steps", "tasks", "item", "pod"):
            return False
        flow = self._flows.get(path[2]) if path[1:2] == ("templates",) and path[2:] else None
        if flow is None:
            return False
        if ("inline" in path and self._hidden(path, first)) or ("metrics" in path and flow.kind):
            return True
        if first == "pod":
            self._pod(path, flow, expression)
        elif first == "item" and rest:
            self._item(path, flow, expression, rest)
        elif first != "item" and dot and not rest.startswith("name"):
            self._call(path, flow, first, rest)
        return True

    def _hidden(self, path: Path, first: str) -> bool:
        """Whether the template inside a step at *path* has values of its own, beside those of the step."""
        inner = self._flows.get(path[: _DEEP + 1])
        return path.count("inline") > 1 or inner is None or bool(inner.kind) or first == "pod"

    def _pod(self, path: Path, flow: Flow, expression: str) -> None:
        if expression != "pod.name":
            self._add(path, expression, "Argo has only pod.name", "write {{pod.name}}")
        elif flow.template.keys().isdisjoint(_PODS):
            self._add(path, expression, "this template has no pod", "use it in a container or script")

    def _item(self, path: Path, flow: Flow, expression: str, key: str) -> None:
        call = flow.call_at(path)
        if flow.kind != "steps":
            keys = _keys_of_items(call.entry) if call is not None and call.loops else set()
        else:
            # Argo keeps the items of a step for those that follow.
            first = flow.first_items
            here = call.path if call is not None else path
            keys = {
                each for each in (key, _ANY, "") if each in first and (call is None or first[each] <= here)
            }
        if not keys:
            why = "no withItems, withParam or withSequence is next to it"
            fix = "write withItems: with a list" if flow.kind else "pass it as an argument of the step"
            self._add(path, expression, why, fix)
        elif key not in keys and _ANY not in keys:
            self._add(
                path, expression, f"no item of withItems has {shown(key)}", "write a key that the items have"
            )

    def _call(self, path: Path, flow: Flow, first: str, rest: str) -> None:
        name, _, part = rest.partition(".")
        expression = f"{first}.{rest}"
        if flow.kind != first:
            has = f"this template has {flow.kind}" if flow.kind else "this template has no steps and no tasks"
            fix = f"write {{{{{flow.kind}.{shown(rest)}}}}}" if flow.kind else "pass it as an argument"
            self._add(path, expression, has, fix)
            return
        used = flow.by_name.get(name)
        if used is None:
            if not flow.dynamic:
                near = nearest(name, flow.by_name)
                fix = (
                    f"write {{{{{first}.{shown(near[0])}.{shown(part)}}}}}"
                    if near
                    else f"use one of its {first}"
                )
                self._add(path, expression, f"there is no {_SAID[first]} {shown(name)}", fix)
            return
        call = flow.call_at(path)
        # A hook runs when there is more to see than at the beginning of its step.
        judged = call is not None and path[_DEEP:][:1] != ("hooks",)
        why = self._too_early(flow, call, used) if call is not None and judged else ""
        if why:
            fix = (
                f"name {shown(name)} in {flow.waits}"
                if first == "tasks"
                else "move this step to a later group"
            )
            self._add(path, expression, why, fix)
        elif wrong := missing(used, part, self._targets):
            self._add(path, expression, *wrong)

    def _too_early(self, flow: Flow, call: Call, used: Call) -> str:
        """Why *used* has no output yet when *call* begins."""
        name = shown(used.name)
        if used is call:
            return "" if call.hooked else f"a {call.word} cannot use its own output"
        if not call.is_task:
            if used.group == call.group:
                return f"the step {name} runs at the same time"
            return f"the step {name} runs later" if used.group > call.group else ""
        if BRACED in str(call.entry.get("depends", "")) or BRACED in str(call.entry.get("dependencies", "")):
            return ""
        before = self._ancestors.before(flow.graph, call.name, used.name)
        return f"this task does not wait for {name}" if before is False else ""

    def _add(self, path: Path, expression: str, why: str, fix: str) -> None:
        self._found.add(REFERENCE, path, f"{{{{{shown(expression)}}}}} has no value here: {why}", fix)


def _keys_of_items(entry: Entry) -> set[str]:
    """The keys that the items of a loop have; the sign for any where they are only known later."""
    items = entry.get("withItems")
    if not isinstance(items, list):
        return {"", _ANY} if items or entry.get("withParam") else {""}
    keys = {""}
    for item in items:
        if isinstance(item, dict):
            keys.update(map(str, item))
        elif isinstance(item, list):
            keys.update(f"[{i}]" for i in range(len(item)))
        elif isinstance(item, str) and BRACED in item:
            keys.add(_ANY)
    return keys
