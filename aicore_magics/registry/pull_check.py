"""The way through a registry's answers: who may come in, with what, and what is behind an image's name.

Status and headers decide, then the body: a gateway in front of a registry refuses with a page of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias
from urllib.parse import quote

from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import Basic, ResponseLost
from aicore_magics.registry.api import (
    LARGEST_CONFIG,
    NOBODY,
    RegistryApi,
    forbids_in_no_words,
    message_of,
    says_registry,
    shows_registry,
)
from aicore_magics.registry.auth import bearer_in, chosen, grants_pull, realm_of
from aicore_magics.registry.manifests import Index, Single, matches, read_manifest, read_platform
from aicore_magics.registry.verdict import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Authorization, Bearer, Response
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.registry.auth import Challenge
    from aicore_magics.registry.verdict import Verdict
    from aicore_magics.registry.verdict_texts import Verdicts

    # A manifest, what it was asked with, and the outcome where nothing else comes up; was a login tried?
    _Found: TypeAlias = tuple[Response, Authorization, Literal["ok", "public", "public, not tried"]]

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _OF_PROXY, _TOO_MANY, _SERVER_ERROR = 401, 403, 404, 407, 429, 500
_NO = (_UNAUTHORIZED, _FORBIDDEN)
_PING = "/v2/"


class _Over(Exception):
    """The check has come to its end."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.outcome)
        self.verdict = verdict


