"""Would this login pull this image, on AI Core's platform? Asked of the registry, before anything is stored.

Challenge, token, manifest, and what it is built for. A login goes out only after a challenge, only over TLS
(or on this machine), and only to the registry's own host or a realm that `realm` allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn, TypeAlias
from urllib.parse import quote

from aicore_magics.authorization import Basic
from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.exchange import AnswerLost
from aicore_magics.names import Registry
from aicore_magics.registry.api import LARGEST_CONFIG, NOBODY, RegistryApi, says_registry
from aicore_magics.registry.challenge import chosen
from aicore_magics.registry.manifests import Index, Single, matches, read_manifest, read_platform
from aicore_magics.registry.realm import realm_of
from aicore_magics.registry.tokens import bearer_in, grants_pull
from aicore_magics.registry.wording import Telling
from aicore_magics.verdict import PLATFORM

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.authorization import Authorization
    from aicore_magics.docker_secret import RegistryLogin
    from aicore_magics.exchange import Answer
    from aicore_magics.images import ImageReference
    from aicore_magics.registry.challenge import Challenge
    from aicore_magics.timing import Deadline
    from aicore_magics.transport import Transport
    from aicore_magics.verdict import Verdict

    # A manifest, what it was asked with, and the outcome where nothing else comes up; was a login tried?
    _Found: TypeAlias = tuple[Answer, Authorization, Literal["ok", "public", "public, not tried"]]

_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_NO = (_UNAUTHORIZED, _FORBIDDEN)
_PING = "/v2/"


def check_image(
    image: ImageReference,
    login: RegistryLogin | None,
    *,
    transport: Transport,
    deadline: Deadline,
    realms: tuple[str, ...] = (),
) -> Verdict:
    """Tell whether *login*, or nobody in particular, can pull *image* on linux/amd64.

    *realms* are hosts that the login may be sent to beside the registry's own. At most four requests are sent
    where the registry wants a password, five where it wants a token. Whatever the registry does is a verdict.
    """
    api = RegistryApi(image.registry, transport, deadline)
    check = _Check(api, Telling(image.registry, login, image), login, realms)
    return check.run(lambda: check.image(image))


def check_login(
    login: RegistryLogin, *, transport: Transport, deadline: Deadline, realms: tuple[str, ...] = ()
) -> Verdict:
    """Tell whether the registry of *login* accepts it. What it may pull is not found out by that."""
    registry = registry_of(login)
    check = _Check(RegistryApi(registry, transport, deadline), Telling(registry, login), login, realms)
    return check.run(check.login_alone)


def registry_of(login: RegistryLogin) -> Registry:
    """Give the registry that *login* is for, also where its key holds a scheme or a path."""
    if isinstance(login.registry, Registry):
        return login.registry
    return Registry.parse(login.key.removeprefix("https://").removeprefix("http://").partition("/")[0])


class _Over(Exception):
    """The check has come to its end."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.outcome)
        self.verdict = verdict


