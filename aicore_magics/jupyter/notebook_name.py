"""What the notebook is called that runs in this kernel, where the program in front of it says so."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from aicore_magics.base.tokens import token_kind
from aicore_magics.jupyter.front_end import answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.interactiveshell import InteractiveShell

# Notebooks, and the texts that jupytext opens as such. A console is called "Console 1", or has a number.
_ENDINGS = (".ipynb", ".py", ".md", ".rmd", ".qmd")
_FOLDER = re.compile(r"(?s).*[/\\]")
_DRIVE = "RTC:"  # before the name of a notebook that several people edit
_LONGEST = 200  # letters


def notebook_name(shell: InteractiveShell | None) -> str:
    """Return the name of the notebook of *shell*, without its folder; nothing where that is not known."""
    return next(filter(None, map(_name, _told(shell))), "") if shell else ""


def _told(shell: InteractiveShell) -> Iterator[Any]:
    """What is said of it: by VS Code, by papermill where it was asked to, by Jupyter's server since 2.0.

    The last is a variable that a kernel inherits which runs inside a notebook, as nbclient's do: there nobody
    can be asked, and it is the name of another notebook.
    """
    for variable in ("__vsc_ipynb_file__", "PAPERMILL_INPUT_PATH", "PAPERMILL_OUTPUT_PATH"):
        yield shell.user_ns.get(variable)
    if answers(shell):
        yield os.environ.get("JPY_SESSION_NAME")


def _name(path: Any) -> str:
    """The name at the end of *path*, if it can be a notebook's and contains no token."""
    name = _FOLDER.sub("", str(path) if isinstance(path, str | os.PathLike) else "").removeprefix(_DRIVE)
    fits = name.lower().endswith(_ENDINGS) and len(name) <= _LONGEST and name.isprintable()
    return name if fits and not token_kind(name) else ""
