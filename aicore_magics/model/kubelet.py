"""What the kubelet does with the keys of a secret: which serve an image, in which order.

The rule is Kubernetes' documentation of images ("Interpretation of config.json"): a key is a host and perhaps
a path. It serves an image if both hosts have as many labels, each label fits its pattern (`*`, `[a-z]`), the
ports are the same, and the image's path begins with the key's. All keys that fit are tried in turn.

What the documentation leaves open was found out by asking the kubelet's own code (tests/data has each case):
scheme, user and query do not count, nor does `/v1/` or `/v2/` at the front of a path, though without its last
slash it is a path; 443 is not implied; a path has no patterns; what stands later in the alphabet is tried
first; and where no key fits an image of Docker Hub, one for `index.docker.io` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aicore_magics.base.redact import shown_key
from aicore_magics.model.names import DOCKER_HUB, Registry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.image_reference import ImageReference

DEFAULT_REGISTRY = "index.docker.io"
# What Go's url.Parse takes in a host: letters, digits, these, and anything beyond ASCII.
_HOST = re.compile(r"""[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>"\u0080-\U0010ffff]*""")
# What labels (globs among them) and paths that match anything are made of.
_LABEL = re.compile(r"(?:[A-Za-z0-9*-]|\[[^\]]+\]|:)+")
_PATH = re.compile(r"(?:/[a-z0-9._-]+)*/?")
_HUB_KEYS = ("docker.io", DEFAULT_REGISTRY)
# One step of a glob: any text, a class of characters or ranges, one character.
_PARTS = re.compile(r"\*|\[\^?(?:[^\]\-](?:-[^\]\-])?)+\]|[^*\[]")
_RANGE = re.compile(r"(.)(?:-(.))?")
_PORT = re.compile(r"[0-9]*")
# Scheme, user, query and fragment are passed over; a percent sign in a path begins a code.
_ADDRESS = re.compile(
    r"(?!.*[\x00-\x1f\x7f])(?:https?://)?(?:[^/?#]*@)?(?P<host>[^/?#]*)"
    r"(?P<path>(?:/[^?#%]*(?:%[0-9A-Fa-f]{2}[^?#%]*)*)?)(?:[?#].*)?",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Place:
    """A host, its port, and a path: those of an image, or the pattern for them that a key is."""

    text: str
    labels: tuple[str, ...]
    port: str
    path: str

    @classmethod
    def of(cls, text: str) -> _Place:
        """Take *text* apart: the port is what follows the last colon of the host."""
        host, slash, path = text.partition("/")
        name, port = host, ""
        if ":" in host and not host.endswith("]"):
            name, _, port = host.rpartition(":")
            # Brackets are gone only in front of a port: so a key in brackets without one fits nothing.
            name = name[1:-1] if name[:1] == "[" and name[-1:] == "]" else name
        return cls(text, tuple(name.split(".")), port, slash + path)

    def serves(self, image: _Place) -> bool:
        """Whether a key for this place is tried for *image*."""
        if self.port != image.port or len(self.labels) != len(image.labels):
            return False
        return image.path.startswith(self.path) and all(map(_glob, self.labels, image.labels))


def serving_keys(keys: Iterable[str], image: ImageReference) -> tuple[str, ...]:
    """Give those of *keys* whose login the kubelet uses for *image*, in the order in which it tries them.

    >>> from aicore_magics.model.image_reference import ImageReference
    >>> serving_keys(["ghcr.io", "https://index.docker.io"], ImageReference.parse("acme/churn:1"))
    ('https://index.docker.io',)
    """
    places = ((key, place) for key in dict.fromkeys(keys) if (place := _read(key)))
    last_first = sorted(places, key=lambda each: each[1].text.encode(), reverse=True)
    target = _Place.of(image.name)
    fitting = tuple(key for key, place in last_first if place.serves(target))
    if fitting or not _falls_back(target):
        return fitting
    return tuple(key for key, place in last_first if place.text == DEFAULT_REGISTRY)


def why_unserved(keys: Iterable[str], image: ImageReference) -> str:
    """Say why the kubelet would use none of *keys* for *image*, and what to do; without a full stop.

    >>> from aicore_magics.model.image_reference import ImageReference
    >>> why_unserved(["https://index.docker.io/v1"], ImageReference.parse("acme/churn:1"))
    'No login serves it: key https://index.docker.io/v1 never matches; use https://index.docker.io'
    """
    there = tuple(keys)
    for key in there:
        meant = _meant(key)
        if meant and meant.host == image.registry.host and meant.auth_key != key:
            how = "never matches" if not can_match(key) else "does not match it"
            return f"No login serves it: key {shown_key(key)} {how}; use {meant.auth_key}"
    known = ", ".join(map(shown_key, there))
    wanted = image.registry.auth_key
    if wanted in there:
        return "No login serves it: the kubelet knows no key with an address in brackets and no port"
    return f"No login serves it: the kubelet looks for {wanted}, there is {known}"


def useless(key: str) -> str:
    """Say, in a sentence, that *key* can serve no image, or none of those it is meant for; else nothing.

    >>> useless("https://ghcr.io"), useless("hub.docker.com")
    ('', 'The key hub.docker.com serves no image of Docker Hub; use https://index.docker.io.')
    """
    meant = _meant(key)
    if not can_match(key):
        use = f"; use {meant.auth_key}" if meant and can_match(meant.auth_key) else ""
        return f"The key {shown_key(key)} can match no image{use}."
    if meant and meant.host == DOCKER_HUB and _host(key) not in _HUB_KEYS:
        return f"The key {shown_key(key)} serves no image of Docker Hub; use {meant.auth_key}."
    return ""


def can_match(key: str) -> bool:
    """Whether there can be an image that *key* serves: no tag, no glob in its path or port, no empty label.

    >>> can_match("*.example.com/team"), can_match("ghcr.io/acme/churn:1.4"), can_match("oci://ghcr.io")
    (True, False, False)
    """
    place = _read(key)
    if place is None or (place.text.startswith(f"{DEFAULT_REGISTRY}/") and place.path != "/"):
        return False
    labels = all(label and _LABEL.fullmatch(label) for label in place.labels)
    return labels and _PORT.fullmatch(place.port) is not None and bool(_PATH.fullmatch(place.path))


def _meant(key: str) -> Registry | None:
    """The registry that somebody had in mind who wrote *key*, path and tag aside."""
    host = re.sub(r"\A[a-z]+://", "", key).partition("/")[0]
    return Registry.find(host)


def _read(key: str) -> _Place | None:
    """The place that *key* is a pattern for, or None if the kubelet passes over it."""
    address = _ADDRESS.fullmatch(key)
    if address is None or not _is_host(address["host"]):
        return None
    path = re.sub(r"\A/v[12](?=/)", "", unquote(address["path"]))
    return _Place.of(address["host"] + (path if path != "/" else ""))


def _host(key: str) -> str:
    place = _read(key)
    return place.text.partition("/")[0] if place else ""


def _is_host(host: str) -> bool:
    """Whether *host* can stand in an address: an open bracket is closed, and a port has digits alone."""
    if not _HOST.fullmatch(host) or (host.startswith("[") and "]" not in host):
        return False
    _, colon, port = host[host.rfind("]") + 1 if host.startswith("[") else 0 :].rpartition(":")
    return not colon or _PORT.fullmatch(port) is not None


def _glob(pattern: str, label: str) -> bool:
    """Go's filepath.Match for one label: `*` and `[a-z]`; a pattern that is none matches nothing."""
    parts = _PARTS.findall(pattern)
    if "".join(parts) != pattern:
        return False
    ends = {0}  # how much of *label* may be matched so far; all at once, so that no number of * takes long
    for part in parts:
        if part == "*":
            ends = set(range(min(ends), len(label) + 1)) if ends else ends
        else:
            ends = {end + 1 for end in ends if end < len(label) and _fits(part, label[end])}
    return len(label) in ends


def _fits(part: str, character: str) -> bool:
    if len(part) == 1:
        return part == character
    negated = part.startswith("[^")
    ranges = _RANGE.findall(part[1 + negated : -1])
    return any(low <= character <= (high or low) for low, high in ranges) is not negated


def _falls_back(image: _Place) -> bool:
    """Whether Docker Hub's login is tried where no key fits: also for `localhost/foo`, which has no dot."""
    first, slash, _ = image.text.partition("/")
    return bool(first) and (not slash or first in _HUB_KEYS or not {".", ":"} & set(first))
