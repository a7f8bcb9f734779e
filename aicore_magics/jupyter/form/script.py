"""The script of a form: what a control in an output needs and ipywidgets cannot give it.

JupyterLab and Notebook 7 take keys away from whatever in an output has the focus: `b` inserts a cell, `d d`
deletes this one, the arrows leave it. The script says on each control that its keys are its own, and which
entries are wrong, now and after each change of the form. It has to be said on the control itself, for the
keys are bound to whatever has the focus. After a click between the controls that is the form: it takes the
focus, or the cell would. A password is not for the browser to save. In a block of lines Ctrl+A selects the
block, as a click does, and not the page; a tab that is clicked has the focus, so that arrows go on from it.
And it tells the kernel when a field that was edited is left, and answers when it is asked for a
sign, each by a press on a button that nobody sees. Where no script runs, the form works without.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets  # type: ignore[import-untyped]

from aicore_magics.jupyter.form.fields import shared

if TYPE_CHECKING:
    from collections.abc import Callable


def script() -> Any:
    """Give the widget that runs the script in each browser that shows the form, and shows nothing.

    An output of the cell would be saved with the notebook, and would run once: not for a page that is
    loaded anew. This one is part of the form, and comes and goes with it.
    """
    code = resources.files(__package__).joinpath("form.js").read_text("utf-8")
    code = "\n".join(line.strip() for line in code.splitlines())
    data = {"application/javascript": code, "text/plain": ""}
    output = {"output_type": "display_data", "data": data, "metadata": {}}
    return ipywidgets.Output(outputs=(output,), layout=shared(ipywidgets.Layout), _dom_classes=("script",))


def when_left(act: Callable[[], None]) -> Any:
    """Give the button that the script presses when a field is left, which calls *act*.

    It does so a quarter of a second later, when the last key is most likely here: ipywidgets keeps keys back.
    ipywidgets tells of no field that is left. Nor can each be sent as a whole then, by `continuous_update`:
    a word that comes below a field meanwhile would put back what the kernel knows, and lose what is typed.
    """
    return _unseen(act, "left")


class Sign:
    """The button that the script presses each time that it is asked to, which calls *act*.

    A question is a title that the button did not have before. Its classes change with the kernel, too.
    """

    def __init__(self, act: Callable[[], None]) -> None:
        self._asked = 0
        self.widget = _unseen(act, "sign")

    def ask(self) -> None:
        """Ask for a sign of the script in each browser that shows the form."""
        self._asked += 1
        self.widget.tooltip = str(self._asked)


def _unseen(act: Callable[[], None], name: str) -> Any:
    kinds = {"layout": shared(ipywidgets.Layout), "style": shared(ipywidgets.ButtonStyle)}
    button = ipywidgets.Button(_dom_classes=("script", name), **kinds)
    button.on_click(lambda _button: act())
    return button
