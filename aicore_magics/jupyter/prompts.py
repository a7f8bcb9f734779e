"""Questions to the user, in a notebook or a terminal, and a clear refusal where nobody can answer."""

from __future__ import annotations

import getpass
import warnings
from typing import TYPE_CHECKING

from IPython.core.error import StdinNotImplementedError

from aicore_magics.base.calls import stopped
from aicore_magics.base.redact import Secret
from aicore_magics.base.spaces import bare
from aicore_magics.errors import PromptImpossible
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.next_steps import Words


class Prompts:
    """Asks with `input` and `getpass`, looked up when asked: a kernel replaces them while a cell runs."""

    def text(self, prompt: str, *, instead: Words) -> str:
        """Ask for something that may be seen, without the spaces around it."""
        return bare(_asked(lambda: input(prompt), what="an answer", instead=instead))

    def secret(self, prompt: str) -> Secret:
        """Ask for a password without showing it."""
        instead = (
            "say where it is: ",
            Option("password-env", "VAR"),
            " or ",
            Option("password-file", "PATH"),
        )
        return Secret(_asked(lambda: getpass.getpass(prompt), what="a password", instead=instead))


def _asked(ask: Callable[[], str], *, what: str, instead: Words) -> str:
    with warnings.catch_warnings():
        # Without a terminal getpass would warn, and then show what is typed.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return ask()
        except KeyboardInterrupt:
            interrupted = True
        except (StdinNotImplementedError, EOFError, getpass.GetPassWarning, RuntimeError, ValueError):
            # The last two are what input() says of a stdin that is lost or closed.
            interrupted = False
    if interrupted:
        raise stopped()
    raise PromptImpossible(f"this run cannot ask for {what}", next=instead)
