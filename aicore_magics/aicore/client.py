"""What AI Core's HTTP API can do with Docker registry secrets: one method, one request.

Source: SAP's OpenAPI document of AI Core, version 2.42.0. Statuses decide, never the wording of a message:
the same success has been seen with four different texts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote, urlencode, urlsplit

from aicore_magics.aicore.refusals import Attempt, refusal
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, InvalidName, NotAICore, Stopped, Unreachable
from aicore_magics.http.deadline import Deadline, Retry
from aicore_magics.http.messages import JSON, Response, ResponseLost
from aicore_magics.next_steps import AGAIN, Effect

if TYPE_CHECKING:
    from aicore_magics.aicore.oauth import ClientCredentials
    from aicore_magics.http.transport import Transport

SECRETS = "/admin/dockerRegistrySecrets"
QUOTA = "/admin/resourceQuota/dockerRegistrySecrets"
MERGE_PATCH = "application/merge-patch+json"
PAGE = 100
MAX_PAGES = 100
_UNAUTHORIZED = 401
_NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Accepted:
    """AI Core took the request (2xx). *says_exists*: its message speaks of something that exists already."""

    says_exists: bool


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the API: what it wants to do is told in words for the error, should it be refused."""

    method: str
    path: str
    doing: str
    body: Secret | None = None
    content_type: str = ""


class Client:
    """AI Core's API for one tenant. Errors are told apart by what is known of the change, see `errors`.

    Reading calls raise Unreachable when no answer comes back, as nothing was at stake; writing calls raise
    ResponseLost, and the caller finds out what became of it.
    """

    def __init__(self, transport: Transport, token: ClientCredentials, *, api_url: str, tenant: str) -> None:
        self._transport = transport
        self._token = token
        self.api_url = api_url
        self.host = urlsplit(api_url).netloc
        self.tenant = tenant

    def exists(self, name: str, deadline: Deadline) -> bool:
        """Tell whether the tenant has a secret of that name."""
        answer = self._read(Request("GET", _path(name), "read docker secrets"), deadline)
        if answer.status == _NOT_FOUND:
            return False
        data = answer.json()
        if not isinstance(data, dict) or data.get("name", name) != name:
            raise self._not_aicore("something else than a docker secret")
        return True

    def names(self, deadline: Deadline) -> tuple[str, ...]:
        """List all names, through all pages. Raises NotAICore if an answer is no list."""
        names: list[str] = []
        for _ in range(MAX_PAGES):
            page, total = self._page(len(names), deadline)
            known = set(names)
            fresh = [name for name in dict.fromkeys(page) if name not in known]
            names += fresh
            if not fresh or len(names) >= total:
                break
        return tuple(names)

    def quota(self, deadline: Deadline) -> tuple[int | None, int | None]:
        """Give used and maximum number of secrets; None for what AI Core does not tell."""
        answer = self._read(Request("GET", QUOTA, "read the quota of docker secrets"), deadline)
        data = answer.json()
        if not isinstance(data, dict):
            raise self._not_aicore("no quota")
        return _number(data.get("usage"), "count"), _number(data.get("quota"), "maxCount")

    def quota_if_told(self, deadline: Deadline) -> tuple[int | None, int | None]:
        """Give the quota, or nothing where AI Core does not tell it: it is never worth an error."""
        try:
            return self.quota(deadline)
        except AICoreError:
            return None, None

    def create(self, name: str, config: Secret, deadline: Deadline) -> Accepted:
        """Ask AI Core to store a new secret. Accepted does not mean stored: look."""
        return self._write(create_request(name, config), deadline, config=config)

    def update(self, name: str, config: Secret, deadline: Deadline) -> Accepted:
        """Ask AI Core to replace everything in a secret. Raises DockerSecretMissing if there is none."""
        return self._write(update_request(name, config), deadline, config=config)

    def delete(self, name: str, deadline: Deadline) -> Accepted:
        """Ask AI Core to delete a secret. Raises DockerSecretMissing if there is none."""
        path = _path(name)
        return self._write(Request("DELETE", path, "delete docker secrets"), deadline)

    def connect(self, deadline: Deadline) -> int:
        """Get a token, and tell how many seconds it lives."""
        self._token.bearer(deadline)
        return self._token.expires_in

    def _page(self, skip: int, deadline: Deadline) -> tuple[list[str], int]:
        """The names of one page, and how many there are on the server."""
        query = urlencode({"$top": PAGE, "$skip": skip, "$count": "true"}, safe="$")
        answer = self._read(Request("GET", f"{SECRETS}?{query}", "list docker secrets"), deadline)
        data = answer.json()
        rows = data.get("resources") if isinstance(data, dict) else None
        if not isinstance(rows, list):
            raise self._not_aicore("something else than a list of docker secrets")
        names = [row["name"] for row in rows if isinstance(row, dict) and isinstance(row.get("name"), str)]
        count = data.get("count")
        return names, count if isinstance(count, int) else skip + len(names)

    def _read(self, request: Request, deadline: Deadline) -> Response:
        try:
            answer = self._send(request, deadline)
        except ResponseLost:
            answer = None
        if answer is None:
            what = f"no answer came back from {self.host}"
            raise Unreachable(what, Effect.NOTHING_CHANGED, next=(AGAIN, "."))
        if answer.status != _NOT_FOUND or answer.not_an_api() or request.path.startswith(QUOTA):
            self._refuse_bad(answer, request, deadline)
        return answer

    def _write(self, request: Request, deadline: Deadline, *, config: Secret | None = None) -> Accepted:
        answer = self._send(request, deadline)
        self._refuse_bad(answer, request, deadline, config=config)
        return Accepted(says_exists=_says_exists(answer))

    def _refuse_bad(
        self, answer: Response, request: Request, deadline: Deadline, *, config: Secret | None = None
    ) -> None:
        if (
            answer.status == _NOT_FOUND
            and not request.path.startswith(f"{SECRETS}/")
            and not answer.not_an_api()
        ):
            # Only a secret may be missing; without these addresses it is no AI Core.
            raise self._not_aicore("no such address (404)")
        if not answer.ok or answer.not_an_api():
            hidden = [*self._token.secrets]
            if config:
                hidden += _within(config)
            attempt = Attempt(
                self.tenant, request.doing, changes=request.method != "GET", limit=deadline.seconds
            )
            raise refusal(answer, attempt, tuple(hidden))

    def _send(self, request: Request, deadline: Deadline) -> Response:
        """Send, and again while that can do no harm. Raises Stopped if interrupted between two attempts."""
        return Retry(deadline, on_interrupt=_stopped).send(
            lambda: self._send_authorized(request, deadline),
            passes=lambda answer: _worth_another(request, answer),
            after_lost=lambda _: request.method == "GET",
        )

    def _send_authorized(self, request: Request, deadline: Deadline) -> Response:
        """Send, and once more with a new token if the old one is not taken: a 401 means nothing was done."""
        answer = self._send_once(request, deadline)
        if answer.status == _UNAUTHORIZED:
            self._token.forget()
            answer = self._send_once(request, deadline)
        return answer

    def _send_once(self, request: Request, deadline: Deadline) -> Response:
        return self._transport.send(
            request.method,
            self.api_url + request.path,
            auth=self._token.bearer(deadline),
            deadline=deadline.attempt(),
            body=request.body,
            content_type=request.content_type,
        )

    def _not_aicore(self, what: str) -> AICoreError:
        return NotAICore(
            f"{self.host} answered with {what}",
            next="a proxy or a wrong address; compare AI_API_URL in the service key.",
        )


