"""What AI Core's HTTP API can do with Docker registry secrets: one method, one request.

Source: SAP's OpenAPI document of AI Core, version 2.42.0. Statuses decide, never the wording of a message:
the same success has been seen with four different texts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode, urlsplit

from aicore_magics.aicore import looks
from aicore_magics.aicore.name_list import PAGE, NameReader
from aicore_magics.aicore.own_form import own_form
from aicore_magics.aicore.refusals import Attempt, refusal
from aicore_magics.base.calls import sending
from aicore_magics.base.redact import Secret, hidden
from aicore_magics.errors import AICoreError, CertificateNotTrusted, InvalidName, NotAICore, Unreachable
from aicore_magics.http.deadline import Deadline, Retry
from aicore_magics.http.messages import JSON, ResponseLost, WithHeaders
from aicore_magics.next_steps import AGAIN, Effect

if TYPE_CHECKING:
    from aicore_magics.aicore.name_list import NameList
    from aicore_magics.aicore.oauth import ClientCredentials
    from aicore_magics.base.calls import MakeUnknown
    from aicore_magics.http.messages import Response
    from aicore_magics.http.pacer import Pacer
    from aicore_magics.http.transport import Transport

Change = Literal["create", "update", "delete"]


SECRETS = "/admin/dockerRegistrySecrets"
QUOTA = "/admin/resourceQuota/dockerRegistrySecrets"
MERGE_PATCH = "application/merge-patch+json"
UNAUTHORIZED = 401
NOT_FOUND = 404
_TOO_MANY = 429
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A change that may have been made or not. *accepted*: AI Core took it, and did not show it in time.

    *unclear*: AI Core says that the name was taken, so that what is there need not be what was sent.
    """

    change: Change
    accepted: bool = False
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the API: what it is *doing* is told in words for the error, should it be refused.

    *hidden* are the secrets in it, which a server may repeat. Where it makes a *change* of the secret *name*,
    *unknown* makes the error for an interrupt from its first byte on.
    """

    method: str
    path: str
    doing: str
    body: Secret | None = None
    content_type: str = ""
    hidden: tuple[Secret, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    unknown: MakeUnknown | None = None
    change: Change | None = None
    name: str = ""

    @property
    def creates(self) -> bool:
        """Whether it is about a secret that must not be there yet."""
        return self.method == "POST"

    @property
    def names_one(self) -> bool:
        """Whether it is about one secret, which may not be there."""
        return self.path.startswith(f"{SECRETS}/")


class Client:
    """AI Core's API for one tenant. Errors are told apart by what is known of the change, see `errors`.

    Reading calls raise Unreachable when no answer comes back, as nothing was at stake. Changes go out by
    `exchange`, and `write_outcome` tells what came of them. *unsettled* are the names whose last change here
    has an outcome that is not known. A *pacer* gives each request its turn.
    """

    pacer: Pacer | None = None

    def __init__(self, transport: Transport, token: ClientCredentials, *, api_url: str, tenant: str) -> None:
        self._transport = transport
        self._token = token
        self.api_url = api_url
        self.host = urlsplit(api_url).netloc
        self.tenant = tenant
        self.unsettled: dict[str, Unsettled] = {}
        # Names of which a try may still come late, and until when.
        self.late: dict[str, Deadline] = {}

    def exchange(self, request: Request, deadline: Deadline) -> Response:
        """Send *request* once, with the token, and give the answer, whatever it is.

        With a pacer it is sent again after a 429, but for a create or delete: of those, looks have to tell.
        Raises ResponseLost if no whole answer came back. Whatever else it raises, nothing was sent.
        """
        send = partial(self._sent, request, deadline)
        if self.pacer is None:
            return send()
        return self.pacer.send(send, deadline, again=request.change in (None, "update"))

    def _sent(self, request: Request, deadline: Deadline) -> Response:
        bearer = self._token.bearer(deadline)
        auth = WithHeaders(bearer, request.headers) if request.headers else bearer
        limit = deadline.attempt()
        with sending(request.unknown, Unreachable, CertificateNotTrusted):
            if request.change:
                self.unsettled[request.name] = Unsettled(request.change)
                self.late[request.name] = Deadline(looks.VISIBLE_WITHIN)
            answer = self._transport.send(
                request.method,
                self.api_url + request.path,
                auth=auth,
                deadline=limit,
                body=request.body,
                content_type=request.content_type,
            )
        if answer.status == UNAUTHORIZED:
            self._token.forget()
        return answer

    def refusal(self, answer: Response, request: Request, deadline: Deadline) -> AICoreError:
        """Give the error for an *answer* other than success to *request*."""
        missing = request.names_one and own_form(answer)
        if answer.status == NOT_FOUND and not missing and not answer.not_an_api():
            # Only a secret may be missing; without these addresses it is no AI Core.
            return self._not_aicore("no such address (404)")
        attempt = Attempt(self.tenant, request.doing, changes=request.method != "GET", limit=deadline.seconds)
        return refusal(answer, attempt, (*self._token.secrets, *hidden(), *request.hidden))

    def exists(self, name: str, deadline: Deadline) -> bool:
        """Tell whether the tenant has a secret of that name."""
        there = _is_there(self._read(_look(name), deadline), name)
        if there is None:
            raise self._not_aicore("something other than a docker secret")
        return there

    def seen(self, name: str, deadline: Deadline) -> bool | None:
        """Look once whether the tenant has a secret of that name; None if AI Core itself did not say."""
        try:
            return _is_there(self._exchange_renewed(_look(name), deadline), name)
        except AICoreError:
            return None

    def names(self, deadline: Deadline) -> NameList:
        """List all names, through all pages. Raises NotAICore if an answer is no list."""
        reader = NameReader()
        while reader.goes_on:
            reader.add(*self._page(reader.skip, deadline))
        return reader.result(self._token.secrets)

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

    def connect(self, deadline: Deadline) -> int:
        """Get a token, and tell how many seconds it lives."""
        self._token.bearer(deadline)
        return self._token.expires_in

    def _page(self, skip: int, deadline: Deadline) -> tuple[list[object], object]:
        """The rows of one page, and how many there are on the server, as it says."""
        query = urlencode({"$top": PAGE, "$skip": skip, "$count": "true"}, safe="$")
        answer = self._read(Request("GET", f"{SECRETS}?{query}", "list docker secrets"), deadline)
        data = answer.json()
        rows = data.get("resources") if isinstance(data, dict) else None
        if not isinstance(rows, list):
            raise self._not_aicore("something other than a list of docker secrets")
        return rows, data.get("count")

    def _read(self, request: Request, deadline: Deadline) -> Response:
        """Ask, and again after trouble that may pass. Give a success, or AI Core's 404."""
        try:
            answer = Retry(deadline).send(
                lambda: self._exchange_renewed(request, deadline),
                passes=lambda answer: answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR,
                after_lost=lambda _: True,
            )
        except ResponseLost:
            answer = None
        if answer is None:
            what = f"no answer arrived from {self.host}"
            raise Unreachable(what, Effect.NOTHING_CHANGED, next=(AGAIN, "."))
        missing = answer.status == NOT_FOUND and request.names_one and own_form(answer)
        if not missing and (not answer.ok or answer.not_an_api()):
            raise self.refusal(answer, request, deadline)
        return answer

    def _exchange_renewed(self, request: Request, deadline: Deadline) -> Response:
        """Send what only reads, and once more with a new token if the old one is not taken."""
        answer = self.exchange(request, deadline)
        return self.exchange(request, deadline) if answer.status == UNAUTHORIZED else answer

    def _not_aicore(self, what: str) -> AICoreError:
        return NotAICore(
            f"{self.host} answered with {what}",
            next="a proxy may have answered, or the address is wrong: check AI_API_URL in the service key.",
        )


