"""What is wrong with what was entered: one sentence for below each field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import InvalidInput
from aicore_magics.jupyter.form.hints import FormDoor
from aicore_magics.model.docker_secret import check_password, check_username
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, SecretName
from aicore_magics.next_steps import closed, uncapitalised

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret

_LONGEST = 512  # characters in which a token is looked for
_TOLD = 3  # wrong lines of which it is said why


def name_fault(text: str) -> str:
    """Say what is wrong with *text* as the name of a secret; nothing, if nothing is."""
    return _why(SecretName.typed, text)


def user_fault(text: str) -> str:
    """Say what is wrong with *text* as a user name; nothing, if nothing is."""
    return _why(check_username, text)


def password_fault(password: Secret | None) -> str:
    """Say what is wrong with *password*, without any of it; nothing, if nothing is."""
    return "the password is missing." if password is None else _why(check_password, password)


def images_fault(lines: tuple[str, ...]) -> str:
    """Say which of *lines* are no images, and why; nothing, if each is one."""
    reasons = {number: _why(ImageReference.typed, line) for number, line in enumerate(lines, 1)}
    wrong = {number: why for number, why in reasons.items() if why}
    told = [f"Line {number}: {why}" for number, why in list(wrong.items())[:_TOLD]]
    more = ", ".join(map(str, list(wrong)[_TOLD:]))
    return uncapitalised(" ".join((*told, *([f"Also wrong: line {more}."] if more else ()))))


def host_fault(text: str) -> str:
    """Say what is wrong with *text* as a registry; nothing, if nothing is."""
    return _why(Registry.typed, text)


def registry_fault(text: str, lines: tuple[str, ...]) -> str:
    """Say why it is not clear from *text* and the images in *lines* for which registry a login is."""
    if text:
        return host_fault(text)
    if images_fault(lines):
        return ""
    registries = {ImageReference.typed(line).registry for line in lines}
    if not registries:
        return "a registry or an image is missing."
    two = "the images are at two registries. One login is for one registry."
    return two if len(registries) > 1 else ""


def path_fault(text: str) -> str:
    """Say whether a path is missing; nothing, if there is one."""
    return "" if bare(text) else "the path is missing."


def _why(parse: Any, text: str | Secret) -> str:
    """The sentence for below a field, or nothing if *parse* takes *text*."""
    try:
        parse(text)
    except InvalidInput as error:
        # What only an option could do is of no use below a field.
        advice = FormDoor().words(error.next)
        if isinstance(text, str) and token_kind(text[:_LONGEST]):
            # Nobody has run a cell with it; what a browser knows of a field may be saved with the notebook.
            advice = f"Clear it before you save the notebook, and choose another {error.field}."
        return " ".join(filter(None, (closed(error.what), advice)))
    return ""
