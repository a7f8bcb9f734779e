"""The fields of the form: each with its label above and, below, one line of help, error or note."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets  # type: ignore[import-untyped]

from aicore_magics.base.spaces import bare
from aicore_magics.jupyter.form.label import Label, is_bad, put
from aicore_magics.jupyter.form.secret_field import SecretField

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.base.redact import Secret

AREA_ROWS = 2, 10  # of a field for several lines: at first, and as far as it grows
_shared: dict[type[Any], Any] = {}


class Field:
    """One field of the form: its widget, and what stands below it.

    `judge` says below it what is wrong with what was entered. As long as that stands there each key is
    judged, so that the error goes as soon as it is true no more.
    """

    def __init__(self, widget: Any, label: Label | None = None) -> None:
        self.widget = widget
        self._label = label
        self._acts: list[Callable[[], None]] = []
        self._fault: Callable[[], str] = str
        self._setting = False
        widget.observe(self._changed, "value")

    @property
    def value(self) -> Any:
        """What is entered. Setting it is no edit."""
        return self.widget.value

    @value.setter
    def value(self, value: Any) -> None:
        self._setting = True
        try:
            self.widget.value = value
        finally:
            self._setting = False

    @property
    def name(self) -> str:
        """What the field is called in a sentence."""
        return self._label.name if self._label else "the check box"

    @property
    def disabled(self) -> bool:
        """Whether nothing can be entered."""
        return bool(self.widget.disabled)

    @disabled.setter
    def disabled(self, disabled: bool) -> None:
        self.widget.disabled = disabled

    @property
    def wrong(self) -> bool:
        """Whether an error stands below it."""
        return is_bad(self.widget)

    def judge_by(self, fault: Callable[[], str]) -> None:
        """Have what is entered judged by what *fault* says of it: nothing, if nothing is wrong."""
        self._fault = fault

    def judge(self) -> None:
        """Show what is wrong with what is entered. Of an empty field nothing is said."""
        why = self._fault() if self.value else ""
        if why:
            self.show_error(why)

    def tidy(self) -> None:
        """Take the spaces away around a text, once nobody is typing it."""
        if isinstance(self.value, str):
            self.value = "\n".join(map(bare, bare(self.value).split("\n")))

    def show_error(self, text: str) -> None:
        """Say below the field what is wrong, instead of the help. The word Error is added to *text*."""
        if self._label:
            put(self._label.error(text), self.widget, bad=True)

    def show_note(self, text: str, *, warning: bool = False) -> None:
        """Say below the field what is fine, or give a *warning*."""
        if self._label:
            put(self._label.note(text, warning=warning), self.widget)

    def show_help(self) -> None:
        """Go back to the help. An edit of the field does this by itself."""
        if self._label:
            self._show_resting(self._label)

    def change_help(self, text: str) -> None:
        """Make *text* the help from now on. An error below the field stays."""
        if self._label:
            self._label.help_text = text
            if not self.wrong:
                self._show_resting(self._label)

    def on_edit(self, act: Callable[[], None]) -> None:
        """Call *act* after each change by the user: each key in a text, each password received."""
        self._acts.append(act)

    def focus(self) -> None:
        """Put the browser's focus there."""
        self.widget.focus()

    def _show_resting(self, label: Label) -> None:
        put(label.help(), self.widget)

    def _changed(self, _change: object) -> None:
        if not self._setting:
            self._edited()

    def _edited(self) -> None:
        wrong = self.wrong
        self.show_help()
        if wrong:
            self.judge()
        for act in self._acts:
            act()


class _SecretEntry(Field):
    """A field whose value is a Secret, or None while nothing is held."""

    widget: SecretField

    def __init__(self, widget: SecretField) -> None:
        super().__init__(widget, widget.label)
        widget.on_capture(self._edited)

    @property
    def value(self) -> Secret | None:
        return self.widget.secret()

    @value.setter
    def value(self, value: Secret | None) -> None:
        if value is None:
            self.widget.forget()
        else:
            self.widget.hold(value)

    def _show_resting(self, label: Label) -> None:
        self.widget.show_resting()

    def _edited(self) -> None:
        super()._edited()
        self.judge()  # it comes when the field is left


