"""What a step or task says in another shape than Argo reads, where people mistake one key for another.

After WorkflowStep, DAGTask and Arguments in pkg/apis/workflow/v1alpha1/workflow_types.go of Argo 3.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.structure import SHAPE, TEXT
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED, mappings
from aicore_magics.templates.rules.shape import list_in, mapping_in, mappings_in, not_text, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.shape import Mapping

_TEXTS = ("when", "depends", "withParam")
_LISTS = ("parameters", "artifacts")


def call_shapes(found: Findings, call: Call) -> None:
    """Find values of another shape than Argo reads, of which there is more to say than that."""
    entry, path = call.entry, call.path
    for key in _TEXTS:
        value = entry.get(key)
        if value is not None and not isinstance(value, str):
            _text(found, key, value, (*path, key))
    items = entry.get("withItems")
    if isinstance(items, str) and BRACED in items:
        message = "withItems is a string, it must be a list"
        found.add(SHAPE, (*path, "withItems"), message, "write withParam: instead of withItems:")
    elif items is not None:
        list_in(found, entry, "withItems", path)
    sequence = entry.get("withSequence")
    if sequence is not None and not isinstance(sequence, dict):
        message = f"withSequence is {what(sequence)}, it must be a mapping"
        found.add(SHAPE, (*path, "withSequence"), message, 'write withSequence: {count: "5"}')


def argument_shapes(found: Findings, owner: Mapping, path: Path) -> None:
    """Find what is no list or text in the arguments of *owner*."""
    arguments = owner.get("arguments")
    here = (*path, "arguments")
    if isinstance(arguments, list):
        fix = "write parameters: below arguments, and the list below that"
        found.add(SHAPE, here, "arguments is a list, it must be a mapping", fix)
    else:
        mapping_in(found, owner, "arguments", path)
    if not isinstance(arguments, dict):
        return
    for kind in _LISTS:
        value = arguments.get(kind)
        if isinstance(value, dict) and value and "name" not in value:
            name = shown(next(iter(value)))
            message = f"{kind} is a mapping, it must be a list"
            found.add(SHAPE, (*here, kind), message, f"write - name: {name} and the rest of it below")
        else:
            mappings_in(found, arguments, kind, here)
    for i, argument in enumerate(mappings(arguments, "parameters")):
        value = argument.get("value")
        if isinstance(value, (dict, list)):
            message = (
                f"the value of argument {shown(argument.get('name'))} is {what(value)}, it must be a string"
            )
            stands = (*here, "parameters", i, "value")
            found.add(TEXT, stands, message, "write it as JSON, in single quotation marks")


def _text(found: Findings, key: str, value: object, path: Path) -> None:
    names = [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
    if key == "depends" and names:
        message = "depends is a list, it must be a string"
        found.add(TEXT, path, message, f"write depends: {shown(' && '.join(names))}")
    elif key == "withParam" and isinstance(value, list):
        message = "withParam is a list, it must be a string"
        found.add(TEXT, path, message, "write withItems: instead of withParam:")
    else:
        not_text(found, key, value, path)
