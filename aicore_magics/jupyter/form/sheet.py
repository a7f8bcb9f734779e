"""What stands where in the form: head, fields, buttons, message, and what follows a message."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics.jupyter.form import words
from aicore_magics.jupyter.form.fields import box, page
from aicore_magics.jupyter.form.script import Sign, script, when_left

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.jupyter.form.bar import Bar
    from aicore_magics.jupyter.form.entries import Fields
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.jupyter.form.head import Head


class Sheet:
    """The form as one widget. `message` is what it says; *left* is called when a field is left.

    A browser makes whatever stands behind a change anew, and the focus in it is lost. So once something is
    stored the fields stay, and the style hides them: the button that has the focus keeps it.
    """

    def __init__(self, head: Head, fields: Fields, bar: Bar, left: Callable[[], None]) -> None:
        self.head, self.fields, self.bar = head, fields, bar
        self._sign: Sign | None = None  # made when first needed, as the message is
        self._about: tuple[Field, ...] = ()
        self._parts: tuple[Any, ...] = head.widget, bar.widget, script(), when_left(left)
        self._below: tuple[Any, ...] = ()
        self.has_fields = True  # to be entered, now or once a run is over
        self.widget = box(widgets.VBox, self._children(), "aic-form")

    @functools.cached_property
    def message(self) -> Any:
        """What it says of what was done. Made when first needed: each widget costs a message."""
        message = page()
        self._parts += (message,)
        self.widget.children = self._children()
        return message

    def ask(self, answered: Callable[[], None]) -> None:
        """Ask the browser's script for a sign, which calls *answered*."""
        if self._sign is None:
            self._sign = Sign(answered)
            self._parts += (self._sign.widget,)
            self.widget.children = self._children()
        self._sign.ask()

    def show_fields(self) -> None:
        """Show the fields that belong to the chosen kind of login, and nothing below the message."""
        self.has_fields, self._below = True, ()
        self.widget.children = self._children()

    def show_end(self, *below: Any) -> None:
        """Show no fields any more, and *below* the message."""
        self.has_fields, self._below = False, below
        self.widget.children = self._children()

    def say(self, message: str, *about: Field) -> None:
        """Show *message*, until one of the fields that it is *about* is edited."""
        self._about = about
        self.message.value = message

    def edited(self, field: Field) -> None:
        """Take the message back if it is about *field*."""
        if field in self._about:
            self.hush()

    def hush(self) -> None:
        """Show no message. The style stays: it is that of the buttons, too."""
        if "message" in vars(self):
            self.say(words.nothing() if self.message.value else "")

    @property
    def has_below(self) -> bool:
        """Whether something stands below the message."""
        return bool(self._below)

    @property
    def timed(self) -> bool:
        """Whether it takes so long that the time is shown."""
        return self.has_fields and bool(self._below)

    def show_time(self, seconds: int, limit: float) -> None:
        """Say below the steps how long it has taken. No screen reader reads that by itself."""
        if not self._below:
            self._below = (page(),)
            self.widget.children = self._children()
        self._below[0].value = words.time(seconds, limit)

    def _children(self) -> tuple[Any, ...]:
        head, bar, *rest = self._parts
        return (head, *(field.widget for field in self.fields.shown), bar, *rest, *self._below)
