"""How far a long search is, shown below the cell while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.display import display

from aicore_magics.base.progress import Watch, paced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.display_functions import DisplayHandle

    from aicore_magics.base.progress import StepState


@contextmanager
def shown_progress() -> Iterator[Watch]:
    """Give a watch whose words are shown in one line, from the second second on; at the end it is gone."""
    handles: list[DisplayHandle] = []

    def show(_step: str, _state: StepState, word: str) -> None:
        text = {"text/plain": f"{word} …"}
        if handles:
            handles[0].update(text, raw=True)  # type: ignore[no-untyped-call]
        else:
            handles.append(display(text, raw=True, display_id=True))  # type: ignore[no-untyped-call]

    try:
        yield Watch(paced(show))
    finally:
        for handle in handles:
            handle.update({"text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]
