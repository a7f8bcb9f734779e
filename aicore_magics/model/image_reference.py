"""Image references, as Docker, containerd and the kubelet read them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aicore_magics.errors import InvalidImage
from aicore_magics.model.names import DOCKER_HUB, Faults, Registry, invalid, refuse, refuse_token
from aicore_magics.model.typed import Typed

_LIKE_IMAGE = "write it like ghcr.io/acme/churn:1.4"
_TOO_LONG = "an image can have at most 255 characters after its registry"

# github.com/distribution/reference, regexp.go, which Docker, containerd and the kubelet use. It sets no
# limit to the host; 4096 characters in all is ours.
_LABEL = r"[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*"
_DOMAIN = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_MAX_PATH = 255
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}")
_IMAGE_FAULTS: Faults = (
    (r"(?s)\A.{4097}", _TOO_LONG, _LIKE_IMAGE),
    (r"\A\s*\Z", "an image is missing", _LIKE_IMAGE),
    (
        r"\A(?:[^/]*://.*@(?!sha\d+:)|[^/@]*@(?!sha\d+:)[^/]*/)",
        "a user name or password is not allowed in an image",
        "write it like ghcr.io/acme/churn:1.4. If that was a password, revoke it.",
    ),
    (r"\A[^/]*://", "https:// is not allowed in front of an image", "use ghcr.io/…"),
    (r"\s", "spaces and line breaks are not allowed in an image", _LIKE_IMAGE),
    (
        r"[^\x21-\x7e]",
        "an image can only have ASCII characters",
        "type it by hand, like ghcr.io/acme/churn:1.4",
    ),
    (r"[{}$]", "{…} or $… in an image is not filled in", "write the value in place of the variable."),
    (r"\A[a-f0-9]{64}\Z", "this is the id of an image, not its name", _LIKE_IMAGE),
)


@dataclass(frozen=True, slots=True)
class ImageReference(Typed):
    """An image reference in its full form: what containerd and the kubelet read in a short one, too.

    >>> image = ImageReference.parse("ubuntu")
    >>> str(image), image.familiar
    ('docker.io/library/ubuntu', 'ubuntu')
    >>> ImageReference.parse("ghcr.io/acme/churn:1.4").registry
    Registry(host='ghcr.io')
    """

    domain: str
    path: str
    tag: str | None = None
    digest: str | None = None
    implied: bool = field(default=False, compare=False, repr=False)  # its registry, Docker Hub, was not named

    @classmethod
    def parse(cls, text: str) -> ImageReference:
        """Give the image that *text* refers to, as ParseNormalizedNamed does, or raise InvalidImage."""
        if "/" not in text:
            # With a slash, glpat-rotator may well be a repository.
            refuse_token(text, InvalidImage)
        refuse(text, InvalidImage, _IMAGE_FAULTS)
        domain, rest = _split_domain(text)
        rest, at, digest = rest.partition("@")
        path, colon, tag = rest.partition(":")
        if not _DOMAIN.fullmatch(domain):
            # So says the grammar: foo_bar.com cannot be a host, hence foo_bar.com/img is a path without one.
            domain, path = "", f"{domain}/{path}"
        implied = domain == DOCKER_HUB and text.partition("/")[0] not in (DOCKER_HUB, "index.docker.io")
        image = cls(domain, path, tag if colon else None, digest if at else None, implied)
        fault = _image_fault(image)
        if fault:
            raise invalid(InvalidImage, *fault)
        return image

    @property
    def name(self) -> str:
        """The image without tag and digest: what the kubelet compares auth keys with."""
        return f"{self.domain}/{self.path}" if self.domain else self.path

    @property
    def familiar(self) -> str:
        """The short form that Docker shows."""
        if self.domain != DOCKER_HUB:
            return str(self)
        short = self.path.removeprefix("library/")
        return (self.path if "/" in short else short) + self._version

    @property
    def registry(self) -> Registry:
        """The registry that serves the image, in the image's own spelling: the kubelet knows case."""
        return Registry(self.name.partition("/")[0])

    @property
    def api_host(self) -> str:
        """The host to speak HTTP to."""
        return self.registry.api_host

    @property
    def _version(self) -> str:
        tag = "" if self.tag is None else f":{self.tag}"
        return tag if self.digest is None else f"{tag}@{self.digest}"

    def __str__(self) -> str:
        return self.name + self._version


def _split_domain(text: str) -> tuple[str, str]:
    """The host and the rest, as splitDockerDomain of distribution/reference tells them apart."""
    first, slash, rest = text.partition("/")
    if not slash:
        return DOCKER_HUB, f"library/{text}"
    if first == "index.docker.io":
        first = DOCKER_HUB
    elif first == first.lower() and first != "localhost" and not re.search(r"[.:]", first):
        first, rest = DOCKER_HUB, text
    if first == DOCKER_HUB and "/" not in rest:
        rest = f"library/{rest}"
    return first, rest


def _image_fault(image: ImageReference) -> tuple[str, str] | None:
    """What the grammar does not allow in *image*, and what to do."""
    path = image.path
    path_fits = bool(_PATH.fullmatch(path))
    tag_fits = image.tag is None or _TAG.fullmatch(image.tag)
    digest_fits = image.digest is None or _DIGEST.fullmatch(image.digest)
    faults = (
        (len(path) > _MAX_PATH, _TOO_LONG, _LIKE_IMAGE),
        (not (image.domain or path_fits), "the registry in front of this image is not a host", _LIKE_IMAGE),
        (
            path != path.lower(),
            "capital letters are not allowed in the path of an image",
            "use small letters, as in ghcr.io/acme/churn:1.4",
        ),
        (
            not path_fits,
            "an image has small letters and digits, joined by . _ __ - or /",
            _LIKE_IMAGE,
        ),
        (not tag_fits, "the tag of an image has up to 128 letters, digits, dots, - or _", _LIKE_IMAGE),
        (not digest_fits, "the digest of an image must be sha256: and 64 small hex digits", _LIKE_IMAGE),
    )
    return next(((reason, hint) for wrong, reason, hint in faults if wrong), None)
