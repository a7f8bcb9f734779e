"""What becomes of the `imagePullSecrets` of one mapping: the entries it has after, and the edits for that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.finding import shown
from aicore_magics.templates.patch.edits import (
    KEY,
    Edit,
    entry_removal,
    filling,
    insertion,
    removal,
    renaming,
    respelling,
)
from aicore_magics.templates.patch.scopes import IN_THE_WAY, Unsafe, own
from aicore_magics.templates.rules.keys import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.templates.patch.edits import Pair
    from aicore_magics.templates.patch.patch_options import PatchOptions
    from aicore_magics.templates.patch.scopes import Scope
    from aicore_magics.templates.yaml.nodes import Node


@dataclass(frozen=True, slots=True)
class Change:
    """The *entries* under the key afterwards, None for no such key, and the edits that bring it about.

    *keys* are all keys that come or go: more where a misspelt one is put right, none where nothing changes.
    """

    entries: Any
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
    keys: tuple[str, ...] = (KEY,)


def changed(scope: Scope, name: str | None, wish: PatchOptions) -> Change:
    """Plan to name the secret *name* in the mapping of *scope*, or none. Raises Unsafe."""
    pair, wrong = own(scope.mapping, KEY, scope.at), misspelt(scope.mapping)
    if wrong and not wish.repair:
        key = wrong[0][0]
        reason = f"the key {shown(key.text)} is misspelled, so it has no effect"
        raise Unsafe(reason, "fix the key: --repair", offset=scope.at(key.start))
    if pair is None and wrong:
        return _respelt(scope, wrong, _relisted(scope, wrong[0], name, wish))
    if pair is not None:
        change = _relisted(scope, pair, name, wish)
    elif name is None:
        change = Change(None, keys=())
    else:
        change = Change([{"name": name}], (insertion(scope, name),))
    return _without(scope, wrong, change)


def dropped(scope: Scope) -> Change:
    """Plan to take the key, however it is spelt, out of the mapping of *scope*. Raises Unsafe."""
    pair, pairs = own(scope.mapping, KEY, scope.at), misspelt(scope.mapping)
    if pair:
        pairs = [pair, *pairs]
    return _without(scope, pairs, Change(None, keys=()))


def misspelt(mapping: Node) -> list[Pair]:
    """The keys that were meant to be imagePullSecrets, and are not, with their values."""
    return [pair for pair in mapping.pairs if pair[0].text != KEY and alike(pair[0].text)]


def _respelt(scope: Scope, wrong: list[Pair], change: Change) -> Change:
    """*change*, which is about the first of the *wrong* keys, with that one spelt right; no other stays."""
    if change.entries is None:
        # It is taken out already, or holds nothing.
        return _without(
            scope, wrong[1:] if change.edits else wrong, replace(change, keys=(wrong[0][0].text,))
        )
    edits = (*change.edits, respelling(scope, wrong[0][0]))
    respelt = replace(change, edits=edits, keys=(KEY, wrong[0][0].text))
    return _without(scope, wrong[1:], respelt)


def _without(scope: Scope, pairs: list[Pair], change: Change) -> Change:
    """*change*, and *pairs* taken out as well."""
    edits = (*change.edits, *(removal(scope, pair) for pair in pairs))
    return replace(change, edits=edits, keys=(*change.keys, *(key.text for key, _ in pairs)))


def _relisted(scope: Scope, pair: Pair, name: str | None, wish: PatchOptions) -> Change:
    """Plan for a key that is there."""
    value = pair[1]
    entries = _entries(scope, value)
    names = [_name(scope, entry) for entry in entries]
    right = name is not None and value.kind == "list" and {"name": name} in map(_bare, value.data)
    if (name is None and not names) or right:
        others = len(names) > 1
        note = f"Line {scope.row(pair[0].start) + 1}: other secrets are also named there."
        return Change(value.data, notes=(note,) if others else (), keys=())
    if not entries:
        return Change([{"name": name}], (filling(scope, pair, name or ""),))
    at = _chosen(scope, pair, names, wish)
    return _left_out(scope, pair, at) if name is None else _renamed(scope, pair, at, name)


def _left_out(scope: Scope, pair: Pair, at: int) -> Change:
    listed = pair[1].items
    if len(listed) <= 1:
        return Change(None, (removal(scope, pair),))
    rest = [entry.data for i, entry in enumerate(listed) if i != at]
    return Change(rest, (entry_removal(scope, pair[1], listed[at]),))


def _renamed(scope: Scope, pair: Pair, at: int, name: str) -> Change:
    if pair[1].kind != "list":
        return Change([{"name": name}], (filling(scope, pair, name),))
    new = list(pair[1].data)
    new[at] = {**new[at], "name": name} if isinstance(new[at], dict) else {"name": name}
    return Change(new, (renaming(scope, pair[1], pair[1].items[at], name),))


def _entries(scope: Scope, value: Node) -> Sequence[Node]:
    """The entries of the list; a bare text in its place counts as one."""
    if value.alias or value.marked or any(one.alias or one.marked for one in value.items):
        raise Unsafe(IN_THE_WAY, offset=scope.at(value.start))
    if value.kind == "mapping" or value.style in ("|", ">"):
        what = "a mapping" if value.kind == "mapping" else "a string"
        fix = "write it as a list: - name: NAME"
        raise Unsafe(f"its imagePullSecrets is {what}, not a list", fix, offset=scope.at(value.start))
    if value.kind == "scalar":
        return [value] if value.data is not None else []
    return value.items


def _name(scope: Scope, entry: Node) -> str:
    """The name in an entry, empty if none stands there."""
    if entry.kind == "scalar" and entry.data is not None:
        return entry.text
    found = own(entry, "name", scope.at) if entry.kind == "mapping" else None
    if found and found[1].style in ("|", ">"):
        fix = "write it on one line: - name: NAME"
        raise Unsafe("the name of a secret is a text block", fix, offset=scope.at(found[0].start))
    if found is None or found[1].kind != "scalar":
        raise Unsafe("an entry of imagePullSecrets has no name", offset=scope.at(entry.start))
    if found[1].marked:
        raise Unsafe(IN_THE_WAY, offset=scope.at(found[1].start))
    return found[1].text


def _bare(data: Any) -> dict[str, Any]:
    return {"name": data.get("name")} if isinstance(data, dict) else {}


def _chosen(scope: Scope, pair: Pair, names: list[str], wish: PatchOptions) -> int:
    """Which of the names is meant. Raises Unsafe if that is not clear, or if it is not among them."""
    where = scope.at(pair[0].start)
    if wish.replace and wish.replace not in names:
        raise Unsafe("it does not have the secret of --replace", "check the name.", offset=where)
    if not wish.replace and len(names) > 1:
        raise Unsafe(f"it names {len(names)} secrets", "say which one: --replace NAME", offset=where)
    at = names.index(wish.replace) if wish.replace else 0
    if "{{" in names[at] and not wish.placeholder:
        fix = "set the parameter instead, or replace it: --placeholder"
        raise Unsafe("the name of its secret is a placeholder", fix, offset=where)
    return at
