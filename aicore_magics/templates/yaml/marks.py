"""Templates as plain data that knows its place in the file, down into the text block of a ServingTemplate.

`read_documents` takes any text and never raises. `{{…}}` may stand anywhere: it is hidden from the YAML
reader, and back in its place in the data.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.templates.facts import SERVING_SPEC
from aicore_magics.templates.finding import INNER
from aicore_magics.templates.yaml.faults import (
    FOLDED,
    INDENTATION,
    SECOND_COLON,
    NotYaml,
    YamlFault,
    explained,
    odd_blank,
)
from aicore_magics.templates.yaml.nodes import compose

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.nodes import Node, Tree

__all__ = ["Block", "Documents", "Lines", "Position", "TemplateText", "YamlFault", "read_documents"]

BlockStyle = Literal["literal", "folded", "quoted", "plain", "mapping", ""]
_STYLES: dict[str, BlockStyle] = {"|": "literal", ">": "folded", "'": "quoted", '"': "quoted", "": "plain"}

# As editors count lines. YAML 1.1 knows more line breaks, which no editor shows as such.
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line and a column, both counted from 1, the column in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Lines:
    r"""The lines of a text.

    >>> str(Lines("a: 1\r\nb: 2").place(9))
    '2:4'
    """

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> Position:
        """Give the place of the character at *offset*."""
        row = self.row(offset)
        return Position(row + 1, offset - self.starts[row] + 1)

    def row(self, offset: int) -> int:
        """Give the line that holds *offset*, counted from 0."""
        return bisect_right(self.starts, offset) - 1

    def end(self, row: int) -> int:
        """Give the offset behind line *row* and its line break."""
        return self.starts[row + 1] if row + 1 < len(self.starts) else len(self.text)

    def with_breaks(self) -> list[str]:
        """List the lines with their line breaks. The last one has none, and may be empty."""
        ends = [*self.starts[1:], len(self.text)]
        return [self.text[start:end] for start, end in zip(self.starts, ends, strict=True)]

    def line(self, row: int) -> str:
        """Give line *row* without its line break."""
        return self.text[self.starts[row] : self.end(row)].rstrip("\r\n")


class Documents:
    """The YAML documents of a text, up to the first fault in it."""

    def __init__(self, text: str) -> None:
        self.text = text.removeprefix("\ufeff")
        self.lines = Lines(self.text)
        odd = odd_blank(self.text)
        trees, broken = ((), odd) if odd else compose(self.text)
        self.documents = tuple(TemplateText(tree, self.lines) for tree in trees)
        self.fault = _fault(self.lines, broken)


class TemplateText:
    """One document: its plain data, and the place of each part of it.

    *data* is what Kubernetes' YAML reader makes of it, with dates as text and keys as they are written.
    *repeated* are the keys that one mapping has twice, and where the later one stands.
    """

    def __init__(self, tree: Tree, lines: Lines) -> None:
        self.tree = tree
        self.lines = lines
        self.data = tree.root.data
        kind = self.data.get("kind") if isinstance(self.data, dict) else None
        self.kind = kind if isinstance(kind, str) else ""
        self.repeated = tuple((key.text, lines.place(key.start)) for key in tree.repeated)
        self._blocks: dict[int, Block] = {}

    @cached_property
    def block(self) -> Block | None:
        """The text block of a ServingTemplate, None if there is none."""
        node = self._node(SERVING_SPEC) if self.kind == "ServingTemplate" else None
        return None if node is None or node.data is None else self.inside(SERVING_SPEC)

    @property
    def inner(self) -> Any:
        """The plain data of the text block, None if there is none or it is broken."""
        return self.block.data if self.block else None

    def inside(self, path: Path) -> Block | None:
        """Give what lies inside the text at *path*, which need not be that of a ServingTemplate."""
        node = self._node(path)
        if node is None:
            return None
        if id(node) not in self._blocks:
            self._blocks[id(node)] = Block(node, self.lines)
        return self._blocks[id(node)]

    def place(self, path: Path, *, key: bool = False) -> Position:
        """Give the place of the value at *path*; of its key if it has none, or if *key* is asked for.

        Where *path* leads nowhere, it is the place of the last part that is there.
        """
        at = path.index(INNER) if INNER in path else len(path)
        block = self.inside(path[:at]) if at < len(path) else None
        if block is None:
            return self.lines.place(_offset(self.tree.root, path[:at], key=key))
        return self.lines.place(block.offset(path[at + 1 :], key=key))

    def written(self, path: Path) -> str:
        """Give the text or number at *path* as it is written; an empty text if none is there."""
        node, _ = self._found(path)
        return node.text if node is not None else ""

    def placeholder(self, path: Path, word: str) -> Position | None:
        """Give the place of `{{…}}` with *word* in the text at *path*; None if it is written otherwise."""
        node, block = self._found(path)
        if node is None or node.alias:
            return None
        lines = block.lines if block else self.lines
        match = re.compile(rf"\{{\{{\s*{re.escape(word)}\s*\}}\}}").search(lines.text, node.start, node.end)
        return self.lines.place(block.outer(match.start()) if block else match.start()) if match else None

    def _found(self, path: Path) -> tuple[Node | None, Block | None]:
        """The node at *path*, and the text block that it stands in, if it does."""
        at = path.index(INNER) if INNER in path else len(path)
        block = self.inside(path[:at]) if at < len(path) else None
        return (_follow(block.root, path[at + 1 :]) if block else self._node(path[:at])), block

    def _node(self, path: Path) -> Node | None:
        return _follow(self.tree.root, path)


class Block:
    """YAML as text inside YAML: a text block, or another text, or a mapping that stands where text is due."""

    def __init__(self, node: Node, lines: Lines) -> None:
        self.node = node
        self.style: BlockStyle = "mapping" if node.kind != "scalar" else _STYLES[node.style]
        self.text = node.text
        cut = _cut(node, lines) if node.style == "|" and not node.alias else None
        # Where each line of the cut text begins in the file; without it, all places are that of the text.
        self.origins, self.lines = cut or ([], Lines(node.text))
        trees: tuple[Tree, ...] = ()
        broken = None
        if node.kind == "scalar":
            trees, broken = compose(self.lines.text)
        self.root = node if node.kind != "scalar" else trees[0].root if trees and not broken else None
        self.tree = trees[0] if self.root and trees else None
        self.several = len(trees) > 1
        self.data: Any = self.root.data if self.root else None
        self.fault_offset = 0
        self.fault = self._fault(lines, broken)

    def outer(self, offset: int) -> int:
        """Give the offset in the file of what stands at *offset* inside."""
        if self.style == "mapping":
            return offset
        if not self.origins:
            return self.node.start
        row = self.lines.row(offset)
        return self.origins[row] + offset - self.lines.starts[row]

    def offset(self, path: Path, *, key: bool) -> int:
        """Give the offset in the file of the value at *path* inside."""
        return self.outer(_offset(self.root, path, key=key)) if self.root else self.node.start

    def _fault(self, lines: Lines, broken: NotYaml | None) -> YamlFault | None:
        if broken is None:
            return None
        offset, cause = explained(self.lines, broken)
        if self.style == "folded" and cause in (INDENTATION, SECOND_COLON):
            cause = FOLDED
        self.fault_offset = self.outer(offset)
        return YamlFault(lines.place(self.fault_offset), broken.problem, cause)


def read_documents(text: str) -> Documents:
    """Give the documents of any *text*, templates or not. Never raises: what is no YAML is a fault."""
    return Documents(text)


def _fault(lines: Lines, broken: NotYaml | None) -> YamlFault | None:
    if broken is None:
        return None
    offset, cause = explained(lines, broken)
    return YamlFault(lines.place(offset), broken.problem, cause)


def _follow(root: Node | None, path: Path) -> Node | None:
    node = root
    for part in path:
        node = node and _step(node, part)[1]
    return node


def _step(node: Node, part: str | int) -> tuple[Node | None, Node | None]:
    """Key and value of *part* in *node*; a list's item has no key."""
    if isinstance(part, str):
        return (node.pair(part) or (None, None)) if node.kind == "mapping" else (None, None)
    inside = node.kind == "list" and -len(node.items) <= part < len(node.items)
    return None, node.items[part] if inside else None


