"""Blanks and line breaks at the ends of a word, which nobody sees: `"pod "`, or `|` behind the key.

A message puts what is written on one line, so such a word looks right in it. Where a rule compared the word
with others, the blank is why it is none of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue import flow, identity, inputs, reading, resources, served, structure
from aicore_magics.templates.finding import INNER, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.templates.finding import Findings, Path

# The rules that compare one word with what there is. An expression may have blanks at its ends.
_ABOUT_WORDS = frozenset(
    rule.id
    for rule in (
        *(structure.STEPS, structure.ENTRYPOINT, structure.TEMPLATES),
        *(flow.ARGO_NAME, flow.DEPENDENCY, flow.EXIT_HANDLER, flow.SETTING),
        *(identity.API_VERSION, identity.ARTIFACT_KIND, identity.LABEL, identity.NAME, identity.OLD_FORM),
        *(inputs.ARTIFACT_NAME, inputs.PARAMETER_NAME, inputs.PARAMETER_TYPE),
        *(resources.PLAN_SPELLING, resources.PLAN_UNKNOWN, resources.QUANTITY, resources.VOLUME),
        *(served.AUTOSCALING, served.CONTAINER_NAME, reading.KIND),
    )
)
_EXPRESSIONS = {"depends", "manifest", "when"}


def hidden_blanks(found: Findings, root: object, block: Callable[[Path], object]) -> None:
    """Let each finding about a word with a blank at its end say so.

    *block* gives what a text block at a path holds.
    """
    for i, finding in enumerate(found):
        value = _value(root, finding.path, block) if finding.rule.id in _ABOUT_WORDS else None
        blank = outer_blank(value) if isinstance(value, str) else ""
        if isinstance(value, str) and blank and finding.path[-1] not in _EXPRESSIONS:
            key = next((step for step in reversed(finding.path) if isinstance(step, str)), "")
            entry = isinstance(finding.path[-1], int)
            word = shown(value) if entry else f"{shown(key)}: {shown(value)}"
            how = "without the space" if "blank" in blank else "on one line, without | or >"
            message = f"{f'an entry of {key}' if entry else shown(key)} {blank}"
            found[i] = replace(finding, message=message, fix=f"write {word} {how}", quote=False)


def outer_blank(text: str) -> str:
    r"""Say which blank stands at an end of *text*; empty for none, and for nothing but blanks.

    >>> outer_blank("pod "), outer_blank("pod\n"), outer_blank("\tpod"), outer_blank("pod")
    ('ends with a space', 'ends with a line break', 'begins with a space', '')
    """
    bare = text.strip()
    if not bare or bare == text:
        return ""
    if text[-1].isspace():
        return f"ends with a {'line break' if text[-1] in chr(10) + chr(13) else 'space'}"
    return f"begins with a {'line break' if text[0] in chr(10) + chr(13) else 'space'}"


def _value(root: object, path: Path, block: Callable[[Path], object]) -> object:
    value: Any = root
    for i, step in enumerate(path):
        if step == INNER:
            value = block(path[:i])
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
