"""What is asked before a delete of a secret, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

from aicore_magics.base.plural import count
from aicore_magics.base.report import Fact, Report
from aicore_magics.base.result import Done, Where


@dataclass(frozen=True, repr=False)
class DeletionQuestion(Done):
    """What a delete of the secret *name* would mean; *typed* is what confirms it: the name, or a mark.

    *called* is the name in a sentence. *named_by* are the local templates that name the secret.
    """

    name: str
    where: Where
    typed: str
    called: str
    named_by: tuple[str, ...] = ()

    def report(self) -> Report:
        """What is lost, for whom, and who is known to need it."""
        lost = "It is deleted for all resource groups and cannot be read back."
        pods = "Running pods keep going; their next pull fails."
        files = len(self.named_by)
        named = "no template in this folder; other places were not searched"
        if files:
            named = f"{count(files, 'template')} in this folder: {', '.join(self.named_by)}"
        return Report(
            f"Delete {self.called} from tenant {self.where.tenant}?",
            "warning",
            (lost, pods),
            (Fact("Used in", named),),
            footer=str(self.where),
        )

    @property
    def prompt(self) -> str:
        """The line that asks, behind the report."""
        what = self.typed if self.typed == self.name else f"{self.typed} (its mark)"
        return f"Type {what} to delete it, Enter to keep it: "


@dataclass(frozen=True, repr=False)
class SecretDeleted(Done):
    """A secret that AI Core no longer has. *named_by* are the local templates that still use it.

    *asked*: what that means was said before, in a DeletionQuestion.
    """

    name: str
    where: Where
    named_by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    asked: bool = False

    def report(self) -> Report:
        """Say that it is deleted for all resource groups, and who used it, unless that was shown before."""
        if self.asked:
            headline = f"Secret {self.name} deleted for all resource groups of tenant {self.where.tenant}"
            return Report(headline, "done", self.notes)
        pods = "Running pods keep going; their next pull fails."
        named = ", ".join(self.named_by) or "no template in this folder; other places were not searched"
        facts = (Fact("Used in", named),)
        return Report(
            f"Secret {self.name} deleted for all resource groups",
            "done",
            (pods, *self.notes),
            facts,
            footer=str(self.where),
        )
