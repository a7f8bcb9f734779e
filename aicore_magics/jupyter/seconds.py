"""How long a check or a write takes, shown below the cell while somebody waits for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.core.getipython import get_ipython
from IPython.display import display

from aicore_magics.base.progress import ticking, time_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.display_functions import DisplayHandle


@contextmanager
def shown_seconds(what: str, limit: float) -> Iterator[None]:
    """Show *what*, the seconds and their *limit* in one line, from the second second on; then it is gone.

    A terminal would keep each line: it shows none.
    """
    handles: list[DisplayHandle] = []

    def tell(seconds: int) -> None:
        text = {"text/plain": f"{what}: {time_words(seconds, limit)} …"}
        if handles:
            handles[0].update(text, raw=True)  # type: ignore[no-untyped-call]
        else:
            handles.append(display(text, raw=True, display_id=True))  # type: ignore[no-untyped-call]

    if not hasattr(get_ipython(), "kernel"):
        yield
        return
    try:
        with ticking(tell):
            yield
    finally:
        for handle in handles:
            handle.update({"text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]
