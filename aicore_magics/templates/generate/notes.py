"""What should be said about image, secret and plan of a template; what cannot be at all is refused.

The usual spelling is recognised at a glance; only what is not is read by `names` and `image_reference`,
which know why. So the first template does not wait for them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.facts import PLANS, names_secret, stands_there
from aicore_magics.templates.generate.spelling import LONGEST_LABEL, PLACEHOLDER, label, made_of, refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.templates.generate.parts import Container, Parameter

_LIKE_IMAGE = "write it like ghcr.io/acme/churn:1.4"
_LIKE_HUB_IMAGE = "for Docker Hub, write it like docker.io/acme/churn:1.4"
_WEB_PAGES = ("hub.docker.com/", "registry.hub.docker.com/", "www.docker.com/")
_SHELL = 'to have a shell run it, add --command "/bin/sh -c"'
_LONGEST_USUAL = 128


def secret_notes(name: str) -> tuple[str, ...]:
    """Refuse *name* if no Docker registry secret can have it, and give what should be said about it."""
    # Every token that small letters, digits and hyphens can spell has gl in it (glpat-…).
    if (
        made_of(name, "-", "--secret")
        and name.islower()
        and "gl" not in name
        and 1 < len(name) <= LONGEST_LABEL
    ):
        return ()
    if re.search(r"[<>{}$]", name):
        from aicore_magics.next_steps import do

        hint = ("write the name of a secret: ", do("list"), " shows them.")
        raise refused("--secret is still a placeholder", hint)
    from aicore_magics.model.names import SecretName

    return tuple(filter(None, [SecretName.parse(name).caution]))


def image_notes(image: str) -> tuple[str, ...]:
    """Refuse *image* if it is none, and give what should be said about it: one sentence each."""
    if image.startswith(_WEB_PAGES):
        raise refused("this is the address of a web page, not of an image", _meant(image) or _LIKE_HUB_IMAGE)
    if len(image) <= _LONGEST_USUAL and _usual_image(image):
        return ()
    if "://" in image:
        raise refused("an image has no https:// in front", _meant(image) or _LIKE_IMAGE)
    if re.search(r"[<>]", image):
        raise refused("the image still has a placeholder in it", _LIKE_IMAGE)
    from aicore_magics.model.image_reference import ImageReference

    parsed = ImageReference.parse(image)
    notes = []
    if parsed.domain == "docker.io" and image.partition("/")[0] not in ("docker.io", "index.docker.io"):
        notes.append(f"{parsed.familiar} has no registry in front; SAP asks for the full name: {parsed}.")
    if not parsed.digest and parsed.tag in (None, "latest"):
        name = parsed.name.rpartition("/")[2]
        notes.append(f"{name}:latest can change under what runs: use a version or a digest.")
    return tuple(notes)


def env_notes(container: Container) -> tuple[str, ...]:
    """Give what should be said about variables whose value is a secret, by their name. None is repeated."""
    notes: tuple[str, ...] = ()
    for name, value in container.env.items():
        if type(value) is str and names_secret(name) and stands_there(value):
            taken = "--secret-env takes it from a generic secret."
            notes += (f"{name} now stands in the template and in git; {taken}",)
    return notes


def command_notes(container: Container) -> tuple[str, ...]:
    """Give what should be said about arguments that the image's own ENTRYPOINT gets."""
    args = (container.args,) if isinstance(container.args, str) else container.args
    words = str(args[0]).split() if len(args) == 1 else []
    if container.command or len(words) <= 1:
        return ()
    several = "write each in an --args of its own" if words[0].startswith("-") else _SHELL
    return (f"The image's ENTRYPOINT gets --args as one argument: {several}.",)


def plan_notes(plan: str) -> tuple[str, ...]:
    """Refuse *plan* if no resource plan can be spelt so, and give what should be said about it."""
    if plan in PLANS:
        return ()
    label(plan, "--plan")
    if plan.lower() in PLANS:
        raise refused("a resource plan is spelt with small letters", f"try {plan.lower()}")
    return (f"SAP documents no resource plan {plan}; it knows {', '.join(PLANS)}.",)


def filled(value: str, parameters: Iterable[Parameter]) -> str | None:
    """Give *value* with the defaults of *parameters* in place, or None where that is not known."""
    if "{{" not in value:
        return value
    known = {each.name: each.default if each.value is None else each.value for each in parameters}
    texts = [known.get(found.strip().rpartition(".")[2]) for found in re.findall(PLACEHOLDER, value)]
    if not texts or None in texts:
        return None
    left = iter(texts)
    return re.sub(PLACEHOLDER, lambda _: str(next(left)), value)


def _meant(address: str) -> str:
    """What to write in place of an address that a browser takes."""
    from aicore_magics.templates.rules.image import meant_image

    meant = meant_image(address)
    return f"write {meant}" if meant else ""


def _usual_image(image: str) -> bool:
    """Whether *image* is host/path:tag as most are, with a dot in the host; another may be right as well.

    No pattern: to compile this one took a tenth of the time that the first template may take.
    """
    name, _, tag = image.partition(":")
    host, slash, _ = name.partition("/")
    _, dot, last = host.rpartition(".")
    # Letters and digits, and one sign at most between any two of them.
    words = f"{name}.{tag}".replace("/", ".").replace("-", ".").replace("_", ".").split(".")
    return bool(
        slash
        and dot
        and last.isalpha()
        and name.islower()
        and image.isascii()
        and all(map(str.isalnum, words))
        and "/" not in tag
        and tag != "latest"
        and len(tag) <= LONGEST_LABEL
    )
