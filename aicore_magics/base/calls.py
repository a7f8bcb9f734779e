"""One call of a public function: which errors leave it, and what an interrupt means at each moment of it.

An interrupt can come out anywhere. So what it means is not told by the place: whoever sends a change says so
just before its first byte goes out (`sending`), and whoever meets the interrupt asks (`interrupted`).
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import ContextVar
from traceback import clear_frames
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from aicore_magics.errors import AICoreError, OutcomeUnknown, Stopped
from aicore_magics.next_steps import AGAIN, Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
R = TypeVar("R")
MakeUnknown = functools.partial[OutcomeUnknown]


class _Call:
    """What is known of the call that runs: whether it has *asked* AI Core for anything.

    *unknown* makes its error once a change may have been made.
    """

    asked = False
    unknown: MakeUnknown | None = None


_running: ContextVar[_Call | None] = ContextVar("_running", default=None)


@contextmanager
def sending(unknown: MakeUnknown | None, *unsent: type[Exception]) -> Iterator[None]:
    """From here on, an interrupt of this call is *unknown*; None: what is sent changes nothing.

    If one of *unsent* comes out of the block, nothing was sent, and an interrupt means what it meant before.
    """
    call = _running.get() or _Call()
    call.asked = True
    if unknown is None:
        yield
        return
    before = call.unknown
    call.unknown = unknown
    try:
        yield
    except unsent:
        call.unknown = before
        raise


def may_have_changed() -> bool:
    """Whether the call that runs has sent a change, of which it is not told yet what became."""
    call = _running.get()
    return call is not None and call.unknown is not None


def stopped(call: _Call | None = None) -> Stopped:
    """Return the error for an interrupt of *call*, or of the one that runs, which has changed nothing."""
    call = call or _running.get()
    asked = call is not None and call.asked
    return Stopped(
        "",
        Effect.NOTHING_CHANGED if asked else Effect.NOTHING_SENT,
        (AGAIN, " when you like."),
        words="nothing was changed." if asked else "nothing was sent, nothing was changed.",
    )


def bare_errors(act: Callable[P, R]) -> Callable[P, R]:
    """Let errors out of *act* with their text alone: the frames below may hold a password.

    An interrupt becomes OutcomeUnknown from the first byte of a change on, and Stopped before.
    """

    @functools.wraps(act)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _running.get()
        # Within another call it is that one's change: what was done in here is not told to anybody yet.
        call = outer or _Call()
        error: AICoreError
        try:
            try:
                _running.set(call)
                return act(*args, **kwargs)
            except AICoreError as raised:
                error = raised
            except Exception as fault:
                # A fault keeps its traceback, but none of the variables in it.
                clear_frames(fault.__traceback__)
                del args, kwargs
                raise
            finally:
                _running.set(outer)
            # IPython's verbose tracebacks show what a frame holds: this one what it was called with.
            del args, kwargs
            error.__cause__ = error.__context__ = None
            raise error.with_traceback(None)
        except KeyboardInterrupt:
            # Wherever it struck in here, also on the way out.
            _running.set(outer)
            error = call.unknown() if call.unknown else stopped(call)
        error.__cause__ = error.__context__ = None
        args, kwargs = (), {}  # type: ignore[assignment]  # noqa: F841 - deleted already, or not
        raise error.with_traceback(None)

    return wrapper
