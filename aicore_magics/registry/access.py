"""Who may come in: from the first request to a registry's answer about a manifest, or to a Verdict.

Status and headers decide, then the body: a gateway in front of a registry refuses with a page of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from aicore_magics.base.aside import Aside
from aicore_magics.http.messages import Basic
from aicore_magics.registry.api import (
    NOBODY,
    PING,
    RegistryApi,
    forbids_in_no_words,
    message_of,
    says_registry,
    shows_registry,
)
from aicore_magics.registry.auth import chosen
from aicore_magics.registry.manifest_answer import ManifestAnswer, Wanted
from aicore_magics.registry.redirects import Astray, Forwarded
from aicore_magics.registry.scopes import grants_pull, scopes_for
from aicore_magics.registry.strangers import Stranger
from aicore_magics.registry.tokens import (
    FORBIDDEN,
    NO_RESPONSE,
    NOT_FOUND,
    REFUSED,
    TOO_MANY,
    UNAUTHORIZED,
    Tokens,
)
from aicore_magics.registry.verdict import Verdict

if TYPE_CHECKING:
    from aicore_magics.http.messages import Authorization, Bearer, Response
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.registry.auth import Challenge
    from aicore_magics.registry.manifest_answer import Entered
    from aicore_magics.registry.verdict_texts import Verdicts

_OF_PROXY, _SERVER_ERROR = 407, 500
_ENDS = "(?:token|credentials?|login|password|secret|key|session|account)"
_ENDED = re.compile(rf"(?i)\b{_ENDS}\b[^.]{{0,60}}\bexpired\b|\bexpired {_ENDS}\b|\A\W*expired\W*\Z")


@dataclass(frozen=True, slots=True)
class Access:
    """The way of *login*, or of nobody in particular, into the registry behind *api*.

    Each step returns what it was asked for, or the verdict with which the check ends there. *realms* are
    hosts that the login may be sent to beside the registry's own; *stranger* is tried where the login is.
    """

    api: RegistryApi
    verdicts: Verdicts
    login: RegistryLogin | None
    realms: tuple[str, ...] = ()
    stranger: Stranger = field(default_factory=partial(Stranger, tries=False))

    def manifest(self, path: str, repository: str) -> ManifestAnswer | Verdict:
        """Return what the registry answers to whom it lets in: to nobody in particular, or to the login."""
        first = self.first(path)
        if isinstance(first, Verdict):
            return first
        wanted = Wanted(path, repository, first)
        return self._let_in(wanted) if first.status == UNAUTHORIZED else self._open(wanted)

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

    def _let_in(self, wanted: Wanted) -> ManifestAnswer | Verdict:
        """The manifest where the registry has asked who is there."""
        if isinstance(wanted.first, Forwarded):
            return self.verdicts.asked_elsewhere(wanted.first)
        challenge = self.challenge(wanted.first)
        if isinstance(challenge, Verdict):
            return challenge
        found = self._as_nobody(challenge, wanted) if challenge.scheme == "bearer" else None
        if found:
            return found
        return self._with_login(challenge, wanted) if self.login else self.verdicts.needs_login(wanted.first)

    def _open(self, wanted: Wanted) -> ManifestAnswer | Verdict:
        """The manifest where the registry has not asked who is there; a login is tried all the same."""
        first = wanted.first
        ping = self.api.first(PING) if self.login or not says_registry(first) else None
        no_registry = self._no_registry(first, ping) if ping and not says_registry(first) else None
        if no_registry:
            return no_registry
        if isinstance(ping, Forwarded):
            # What another host asks for, it does not ask of this registry's login.
            ping = None
        challenge = self.challenge(ping) if ping and ping.status == UNAUTHORIZED else None
        if isinstance(challenge, Verdict):
            return challenge
        if challenge and self.login and not first.ok:
            return self._with_login(challenge, wanted)
        if first.ok:
            refusal = self.login_refusal(challenge, wanted.repository) if challenge else None
        else:
            refusal = self._shut(first, ping)
        if refusal:
            return refusal
        # A HEAD has brought no body.
        answer = first if first.body or not first.ok else self.ask(wanted.path, NOBODY)
        if isinstance(answer, Verdict):
            return answer
        return ManifestAnswer(answer, NOBODY, "public" if challenge else "public, not tried", wanted.path)

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

    def _as_nobody(self, challenge: Challenge, wanted: Wanted) -> ManifestAnswer | Verdict | None:
        """The manifest, if the token that anybody gets lets it be pulled; the login is tried all the same."""
        granted = self._tokens.for_nobody(challenge, wanted.repository, needed=self.login is None)
        if granted is None or isinstance(granted, Verdict):
            return granted
        bearer, token = granted
        opens = grants_pull(token, scopes_for(challenge, wanted.repository))
        if self.login and not opens:
            # What a token says of itself saves a request; of one that says nothing, the registry has to.
            return None if opens is False else self._beside(bearer, challenge, wanted)
        answer = self.ask(wanted.path, bearer)
        if isinstance(answer, Verdict):
            return answer
        if answer.status in REFUSED:
            return None if self.login else self.refusal(answer, judged=True)
        refusal = self.login_refusal(challenge, wanted.repository) if self.login else None
        return refusal or ManifestAnswer(answer, bearer, "public", wanted.path)

    def _beside(self, nobodys: Bearer, challenge: Challenge, wanted: Wanted) -> ManifestAnswer | Verdict:
        """The manifest that the login opens; beside it, whether the token that anybody gets does."""
        trial = Aside(lambda: self.api.ask(wanted.path, nobodys), name="nobody")
        found = self._with_login(challenge, wanted)
        if isinstance(found, Verdict) or not found.answer.ok:
            return found
        try:
            answer = trial.result(self.api.seconds_left)
        except (*NO_RESPONSE, TimeoutError):
            return found
        same = answer.ok and answer.body == found.answer.body
        return ManifestAnswer(answer, nobodys, "public", wanted.path) if same else found

    def _with_login(self, challenge: Challenge, wanted: Wanted) -> ManifestAnswer | Verdict:
        """The manifest that the login opens."""
        auth = self._authorization(challenge, wanted.repository, wanted.path)
        if isinstance(auth, Verdict):
            return auth
        answer = self.ask(wanted.path, auth)
        if isinstance(answer, Verdict):
            return answer
        if forbids_in_no_words(answer) and forbids_in_no_words(wanted.first):
            return self.verdicts.unclear(answer)
        if answer.status in REFUSED:
            return self.refusal(answer, judged=challenge.scheme == "bearer")
        if answer.ok:
            self.stranger.begin()
        guest = isinstance(answer, Forwarded) and answer.as_guest
        return ManifestAnswer(answer, auth, "elsewhere" if guest else "ok", wanted.path)

    def further(self, answer: Response, path: str, repository: str) -> Authorization | Verdict:
        """Return what the login asks for *path* with, where nobody in particular got *answer* to it."""
        if self.login is None:
            return self.verdicts.needs_login(answer)
        challenge = self.challenge(answer)
        if isinstance(challenge, Verdict):
            return challenge
        return self._authorization(challenge, repository, path)

    def entered(self, found: ManifestAnswer) -> Entered:
        """Return how *found* was come by, now that it is known whether any login would have done."""
        if found.entered == "public":
            return "public, any login" if self.judges_nobody() else "public"
        anybody = self._anybody() if found.entered == "ok" else None
        try:
            opened = self.api.ask(found.path, anybody) if anybody else None
        except NO_RESPONSE:
            return "ok"
        same = opened and opened.ok and opened.body == found.answer.body
        return "any login" if same else found.entered

    def judges_nobody(self) -> bool:
        """Whether it is known that the registry lets in a user whom nobody knows."""
        return self._anybody() is not None

    def _anybody(self) -> Authorization | None:
        """What lets in a user whom nobody knows, if that is known."""
        return self.stranger.entry(self.api.seconds_left)

    def refusal(self, answer: Response, *, judged: bool) -> Verdict:
        """Return why the login may not have this. *judged*: the login itself has been found good before."""
        if isinstance(answer, Forwarded):
            return self.verdicts.asked_elsewhere(answer)
        # Amazon ECR says 403 and "expired" of a login that was good once.
        ended = _ENDED.search(message_of(answer))
        if not judged and (answer.status == UNAUTHORIZED or ended):
            return self.verdicts.bad_credentials(answer, here=not ended)
        return self.verdicts.no_access(answer, accepted=judged and not self.judges_nobody())

    def login_refusal(self, challenge: Challenge, repository: str = "") -> Verdict | None:
        """Return the verdict if the registry does not accept the login, whatever may be pulled with it."""
        auth = self._authorization(challenge, repository, PING)
        if isinstance(auth, Verdict):
            return auth
        refusal = self._ping_refusal(auth) if challenge.scheme == "basic" else None
        if refusal is None:
            self.stranger.begin()
        return refusal

    def _ping_refusal(self, auth: Authorization) -> Verdict | None:
        answer = self.ask(PING, auth)
        if isinstance(answer, Verdict):
            return answer
        if answer.status in REFUSED:
            return self.verdicts.bad_credentials(answer)
        return None if answer.ok and not answer.not_an_api() else self.verdicts.unclear(answer)

    def _authorization(self, challenge: Challenge, repository: str, path: str) -> Authorization | Verdict:
        """The header for the login, which is about to ask for *path*: itself, or the token that it gets."""
        assert self.login is not None  # noqa: S101
        tokens, basic = self._tokens, challenge.scheme == "basic"

        def let_in(stranger: Basic) -> Authorization | None:
            if not basic:
                return tokens.for_stranger(challenge, repository, stranger)
            answer = self.api.ask(path, stranger)
            return stranger if answer.ok and not answer.not_an_api() else None

        self.stranger.prepare(let_in)
        if not repository:
            # A login alone: nothing follows that would take as long.
            self.stranger.begin()
        if basic:
            return Basic(self.login.username, self.login.password)
        return tokens.for_login(challenge, repository, self.login)

    @property
    def _tokens(self) -> Tokens:
        return Tokens(self.api, self.verdicts, self.realms)

    def challenge(self, answer: Response) -> Challenge | Verdict:
        """Return the challenge in *answer* that can be met."""
        header = answer.headers.get("www-authenticate", "")
        if not header:
            return self.verdicts.untold("asks for a login, but does not say how")
        return chosen(header) or self.verdicts.other_login(answer)

    def ask(self, path: str, auth: Authorization) -> Response | Verdict:
        """Ask for *path* with *auth*."""
        answer = self.api.ask(path, auth)
        return self.limited(answer) or answer

    def _trouble(self, answer: Response) -> Verdict | None:
        """The verdict if somebody on the way, or a registry in trouble, has answered: that judges nothing."""
        if answer.status >= _SERVER_ERROR or answer.status == _OF_PROXY:
            return self.verdicts.unclear(answer)
        return self.verdicts.unclear(answer) if isinstance(answer, Astray) else self.limited(answer)

    def limited(self, answer: Response) -> Verdict | None:
        """Return the verdict if *answer* asks to wait."""
        return self.verdicts.limited(answer) if answer.status == TOO_MANY else None
