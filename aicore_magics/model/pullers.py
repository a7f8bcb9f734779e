"""Who pulls an image at AI Core, with which login: the kubelet for a workflow, Knative and it for serving.

So one secret may do for the one and not for the other. Here both rules are held beside each other: `compare`
gives the difference as a value, and `caution_of` what to say of it, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

from aicore_magics.base.plural import plural
from aicore_magics.base.redact import shown_key
from aicore_magics.errors import InvalidImage, InvalidTemplate
from aicore_magics.model.auth_keys import places
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.knative import HUB_HOST, Resolution, is_broken, resolve
from aicore_magics.model.kubelet import serving_keys, with_spaces
from aicore_magics.model.names import DOCKER_HUB, Registry
from aicore_magics.next_steps import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable

# What a secret or an image is for; empty: for either kind of template.
PulledBy: TypeAlias = Literal["", "workflow", "serving"]
INFERRED = "Inferred from Knative's code; not verified on AI Core."
_BY_DIGEST = "name the image by its digest"


class Difference(Enum):
    """How the two pullers differ about one image."""

    NONE = "none"
    NO_LOGIN = "no-login"  # a workflow has a login, Knative asks without one
    NO_PULL = "no-pull"  # Knative has a login, the kubelet that pulls has none
    OTHER_LOGIN = "other-login"  # they begin with different logins
    ONE_OF_SEVERAL = "one-of-several"  # Knative takes one of some at random, the kubelet tries them all
    FIRST_ALONE = "first-alone"  # the same login first, but only the kubelet goes on to others
    OTHER_REGISTRY = "other-registry"  # Knative looks for the image at Docker Hub
    UNREADABLE = "unreadable"  # Knative cannot read the image's name
    BROKEN_KEY = "broken-key"  # Knative fails for every image of the secret


@dataclass(frozen=True, slots=True)
class Pullers:
    """What is done to pull *image*: the *kubelet*'s keys for a workflow in the order in which they are tried.

    For serving, what Knative's controller does first (*controller*), and *then* the keys that the kubelet
    tries for what the controller wrote. Without keys, a puller has no login.
    """

    image: ImageReference
    kubelet: tuple[str, ...]
    controller: Resolution
    then: tuple[str, ...]

    @property
    def same_login(self) -> bool:
        """Whether serving begins with the login that a workflow begins with, or both with none."""
        does, keys = self.controller.does, self.controller.keys
        return does == "skips" or (does == "asks" and len(keys) < 2 and keys[:1] == self.kubelet[:1])  # noqa: PLR2004

    @property
    def difference(self) -> Difference:
        """The difference that matters most."""
        does, keys = self.controller.does, self.controller.keys
        if does != "asks":
            fails = Difference.BROKEN_KEY if self.controller.broken else Difference.UNREADABLE
            return fails if does == "fails" else Difference.NONE
        alike = (
            (_at_hub(self.controller.name) != self.image.name, Difference.OTHER_REGISTRY),
            (not keys and not self.kubelet, Difference.NONE),
            (not keys, Difference.NO_LOGIN),
            (not self.kubelet, Difference.NO_PULL),
            (len(keys) > 1, Difference.ONE_OF_SEVERAL),
            (keys[:1] != self.kubelet[:1], Difference.OTHER_LOGIN),
            (len(self.kubelet) > 1, Difference.FIRST_ALONE),
        )
        return next((difference for holds, difference in alike if holds), Difference.NONE)


@dataclass(frozen=True)
class ServingCaution:
    """Why serving may fail though a workflow would not: *difference* is a value of `Difference`.

    *image* is empty where it is about every image of the secret. *reason* and *fix* are sentences, without
    anything of a password; *by_digest*: to name the image by its digest is a fix. All of it is inferred from
    Knative's code, and not proven on AI Core.
    """

    difference: str
    image: str
    reason: str
    fix: str
    by_digest: bool = False

    @property
    def sentences(self) -> str:
        """All of it in a row."""
        return f"{self.image}: {self.explained}" if self.image else self.explained

    @property
    def explained(self) -> str:
        """Reason and fix, and how far they are known."""
        return f"{self.reason} {self.fix} {INFERRED}"


def require_kind(pulled_by: object) -> None:
    """Raise InvalidTemplate if *pulled_by* is no kind of template that can be meant."""
    if pulled_by not in ("", "workflow", "serving"):
        hint = 'give "workflow", "serving", or "" for both.'
        raise InvalidTemplate("pulled_by is not a kind of template", Effect.NOTHING_SENT, hint)


def compare(keys: Iterable[str], image: ImageReference | str) -> Pullers:
    """Hold both rules beside each other, for the *keys* of a secret, or of all that a template names.

    >>> compare(["docker.io"], "docker.io/acme/churn:1").difference
    <Difference.NO_LOGIN: 'no-login'>

    Raises InvalidImage where *image* is a text that is none.
    """
    known = tuple(dict.fromkeys(keys))
    reference = ImageReference.parse(image) if isinstance(image, str) else image
    controller, kubelet = resolve(known, image), serving_keys(known, reference)
    same = _at_hub(controller.pulls.partition("@")[0]) == reference.name
    return Pullers(reference, kubelet, controller, kubelet if same else _then(known, controller.pulls))


def caution_of(pullers: Pullers, refused: str = "") -> ServingCaution | None:
    """Give what to say of the difference, or None if there is none.

    *refused* is the sentence in which a registry said no to the login that Knative would use.
    """
    difference, image = pullers.difference, str(pullers.image)
    if difference is Difference.NONE:
        return None
    reason, fix = _WORDS[difference](pullers)
    about = "" if difference is Difference.BROKEN_KEY else image
    because = " ".join(filter(None, (reason, refused)))
    return ServingCaution(difference.value, about, because, fix, by_digest=_BY_DIGEST in fix)


def broken_key_caution(keys: Iterable[str]) -> ServingCaution | None:
    """Give what to say of *keys* that make serving fail for every image, or None if there is none."""
    broken = tuple(filter(is_broken, keys))
    if not broken:
        return None
    reason, fix = _broken(broken)
    return ServingCaution(Difference.BROKEN_KEY.value, "", reason, fix)


def hub_key_caution(keys: Iterable[str]) -> ServingCaution | None:
    """Give what to say of *keys* for Docker Hub whatever the image, or None if Knative finds one there.

    >>> hub_key_caution(["docker.io"]).fix, hub_key_caution(["docker.io", "index.docker.io"])
    ('Use the key https://index.docker.io.', None)
    """
    read = places(keys)
    of_kubelet = [key for key, place in read if place.text.partition("/")[0] == DOCKER_HUB]
    if not of_kubelet or any(place.text.partition("/")[0] == HUB_HOST for _, place in read):
        return None
    reason = (
        f"Key {shown_key(of_kubelet[0])} matches images of Docker Hub in workflows, but not in serving: "
        f"Knative looks for {HUB_HOST}."
    )
    return ServingCaution(
        Difference.NO_LOGIN.value, "", reason, f"Use the key {Registry(DOCKER_HUB).auth_key}."
    )


def _then(keys: tuple[str, ...], pulls: str) -> tuple[str, ...]:
    try:
        return serving_keys(keys, ImageReference.parse(pulls))
    except InvalidImage:
        return ()


def _at_hub(name: str) -> str:
    """The *name* that Knative looks for, as the kubelet spells it."""
    host, _, path = name.partition("/")
    return f"{DOCKER_HUB}/{path}" if host == HUB_HOST else name


def _keys(keys: Iterable[str]) -> str:
    shown = list(keys)
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


def _no_login(pullers: Pullers) -> tuple[str, str]:
    key, right = shown_key(pullers.kubelet[0]), pullers.image.registry.auth_key
    reason = (
        f"A workflow can use key {key}. Serving asks without a login: "
        f"Knative looks for {pullers.controller.name}, which that key does not match."
    )
    return reason, f"Use the key {right}, or {_BY_DIGEST}."


def _no_pull(pullers: Pullers) -> tuple[str, str]:
    key = shown_key(pullers.controller.keys[0])
    reason = (
        f"Knative would find the digest with key {key}. The kubelet, which pulls the image, does not use it."
    )
    return reason, f"Use the key {pullers.image.registry.auth_key}. A digest does not help."


def _other_login(pullers: Pullers) -> tuple[str, str]:
    used, asked = shown_key(pullers.kubelet[0]), shown_key(pullers.controller.keys[0])
    reason = f"A workflow pulls with the login of key {used}. Serving first asks with that of key {asked}."
    right = pullers.image.registry.auth_key
    return reason, f"Keep the one login that works, under the key {right}, or {_BY_DIGEST}."


def _one_of_several(pullers: Pullers) -> tuple[str, str]:
    keys = _keys(map(shown_key, pullers.controller.keys))
    reason = (
        f"Keys {keys} are for the same place. Knative takes one of them at random, a workflow tries them all."
    )
    return reason, f"Keep one of these keys, or {_BY_DIGEST}."


def _first_alone(pullers: Pullers) -> tuple[str, str]:
    first, other = (shown_key(key) for key in pullers.kubelet[:2])
    reason = f"Serving asks only with the login of key {first}; a workflow also tries key {other}."
    return reason, f"Store a working login under key {first}, remove that key, or {_BY_DIGEST}."


def _other_registry(pullers: Pullers) -> tuple[str, str]:
    host, path = pullers.image.domain, pullers.image.path
    reason = f"Knative looks for it at Docker Hub, as {_at_hub(pullers.controller.name)}: {host} has no port."
    return reason, f"Write the port, as in {host}:5000/{path}."


def _unreadable(pullers: Pullers) -> tuple[str, str]:
    image = pullers.image
    if image.digest and not image.digest.startswith("sha256:"):
        return "Serving would fail: Knative reads only digests of sha256.", "Use the image's sha256 digest."
    if len(image.path.removeprefix("library/")) == 1:
        reason = "Serving would fail: Knative reads no repository whose name is one letter."
        return reason, "Push the image under a longer name."
    return (
        "Serving would fail: Knative does not read this name.",
        "Use a host with a dot or a port, such as ghcr.io.",
    )


def _broken_key(pullers: Pullers) -> tuple[str, str]:
    return _broken(pullers.controller.broken)


def _broken(keys: tuple[str, ...]) -> tuple[str, str]:
    which, shown = plural(len(keys), "key"), _keys(map(with_spaces, keys))
    what, it = ("is not an address", "it") if len(keys) == 1 else ("are not addresses", "them")
    reason = (
        f"{which.capitalize()} {shown} {what}. "
        "Serving would fail for every image of this secret: Knative reads all its keys first."
    )
    return reason, f"Correct the {which}, or remove {it}. A digest does not help."


_WORDS = {
    Difference.NO_LOGIN: _no_login,
    Difference.NO_PULL: _no_pull,
    Difference.OTHER_LOGIN: _other_login,
    Difference.ONE_OF_SEVERAL: _one_of_several,
    Difference.FIRST_ALONE: _first_alone,
    Difference.OTHER_REGISTRY: _other_registry,
    Difference.UNREADABLE: _unreadable,
    Difference.BROKEN_KEY: _broken_key,
}
