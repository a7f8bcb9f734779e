"""The text blocks of a ServingTemplate: its annotations, labels and inner spec, each YAML inside YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import visible
from aicore_magics.templates.catalogue.identity import SPEC
from aicore_magics.templates.catalogue.reading import REPEATED_KEY, YAML
from aicore_magics.templates.facts import SERVING_METADATA, SERVING_SPEC
from aicore_magics.templates.finding import INNER, Finding, Findings, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Block, TemplateText, YamlFault

TEXTS = ("annotations", "labels")


def metadata_blocks(document: TemplateText) -> dict[str, Block]:
    """Give the annotations and labels of a ServingTemplate that are texts, as the YAML inside."""
    if document.kind != "ServingTemplate":
        return {}
    blocks = {key: document.inside((*SERVING_METADATA, key)) for key in TEXTS}
    return {
        key: one for key, one in blocks.items() if one is not None and one.style != "mapping" and one.text
    }


def read_blocks(blocks: dict[str, Block]) -> dict[str, Any]:
    """Give what *blocks* hold, but those that cannot be read."""
    return {key: one.data for key, one in blocks.items() if not one.fault and not one.several}


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
    cause = fault.cause or "look at this line and the one before it"
    found.add(YAML, path, f"this is no YAML: {visible(fault.problem)}", f"mend this: {cause}")


def add_several(found: Findings, path: Path) -> None:
    """Add that the text at *path* holds several documents."""
    what = "inner spec holds" if path == SERVING_SPEC else f"{path[-1]} hold"
    found.add(SPEC, path, f"the {what} several documents", "leave out what follows ---")


def repeated(key: str) -> Finding:
    """Give the finding of a *key* that stands twice."""
    message = f"{shown(key)} stands twice, and only one of them counts"
    return Finding(REPEATED_KEY, message, "leave one of them out")
