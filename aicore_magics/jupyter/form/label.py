"""The words of one field: its label, and below it one line of help, error or note.

They are one text in a widget's `description`, which ipywidgets binds to the input: screen readers read all.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aicore_magics.base.redact import written_out

if TYPE_CHECKING:
    from typing import Any

BAD = "bad"  # the class of a field with an error
_OPTIONAL = " (optional)"


class Label:
    """The words of one field as HTML, every value escaped.

    Below it there is always room for the help, so that nothing moves when a shorter text takes its place.

    >>> Label("User", "").error("it is missing.")
    '<b class="mathjax_ignore">User</b><span class="e mathjax_ignore">Error: it is missing.</span>'
    """

    def __init__(self, text: str, help_text: str) -> None:
        self._text = text
        self.help_text = help_text

    @property
    def name(self) -> str:
        """What the field is called."""
        return self._text.removesuffix(_OPTIONAL)

    def help(self) -> str:
        """Give the label with its help."""
        return self._with(self.help_text)

    def error(self, text: str) -> str:
        """Give the label with what is wrong."""
        return self._with(f"Error: {text}", kind="e ")

    def note(self, text: str, *, warning: bool = False) -> str:
        """Give the label with what is fine, or with a *warning*."""
        return self._with(text, kind="k w " if warning else "k ")

    def _with(self, below: str, *, kind: str = "") -> str:
        text = self.name
        optional = "" if text == self._text else f" <i>{_OPTIONAL.strip()}</i>"
        # JupyterLab would typeset $…$ as maths: robot accounts have dollars in them.
        label = f'<b class="mathjax_ignore">{_escaped(text)}{optional}</b>'
        shown = f'<span class="{kind}mathjax_ignore">{_escaped(below)}</span>' if below else ""
        room = (
            f'<span class="room mathjax_ignore">{_escaped(self.help_text)}</span>'
            if kind and self.help_text
            else ""
        )
        return f"{label}{shown}{room}"


def put(description: str, widget: Any, *, bad: bool = False) -> None:
    """Give *widget* this description, and the mark of an error if it is *bad*, in one message."""
    classes = tuple(name for name in widget._dom_classes if name != BAD)  # noqa: SLF001
    with widget.hold_sync():
        widget._dom_classes = (*classes, BAD) if bad else classes  # noqa: SLF001
        widget.description = description


def is_bad(widget: Any) -> bool:
    """Whether *widget* has the mark of an error."""
    return BAD in widget._dom_classes  # noqa: SLF001


def _escaped(text: str) -> str:
    return escape(written_out(text))
