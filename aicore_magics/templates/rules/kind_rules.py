"""Values of another kind than is read at their place in a template, and keys that nothing reads there.

Argo reads the YAML before it fills `{{…}}`: where a number is due, a text with braces is refused as well. AI
Core fills the inner spec of a ServingTemplate before that is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.structure import SHAPE, TEXT
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import kinds
from aicore_magics.templates.rules.calls import BRACED
from aicore_magics.templates.rules.keys import unknown_keys
from aicore_magics.templates.rules.shape import entry_fix, not_text, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.kinds import Kind
    from aicore_magics.templates.rules.walk import Walked

_FLAGS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def kind_findings(found: Findings, walked: Walked, prefix: Path = (), *, filled: bool = False) -> None:
    """Find what is of another kind than is read, and keys that nothing reads; each place once.

    All stands behind *prefix*. *filled*: `{{…}}` may become any value. What the other rules said of a place
    says more, so they come before.
    """
    told = {each.path for each in found} if walked.wrong or walked.unread else set()
    for inside, node, kind in walked.unread:
        path = (*prefix, *inside)
        others = {key: value for key, value in node.items() if (*path, key) not in told}
        unknown_keys(found, others, frozenset(kind.keys), path, owner=kind.owner)
    for inside, value, kind in walked.wrong:
        path = (*prefix, *inside)
        if path not in told and not (filled and isinstance(value, str) and BRACED in value):
            _wrong(found, value, kind, path)


def _wrong(found: Findings, value: object, kind: Kind, path: Path) -> None:
    """Find that *value* is not of *kind*, and say how to write it."""
    key = shown(next((step for step in reversed(path) if isinstance(step, str)), ""))
    entry = isinstance(path[-1], int)
    name = f"an entry of {key}" if entry else key
    text = kind in (kinds.TEXT, kinds.SCALAR)
    if text and not isinstance(value, (dict, list)):
        not_text(found, name, value, path)
    elif value is None:
        fix = f"write {key}: true, or leave it out"
        found.add(SHAPE, path, f"{name} is empty, which counts as false", fix, severity="warning")
    elif text:
        message = f"{name} is {what(value)}, it must be {kind.word}"
        found.add(TEXT, path, message, _as_text(key, value, kind))
    else:
        is_what = f"the string {shown(value)}" if isinstance(value, str) else what(value)
        message = f"{name} is {is_what}, it must be {kind.word}"
        way = entry_fix(key) if entry and kind.type is dict else _WAYS[kind.type](key, value)
        found.add(SHAPE, path, message, way)


def _as_text(key: str, value: object, kind: Kind) -> str:
    if kind is kinds.SCALAR:
        return "write it as JSON, in single quotation marks"
    if isinstance(value, list):
        return f"write one string; for several lines, write {key}: | and indent them"
    return "write a string; put it in quotes if it has braces or a colon"


def _as_flag(key: str, value: object) -> str:
    word = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    return f"write it without quotes, as {key}: {word}" if word else f"write {key}: true or {key}: false"


def _as_number(key: str, value: object) -> str:
    if isinstance(value, str) and BRACED in value:
        return "write the number itself: Argo reads it before it fills in {{…}}"
    if isinstance(value, str) and kinds.WHOLE_NUMBER.fullmatch(value):
        return f"write it without quotes, as {key}: {shown(value)}"
    return f"write a whole number, such as {key}: 2"


def _as_either(key: str, _: object) -> str:
    return f"write a number or a string, such as {key}: 1"


def _as_list(key: str, value: object) -> str:
    if isinstance(value, dict) and value and "name" not in value:
        first = shown(next(iter(value)))
        return f"write - name: {first} and the rest of it below"
    return f"begin each entry below {key} with a hyphen"


def _as_mapping(key: str, value: object) -> str:
    if isinstance(value, list):
        return f"write its keys below {key}, indented, without a hyphen"
    return f"write its keys below {key}, indented, each as KEY: VALUE"


_WAYS = {str: _as_either, bool: _as_flag, int: _as_number, list: _as_list, dict: _as_mapping}
