"""Comments that speak to the checker of templates, in a file and in the texts there that are YAML as well."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.templates.facts import SERVING_METADATA, SERVING_SPEC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Documents
    from aicore_magics.templates.yaml.nodes import Node, Tree

MARK = "aicore-magics:"
# What begins a comment for us, if it is one: `a # aicore-magics: …`, but not `a# aicore-magics: …`.
_BEGIN = re.compile(rf"(?<![^ \t\r\n\x85\u2028\u2029])#[ \t]*{MARK}")
_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
# What AI Core takes for text, and what is in it for YAML.
_TEXTS: tuple[Path, ...] = (SERVING_SPEC, (*SERVING_METADATA, "labels"), (*SERVING_METADATA, "annotations"))


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment for us: what follows the mark, and the row of the file that it stands on, from 0."""

    text: str
    row: int
    column: int
    alone: bool  # nothing else is on its line


def comments(documents: Documents) -> list[Comment]:
    """List the comments for us, from top to bottom. What only looks like one, in a text, is not listed."""
    if MARK not in documents.text:
        return []
    lines = documents.lines
    trees = [document.tree for document in documents.documents]
    places = list(_in(documents.text, trees, cut=documents.fault is not None))
    for document in documents.documents:
        for path in _TEXTS if document.kind == "ServingTemplate" else ():
            block = document.inside(path)
            # Only the lines of a literal block are lines of the file.
            if block is not None and block.origins and block.tree is not None:
                inside = _in(block.lines.text, [block.tree], cut=block.several)
                places += [(block.outer(offset), text) for offset, text in inside]
    listed = []
    for offset, text in sorted(places):
        row = lines.row(offset)
        begin = lines.starts[row]
        alone = not documents.text[begin:offset].strip()
        listed.append(Comment(text, row, offset - begin + 1, alone))
    return listed


def _in(text: str, trees: list[Tree], *, cut: bool) -> Iterator[tuple[int, str]]:
    """The comments in one text with their offsets; *cut*: behind the last of *trees* nothing was read."""
    spans = sorted(span for tree in trees for span in _scalars(tree.root, text))
    starts = [start for start, _ in spans]
    end = len(text) if not cut else trees[-1].root.end if trees else 0
    behind = 0
    for match in _BEGIN.finditer(text, 0, end):
        at = match.start()
        before = bisect_right(starts, at) - 1
        if at >= behind and (before < 0 or at >= spans[before][1]):
            line_break = _BREAK.search(text, at)
            behind = line_break.start() if line_break else len(text)
            yield at, text[match.end() : behind].strip()


def _scalars(root: Node, text: str) -> Iterator[tuple[int, int]]:
    """From where to where each scalar goes, without what stands behind the | of a block."""
    left, seen = [root], set()
    while left:
        node = left.pop()
        if node.alias or id(node) in seen:
            continue
        seen.add(id(node))
        if node.kind == "scalar":
            header = _BREAK.search(text, node.start) if node.style in ("|", ">") else None
            yield header.start() if header else node.start, node.end
        left += [each for pair in node.pairs for each in pair]
        left += [*node.items, *node.merged]
