"""How far a rotation is, in a shell: a line on standard error for each secret that has reached its end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_progress import ProgressLines
from aicore_magics.base.progress import ticking
from aicore_magics.cli.output import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicore_magics.rotation.outcomes import Outcomes


@contextmanager
def shown_lines(kind: str = "rotation") -> Iterator[Callable[[Outcomes], None]]:
    """Give what writes a line for each change: call it with all outcomes as they are."""
    lines = ProgressLines(tell, kind)
    with ticking(lines.tick):
        yield lines.show
