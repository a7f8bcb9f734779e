"""The protocol with one of its safeguards taken out, each on a `stage`: some path must tell."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore import client, looks, oauth, refusals, secret_store, write_outcome
from aicore_magics.aicore.client import Client
from aicore_magics.aicore.own_form import own_form
from aicore_magics.errors import AICoreError, DockerSecretMissing, OutcomeUnknown
from aicore_magics.http.deadline import Deadline, Retry
from aicore_magics.http.messages import Response

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    Bug = Callable[[pytest.MonkeyPatch], None]

BUGS: dict[str, Bug] = {}
WITNESSES: dict[str, str] = {}  # by the bug: a path on which it is seen
look_until = looks.look_until


def bug(witness: str) -> Callable[[Bug], Bug]:
    """Keep what is decorated among `BUGS`."""

    def kept(made: Bug) -> Bug:
        BUGS[made.__name__], WITNESSES[made.__name__] = made, witness
        return made

    return kept


def _own_as_well(patch: pytest.MonkeyPatch, form: str, holds: Any) -> None:
    """Take answers for AI Core's own, in *form*, where *holds* says so."""

    def taken(answer: Response) -> str:
        return form if holds(answer) else own_form(answer)

    for module in (client, write_outcome):
        patch.setattr(module, "own_form", taken)


def _documented(patch: pytest.MonkeyPatch, *statuses: int) -> None:
    """Take *statuses* for a document that nothing was done."""
    patch.setattr(write_outcome, "NOTHING_DONE", write_outcome.NOTHING_DONE | {*statuses})


def _tries(patch: pytest.MonkeyPatch, changed: Any) -> None:
    """Have *changed* make every try; it gets the one that is real first."""
    patch.setattr(secret_store, "attempt", partial(changed, write_outcome.attempt))


@bug("operation=update tries=404-text+now")
def any_404_is_missing(patch: pytest.MonkeyPatch) -> None:
    """Believe a gateway that knows no such address."""
    _own_as_well(patch, "error", lambda answer: answer.status == 404)


@bug("operation=create tries=401-page+2")
def any_401_did_nothing(patch: pytest.MonkeyPatch) -> None:
    """Believe whoever asks for a login."""
    _own_as_well(patch, "Jwt", lambda answer: answer.status == 401)


@bug("operation=create tries=400-kube-other+2")
def any_status_is_its_own(patch: pytest.MonkeyPatch) -> None:
    """Take a Status object of Kubernetes for AI Core's own, whatever code is in it."""
    _own_as_well(patch, "Status", lambda answer: b'"kind": "Status"' in answer.body and not answer.ok)


@bug("operation=update tries=202-page+never")
def any_success_is_its_own(patch: pytest.MonkeyPatch) -> None:
    """Believe any 2xx."""
    _own_as_well(patch, "object", lambda answer: answer.ok and not answer.body.startswith(b"{"))
    json = Response.json
    patch.setattr(Response, "json", lambda answer: json(answer) or {})


@bug("operation=create tries=409-error+now")
def conflict_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Take a 409 for a document that nothing was done."""
    _documented(patch, 409)


@bug("operation=create tries=429-error+2")
def busy_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Take a 429 for a document that nothing was done."""
    _documented(patch, 429)


