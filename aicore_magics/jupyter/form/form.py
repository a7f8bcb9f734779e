"""The form for one Docker registry secret: fields, buttons, and the same actions as the magic.

Slow work runs in a thread of its own, so that the kernel stays free; every handler shows what it raises, for
Jupyter would swallow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics import actions
from aicore_magics.errors import (
    AICoreError,
    DockerSecretExists,
    DockerSecretMissing,
    LoginRefused,
    OutcomeUnknown,
)
from aicore_magics.jupyter.form import words
from aicore_magics.jupyter.form.bar import Bar
from aicore_magics.jupyter.form.entries import Fields
from aicore_magics.jupyter.form.fields import box, page
from aicore_magics.jupyter.form.head import Head
from aicore_magics.jupyter.form.hints import STORE_AGAIN
from aicore_magics.jupyter.form.lookup import NameLookup, offer_docker_logins
from aicore_magics.jupyter.form.runner import Runner
from aicore_magics.jupyter.form.template_tabs import starter_tabs
from aicore_magics.jupyter.form.work import checking, steps_to_check, steps_to_store, storing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.actions.stored_secret import SecretStored
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.progress import StepState
    from aicore_magics.base.result import Done
    from aicore_magics.jupyter.form.entries import Entries
    from aicore_magics.jupyter.form.work import Work
    from aicore_magics.jupyter.session import Session

_AT_REST = ("store", "check", "clear")
CREATE = "%aicore_docker_secret create NAME --image REF --username USER"


class DockerSecretForm:
    """A form in the notebook that stores a registry login. `result` is what came of it, or None so far.

    With *name* it is for the secret of that name. `fields` are what is entered, `bar.press(key)` presses a
    button, `wait()` waits for what that began, and `message.value` is what the form says of it. `close()`
    takes the form away, stops what has not been sent yet, and forgets the password.
    """

    def __init__(self, session: Session, name: str = "") -> None:
        self.result: Done | None = None
        self._session = session
        self._named = bool(name)
        self._replaces = bool(name)
        self._again = False  # an unknown outcome: storing again is what makes it certain
        self._begun_by = "store"  # the button that began what runs, or what ran last
        self._begun_for = ""  # and the name that stood there then
        self._runner = Runner(self._guarded, self._show_steps, self._ended)
        self.fields = Fields(name)
        self.head = Head(session, name)
        self.message = page()
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
        self.bar = Bar(guarded, *_AT_REST, store=self._store_word())
        self._lookup = NameLookup(self.fields.name, session, self._name_found)
        self.widget = box(widgets.VBox, self._laid_out(), "aic-form")
        self.fields.name.on_edit(self._guarded(self._name_edited))
        self.fields.login.on_edit(self._guarded(self._lay_out))

    def wait(self, seconds: float) -> bool:
        """Wait until what a button began is over and told. False: not within *seconds*."""
        return self._runner.wait(seconds)

    def close(self) -> None:
        """Take the form away, stop what has not been sent yet, and forget the password."""
        self._runner.stop()
        self._runner.let_go()
        self._lookup.cancel()
        self.fields.password.widget.close()
        self.widget.close()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        # Where a form cannot be shown, in a terminal or once it is closed, there is a line instead.
        as_widget = self.widget._repr_mimebundle_
        bundle = as_widget() if as_widget else {}
        display({**bundle, "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]
        if as_widget:
            self._runner.apart(self.look_around)

    def __repr__(self) -> str:
        return f"<DockerSecretForm; the same as a magic: {CREATE}>"

    # What may be pressed

    def _idle(self) -> None:
        """Everything may be entered, and Create, Check and Clear pressed."""
        self.fields.disable(disabled=False)
        self.bar.word("store", self._store_word())
        self.bar.offer(*_AT_REST)
        self._lay_out()

    def _store_word(self) -> str:
        if self._again:
            return STORE_AGAIN
        return "Replace…" if self._replaces else "Create"

    def _lay_out(self) -> None:
        self.widget.children = self._laid_out()

    def _laid_out(self) -> tuple[Any, ...]:
        shown = [field.widget for field in self.fields.shown]
        return (self.head.widget, *shown, self.bar.widget, self.message)

    # What the buttons do

    def _store_pressed(self) -> None:
        ready = self._ready()
        if ready is None:
            return
        tenant, entries = ready
        if self._replaces and not self._again:
            # What is asked about here must be what is replaced.
            self.fields.disable(disabled=True)
            self.bar.word("replace", f"Replace {entries.name}")
            self.bar.offer("keep", "replace", waiting=("store",))
            self.message.value = words.confirmation(entries.name, tenant, entries.would_hold())
            self.bar.focus("keep")
        else:
            act = actions.apply_docker_secret if self._again else actions.create_docker_secret
            self._start("store", entries, storing(act, tenant, entries))

    def _replace(self) -> None:
        self.bar.focus("store")
        ready = self._ready()
        if ready is None:
            self._idle()
            return
        tenant, entries = ready
        self._start("store", entries, storing(actions.update_docker_secret, tenant, entries))

    def _keep(self) -> None:
        self.message.value = ""
        self._idle()
        self.bar.focus("store")

    def _check_pressed(self) -> None:
        entries = self.fields.read(named=False)
        if entries is None:
            self.message.value = words.wrong(self.fields.wrong)
        else:
            self._start("check", entries, checking(self._session.connection, entries))

    def _another(self) -> None:
        """Begin anew, for a secret of another name."""
        self._named = False
        self.fields.release_name()
        self._clear()
        self.head.begin_anew()
        self.fields.name.focus()

    def _clear(self) -> None:
        self._lookup.cancel()
        self.fields.clear()
        self.message.value = ""
        self._again = False
        self._replaces = self._replaces and self._named
        self._idle()

    def _stop(self) -> None:
        # No end can be told before this is.
        with self._runner.lock:
            how = self._runner.stop()
            if how == "stopped":
                self._idle()
                self.message.value = words.stopped()
            elif how == "sent":
                self.bar.offer(waiting=("store", "check", "stop"))
                self.message.value = words.stopped_late(self._begun_for)

    # Running

    def _ready(self) -> tuple[Connection, Entries] | None:
        """Give tenant and entries to store, or None after saying what is in the way."""
        moved, tenant = self.head.moved(), self.head.tenant()
        if moved and tenant:
            # What was found, and what is not known, was about the tenant before.
            self._name_edited()
            self.message.value = words.moved(tenant, self._store_word())
            return None
        entries = self.fields.read()
        if tenant and entries:
            return tenant, entries
        wrong = words.wrong(self.fields.wrong)
        self.message.value = words.not_connected() if entries else wrong
        return None

    def _start(self, by: str, entries: Entries, work: Work) -> None:
        """Run *work* in a thread, with its steps shown. *by*: the button that began it."""
        self._begun_by, self._begun_for = by, entries.name
        steps = steps_to_store(entries) if by == "store" else steps_to_check(entries)
        self.fields.disable(disabled=True)
        self.bar.offer("stop", waiting=("store", "check"))
        self._runner.start(steps, work)

    def _show_steps(self, steps: Mapping[str, tuple[StepState, str]]) -> None:
        self.message.value = words.steps(self._begun_for, steps)

    def _ended(self, done: Done | AICoreError) -> None:
        if isinstance(done, AICoreError):
            self._failed(done)
        elif hasattr(done, "change"):
            self._stored(done)  # type: ignore[arg-type]
        else:
            self._session.saw(getattr(done, "verdicts", ()))
            self._idle()
            self.message.value = words.card(done.report())
            self.result = done

    def _stored(self, done: SecretStored) -> None:
        """Success: the fields go, the card stays, and templates follow."""
        self.fields.password.widget.forget()
        self._session.remember(done)
        tabs = starter_tabs(done, self._guarded)
        self._again = False
        self.bar.offer("another")
        self.head.leave()
        below = (tabs.widget,) if tabs else ()
        self.widget.children = (self.head.widget, self.message, *below, self.bar.widget)
        # As with a failure: what is read last.
        self.message.value = words.stored(done.report(), templates=tabs is not None)
        self.result = done

    def _failed(self, error: AICoreError) -> None:
        unknown = isinstance(error, OutcomeUnknown)
        # A refusal says nothing of an earlier try whose outcome is unknown.
        self._again = self._again or unknown
        taken, gone = isinstance(error, DockerSecretExists), isinstance(error, DockerSecretMissing)
        self._replaces = (self._replaces or taken) and not gone
        if unknown or taken or gone:
            self.fields.name.show_help()  # whatever was found of the name before is not true any more
        # Whatever else was wrong, the password may be right: it stays for the next try.
        if isinstance(error, LoginRefused):
            self.fields.password.widget.forget()
        say = words.unknown if unknown else words.refused
        # What is read last: when it stands there, the form can be used again.
        self._idle()
        self.message.value = say(error, self.bar.says(self._begun_by))

    # What is known meanwhile

    def look_around(self) -> None:
        """Look up what takes time: which logins docker left, and whether a given name is there."""
        offer_docker_logins(self.fields)
        if self._named:
            self._lookup.look()

    def _name_edited(self) -> None:
        # What was found holds for the name it was found for: another one may be free, or taken.
        self._again = self._replaces = False
        self.bar.word("store", self._store_word())
        self._lookup.later(self._guarded)

    def _name_found(self, there: bool) -> None:  # noqa: FBT001 - a listener
        self._replaces = there
        self.bar.word("store", self._store_word())
        if self._named:
            self.head.show(replaces=there)

    # What goes wrong in here

    def _guarded(self, act: Callable[[], None]) -> Callable[[], None]:
        """Give *act* with whatever it raises shown in the form: Jupyter would show it nowhere."""

        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the one place where every error has to be caught
                self.message.value = words.fault(error, CREATE)
                # While something runs, or once it is stored, there is nothing to give back.
                if not self._runner.running and self.fields.name.widget in self.widget.children:
                    self._idle()

        return guarded
