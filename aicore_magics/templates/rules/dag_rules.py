"""What Argo refuses in a DAG: tasks that wait for what is not there, or for each other.

After validateDAG in workflow/validate/validate.go of Argo 3.5. Each look takes time in line with the tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import DEPENDENCY
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED
from aicore_magics.templates.rules.depends import OF_ITEMS, RESULTS, fault, waits, with_signs
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.shape import list_in, not_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.depends import Wait
    from aicore_magics.templates.rules.shape import Mapping as Entry

Graph = dict[str, tuple[str, ...]]  # by the name of a task, those that it waits for
_SHOWN = 5  # names of a circle
_MOST_STEPS = 1_000_000  # from task to task, in one document


def dag_findings(found: Findings, template: Entry, path: Path, tasks: list[Call]) -> Graph:
    """Find what is wrong with the dependencies of *tasks*; give who waits for whom."""
    dag = template["dag"]
    if isinstance(dag, dict) and dag.get("tasks") in (None, []):
        fix = "write steps: instead of dag:" if "steps" in dag else "write tasks: with - name: NAME"
        found.add(DEPENDENCY, (*path, "dag"), "the dag has no tasks", fix)
    looped = {task.name: task.loops for task in tasks}
    mixed = any(task.entry.get("depends") for task in tasks)
    hidden = any(BRACED in name or not name for name in looped)
    graph: Graph = {}
    for task in tasks:
        _mixed(found, task, depends=mixed)
        listed = _listed(found, task)
        text = task.entry.get("depends")
        if isinstance(text, str) and text and BRACED not in text:
            graph[task.name] = tuple(wait.task for wait in _depends(found, task, text, looped, hidden=hidden))
        else:
            graph[task.name] = tuple(listed.values())
            for here, name in listed.items():
                if name not in looped and not hidden:
                    _unknown(found, here, name, looped)
    _targets(found, template, path, looped)
    keys = {task.name: "depends" if task.entry.get("depends") else "dependencies" for task in tasks}
    cycles(found, graph, {task.name: (*task.path, keys[task.name]) for task in tasks}, word="task")
    return graph


def _mixed(found: Findings, task: Call, *, depends: bool) -> None:
    """Find what Argo does not take beside the `depends` that some task of the DAG has."""
    here, entry = task.path, task.entry
    if depends and entry.get("dependencies"):
        message = "one dag has both depends and dependencies; Argo accepts one of them"
        listed = entry["dependencies"]
        names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        fix = f"write depends: {shown(' && '.join(names[:_SHOWN])) if names else 'a && b'}"
        found.add(DEPENDENCY, (*here, "dependencies"), message, fix)
    if depends and entry.get("continueOn") is not None:
        message = "Argo does not accept continueOn in a dag with depends"
        fix = "leave it out, and write NAME.Failed or NAME.Errored in the depends of later tasks"
        found.add(DEPENDENCY, (*here, "continueOn"), message, fix)
    if (depends or entry.get("dependencies")) and task.name[:1].isdigit():
        message = (
            f"the name of task {shown(task.name)} begins with a digit, so depends and dependencies cannot "
            "use it"
        )
        fix = f"write name: task-{shown(task.name)}, and the same where other tasks wait for it"
        found.add(DEPENDENCY, (*here, "name"), message, fix)


def _listed(found: Findings, task: Call) -> dict[Path, str]:
    """The tasks in `dependencies`, each with its place."""
    names: dict[Path, str] = {}
    if "dependencies" in task.entry:
        for i, name in enumerate(list_in(found, task.entry, "dependencies", task.path)):
            here = (*task.path, "dependencies", i)
            if not isinstance(name, str):
                not_text(found, "an entry of dependencies", name, here)
            elif BRACED not in name:
                names[here] = name
    return names


def _depends(
    found: Findings, task: Call, text: str, looped: Mapping[str, bool], *, hidden: bool
) -> tuple[Wait, ...]:
    here = (*task.path, "depends")
    named = waits(text)
    wrong = fault(text)
    if wrong:
        better = with_signs(text)
        quoted = shown(better).strip("'")
        fix = "write it like a.Succeeded && !b.Failed" if fault(better) else f"write depends: '{quoted}'"
        found.add(DEPENDENCY, here, f"depends cannot be read: {wrong}", fix)
        # What is a name in it is not sure.
        return tuple(wait for wait in named if wait.task in looped)
    for wait in named:
        if wait.task not in looped:
            if not hidden:
                _unknown(found, here, wait.task, looped)
        elif wait.result and wait.result not in RESULTS:
            near = nearest(wait.result, RESULTS)
            fix = f"write {wait.task}.{near[0]}" if near else f"write one of {', '.join(RESULTS)}"
            found.add(DEPENDENCY, here, f"a task has no result {shown(wait.result)}", fix)
        elif wait.result in OF_ITEMS and not looped[wait.task]:
            message = f"{shown(wait.task)} has no items, so {wait.result} is never true"
            one = "Succeeded" if wait.result == "AnySucceeded" else "Failed"
            found.add(DEPENDENCY, here, message, f"write {shown(wait.task)}.{one}")
    return named


def _unknown(found: Findings, path: Path, name: str, tasks: Collection[str]) -> None:
    near = nearest(name, [task for task in tasks if task])
    fix = f"write {shown(near[0])}" if near else "name a task of this dag"
    found.add(DEPENDENCY, path, f"there is no task {shown(name)} in this dag", fix)


def _targets(found: Findings, template: Entry, path: Path, tasks: Collection[str]) -> None:
    target = template["dag"].get("target") if isinstance(template["dag"], dict) else None
    for name in target.split(" ") if isinstance(target, str) and target and BRACED not in target else ():
        if name not in tasks:
            _unknown(found, (*path, "dag", "target"), name, tasks)


def cycles(found: Findings, graph: Graph, places: Mapping[str, Path], *, word: str) -> None:
    """Find those in *graph* that wait for themselves, over others perhaps: once for each way back."""
    done: set[str] = set()
    for first in graph:
        way: dict[str, Iterator[str]] = {} if first in done else {first: iter(graph[first])}
        order = list(way)
        while order:
            name = next(way[order[-1]], None)
            if name is None:
                last = order.pop()
                del way[last]
                done.add(last)
            elif name in way:
                message = _cycle(order[order.index(name) :], word)
                fix = f"remove {shown(name)} here, or break the cycle at another place"
                found.add(DEPENDENCY, places[order[-1]], message, fix)
            elif name in graph and name not in done:
                way[name] = iter(graph[name])
                order.append(name)


def _cycle(names: list[str], word: str) -> str:
    listed = ", ".join(map(shown, names[:_SHOWN])) + (" …" if len(names) > _SHOWN else "")
    return (
        f"{word}s wait for each other, in a cycle: {listed}"
        if len(names) > 1
        else f"the {word} {listed} waits for itself"
    )


class Ancestors:
    """Whether a task of a DAG comes before another one. Gives up after a million steps from task to task."""

    def __init__(self) -> None:
        self._left = _MOST_STEPS
        self._known: dict[int, dict[str, set[str]]] = {}

    def before(self, graph: Graph, task: str, other: str) -> bool | None:
        """Tell whether *other* is done before *task* begins; None where that was not looked for."""
        known = self._known.setdefault(id(graph), {})
        if task not in known:
            if self._left <= 0:
                return None
            known[task] = self._above(graph, task)
        return other in known[task]

    def _above(self, graph: Graph, task: str) -> set[str]:
        above: set[str] = set()
        left: list[Iterable[str]] = [graph.get(task, ())]
        while left:
            for name in left.pop():
                self._left -= 1
                if name not in above:
                    above.add(name)
                    left.append(graph.get(name, ()))
        return above
