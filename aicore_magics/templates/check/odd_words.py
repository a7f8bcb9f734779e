"""Words that YAML reads as something else, as they are written: keys, dates, and words for nothing.

As plain data they are no longer what was written, so they are looked for where the text is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.reading import SIZE
from aicore_magics.templates.catalogue.structure import TEXT
from aicore_magics.templates.facts import SERVING_METADATA, SERVING_SPEC
from aicore_magics.templates.finding import INNER, MAX_FINDINGS, Finding, shown
from aicore_magics.templates.rules.keys import NAMES
from aicore_magics.templates.rules.metadata import LABEL_VALUE
from aicore_magics.templates.rules.name_words import ANYTHING
from aicore_magics.templates.rules.shape import what
from aicore_magics.templates.yaml.scalars import other_reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aicore_magics.templates.finding import Path, Severity
    from aicore_magics.templates.yaml.marks import Block, TemplateText
    from aicore_magics.templates.yaml.nodes import Node, Tree

# Whose keys somebody chooses: they are names, too.
_OWNERS = {"annotations", "hooks", "labels", "labelsFrom", "matchLabels", "nodeSelector"}
_TEXTS = {"annotations", "labels"}  # whose values are texts
_REQUIRED = {"entrypoint", "name"}  # what else is a name may be left out, and null leaves it out


def odd_findings(document: TemplateText, blocks: Mapping[str, Block], file: str) -> list[Finding]:
    """Give the findings about such words in *document* and in its text *blocks*, each at the word."""
    found: list[Finding] = []
    for tree, prefix, outer in _trees(document, blocks):
        for node, path, key in _words(tree, prefix) if tree.odd else ():
            told = _said(node, path, key=key)
            if told:
                place = document.lines.place(outer(node.start))
                fix = quoted(node.text) if key else as_text(node.text, path)
                finding = Finding(TEXT, told[0], fix, path=path, instead=told[1])
                found.append(finding.at(file, place.line, place.column))
            if len(found) > MAX_FINDINGS:
                message = f"there are more than {MAX_FINDINGS} such words; the others are not shown"
                return [*found[:-1], Finding(SIZE, message, "fix these first", file)]
    return found


def quoted(text: str) -> str:
    """Say how to write the word *text*, so that it is a text."""
    return f'put it in quotes, as "{shown(text)}"'


def as_text(text: str, path: Path) -> str:
    """Say how to write the word *text*, which stands at *path*, and what else a text has to be there.

    >>> as_text("y", ("env", 0, "name"))
    'put it in quotes, as "y"'
    >>> as_text("y", ("metadata", "name"))
    'put it in quotes, as "y"; a name here must have 4 to 63 small letters, digits and hyphens'
    """
    more = next((said for at, right, said in _RIGHT if _is_at(path, at) and not right.fullmatch(text)), "")
    return f"{quoted(text)}; {more}" if more else quoted(text)


def _is_at(path: Path, place: Path) -> bool:
    """Whether *path* is *place*, or ends like it in a list of that name."""
    lists = [step for step in path[:-1] if isinstance(step, str)]
    listed = lists[-1:] == [*place[:-1]] and isinstance(path[-2], int)
    return path == place or (listed and path[-1] == place[-1])


_PARTS = ("containers", "initContainers", "sidecars", "steps", "tasks", "templates")
_VALUES = ("artifacts", "parameters")
_PART, _VALUE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*"), re.compile(r"[A-Za-z0-9_-]+")
# Where a name or label stands, what is right there, and what to say of a word that is not.
_RIGHT: tuple[tuple[Path, re.Pattern[str], str], ...] = (
    (
        ("metadata", "name"),
        re.compile(r"(?=.{4,63}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
        "a name here must have 4 to 63 small letters, digits and hyphens",
    ),
    *(((each, "name"), _PART, "a name here can only have letters, digits and hyphens") for each in _PARTS),
    *(((each, "name"), _VALUE, "a name here can only have letters, digits, - and _") for each in _VALUES),
    (
        ("metadata", "labels", "ai.sap.com/version"),
        LABEL_VALUE,
        "a version must begin and end with a letter or digit, such as 1.0.0",
    ),
    (
        ("metadata", "labels", "scenarios.ai.sap.com/id"),
        re.compile(r"(?=.{4})" + LABEL_VALUE.pattern),
        "an id must have 4 to 63 letters, digits and hyphens",
    ),
)


def _trees(
    document: TemplateText, blocks: Mapping[str, Block]
) -> Iterator[tuple[Tree, Path, Callable[[int], int]]]:
    """The YAML of the document and of each text block, its path, and what gives the offset in the file."""
    yield document.tree, (), int
    inner = {"": document.block} if document.block is not None else {}
    for key, block in {**inner, **blocks}.items():
        if block.tree is not None and not block.fault:
            path = (*SERVING_METADATA, key) if key else SERVING_SPEC
            yield block.tree, (*path, INNER), block.outer


def _words(tree: Tree, prefix: Path) -> Iterator[tuple[Node, Path, bool]]:
    """The odd words of *tree* with their paths, and whether each is a key."""
    odd = {id(node) for node in tree.odd}
    left: list[tuple[Node, Path]] = [(tree.root, prefix)]
    while left:
        node, path = left.pop()
        if node.alias:
            continue
        if id(node) in odd:
            yield node, path, False
        for key, value in node.pairs:
            if id(key) in odd:
                yield key, (*path, key.text), True
            left.append((value, (*path, key.text)))
        left += [(item, (*path, i)) for i, item in enumerate(node.items)]


def _said(node: Node, path: Path, *, key: bool) -> tuple[str, Severity | None] | None:
    """What is wrong with the word *node* at *path*, and how grave that is; None if nothing is."""
    step, owners = path[-1], [each for each in path[:-1] if isinstance(each, str) and each != INNER]
    owner = owners[-1] if owners else ""
    kind = (
        other_reading(node.text)
        if isinstance(node.data, str)
        else what(node.data).replace("empty", "nothing")
    )
    if key:
        ours = owner in _OWNERS or "withItems" in path
        return (f"the key {shown(node.text)} is {kind} in YAML, it must be a string", None) if ours else None
    name = owner if owner == "dependencies" else str(step)
    severity: Severity | None = None
    if name not in NAMES and name != "dependencies":
        if owner not in _TEXTS:
            return None
        severity = "warning"
    elif not ANYTHING.isdisjoint(path) or (node.data is None and name not in _REQUIRED):
        return None
    return f"{shown(name)} is {kind} in YAML, it must be a string", severity
