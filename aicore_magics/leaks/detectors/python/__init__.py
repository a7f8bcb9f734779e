"""What the Python code of a file says about its texts: passwords that no pattern finds, and what is none.

The cells of a notebook are read together: a value may be given to a variable in one and used in another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.python.no_secrets import roles
from aicore_magics.leaks.detectors.python.program import Held, Program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicore_magics.leaks.detectors.match import Match
    from aicore_magics.leaks.detectors.python.cell import Cell
    from aicore_magics.leaks.detectors.python.no_secrets import Role
    from aicore_magics.leaks.detectors.python.values import Value


@dataclass
class Reading:
    """What Python says of one piece of code: the passwords in it, and the parts of what is put together."""

    cell: Cell = field(repr=False)
    held: list[Held] = field(default_factory=list)
    put_together: list[Match] = field(default_factory=list)

    @cached_property
    def roles(self) -> dict[int, Role]:
        """The texts that are no password where they stand, each by where it begins."""
        return roles(self.cell)


def read(texts: Sequence[str]) -> tuple[list[Reading], list[Value]]:
    """Read pieces of code together; and give the values in them that are put together of several texts."""
    program = Program(texts)
    readings = [Reading(cell) for cell in program.cells]
    for held in program.held():
        readings[held.cell].held.append(held)
    return readings, list(program.assembled())


def covered(value: Value, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Give the cell and the place of each part of *value* that has any of its signs from *start* to *end*."""
    at = 0
    for part in value:
        behind = at + len(part.means)
        if at < end and behind > start and part.end > part.start:
            whole = part.end - part.start != len(part.means)  # escapes stand in it
            first = part.start if whole else part.start + max(0, start - at)
            last = part.end if whole else part.start + min(len(part.means), end - at)
            yield part.cell, first, last
        at = behind
