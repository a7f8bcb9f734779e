"""Which logins somebody asks for, and what was taken for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aicore_magics.base.spaces import bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.next_steps import Words


class Ask(Protocol):
    """Puts a question to the user. Raises PromptImpossible where nobody can answer."""

    def text(self, prompt: str, *, instead: Words) -> str:
        """Ask for something that may be seen; *instead* is the option that needs no asking."""

    def secret(self, prompt: str) -> Secret:
        """Ask for something that may not be seen."""


@dataclass(frozen=True)
class Asking:
    """How the password for *registry* is asked for: *which* it is, such as New, and what it is *for_what*."""

    registry: str
    which: str
    for_what: str = ""

    def prompt(self, username: str) -> str:
        """Return the question for the password of *username*."""
        after = f", for {self.for_what}" if self.for_what else ""
        return f"{self.which} password or token of {username} at {self.registry}{after}: "


@dataclass(frozen=True, kw_only=True)
class LoginWish:
    """What was said about the logins to take, without the spaces around it. What was not said is asked."""

    registry: str = ""
    username: str = ""
    logins: tuple[str, ...] = ()  # REGISTRY=USER
    password_env: tuple[str, ...] = ()  # VAR, or REGISTRY=VAR
    password_command: tuple[str, ...] = ()  # PROGRAM WORD…, or REGISTRY=PROGRAM WORD…
    withheld: tuple[str, ...] = ()  # variables that such a program does not see
    password_file: str = ""
    keyring: str = ""  # the service under which the keyring has the password
    docker_login: bool = False
    from_file: str = ""
    take_all: bool = False
    images: tuple[ImageReference, ...] = ()
    asking: Asking | None = None

    def __post_init__(self) -> None:
        """Leave out the spaces around each text, and around the two halves of a pair."""
        for name in ("registry", "username", "password_file", "keyring", "from_file"):
            object.__setattr__(self, name, bare(getattr(self, name)))
        for name in ("logins", "password_env"):
            pairs = tuple("=".join(map(bare, text.split("="))) for text in getattr(self, name))
            object.__setattr__(self, name, pairs)
        object.__setattr__(self, "password_command", tuple(map(bare, self.password_command)))


@dataclass(frozen=True)
class TakenLogins:
    """The logins, what the user should know about where they came from, and their *source* in a word."""

    logins: tuple[RegistryLogin, ...]
    notes: tuple[str, ...] = ()
    source: str = ""

    def __iter__(self) -> Iterator[RegistryLogin]:
        return iter(self.logins)
