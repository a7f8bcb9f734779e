"""One registry's HTTP API, as far as a check needs it: nothing is written, no login leaves for another host.

Source: the OCI distribution specification, and what Debian's docker-registry and its token server answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from aicore_magics.base.redact import scrub
from aicore_magics.errors import Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import NoAuth, ResponseLost
from aicore_magics.registry.auth import bearer_in, chosen, realm_of
from aicore_magics.registry.manifests import ACCEPT
from aicore_magics.registry.redirects import MOST_HOPS, Astray, Elsewhere, Forwarded, Origin, next_hop
from aicore_magics.registry.scopes import token_query

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Authorization, Bearer, Response
    from aicore_magics.http.transport import Transport
    from aicore_magics.model.names import Registry

LARGEST_MANIFEST = 4 * 1024 * 1024
LARGEST_CONFIG = 8 * 1024 * 1024
LARGEST_TOKEN = 1024 * 1024
_QUOTABLE = 20_000  # characters of a message that are read; few of them are shown
_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN = 400, 401, 403
_HUB = "registry-1.docker.io"
_REPOSITORY = re.compile(r"/v2/(.+)/(?:manifests|blobs|tags)/")
NOBODY = NoAuth()
PING = "/v2/"


class RegistryApi:
    """Speaks to *registry*: https, or on this machine also http. *only_here*: nothing leaves this machine.

    Raises Unreachable, CertificateNotTrusted and ResponseLost, as the transport does.
    """

    def __init__(
        self, registry: Registry, transport: Transport, deadline: Deadline, *, only_here: bool = False
    ) -> None:
        self.on_this_machine = registry.is_loopback
        self._only_here = only_here
        self.host = registry.api_host
        self._transport = transport
        self._deadline = deadline
        # What runs on this machine mostly has no certificate; one that wants https is found out at once.
        self._scheme = "http" if self.on_this_machine else "https"
        # What lets anybody in at other hosts, which this one sends on to.
        self._guests: dict[Origin | None, Bearer | None] = {}

    @property
    def encrypted(self) -> bool:
        """Whether it is spoken to over TLS."""
        return self._scheme == "https"

    @property
    def seconds_left(self) -> float:
        """Seconds that are left for the check."""
        return self._deadline.left()

    def first(self, path: str) -> Response:
        """Ask for *path* without a login: the way in. On Docker Hub with HEAD, for a GET counts as a pull.

        Redirects are followed, here and in `ask`: to another host without the login.
        """
        method = "HEAD" if self.host == _HUB and "/manifests/" in path else "GET"
        if self._scheme == "https":
            return self._fetch(path, NOBODY, method=method)
        answer = lost = None
        try:
            answer = self._fetch(path, NOBODY, method=method)
        except ResponseLost as error:
            lost = error
        if answer and answer.status != _BAD_REQUEST:
            return answer
        # A port that wants https answers 400 to http, or leaves.
        self._scheme = "https"
        try:
            return self._fetch(path, NOBODY, method=method)
        except (ResponseLost, Unreachable):
            self._scheme = "http"
        if answer:
            return answer
        raise lost or ResponseLost("")

    def ask(self, path: str, auth: Authorization) -> Response:
        """Ask for *path* with *auth*."""
        return self._fetch(path, auth)

    def blob(self, path: str, auth: Authorization) -> tuple[Response, bool]:
        """Fetch a blob, and tell whether the registry itself gave this answer to *auth*."""
        answer = self._fetch(path, auth, largest=LARGEST_CONFIG + 1, accept="*/*")
        return answer, not isinstance(answer, Forwarded)

    def token(
        self,
        url: str,
        query: Mapping[str, str | tuple[str, ...]],
        auth: Authorization,
        seconds: float | None = None,
    ) -> Response:
        """Ask the token server at *url*; what has several values in *query* is sent once for each.

        It has *seconds* to answer, or what is left for the check.
        """
        joint = "&" if urlsplit(url).query else "?"
        whole = f"{url.partition('#')[0]}{joint}{urlencode(query, doseq=True, quote_via=quote, safe='/:,')}"
        deadline = self._deadline if seconds is None else Deadline(seconds, within=self._deadline)
        answer = self._transport.fetch("GET", whole, auth=auth, deadline=deadline, largest=LARGEST_TOKEN)
        if Origin.of(url) == Origin.of(self._url(PING)):
            return answer
        return Elsewhere(answer.status, answer.headers, answer.body, answer.host)

    def _fetch(
        self,
        path: str,
        auth: Authorization,
        *,
        method: str = "GET",
        largest: int = LARGEST_MANIFEST,
        accept: str = ACCEPT,
    ) -> Response:
        """The answer about *path*: `Forwarded` if it is from another host, `Astray` if it is from nowhere."""

        def send(url: str, auth: Authorization) -> Response:
            return self._transport.fetch(
                method, url, auth=auth, deadline=self._deadline, accept=accept, largest=largest
            )

        url = self._url(path)
        home, away, asked = Origin.of(url), False, [url]
        answer = send(url, auth)
        while True:
            hop = next_hop(url, answer, only_here=self._only_here)
            if not hop.url:
                return _astray(answer, hop.refusal) if hop.refusal else answer
            if hop.url in asked:
                return _astray(answer, "redirects in a circle")
            if len(asked) > MOST_HOPS:
                return _astray(answer, f"redirects more than {MOST_HOPS} times")
            url = hop.url
            asked.append(url)
            # Whoever has sent it away does not get it back: the address is now of others' choice.
            away = away or Origin.of(url) != home
            answer = self._elsewhere(send, url, path) if away else send(url, auth)

    def _elsewhere(self, send: Callable[[str, Authorization], Response], url: str, path: str) -> Forwarded:
        """The answer of another host, with the token that it gives to anybody if it asks for one.

        So registry.k8s.io hands its images out.
        """
        origin = Origin.of(url)
        answer = send(url, self._guests.get(origin) or NOBODY)
        if answer.status == _UNAUTHORIZED and origin not in self._guests and path != PING:
            guest = self._guests[origin] = self._as_guest(url, answer)
            answer = send(url, guest) if guest else answer
        guest = self._guests.get(origin)
        return Forwarded(answer.status, answer.headers, answer.body, answer.host, as_guest=guest is not None)

    def _as_guest(self, url: str, answer: Response) -> Bearer | None:
        """The token for *url* that anybody gets, where *answer* asks for one and names no third host."""
        challenge = chosen(answer.headers.get("www-authenticate", ""))
        realm = realm_of(challenge.parameters.get("realm", ""), urlsplit(url).netloc) if challenge else None
        if challenge is None or challenge.scheme != "bearer" or realm is None or realm.refusal:
            return None
        named = _REPOSITORY.match(urlsplit(url).path)
        granted = bearer_in(self.token(realm.url, token_query(challenge, named[1] if named else ""), NOBODY))
        return granted[0] if granted else None

    def _url(self, path: str) -> str:
        return f"{self._scheme}://{self.host}{path}"


def code_of(answer: Response) -> str:
    """Give status and the registry's own code, as in `401 UNAUTHORIZED`."""
    code = _first_error(answer).get("code")
    known = isinstance(code, str) and re.fullmatch(r"[A-Z_]{1,40}", code)
    return f"{answer.status} {code}" if known else str(answer.status)


