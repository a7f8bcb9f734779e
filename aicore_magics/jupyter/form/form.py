"""The form for one Docker registry secret: fields, buttons, and the same actions as the magic.

Slow work runs in a thread of its own, so that the kernel stays free; every handler shows what it raises, for
Jupyter would swallow it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics import actions
from aicore_magics.errors import AICoreError
from aicore_magics.jupyter.form import lookup, words
from aicore_magics.jupyter.form.bar import Bar
from aicore_magics.jupyter.form.entries import Fields
from aicore_magics.jupyter.form.head import Head
from aicore_magics.jupyter.form.late_keys import LateKeys
from aicore_magics.jupyter.form.outcomes import Outcomes
from aicore_magics.jupyter.form.runner import Runner
from aicore_magics.jupyter.form.sheet import Sheet
from aicore_magics.jupyter.form.standing import Standing
from aicore_magics.jupyter.form.work import Storing, checking, to_check, to_store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.progress import StepState
    from aicore_magics.base.result import Done
    from aicore_magics.jupyter.form.entries import Entries
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.jupyter.form.work import Work
    from aicore_magics.jupyter.session import Session

_AT_REST = ("store", "check", "clear")


class DockerSecretForm:
    """A form in the notebook that stores a registry login. `result` is what came of it, or None so far.

    With *name* it is for the secret of that name, with *profile* for the tenant of that one. `fields` are
    what is entered, `bar.press(key)` presses a button, `wait()` waits for what that began, `message.value` is
    what the form says of it. `close()` takes it away, stops what is not sent yet, and forgets the password.
    """

    def __init__(self, session: Session, name: str = "", profile: str = "") -> None:
        self._session = session
        self._storing = Storing()
        self._standing = Standing(named=bool(name), replaces=bool(name))
        self._begun_by = "store"  # the button that began what runs, or what ran last
        self._begun_for = ""  # and the name that stood there then
        self._asked: Entries | None = None  # what it was asked about, while that stands there
        self._runner = Runner(self._guarded, self._show_steps, self._ended)
        self.fields = Fields(name)
        self.head = Head(session, name, profile)
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
        self._late_keys = LateKeys(lambda: self._sheet.ask(self._late_keys.answered))
        self.bar = Bar(guarded, *_AT_REST, after=self._late_keys.then, store=self._standing.word)
        self._sheet = Sheet(self.head, self.fields, self.bar, self._guarded(self._left))
        self._outcomes = Outcomes(
            session, self._sheet, self._standing, idle=self._idle, save_bar=self._save_bar
        )
        self.widget = self._sheet.widget
        self._lookup = lookup.NameLookup(self.fields.name, session, self.head, self._name_found)
        self._look_later = lookup.Later(self._guarded(self._lookup.look), lookup.PAUSE)
        self._judge_later = lookup.Later(self._guarded(self.fields.judge), lookup.REST)
        self.fields.on_edit(lambda field: self._guarded(lambda: self._take(field))())

    @property
    def result(self) -> Done | None:
        """What came of it, or None so far."""
        return self._outcomes.result

    @property
    def message(self) -> Any:
        """The widget that has the words of what was done."""
        return self._sheet.message

    def wait(self, seconds: float) -> bool:
        """Wait until what a button began is over and told. False: not within *seconds*."""
        return self._late_keys.wait(seconds) and self._runner.wait(seconds)

    def close(self) -> None:
        """Take the form away, stop what has not been sent yet, and forget the password."""
        self._late_keys.let_go()
        self._runner.stop()
        self._runner.let_go()
        self._look_later.cancel()
        self._judge_later.cancel()
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
        return f"<DockerSecretForm; as a magic: {self.head.as_magic()}>"

    # What may be pressed

    def _idle(self) -> None:
        """Everything may be entered, and Create, Check and Clear pressed."""
        self._asked = None
        self.fields.disable(disabled=False)
        self.bar.word("store", self._standing.word)
        self.bar.offer(*_AT_REST)
        self._sheet.show_fields()

    # What the buttons do

    def _store_pressed(self) -> None:
        ready = self._ready()
        if ready is None:
            return
        tenant, entries = ready
        if self._standing.asks:
            # What is asked about here must be what is replaced.
            self._begun_by, self._asked = "store", entries
            self.fields.disable(disabled=True)
            self.bar.word("replace", f"Replace {entries.name}")
            self.bar.offer("keep", "replace", waiting=("store",))
            known = self._lookup.recorded(tenant, entries.name)
            self._sheet.say(words.confirmation(entries.name, tenant, entries.would_hold(), known))
            self.bar.focus("keep")
        else:
            act = actions.apply_docker_secret if self._standing.again else actions.create_docker_secret
            self._start("store", entries, self._storing(act, tenant, entries))

    def _replace(self) -> None:
        self.bar.focus("store")
        asked, ready = self._asked, self._ready()
        if ready is None:
            self._idle()
            return
        tenant, entries = ready
        if entries != asked:
            self._store_pressed()
            return
        self._start("store", entries, self._storing(actions.update_docker_secret, tenant, entries))

    def _keep(self) -> None:
        self._sheet.hush()
        self._idle()
        self.bar.focus("store")

    def _check_pressed(self) -> None:
        self.head.follow()
        entries = self.fields.read(named=False)
        if entries is None:
            self._say_wrong()
        else:
            self._start("check", entries, checking(self.head.tenant(), entries))

    def _another(self) -> None:
        """Begin anew, for a secret of another name."""
        self._standing.begin_anew()
        self.fields.release_name()
        self._clear()
        self.head.begin_anew()
        self.fields.name.focus()

    def _clear(self) -> None:
        self._late_keys.let_go()
        self._look_later.cancel()
        self._judge_later.cancel()
        self.fields.clear()
        self._sheet.hush()
        self._standing.clear()
        self._idle()

    def _stop(self) -> None:
        # No end can be told before this is.
        with self._runner.lock:
            how = self._runner.stop()
            if how == "stopped":
                self._idle()
                self._sheet.say(words.stopped(), *self.fields.shown)
            elif how == "sent":
                self.bar.offer(waiting=("store", "check", "stop"))
                self._sheet.say(words.stopped_late(self._begun_for))

    # Running

    def _ready(self) -> tuple[Connection, Entries] | None:
        """Give tenant and entries to store, or None after saying what is in the way."""
        try:
            moved, tenant = self.head.moved(), self.head.tenant()
        except AICoreError as error:
            self._sheet.say(words.refused(error, self._standing.word))
            return None
        if moved and tenant:
            # What was found, and what is not known, was about the tenant before.
            self._name_edited()
            self._sheet.say(words.moved(tenant, self._standing.word))
            return None
        entries = self.fields.read()
        if entries is None:
            self._say_wrong()
        elif tenant is None:
            self._sheet.say(words.not_connected(), *self.fields.shown)
        return (tenant, entries) if tenant and entries else None

    def _say_wrong(self) -> None:
        wrong = self.fields.wrong
        self._sheet.say(words.wrong(len(wrong)), *wrong)

    def _start(self, by: str, entries: Entries, work: Work) -> None:
        """Run *work* in a thread, with its steps shown. *by*: the button that began it."""
        self._begun_by, self._begun_for, self._asked = by, entries.name, None
        self._outcomes.begin()
        self.fields.disable(disabled=True)
        self.bar.offer("stop", waiting=("store", "check"))
        steps, limit = to_store(entries) if by == "store" else to_check(entries)
        self._runner.start(steps, work, lambda seconds: self._sheet.show_time(seconds, limit))

    def _show_steps(self, steps: Mapping[str, tuple[StepState, str]]) -> None:
        self._sheet.say(words.steps(self._begun_for, steps))

    def _ended(self, done: Done | AICoreError) -> None:
        self._outcomes.tell(done, self._begun_by)
        if self.fields.name in self._outcomes.missed:
            self._name_edited()

    # What is known meanwhile

    def look_around(self) -> None:
        """Look up what takes time: which logins docker left, and whether a given name is there."""
        lookup.offer_docker_logins(self.fields)
        if self._standing.named:
            self._lookup.look()

    def _take(self, field: Field) -> None:
        """Take an edit in: of what was read before it nothing is stored from now on, or the form says so."""
        with self._runner.lock:
            how = self._runner.stop()
            if how == "sent" or not self._sheet.has_fields:
                self._outcomes.miss(field)
                return
            read = how == "stopped" or self._asked is not None
            self._late_keys.edited()
            self._sheet.edited(field)
            self.head.follow()
            self._judge_later.begin()
            if field is self.fields.name:
                self._name_edited()
            elif field is self.fields.login:
                self._sheet.show_fields()
            if read:
                self._idle()
                self._sheet.say(words.changed(field.name, self.bar.says(self._begun_by)))

    def _name_edited(self) -> None:
        self._standing.another_name()
        self.bar.word("store", self._standing.word)
        self._look_later.begin()

    def _name_found(self, there: bool) -> None:  # noqa: FBT001 - a listener
        self._standing.replaces = there
        self.bar.word("store", self._standing.word)
        if self._standing.named:
            self.head.show(replaces=there)

    def _left(self) -> None:
        self._late_keys.script_runs()
        self.fields.leave()

    def _save_bar(self, save: Callable[[], None]) -> Bar:
        return Bar({"save": self._guarded(save)}, "save", after=self._late_keys.then)

    # What goes wrong in here

    def _guarded(self, act: Callable[[], None]) -> Callable[[], None]:
        """Give *act* with whatever it raises shown in the form: Jupyter would show it nowhere."""

        def guarded() -> None:
            try:
                act()
            except Exception as error:  # noqa: BLE001 - the one place where every error has to be caught
                self._sheet.say(words.fault(error, self.head.as_magic()))
                # While something runs, or once it is stored, there is nothing to give back.
                if not self._runner.running and self._sheet.has_fields:
                    self._idle()

        return guarded
