"""Whether the parts of a template have the kinds that they should have: asked only once something failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.making.parts import NONE, Artifact, Parameter, Part
from aicore_magics.templates.making.serving_parts import Probe
from aicore_magics.templates.making.spelling import refused

if TYPE_CHECKING:
    from aicore_magics.errors import InvalidTemplate

_LISTED = {"parameters": Parameter, "inputs": Artifact, "outputs": Artifact}
_PROBES = ("readiness", "liveness", "startup")
_LIST, _TEXTS = (list, tuple), (list, tuple, str)


def unlike(part: object, kind: type, what: str) -> InvalidTemplate | None:
    """Give the error for a *part* that is no *kind*, or that holds something of another kind than it should.

    None where all kinds are right. No value is repeated.
    """
    if type(part) is not kind:
        return _wanted(what, f"{'an' if kind.__name__[0] == 'A' else 'a'} {kind.__name__}")
    for name, value in vars(part).items():
        default = getattr(kind, name, None)
        if default is NONE and not hasattr(value, "items"):
            return _wanted(name, "a mapping")
        if default == () and not isinstance(value, _LIST if name in _LISTED else _TEXTS):
            return _wanted(name, "a list")
        inside = [(each, _LISTED[name], f"each of {name}") for each in value] if name in _LISTED else []
        if isinstance(default, Part) or (name in _PROBES and value is not None):
            inside.append((value, Probe if name in _PROBES else type(default), name))
        found = next(filter(None, (unlike(*each) for each in inside)), None)
        if found:
            return found
    return None


def _wanted(what: str, kind: str) -> InvalidTemplate:
    return refused(f"{what} has to be {kind}", "give one; help(workflow_template) tells what it is.")
