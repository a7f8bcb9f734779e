"""The buttons of the form: only those that can be pressed now do anything.

A button that goes away takes the keyboard's focus with it, and one that comes in its place gets the second
click of a double click. So no button is ever taken out of the page: one that waits is dim and keeps its
place, one that is gone is hidden by the style, and keeps the focus while it has it.

A click in a browser may overtake the last keys that were typed before it. So what a button does with entries
begins when they are here; what Python presses begins at once.

Of the buttons that can be pressed at most one is the primary one, and what empties the form is the quietest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics.jupyter.form.fields import box, shared

if TYPE_CHECKING:
    from collections.abc import Callable

    Act = Callable[[], None]
    After = Callable[[Act], None]

_WORDS = {
    "store": "Create",
    "check": "Check",
    "clear": "Clear",
    "stop": "Cancel",
    "keep": "Keep it",
    "replace": "Replace",
    "another": "Store another",
    "save": "Save",
}
_CLASSES = dict.fromkeys(("store", "keep", "save"), ("mod-primary",)) | {"clear": ("quiet",)}
_READS = {"store", "check", "replace", "save"}  # what they do depends on what is entered
_WAITS, _GONE = ("off",), ("off", "gone")


class Bar:
    """A row of buttons. *acts* says what each does; `offer` which are there.

    `buttons` has them by key, `offered` the keys of those that can be pressed now. *after* calls what it is
    given when all that was typed before is here.
    """

    def __init__(
        self, acts: dict[str, Act], *offered: str, after: After = lambda act: act(), **words: str
    ) -> None:
        self._acts = acts
        self._after = after
        self._words = {**_WORDS, **words}
        self.buttons: dict[str, Any] = {}
        self.offered = frozenset(offered)
        self.widget = box(widgets.HBox, map(self._button, offered), "bar")

    def offer(self, *keys: str, waiting: tuple[str, ...] = ()) -> None:
        """Let the buttons *keys* be pressed, and no other; those *waiting* stay in their places, dimmed."""
        self.offered = frozenset(keys)
        for key in (*waiting, *keys):
            self._button(key)
        for key, button in self.buttons.items():
            state = () if key in keys else _WAITS if key in waiting else _GONE
            button._dom_classes = (*_CLASSES.get(key, ()), *state)  # noqa: SLF001
        self.widget.children = tuple(self.buttons.values())

    def word(self, key: str, text: str) -> None:
        """Put *text* on the button *key*."""
        self._words[key] = text
        # A button that is not there yet is made in its turn.
        if key in self.buttons:
            self.buttons[key].description = text

    def says(self, key: str) -> str:
        """Give the word on the button *key*."""
        return self._words[key]

    def focus(self, key: str) -> None:
        """Put the browser's focus on the button *key*."""
        self._button(key).focus()

    @property
    def shown(self) -> tuple[str, ...]:
        """The words of the buttons that can be seen, in their order; those that wait among them."""
        buttons = self.widget.children
        return tuple(each.description for each in buttons if "gone" not in each._dom_classes)  # noqa: SLF001

    def press(self, key: str) -> None:
        """Press the button *key*, as a user would who sees it. Raises ValueError if it cannot be pressed."""
        if key not in self.offered:
            raise ValueError(f"there is no button {self._words[key]} to press now")
        self._acts[key]()

    def _button(self, key: str) -> Any:
        """The button, made when it is first needed: each costs a message."""
        if key not in self.buttons:
            button = widgets.Button(
                description=self._words[key],
                _dom_classes=_CLASSES.get(key, ()),
                layout=shared(widgets.Layout),
                style=shared(widgets.ButtonStyle),
            )
            button.on_click(lambda _button: self._clicked(key))
            self.buttons[key] = button
        return self.buttons[key]

    def _clicked(self, key: str) -> None:
        # A click may have been under way when the button was withdrawn.
        if key in self.offered and key in _READS:
            self._after(lambda: self._act(key))
        else:
            self._act(key)

    def _act(self, key: str) -> None:
        if key in self.offered:
            self._acts[key]()