def message_of(answer: Response, *secrets: Secret) -> str:
    """Give the registry's own message, scrubbed and short; empty if it says nothing in words."""
    error = _first_error(answer)
    for field in ("message", "details", "error_description", "detail"):
        if isinstance(error.get(field), str):
            return scrub(error[field][:_QUOTABLE], *secrets, limit=160)
    if "text/plain" in answer.headers.get("content-type", ""):
        return scrub(answer.text()[:_QUOTABLE], *secrets, limit=160)
    return ""


def says_registry(answer: Response) -> bool:
    """Whether *answer* may come from a registry: it says so itself, or at least it is no web page."""
    return "docker-distribution-api-version" in answer.headers or not answer.not_an_api()


def shows_registry(answer: Response) -> bool:
    """Whether *answer*, to /v2/ without a login, shows that a registry is there, whatever its body."""
    asks = answer.status == _UNAUTHORIZED and chosen(answer.headers.get("www-authenticate", ""))
    named = "docker-distribution-api-version" in answer.headers
    return bool(asks) or named or (answer.ok and not answer.not_an_api())


def forbids_in_no_words(answer: Response) -> bool:
    """Whether this may be a gateway's own: who gets it with and without a login has not been judged."""
    return answer.status == _FORBIDDEN and not isinstance(answer.json(), dict)


def _astray(answer: Response, why: str) -> Astray:
    return Astray(answer.status, answer.headers, answer.body, answer.host, why=why)


def _first_error(answer: Response) -> dict[str, str]:
    data = answer.json()
    errors = data.get("errors") if isinstance(data, dict) else None
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return errors[0]
    return data if isinstance(data, dict) else {}
