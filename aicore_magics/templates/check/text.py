"""Check a template: a text, or a document as plain data. Nothing is changed, and nothing is sent.

Tokens are found wherever they stand: git keeps them, and so does everybody who has the repository.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from aicore_magics.base.tokens import token_kind
from aicore_magics.templates.catalogue.pulling import SECRET_PLACE, SECRET_SPELLING, SECRET_TOKEN
from aicore_magics.templates.catalogue.reading import NO_TEMPLATE, SIZE
from aicore_magics.templates.catalogue.running import TOKEN
from aicore_magics.templates.catalogue.structure import UNDOCUMENTED_PART, UNKNOWN_KEY
from aicore_magics.templates.check.blocks import (
    TEXTS,
    add_fault,
    add_several,
    block_faults,
    metadata_blocks,
    repeated,
)
from aicore_magics.templates.check.odd_words import as_text, odd_findings
from aicore_magics.templates.check.switches import Switches, switches
from aicore_magics.templates.facts import SERVING_METADATA, SERVING_SPEC, TEMPLATE_KINDS
from aicore_magics.templates.finding import INNER, Finding, Findings
from aicore_magics.templates.rules.document_rules import template_findings
from aicore_magics.templates.rules.secret import NOTHING, Known

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from aicore_magics.templates.finding import Path
    from aicore_magics.templates.yaml.marks import Documents, Lines, TemplateText, YamlFault

_ABOUT_KEYS = (UNKNOWN_KEY, SECRET_PLACE, SECRET_SPELLING, UNDOCUMENTED_PART)
_ABOUT_TOKENS = (SECRET_TOKEN, TOKEN)
_MAX_TEMPLATES = 100  # documents of one text


@dataclass(frozen=True, slots=True)
class TemplateRead:
    """A template that was read: the id that its executable will have, and where its name stands."""

    name: str
    kind: str
    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class TextChecked:
    """What was found in one text, sorted by place, what of that is *disabled*, and the templates in it."""

    findings: tuple[Finding, ...]
    templates: tuple[TemplateRead, ...]
    disabled: tuple[Finding, ...] = ()
    switches: Switches = field(default_factory=Switches)


def check_document(
    document: object,
    *,
    inner: object = None,
    known_secrets: Collection[str] | None = None,
    tenant: str = "",
    auth_keys: Mapping[str, Collection[str]] | None = None,
) -> tuple[Finding, ...]:
    """Give what the rules find in *document*, plain data; each finding has its path, and no line.

    *inner* is what the text block of a ServingTemplate holds; without it the block is read. With
    *known_secrets*, the names in *tenant*, a secret must be one of them; with *auth_keys*, the keys that a
    secret has logins for, one of these must serve the image.
    """
    more = known_secrets is not None or auth_keys is not None
    known = Known(known_secrets, tenant, auth_keys) if more else NOTHING
    places = _inner_texts(document) if inner is None else {}
    if not places:
        return tuple(template_findings(document, inner, known))
    # They are read only here: most documents are checked without any YAML library.
    from aicore_magics.templates.yaml.marks import read_documents

    blocks = {path: read_documents(text) for path, text in places.items()}
    data = {path: one.documents[0].data for path, one in blocks.items() if one.documents and not one.fault}
    texts = {str(path[-1]): value for path, value in data.items() if path != SERVING_SPEC}
    found = template_findings(document, data.get(SERVING_SPEC), known, texts)
    for path, block in blocks.items():
        if block.fault:
            add_fault(found, block.fault, path)
        elif len(block.documents) > 1:
            add_several(found, path)
    return tuple(found)


def check_text(
    text: str,
    file: str = "",
    *,
    known_secrets: Collection[str] | None = None,
    tenant: str = "",
    auth_keys: Mapping[str, Collection[str]] | None = None,
) -> tuple[Finding, ...]:
    """Give what is found in the YAML *text*, sorted by place. *file* is what the findings call it."""
    return read_and_check(text, file, Known(known_secrets, tenant, auth_keys), meant=True).findings


def read_and_check(
    text: str,
    file: str,
    known: Known = NOTHING,
    *,
    meant: bool = False,
    disable: frozenset[str] = frozenset(),
) -> TextChecked:
    """Check all templates of *text*; documents that are none are left alone.

    A text that is no YAML is a finding if it speaks of templates. A text that is *meant* to hold one is a
    finding in any case if it holds none. *disable* are the ids of rules.
    """
    from aicore_magics.templates.yaml.marks import read_documents

    read = read_documents(text)
    off = switches(read, file, disable)
    findings: list[Finding] = []
    disabled: list[Finding] = []
    templates = []
    for document in read.documents[:_MAX_TEMPLATES]:
        if _is_template(document.data):
            for finding in _document(document, file, known):
                key_line = _key_line(finding, document) if off.at else finding.line
                (disabled if off.cover(finding, key_line) else findings).append(finding)
            templates.append(_named(document, file))
    others = _others(read, file, findings=(*findings, *disabled), templates=templates, meant=meant)
    for finding in (*others, *(off.findings if templates else ())):
        (disabled if off.cover(finding) else findings).append(finding)
    return TextChecked(tuple(sorted(findings)), tuple(templates), tuple(sorted(disabled)), off)


def _key_line(finding: Finding, document: TemplateText) -> int:
    """The line of the key, where its value begins on another one."""
    return document.place(finding.path, key=True).line if finding.path else finding.line


def _others(
    read: Documents, file: str, *, findings: Sequence[Finding], templates: Sequence[TemplateRead], meant: bool
) -> list[Finding]:
    """What is found in a text as a whole, beside the *findings* in its *templates*."""
    others: list[Finding] = []
    if len(read.documents) > _MAX_TEMPLATES:
        message = f"the text has more than {_MAX_TEMPLATES} documents; the others were not checked"
        others.append(Finding(SIZE, message, "split it into several files", file))
    if read.fault and (meant or any(kind in read.text for kind in TEMPLATE_KINDS)):
        others.append(_outer_fault(read.fault, file))
    elif meant and not templates:
        others += _no_template(read.documents, file)
    if templates:
        told = {one.line for one in findings if one.rule in _ABOUT_TOKENS}
        others += token_findings(read.lines, file, told)
    return others


def _no_template(documents: tuple[TemplateText, ...], file: str) -> list[Finding]:
    """Say that *file* holds no template, and what it holds: of another kind, where that stands."""
    other = next((one for one in documents if one.kind), None)
    if other is not None:
        return [_placed(finding, other, file) for finding in template_findings({"kind": other.kind})]
    message = "neither a WorkflowTemplate nor a ServingTemplate"
    return [Finding(NO_TEMPLATE, message, "choose a file with a template, such as train.yaml", file)]


def _is_template(data: object) -> bool:
    """Whether *data* is a template, or was meant to be one: by the kind without regard to case."""
    kind = data.get("kind") if isinstance(data, dict) else None
    return isinstance(kind, str) and kind.lower().removesuffix("s") in {
        each.lower() for each in TEMPLATE_KINDS
    }


def _document(document: TemplateText, file: str, known: Known) -> list[Finding]:
    texts, blocks = metadata_blocks(document)
    found = template_findings(document.data, document.inner, known, texts)
    odd = odd_findings(document, blocks, file)
    # They say more of the same places.
    told = {finding.path for finding in odd}
    placed = [_placed(finding, document, file) for finding in found if finding.path not in told]
    placed += odd
    placed += block_faults(blocks, document, file)
    for key, place in document.repeated:
        placed.append(repeated(key).at(file, place.line, place.column))
    return placed


def _placed(finding: Finding, document: TemplateText, file: str) -> Finding:
    # A text or number is shown where it begins; what is wrong with a key, or with all below it, at the key.
    key = finding.rule in _ABOUT_KEYS or isinstance(_value(document, finding.path), (dict, list))
    place = document.place(finding.path, key=key)
    inside = document.placeholder(finding.path, finding.within) if finding.within else None
    if inside and inside.line > place.line:
        place = inside
    if finding.quote and (written := document.written(finding.path)):
        finding = replace(finding, fix=as_text(written, finding.path))
    return finding.at(file, place.line, place.column)


def _value(document: TemplateText, path: Path) -> object:
    value: Any = document.data
    for i, step in enumerate(path):
        if step == INNER:
            block = document.inside(path[:i])
            value = block.data if block else None
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def _outer_fault(fault: YamlFault, file: str) -> Finding:
    faults = Findings()
    add_fault(faults, fault, ())
    return faults[0].at(file, fault.place.line, fault.place.column)


def _named(document: TemplateText, file: str) -> TemplateRead:
    metadata: Any = document.data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    place = document.place(("metadata", "name"))
    return TemplateRead(name if isinstance(name, str) else "", document.kind, file, place.line, place.column)


def _inner_texts(document: object) -> dict[Path, str]:
    """The text blocks of a ServingTemplate that are there."""
    if not isinstance(document, dict) or document.get("kind") != "ServingTemplate":
        return {}
    texts: dict[Path, str] = {}
    for path in (SERVING_SPEC, *((*SERVING_METADATA, key) for key in TEXTS)):
        value: object = document
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            texts[path] = value
    return texts


_FIX = "revoke it, and remove it; use a generic secret for what a container needs"


def token_findings(lines: Lines, file: str, told: Collection[int]) -> Iterator[Finding]:
    """Find the lines that hold what looks like a token, comments as well, but those *told* of already."""
    if token_kind(lines.text) is None:
        return
    for row in range(len(lines.starts)):
        line = lines.line(row)
        kind = token_kind(line)
        if kind and row + 1 not in told:
            column = len(line) - len(line.lstrip()) + 1
            yield Finding(TOKEN, f"this line contains what looks like {kind}", _FIX, file, row + 1, column)
