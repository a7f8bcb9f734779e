"""Who may come in: from the first request to a registry's answer about a manifest, or to a Verdict.

Status and headers decide, then the body: a gateway in front of a registry refuses with a page of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import Basic, ResponseLost
from aicore_magics.registry.api import (
    NOBODY,
    RegistryApi,
    forbids_in_no_words,
    message_of,
    says_registry,
    shows_registry,
)
from aicore_magics.registry.auth import bearer_in, chosen, grants_pull, realm_of
from aicore_magics.registry.verdict import Verdict

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Authorization, Bearer, Response
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.registry.auth import Challenge
    from aicore_magics.registry.verdict_texts import Verdicts

UNAUTHORIZED, FORBIDDEN, NOT_FOUND, _OF_PROXY, _TOO_MANY, _SERVER_ERROR = 401, 403, 404, 407, 429, 500
REFUSED = (UNAUTHORIZED, FORBIDDEN)
NO_RESPONSE = (Unreachable, CertificateNotTrusted, ResponseLost)
PING = "/v2/"


@dataclass(frozen=True, slots=True)
class ManifestAnswer:
    """What the registry answered about a manifest, what it was asked with, and the outcome if all is well."""

    answer: Response
    auth: Authorization
    outcome: Literal["ok", "public", "public, not tried"]

    @property
    def for_login(self) -> bool:
        """Whether the login got it, and not just anybody."""
        return self.outcome == "ok"


@dataclass(frozen=True, slots=True)
class Access:
    """The way of *login*, or of nobody in particular, into the registry behind *api*.

    Each step returns what it was asked for, or the verdict with which the check ends there. *realms* are
    hosts that the login may be sent to beside the registry's own.
    """

    api: RegistryApi
    verdicts: Verdicts
    login: RegistryLogin | None
    realms: tuple[str, ...] = ()

    def manifest(self, path: str, repository: str) -> ManifestAnswer | Verdict:
        """Return what the registry answers to whom it lets in: to nobody in particular, or to the login."""
        first = self.first(path)
        if isinstance(first, Verdict):
            return first
        if first.status == UNAUTHORIZED:
            return self._let_in(first, path, repository)
        return self._open(first, path, repository)

    def first(self, path: str) -> Response | Verdict:
        """Return the answer to the first request, which has no login with it."""
        answer = self.api.first(path)
        trouble = self._trouble(answer)
        if trouble:
            return trouble
        asks = answer.status == UNAUTHORIZED and answer.headers.get("www-authenticate", "")
        # Behind a page that forbids or finds nothing there may be a registry all the same: see `_open`.
        if not asks and not says_registry(answer) and answer.status not in (FORBIDDEN, NOT_FOUND):
            return self.verdicts.not_a_registry(answer)
        return answer

    def _let_in(self, first: Response, path: str, repository: str) -> ManifestAnswer | Verdict:
        """The manifest where the registry has asked who is there."""
        challenge = self.challenge(first)
        if isinstance(challenge, Verdict):
            return challenge
        found = self._as_nobody(challenge, path, repository) if challenge.scheme == "bearer" else None
        if found:
            return found
        if not self.login:
            return self.verdicts.needs_login(first)
        return self._with_login(challenge, path, repository, first)

    def _open(self, first: Response, path: str, repository: str) -> ManifestAnswer | Verdict:
        """The manifest where the registry has not asked who is there; a login is tried all the same."""
        ping = self.api.first(PING) if self.login or not says_registry(first) else None
        no_registry = self._no_registry(first, ping) if ping and not says_registry(first) else None
        if no_registry:
            return no_registry
        challenge = self.challenge(ping) if ping and ping.status == UNAUTHORIZED else None
        if isinstance(challenge, Verdict):
            return challenge
        if challenge and self.login and not first.ok:
            return self._with_login(challenge, path, repository, first)
        if first.ok:
            refusal = self.login_refusal(challenge, repository) if challenge else None
        else:
            refusal = self._shut(first, ping)
        if refusal:
            return refusal
        # A HEAD has brought no body.
        answer = first if first.body or not first.ok else self.ask(path, NOBODY)
        if isinstance(answer, Verdict):
            return answer
        return ManifestAnswer(answer, NOBODY, "public" if challenge else "public, not tried")

    def _no_registry(self, first: Response, ping: Response) -> Verdict | None:
        """The verdict if nothing shows a registry behind a page that forbids or finds nothing."""
        trouble = self._trouble(ping)
        if trouble or shows_registry(ping):
            return trouble
        # A page that forbids may be a gateway's, in front of whatever there is.
        if first.status == FORBIDDEN:
            return self.verdicts.unclear(first)
        return self.verdicts.not_a_registry(first)

    def _shut(self, first: Response, ping: Response | None) -> Verdict | None:
        """The verdict if nobody may have the manifest, and no login could be tried."""
        if ping:
            if ping.status == UNAUTHORIZED and first.status == NOT_FOUND:
                return self.verdicts.needs_login(ping)
            trouble = self._trouble(ping)
            if trouble:
                return trouble
            if ping.not_an_api():
                # Whether it asks for a login is not known, and so not what it would give for one.
                return self.verdicts.unclear(ping)
        if first.status != FORBIDDEN:
            return None
        return self.verdicts.unclear(first) if first.not_an_api() else self.verdicts.untried(first)

    def _as_nobody(self, challenge: Challenge, path: str, repository: str) -> ManifestAnswer | Verdict | None:
        """The manifest, if the token that anybody gets lets it be pulled; the login is tried all the same."""
        granted = self._nobodys_token(challenge, repository)
        if granted is None or isinstance(granted, Verdict):
            return granted
        bearer, token = granted
        if self.login and not grants_pull(token, repository):
            return None
        answer = self.ask(path, bearer)
        if isinstance(answer, Verdict):
            return answer
        if answer.status in REFUSED:
            return None if self.login else self.refusal(answer, judged=True)
        refusal = self.login_refusal(challenge, repository) if self.login else None
        return refusal or ManifestAnswer(answer, bearer, "public")

    def _nobodys_token(self, challenge: Challenge, repository: str) -> tuple[Bearer, Secret] | Verdict | None:
        """The token that anybody gets. Where there is a login, it does not matter why there is none."""
        try:
            answer = self._token(challenge, repository, NOBODY)
        except NO_RESPONSE:
            if not self.login:
                raise
            return None
        if isinstance(answer, Verdict):
            return answer
        granted = bearer_in(answer)
        # A page that asks for no login, or forbids, may be a gateway's, which nobody has got past yet.
        asks = answer.status == UNAUTHORIZED and "www-authenticate" in answer.headers
        if granted or self.login or asks or (answer.status in REFUSED and not answer.not_an_api()):
            return granted
        return self.limited(answer) or self._no_token(answer)

    def _with_login(
        self, challenge: Challenge, path: str, repository: str, first: Response
    ) -> ManifestAnswer | Verdict:
        """The manifest that the login opens; *first* is what nobody got in its place."""
        auth = self._authorization(challenge, repository)
        if isinstance(auth, Verdict):
            return auth
        answer = self.ask(path, auth)
        if isinstance(answer, Verdict):
            return answer
        if forbids_in_no_words(answer) and forbids_in_no_words(first):
            return self.verdicts.unclear(answer)
        if answer.status in REFUSED:
            return self.refusal(answer, judged=challenge.scheme == "bearer")
        return ManifestAnswer(answer, auth, "ok")

    def refusal(self, answer: Response, *, judged: bool) -> Verdict:
        """Return why the login may not have this. *judged*: the login itself has been found good before."""
        # Amazon ECR says 403 and "expired" of a login that was good once.
        ended = "expired" in message_of(answer).lower()
        if not judged and (answer.status == UNAUTHORIZED or ended):
            return self.verdicts.bad_credentials(answer)
        return self.verdicts.no_access(answer, accepted=judged)

    def login_refusal(self, challenge: Challenge, repository: str = "") -> Verdict | None:
        """Return the verdict if the registry does not accept the login, whatever may be pulled with it."""
        auth = self._authorization(challenge, repository)
        if isinstance(auth, Verdict):
            return auth
        if challenge.scheme != "basic":
            return None
        answer = self.ask(PING, auth)
        if isinstance(answer, Verdict):
            return answer
        if answer.status in REFUSED:
            return self.verdicts.bad_credentials(answer)
        return None if answer.ok and not answer.not_an_api() else self.verdicts.unclear(answer)

    def _authorization(self, challenge: Challenge, repository: str) -> Authorization | Verdict:
        """The header for the login: the login itself, or the token that it gets."""
        assert self.login is not None  # noqa: S101
        basic = Basic(self.login.username, self.login.password)
        if challenge.scheme == "basic":
            return basic
        answer = self._token(challenge, repository, basic)
        if isinstance(answer, Verdict):
            return answer
        granted = bearer_in(answer)
        if granted is None:
            return self._token_refusal(answer, challenge, repository)
        bearer, token = granted
        self.verdicts.hide(token)
        return bearer

    def _token_refusal(self, answer: Response, challenge: Challenge, repository: str) -> Verdict:
        """Why the login got *answer*, and no token."""
        if answer.status == _TOO_MANY:
            return self.verdicts.limited(answer)
        if forbids_in_no_words(answer):
            nobodys = self._token(challenge, repository, NOBODY)
            if not isinstance(nobodys, Verdict) and forbids_in_no_words(nobodys):
                return self.verdicts.unclear(answer)
        return self.verdicts.bad_credentials(answer) if answer.status in REFUSED else self._no_token(answer)

    def _token(self, challenge: Challenge, repository: str, auth: Authorization) -> Response | Verdict:
        realm = realm_of(challenge.parameters.get("realm", ""), self.api.host, self.realms)
        if realm.refusal:
            return self.verdicts.elsewhere(realm.refusal, realm.host)
        query = {}
        if challenge.parameters.get("service"):
            query["service"] = challenge.parameters["service"]
        if repository:
            # Exactly this, whatever the challenge asks for: a token for more may be refused.
            query["scope"] = f"repository:{repository}:pull"
        return self.api.token(realm.url, query, auth)

    def _no_token(self, answer: Response) -> Verdict:
        return self.verdicts.untold("gives no token") if answer.ok else self.verdicts.unclear(answer)

    def challenge(self, answer: Response) -> Challenge | Verdict:
        """Return the challenge in *answer* that can be met."""
        header = answer.headers.get("www-authenticate", "")
        if not header:
            return self.verdicts.untold("asks for a login, and does not say how")
        return chosen(header) or self.verdicts.other_login(answer)

    def ask(self, path: str, auth: Authorization) -> Response | Verdict:
        """Ask for *path* with *auth*."""
        answer = self.api.ask(path, auth)
        return self.limited(answer) or answer

    def _trouble(self, answer: Response) -> Verdict | None:
        """The verdict if somebody on the way, or a registry in trouble, has answered: that judges nothing."""
        if answer.status >= _SERVER_ERROR or answer.status == _OF_PROXY:
            return self.verdicts.unclear(answer)
        return self.limited(answer)

    def limited(self, answer: Response) -> Verdict | None:
        """Return the verdict if *answer* asks to wait."""
        return self.verdicts.limited(answer) if answer.status == _TOO_MANY else None
