"""The form for one Docker registry secret: fields, buttons, and the same actions as the magic.

Slow work runs in a thread of its own, so that the kernel stays free; every handler shows what it raises, for
Jupyter would swallow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics import actions
from aicore_magics.actions import Checking
from aicore_magics.errors import (
    AICoreError,
    DockerSecretExists,
    LoginRefused,
    NotConnected,
    OutcomeUnknown,
)
from aicore_magics.jupyter import form_words
from aicore_magics.jupyter.fields import box, form_style, page
from aicore_magics.jupyter.form_bar import Bar
from aicore_magics.jupyter.form_entries import Fields
from aicore_magics.jupyter.form_lookup import NameLookup
from aicore_magics.jupyter.form_run import Runner
from aicore_magics.watch import NAME, STORE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.form_entries import Entries
    from aicore_magics.jupyter.session import Session
    from aicore_magics.outcome import Done
    from aicore_magics.watch import Watch

_AT_REST = ("store", "check", "clear")
CREATE = "%aicore_docker_secret create NAME --image REF --username USER"


class DockerSecretForm:
    """A form in the notebook that stores a registry login. `result` is what came of it, or None so far.

    With *name* it replaces the secret of that name. `close()` takes it away, and forgets the password.
    """

    def __init__(self, session: Session, name: str = "") -> None:
        self.result: Done | None = None
        self._session = session
        self._title = name
        self._replaces = bool(name)
        self._again = False  # an unknown outcome: storing again is what makes it certain
        self._runner = Runner(self._guarded, self._show_steps, self._ended)
        self.fields = Fields(name)
        self._head = page(self._told_head())
        self._message = page()
        acts = {
            "store": self._store_pressed,
            "check": self._check_pressed,
            "clear": self._clear,
            "stop": self._stop,
            "keep": self._keep,
            "replace": self._replace,
            "another": self._another,
        }
        guarded = {key: self._guarded(act) for key, act in acts.items()}
        self._bar = Bar(guarded, *_AT_REST, store=self._store_word())
        self._lookup = NameLookup(self.fields.name, session, self._name_found)
        self.widget = box(widgets.VBox, self._laid_out(), "aic-form")
        self.fields.name.on_edit(self._guarded(self._name_edited))
        self.fields.login.on_edit(self._guarded(self._lay_out))

    def close(self) -> None:
        """Take the form away, and forget the password."""
        self._runner.let_go()
        self._lookup.cancel()
        self.fields.password.widget.close()
        self.widget.close()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(self.widget)  # type: ignore[no-untyped-call]
        self._runner.apart(self._look_around)

    def __repr__(self) -> str:
        return f"<DockerSecretForm; the same as a magic: {CREATE}>"

    # What may be pressed

    def _idle(self) -> None:
        """Everything may be entered, and Create, Check and Clear pressed."""
        self.fields.disable(disabled=False)
        self._bar.word("store", self._store_word())
        self._bar.offer(*_AT_REST)
        self._lay_out()

    def _store_word(self) -> str:
        if self._again:
            return "Store again"
        return "Replace…" if self._replaces else "Create"

    def _lay_out(self) -> None:
        self.widget.children = self._laid_out()

    def _laid_out(self) -> tuple[Any, ...]:
        shown = [field.widget for field in self.fields.shown]
        return (self._head, *shown, self._bar.widget, self._message)

    # What the buttons do

    def _store_pressed(self) -> None:
        tenant, entries = self._tenant(), self.fields.read()
        if tenant is None or entries is None:
            self._say_wrong(entries)
        elif self._replaces and not self._again:
            # What is asked about here must be what is replaced.
            self.fields.disable(disabled=True)
            self._bar.offer("keep", "replace")
            self._bar.word("replace", f"Replace {entries.name}")
            self._message.value = form_words.confirmation(entries.name, tenant, entries.would_hold())
            self._bar.focus("keep")
        else:
            act = actions.apply_docker_secret if self._again else actions.create_docker_secret
            self._start(entries, self._storing(act, tenant, entries))

    def _replace(self) -> None:
        tenant, entries = self._tenant(), self.fields.read()
        if tenant is None or entries is None:
            self._idle()
            self._say_wrong(entries)
        else:
            self._start(entries, self._storing(actions.update_docker_secret, tenant, entries))

    def _keep(self) -> None:
        self._message.value = ""
        self._idle()

    def _check_pressed(self) -> None:
        entries = self.fields.read(named=False)
        if entries is None:
            self._say_wrong(entries)
            return

        def check(watch: Watch) -> Done:
            logins = actions.take_logins(entries.wish, entries)
            how = Checking(watch=watch)
            return actions.check_image(entries.images, logins, tenant=self._session.connection, checking=how)

        self._start(entries, check, stores=False)

    def _another(self) -> None:
        """Begin anew, for a secret of another name."""
        self._title, self._replaces = "", False
        self.fields.release_name()
        self._clear()
        self._show_head()
        self.fields.name.focus()

    def _clear(self) -> None:
        self.fields.clear()
        self._message.value = ""
        self._again = False
        self._idle()

    def _stop(self) -> None:
        if self._runner.stop():
            self._idle()
            self._message.value = form_words.message("Stopped", "hint", "Nothing was stored.")
        else:
            self._bar.disable("stop", disabled=True)
            name = self.fields.name.value
            self._message.value = form_words.message(
                f"Unknown: you stopped while {name} was being sent",
                "unknown",
                "AI Core may have stored it or not. Its answer is waited for.",
            )

    # Running

    def _storing(
        self, act: Callable[..., Any], tenant: Connection, entries: Entries
    ) -> Callable[[Watch], Done]:
        def store(watch: Watch) -> Done:
            logins = actions.take_logins(entries.wish, entries)
            how = Checking(skip=not entries.check, watch=watch)
            done: Done = act(tenant, entries.name, logins, images=entries.images, checking=how)
            return done

        return store

    def _start(self, entries: Entries, work: Callable[[Watch], Done], *, stores: bool = True) -> None:
        """Run *work* in a thread, with its steps shown."""
        checks = dict.fromkeys(entries.subjects(), "waiting") if entries.check or not stores else {}
        told = {NAME: "waiting", **checks, STORE: "waiting"} if stores else checks
        self.fields.disable(disabled=True)
        self._bar.disable("stop", disabled=False)
        self._bar.offer("stop")
        self._runner.start(told, work)

    def _show_steps(self, told: Mapping[str, str]) -> None:
        self._message.value = form_words.steps(self.fields.name.value, told)

    def _ended(self, done: Done | AICoreError) -> None:
        if isinstance(done, AICoreError):
            self._failed(done)
        elif hasattr(done, "change"):
            self._stored(done)
        else:
            self.result = done
            self._idle()
            self._message.value = form_words.card(done.report())

    def _stored(self, done: Done) -> None:
        """Success: the fields go, the card stays."""
        self.fields.password.widget.forget()
        names = (*self._session.known_names, self.fields.name.value)
        self._session.known_names = tuple(dict.fromkeys(names))
        self._message.value = form_words.card(done.report())
        self._again = False
        self._bar.offer("another")
        self._head.value = f"<style>{form_style()}</style>"  # the style stays, the words go
        self.widget.children = (self._head, self._message, self._bar.widget)
        self.result = done

    def _failed(self, error: AICoreError) -> None:
        self._again = isinstance(error, OutcomeUnknown)
        self._replaces = self._replaces or isinstance(error, DockerSecretExists)
        # Whatever else was wrong, the password may be right: it stays for the next try.
        if isinstance(error, LoginRefused):
            self.fields.password.widget.forget()
        say = form_words.unknown if self._again else form_words.refused
        # What is read last: when it stands there, the form can be used again.
        self._idle()
        self._message.value = say(error)

    # What is known meanwhile

    def _tenant(self) -> Connection | None:
        try:
            return self._session.for_writing()
        except NotConnected:
            return None

    def _say_wrong(self, entries: Entries | None) -> None:
        if entries is not None:
            self._message.value = form_words.message("Not connected", "refused", form_words.NOT_CONNECTED)
            return
        count = sum("bad" in field.widget._dom_classes for field in self.fields.shown)  # noqa: SLF001
        fields = "1 field needs" if count == 1 else f"{count} fields need"
        self._message.value = form_words.message(f"{fields} a correction", "refused", "Nothing was sent.")

    def _told_head(self) -> str:
        told = form_words.head(self._title, self._tenant())
        return f"<style>{form_style()}</style>{told}"

    def _show_head(self) -> None:
        self._head.value = self._told_head()

    def _look_around(self) -> None:
        """What takes time, once the form is there: which logins docker left."""
        self._find_docker_logins()

    def _name_edited(self) -> None:
        # Storing again is certain only for the name whose outcome is unknown; another one may be taken.
        self._again = False
        self._bar.word("store", self._store_word())
        self._lookup.later(self._guarded)

    def _name_found(self, there: bool) -> None:  # noqa: FBT001 - a listener
        self._replaces = there
        self._bar.word("store", self._store_word())

    def _find_docker_logins(self) -> None:
        try:
            found = actions.found_docker_logins().logins
        except AICoreError as error:
            self.fields.login.show_note(error.message, warning=True)
            return
        if found:
            self.fields.offer(found)

    # What goes wrong in here

    def _guarded(self, act: Callable[[], None]) -> Callable[[], None]:
        """Give *act* with whatever it raises shown in the form: Jupyter would show it nowhere."""

        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the one place where every error has to be caught
                self._message.value = form_words.fault(error, CREATE)
                self._idle()

        return guarded
