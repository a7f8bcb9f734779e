"""Whether an image's platform is one that a node of AI Core, linux/amd64, takes: as containerd decides it.

Source: github.com/containerd/platforms, database.go for the spellings that mean the same, compare.go (`Only`,
`platformVector`) for what fits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

NODE_OS, NODE_ARCHITECTURE = "linux", "amd64"
# "sure": every containerd takes it; "32 bit": it does, where there is nothing better; "unsure": some do.
Fit = Literal["sure", "32 bit", "unsure", "none"]

_WORD = re.compile(r"[A-Za-z0-9._-]{1,32}")
_OTHER_OS = {"macos": "darwin"}
_OTHER_ARCHITECTURES = {
    "i386": "386",
    "x86_64": "amd64",
    "x86-64": "amd64",
    "aarch64": "arm64",
    "armhf": "arm",
    "armel": "arm",
}
# What is the same as no variant, or has another name: by the architecture as it is written or meant.
_OTHER_VARIANTS = {
    "amd64": {"v1": ""},
    "arm64": {"8": "", "v8": "", "v8.0": "", "9": "v9", "9.0": "v9", "v9.0": "v9"},
    "arm": {"": "v7", "7": "v7", "5": "v5", "6": "v6", "8": "v8"},
}
_KNOWN = re.compile(
    r"aix|android|darwin|dragonfly|freebsd|illumos|ios|js|linux|macos|netbsd|openbsd|plan9|solaris|wasip1|windows"
    r"|i?386|amd64|amd64p32|x86[_-]64|arm|arm64|armhf|armel|armbe|aarch64|ppc|ppc64|ppc64le|s390|s390x"
    r"|mips|mipsle|mips64|mips64le|sparc|sparc64|riscv|riscv64|loong64|wasm|unknown"
    r"|v?[0-9]{1,2}(?:\.[0-9]{1,2})?",
    re.IGNORECASE,
)
_VARIANT_OF = {"i386": "", "armhf": "v7", "armel": "v6"}
_NEWER = re.compile(r"v[2-9]")


@dataclass(frozen=True, slots=True)
class Platform:
    """Operating system, architecture and variant, as containerd spells them; all empty if they are not told.

    *features*: it wants some of the operating system (`os.features`), whichever they are.
    """

    os: str = ""
    architecture: str = ""
    variant: str = ""
    features: bool = False

    @classmethod
    def parse(cls, data: Any, *, default_os: str = "") -> Platform:
        """Parse the platform that an entry of an index has, or the config of an image.

        >>> str(Platform.parse({"os": "Linux", "architecture": "x86_64", "variant": "v1"}))
        'linux/amd64'
        """
        if not isinstance(data, dict):
            return cls()
        system, written, variant = (
            _word(data.get(key) or default)
            for key, default in (("os", default_os), ("architecture", ""), ("variant", ""))
        )
        if not system or not written or variant is None:
            return cls()
        architecture = _OTHER_ARCHITECTURES.get(written, written)
        meant = _OTHER_VARIANTS.get(architecture, {}).get(variant, variant)
        features = data.get("os.features")
        return cls(
            _OTHER_OS.get(system, system),
            architecture,
            _VARIANT_OF.get(written, meant),
            isinstance(features, list) and bool(features),
        )

    @property
    def known(self) -> bool:
        """Whether it is one at all."""
        return bool(self.os) and not self.attestation

    @property
    def attestation(self) -> bool:
        """Whether it is none of an image: what BuildKit puts beside an image calls itself unknown/unknown."""
        return "unknown" in (self.os, self.architecture)

    @property
    def fit(self) -> Fit:
        """How it fits a node for linux/amd64.

        A variant beyond v1 had no match until early 2026, and by the node's processor since. What wants
        features of the operating system has no match in new releases; old ones do not look at them.
        """
        if self.os != NODE_OS or self.architecture not in (NODE_ARCHITECTURE, "386"):
            return "none"
        if self.architecture == "386":
            return "none" if self.variant else "unsure" if self.features else "32 bit"
        return "unsure" if self.variant or self.features else "sure"

    @property
    def newer(self) -> bool:
        """Whether its variant is one for newer processors alone."""
        return bool(_NEWER.fullmatch(self.variant))

    def __str__(self) -> str:
        """Return it as docker writes it, such as linux/arm/v7."""
        return "/".join(filter(None, [self.os, self.architecture, self.variant]))


def _word(value: Any) -> str | None:
    """The word, in small letters if it is a known one; None if it is none.

    What is not known stays as it is: whoever masks a secret in it must find it whole.
    """
    if not isinstance(value, str) or (value and not _WORD.fullmatch(value)):
        return None
    return value.lower() if _KNOWN.fullmatch(value) else value
