"""AI Core's API as far as Docker registry secrets go: which address does what, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from aicore_magics.sandbox import rules, trouble
from aicore_magics.sandbox.exchange import JSON, Answer, Refusal, Request
from aicore_magics.sandbox.front import TOKEN
from aicore_magics.sandbox.oauth import token_answer

if TYPE_CHECKING:
    from aicore_magics.sandbox.faults import Drop, Faults
    from aicore_magics.sandbox.service_key import Client
    from aicore_magics.sandbox.state import State

API = "/v2/"
SECRETS = "/v2/admin/dockerRegistrySecrets"
QUOTA = "/v2/admin/resourceQuota/dockerRegistrySecrets"

BAD_REQUEST, NOT_FOUND = 400, 404

_T = TypeVar("_T")
Call: TypeAlias = Callable[[Request, str], Answer]


class AICore:
    """Answers on the listener for the API, and for tokens that are asked for with a client secret."""

    def __init__(self, *, client: Client, state: State, faults: Faults) -> None:
        self._client = client
        self._state = state
        self._faults = faults
        self._collection: Mapping[str, Call] = {"GET": self._list, "POST": self._create}
        self._item: Mapping[str, Call] = {"GET": self._show, "PATCH": self._patch, "DELETE": self._delete}
        self._quota: Mapping[str, Call] = {"GET": self._show_quota}

    def answer(self, request: Request) -> Answer | None:
        """Give the answer to *request*, or None: then the connection breaks without one."""
        if request.path == TOKEN:
            return token_answer(request, client=self._client, state=self._state, faults=self._faults)
        return self._api(request)

    def _api(self, request: Request) -> Answer | None:
        if not request.path.startswith(API):
            return self._not_found(request)
        problem = self._token_problem(request)
        if problem:
            return problem
        if self._faults.refuse_headers and "AI-Resource-Group" in request.headers:
            raise Refusal(400, "Invalid Request, unknown header")
        resource = self._resource(request.path)
        if resource is None:
            return self._not_found(request)
        call, name = self._call(request, *resource)
        is_read = request.method == "GET"
        if self._faults.forbidden and (not is_read or self._faults.forbidden_reads):
            return trouble.forbidden(request, self._faults)
        drop = self._faults.take_drop_read() if is_read else self._faults.take_drop()
        return self._dropped(drop, lambda: call(request, name), request)

    def _token_problem(self, request: Request) -> Answer | None:
        scheme, _, token = str(request.headers.get("Authorization", "")).partition(" ")
        problem, challenge = "Jwt is missing", 'Bearer realm="aicore"'
        if scheme.lower() == "bearer" and token.strip():
            problem = self._state.tokens.problem(token.strip())
            challenge = f'{challenge}, error="invalid_token"'
        if not problem:
            return None
        refusal = Refusal(401, problem, ("WWW-Authenticate", challenge))
        return trouble.said(refusal, self._faults.unauthorized, request, self._faults)

    def _not_found(self, request: Request) -> Answer:
        return trouble.said(Refusal(404, "Not found"), self._faults.no_address, request, self._faults)

    def _call(self, request: Request, calls: Mapping[str, Call], name: str) -> tuple[Call, str]:
        call = calls.get(request.method)
        if call is None:
            raise Refusal(405, "Method not allowed", ("Allow", ", ".join(calls)))
        return call, name

    def _resource(self, path: str) -> tuple[Mapping[str, Call], str] | None:
        if path == SECRETS:
            return self._collection, ""
        if path == QUOTA:
            return self._quota, ""
        # Nothing is decoded or normalised: a name with "%", ".." or "/" in it is no name of anything.
        head, _, name = path.rpartition("/")
        if head != SECRETS or not name:
            return None
        return self._item, rules.name_of(name, self._faults.names)

    def _dropped(self, drop: Drop, call: Callable[[], Answer], request: Request) -> Answer | None:
        if drop == "before":
            return None
        try:
            answer = call()
        except Refusal as refusal:
            form = self._faults.missing if refusal.status == NOT_FOUND else "json"
            answer = trouble.said(refusal, form, request, self._faults)
        return None if drop == "after" else replace(answer, cut=drop == "cut")

    def _list(self, request: Request, _: str) -> Answer:
        parameters = self._parameters(request)
        top = self._number(parameters, "$top")
        skip = self._number(parameters, "$skip") or 0
        count_all = rules.flag(parameters, "$count") or self._faults.count_all
        names = self._state.names()
        length = self._faults.page_size if top is None else min(top, self._faults.page_size)
        page = names[skip : skip + length]
        content = {
            "count": len(names if count_all else page),
            "resources": [self._shown(name) for name in page],
        }
        return Answer.document(200, content)

    def _parameters(self, request: Request) -> dict[str, str]:
        given = rules.parameters_of(request)
        return {name: text for name, text in given.items() if name not in self._faults.ignored_query}

    def _number(self, parameters: dict[str, str], name: str) -> int | None:
        try:
            return rules.whole_number(parameters, name)
        except Refusal:
            if self._faults.check_query:
                raise
            return None

    def _create(self, request: Request, _: str) -> Answer:
        names, check_content = self._faults.names, self._faults.check_content
        name, content = self._read(
            lambda: rules.create_body(request, names=names, check_content=check_content)
        )
        return Answer.document(self._faults.accepted, {"message": self._state.create(name, content)})

    def _show(self, _: Request, name: str) -> Answer:
        if not self._state.shows(name):
            raise Refusal(NOT_FOUND, "Secret not found")
        return Answer.document(200, self._shown(name))

    def _shown(self, name: str) -> dict[str, object]:
        more = {"creationTimestamp": "2026-01-01T00:00:00Z", "namespace": "sandbox"}
        return {"name": name, **(more if self._faults.more_fields else {})}

    def _patch(self, request: Request, name: str) -> Answer:
        kinds = (rules.MERGE_PATCH,) if self._faults.patch_json_415 else (rules.MERGE_PATCH, JSON)
        takes_name, check_content = not self._faults.patch_name_400, self._faults.check_content
        content = self._read(
            lambda: rules.patch_body(
                request, name, kinds=kinds, takes_name=takes_name, check_content=check_content
            )
        )
        self._state.replace(name, content)
        return Answer.document(self._faults.accepted, {"id": name, "message": "Secret has been modified"})

    def _read(self, read: Callable[[], _T]) -> _T:
        """Read a body, and refuse what makes no sense with the status that the switch names."""
        try:
            return read()
        except Refusal as refusal:
            if refusal.status == BAD_REQUEST:
                refusal.status = self._faults.invalid
            raise

    def _delete(self, _: Request, name: str) -> Answer:
        self._state.delete(name)
        content = {"id": name, "message": "Docker Registry Secret has been deleted"}
        return Answer.document(self._faults.accepted, content)

    def _show_quota(self, request: Request, _: str) -> Answer:
        quota: dict[str, object] = {"quota": {"maxCount": self._faults.quota}}
        if not rules.flag(self._parameters(request), "quotaOnly"):
            quota["usage"] = {"count": len(self._state.secrets)}
        return Answer.document(200, quota)