def text_field(label: str, help: str, *, half: bool = False, mono: bool = False) -> Field:  # noqa: A002
    """Give a field for one line: *half* as wide, or for what one types in *mono*space."""
    classes = _classes(half=half, mono=mono)
    return _labelled(ipywidgets.Text, label, help, _dom_classes=classes)


def area_field(label: str, help: str) -> Field:  # noqa: A002
    """Give a field for several lines, in monospace."""
    classes = _classes(mono=True)
    field = _labelled(ipywidgets.Textarea, label, help, _dom_classes=classes, rows=AREA_ROWS[0])
    field.widget.observe(_grow, "value")
    return field


def combo_field(label: str, help: str, options: Iterable[str], *, half: bool = False) -> Field:  # noqa: A002
    """Give a field for one line, in monospace, that suggests *options* and takes anything."""
    classes = _classes(half=half, mono=True)
    return _labelled(
        ipywidgets.Combobox,
        label,
        help,
        _dom_classes=classes,
        options=tuple(options),
        ensure_option=False,
    )


def choice_field(
    label: str,
    help: str,  # noqa: A002
    options: Iterable[str | tuple[str, object]],
    *,
    half: bool = False,
) -> Field:
    """Give a field for one of *options*: words, or pairs of words and what they stand for."""
    return _labelled(
        ipywidgets.Dropdown, label, help, _dom_classes=_classes(half=half), options=tuple(options)
    )


def secret_field(label: str, help: str, *, half: bool = False) -> Field:  # noqa: A002
    """Give a field for a password, which leaves it at once."""
    return _SecretEntry(
        SecretField(Label(label, help), **_plain(SecretField), _dom_classes=_classes(half=half))
    )


def check_field(label: str, *, value: bool) -> Field:
    """Give a box to tick, with nothing below it. Its *label* is its tooltip, too, so it holds no HTML."""
    box = ipywidgets.Checkbox(value=value, description=label, indent=False, **_plain(ipywidgets.Checkbox))
    return Field(box)


def page(value: str = "") -> Any:
    """Give a piece of HTML between the fields."""
    style = ipywidgets.HTML.class_traits()["style"].klass
    return ipywidgets.HTML(value=value, layout=shared(ipywidgets.Layout), style=shared(style))


def box(kind: type[Any], children: Iterable[Any], *classes: str) -> Any:
    """Give a box of that *kind* around *children*."""
    return kind(children=tuple(children), layout=shared(ipywidgets.Layout), _dom_classes=classes)


def form_style() -> str:
    """Give the style of a form, to be put with its head."""
    return _read("form.css")


def result_style() -> str:
    """Give the style of what a form shows once something ran, to be put beside that of a card."""
    return _read("form_results.css")


def shared(kind: type[Any]) -> Any:
    """Give the one Layout or style of this *kind* for all widgets: each more is one more message."""
    there = _shared.get(kind)
    if there is None or there.comm is None:  # the first, or after Widget.close_all()
        there = _shared[kind] = kind()
    return there


def _grow(change: Any) -> None:
    """Give the field a row for each line. The style does so at each key, where the browser knows how."""
    least, most = AREA_ROWS
    change.owner.rows = max(least, min(most, change.new.count("\n") + 1))


def _labelled(kind: type[Any], label: str, help: str, **options: Any) -> Field:  # noqa: A002
    words = Label(label, help)
    widget = kind(description=words.help(), description_allow_html=True, **_plain(kind), **options)
    return Field(widget, words)


def _plain(kind: type[Any]) -> dict[str, Any]:
    """What every field has; without a tooltip ipywidgets would show the tooltip "null"."""
    style, text_style = (each.class_traits()["style"].klass for each in (kind, ipywidgets.Text))
    style = text_style if issubclass(text_style, style) else style  # a choice takes the style of a text, too
    return {"layout": shared(ipywidgets.Layout), "style": shared(style), "tooltip": ""}


def _read(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _classes(*, half: bool = False, mono: bool = False) -> tuple[str, ...]:
    return tuple(name for name, wanted in (("h", half), ("c", mono)) if wanted)
