"""Changes of a text by offsets: the few characters that name a secret are put in, changed or taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.templates.emit import scalar
from aicore_magics.templates.patch.scopes import Unsafe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicore_magics.templates.patch.scopes import Scope
    from aicore_magics.templates.yaml.nodes import Node

KEY = "imagePullSecrets"
_REST = re.compile(r"[ \t]*(?:#.*)?")
_BEHIND_KEY = re.compile(r"[ \t]*:[ \t]*(?:#.*)?")
_DASH = re.compile(r" *- +")
_USUAL_INDENT, _DEEPEST_INDENT = 2, 8
Pair = tuple["Node", "Node"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put *text* in the place of what stands from *start* to *end*."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """Give *text* with all *edits* made. They must not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def insertion(scope: Scope, name: str) -> Edit:
    """Name the secret in a mapping that names none, right below the mapping's own key."""
    if scope.mapping.flow:
        return _flow_insertion(scope, name)
    mapping = scope.mapping
    own_line = scope.row(mapping.start) > scope.row(scope.owner.end)
    indent = scope.before(mapping.start)
    if not own_line or indent.strip(" ") or not _BEHIND_KEY.fullmatch(scope.after(scope.owner.end)):
        raise Unsafe(f"{scope.name} is not written with one key a line", offset=scope.at(scope.owner.start))
    item = indent + " " * _list_indent(scope)
    return _below(scope, scope.row(scope.owner.end), (f"{indent}{KEY}:", f"{item}- name: {scalar(name)}"))


def filling(scope: Scope, pair: Pair, name: str) -> Edit:
    """Name the secret under a key that has no entry: nothing, null, an empty list, or a bare text."""
    key, value = pair
    if value.start < value.end:
        quoted = key.style == '"'
        return Edit(scope.at(value.start), scope.at(value.end), f"[{_entry(name, quoted=quoted)}]")
    indent = scope.before(key.start)
    if scope.mapping.flow or indent.strip(" ") or not _BEHIND_KEY.fullmatch(scope.after(key.end)):
        raise Unsafe(f"{key.text} is empty, and is where a list cannot be put", offset=scope.at(key.start))
    line = f"{indent}{' ' * _list_indent(scope)}- name: {scalar(name)}"
    return _below(scope, scope.row(key.end), (line,))


def renaming(scope: Scope, listed: Node, item: Node, name: str) -> Edit:
    """Give an entry of the list another name. The entry may be the bare name itself."""
    if item.kind == "scalar":
        new = _entry(name, quoted=item.style == '"') if listed.flow else f"name: {scalar(name)}"
        return Edit(scope.at(item.start), scope.at(item.end), new)
    _, value = item.pair("name") or (None, item)
    start, end = scope.at(value.start), scope.at(value.end)
    if start == end:
        return Edit(start, end, f" {scalar(name)}")
    quote = value.style if value.style in ("'", '"') else ""
    return Edit(start, end, f"{quote}{name}{quote}" if quote else scalar(name))


def respelling(scope: Scope, key: Node) -> Edit:
    """Spell the key as AI Core reads it, in the quotation marks that it has."""
    return Edit(scope.at(key.start), scope.at(key.end), f"{key.style}{KEY}{key.style}")


def removal(scope: Scope, pair: Pair) -> Edit:
    """Take the key out, with all that is under it."""
    mapping = scope.mapping
    if len(mapping.pairs) == 1:
        raise Unsafe(f"{scope.name} would be empty", offset=scope.at(pair[0].start))
    if mapping.flow:
        spans = [(key.start, value.end) for key, value in mapping.pairs]
        return _flow_cut(scope, spans, mapping.pairs.index(pair))
    if scope.before(pair[0].start).strip(" "):
        raise Unsafe(f"{scope.name} is not written with one key a line", offset=scope.at(pair[0].start))
    return _rows(scope, pair[0].start, _last(pair[0], pair[1]))