class _Check:
    """One check: each step goes on, or raises _Over with the verdict."""

    def __init__(
        self, api: RegistryApi, tell: Telling, login: RegistryLogin | None, realms: tuple[str, ...]
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
            return over.verdict
        except (Unreachable, CertificateNotTrusted, AnswerLost) as error:
            return self._tell.lost(error)

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
        size = self._of_index(manifest, repository, auth) if isinstance(manifest, Index) else manifest.size
        if isinstance(manifest, Single):
            self._demand_platform(manifest, repository, auth)
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

    def _first(self, path: str) -> Answer:
        answer = self._api.first(path)
        if not says_registry(answer):
            raise _Over(self._tell.not_a_registry(answer))
        return self._unlimited(answer)

    def _let_in(self, first: Answer, path: str, repository: str) -> _Found:
        """The manifest where the registry has asked who is there."""
        challenge = self._challenge(first)
        found = self._as_nobody(challenge, path, repository) if challenge.scheme == "bearer" else None
        if found:
            return found
        if not self._login:
            raise _Over(self._tell.needs_login(first))
        return self._with_login(challenge, path, repository)

    def _open(self, first: Answer, path: str, repository: str) -> _Found:
        """The manifest where the registry has not asked who is there; a login is tried all the same."""
        ping = self._api.first(_PING) if self._login else None
        challenge = self._challenge(ping) if ping and ping.status == _UNAUTHORIZED else None
        if challenge and not first.ok:
            return self._with_login(challenge, path, repository)
        if first.status == _FORBIDDEN:
            raise _Over(self._tell.no_access(first))
        if challenge:
            self._try_alone(challenge, repository)
        # A HEAD has brought no body.
        answer = first if first.body or not first.ok else self._unlimited(self._api.ask(path, NOBODY))
        return answer, NOBODY, "public" if challenge else "public, not tried"

    def _as_nobody(self, challenge: Challenge, path: str, repository: str) -> _Found | None:
        """The manifest, if the token that anybody gets lets it be pulled; the login is tried all the same."""
        asked = self._token(challenge, repository, NOBODY)
        bearer = bearer_in(asked)
        if not bearer or (self._login and not grants_pull(bearer[1], repository)):
            return None
        answer = self._unlimited(self._api.ask(path, bearer[0]))
        if answer.status in _NO:
            if not self._login:
                raise _Over(self._tell.no_access(answer))
            return None
        if self._login:
            self._try_alone(challenge, repository)
        return answer, bearer[0], "public"

    def _with_login(self, challenge: Challenge, path: str, repository: str) -> _Found:
        auth = self._authorization(challenge, repository)
        answer = self._unlimited(self._api.ask(path, auth))
        if answer.status in _NO:
            # With a password, login and right are judged at once; with a token, the login has been judged.
            wrong = challenge.scheme == "basic" and answer.status == _UNAUTHORIZED
            raise _Over((self._tell.bad_credentials if wrong else self._tell.no_access)(answer))
        return answer, auth, "ok"

    def _try_alone(self, challenge: Challenge, repository: str = "") -> None:
        """Let the registry judge the login, whatever may be pulled with it."""
        auth = self._authorization(challenge, repository)
        if challenge.scheme == "basic":
            answer = self._unlimited(self._api.ask(_PING, auth))
            if answer.status in _NO:
                raise _Over(self._tell.bad_credentials(answer))
            if not answer.ok:
                raise _Over(self._tell.unclear(answer))

    def _authorization(self, challenge: Challenge, repository: str) -> Authorization:
        """The header for the login: the login itself, or the token that it gets."""
        assert self._login is not None  # noqa: S101
        basic = Basic(self._login.username, self._login.password)
        if challenge.scheme == "basic":
            return basic
        answer = self._token(challenge, repository, basic)
        if answer.status in _NO:
            raise _Over(self._tell.bad_credentials(answer))
        bearer = bearer_in(answer)
        if not bearer:
            raise _Over(self._tell.unclear(answer))
        self._tell.hide(bearer[1])
        return bearer[0]

    def _token(self, challenge: Challenge, repository: str, auth: Authorization) -> Answer:
        realm = realm_of(challenge.parameters.get("realm", ""), self._api.host, self._realms)
        if realm.refusal:
            raise _Over(self._tell.elsewhere(realm.refusal, realm.host))
        service = challenge.parameters.get("service", "")
        query = {
            **({"service": service} if service else {}),
            # Exactly this, whatever the challenge asks for: a token for more may be refused.
            **({"scope": f"repository:{repository}:pull"} if repository else {}),
        }
        return self._unlimited(self._api.token(realm.url, query, auth))

    def _challenge(self, answer: Answer) -> Challenge:
        challenge = chosen(answer.headers.get("www-authenticate", ""))
        if challenge is None:
            wants = "wants another kind of login than a user and a password"
            raise _Over(self._tell.unsupported(f"{self._tell.registry} {wants}."))
        return challenge

    def _unlimited(self, answer: Answer) -> Answer:
        if answer.status == _TOO_MANY:
            raise _Over(self._tell.limited(answer))
        return answer

    def _body(self, answer: Answer, digest: str | None) -> bytes:
        """The body of a good answer, if it is what *digest* stands for."""
        if not answer.ok or answer.foreign():
            raise _Over(self._tell.unclear(answer))
        if digest and not matches(answer.body, digest):
            raise _Over(self._tell.untrue())
        return answer.body

    def _missing(self, answer: Answer, repository: str, auth: Authorization) -> NoReturn:
        """A 404 may be about the tag or about the repository: its list of tags tells."""
        tags = self._unlimited(self._api.ask(f"{repository}/tags/list", auth))
        there = tags.ok if tags.ok or tags.status == _NOT_FOUND else None
        raise _Over(self._tell.missing(tags if there is False else answer, there=there))

    def _of_index(self, index: Index, repository: str, auth: Authorization) -> int | None:
        """The size of the image in an index that AI Core would take."""
        if not index.child:
            raise _Over(self._tell.wrong_platform(index.platforms))
        child = self._unlimited(self._api.ask(f"{repository}/manifests/{index.child}", auth))
        manifest = read_manifest(self._body(child, index.child))
        if not isinstance(manifest, Single):
            reason = manifest if isinstance(manifest, str) else "It is an index of indexes."
            raise _Over(self._tell.unsupported(reason))
        return manifest.size

    def _demand_platform(self, manifest: Single, repository: str, auth: Authorization) -> None:
        """Go on only if the image's own config says linux/amd64."""
        blob = self._unlimited(self._api.blob(f"{repository}/blobs/{manifest.config}", auth))
        if len(blob.body) > LARGEST_CONFIG:
            raise _Over(self._tell.unsupported("Its config is larger than 8 MiB."))
        platform = read_platform(self._body(blob, manifest.config))
        if platform != PLATFORM:
            raise _Over(self._tell.wrong_platform((platform,) if platform else ()))