@bug("operation=create tries=408-error+2")
def timed_out_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Take a 408 for a document that nothing was done."""
    _documented(patch, 408)


@bug("operation=create tries=500-error+2")
def failed_is_a_refusal(patch: pytest.MonkeyPatch) -> None:
    """Take a 500 for a document that nothing was done."""
    _documented(patch, 500)


@bug("operation=create tries=429-error-after1+now,400-error+never")
def busy_is_sent_again_below(patch: pytest.MonkeyPatch) -> None:
    """Repeat after a 429 where nobody keeps in mind that there was a try before."""
    exchange = Client.exchange

    def repeated(self: Client, request: Any, deadline: Deadline) -> Response:
        return Retry(deadline).send(
            lambda: exchange(self, request, deadline),
            passes=lambda answer: answer.status == 429,
            after_lost=lambda _: False,
        )

    patch.setattr(Client, "exchange", repeated)


@bug("operation=create tries=lost+now,400-error+never")
def lost_is_sent_again_below(patch: pytest.MonkeyPatch) -> None:
    """Repeat after a lost answer where nobody keeps in mind that there was a try before."""
    exchange = Client.exchange

    def repeated(self: Client, request: Any, deadline: Deadline) -> Response:
        return Retry(deadline).send(
            lambda: exchange(self, request, deadline), passes=lambda _: False, after_lost=lambda _: True
        )

    patch.setattr(Client, "exchange", repeated)


@bug("operation=create tries=302-page+2")
def one_look_refuses(patch: pytest.MonkeyPatch) -> None:
    """Take the first look that shows the old state for a proof."""
    patch.setattr(looks, "look_until", lambda *given, **how: look_until(*given, **{**how, "first": True}))


@bug("operation=create tries=302-page+9.9")
def looks_end_early(patch: pytest.MonkeyPatch) -> None:
    """Give AI Core two seconds to show a change."""
    patch.setattr(looks, "VISIBLE_WITHIN", 2.0)


@bug("operation=create tries=lost+never looks=hang")
def looks_never_end(patch: pytest.MonkeyPatch) -> None:
    """Wait for a look as long as there is time."""
    patch.setattr(looks, "LAST_LOOK", 60.0)


@bug("operation=create tries=202-object+never")
def no_look_at_the_end(patch: pytest.MonkeyPatch) -> None:
    """Take an accepted change for one that is made."""
    patch.setattr(looks, "look_until", lambda _client, _name, wanted, *_, **__: wanted)


@bug("operation=create-taken tries=lost+never")
def no_look_before(patch: pytest.MonkeyPatch) -> None:
    """Create without looking whether the name is free."""
    patch.setattr(secret_store, "demand_free", lambda *_: None)


@bug("operation=create tries=lost+never looks=page")
def foreign_look_shows_it(patch: pytest.MonkeyPatch) -> None:
    """Take a look that something else answered for one that shows the secret."""
    seen = Client.seen
    patch.setattr(Client, "seen", lambda *given: seen(*given) is not False)


@bug("operation=create tries=lost+now looks=text404")
def foreign_look_shows_nothing(patch: pytest.MonkeyPatch) -> None:
    """Take a look that something else answered for one that shows no secret."""
    seen = Client.seen
    patch.setattr(Client, "seen", lambda *given: bool(seen(*given)))


@bug("operation=create tries=lost+now stop=6")
def interrupt_says_nothing_was_sent(patch: pytest.MonkeyPatch) -> None:
    """Forget at an interrupt what was sent."""
    patch.setattr(client, "sending", lambda *_: contextlib.nullcontext())


@bug("operation=update tries=lost+now")
def lost_update_is_refused(patch: pytest.MonkeyPatch) -> None:
    """Take a lost answer to an update for none."""

    def changed(attempt: Any, client: Any, request: Any, *given: Any) -> Any:
        sent = attempt(client, request, *given)
        if sent and request.method == "PATCH":
            raise sent.refusal
        return sent

    _tries(patch, changed)


@bug("operation=update tries=lost+now,400-error+never")
def repeat_decides_for_an_update(patch: pytest.MonkeyPatch) -> None:
    """Take the answer to a repeat of an update for one to the first try."""
    replace = secret_store.replace

    def changed(*given: Any) -> None:
        refusals: list[AICoreError] = []

        def heard(attempt: Any, *sent: Any) -> Any:
            try:
                return attempt(*sent)
            except AICoreError as error:
                refusals.append(error)
                raise

        _tries(patch, heard)
        try:
            replace(*given)
        except OutcomeUnknown as unknown:
            raise refusals[0] if refusals else unknown from None

    patch.setattr(secret_store, "replace", changed)


@bug("operation=delete tries=lost+9.9,404-error+never")
def repeat_decides_for_a_delete(patch: pytest.MonkeyPatch) -> None:
    """Take a 404 to a repeat of a delete for one to the first try."""

    class Decided(Exception):
        pass

    def heard(attempt: Any, *sent: Any) -> Any:
        try:
            return attempt(*sent)
        except DockerSecretMissing:
            raise Decided from None

    delete = secret_store.delete

    def changed(client: Client, name: str, deadline: Deadline, **how: Any) -> Any:
        try:
            return delete(client, name, deadline, **how)
        except Decided:
            raise looks.missing(client, name, deadline) from None

    _tries(patch, heard)
    patch.setattr(secret_store, "delete", changed)


@bug("operation=create tries=400-error-echo+never")
def scrubbing_off(patch: pytest.MonkeyPatch) -> None:
    """Show what a server says as it says it."""
    for module in (oauth, refusals):
        patch.setattr(module, "scrub", lambda text, *_, limit=300: text[:limit])


@bug("operation=create tries=lost+now")
def everything_is_unknown(patch: pytest.MonkeyPatch) -> None:
    """Shrug: no look shows anything."""
    patch.setattr(looks, "look_until", lambda *_, **__: "not seen")


@bug("operation=create tries=503-text+never")
def faults_come_out(patch: pytest.MonkeyPatch) -> None:
    """Break on an answer that is no JSON object."""
    patch.setattr(write_outcome, "own_form", lambda answer: own_form(answer) or answer.json()["error"])
