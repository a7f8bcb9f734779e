"""The token service that a challenge names: what it is asked, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import Basic, ResponseLost
from aicore_magics.registry.api import NOBODY, RegistryApi, forbids_in_no_words
from aicore_magics.registry.auth import bearer_in, realm_of
from aicore_magics.registry.scopes import token_query
from aicore_magics.registry.verdict import Verdict

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Authorization, Bearer, Response
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.registry.auth import Challenge
    from aicore_magics.registry.verdict_texts import Verdicts

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY = 401, 403, 404, 429
REFUSED = (UNAUTHORIZED, FORBIDDEN)
_NOBODYS_SECONDS = 5.0  # for a token that is not needed
NO_RESPONSE = (Unreachable, CertificateNotTrusted, ResponseLost)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens for the registry behind *api*, where *realms* may be sent the login beside its own host."""

    api: RegistryApi
    verdicts: Verdicts
    realms: tuple[str, ...] = ()

    def ask(
        self, challenge: Challenge, repository: str, auth: Authorization, seconds: float | None = None
    ) -> Response | Verdict:
        """Ask the service of *challenge* for a token, to pull *repository* if there is one."""
        self.verdicts.note_service(challenge.parameters.get("service", ""))
        realm = realm_of(challenge.parameters.get("realm", ""), self.api.host, self.realms)
        if not realm.host:
            return self.verdicts.untold("names no usable address for a token")
        if realm.refusal:
            return self.verdicts.elsewhere(realm.refusal, realm.host if realm.may_be_named else "")
        return self.api.token(realm.url, token_query(challenge, repository), auth, seconds)

    def for_login(self, challenge: Challenge, repository: str, login: RegistryLogin) -> Bearer | Verdict:
        """Return the token that *login* gets."""
        answer = self.ask(challenge, repository, Basic(login.username, login.password))
        if isinstance(answer, Verdict):
            return answer
        granted = bearer_in(answer)
        if granted is None:
            return self._refusal(answer, challenge, repository)
        bearer, token = granted
        self.verdicts.hide(token)
        return bearer

    def for_stranger(self, challenge: Challenge, repository: str, login: Basic) -> Bearer | None:
        """Return the token that the made-up *login* gets, or None."""
        answer = self.ask(challenge, repository, login)
        granted = None if isinstance(answer, Verdict) else bearer_in(answer)
        return granted[0] if granted else None

    def for_nobody(
        self, challenge: Challenge, repository: str, *, needed: bool
    ) -> tuple[Bearer, Secret] | Verdict | None:
        """Return the token that anybody gets. Unless it is *needed*, it does not matter why there is none."""
        # The login is to have its turn, however long this takes.
        seconds = None if needed else min(_NOBODYS_SECONDS, self.api.seconds_left / 3)
        try:
            answer = self.ask(challenge, repository, NOBODY, seconds)
        except NO_RESPONSE:
            if needed:
                raise
            return None
        if isinstance(answer, Verdict):
            return answer
        granted = bearer_in(answer)
        # A page that asks for no login, or forbids, may be a gateway's, which nobody has got past yet.
        asks = answer.status == UNAUTHORIZED and "www-authenticate" in answer.headers
        if granted or not needed or asks or (answer.status in REFUSED and not answer.not_an_api()):
            return granted
        return self.verdicts.limited(answer) if answer.status == TOO_MANY else self._no_token(answer)

    def _refusal(self, answer: Response, challenge: Challenge, repository: str) -> Verdict:
        """Why a login got *answer*, and no token."""
        if answer.status == TOO_MANY:
            return self.verdicts.limited(answer)
        if forbids_in_no_words(answer):
            nobodys = self.ask(challenge, repository, NOBODY)
            if not isinstance(nobodys, Verdict) and forbids_in_no_words(nobodys):
                return self.verdicts.unclear(answer)
        return self.verdicts.bad_credentials(answer) if answer.status in REFUSED else self._no_token(answer)

    def _no_token(self, answer: Response) -> Verdict:
        return self.verdicts.untold("sends no token") if answer.ok else self.verdicts.unclear(answer)
