"""Words that YAML 1.1 reads as something else, where a name is due: `y`, `on`, `123`.

Dates, `~` and keys are looked at where the text is: as plain data they are no longer what was written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.rules.shape import not_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.templates.finding import Findings, Path

# Below these, a key that is called name may hold anything.
ANYTHING = {"plugin", "value", "withItems"}


def word_findings(found: Findings, names: Iterable[tuple[Path, object]], prefix: Path = ()) -> None:
    """Find each of *names*, with the paths behind *prefix*, that is no text and has no finding yet."""
    told = {each.path for each in found} if names else set()
    for path, value in names:
        if (*prefix, *path) not in told and ANYTHING.isdisjoint(path):
            not_text(found, str(path[-1]), value, (*prefix, *path))
