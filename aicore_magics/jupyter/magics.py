"""The magics: read a line, call an action, return its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from IPython.core.magic import no_var_expand

from aicore_magics.jupyter.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.interactiveshell import InteractiveShell


class Magics:
    """%aicore_connect and %aicore_docker_secret for one shell, and the session they share."""

    def __init__(self, shell: InteractiveShell) -> None:
        self.session = Session()
        self._shell = shell

    @property
    def lines(self) -> dict[str, Callable[[str], Any]]:
        """The line magics by name."""
        return {"aicore_connect": self.aicore_connect, "aicore_docker_secret": self.aicore_docker_secret}

    @no_var_expand
    def aicore_connect(self, line: str) -> Any:
        """Connect this notebook to an AI Core tenant. %aicore_connect --help shows how."""
        from aicore_magics.jupyter.run import run_connect, run_line

        return run_line(run_connect, line, self.session, self._shell.user_ns)

    @no_var_expand
    def aicore_docker_secret(self, line: str) -> Any:
        """Docker registry secrets of AI Core. %aicore_docker_secret --help shows how."""
        from aicore_magics.jupyter.run import run_line, run_secret

        return run_line(run_secret, line, self.session, self._shell.user_ns)
