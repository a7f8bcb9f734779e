"""The mapping of a template in which `imagePullSecrets` belong: found, or refused with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from aicore_magics.templates.facts import SERVING_SPEC
from aicore_magics.templates.finding import INNER, shown
from aicore_magics.templates.rules.keys import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Block, Lines, TemplateText
    from aicore_magics.templates.yaml.nodes import Node

BY_HAND = "change it by hand."
IN_THE_WAY = "an anchor, an alias or a tag is in the way"
_WANTED = (
    "AI Core reads it from predictor, in the text block spec.template.spec of serving.kserve.io/v1beta1."
)


class Unsafe(Exception):
    """A change that cannot be made safely: why, what to do, and the offset in the file, or -1 for none."""

    def __init__(self, reason: str, fix: str = BY_HAND, *, offset: int = -1) -> None:
        super().__init__(reason)
        self.reason, self.fix, self.offset = reason, fix, offset


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """A mapping, and where it stands. *at* turns the offsets of its nodes into those of the file.

    *path* leads to it, *owner* is its key, *root* the top of the text it is in.
    """

    path: Path
    owner: Node
    mapping: Node
    root: Node
    lines: Lines
    at: Callable[[int], int]

    @property
    def name(self) -> str:
        """The key of the mapping: `spec` or `predictor`."""
        return self.owner.text

    def row(self, offset: int) -> int:
        """Give the line of the file, from 0, that holds a node's *offset*."""
        return self.lines.row(self.at(offset))

    def before(self, offset: int) -> str:
        """Give what stands before a node's *offset* on its line."""
        start = self.at(offset)
        return self.lines.text[self.lines.starts[self.lines.row(start)] : start]

    def after(self, offset: int) -> str:
        """Give what stands behind a node's *offset* on its line, without the line break."""
        end = self.at(offset)
        return self.lines.text[end : self.lines.end(self.lines.row(end))].rstrip("\r\n")


def scope_of(template: TemplateText) -> Scope:
    """Give the mapping in which a template's `imagePullSecrets` belong. Raises Unsafe."""
    if template.repeated:
        _refuse_twice(template.tree.repeated[0], _same)
    return _predictor(template) if template.kind == "ServingTemplate" else outer_spec(template)


def outer_spec(template: TemplateText) -> Scope:
    """Give the `spec` at the top of a template. Raises Unsafe."""
    root = template.tree.root
    key, value = own(root, "spec", _same) or _missing("it has no spec", root.start)
    _filled("spec", key, value, _same)
    return Scope(("spec",), key, value, root, template.lines, _same)


def own(mapping: Node, key: str, at: Callable[[int], int]) -> tuple[Node, Node] | None:
    """Give key and value of *key*, if it stands in *mapping* itself and not by way of an alias."""
    found = mapping.pair(key)
    if found is None:
        return None
    if found not in mapping.pairs or found[1].alias or found[0].alias:
        raise Unsafe(IN_THE_WAY, offset=at(mapping.start))
    return found


def _predictor(template: TemplateText) -> Scope:
    node = template.tree.root
    for part in SERVING_SPEC:
        found = own(node, str(part), _same) if node.kind == "mapping" else None
        node = (found or _missing("it has no spec.template.spec", node.start))[1]
    block = template.block
    if block is None:
        raise Unsafe("spec.template.spec is empty", _WANTED, offset=node.start)
    at = block.outer
    root = _readable(block)
    key, value = own(root, "predictor", at) or _missing("it has no predictor", at(root.start), _spell(root))
    _filled("predictor", key, value, at)
    path: Path = (*SERVING_SPEC, *(() if block.style == "mapping" else (INNER,)), "predictor")
    return Scope(path, key, value, root, template.lines, at)


def _spell(root: Node) -> str:
    """What to do where there is no predictor: it may be misspelt."""
    near = nearest("predictor", [key.text for key, _ in root.pairs])
    return f"write predictor instead of {shown(near[0])}." if near else _WANTED


def _readable(block: Block) -> Node:
    """The top of the text block, if what is changed there keeps all else as it is."""
    if block.fault:
        raise Unsafe(f"its text block {block.fault.said}", "fix it first.", offset=block.fault_offset)
    if block.style not in ("literal", "mapping"):
        fix = "begin the text block with | and a line break."
        raise Unsafe(f"spec.template.spec is a {block.style} text", fix, offset=block.node.start)
    if block.style == "literal" and not block.origins:
        raise Unsafe("spec.template.spec is empty, or has odd line breaks", _WANTED, offset=block.node.start)
    if block.root is None or block.root.kind != "mapping" or block.several:
        raise Unsafe("its text block is not a mapping", _WANTED, offset=block.node.start)
    if block.tree and block.tree.repeated:
        twice = block.tree.repeated[0]
        raise Unsafe(
            f"the key {shown(twice.text)} is there twice",
            "remove one of them.",
            offset=block.outer(twice.start),
        )
    return block.root


def _filled(name: str, key: Node, value: Node, at: Callable[[int], int]) -> None:
    if value.kind != "mapping" or not value.pairs:
        raise Unsafe(f"{name} is empty", "complete it first.", offset=at(key.start))
    if value.marked:
        raise Unsafe(IN_THE_WAY, offset=at(value.start))


def _missing(reason: str, offset: int, fix: str = "check that it is a whole template.") -> NoReturn:
    raise Unsafe(reason, fix, offset=offset)


def _refuse_twice(key: Node, at: Callable[[int], int]) -> NoReturn:
    reason = f"the key {shown(key.text)} is there twice"
    raise Unsafe(reason, "remove one of them.", offset=at(key.start))


def _same(offset: int) -> int:
    return offset
