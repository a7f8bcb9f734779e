"""Values of another kind than Argo reads at their place in a workflow, and keys that nothing reads there.

Argo reads the YAML before it fills `{{…}}`: where a number is due, a text with braces is refused as well.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.structure import SHAPE, TEXT
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import kinds
from aicore_magics.templates.rules.calls import BRACED
from aicore_magics.templates.rules.keys import unknown_keys
from aicore_magics.templates.rules.placeholder_rules import path_to
from aicore_magics.templates.rules.shape import not_text, what
from aicore_magics.templates.rules.workflow_keys import SPEC

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.kinds import Kind
    from aicore_magics.templates.rules.shape import Mapping

MAX_NODES = 100_000  # values of one document; YAML's aliases can make more of a few lines
_WHOLE = re.compile(r"[-+]?[0-9]+")
_FLAGS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def kind_findings(found: Findings, spec: Mapping) -> None:
    """Find what is of another kind than Argo reads in *spec*, and keys that nothing reads; each place once.

    What the other rules said of a place says more, so they come before.
    """
    wrong, unread = _walk(spec)
    told = {each.path for each in found} if wrong or unread else set()
    for node, kind, owner in unread:
        path = path_to(owner)
        others = {key: value for key, value in node.items() if (*path, key) not in told}
        unknown_keys(found, others, frozenset(kind.keys), path, owner=kind.owner)
    for value, kind, step, owner in wrong:
        path = (*path_to(owner), step)
        if path not in told:
            _wrong(found, value, kind, path)


def _walk(spec: Mapping) -> tuple[list[tuple[Any, Kind, Any, Any]], list[tuple[Mapping, Kind, Any]]]:
    """Give the values that may be of a wrong kind, and the mappings with keys that nothing reads."""
    wrong: list[tuple[Any, Kind, Any, Any]] = []
    unread: list[tuple[Mapping, Kind, Any]] = []
    # Each is a node, its key or index, its owner, which is such a one again, and its kind: a path is made
    # of it only where something was found. Every value comes by here, so this is one plain loop.
    left: list[Any] = [(spec, "spec", (None, None, None), SPEC)]
    nodes = 0
    while left:
        place = left.pop()
        node, kind = place[0], place[3]
        nodes += len(node)
        if nodes > MAX_NODES:
            break  # the walk for {{…}} says so
        known, one = kind.keys, kind.inside
        for step, value in enumerate(node) if type(node) is list else node.items():
            here = one or known.get(step)
            if here is None:
                if known and (not unread or unread[-1][0] is not node):
                    unread.append((node, kind, place))
            elif type(value) is here.type:
                if here.inside or here.keys:
                    left.append((value, step, place, here))
            elif here is not kinds.ANY and not _fits(value, here):
                wrong.append((value, here, step, place))
    return wrong, unread


def _fits(value: object, kind: Kind) -> bool:
    """Whether Argo reads *value* as *kind*, which is not its type. Null counts as left out."""
    if value is None:
        return kind is not kinds.FLAG
    if kind is kinds.SCALAR:
        return isinstance(value, (str, int, float))
    if kind is kinds.NUMBER_OR_TEXT:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind in (kinds.WHOLE, kinds.COUNT) and isinstance(value, float):
        return value.is_integer()
    return kind is kinds.COUNT and isinstance(value, str) and bool(_WHOLE.fullmatch(value) or BRACED in value)


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
        is_what = f"the text {shown(value)}" if isinstance(value, str) else what(value)
        message = f"{name} is {is_what}, it must be {kind.word}"
        way = "write - name: …" if entry and kind.type is dict else _WAYS[kind.type](key, value)
        found.add(SHAPE, path, message, way)


def _as_text(key: str, value: object, kind: Kind) -> str:
    if kind is kinds.SCALAR:
        return "write it as JSON, in single quotation marks"
    if isinstance(value, list):
        return f"write one text; for several lines, write {key}: | and indent them"
    return "write a text; put it in quotes if it has braces or a colon"


def _as_flag(key: str, value: object) -> str:
    word = _FLAGS.get(value.lower()) if isinstance(value, str) else None
    return f"write it without quotes, as {key}: {word}" if word else f"write {key}: true or {key}: false"


def _as_number(key: str, value: object) -> str:
    if isinstance(value, str) and BRACED in value:
        return "write the number itself: Argo reads it before it fills {{…}}"
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return f"write it without quotes, as {key}: {shown(value)}"
    return f"write a whole number, such as {key}: 2"


def _as_either(key: str, _: object) -> str:
    return f"write a number or a text, such as {key}: 1"


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
