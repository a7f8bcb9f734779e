"""What is known of the name in the form, and so what its first button does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.errors import DockerSecretExists, DockerSecretMissing, OutcomeUnknown
from aicore_magics.jupyter.form.hints import STORE_AGAIN

if TYPE_CHECKING:
    from aicore_magics.errors import AICoreError


@dataclass
class Standing:
    """Whether the name was given, whether there is a secret of it, and whether that is not known."""

    named: bool
    replaces: bool
    again: bool = False  # an unknown outcome: storing again is what makes it certain

    @property
    def word(self) -> str:
        """The word on the button that stores."""
        if self.again:
            return STORE_AGAIN
        return "Replace…" if self.replaces else "Create"

    @property
    def asks(self) -> bool:
        """Whether it asks first: what is there would be lost."""
        return self.replaces and not self.again

    def another_name(self) -> None:
        """Know nothing: what was found holds for the name it was found for."""
        self.again = self.replaces = False

    def clear(self) -> None:
        """Know what a given name told, and no more."""
        self.again = False
        self.replaces = self.replaces and self.named

    def begin_anew(self) -> None:
        """Have no name given."""
        self.named = False
        self.clear()

    def learn(self, error: AICoreError) -> bool:
        """Take in what *error* says of the name, and tell whether what was known of it is not true now."""
        unknown = isinstance(error, OutcomeUnknown)
        # A refusal says nothing of an earlier try whose outcome is unknown.
        self.again = self.again or unknown
        taken, gone = isinstance(error, DockerSecretExists), isinstance(error, DockerSecretMissing)
        self.replaces = (self.replaces or taken) and not gone
        return unknown or taken or gone
