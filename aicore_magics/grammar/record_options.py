"""What the options about the record of this machine mean: values that the actions take.

Both doors read them here. A wrong date is refused before anything is asked or sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.actions.recording import Recording
from aicore_magics.model.expiry import told_end
from aicore_magics.model.image_reference import ImageReference

if TYPE_CHECKING:
    from argparse import Namespace


def recording(options: Namespace, notebook: str = "") -> Recording:
    """Return what a create, apply or update is to record, beside what it stores.

    Raises InvalidDate for an end that is no date, InvalidRegistry for one of no registry.
    """
    return Recording(tuple(options.ends), notebook)


def note_arguments(options: Namespace) -> dict[str, Any]:
    """Return what the line says of a secret. Its registry is that of the images, where they have only one.

    Raises InvalidDate and InvalidImage.
    """
    if options.ends:
        told_end(options.ends)
    hosts = {str(ImageReference.typed(image).registry) for image in options.image}
    return {
        "registry": options.registry or (hosts.pop() if len(hosts) == 1 else ""),
        "username": options.username,
        "ends": options.ends,
        "images": tuple(options.image),
    }
