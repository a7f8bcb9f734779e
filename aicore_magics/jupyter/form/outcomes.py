"""What came of a run, told in the form: what is stored, what was refused, and what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.errors import AICoreError, OutcomeUnknown
from aicore_magics.jupyter.form import refusals, words
from aicore_magics.jupyter.form.template_tabs import starter_tabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.actions.stored_secret import SecretStored
    from aicore_magics.base.result import Done
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.jupyter.form.sheet import Sheet
    from aicore_magics.jupyter.form.standing import Standing
    from aicore_magics.jupyter.form.template_tabs import MakeBar
    from aicore_magics.jupyter.session import Session


class Outcomes:
    """Tells what came of each run. `result` is what came of the last one, or None so far.

    `missed` are the fields whose last edit came when what they held before was sent: the card says so.
    *idle* gives the fields back, *save_bar* makes the button of a template.
    """

    def __init__(
        self,
        session: Session,
        sheet: Sheet,
        standing: Standing,
        *,
        idle: Callable[[], None],
        save_bar: MakeBar,
    ) -> None:
        self.result: Done | None = None
        self.missed: tuple[Field, ...] = ()
        self._session = session
        self._sheet = sheet
        self._standing = standing
        self._idle = idle
        self._save_bar = save_bar
        self._stored: SecretStored | None = None

    def begin(self) -> None:
        """Note that a run begins, with all that is entered."""
        self.missed, self._stored = (), None

    def miss(self, field: Field) -> None:
        """Note an edit of *field*, which what was sent is without."""
        self.missed = tuple(dict.fromkeys((*self.missed, field)))
        if self._stored:
            self._sheet.fields.password.widget.forget()
            self._say_stored(self._stored)

    def tell(self, done: Done | AICoreError, by: str) -> None:
        """Say what came of what the button *by* began."""
        if isinstance(done, AICoreError):
            self._failed(done, by)
        elif hasattr(done, "change"):
            self._succeeded(done)  # type: ignore[arg-type]
        else:
            fields, verdicts = self._sheet.fields, getattr(done, "verdicts", ())
            self._session.saw(verdicts)
            self._idle()
            refusals.mark_verdicts(verdicts, fields)
            self._sheet.say(words.card(done.report()), *fields.shown)
            self.result = done

    def _succeeded(self, done: SecretStored) -> None:
        """Success: the fields go, the card stays, and templates follow."""
        self._sheet.fields.password.widget.forget()
        self._session.remember(done)
        tabs = starter_tabs(done, self._save_bar)
        self._standing.again = False
        self._sheet.bar.offer("another")
        self._sheet.head.leave()
        self._sheet.show_end(*((tabs.widget,) if tabs else ()))
        self._stored = done
        self._say_stored(done)
        self.result = done

    def _say_stored(self, done: SecretStored) -> None:
        fields, templates = self._sheet.fields, self._sheet.has_below
        late = self._too_late()
        if late:
            late = (*late, *words.to_correct(done.name, renamed=fields.name in self.missed))
        self._sheet.say(words.stored(done.report(), templates=templates, late=late))

    def _failed(self, error: AICoreError, by: str) -> None:
        fields, unknown = self._sheet.fields, isinstance(error, OutcomeUnknown)
        if self._standing.learn(error):
            fields.name.show_help()  # whatever was found of the name before is not true any more
        if fields.name in self.missed:
            self._standing.another_name()  # what was learned is about the one that was sent
        wrong = None if self.missed else refusals.mark(error, fields)
        # What is unknown of one name stays so, whatever else is entered.
        about = (fields.name,) if unknown else fields.shown
        timed = self._sheet.timed
        # What is read last: when it stands there, the form can be used again.
        self._idle()
        button = self._sheet.bar.says(by)
        late = self._too_late()
        self._sheet.say(
            words.unknown(error, button, *late) if unknown else words.refused(error, button), *about
        )
        if wrong and not timed:  # else somebody may type elsewhere by now
            wrong.focus()

    def _too_late(self) -> tuple[str, ...]:
        return words.too_late(tuple(field.name for field in self.missed))
