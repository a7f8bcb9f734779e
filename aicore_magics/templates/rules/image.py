"""What may be wrong with an image in a template, as far as its name tells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import is_left_over
from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.templates.catalogue.pulling import (
    IMAGE_HOST,
    IMAGE_PLACEHOLDER,
    IMAGE_REFERENCE,
    IMAGE_TAG,
)

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path

# Most images: a host with a dot, small letters, a tag. What does not match is looked at closely.
_WORD = r"[a-z0-9]+(?:-[a-z0-9]+)*"
# Matches `ghcr.io/acme/churn:1.4`; does not match `acme/churn:1.4`, which has no host.
_PLAIN = re.compile(
    rf"{_WORD}(?:\.{_WORD})+(?::[0-9]+)?(?:/{_WORD})+:(?!latest\Z)[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}"
)
_MAX_PLAIN = 255
# How the address of a repository goes on: that of a user, of one's own, of an official image.
_PAGE = re.compile(r"(?:r|repository/docker)/([^/?#]+/[^/?#]+)|_/([^/?#]+)")
_WEB_PAGES = {"hub.docker.com", "registry.hub.docker.com", "www.docker.com"}
_LIKE_IMAGE = "write it like docker.io/acme/churn:1.4"


def image_findings(found: Findings, image: str, path: Path) -> None:
    """Find what is wrong with *image*; nothing where only a parameter's value will tell."""
    if len(image) <= _MAX_PLAIN and _PLAIN.fullmatch(image) and image.partition("/")[0] not in _WEB_PAGES:
        return
    if "{{" in image:
        return
    if "://" in image or image.partition("/")[0] in _WEB_PAGES:
        _address(found, image, path)
        return
    if is_left_over(image, "image"):
        fix = f"replace the placeholder in < >: {_LIKE_IMAGE}"
        found.add(IMAGE_PLACEHOLDER, path, "the image still has a placeholder in it", fix)
        return
    try:
        reference = ImageReference.parse(image)
    except InvalidImage as error:
        found.add(IMAGE_REFERENCE, path, error.what, error.next)
        return
    _host(found, image, reference, path)
    _version(found, reference, path)


def declared_image(image: str, prefix: str) -> str:
    """Give the name of the parameter whose value is all of *image*; an empty text if it is something else.

    >>> declared_image("{{ inputs.parameters.image }}", "inputs.parameters.")
    'image'
    """
    text = image.strip()
    if not (text.startswith("{{") and text.endswith("}}")):
        return ""
    inside = text[2:-2].strip()
    name = inside.removeprefix(prefix)
    return name if name != inside and re.fullmatch(r"[\w-]+", name) else ""


def meant_image(address: str) -> str:
    """Give the image that the *address* of a registry or of Docker Hub's pages leads to, if one does.

    >>> meant_image("https://hub.docker.com/r/acme/churn/tags"), meant_image("https://quay.io/acme/churn:1")
    ('docker.io/acme/churn', 'quay.io/acme/churn:1')
    """
    host, _, path = address.rpartition("://")[2].partition("/")
    if host in _WEB_PAGES:
        page = _PAGE.match(path)
        host, path = "docker.io", (page[1] or f"library/{page[2]}") if page else path
    try:
        return str(ImageReference.parse(f"{host}/{path.rstrip('/')}"))
    except InvalidImage:
        return ""


def _address(found: Findings, image: str, path: Path) -> None:
    """Find that *image* is what a browser takes. It is not repeated: a user and a password may be in it."""
    first, meant = image.rpartition("://")[2].partition("/")[0], meant_image(image)
    page = first in _WEB_PAGES
    message = (
        f"{first} is a web page, not a registry" if page else ("https:// is not allowed in front of an image")
    )
    found.add(IMAGE_REFERENCE, path, message, f"write {meant}" if meant else _LIKE_IMAGE)


def _host(found: Findings, image: str, reference: ImageReference, path: Path) -> None:
    first = image.partition("/")[0]
    if reference.domain == "docker.io" and first not in ("docker.io", "index.docker.io"):
        message = f"{reference.familiar} has no registry in front; SAP asks for the full name"
        found.add(IMAGE_HOST, path, message, f"write {reference}")


def _version(found: Findings, reference: ImageReference, path: Path) -> None:
    if reference.digest or reference.tag not in (None, "latest"):
        return
    name = reference.name.rpartition("/")[2]
    said = f"{name}:latest" if reference.tag else f"{name}, which has no tag,"
    serving = path[1:2] in (("template",), ("inputs",))
    message = f"{said} can change {'under a running deployment' if serving else 'between two executions'}"
    found.add(IMAGE_TAG, path, message, "use a version or a digest")
