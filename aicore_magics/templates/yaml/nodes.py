"""YAML as nodes that know where they stand, read from PyYAML's events: bounded, and without recursion.

`{{…}}` is hidden meanwhile: AI Core replaces it before anybody reads YAML, so PyYAML must not see it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.base.wrappers import MAX_DEPTH
from aicore_magics.base.yaml import MAX_VALUES, BrokenYaml, parsing
from aicore_magics.templates.yaml.faults import TOO_DEEP, TOO_MANY, NotYaml
from aicore_magics.templates.yaml.scalars import other_reading, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_DIGITS = frozenset("0123456789")
_NOT_TEXT = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool", "null")}


@dataclass(slots=True, eq=False)
class Node:
    """A mapping, list or scalar between two offsets, and the plain data that it is.

    An alias has the offsets of the alias, and the parts of what it stands for. *text* is a scalar as text,
    *style* its first character if that is one of ``| > ' "``. *marked*: it carries an anchor or a tag.
    """

    kind: Literal["mapping", "list", "scalar"]
    start: int
    end: int
    data: Any
    text: str = ""
    style: str = ""
    flow: bool = False
    marked: bool = False
    alias: bool = False
    pairs: Sequence[tuple[Node, Node]] = ()
    items: Sequence[Node] = ()
    merged: list[Node] = field(default_factory=list)
    weight: int = 1

    def pair(self, key: str) -> tuple[Node, Node] | None:
        """Give key and value of *key*: the last, as YAML readers do, or one that is merged in."""
        own = [pair for pair in self.pairs if pair[0].text == key]
        if own:
            return own[-1]
        return next((found for one in self.merged if (found := one.pair(key))), None)


@dataclass(slots=True, eq=False)
class Tree:
    """One document. *repeated* are keys that stand in one mapping twice, *linked*: it has aliases.

    *odd* are keys that are no texts, the words for nothing, and what only some readers take for a text.
    """

    root: Node
    repeated: tuple[Node, ...] = ()
    linked: bool = False
    odd: tuple[Node, ...] = ()


def compose(text: str) -> tuple[tuple[Tree, ...], NotYaml | None]:
    """Give the documents of *text*, up to the first thing that is no YAML, and that."""
    masked = Masked(text)
    forbidden = _FORBIDDEN.search(masked.text)
    if forbidden:
        cause = f"the character U+{ord(forbidden[0]):04X}, which YAML does not allow"
        return (), NotYaml("a forbidden character", forbidden.start(), cause=cause)
    composer = _Composer(masked)
    try:
        with parsing(masked.text) as next_event:
            while event := next_event():
                taker = composer.takers.get(type(event).__name__)
                if taker:
                    taker(event)
    except NotYaml as fault:
        return tuple(composer.trees), fault
    except BrokenYaml as error:
        return tuple(composer.trees), NotYaml(error.problem, error.offset, context=error.context)
    return tuple(composer.trees), None


class _Composer:
    """Takes events, and has the documents that they are."""

    def __init__(self, masked: Masked) -> None:
        self.trees: list[Tree] = []
        self._masked = masked
        self._root: Node | None = None
        self._open: list[Node] = []
        self._parts: list[list[Any]] = []  # the pairs or items of each of those
        self._keys: list[Node | None] = []
        self._anchors: dict[str, Node] = {}
        self._repeated: list[Node] = []
        self._odd: list[Node] = []
        self._linked = False
        self._count = 0
        self.takers: dict[str, Callable[[Any], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._begin,
            "SequenceStartEvent": self._begin,
            "MappingEndEvent": self._close,
            "SequenceEndEvent": self._close,
            "AliasEvent": self._alias,
            "DocumentEndEvent": self._finish,
        }

    def _finish(self, _: Any) -> None:
        if self._root is not None:
            repeated, odd = tuple(self._repeated), tuple(self._odd)
            self.trees.append(Tree(self._root, repeated, self._linked, odd))
        self._root, self._anchors, self._repeated, self._odd, self._linked = None, {}, [], [], False

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        style = event.style or ""
        # A comment may stand behind | and >.
        shown = _BREAK.search(self._masked.text, start) if style in ("|", ">") else None
        text = self._masked.restored(event.value, shown.start() if shown else start, end)
        read = plain if (not style and event.implicit[0]) or event.tag in _NOT_TEXT else str
        marked = event.anchor is not None or event.tag is not None
        node = Node("scalar", start, end, read(text), text, style, marked=marked)
        if read is plain and text and (node.data is None or (text[0] in _DIGITS and _otherwise(node))):
            self._odd.append(node)
        self._add(node, event)

    def _begin(self, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise NotYaml(f"more than {MAX_DEPTH} levels", event.start_mark.index, cause=TOO_DEEP)
        mapping = type(event).__name__ == "MappingStartEvent"
        marked = event.anchor is not None or event.tag is not None
        node = Node(
            "mapping" if mapping else "list",
            event.start_mark.index,
            event.end_mark.index,
            {} if mapping else [],
            flow=bool(event.flow_style),
            marked=marked,
        )
        self._add(node, event)
        parts: list[Any] = []
        if mapping:
            node.pairs = parts
        else:
            node.items = parts
        self._parts.append(parts)
        node.weight = -self._count
        self._open.append(node)
        self._keys.append(None)

    def _close(self, event: Any) -> None:
        node = self._open.pop()
        self._keys.pop()
        self._parts.pop()
        node.end = event.end_mark.index
        node.weight += self._count + 1
        # Only now is a list that was written in place complete.
        node.merged = [one for taken in node.merged for one in _mappings(taken)]
        for other in node.merged:
            for key, value in other.data.items():
                node.data.setdefault(key, value)

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        target = self._anchors.get(event.anchor)
        if target is None:
            raise NotYaml("found undefined alias", start)
        if target in self._open:
            raise NotYaml("an anchor that contains itself", start, cause="an alias inside its own anchor")
        self._linked = True
        self._count += target.weight - 1
        node = Node(target.kind, start, end, target.data, target.text, target.style, target.flow, alias=True)
        node.pairs, node.items, node.merged = target.pairs, target.items, target.merged
        self._add(node, None)

    def _add(self, node: Node, event: Any) -> None:
        """Put *node* in its place in what is open, or take it as a document."""
        self._count += 1
        if self._count > MAX_VALUES:
            raise NotYaml(f"more than {MAX_VALUES:,} values", node.start, cause=TOO_MANY)
        if event is not None and event.anchor is not None:
            self._anchors[event.anchor] = node
        if not self._open:
            self._root = node
        elif self._open[-1].kind == "list":
            self._parts[-1].append(node)
            self._open[-1].data.append(node.data)
        else:
            self._enter(self._open[-1], node)

    def _enter(self, mapping: Node, node: Node) -> None:
        """Take *node* as the next key of *mapping*, or as the value of the last one."""
        key = self._keys[-1]
        if key is None:
            if node.kind != "scalar":
                raise NotYaml("a mapping or a list as a key", node.start)
            self._keys[-1] = node
            return
        self._keys[-1] = None
        if key.text == "<<" and not key.style and not key.marked:
            mapping.merged.append(node)
            return
        if key.text in mapping.data:
            self._repeated.append(key)
        if type(key.data) is not str and key.data is not None:
            self._odd.append(key)
        self._parts[-1].append((key, node))
        mapping.data[key.text] = node.data


def _otherwise(node: Node) -> bool:
    """Whether some readers take a text for something else."""
    return type(node.data) is str and bool(other_reading(node.text))


def _mappings(node: Node) -> Sequence[Node]:
    """The mappings that a merge key takes in: one, or those of a list, in which the first one wins."""
    found = node.items if node.kind == "list" else [node]
    wrong = next((one for one in found if one.kind != "mapping"), None)
    if wrong:
        raise NotYaml(
            "a merge of something that is not a mapping", wrong.start, cause="<< merges only mappings"
        )
    return found


# Two characters that templates do not hold. One that does gets hidden, too, and comes back like the rest.
_FIRST, _REST = "\ue000", "\ue001"
# Up to the first }} on the same line; a {{ on the way begins another one. So it takes linear time.
_INSIDE = r"[^{}\r\n]*(?:(?!\{\{|\}\})[{}][^{}\r\n]*)*"
_PLACEHOLDER = re.compile(rf"\{{\{{{_INSIDE}\}}\}}")
_OR_OUR_OWN = re.compile(rf"{_PLACEHOLDER.pattern}|[{_FIRST}{_REST}]")
_HIDDEN = re.compile(f"{_FIRST}{_REST}*")


class Masked:
    """A text in which every placeholder is a plain word of the same length: all positions hold.

    >>> masked = Masked("image: {{x}}/img")
    >>> len(masked.text), masked.restored(masked.text[7:], 7, 16)
    (16, '{{x}}/img')
    """

    __slots__ = ("_found", "_starts", "text")

    def __init__(self, text: str) -> None:
        pattern = _OR_OUR_OWN if _FIRST in text or _REST in text else _PLACEHOLDER
        found = list(pattern.finditer(text))
        self._starts = [one.start() for one in found]
        self._found = [one[0] for one in found]
        self.text = pattern.sub(_hidden, text) if found else text

    def restored(self, value: str, start: int, end: int) -> str:
        """Put the placeholders back into *value*, which was read between *start* and *end*."""
        if _FIRST not in value:
            return value
        inside = iter(self._found[bisect_left(self._starts, start) : bisect_left(self._starts, end)])
        return _HIDDEN.sub(lambda hidden: next(inside, hidden[0]), value)


def _hidden(found: re.Match[str]) -> str:
    return _FIRST + _REST * (len(found[0]) - 1)
