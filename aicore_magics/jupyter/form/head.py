"""The head of the form: what it is about to store, and in whose tenant."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from aicore_magics.errors import NotConnected
from aicore_magics.jupyter.form import words
from aicore_magics.jupyter.form.fields import form_style, page

if TYPE_CHECKING:
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.result import Where
    from aicore_magics.jupyter.session import Session


class Head:
    """Title and tenant of the form, with its style.

    *name* is that of a secret whose name is given, *profile* that of another tenant than the notebook's own.
    """

    def __init__(self, session: Session, name: str, profile: str = "") -> None:
        self._session = session
        self.profile = profile
        self._name = name
        self._replaces = bool(name)
        self._left = False
        self._shown: Where | None = None
        self.widget = page(self._page())

    def tenant(self) -> Connection | None:
        """Give the tenant that the form writes to, if there is a connection to it.

        That of a profile is made anew where it was closed meanwhile, and raises what that can raise.
        """
        try:
            return self._session.for_writing(self.profile)
        except NotConnected:
            return None

    def as_magic(self) -> str:
        """Return the line that does the same, where there are no forms."""
        verb = "update" if self._replaces else "create"
        tenant = f" --profile {shlex.quote(self.profile)}" if self.profile else ""
        return f"%aicore_docker_secret {verb} {self._name or 'NAME'} --image REF --username USER{tenant}"

    def moved(self) -> bool:
        """Whether that is another tenant than the one that was shown. It is shown from now on."""
        before = self._shown
        self.show()
        return before not in (None, self._shown)

    def show(self, *, replaces: bool | None = None) -> None:
        """Show title and tenant as they are now. *replaces*: whether there is a secret of the given name."""
        self._replaces = self._replaces if replaces is None else replaces
        self.widget.value = self._page()

    def follow(self) -> None:
        """Show the tenant as it is by now, if that is the notebook's. Another one is a move all the same."""
        if not self.profile and not self._left:
            before = self._shown
            self.show()
            self._shown = before or self._shown

    def begin_anew(self) -> None:
        """Be the head of a form for any name."""
        self._name, self._left = "", False
        self.show()

    def leave(self) -> None:
        """Keep the style alone: what happened is said below."""
        self._left = True
        self.widget.value = f"<style>{form_style()}</style>"

    def _page(self) -> str:
        tenant = self.tenant()
        if tenant:
            self._shown = tenant.where
        title = words.head(self._name, tenant, profile=self.profile, replaces=self._replaces)
        return f"<style>{form_style()}</style>{title}"
