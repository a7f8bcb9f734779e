"""What a key of a secret is to those who pull images: an address, of which a host and a path count.

The kubelet and Knative's controller read keys by the same rule: the latter copied the code of the former
(kubernetes pkg/credentialprovider/keyring.go; go-containerregistry pkg/authn/kubernetes/keychain.go). Where
there is no scheme, `https://` is put in front, and Go's net/url reads the rest. Scheme, user and query do
not count, nor does `/v1/` or `/v2/` at the front of a path, though without its last slash it is a path.

A key serves an image if both hosts have as many labels, each label fits its pattern (`*`, `[a-z]`), the ports
are the same (443 is not implied), and the image's path begins with the key's, which has no patterns. What
stands later in the alphabet comes first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aicore_magics.model.hosts import is_address

if TYPE_CHECKING:
    from collections.abc import Iterable

# What Go's url.Parse takes in a host: letters, digits, these, anything beyond ASCII, and that in codes.
_HOST_LETTERS = r"""A-Za-z0-9\-_.~!$&'()*+,;=:\[\]<>"\u0080-\U0010ffff"""
_HOST = re.compile(rf"(?:[{_HOST_LETTERS}]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
_ZONE = re.compile(rf"[{_HOST_LETTERS}% ]+")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")
_PORT = re.compile(r"(?::[0-9]*)?")
_ADDRESS = re.compile(
    r"(?:https?://)?(?:(?P<user>[^/?#]*)@)?(?P<host>[^/?#@]*)(?P<path>(?:/[^?#]*)?)"
    r"(?:\?[^#]*)?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NO_CODE = re.compile(r"%(?![0-9A-Fa-f]{2})")
# One step of a glob: any text, a class of characters or ranges, one character.
_PARTS = re.compile(r"\*|\[\^?(?:[^\]\-](?:-[^\]\-])?)+\]|[^*\[]")
_RANGE = re.compile(r"(.)(?:-(.))?")


@dataclass(frozen=True, slots=True)
class Place:
    """A host, its port, and a path: those of an image, or the pattern for them that a key is.

    *text* is the two in one, without scheme: by it keys are put in order, and two spellings are one place.
    """

    text: str
    labels: tuple[str, ...]
    port: str
    path: str

    @classmethod
    def of(cls, text: str) -> Place:
        """Take *text* apart, which may be no address any more: then nothing matches it."""
        address = _ADDRESS.fullmatch(f"https://{text}")
        if address is None or not _is_address(address):
            return cls(text, (), "", "")
        return cls.at(unquote(address["host"]), unquote(address["path"]), text)

    @classmethod
    def at(cls, host: str, path: str, text: str = "") -> Place:
        """Give the place of *host*, perhaps with a port, and *path*."""
        name, port = _split_port(host)
        return cls(text or host + path, tuple(name.split(".")), port, path)

    def serves(self, image: Place) -> bool:
        """Whether a login for this place is taken for *image*."""
        if self.port != image.port or len(self.labels) != len(image.labels):
            return False
        return image.path.startswith(self.path) and all(map(_glob, self.labels, image.labels))


def read_key(key: str) -> Place | None:
    """Give the place that *key* is a pattern for, or None if Go's url.Parse finds no address in it.

    >>> read_key("https://index.docker.io/v1/").text, read_key("reg.example.com:*")
    ('index.docker.io', None)
    """
    address = _ADDRESS.fullmatch(key)
    if address is None or not _is_address(address):
        return None
    path = address["path"] if "%" not in key else unquote(address["path"])
    if path.startswith(("/v1/", "/v2/")):
        path = path[3:]
    path = "" if path == "/" else path
    # What a code stood for is read anew when an image is compared.
    return Place.of(unquote(address["host"]) + path) if "%" in key else Place.at(address["host"], path)


def places(keys: Iterable[str]) -> list[tuple[str, Place]]:
    """Give those of *keys* that are addresses, each once, with their places, in the order of looking."""
    return in_order((key, place) for key in dict.fromkeys(keys) if (place := read_key(key)))


def in_order(read: Iterable[tuple[str, Place]]) -> list[tuple[str, Place]]:
    """Give keys with their places in the order of looking: backwards in the alphabet, by bytes."""
    return sorted(read, key=lambda each: each[1].text.encode("utf-8", "surrogatepass"), reverse=True)


def has_odd_brackets(key: str) -> bool:
    """Whether Go since 1.24.8 and 1.25.2 finds no address in *key*, where Go before did.

    From then on brackets are there for an IPv6 address alone (CVE-2025-47912), and `[a-z]` is no pattern.

    >>> has_odd_brackets("reg[0-9].example.com"), has_odd_brackets("[::1]:5000")
    (True, False)
    """
    address = _ADDRESS.fullmatch(key) if "[" in key else None
    host = address["host"] if address else ""
    if "[" not in host:
        return False
    inside, bracket, port = host.rpartition("]")
    name, _, zone = inside[1:].partition("%25")
    zone_fits = _ZONE.fullmatch(unquote(zone)) if "%25" in inside else True
    fits = bracket and "[" not in inside[1:] and ":" in name and is_address(name) and zone_fits
    return host[0] != "[" or not fits or _PORT.fullmatch(port) is None


def _is_address(address: re.Match[str]) -> bool:
    """Whether the parts of an *address* are what Go's url.Parse allows, before it looked into brackets."""
    user, host, fragment = address["user"] or "", address["host"], address["fragment"] or ""
    before_fragment = address[0].partition("#")[0]
    if _CONTROL.search(before_fragment) or any(map(_NO_CODE.search, (user, address["path"], fragment))):
        return False
    if not _USER.fullmatch(user) or not _HOST.fullmatch(host):
        return False
    if host.startswith("["):
        _, bracket, port = host.rpartition("]")
        return bool(bracket) and _PORT.fullmatch(port) is not None
    _, colon, port = host.rpartition(":")
    return not colon or _PORT.fullmatch(f":{port}") is not None


def _split_port(host: str) -> tuple[str, str]:
    """Name and port, as Go's net.SplitHostPort has them; where it fails, all of it is the name."""
    name, colon, port = host.rpartition(":")
    if not colon:
        return host, ""
    # Brackets are gone only in front of a port: so a key in brackets without one fits nothing.
    if name.startswith("[") and name.find("]") == len(name) - 1:
        return (name[1:-1], port) if "[" not in name[1:] else (host, "")
    return (host, "") if {":", "[", "]"} & set(name) else (name, port)


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
