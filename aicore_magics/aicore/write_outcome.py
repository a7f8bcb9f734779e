"""What came of one try of a write: accepted, refused for certain, or why that is not known.

Only AI Core's own answer to a request tells what became of that request, and only some statuses document that
nothing was done. An answer from anywhere else, or to another try, tells nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.aicore.client import NOT_FOUND, UNAUTHORIZED
from aicore_magics.aicore.own_form import own_form
from aicore_magics.errors import AICoreError, Busy, NotAICore, RequestRefused, ServerError, Unreachable
from aicore_magics.http.messages import CertificateRefused, ResponseLost
from aicore_magics.next_steps import AGAIN, Effect

if TYPE_CHECKING:
    from aicore_magics.aicore.client import Client, Request
    from aicore_magics.http.deadline import Deadline, Retry
    from aicore_magics.http.messages import Response

# In AI Core's own form these document that nothing was done: 404 for a name that is not there.
NOTHING_DONE = frozenset({400, 401, 403, 404, 413, 415, 422})
CONFLICT = 409
# Another try may fare better: the request may have met a gateway without AI Core, or come at a bad time.
_PASSING = frozenset({401, 404, 408, CONFLICT, 425, 429})
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why it is not known what came of a try. *refusal* is the error, should looks show that nothing did.

    *passes*: sending again may fare better, after the pause that *answer* asks for. *taken*: AI Core says
    that the name exists, so that a secret of this name need not be the one that was sent.
    """

    what: str
    refusal: AICoreError
    passes: bool
    answer: Response | None = None
    taken: bool = False


def attempt(client: Client, request: Request, name: str, retry: Retry) -> Doubt | None:
    """Send *request* about the secret *name*; None: accepted. Raises the refusal if nothing was done.

    Sent again here is only what did nothing for certain: what did not reach the host, or came with a token
    that was not taken. A try in doubt may come late, and is noted so by the client.
    """
    before = client.late.get(request.name)
    try:
        doubt = _tried(client, request, name, retry)
    except AICoreError:
        _forget_late(client, request.name, before)
        raise
    if doubt is None:
        _forget_late(client, request.name, before)
    return doubt


def _forget_late(client: Client, name: str, before: Deadline | None) -> None:
    """Forget the try that was clear, but not one *before* it that was not."""
    if before is None:
        client.late.pop(name, None)
    else:
        client.late[name] = before


def _tried(client: Client, request: Request, name: str, retry: Retry) -> Doubt | None:
    renewed = False
    while True:
        try:
            answer = client.exchange(request, retry.deadline)
        except ResponseLost as error:
            return _lost(name, error)
        except AICoreError as error:
            if isinstance(error, Unreachable) and error.again and retry.wait():
                continue
            if renewed and error.effect is Effect.NOTHING_SENT:
                error.effect = Effect.NOTHING_CHANGED  # it was sent, with the token that was not taken
            raise
        if answer.status == UNAUTHORIZED and own_form(answer) and not renewed:
            renewed = True
            continue
        return _judged(client, request, answer, retry.deadline)


def _lost(name: str, error: ResponseLost) -> Doubt:
    what = f"no answer arrived for {name}"
    refusal = Unreachable(what, Effect.NOTHING_CHANGED, next=(AGAIN, "."))
    return Doubt(what, refusal, passes=not isinstance(error, CertificateRefused))


def _judged(client: Client, request: Request, answer: Response, deadline: Deadline) -> Doubt | None:
    own = own_form(answer)
    if answer.ok and own:
        return _taken(answer, "AI Core says") if request.creates and _says_exists(answer) else None
    refusal = client.refusal(answer, request, deadline)
    if own and answer.status in NOTHING_DONE and (answer.status != NOT_FOUND or request.names_one):
        raise refusal
    taken = answer.status == CONFLICT and request.creates
    if taken and not answer.not_an_api():
        return _taken(answer, f"{'AI Core' if own else client.host} says")
    elsewhere = answer.not_an_api() and answer.status < _SERVER_ERROR
    known = answer.status in range(400, _SERVER_ERROR) and answer.status not in _PASSING
    # Who is named, and with what it said: but not as a refusal, which it may be or not.
    neutral = isinstance(refusal, (Busy, NotAICore, ServerError))
    what = refusal.what if neutral else f"{'AI Core' if own else client.host} answered {answer.status}"
    ended = client.pacer is not None and client.pacer.closed
    return Doubt(what, refusal, passes=not (elsewhere or known or ended), answer=answer, taken=taken)


def _taken(answer: Response, who: str) -> Doubt:
    what = f"{who} that a secret of this name exists ({answer.status})"
    refusal = RequestRefused(
        what, next=("a name may stay taken for a while after a delete: ", AGAIN, " later.")
    )
    return Doubt(what, refusal, passes=True, answer=answer, taken=True)


def _says_exists(answer: Response) -> bool:
    """A word that makes the caller more careful; it never makes anything certain."""
    message = answer.json().get("message")
    return isinstance(message, str) and "exist" in message.lower()