class Steps:
    """The steps of one check: each goes on, or raises _Over with the verdict."""

    def __init__(
        self, api: RegistryApi, tell: Verdicts, login: RegistryLogin | None, realms: tuple[str, ...]
    ) -> None:
        self._api = api
        self._tell = tell
        self._login = login
        self._realms = realms

    def run(self, steps: Callable[[], NoReturn]) -> Verdict:
        """Give the verdict that *steps* come to."""
        try:
            steps()
        except _Over as over:
            return replace(over.verdict, encrypted=self._api.encrypted)
        except (Unreachable, CertificateNotTrusted, ResponseLost) as error:
            return self._tell.lost(error, on_this_machine=self._api.on_this_machine)

    def image(self, image: ImageReference) -> NoReturn:
        """Find out whether the image can be pulled."""
        repository = f"/v2/{quote(image.path)}"
        path = f"{repository}/manifests/{quote(image.digest or image.tag or 'latest', safe=':')}"
        first = self._first(path)
        if first.status == _UNAUTHORIZED:
            answer, auth, outcome = self._let_in(first, path, image.path)
        else:
            answer, auth, outcome = self._open(first, path, image.path)
        if answer.status == _NOT_FOUND:
            self._missing(answer, repository, auth)
        manifest = read_manifest(self._body(answer, image.digest))
        if isinstance(manifest, str):
            raise _Over(self._tell.unsupported(manifest))
        if isinstance(manifest, Index):
            size = self._of_index(manifest, repository, auth, given=outcome == "ok")
        else:
            size = self._of_single(manifest, repository, auth, given=outcome == "ok")
        raise _Over(self._tell.fine(outcome, PLATFORM, size))

    def login_alone(self) -> NoReturn:
        """Find out whether the login is accepted."""
        first = self._first(_PING)
        if first.ok:
            raise _Over(self._tell.asks_nobody())
        if first.status != _UNAUTHORIZED:
            over = self._tell.not_a_registry if first.status == _NOT_FOUND else self._tell.unclear
            raise _Over(over(first))
        self._try_alone(self._challenge(first))
        raise _Over(self._tell.accepted())

    def _first(self, path: str) -> Response:
        answer = self._heard(self._api.first(path))
        asks = answer.status == _UNAUTHORIZED and answer.headers.get("www-authenticate", "")
        # Behind a page that forbids or finds nothing there may be a registry all the same: see `_open`.
        if not asks and not says_registry(answer) and answer.status not in (_FORBIDDEN, _NOT_FOUND):
            raise _Over(self._tell.not_a_registry(answer))
        return answer

    def _heard(self, answer: Response) -> Response:
        """Go on unless somebody on the way, or a registry in trouble, has answered: that judges nothing."""
        if answer.status >= _SERVER_ERROR or answer.status == _OF_PROXY:
            raise _Over(self._tell.unclear(answer))
        return self._unlimited(answer)

    def _let_in(self, first: Response, path: str, repository: str) -> _Found:
        """The manifest where the registry has asked who is there."""
        challenge = self._challenge(first)
        found = self._as_nobody(challenge, path, repository) if challenge.scheme == "bearer" else None
        if found:
            return found
        if not self._login:
            raise _Over(self._tell.needs_login(first))
        return self._with_login(challenge, path, repository, first)

    def _open(self, first: Response, path: str, repository: str) -> _Found:
        """The manifest where the registry has not asked who is there; a login is tried all the same."""
        ping = self._api.first(_PING) if self._login or not says_registry(first) else None
        if ping and not (says_registry(first) or shows_registry(self._heard(ping))):
            # A page that forbids may be a gateway's, in front of whatever there is.
            forbids = first.status == _FORBIDDEN
            raise _Over(self._tell.unclear(first) if forbids else self._tell.not_a_registry(first))
        challenge = self._challenge(ping) if ping and ping.status == _UNAUTHORIZED else None
        if challenge and not first.ok and self._login:
            return self._with_login(challenge, path, repository, first)
        if challenge and ping and first.status == _NOT_FOUND:
            raise _Over(self._tell.needs_login(ping))
        if ping and not first.ok and self._heard(ping).not_an_api():
            # Whether it asks for a login is not known, and so not what it would give for one.
            raise _Over(self._tell.unclear(ping))
        if first.status == _FORBIDDEN:
            over = self._tell.unclear if first.not_an_api() else self._tell.untried
            raise _Over(over(first))
        if challenge:
            self._try_alone(challenge, repository)
        # A HEAD has brought no body.
        answer = first if first.body or not first.ok else self._unlimited(self._api.ask(path, NOBODY))
        return answer, NOBODY, "public" if challenge else "public, not tried"

    def _as_nobody(self, challenge: Challenge, path: str, repository: str) -> _Found | None:
        """The manifest, if the token that anybody gets lets it be pulled; the login is tried all the same."""
        bearer = self._nobodys_token(challenge, repository)
        if not bearer or (self._login and not grants_pull(bearer[1], repository)):
            return None
        answer = self._unlimited(self._api.ask(path, bearer[0]))
        if answer.status in _NO:
            if not self._login:
                self._refuse(answer, judged=True)
            return None
        if self._login:
            self._try_alone(challenge, repository)
        return answer, bearer[0], "public"

    def _nobodys_token(self, challenge: Challenge, repository: str) -> tuple[Bearer, Secret] | None:
        """The token that anybody gets. Where there is a login, it does not matter why there is none."""
        try:
            answer = self._token(challenge, repository, NOBODY)
        except (Unreachable, CertificateNotTrusted, ResponseLost):
            if not self._login:
                raise
            return None
        bearer = bearer_in(answer)
        # A page that asks for no login, or forbids, may be a gateway's, which nobody has got past yet.
        asks = answer.status == _UNAUTHORIZED and "www-authenticate" in answer.headers
        if bearer or self._login or asks or (answer.status in _NO and not answer.not_an_api()):
            return bearer
        raise _Over(self._no_token(self._unlimited(answer)))

    def _no_token(self, answer: Response) -> Verdict:
        return self._tell.untold("gives no token") if answer.ok else self._tell.unclear(answer)

    def _with_login(self, challenge: Challenge, path: str, repository: str, first: Response) -> _Found:
        """The manifest that the login opens; *first* is what nobody got in its place."""
        auth = self._authorization(challenge, repository)
        answer = self._unlimited(self._api.ask(path, auth))
        if forbids_in_no_words(answer) and forbids_in_no_words(first):
            raise _Over(self._tell.unclear(answer))
        if answer.status in _NO:
            self._refuse(answer, judged=challenge.scheme == "bearer")
        return answer, auth, "ok"

    def _refuse(self, answer: Response, *, judged: bool) -> NoReturn:
        """The login may not have this. *judged*: the login itself has been found good before."""
        # Amazon ECR says 403 and "expired" of a login that was good once.
        ended = "expired" in message_of(answer).lower()
        if not judged and (answer.status == _UNAUTHORIZED or ended):
            raise _Over(self._tell.bad_credentials(answer))
        raise _Over(self._tell.no_access(answer, accepted=judged))

    def _try_alone(self, challenge: Challenge, repository: str = "") -> None:
        """Let the registry judge the login, whatever may be pulled with it."""
        auth = self._authorization(challenge, repository)
        if challenge.scheme == "basic":
            answer = self._unlimited(self._api.ask(_PING, auth))
            if answer.status in _NO:
                raise _Over(self._tell.bad_credentials(answer))
            if not answer.ok or answer.not_an_api():
                raise _Over(self._tell.unclear(answer))

    def _authorization(self, challenge: Challenge, repository: str) -> Authorization:
        """The header for the login: the login itself, or the token that it gets."""
        assert self._login is not None  # noqa: S101
        basic = Basic(self._login.username, self._login.password)
        if challenge.scheme == "basic":
            return basic
        answer = self._unlimited(self._token(challenge, repository, basic))
        if forbids_in_no_words(answer) and forbids_in_no_words(self._token(challenge, repository, NOBODY)):
            raise _Over(self._tell.unclear(answer))
        if answer.status in _NO:
            raise _Over(self._tell.bad_credentials(answer))
        bearer = bearer_in(answer)
        if not bearer:
            raise _Over(self._no_token(answer))
        self._tell.hide(bearer[1])
        return bearer[0]

    def _token(self, challenge: Challenge, repository: str, auth: Authorization) -> Response:
        realm = realm_of(challenge.parameters.get("realm", ""), self._api.host, self._realms)
        if realm.refusal:
            raise _Over(self._tell.elsewhere(realm.refusal, realm.host))
        service = challenge.parameters.get("service", "")
        query = {
            **({"service": service} if service else {}),
            # Exactly this, whatever the challenge asks for: a token for more may be refused.
            **({"scope": f"repository:{repository}:pull"} if repository else {}),
        }
        return self._api.token(realm.url, query, auth)

    def _challenge(self, answer: Response) -> Challenge:
        header = answer.headers.get("www-authenticate", "")
        challenge = chosen(header)
        if challenge is None and not header:
            raise _Over(self._tell.untold("asks for a login, and does not say how"))
        if challenge is None:
            raise _Over(self._tell.other_login(answer))
        return challenge

    def _unlimited(self, answer: Response) -> Response:
        if answer.status == _TOO_MANY:
            raise _Over(self._tell.limited(answer))
        return answer

    def _body(self, answer: Response, digest: str | None, *, given: bool = False) -> bytes:
        """The body of a good answer, if it is what *digest* stands for; *given*: the login got a manifest."""
        if given and answer.status in _NO:
            self._refuse(answer, judged=True)
        if not answer.ok or answer.not_an_api():
            raise _Over(self._tell.unclear(answer))
        if digest and not matches(answer.body, digest):
            raise _Over(self._tell.untold("gave something else than its digest stands for"))
        return answer.body

    def _missing(self, answer: Response, repository: str, auth: Authorization) -> NoReturn:
        """A 404 may be about the tag or about the repository: its list of tags tells."""
        tags = self._unlimited(self._api.ask(f"{repository}/tags/list", auth))
        told = (tags.ok or tags.status == _NOT_FOUND) and not tags.not_an_api()
        there = tags.ok if told else None
        raise _Over(self._tell.missing(tags if there is False else answer, there=there))

    def _of_index(self, index: Index, repository: str, auth: Authorization, *, given: bool) -> int | None:
        """The size of the image in an index that AI Core would take."""
        if not index.child and not index.platforms:
            raise _Over(self._tell.untold("names no platform in its index"))
        if not index.child:
            raise _Over(self._tell.wrong_platform(index.platforms))
        child = self._unlimited(self._api.ask(f"{repository}/manifests/{index.child}", auth))
        manifest = read_manifest(self._body(child, index.child, given=given))
        if not isinstance(manifest, Single):
            reason = manifest if isinstance(manifest, str) else "It is an index of indexes."
            raise _Over(self._tell.unsupported(reason))
        return manifest.size

    def _of_single(self, image: Single, repository: str, auth: Authorization, *, given: bool) -> int | None:
        """The size of the image, if its own config says linux/amd64."""
        blob, here = self._api.blob(f"{repository}/blobs/{image.config}", auth)
        if len(self._unlimited(blob).body) > LARGEST_CONFIG:
            raise _Over(self._tell.unsupported("Its config is larger than 8 MiB."))
        platform = read_platform(self._body(blob, image.config, given=given and here))
        if not platform:
            raise _Over(self._tell.untold("does not say what the image is built for"))
        if platform != PLATFORM:
            raise _Over(self._tell.wrong_platform((platform,)))
        return image.size
