"""Which field a refusal speaks of: it is marked, and says why, so that the way to it is short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.errors import (
    DockerSecretExists,
    ImageRefused,
    InvalidFile,
    InvalidImage,
    InvalidLogin,
    InvalidName,
    InvalidRegistry,
    LoginNotFound,
    LoginRefused,
)
from aicore_magics.jupyter.form.entries import FILE, TYPED
from aicore_magics.next_steps import Option, closed, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.errors import AICoreError
    from aicore_magics.jupyter.form.entries import Fields
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.registry.verdict import Verdict


def mark(error: AICoreError, fields: Fields) -> Field | None:
    """Mark the field that *error* speaks of, and give it; None where it speaks of no entry.

    A password that a registry has refused is forgotten. Any other stays for the next try.
    """
    field = _field(error, fields)
    if field is fields.password and isinstance(error, LoginRefused):
        _refuse_password(fields)
    elif field:
        field.show_error(closed(error.what))
    return field


def mark_verdicts(verdicts: Iterable[Verdict], fields: Fields) -> None:
    """Mark the password if one of the *verdicts* is that it was refused, and forget it."""
    if fields.password in fields.shown and any(each.outcome == "bad-credentials" for each in verdicts):
        _refuse_password(fields)


def _refuse_password(fields: Fields) -> None:
    fields.password.value = None
    fields.password.show_error("the registry refused it. Enter it again.")


def _field(error: AICoreError, fields: Fields) -> Field | None:
    """The field that *error* speaks of."""
    match error:
        case DockerSecretExists() | InvalidName():
            return fields.name
        case ImageRefused() | InvalidImage():
            return fields.images
        case InvalidRegistry():
            return fields.registry
        case LoginRefused() | LoginNotFound() | InvalidLogin() | InvalidFile():
            return fields.registry if _about_registry(error, fields) else _source(fields)
    return None


def _source(fields: Fields) -> Field:
    """The field that says where the login comes from."""
    if fields.login.value == TYPED:
        return fields.password
    return fields.file if fields.login.value == FILE else fields.login


def _about_registry(error: AICoreError, fields: Fields) -> bool:
    """Whether it is no registry, or a file has no login for it: then the way on is to choose another."""
    if isinstance(error, LoginRefused):
        return error.outcome not in ("", "bad-credentials")
    another = any(isinstance(piece, Option) and piece.name == "registry" for piece in pieces(error.next))
    return isinstance(error, LoginNotFound) and another and fields.login.value == FILE
