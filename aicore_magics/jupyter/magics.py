"""The magics: read a line, call an action, return its result."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from IPython.core.magic import no_var_expand

from aicore_magics.jupyter.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell

    from aicore_magics.jupyter.boundary import Run

M = TypeVar("M", bound="Callable[..., Any]")


def _helped(magic: str, *, cell: bool = False) -> Callable[[M], M]:
    """Let `?` show the help of that *magic* in place of a docstring; it is made when somebody asks."""

    def text() -> str:
        from aicore_magics.grammar.magics import help_of

        # IPython takes each backslash at the end of a line away from what `?` shows of a magic.
        return re.sub(r" *\\\n *", " ", help_of(magic, cell=cell))

    def helped(function: M) -> M:
        function.getdoc = text  # type: ignore[attr-defined]  # where IPython's `oinspect.getdoc` looks
        return function

    return helped


class Magics:
    """The magics of one shell, and the session they share."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.session = Session()
        self._shell = shell

    @property
    def lines(self) -> dict[str, Callable[[str], Any]]:
        """The line magics by name."""
        return {
            "aicore_connect": self.aicore_connect,
            "aicore_docker_secret": self.aicore_docker_secret,
            "aicore_template": self.aicore_template,
            "aicore_notebook": self.aicore_notebook,
            "aicore_rotate": self.aicore_rotate,
        }

    @property
    def cells(self) -> dict[str, Callable[[str, str], Any]]:
        """The cell magics by name."""
        return {"aicore_template": self.aicore_template_cell}

    @_helped("aicore_connect")
    @no_var_expand
    def aicore_connect(self, line: str) -> Any:
        """Connect this notebook to an AI Core tenant. %aicore_connect --help shows how."""
        from aicore_magics.jupyter.run_connect import run_connect

        return self._run(run_connect, line, "aicore_connect")

    @_helped("aicore_docker_secret")
    @no_var_expand
    def aicore_docker_secret(self, line: str) -> Any:
        """Store, check and delete Docker registry secrets. %aicore_docker_secret --help shows how."""
        from aicore_magics.jupyter.run_secret import run_secret

        return self._run(run_secret, line, "aicore_docker_secret")

    @_helped("aicore_template")
    @no_var_expand
    def aicore_template(self, line: str) -> Any:
        """Make, check and fix AI Core templates. %aicore_template --help shows how."""
        from aicore_magics.jupyter.run_template import run_template

        return self._run(run_template, line, "aicore_template")

    @_helped("aicore_template", cell=True)
    @no_var_expand
    def aicore_template_cell(self, line: str, cell: str) -> Any:
        """Save this cell's template. %%aicore_template save --help shows how."""
        from aicore_magics.jupyter.run_template import run_template_cell

        return self._run(run_template_cell(cell), line, "aicore_template")

    @_helped("aicore_notebook")
    @no_var_expand
    def aicore_notebook(self, line: str) -> Any:
        """Make clean notebooks; find credentials in notebooks. %aicore_notebook --help shows how."""
        from aicore_magics.jupyter.run_notebook import run_notebook

        return self._run(run_notebook, line, "aicore_notebook")

    @_helped("aicore_rotate")
    @no_var_expand
    def aicore_rotate(self, line: str) -> Any:
        """Show which registry logins end when. %aicore_rotate --help shows how."""
        from aicore_magics.jupyter.run_rotate import run_rotate

        return self._run(run_rotate, line, "aicore_rotate")

    def _run(self, run: Run, line: str, magic: str) -> Any:
        from aicore_magics.jupyter.boundary import run_line

        return run_line(run, line, self.session, self._shell.user_ns, magic=magic)