def create_request(name: str, config: Secret, unknown: MakeUnknown | None = None) -> Request:
    """Give the request that creates a secret: JSON in JSON, as the API wants it."""
    return Request(
        "POST",
        SECRETS,
        "store docker secrets",
        Secret(json.dumps({"name": name, "data": {".dockerconfigjson": config.reveal()}})),
        JSON,
        hidden=_within(config),
        unknown=unknown,
        change="create",
        name=name,
    )


def update_request(name: str, config: Secret, unknown: MakeUnknown | None = None) -> Request:
    """Give the request that replaces a secret. The merge-patch type is the one SAP's OpenAPI names."""
    return Request(
        "PATCH",
        _path(name),
        "update docker secrets",
        Secret(json.dumps({"data": {".dockerconfigjson": config.reveal()}})),
        MERGE_PATCH,
        hidden=_within(config),
        unknown=unknown,
        change="update",
        name=name,
    )


def delete_request(name: str, unknown: MakeUnknown | None = None, *, called: str = "") -> Request:
    """Give the request that deletes a secret; *called* stands for a name that must not be shown."""
    return Request(
        "DELETE",
        _path(name),
        "delete docker secrets",
        unknown=unknown,
        change="delete",
        name=called or name,
    )


def _look(name: str) -> Request:
    return Request("GET", _path(name), "read docker secrets")


def _is_there(answer: Response, name: str) -> bool | None:
    """What AI Core itself says: the secret, or that there is none; None if it is not its own answer."""
    form, data = own_form(answer), answer.json()
    if form == "object":
        return True if data.get("name") == name else None
    return False if form and answer.status == NOT_FOUND else None


def _within(config: Secret) -> tuple[Secret, ...]:
    """Every secret that a server could repeat from *config*: the whole text, and each password and auth."""
    entries = json.loads(config.reveal())["auths"].values()
    parts = (Secret(entry[field]) for entry in entries for field in ("password", "auth") if field in entry)
    return (config, *parts)


def _number(data: Any, field: str) -> int | None:
    value = data.get(field) if isinstance(data, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _path(name: str) -> str:
    """The address of one secret, which no name can leave: dots are not quoted, and lead upwards."""
    if not name.strip("."):
        raise InvalidName("a name cannot have only dots", next="choose one such as team-ghcr.")
    return f"{SECRETS}/{quote(name, safe='')}"
