"""What came of a write: accepted, refused, or why that is not known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.errors import AICoreError, DockerSecretMissing, NotAICore, ServerError
from aicore_magics.http.deadline import Retry
from aicore_magics.http.messages import ResponseLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.client import Accepted
    from aicore_magics.http.deadline import Deadline

_TURNED_AWAY = 4  # 4xx
_FAILED = 500
_MAYBE_LATER = (502, 504)  # a gateway gave up; AI Core behind it may still be at work


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is not known what became of a write. *unchanged*: AI Core itself says that it failed.

    *page* is there if something else answered, as a proxy does: sending again would meet it again.
    """

    what: str
    unchanged: bool = False
    interrupted: bool = False
    page: NotAICore | None = None

    @property
    def passes(self) -> bool:
        """Whether it makes sense to send again."""
        return not self.interrupted and not self.page


def written(name: str, send: Callable[[], Accepted]) -> Accepted | AICoreError | Doubt:
    """What came of a write: accepted, the error that says no, or why that is not known."""
    try:
        return send()
    except ResponseLost:
        return Doubt(f"no answer came back for {name}")
    except (ServerError, NotAICore) as error:
        return _perhaps(error.with_traceback(None))
    except AICoreError as error:
        # Without its traceback: the frames there still hold the request.
        return error.with_traceback(None)
    except KeyboardInterrupt:
        return Doubt(f"you stopped while {name} was being sent", interrupted=True)


def _perhaps(error: ServerError | NotAICore) -> AICoreError | Doubt:
    """What trouble behind the API's address says of a write, which AI Core may have had before it.

    Without a status it never came so far, and with 4xx it was turned away. A web page or a redirect comes
    from something between here and AI Core: after 5xx, a gateway that gave up, sending again may fare better.
    """
    status = error.status
    if not status or status // 100 == _TURNED_AWAY:
        return error
    if isinstance(error, ServerError):
        return Doubt(error.what, unchanged=status not in _MAYBE_LATER)
    return Doubt(error.what, page=None if status >= _FAILED else error)


def written_for_sure(
    name: str, send: Callable[[], Accepted], deadline: Deadline
) -> tuple[AICoreError | Doubt | None, bool]:
    """Send what may be sent again until the answer is clear; give it, and whether one was lost before.

    None means accepted. A refusal after a lost answer says nothing about the attempt before it, so the
    doubt stays; but a name that is missing is missing.
    """
    retry = write_retry(deadline)
    doubt: Doubt | None = None
    while True:
        outcome = written(name, send)
        if isinstance(outcome, Doubt):
            doubt = outcome
            if not doubt.passes or not retry.wait():
                return doubt, True
        elif not isinstance(outcome, AICoreError):
            return None, doubt is not None
        elif doubt and not isinstance(outcome, DockerSecretMissing):
            return doubt, True
        else:
            return outcome, doubt is not None


def write_retry(deadline: Deadline) -> Retry:
    """Return the attempts of a write: Ctrl-C between two of them means that there is no other."""
    return Retry(deadline, on_interrupt=lambda: False)
