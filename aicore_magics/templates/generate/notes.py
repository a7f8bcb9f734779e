"""What should be said about image, secret and plan of a template; what cannot be at all is refused.

What is plainly right needs no reader: `names` and `image_reference`, which know why something is wrong, are
loaded for the rest, and the first template does not wait for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import BRACES, is_left_over
from aicore_magics.base.token_shapes import may_hold_token
from aicore_magics.templates.facts import PLANS, names_secret, stands_there
from aicore_magics.templates.generate.spelling import label, refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.templates.generate.parts import Container, Parameter

_LIKE_IMAGE = "write it like ghcr.io/acme/churn:1.4"
_LIKE_HUB_IMAGE = "for Docker Hub, write it like docker.io/acme/churn:1.4"
_WEB_PAGES = ("hub.docker.com/", "registry.hub.docker.com/", "www.docker.com/")
# Most secrets: small letters and hyphens. Matches `team-ghcr`; does not match `123` or `Team`.
_PLAIN_SECRET = re.compile(r"(?=[0-9-]*[a-z])[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")
# Most images: a host with a dot, small letters, a version.
# Matches `ghcr.io/acme/churn:1.4`; does not match `acme/churn:1.4`, `ghcr.io/acme/churn` or `…/churn:latest`.
_PLAIN_IMAGE = re.compile(
    r"[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z]+(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)+"
    r":(?!latest\Z)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*"
)
_LONGEST_PLAIN = 128
_SHELL = 'to have a shell run it, add --command "/bin/sh -c"'


def secret_notes(name: str) -> tuple[str, ...]:
    """Refuse *name* if no Docker registry secret can have it, and give what should be said about it."""
    if _PLAIN_SECRET.fullmatch(name) and not may_hold_token(name):
        return ()
    if is_left_over(name, "--secret"):
        from aicore_magics.next_steps import do

        hint = ("write the name of a secret; see all names: ", do("list"))
        raise refused("--secret is still a placeholder", hint)
    from aicore_magics.model.names import SecretName

    caution = SecretName.for_file(name, "--secret").caution
    return (caution,) if caution else ()


def image_notes(image: str) -> tuple[str, ...]:
    """Refuse *image* if it is none, and give what should be said about it: one sentence each."""
    if image.startswith(_WEB_PAGES):
        raise refused("this is the address of a web page, not of an image", _meant(image) or _LIKE_HUB_IMAGE)
    if len(image) <= _LONGEST_PLAIN and _PLAIN_IMAGE.fullmatch(image):
        return ()
    if "://" in image and "@" not in image.partition("@sha256:")[0]:
        raise refused("https:// is not allowed in front of an image", _meant(image) or _LIKE_IMAGE)
    if is_left_over(image, "--image"):
        raise refused("the image still has a placeholder in it", _LIKE_IMAGE)
    from aicore_magics.model.image_reference import ImageReference

    parsed = ImageReference.for_file(image, "--image")
    notes = []
    if parsed.domain == "docker.io" and image.partition("/")[0] not in ("docker.io", "index.docker.io"):
        notes.append(f"{parsed.familiar} has no registry in front; SAP asks for the full name: {parsed}.")
    if not parsed.digest and parsed.tag in (None, "latest"):
        name = parsed.name.rpartition("/")[2]
        notes.append(
            f"{name}:latest can change under a running deployment or execution: use a version or a digest."
        )
    return tuple(notes)


def env_notes(container: Container) -> tuple[str, ...]:
    """Give what should be said about variables whose value is a secret, by their name. None is repeated."""
    return tuple(
        f"{name} is now in the template and in git. To pass it from a generic secret, use --secret-env."
        for name, value in container.env.items()
        if isinstance(value, str) and names_secret(name) and stands_there(value)
    )


def command_notes(container: Container) -> tuple[str, ...]:
    """Give what should be said about arguments that the image's own ENTRYPOINT gets."""
    args = (container.args,) if isinstance(container.args, str) else container.args
    words = str(args[0]).split() if len(args) == 1 else []
    if container.command or len(words) <= 1:
        return ()
    several = "give each its own --args" if words[0].startswith("-") else _SHELL
    return (f"The image's ENTRYPOINT gets --args as one argument: {several}.",)


def plan_notes(plan: str) -> tuple[str, ...]:
    """Refuse *plan* if no resource plan can be spelt so, and give what should be said about it."""
    if plan in PLANS:
        return ()
    label(plan, "--plan")
    if plan.lower() in PLANS:
        raise refused("a resource plan has only small letters", f"try {plan.lower()}")
    return (f"SAP documents no resource plan {plan}; it knows {', '.join(PLANS)}.",)


def filled(value: str, parameters: Iterable[Parameter]) -> str | None:
    """Give *value* with the defaults of *parameters* in place, or None where that is not known."""
    if "{{" not in value:
        return value
    known = {
        parameter.name: parameter.default if parameter.value is None else parameter.value
        for parameter in parameters
    }
    names = [inside.strip().rpartition(".")[2] for inside in re.findall(BRACES, value)]
    defaults = [known.get(name) for name in names]
    if not defaults or None in defaults:
        return None
    remaining = iter(defaults)
    return re.sub(BRACES, lambda _: str(next(remaining)), value)


def _meant(address: str) -> str:
    """What to write in place of an address that a browser takes."""
    from aicore_magics.templates.rules.image import meant_image

    meant = meant_image(address)
    return f"write {meant}" if meant else ""
