"""An image by its digest: what a template of it no longer does."""

from __future__ import annotations

import re

from aicore_magics.model.image_reference import ImageReference
from aicore_magics.templates.generate.spelling import refused

_DIGEST = re.compile(r"sha256:[a-f0-9]{64}")


def pinned(image: object, digest: object) -> tuple[str, tuple[str, ...]]:
    """Give *image* with *digest* in place of its tag, and what to say of that.

    Raises InvalidTemplate for a digest that is none, or another than the image has.

    >>> pinned("ghcr.io/acme/churn:1.4", "sha256:" + 64 * "0")[0][:32]
    'ghcr.io/acme/churn@sha256:000000'
    """
    if not isinstance(image, str) or "{{" in image:
        raise refused("the image is a parameter, so it has no digest to pin", "write the image as it is.")
    reference = ImageReference.parse(image)
    if reference.digest and digest == reference.digest:
        return image, (f"{reference.name} has its digest already: there was nothing to pin.",)
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise refused(
            "the digest is not sha256: and 64 small hex digits", "take it from the verdict of a check."
        )
    if reference.digest:
        raise refused("the image has another digest already", "leave out one of the two.")
    tagged = f"{reference.name}:{reference.tag or 'latest'}"
    note = (
        f"{tagged} was {digest[:19]}… at the check. The template no longer follows the tag: after a new "
        "push, check and create it again."
    )
    return f"{reference.name}@{digest}", (note,)
