"""One line behind a magic: split, run, and its result or error let out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.jupyter import parsing
from aicore_magics.jupyter.boundary import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.jupyter.session import Session

    Run = Callable[[list[str], Session], Any]


@dataclass(frozen=True, repr=False)
class Help:
    """How a magic is used."""

    text: str

    def __repr__(self) -> str:
        return self.text


def run_line(run: Run, line: str, session: Session, variables: Mapping[str, Any]) -> Any:
    """Split *line*, run it, and give the result; errors leave as two lines."""
    return shown(lambda: run(parsing.split(line, variables), session))
