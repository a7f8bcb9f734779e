"""The kubelet's matching: which keys of a secret serve an image, in the order in which they are tried.

A port of what Kubernetes does in pkg/credentialprovider/keyring.go (`Add`, `Lookup`, `URLsMatch`), with its
odd corners: no glob in a path, 443 is not implied, and `/v1` without its last slash is a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.images import ImageReference

DEFAULT_REGISTRY = "index.docker.io"
# What Go's url.Parse takes in a host: letters, digits, these, and anything beyond ASCII.
_HOST = re.compile(r"""[A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>"\u0080-\U0010ffff]*""")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class _Place:
    """A key or an image as the kubelet compares them: labels of the host, port, path."""

    labels: tuple[str, ...]
    port: str
    path: str


def serving_keys(keys: Iterable[str], image: ImageReference) -> tuple[str, ...]:
    """Give those of *keys* whose login the kubelet uses for *image*, in the order in which it tries them.

    >>> from aicore_magics.images import ImageReference
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


def is_ignored(key: str) -> bool:
    """Whether the kubelet skips *key* without a word, as it is no address to it."""
    return _read(key) is None


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


def _place(text: str) -> _Place:
    host, slash, path = text.partition("/")
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    labels = (name if colon else host).split(".")
    return _Place(tuple(labels), port if colon else "", slash + path)


def _matches(key: _Place, image: _Place) -> bool:
    return (
        key.port == image.port
        and len(key.labels) == len(image.labels)
        and image.path.startswith(key.path)
        and all(_glob(pattern, label) for pattern, label in zip(key.labels, image.labels, strict=True))
    )


def _glob(pattern: str, label: str) -> bool:
    """Go's filepath.Match for one label: `*` and `[a-z]`; a pattern that is none matches nothing."""
    if "*" not in pattern and "[" not in pattern:
        return pattern == label
    parts = re.findall(r"\*+|\[\^?[^\]]+\]|[^*\[]+|\[", pattern)
    if "[" in parts:
        return False
    as_regex = "".join(
        "[^/]*" if part[0] == "*" else _class(part) if part[0] == "[" else re.escape(part) for part in parts
    )
    return re.fullmatch(as_regex, label) is not None


def _class(part: str) -> str:
    negated = "^" if part.startswith("[^") else ""
    body = part[1 + len(negated) : -1].replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
    return f"[{negated}{body}]"


def _is_default(name: str) -> bool:
    """Whether the kubelet falls back to Docker Hub's login: also for `localhost/foo`, which has no dot."""
    first, slash, _ = name.partition("/")
    if not first:
        return False
    return not slash or first in ("docker.io", DEFAULT_REGISTRY) or not {".", ":"} & set(first)
