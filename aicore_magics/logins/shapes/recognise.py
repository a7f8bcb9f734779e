"""What a login file is: text is unwrapped and read, and an object is told by its fields.

In the two tables, `TEXTS` and `OBJECTS`, what nobody can mistake for something else comes first. A text is
shorter than what it was in, and at most six are read, each in the one before: so reading stays linear.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from aicore_magics.base import yaml
from aicore_magics.base.plural import first_of
from aicore_magics.base.wrappers import MAX_DEPTH, Unread, from_json_documents
from aicore_magics.logins.shapes.docker import (
    containerd_registries,
    docker_config,
    merged,
    older_docker_config,
)
from aicore_magics.logins.shapes.found import Found, Look, Named, broken, full_kind, keys_of, wrapped
from aicore_magics.logins.shapes.kubernetes import encrypted, kubernetes
from aicore_magics.logins.shapes.lookalikes import lookalike
from aicore_magics.logins.shapes.outputs import output
from aicore_magics.logins.shapes.payloads import payload
from aicore_magics.logins.shapes.texts import first_dockercfg, last_guess, named, netrc, one_word
from aicore_magics.logins.shapes.wrappings import (
    armoured,
    command,
    data_address,
    end_mark,
    escaped,
    fenced,
    go_map,
    in_base64,
    other_variables,
    quoted,
    request,
    variable,
)
from aicore_magics.next_steps import Command

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_TEXTS = 6
MAX_DOCUMENTS = 1_000
_TOO_DEEP = f"the login file is nested more than {MAX_DEPTH} levels deep"
_TOO_MANY = f"the login file has more than {MAX_DOCUMENTS:,} documents"
_NOT_YAML = {
    yaml.Unread.NOT_YAML: "the login file is neither JSON nor YAML",
    yaml.Unread.TAGGED: "the login file has YAML tags, such as !reference; take them out",
    yaml.Unread.LINKED: "the login file has YAML aliases or merge keys; write them out",
    yaml.Unread.TOO_DEEP: _TOO_DEEP,
    yaml.Unread.TOO_MANY: f"the login file is YAML of more than {yaml.MAX_VALUES:,} values",
}
TEXTS: tuple[Callable[[str, Look], Found | None], ...] = (
    end_mark,
    data_address,
    variable,
    fenced,
    quoted,
    escaped,
    armoured,
    command,
    request,
    go_map,
    netrc,
    first_dockercfg,
    lookalike,
    one_word,
    in_base64,
    named,
    other_variables,
)
OBJECTS: tuple[Callable[[dict[Any, Any], Look], Found | None], ...] = (
    encrypted,
    docker_config,
    kubernetes,
    payload,
    output,
    containerd_registries,
    older_docker_config,
)


def recognised(value: Any, depth: int = 0) -> Found:
    """Return what *value*, a text or what was in one, is: logins that are not judged yet, or its name.

    *depth* is in how many texts it was.
    """
    if depth > MAX_TEXTS and isinstance(value, str):
        return broken(f"the login file is text in text, more than {MAX_TEXTS} times")
    look: Look = partial(recognised, depth=depth + isinstance(value, str))
    if isinstance(value, str):
        return _text(value.lstrip("\ufeff").strip(), look)
    if isinstance(value, list):
        found = _documents(value, look, of="objects in a list")
        return wrapped(found, "a list", of="a list with {}") if len(value) == 1 else found
    if not isinstance(value, dict):
        return Named("a single value", guess=True)
    for shape in OBJECTS:
        if known := shape(value, look):
            return known
    return Named(f"an object with {keys_of(value)}" if value else "an empty object", guess=True)


def _text(text: str, look: Look) -> Found:
    if not text:
        return Named("an empty text", guess=True)
    for shape in TEXTS:
        if found := shape(text, look):
            return found
    return _json(text, look) or _yaml(text, look)


def _json(text: str, look: Look) -> Found | None:
    if text[0] not in '{["':
        return None
    values = from_json_documents(text, MAX_DOCUMENTS, merged)
    if isinstance(values, Unread):
        return {Unread.TOO_DEEP: broken(_TOO_DEEP), Unread.TOO_MANY: broken(_TOO_MANY)}.get(values)
    if len(values) == 1 and isinstance(values[0], str):
        return wrapped(look(values[0]), "a JSON text", of="a JSON text with {}")
    return _documents(values, look)


def _yaml(text: str, look: Look) -> Found:
    if len(text.split(maxsplit=1)) == 1 and text[0] not in "{[\"'":
        return last_guess(text)
    documents = yaml.read_untrusted_documents(text)
    if isinstance(documents, yaml.Unread):
        return _no_yaml(text, documents)
    documents = [each for each in documents if each is not None]
    if len(documents) == 1 and isinstance(documents[0], str):
        return last_guess(text)
    return _documents(documents, look) if documents else Named("YAML with only comments", guess=True)


def _no_yaml(text: str, reason: yaml.Unread) -> Named:
    if reason is yaml.Unread.NOT_YAML and "{{" in text:
        return Named("a template with {{ }}, such as Helm's", (Command("helm template"), " fills it in."))
    if reason is yaml.Unread.NOT_YAML and text[0] in "{[":
        return broken("the login file is JSON that is cut off, or has other text at its end")
    return broken(_NOT_YAML[reason])


def _documents(values: list[Any], look: Look, *, of: str = "documents") -> Found:
    """The one document with logins among *values*, or what they are; *of* is what they are called."""
    if len(values) > MAX_DOCUMENTS:
        return broken(_TOO_MANY)
    if not values:
        return Named("an empty list", guess=True)
    each = [look(value) for value in values]
    logins = [found for found in each if not isinstance(found, Named)]
    if len(each) == 1:
        return each[0]
    if len(logins) == 1:
        note = f"1 of {len(each)} {of} in the file has logins. The others were not used."
        return replace(logins[0], notes=(*logins[0].notes, note))
    if logins:
        names = first_of([found.name or full_kind(found) for found in logins])
        own_file = "put the one that you mean into a separate file."
        return Named(f"{len(logins)} {of} with logins: {names}", own_file, among=tuple(logins))
    others = [found for found in each if isinstance(found, Named)]
    fault = next((found for found in others if found.whole), None)
    return fault or Named(f"{len(each)} {of}: {first_of([found.what for found in others])}")