def create_request(name: str, config: Secret) -> Request:
    """Give the request that creates a secret: JSON in JSON, as the API wants it."""
    body = Secret(json.dumps({"name": name, "data": {".dockerconfigjson": config.reveal()}}))
    return Request("POST", SECRETS, "store docker secrets", body, JSON)


def update_request(name: str, config: Secret) -> Request:
    """Give the request that replaces a secret. The merge-patch type is the one SAP's OpenAPI names."""
    body = Secret(json.dumps({"data": {".dockerconfigjson": config.reveal()}}))
    return Request("PATCH", _path(name), "update docker secrets", body, MERGE_PATCH)


def _worth_another(request: Request, answer: Response) -> bool:
    """Whether sending again does no harm: nothing was done, or the request only reads.

    A 5xx may come from a gateway, with AI Core behind it at work: for a write, `secret_store` finds out.
    """
    return answer.status == _TOO_MANY or (request.method == "GET" and answer.status >= _SERVER_ERROR)


def _stopped() -> NoReturn:
    """An interrupt between two attempts finds everything unchanged, whatever was sent before."""
    # Whatever was sent before was refused, or only read.
    raise Stopped(
        what="", effect=Effect.NOTHING_CHANGED, next=(AGAIN, " when you like."), words="nothing was changed."
    )


def _within(config: Secret) -> list[Secret]:
    """Every secret that a server could repeat from *config*: the whole text, and each password and auth."""
    entries = json.loads(config.reveal())["auths"].values()
    parts = [Secret(entry[field]) for entry in entries for field in ("password", "auth") if field in entry]
    return [config, *parts]


def _number(data: Any, field: str) -> int | None:
    value = data.get(field) if isinstance(data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _path(name: str) -> str:
    """The address of one secret, which no name can leave: dots are not quoted, and lead upwards."""
    if not name.strip("."):
        raise InvalidName("a name is more than dots", next="choose one such as team-ghcr.")
    return f"{SECRETS}/{quote(name, safe='')}"


def _says_exists(answer: Response) -> bool:
    """A word that makes the caller more careful; it never makes anything certain."""
    data = answer.json()
    message = data.get("message") if isinstance(data, dict) else None
    return isinstance(message, str) and "exist" in message.lower()
