"""One line behind a magic: split, run, and its result or error let out into the notebook.

An error that can be foreseen leaves as two lines, a bug with its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError

from aicore_magics.base.calls import bare_errors
from aicore_magics.errors import AICoreError
from aicore_magics.grammar.given_line import GivenLine
from aicore_magics.grammar.words import WrongUse, split, words_of
from aicore_magics.jupyter.wording import NOTEBOOK, Notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.jupyter.session import Session

    Run = Callable[[list[str], Session], Any]


def two_lines(error: AICoreError, door: Notebook = NOTEBOOK) -> AICoreError:
    """Give *error* in a notebook's words, so that IPython shows it as two lines.

    It stays an error of its own class, so that a run-all stops with the right name.
    """
    error.door = door
    lines = [f"{type(error).__name__}: {error.message}"]
    if error.next:
        lines.append(f"Next: {error.hint}")
    # IPython looks for this on the exception; see its documentation, "Custom exception tracebacks".
    error._render_traceback_ = lambda: lines  # type: ignore[attr-defined]
    return error


def shown(act: Callable[[], Any], door: Notebook = NOTEBOOK) -> Any:
    """Call *act*, and let an AICoreError out as two lines, without the frames it came from. *door* words it.

    All of it is one call: what an interrupt in it means, also while it is worded, its change decides.
    """
    error: AICoreError | UsageError
    try:
        return bare_errors(_worded)(act, door)
    except AICoreError as raised:
        error = raised if raised.door is door else two_lines(raised, door)
    except WrongUse as misuse:
        error = UsageError(f"{misuse}")
    error.__cause__ = error.__context__ = None
    raise error.with_traceback(None)


def _worded(act: Callable[[], Any], door: Notebook) -> Any:
    try:
        return bare_errors(act)()
    except AICoreError as error:
        raise two_lines(error, door) from None


@dataclass(frozen=True, repr=False)
class Help:
    """How a magic is used."""

    text: str

    def __repr__(self) -> str:
        return self.text


def run_line(run: Run, line: str, session: Session, variables: Mapping[str, Any], *, magic: str = "") -> Any:
    """Split *line*, which follows *magic*, run it, and return the result; errors leave as two lines."""
    door = Notebook(GivenLine(magic, tuple(words_of(line) or ())))

    def act() -> Any:
        result = run(split(line, variables), session)
        if hasattr(result, "door"):
            # Printed or shown, now or later: what came of a magic speaks of magics.
            object.__setattr__(result, "door", door)
        return result

    return shown(act, door)