def _offset(root: Node, path: Path, *, key: bool) -> int:
    node, name = root, None
    for part in path:
        found, value = _step(node, part)
        if value is None:
            return name.start if name and key else node.start
        node, name = value, found
    empty = node.kind == "scalar" and node.start == node.end
    return name.start if name and (key or empty) else node.start


def _cut(node: Node, lines: Lines) -> tuple[list[int], Lines] | None:
    """The lines of a literal block without their indentation, and where each begins in the file.

    None if that is not what the block holds: YAML 1.1 knows line breaks that editors do not.
    """
    value = node.text
    first = lines.row(node.start) + 1
    many = len(value.rstrip("\n").split("\n")) if value.strip("\n") else 0
    rows = range(first, min(first + many, len(lines.starts)))
    lead = next(
        ((row, line) for row, line in zip(rows, value.split("\n"), strict=False) if line.strip(" ")), None
    )
    if lead is None:
        return None
    indent = len(lines.line(lead[0])) - len(lead[1])
    origins, pieces = [], []
    for row in rows:
        start, end = lines.starts[row], lines.end(row)
        begin = start + min(indent, len(lines.line(row)))
        origins.append(begin)
        pieces.append(lines.text[begin:end])
    text = "".join(pieces)
    read = text.replace("\r\n", "\n").replace("\r", "\n")
    if indent < 0 or read.rstrip("\n") != value.rstrip("\n"):
        return None
    # The text may end in a line break: then one more line begins behind it.
    return [*origins, lines.end(rows[-1])], Lines(text)
