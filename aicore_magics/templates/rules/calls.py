"""The steps and tasks by which one template of a workflow calls others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.structure import STEPS
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, what

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_AS_STEPS = "write - - name: NAME; steps of one inner list run at the same time"
BRACED = "{{"  # what it is in only becomes known when the workflow runs


@dataclass(slots=True, eq=False)
class Call:
    """A step or task: where it stands, and what it says. *group* is that of a step, -1 for a task."""

    path: Path
    entry: Mapping
    group: int

    @property
    def is_task(self) -> bool:
        """Whether it is a task of a dag, which waits for those that it names."""
        return self.group < 0

    @property
    def word(self) -> str:
        """What Argo calls it."""
        return "task" if self.is_task else "step"

    @property
    def name(self) -> str:
        """Its name; an empty text if it has none that is a text."""
        name = self.entry.get("name")
        return name if isinstance(name, str) else ""

    @property
    def loops(self) -> bool:
        """Whether it runs once for each of several items."""
        return self.gathers or self.entry.get("withSequence") is not None

    @property
    def gathers(self) -> bool:
        """Whether its outputs are gathered as a list: of items, but not of a sequence."""
        return any(self.entry.get(key) not in (None, "", []) for key in ("withItems", "withParam"))

    @property
    def hooked(self) -> bool:
        """Whether something runs beside it or after it, which may use its own output."""
        return bool(self.entry.get("hooks") or self.entry.get("onExit"))


def calls_of(found: Findings, template: Mapping, path: Path) -> list[Call]:
    """Give the steps or tasks of *template*; find steps that are no list of lists."""
    calls = _steps(found, template, path)
    if "dag" in template:
        tasks = mappings_in(found, mapping_in(found, template, "dag", path), "tasks", (*path, "dag"))
        calls += [Call(here, task, -1) for here, task in tasks]
    return calls


def _steps(found: Findings, template: Mapping, path: Path) -> list[Call]:
    steps = template.get("steps")
    if steps is None:
        return []
    if not isinstance(steps, list):
        tasks = isinstance(steps, dict) and "tasks" in steps
        fix = "write dag: instead of steps:, because tasks belong to a dag" if tasks else _AS_STEPS
        message = f"steps is {what(steps)}, it must be a list of lists"
        found.add(STEPS, (*path, "steps"), message, fix)
        return []
    calls: list[Call] = []
    for i, group in enumerate(steps):
        here = (*path, "steps", i)
        if isinstance(group, list):
            calls += [Call((*here, k), step, i) for k, step in enumerate(group) if isinstance(step, dict)]
        else:
            found.add(STEPS, here, f"an entry of steps is {what(group)}, it must be a list", _AS_STEPS)
    return calls


def mappings(owner: object, *keys: str) -> list[Mapping]:
    """Give the mappings in the list that *keys* lead to; none where something else stands."""
    value: Any = owner
    for key in keys:
        if not isinstance(value, dict):
            return []
        value = value.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def names_in(entries: Iterable[Mapping]) -> Iterator[str]:
    """Give the names of *entries*, as far as they are texts."""
    return (name for entry in entries if isinstance(name := entry.get("name"), str))


def called(template: Mapping) -> str:
    """Say which template it is: one that is written into a step has no name."""
    name = template.get("name")
    return "the inline template" if name is None else f"template {shown(name)}"


class Targets:
    """The templates that a workflow can call by name: its own. Of two with one name Argo takes the first.

    *arguments* are those of the workflow by name, which its exit handlers get; None if they are not known.
    """

    def __init__(self, templates: list[tuple[Path, Mapping]], arguments: set[str] | None = None) -> None:
        self.arguments = arguments
        self._templates: dict[str, Mapping] = {}
        self._outputs: dict[tuple[int, str], set[str]] = {}
        for _, template in templates:
            name = template.get("name")
            if isinstance(name, str):
                self._templates.setdefault(name, template)

    def outputs(self, template: Mapping, kind: str) -> set[str]:
        """Give the outputs of *template* by name, parameters or artifacts; braces for one of any name."""
        known = self._outputs.setdefault((id(template), kind), set())
        if not known:
            entries = mappings(template, "outputs", kind)
            known.update(names_in(entries))
            if len(known) < len(entries) or any(BRACED in name for name in known):
                known.add(BRACED)
        return known

    def of(self, call: Mapping) -> Mapping | None:
        """Give the template that *call* names or holds; None where it is elsewhere, or not known yet."""
        name, inline = call.get("template"), call.get("inline")
        if isinstance(inline, dict) and call.keys().isdisjoint(("template", "templateRef")):
            return inline
        return self._templates.get(name) if isinstance(name, str) else None
