"""The variables of a container: texts, and what is secret from a generic secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.redact import token_kind
from aicore_magics.templates.catalogue.running import ENV_SECRET, SECRET_KEY, TOKEN
from aicore_magics.templates.catalogue.structure import TEXT
from aicore_magics.templates.facts import names_secret, stands_there
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import ENV, unknown_keys
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, not_text, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_FROM_SECRET = "take it from a generic secret: valueFrom: with secretKeyRef: {name: SECRET, key: KEY}"
_KEY_REFS = ("secretKeyRef", "configMapKeyRef")
_KEY_REF = frozenset({"key", "name", "optional"})


def env_findings(found: Findings, container: Mapping, path: Path) -> None:
    """Find what is wrong with the `env` of *container*. No value of a variable is ever repeated."""
    for here, entry in mappings_in(found, container, "env", path):
        unknown_keys(found, entry, ENV, here, owner="an entry of env")
        name, value = entry.get("name"), entry.get("value")
        if not isinstance(name, str) or not name:
            said = "no name" if name in (None, "") else f"{what(name)} as its name"
            stands = (*here, "name") if "name" in entry else here
            found.add(TEXT, stands, f"an entry of env has {said}", "write - name: NAME")
        if type(value) is str:
            if type(name) is str and names_secret(name) and stands_there(value):
                _literal(found, name, value, (*here, "value"))
        elif value is not None:
            not_text(found, "the value of an entry of env", value, (*here, "value"), repeated=False)
        elif "valueFrom" in entry:
            _value_from(found, entry, here)


def _literal(found: Findings, name: str, value: str, path: Path) -> None:
    """Find a secret that stands in the template itself."""
    kind = token_kind(value)
    if kind:
        found.add(
            TOKEN, path, f"the value of {shown(name)} looks like {kind}", f"revoke it, and {_FROM_SECRET}"
        )
    else:
        message = f"the value of {shown(name)} stands in the template, and in git; by its name it is a secret"
        found.add(ENV_SECRET, path, message, _FROM_SECRET)


def _value_from(found: Findings, entry: Mapping, path: Path) -> None:
    source = mapping_in(found, entry, "valueFrom", path)
    for kind in filter(source.__contains__, _KEY_REFS):
        here = (*path, "valueFrom", kind)
        reference = mapping_in(found, source, kind, here[:-1])
        unknown_keys(found, reference, _KEY_REF, here, owner=kind)
        for part in ("name", "key"):
            if reference.get(part) in (None, ""):
                fix = f"write {part}: beside {'key' if part == 'name' else 'name'}"
                found.add(SECRET_KEY, here, f"{kind} has no {part}", fix)
