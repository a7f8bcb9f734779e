"""The token: asked for once, renewed before it ends."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aicore_magics.base.aside import PerProcess
from aicore_magics.base.redact import Secret, hidden, scrub
from aicore_magics.errors import AICoreError, Busy, CredentialsRefused, NotAICore, ServerError, Unreachable
from aicore_magics.http.deadline import Deadline, Retry
from aicore_magics.http.messages import Bearer, CertificateRefused, NoAuth, Response, ResponseLost
from aicore_magics.next_steps import AGAIN, Effect, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.service_key import ServiceKey
    from aicore_magics.http.transport import Transport

LIFE_USED = 0.9  # of a token's life, then it is renewed; a fixed margin would outlive short tokens
UNTOLD_SECONDS = 60.0  # RFC 6749 leaves expires_in optional
_LONGEST = 1e9
_REMEMBERED = 3
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500
_TOKEN = re.compile(r"[\x21-\x7e]+")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class _Token:
    """A token, when it was asked for plus nine tenths of its life, and the seconds of that life."""

    text: Secret
    renew_at: float
    expires_in: int


class ClientCredentials:
    """The token of one service key, kept for nine tenths of its life. Safe to share among threads.

    Those that need one at the same time wait for the first to get it, each for half of its own time at most:
    then it asks itself.
    """

    def __init__(
        self, key: ServiceKey, transport: Transport, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._key = key
        self._transport = transport
        self._clock = clock
        self._turn = PerProcess(threading.Lock)
        # Replaced as a whole, so that nobody need wait in order to read it, or to drop it.
        self._token: _Token | None = None
        self._given: tuple[Secret, ...] = ()  # the last tokens, also those that were dropped

    def bearer(self, deadline: Deadline) -> Bearer:
        """Give the token for a request; ask for one first if there is none, or it is about to end.

        Raises CredentialsRefused, NotAICore, ServerError, Busy, Unreachable or CertificateNotTrusted.
        Whatever it raises, no change was asked of AI Core.
        """
        return Bearer((self._good() or self._in_turn(deadline)).text)

    def forget(self) -> None:
        """Drop the token, so that the next request asks for another."""
        self._token = None

    @property
    def expires_in(self) -> int:
        """The seconds that the token lives, as it was given; 0 without one."""
        token = self._token
        return token.expires_in if token else 0

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Everything that must never be seen in a server's answer."""
        return (*self._key.secrets, *self._given)

    def _good(self) -> _Token | None:
        token = self._token
        return token if token and self._clock() < token.renew_at else None

    def _in_turn(self, deadline: Deadline) -> _Token:
        """A new token: that of whoever asks for one now, or one that is asked for here."""
        turn = self._turn()
        mine = turn.acquire(timeout=min(deadline.left() / 2, threading.TIMEOUT_MAX))
        try:
            return self._good() or self._renewed(deadline)
        finally:
            if mine:
                turn.release()

    def _renewed(self, deadline: Deadline) -> _Token:
        asked_at = self._clock()
        answer = self._ask(deadline)
        data = answer.json()
        token = data.get("access_token") if isinstance(data, dict) else None
        # A token travels in a header: only what a header can carry is one.
        if not answer.ok or not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise _refusal(answer, self._key)
        life = data.get("expires_in")
        if isinstance(life, bool) or not isinstance(life, (int, float)) or not 0 < life <= _LONGEST:
            life = UNTOLD_SECONDS
        fresh = _Token(Secret(token), asked_at + LIFE_USED * life, int(life))
        # A refusal may repeat the token that was dropped for it.
        self._given = (*self._given[1 - _REMEMBERED :], fresh.text)
        self._token = fresh
        return fresh

    def _ask(self, deadline: Deadline) -> Response:
        """Ask, and again after trouble that may pass: a token may be asked for any number of times."""
        try:
            return Retry(deadline).send(
                lambda: self._ask_once(deadline),
                passes=lambda answer: answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR,
                after_lost=lambda lost: not isinstance(lost, CertificateRefused),
            )
        except Unreachable as error:
            error.again = False  # these were all the attempts
            raise
        except ResponseLost as error:
            lost = error.with_traceback(None)
        raise self._no_answer(lost)

    def _ask_once(self, deadline: Deadline) -> Response:
        return self._transport.send(
            "POST",
            self._key.token_url,
            auth=NoAuth(),
            deadline=deadline.attempt(),
            body=self._form(),
            content_type=_FORM,
        )

    def _no_answer(self, lost: ResponseLost) -> AICoreError:
        host = self._key.auth.host
        if isinstance(lost, CertificateRefused):
            return CredentialsRefused(
                f"{host} does not accept the certificate of the {self._key.source}",
                next="x509 keys expire after seven days by default: create a new service key.",
            )
        silent = Unreachable(
            f"{host} sent no token: no answer arrived",
            Effect.NOTHING_CHANGED,
            (AGAIN, "; if it fails again, check network, VPN and proxy."),
        )
        silent.again = False
        return silent

    def _form(self) -> Secret:
        """The request's form. With a certificate only the client's id is in it."""
        proof = self._key.proof
        secret = {"client_secret": proof.reveal()} if isinstance(proof, Secret) else {}
        return Secret(
            urlencode({"grant_type": "client_credentials", "client_id": self._key.client_id, **secret})
        )


def _refusal(answer: Response, key: ServiceKey) -> AICoreError:
    """What the token service's answer means, when it is no token."""
    host = key.auth.host
    if answer.not_an_api() or answer.ok:
        what = scrub(answer.not_an_api(), *key.secrets, *hidden()) or "something that is not a token"
        return NotAICore(
            f"{host} answered with {what}",
            next="a proxy may have answered, or the address is wrong: check url in the service key.",
        )
    if answer.status == _TOO_MANY:
        return Busy(f"{host} is rate limiting requests for a token", next="retry in a minute.")
    if answer.status >= _SERVER_ERROR:
        return ServerError(
            f"{host} failed to issue a token ({answer.status})",
            next=(AGAIN, "."),
        )
    if answer.status == _NOT_FOUND:
        return NotAICore(
            f"{host} has no token service there (404)",
            next="the address is wrong: check url in the service key.",
        )
    return CredentialsRefused(
        f"AI Core refuses the client of {key.source} ({_code(answer, key)})",
        next=("create a new service key, then ", do("connect-key")),
    )


def _code(answer: Response, key: ServiceKey) -> str:
    """The token service's own word for it, such as invalid_client."""
    data = answer.json()
    code = data.get("error") if isinstance(data, dict) else None
    if not isinstance(code, str) or not code:
        return str(answer.status)
    return scrub(code, *key.secrets, *hidden(), limit=40)
