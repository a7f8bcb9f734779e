"""The buttons of the form: only those that can be pressed now are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from aicore_magics.jupyter.fields import box, shared

if TYPE_CHECKING:
    from collections.abc import Callable

_WORDS = {
    "store": "Create",
    "check": "Check",
    "clear": "Clear",
    "stop": "Cancel",
    "keep": "Keep it",
    "replace": "Replace",
    "another": "Store another",
}
_CLASSES = {"store": ("mod-primary",), "keep": ("mod-primary",), "clear": ("quiet",)}


class Bar:
    """A row of buttons. *acts* says what each does; `offer` which are there."""

    def __init__(self, acts: dict[str, Callable[[], None]], *offered: str, **words: str) -> None:
        self._acts = acts
        self._words = {**_WORDS, **words}
        self._made: dict[str, Any] = {}
        self.widget = box(widgets.HBox, map(self._button, offered), "bar")

    def offer(self, *keys: str) -> None:
        """Show the buttons *keys*, in this order, and no other."""
        self.widget.children = tuple(self._button(key) for key in keys)

    def word(self, key: str, text: str) -> None:
        """Put *text* on the button *key*."""
        if self._words[key] != text:
            self._words[key] = self._button(key).description = text

    def focus(self, key: str) -> None:
        """Let Enter press the button *key*."""
        self._button(key).focus()

    def disable(self, key: str, *, disabled: bool) -> None:
        """Let the button *key* be pressed or not."""
        self._button(key).disabled = disabled

    def press(self, key: str) -> None:
        """Press the button *key*, as a user would who sees it. Raises ValueError if it is not there."""
        if self._button(key) not in self.widget.children or self._button(key).disabled:
            raise ValueError(f"there is no button {self._words[key]} to press now")
        self._button(key).click()

    def _button(self, key: str) -> Any:
        """The button, made when it is first needed: each costs a message."""
        if key not in self._made:
            button = widgets.Button(
                description=self._words[key],
                _dom_classes=_CLASSES.get(key, ()),
                layout=shared(widgets.Layout),
                style=shared(widgets.ButtonStyle),
            )
            button.on_click(lambda _button: self._acts[key]())
            self._made[key] = button
        return self._made[key]
