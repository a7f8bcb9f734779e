"""Which secrets templates name, and the images that these have to be able to pull."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.files import text_or_fault
from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.templates.facts import SERVING_SPEC, TEMPLATE_KINDS
from aicore_magics.templates.template_files import MAX_BYTES, template_files

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

_MAX_VALUES = 100_000


@dataclass(frozen=True)
class PullNeed:
    """A secret that templates name: the images of those templates, and the *files* they stand in."""

    secret: str
    images: tuple[str, ...]
    files: tuple[str, ...]


def pull_needs(
    paths: Iterable[str | os.PathLike[str]],
) -> tuple[tuple[PullNeed, ...], tuple[str, ...]]:
    """Return each secret that the templates in *paths* name, in order, and the files that cannot be read.

    Files and folders are read as a check reads them. An image or a name that has a `{{…}}` in it is left
    out, since its value is not in the template.
    """
    images: dict[str, dict[str, None]] = {}
    files: dict[str, dict[str, None]] = {}
    folders: list[OSError] = []
    unread: list[str] = []
    for place, _ in template_files(paths, folders):
        text, fault = text_or_fault(place, MAX_BYTES)
        templates = None if fault else _of_text(text)
        if templates is None:
            unread.append(place.as_posix())
        for secrets, pulled in templates or ():
            for name in secrets:
                images.setdefault(name, {}).update(dict.fromkeys(pulled))
                files.setdefault(name, {})[place.as_posix()] = None
    unread += [f"{error.filename}" for error in folders]
    needs = tuple(PullNeed(name, tuple(images[name]), tuple(files[name])) for name in sorted(images))
    return needs, tuple(unread)


def _of_text(text: str) -> list[tuple[list[str], list[str]]] | None:
    """The names and images of each template in *text*; None if it speaks of templates and is no YAML."""
    from aicore_magics.templates.yaml.marks import read_documents

    read = read_documents(text)
    if read.fault and any(kind in text for kind in TEMPLATE_KINDS):
        return None
    found = []
    for document in read.documents:
        data = document.data
        if isinstance(data, dict) and data.get("kind") in TEMPLATE_KINDS:
            block = _at(data, SERVING_SPEC)
            inner = read_documents(block).documents if isinstance(block, str) else ()
            parts = [data, *(one.data for one in inner)]
            found.append(([*_names(parts)], [*_images(parts)]))
    return found


def _names(parts: list[Any]) -> Iterator[str]:
    for value in _values_of(parts, "imagePullSecrets"):
        for entry in value if isinstance(value, list) else ():
            name = entry.get("name") if isinstance(entry, dict) else None
            if isinstance(name, str) and SecretName.fits(name):
                yield name


def _images(parts: list[Any]) -> Iterator[str]:
    for value in _values_of(parts, "image"):
        if isinstance(value, str) and "{{" not in value:
            try:
                yield str(ImageReference.typed(value))
            except InvalidImage:
                continue


def _values_of(parts: list[Any], key: str) -> Iterator[Any]:
    """The values of *key* wherever it stands in *parts*, without recursion: a template may be deep."""
    left, seen = [*reversed(parts)], 0
    while left and seen < _MAX_VALUES:
        value, seen = left.pop(), seen + 1
        if isinstance(value, dict):
            if key in value:
                yield value[key]
            left += reversed(value.values())
        elif isinstance(value, list):
            left += reversed(value)


def _at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data
