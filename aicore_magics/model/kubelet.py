"""What the kubelet does with the keys of a secret: which serve an image, in which order.

The rule is Kubernetes' documentation of images ("Interpretation of config.json"); `auth_keys` says how a key
is read. All keys that fit are tried in turn.

What the documentation leaves open was found out by asking the kubelet's own code (tests/data has each case):
a key that is no address is skipped; where no key fits an image of Docker Hub, one for `index.docker.io` does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.redact import shown_key
from aicore_magics.model.auth_keys import Place, has_odd_brackets, places, read_key
from aicore_magics.model.names import DOCKER_HUB, Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.image_reference import ImageReference

DEFAULT_REGISTRY = "index.docker.io"
# What labels (globs among them) and paths that match anything are made of.
_LABEL = re.compile(r"(?:[A-Za-z0-9*-]|\[[^\]]+\]|:)+")
_PATH = re.compile(r"(?:/[a-z0-9._-]+)*/?")
_HUB_KEYS = ("docker.io", DEFAULT_REGISTRY)
_PORT = re.compile(r"[0-9]*")


def serving_keys(keys: Iterable[str], image: ImageReference) -> tuple[str, ...]:
    """Give those of *keys* whose login the kubelet uses for *image*, in the order in which it tries them.

    >>> from aicore_magics.model.image_reference import ImageReference
    >>> serving_keys(["ghcr.io", "https://index.docker.io"], ImageReference.parse("acme/churn:1"))
    ('https://index.docker.io',)
    """
    last_first = places(keys)
    target = Place.of(image.name)
    fitting = tuple(key for key, place in last_first if place.serves(target))
    if fitting or not _falls_back(target):
        return fitting
    return tuple(key for key, place in last_first if place.text == DEFAULT_REGISTRY)


def why_unserved(keys: Iterable[str], image: ImageReference) -> str:
    """Say why the kubelet would use none of *keys* for *image*, and what to do; without a full stop.

    >>> from aicore_magics.model.image_reference import ImageReference
    >>> why_unserved(["https://index.docker.io/v1"], ImageReference.parse("acme/churn:1"))
    'No login for this image: key https://index.docker.io/v1 never matches; use https://index.docker.io'
    """
    there = tuple(keys)
    for key in there:
        meant = _meant(key)
        if meant and meant.host == image.registry.host and meant.auth_key != key:
            how = "never matches" if not can_match(key) else "does not match it"
            return f"No login for this image: key {shown_key(key)} {how}; use {meant.auth_key}"
    known = ", ".join(map(with_spaces, there))
    wanted = image.registry.auth_key
    if wanted in there:
        return "No login for this image: the kubelet matches no key for an address in brackets without a port"
    return f"The secret has a login for {known}; the image is at {wanted}"


def useless(key: str) -> str:
    """Say, in a sentence, that *key* can serve no image, or none of those it is meant for; else nothing.

    A pattern in brackets serves images only where the kubelet was built with an older Go (CVE-2025-47912).

    >>> useless("https://ghcr.io"), useless("hub.docker.com")
    ('', 'The key hub.docker.com matches no image of Docker Hub; use https://index.docker.io.')
    """
    meant = _meant(key)
    if not can_match(key):
        use = f"; use {meant.auth_key}" if meant and can_match(meant.auth_key) else ""
        return f"The key {shown_key(key)} cannot match any image{use}."
    if meant and meant.host == DOCKER_HUB and _host(key) not in _HUB_KEYS:
        return f"The key {shown_key(key)} matches no image of Docker Hub; use {meant.auth_key}."
    if has_odd_brackets(key):
        return (
            f"A kubelet built with Go 1.25.2 or later skips the key {shown_key(key)}; use * instead of "
            "the brackets."
        )
    return ""


def with_spaces(key: str) -> str:
    """Return *key* as it is shown, and what cannot be seen of it.

    >>> with_spaces("ghcr.io ")
    'ghcr.io (with a space)'
    """
    return shown_key(key) + (" (with a space)" if key != key.strip() else "")


def can_match(key: str) -> bool:
    """Whether there can be an image that *key* serves: no tag, no glob in its path or port, no empty label.

    >>> can_match("*.example.com/team"), can_match("ghcr.io/acme/churn:1.4"), can_match("oci://ghcr.io")
    (True, False, False)
    """
    place = read_key(key)
    if place is None or (place.text.startswith(f"{DEFAULT_REGISTRY}/") and place.path != "/"):
        return False
    labels = all(label and _LABEL.fullmatch(label) for label in place.labels)
    return labels and _PORT.fullmatch(place.port) is not None and bool(_PATH.fullmatch(place.path))


def _meant(key: str) -> Registry | None:
    """The registry that somebody had in mind who wrote *key*, path and tag aside."""
    host = re.sub(r"\A[a-z]+://", "", key).partition("/")[0]
    return Registry.find(host)


def _host(key: str) -> str:
    place = read_key(key)
    return place.text.partition("/")[0] if place else ""


def _falls_back(image: Place) -> bool:
    """Whether Docker Hub's login is tried where no key fits: also for `localhost/foo`, which has no dot."""
    first, slash, _ = image.text.partition("/")
    return bool(first) and (not slash or first in _HUB_KEYS or not {".", ":"} & set(first))
