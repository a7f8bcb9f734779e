"""What Knative does with the keys of a secret before a ServingTemplate's image is pulled.

AI Core serves with KServe on Knative. Its controller first asks the registry which digest a tag stands for,
and writes that into the pod; then the kubelet pulls it. The rule is Knative's own code at 98e5ef9 (August
2026, pkg/reconciler/revision/resolve.go, with go-containerregistry v0.20.3); tests/data has cases that this
code computed. `auth_keys` says how a key is read. Unlike the kubelet, the controller

- looks for images of Docker Hub as `index.docker.io/…`, and falls back to no other key;
- takes the first key that fits alone, and of several spellings of it one at random;
- gives up for every image of the secret if one key is no address, also where there is nothing to ask;
- asks nothing about an image that has a digest.

Which version AI Core runs, and whether it asks at all, is not known: what follows from this is a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.model.auth_keys import Place, has_odd_brackets, in_order, read_key
from aicore_magics.model.names import DOCKER_HUB

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.image_reference import ImageReference

HUB_HOST = "index.docker.io"
# go-containerregistry, pkg/name: what a repository and a tag are made of. It knows no other digest.
_REPOSITORY = re.compile(r"[a-z0-9_./-]{2,255}")
_TAG = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the controller does to find the digest of an image.

    *does*: it asks the registry, skips that, or fails before it asks. It asks for *name* with the login of
    one of *keys* (of several at random), or without a login where there is none. *broken* are keys that make
    it fail, whatever the image; without any, it cannot read the image's name. *pulls* is what the kubelet
    pulls afterwards: the image as it stands, or the name that gets the digest.
    """

    does: Literal["asks", "skips", "fails"]
    name: str = ""
    keys: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    pulls: str = ""


def resolve(keys: Iterable[str], image: ImageReference | str) -> Resolution:
    """Give what the controller does for *image* with the *keys* of a secret, or of all that a template names.

    >>> resolve(["docker.io", "https://index.docker.io/v1/"], "docker.io/acme/churn:1").keys
    ('https://index.docker.io/v1/',)
    >>> resolve(["docker.io"], "acme/churn@sha256:" + 64 * "0").does
    'skips'
    """
    text, read = str(image), {key: read_key(key) for key in keys}
    broken = tuple(key for key, place in read.items() if place is None or has_odd_brackets(key))
    if broken:
        return Resolution("fails", broken=broken)
    base, at, digest = text.partition("@")
    name = _name(base)
    if not name or (at and not _DIGEST.fullmatch(digest)):
        return Resolution("fails")
    if at:
        return Resolution("skips", pulls=text)
    target = Place.of(name)
    fitting = in_order((key, place) for key, place in read.items() if place and place.serves(target))
    first = tuple(key for key, place in fitting if place.text == fitting[0][1].text)
    return Resolution("asks", name, first, pulls=name)


def is_broken(key: str) -> bool:
    """Whether the controller fails for every image of a secret with this *key*.

    >>> is_broken("reg.example.com:*"), is_broken("https://index.docker.io/v1/")
    (True, False)
    """
    return read_key(key) is None or has_odd_brackets(key)


def _name(text: str) -> str:
    """What an image without its digest is looked up as: registry and repository; empty if it is none."""
    base, colon, tag = text.rpartition(":")
    if not colon or "/" in tag:
        base, tag = text, ""
    registry, slash, path = base.partition("/")
    # localhost is a registry only with a port; go-containerregistry changed that after v0.20.3.
    if not slash or not {".", ":"} & set(registry):
        registry, path = "", base
    if (tag and not _TAG.fullmatch(tag)) or not _REPOSITORY.fullmatch(path) or not _is_registry(registry):
        return ""
    registry = HUB_HOST if registry in ("", DOCKER_HUB) else registry
    return f"{registry}/library/{path}" if registry == HUB_HOST and "/" not in path else f"{registry}/{path}"


def _is_registry(text: str) -> bool:
    place = read_key(text)
    return place is not None and place.text == text and not has_odd_brackets(text)
