"""What is to be set in templates."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatchOptions:
    """What is done to a template only when told.

    *replace*: the secret to change or to take out where there are several. *template*: its metadata.name,
    where a file holds several. *placeholder*: change a `{{…}}` that stands for the name. *repair*: spell a
    misspelt key right, or take it out beside the right one. *move*: take the key out of a ServingTemplate's
    outer spec, where it does nothing. What one of these would do is refused without it.
    """

    replace: str = ""
    template: str = ""
    placeholder: bool = False
    repair: bool = False
    move: bool = False