def entry_removal(scope: Scope, listed: Node, item: Node) -> Edit:
    """Take one entry out of a list that has more of them."""
    if listed.flow:
        spans = [(one.start, one.end) for one in listed.items]
        return _flow_cut(scope, spans, listed.items.index(item))
    if not _DASH.fullmatch(scope.before(item.start)):
        raise Unsafe("the entry is not on the line of its hyphen", offset=scope.at(item.start))
    return _rows(scope, item.start, _last(item, item))


def _entry(name: str, *, quoted: bool) -> str:
    return f'{{"name": "{name}"}}' if quoted else f"{{name: {scalar(name)}}}"


def _flow_insertion(scope: Scope, name: str) -> Edit:
    """The same in braces: before the first key, with the distance that it has from its brace."""
    first = scope.mapping.pairs[0][0]
    start = scope.at(first.start)
    gap = scope.lines.text[scope.at(scope.mapping.start) + 1 : start]
    if gap.strip():
        raise Unsafe(f"{scope.name} does not begin with a key", offset=start)
    quoted = first.style == '"'
    key = f'"{KEY}"' if quoted else KEY
    return Edit(start, start, f"{key}: [{_entry(name, quoted=quoted)}],{gap or ' '}")


def _flow_cut(scope: Scope, spans: Sequence[tuple[int, int]], at: int) -> Edit:
    """Take the span number *at* out, with one comma beside it."""
    last = at == len(spans) - 1
    start, end = (spans[at - 1][1], spans[at][1]) if last else (spans[at][0], spans[at + 1][0])
    start, end = scope.at(start), scope.at(end)
    gap = (spans[at - 1][1], spans[at][0]) if last else (spans[at][1], spans[at + 1][0])
    between = scope.lines.text[scope.at(gap[0]) : scope.at(gap[1])]
    if between.strip() != ",":
        raise Unsafe("there is more than a comma next to it", offset=start)
    return Edit(start, end, "")


def _below(scope: Scope, row: int, new: tuple[str, ...]) -> Edit:
    """Put lines below line *row*, with its line break; at the end of a file without one, none follows."""
    end = scope.lines.end(row)
    line = scope.lines.text[scope.lines.starts[row] : end]
    breaks = line[len(line.rstrip("\r\n")) :]
    if breaks:
        return Edit(end, end, "".join(f"{one}{breaks}" for one in new))
    earlier = scope.lines.text[: scope.lines.starts[row]]
    usual = "\r\n" if earlier.endswith("\r\n") else "\n"
    return Edit(end, end, "".join(f"{usual}{one}" for one in new))


def _rows(scope: Scope, start: int, end: int) -> Edit:
    """Take whole lines out, from the one at *start* to the one at *end*."""
    if not _REST.fullmatch(scope.after(end)):
        raise Unsafe("other text is on the same line", offset=scope.at(end))
    return Edit(scope.lines.starts[scope.row(start)], scope.lines.end(scope.row(end)), "")


def _last(key: Node, value: Node) -> int:
    """The offset behind the last character of *value*, or of *key* where there is none."""
    while value.kind != "scalar" and not value.flow and not value.alias:
        if value.kind == "list":
            key = value = value.items[-1]
        else:
            key, value = value.pairs[-1]
    if value.style in ("|", ">"):
        raise Unsafe("its value is a text block")
    return max(value.end, key.end) if key.kind == "scalar" else value.end


def _list_indent(scope: Scope) -> int:
    """How much deeper than its key a list begins: as the first list does that is written in lines."""
    left = [scope.root, scope.mapping]
    while left:
        node = left.pop()
        for key, value in node.pairs:
            if value.kind == "list" and not value.flow and not value.alias and not value.marked:
                deep = len(scope.before(value.start)) - len(scope.before(key.start))
                if 0 <= deep <= _DEEPEST_INDENT:
                    return deep
        left += [*(value for _, value in reversed(node.pairs)), *reversed(node.items)]
    return _USUAL_INDENT
