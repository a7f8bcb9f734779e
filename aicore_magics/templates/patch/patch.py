"""The secret that a template names: set, changed or taken out in its text, and no other byte touched.

Never by load and dump: the places come from `marks`, the changes are those of `edits`. What cannot be done
safely is refused with the reason. Every change is read back before it is given: the data have changed in
that one value and in nothing else, or there is a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.base.spaces import bare
from aicore_magics.model.names import SecretName
from aicore_magics.templates.facts import SERVING_SPEC, TEMPLATE_KINDS
from aicore_magics.templates.finding import INNER, shown
from aicore_magics.templates.patch.edits import KEY, Edit, edited
from aicore_magics.templates.patch.patch_options import PatchOptions
from aicore_magics.templates.patch.scopes import Unsafe, outer_spec, scope_of
from aicore_magics.templates.patch.secret_list_edits import Change, changed, dropped
from aicore_magics.templates.rules.keys import alike
from aicore_magics.templates.yaml.marks import read_documents

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Documents, Position, TemplateText

_MARK = "\ufeff"  # byte order mark


@dataclass(frozen=True, slots=True)
class Patched:
    """A text with the secret as it was asked for.

    *notes* are sentences on what else was seen, *serving*: one of the templates is a ServingTemplate.
    """

    text: str
    changed: bool
    notes: tuple[str, ...] = ()
    serving: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a text was not changed, where that shows, and what to do."""

    reason: str
    fix: str
    place: Position | None = None


@dataclass(slots=True)
class _Plan:
    """The changes of one template: by the path of the mapping, and as edits."""

    changes: dict[Path, Change] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def edits(self) -> list[Edit]:
        return [edit for change in self.changes.values() for edit in change.edits]


def set_pull_secret(text: str, secret: str | None, options: PatchOptions | None = None) -> Patched | Refusal:
    """Make the templates in *text* name *secret*, or none if it is None, and change nothing else.

    Raises InvalidName if *secret* is no name that AI Core takes.
    """
    name = None if secret is None else str(SecretName.for_file(bare(secret), "--secret"))
    wish = options or PatchOptions()
    before = read_documents(text)
    if before.fault:
        return Refusal(f"it {before.fault.said}", "fix it first.", before.fault.place)
    try:
        plans = {i: _plan(before.documents[i], name, wish) for i in _chosen(before, wish)}
        after = edited(before.text, [edit for plan in plans.values() for edit in plan.edits])
        _verify(before, after, plans)
    except Unsafe as unsafe:
        place = before.lines.place(unsafe.offset) if unsafe.offset >= 0 else None
        return Refusal(unsafe.reason, unsafe.fix, place)
    notes = tuple(note for plan in plans.values() for note in plan.notes)
    begin = _MARK if text.startswith(_MARK) else ""
    serving = any(before.documents[i].kind == "ServingTemplate" for i in plans)
    return Patched(begin + after, after != before.text, notes, serving)


def _chosen(documents: Documents, wish: PatchOptions) -> list[int]:
    """The numbers of the documents that are templates, and the one that is meant."""
    found = [i for i, one in enumerate(documents.documents) if one.kind in TEMPLATE_KINDS]
    if not found:
        raise Unsafe("it has no WorkflowTemplate and no ServingTemplate", "choose another file.")
    named = [i for i in found if not wish.template or _name(documents.documents[i]) == wish.template]
    if not named:
        raise Unsafe(f"it has no template {wish.template}", "choose another file, or another template.")
    return named


def _name(template: TemplateText) -> Any:
    metadata = template.data.get("metadata")
    return metadata.get("name") if isinstance(metadata, dict) else None


def _plan(template: TemplateText, name: str | None, wish: PatchOptions) -> _Plan:
    scope = scope_of(template)
    plan = _Plan()
    plan.changes[scope.path] = change = changed(scope, name, wish)
    plan.notes += change.notes
    if template.kind == "ServingTemplate":
        _plan_outer(template, plan, wish)
    if template.block and template.block.style == "mapping":
        line = template.place(SERVING_SPEC, key=True).line
        plan.notes.append(
            f"Line {line}: spec.template.spec is a mapping, AI Core needs a string: begin it with |."
        )
    return plan


def _plan_outer(template: TemplateText, plan: _Plan, wish: PatchOptions) -> None:
    """Look at the outer spec of a ServingTemplate: nobody reads the key there."""
    dead = next((key for key in template.data["spec"] if alike(key)), None)
    if dead is None:
        return
    scope = outer_spec(template)
    if not wish.move:
        reason = f"the key {shown(dead)} at the outer spec has no effect; AI Core reads predictor"
        key = scope.mapping.pair(dead)
        where = key[0].start if key else scope.mapping.start
        raise Unsafe(reason, "move it: --move", offset=where)
    plan.changes["spec",] = dropped(scope)


def _verify(before: Documents, text: str, plans: dict[int, _Plan]) -> None:
    """Read the new *text*: the data are those of before but for what was planned. Raises Unsafe."""
    if text == before.text:
        return
    after = read_documents(text)
    same = after.fault is None and len(after.documents) == len(before.documents)
    if not same:
        raise _spoilt(plans)
    for i, (old, new) in enumerate(zip(before.documents, after.documents, strict=True)):
        changes = plans[i].changes if i in plans else {}
        if _rest(old, changes) != _rest(new, changes) or not _as_planned(new, changes):
            raise _spoilt(plans)


def _spoilt(plans: dict[int, _Plan]) -> Unsafe:
    first = min(edit.start for plan in plans.values() for edit in plan.edits)
    return Unsafe("the change would alter other lines too", offset=first)


def _rest(template: TemplateText, changes: dict[Path, Change]) -> list[Any]:
    """All data of a template but those that *changes* change."""
    outer, inner = template.data, template.inner
    for path, change in changes.items():
        for key in change.keys:
            if INNER in path:
                inner = _without(inner, (*path[path.index(INNER) + 1 :], key))
                outer = _without(outer, SERVING_SPEC)
            else:
                outer = _without(outer, (*path, key))
    return [outer, inner if any(INNER in path for path in changes) else None]


def _without(data: Any, path: Path) -> Any:
    """A copy of *data* without what is at *path*."""
    if not isinstance(data, dict) or path[0] not in data:
        return data
    if len(path) == 1:
        return {key: value for key, value in data.items() if key != path[0]}
    return {**data, path[0]: _without(data[path[0]], path[1:])}


def _as_planned(template: TemplateText, changes: dict[Path, Change]) -> bool:
    """Whether each mapping of *changes* has the entries now that it should."""
    for path, change in changes.items():
        mapping: Any = template.inner if INNER in path else template.data
        for part in path[path.index(INNER) + 1 :] if INNER in path else path:
            mapping = mapping[part]
        found = {key: mapping[key] for key in change.keys if key in mapping}
        named = KEY in change.keys and change.entries is not None
        if found != ({KEY: change.entries} if named else {}):
            return False
    return True
