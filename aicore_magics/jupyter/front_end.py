"""What the program in front of this kernel can do, as far as the kernel can tell."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def answers(shell: InteractiveShell | None) -> bool:
    """Whether somebody sits before the notebook of *shell*: who runs it headless answers no question."""
    kernel = getattr(shell, "kernel", None)
    return bool(getattr(kernel, "_allow_stdin", False))


def attended(shell: InteractiveShell | None) -> bool:
    """Whether somebody sits before *shell*: a notebook that can prompt, or IPython in a terminal."""
    return answers(shell) or getattr(shell, "pt_app", None) is not None


def inserts_cells(shell: InteractiveShell) -> bool:
    """Whether the next cell of *shell* can be filled in from here, for certain.

    JupyterLab, Notebook 7 and IPython in a terminal do it, unless that has its simple prompt. Run headless,
    nobody does; and VS Code and Colab are not known to.
    """
    if not hasattr(shell, "kernel"):
        return getattr(shell, "pt_app", None) is not None
    elsewhere = "__vsc_ipynb_file__" in shell.user_ns or "google.colab" in sys.modules
    return answers(shell) and not elsewhere
