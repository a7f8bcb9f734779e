"""The script of a form: what a control in an output needs and ipywidgets cannot give it.

JupyterLab and Notebook 7 take keys away from whatever in an output has the focus: `b` inserts a cell, `d d`
deletes this one, the arrows leave it. The script says on each control that its keys are its own, and which
entries are wrong, now and after each change of the form. It has to be said on the control itself, for the
keys are bound to whatever has the focus. After a click between the controls that is the form: it takes the
focus, or the cell would. A password is not for the browser to save. Where no script runs, the form works
without.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

import ipywidgets  # type: ignore[import-untyped]

from aicore_magics.jupyter.form.fields import shared


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
