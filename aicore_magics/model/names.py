"""Names and registries: text read once, at the door, into values that need no further check.

Each `parse` takes what people type, and raises an InvalidInput that says what is wrong without repeating
the text, nor anything made of it: it may be a password in the wrong place. A value made directly is taken
as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aicore_magics.base.tokens import token_kind
from aicore_magics.base.unfilled import is_unfilled
from aicore_magics.errors import InvalidInput, InvalidName, InvalidRegistry, InvalidResourceGroup
from aicore_magics.model.hosts import is_address, is_loopback
from aicore_magics.model.login_faults import UNFILLED_REGISTRY
from aicore_magics.model.typed import Typed

DOCKER_HUB = "docker.io"

# What a text must not have (pattern, reason, what to do), in the order in which users are told.
# The length comes first, so that nothing below it ever meets a long text.
Faults = tuple[tuple[str, str, str], ...]

# The published pattern ^[a-z0-9](?:_?[a-z0-9\.\-]+)*[a-z0-9]$ (SAP's OpenAPI description, at most 63
# characters) takes years on some bad names: it has a + inside a *. This and one look at the underscores
# accept the same names, and a run of one set of characters is what `re` is quickest at.
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*[a-z0-9]")
LONGEST_NAME = 63
_NAME_LETTERS = "a name can only have small letters, digits, dots, hyphens"
_NAME_FAULTS: Faults = (
    (r"(?s)\A.{64}|\A\S\Z", "a name must have 2 to 63 characters", "choose one such as team-ghcr."),
    (r"\A\s*\Z", "a name is missing", "choose one such as team-ghcr."),
    (
        r"\s",
        "spaces and line breaks are not allowed in a name",
        "leave them out, or use hyphens, as in team-ghcr.",
    ),
    (r"[^\x00-\x7f]", _NAME_LETTERS, "type it by hand: a letter may only look like one of these."),
    (r"[^A-Za-z0-9._-]", _NAME_LETTERS, "choose one such as team-ghcr."),
    (r"\A[._-]|[._-]\Z", "a name must begin and end with a letter or digit", "choose one such as team-ghcr."),
)

# The pattern of the same description for resourceGroupId.
_GROUP = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]{1,251}[a-zA-Z0-9]")
_GROUP_FAULTS: Faults = (
    (
        r"(?s)\A.{254}|\A\S.?\Z",
        "a resource group must have 3 to 253 characters",
        "every tenant has one that is called default.",
    ),
    (r"\A\s*\Z", "a resource group is missing", "every tenant has one that is called default."),
    (
        r"[^a-zA-Z0-9.-]",
        "a resource group has only letters, digits, dots, hyphens",
        "copy its name unchanged, such as default.",
    ),
)

_LIKE_HOST = "write it like ghcr.io or registry.example.com:5000"
# The names under which people know Docker Hub: the one in image names, the one of `docker login`, the host
# that serves the images, and web pages. The kubelet knows the first two only.
_HUB_NAMES = {
    *(DOCKER_HUB, "index.docker.io", "registry-1.docker.io", "hub.docker.com", "registry.hub.docker.com"),
    *("www.docker.com", "docker.com"),
}
_REGISTRY_FAULTS: Faults = (
    (r"(?s)\A.{513}", "a registry can have at most 253 characters", "give only its host, such as ghcr.io."),
    (r"\A\s*\Z", "a registry is missing", "give its host, such as ghcr.io, or docker.io for Docker Hub."),
    (
        r"@(?!sha\d+:[0-9a-fA-F]+\Z)",
        "a user name or password is not allowed in a registry",
        "give only its host, such as ghcr.io. If that was a password, revoke it.",
    ),
    (
        r"[\s\x00-\x1f\x7f]",
        "a registry has no spaces, line breaks, control characters",
        _LIKE_HOST,
    ),
    (
        r"[^\x00-\x7f]",
        "a registry can only have ASCII letters",
        "type it by hand; in punycode (xn--…) if needed.",
    ),
    (r"(?i)\A(?!https?://)[^/]*://", "only https:// is allowed in front of a registry", _LIKE_HOST),
    (r"[?#]", "? and # are not allowed in a registry", "give only its host, such as ghcr.io."),
    (r"[^\w.:/@\[\]-]", "a registry can only have letters, digits, dots, hyphens", _LIKE_HOST),
)
_NO_LOOSE_ENDS = "remove a dot at the end, or a hyphen next to a dot."
_NO_TOKEN_NAME = "give its host, not the name of a token or login. The host of Docker Hub is docker.io."
_HOST_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORT = re.compile(r":[0-9]+\Z")
_MAX_HOST, _MAX_PORT = 253, 65_535


@dataclass(frozen=True, slots=True)
class SecretName(Typed):
    """The name of a Docker registry secret, as SAP AI Core takes it.

    >>> SecretName.parse("team-ghcr")
    SecretName(text='team-ghcr')
    >>> SecretName.parse("Team-GHCR")
    Traceback (most recent call last):
    aicore_magics.errors.InvalidName: capital letters are not allowed in a name. Nothing was sent.
    Next: write it in small letters, as in team-ghcr.
    """

    text: str

    @staticmethod
    def fits(text: str) -> bool:
        """Whether *text* is such a name, and no token: `parse` would give it, and not raise.

        >>> SecretName.fits("team-ghcr"), SecretName.fits("Team-GHCR")
        (True, False)
        """
        return (
            len(text) <= LONGEST_NAME
            and _NAME.fullmatch(text) is not None
            and ("_" not in text or ("__" not in text and text[-2] != "_"))
            and token_kind(text) is None
        )

    @classmethod
    def parse(cls, text: str) -> SecretName:
        """Give the name that *text* is, letter by letter, or raise InvalidName."""
        if cls.fits(text):
            return cls(text)
        refuse_token(text, InvalidName)
        refuse(text, InvalidName, _NAME_FAULTS)
        if text != text.lower():
            hint = "write it in small letters, as in team-ghcr."
            raise invalid(InvalidName, "capital letters are not allowed in a name", hint)
        reason = "in a name, an underscore must be single, and not second to last"
        raise invalid(InvalidName, reason, "use a hyphen instead, as in team-ghcr.")

    @property
    def caution(self) -> str:
        """One sentence if others than AI Core do not take the name, else nothing.

        Kubernetes: RFC 1123 subdomain. SAP AI Launchpad: small letters, digits, hyphens, dots.

        >>> SecretName.parse("team_ghcr").caution
        'Kubernetes and SAP AI Launchpad do not allow an underscore in a name.'
        """
        if "_" in self.text:
            return "Kubernetes and SAP AI Launchpad do not allow an underscore in a name."
        if re.search(r"\.[.-]|-\.", self.text):
            return "Kubernetes does not allow a dot next to another dot or a hyphen in a name."
        return ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ResourceGroup(Typed):
    """The name of a resource group, as SAP AI Core takes it.

    >>> str(ResourceGroup.parse("default"))
    'default'
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> ResourceGroup:
        """Give the resource group that *text* names, letter by letter, or raise InvalidResourceGroup."""
        refuse_token(text, InvalidResourceGroup)
        refuse(text, InvalidResourceGroup, _GROUP_FAULTS)
        if not _GROUP.fullmatch(text):
            reason = "a resource group begins and ends with a letter or digit"
            raise invalid(InvalidResourceGroup, reason, "remove what comes before or after, as in team-a.")
        return cls(text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Registry(Typed):
    """The host that serves images, in one spelling, with its port if one was given.

    >>> str(Registry.parse("https://GHCR.io/v2/"))
    'ghcr.io'
    >>> Registry.parse("hub.docker.com") == Registry.parse("https://index.docker.io/v1/")
    True
    """

    host: str

    @classmethod
    def parse(cls, text: str) -> Registry:
        """Give the registry that *text* means in any spelling people use, or raise InvalidRegistry."""
        refuse_token(text, InvalidRegistry)
        if is_unfilled(text, "registry"):
            raise invalid(InvalidRegistry, *UNFILLED_REGISTRY)
        refuse(text, InvalidRegistry, _REGISTRY_FAULTS)
        host, _, path = re.sub(r"\Ahttps?://", "", text.lower()).partition("/")
        host = DOCKER_HUB if host.removesuffix(":443") in _HUB_NAMES else host
        fault = _host_fault(host)
        if path.strip("/") not in ("", "v1", "v2"):
            only = "give only its host, such as ghcr.io or docker.io."
            raise invalid(InvalidRegistry, "this is an image, not a registry", only)
        if fault:
            raise invalid(InvalidRegistry, *fault)
        return cls(host)

    @classmethod
    def find(cls, text: str) -> Registry | None:
        """Give the registry that *text* means, or None if it means none.

        >>> Registry.find("https://GHCR.io/v2/"), Registry.find("*.example.com")
        (Registry(host='ghcr.io'), None)
        """
        try:
            return cls.parse(text)
        except InvalidRegistry:
            return None

    @property
    def auth_key(self) -> str:
        """The key in `.dockerconfigjson` under which the kubelet finds a login for this registry."""
        # SAP's documentation asks for this spelling. The kubelet cuts the scheme and looks for exactly
        # index.docker.io when an image is on Docker Hub; with /v1 and no slash it would never find it.
        return "https://index.docker.io" if self.host == DOCKER_HUB else self.host

    @property
    def api_host(self) -> str:
        """The host to speak HTTP to: that of Docker Hub is registry-1.docker.io."""
        return "registry-1.docker.io" if self.host == DOCKER_HUB else self.host

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine: localhost, 127.0.0.0/8 or [::1].

        >>> Registry.parse("localhost:5000").is_loopback, Registry.parse("localhost.example").is_loopback
        (True, False)
        """
        return is_loopback(_PORT.sub("", self.host).lower().strip("[]"))

    def __str__(self) -> str:
        return self.host


def refuse_token(text: str, refusal: type[InvalidInput]) -> None:
    """Raise *refusal* if *text* looks like a token."""
    kind = token_kind(text[:512])
    if kind:
        hint = f"it is now in the notebook and its history: revoke it, and choose another {refusal.field}."
        raise invalid(refusal, f"the {refusal.field} looks like {kind}", hint)


def refuse(text: str, refusal: type[InvalidInput], faults: Faults) -> None:
    """Raise *refusal* for the first of *faults* that *text* has."""
    for pattern, reason, hint in faults:
        if re.search(pattern, text):
            raise invalid(refusal, reason, hint)


def invalid(refusal: type[InvalidInput], reason: str, hint: str) -> InvalidInput:
    """Give the error that *refusal* is, for *reason*."""
    return refusal(reason, next=hint)


def _host_fault(host: str) -> tuple[str, str] | None:
    """What is wrong with *host*, and what to do. No host name of RFC 1123 ends in a number."""
    bare = host.endswith("]") or ":" not in host
    name, _, port = (host, "", "443") if bare else host.rpartition(":")
    bracketed = name.startswith("[")
    labels = [] if bracketed else name.split(".")
    spelled = all(_HOST_LABEL.fullmatch(label) for label in labels)
    number = bool(labels) and labels[-1].isdigit() and not is_address(name)
    word = bare and len(labels) == 1 and name != "localhost"
    faults = (
        (not name, "a registry is missing", "give its host, such as ghcr.io."),
        (not _is_port(port), "the port of a registry must be a number from 1 to 65535", _LIKE_HOST),
        (bracketed and not _is_ipv6(name), "a registry in brackets is an IPv6 address", "as in [::1]:5000"),
        (len(name) > _MAX_HOST, "a registry can have at most 253 characters", _LIKE_HOST),
        (
            not spelled,
            "a registry has 1 to 63 letters, digits, hyphens between its dots",
            _NO_LOOSE_ENDS,
        ),
        (number, "a registry must not end in a number, unless it is an IP address", _LIKE_HOST),
        (word, "a registry must have a dot or a port, like ghcr.io", _NO_TOKEN_NAME),
    )
    return next(((reason, hint) for wrong, reason, hint in faults if wrong), None)


def _is_port(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9][0-9]{0,4}", text)) and int(text) <= _MAX_PORT


def _is_ipv6(bracketed: str) -> bool:
    # No dots, no zone: the grammar of image references knows neither.
    return bool(re.fullmatch(r"\[[0-9a-f:]+\]", bracketed)) and is_address(bracketed[1:-1])
