"""The text blocks of a ServingTemplate: its annotations, labels and inner spec, each YAML inside YAML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import visible
from aicore_magics.templates.catalogue.identity import SPEC
from aicore_magics.templates.catalogue.reading import REPEATED_KEY, YAML
from aicore_magics.templates.facts import SERVING_METADATA, SERVING_SPEC
from aicore_magics.templates.finding import INNER, Finding, Findings, shown
from aicore_magics.templates.yaml.scalars import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Block, TemplateText, YamlFault

TEXTS = ("annotations", "labels")
# A line of most of them. What may be a date, or a word for nothing, is read as YAML.
_WORD = r"[A-Za-z][A-Za-z0-9.-]*|[0-9]{1,9}"
# Matches `ai.sap.com/resourcePlan: "starter"`; does not match `x: 2024-01-01`, nor `x: a # why`.
_ENTRY = re.compile(rf"""([A-Za-z][A-Za-z0-9./-]*): (["']?)({_WORD})\2[ ]*""")


def metadata_blocks(document: TemplateText) -> tuple[dict[str, Any], dict[str, Block]]:
    """Give what the annotations and labels of a ServingTemplate hold, and those read as YAML for it.

    What cannot be read is left out of the first; what is plain enough is not read as YAML at all.
    """
    data: dict[str, Any] = {}
    blocks: dict[str, Block] = {}
    for key in TEXTS if document.kind == "ServingTemplate" else ():
        text = document.written((*SERVING_METADATA, key))
        simple = _simple(text) if text else None
        if simple is not None:
            data[key] = simple
        elif text and (block := document.inside((*SERVING_METADATA, key))):
            blocks[key] = block
            if not block.fault and not block.several:
                data[key] = block.data
    return data, blocks


def _simple(text: str) -> dict[str, Any] | None:
    """Read lines of `KEY: VALUE`, each of plain words; None for a text that has anything else in it."""
    data: dict[str, Any] = {}
    for line in text.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry is None or entry[1] in data or type(plain(entry[1])) is not str:
            return None
        data[entry[1]] = entry[3] if entry[2] else plain(entry[3])
    return None if None in data.values() else data


def block_faults(blocks: dict[str, Block], document: TemplateText, file: str) -> Iterator[Finding]:
    """Find what is no YAML in the inner spec and in *blocks*, several documents in one, and repeated keys."""
    spec = document.block
    for path, block in (
        *([(SERVING_SPEC, spec)] if spec is not None else []),
        *(((*SERVING_METADATA, key), one) for key, one in blocks.items()),
    ):
        faults = Findings()
        if block.fault:
            add_fault(faults, block.fault, (*path, INNER))
            yield _at(faults[0], block.fault_offset, document, file)
        elif block.several:
            add_several(faults, path)
            yield _at(faults[0], block.node.start, document, file)
        else:
            for key in block.tree.repeated if block.tree else ():
                yield _at(repeated(key.text), block.outer(key.start), document, file)


def _at(finding: Finding, offset: int, document: TemplateText, file: str) -> Finding:
    place = document.lines.place(offset)
    return finding.at(file, place.line, place.column)


def add_fault(found: Findings, fault: YamlFault, path: Path) -> None:
    """Add that what stands at *path* is no YAML, and the usual cause."""
    found.add(YAML, path, visible(fault.message), fault.cause or "check this line and the one before it")


def add_several(found: Findings, path: Path) -> None:
    """Add that the text at *path* holds several documents."""
    what = "inner spec has" if path == SERVING_SPEC else f"{path[-1]} have"
    found.add(SPEC, path, f"the {what} several documents", "remove everything from --- on")


def repeated(key: str) -> Finding:
    """Give the finding of a *key* that stands twice."""
    message = f"{shown(key)} is there twice, and only one of them is used"
    return Finding(REPEATED_KEY, message, "remove one of them")
