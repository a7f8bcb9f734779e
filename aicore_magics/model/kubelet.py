"""The kubelet's matching: which keys of a secret serve an image, in the order in which they are tried.

A port of what Kubernetes does in pkg/credentialprovider/keyring.go (`Add`, `Lookup`, `URLsMatch`), with its
odd corners: no glob in a path, 443 is not implied, and `/v1` without its last slash is a path.
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
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class _ParsedKey:
    """A key or an image as the kubelet compares them: labels of the host, port, path."""

    labels: tuple[str, ...]
    port: str
    path: str


def serving_keys(keys: Iterable[str], image: ImageReference) -> tuple[str, ...]:
    """Give those of *keys* whose login the kubelet uses for *image*, in the order in which it tries them.

    >>> from aicore_magics.model.image_reference import ImageReference
    >>> serving_keys(["ghcr.io", "https://index.docker.io"], ImageReference.parse("acme/churn:1"))
    ('https://index.docker.io',)
    """
    read = {key: _read(key) for key in keys}
    known = {key: text for key, text in read.items() if text is not None}
    target = _place(image.name)
    # Byte order, backwards: a longer path of one host comes before a shorter one, but hosts just fall.
    ordered = sorted(known, key=lambda key: known[key].encode(), reverse=True)
    matching = tuple(key for key in ordered if _matches(_place(known[key]), target))
    if matching or not _is_default(image.name):
        return matching
    return tuple(key for key in ordered if known[key] == DEFAULT_REGISTRY)


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
    if meant and meant.host == DOCKER_HUB and (_read(key) or "").partition("/")[0] not in _HUB_KEYS:
        return f"The key {shown_key(key)} serves no image of Docker Hub; use {meant.auth_key}."
    return ""


def can_match(key: str) -> bool:
    """Whether there can be an image that *key* serves: no tag, no glob in its path or port, no empty label.

    >>> can_match("*.example.com/team"), can_match("ghcr.io/acme/churn:1.4"), can_match("oci://ghcr.io")
    (True, False, False)
    """
    read = _read(key)
    if read is None or (read.startswith(f"{DEFAULT_REGISTRY}/") and read != f"{DEFAULT_REGISTRY}/"):
        return False
    place = _place(read)
    labels = all(label and _LABEL.fullmatch(label) for label in place.labels)
    return labels and re.fullmatch(r"[0-9]*", place.port) is not None and bool(_PATH.fullmatch(place.path))


def _meant(key: str) -> Registry | None:
    """The registry that somebody had in mind who wrote *key*, path and tag aside."""
    host = re.sub(r"\A[a-z]+://", "", key).partition("/")[0]
    return Registry.find(host)


def _read(key: str) -> str | None:
    """The key as it is indexed: host and path, without scheme, user, query and `/v1/` or `/v2/`."""
    if any(ord(character) < ord(" ") or character == "\x7f" for character in key):
        return None
    rest = re.sub(r"\Ahttps?://", "", key)
    rest = rest.partition("#")[0].partition("?")[0]
    authority, slash, path = rest.partition("/")
    host = authority.rpartition("@")[2]
    if not _is_host(host) or _BAD_ESCAPE.search(path):
        return None
    path = unquote(slash + path)
    path = path[3:] if path.startswith(("/v1/", "/v2/")) else path
    return host if path in ("", "/") else host + path


def _is_host(host: str) -> bool:
    if not _HOST.fullmatch(host):
        return False
    after = host.rpartition("]")[2] if host.startswith("[") else host
    if host.startswith("[") and "]" not in host:
        return False
    _, colon, port = after.rpartition(":")
    return not colon or re.fullmatch(r"[0-9]*", port, re.ASCII) is not None


def _place(text: str) -> _ParsedKey:
    host, slash, path = text.partition("/")
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if name.startswith("[") and name.endswith("]") and colon:
        # net.SplitHostPort takes the brackets away, but only in front of a port.
        name = name[1:-1]
    labels = (name if colon else host).split(".")
    return _ParsedKey(tuple(labels), port if colon else "", slash + path)


def _matches(key: _ParsedKey, image: _ParsedKey) -> bool:
    return (
        key.port == image.port
        and len(key.labels) == len(image.labels)
        and image.path.startswith(key.path)
        and all(_glob(pattern, label) for pattern, label in zip(key.labels, image.labels, strict=True))
    )


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


def _is_default(name: str) -> bool:
    """Whether the kubelet falls back to Docker Hub's login: also for `localhost/foo`, which has no dot."""
    first, slash, _ = name.partition("/")
    if not first:
        return False
    return not slash or first in ("docker.io", DEFAULT_REGISTRY) or not {".", ":"} & set(first)
