"""AI Core's API as far as Docker registry secrets go: which address does what, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from aicore_magics.sandbox import rules, trouble
from aicore_magics.sandbox.exchange import JSON, Answer, Refusal, Request, envelope
from aicore_magics.sandbox.front import TOKEN
from aicore_magics.sandbox.oauth import token_answer

if TYPE_CHECKING:
    from aicore_magics.sandbox.faults import Drop, Faults
    from aicore_magics.sandbox.service_key import Client
    from aicore_magics.sandbox.state import State

API = "/v2/"
SECRETS = "/v2/admin/dockerRegistrySecrets"
QUOTA = "/v2/admin/resourceQuota/dockerRegistrySecrets"

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
            raise Refusal(404, "Not found")
        problem = self._token_problem(request)
        if problem:
            return problem
        call, name = self._call(request)
        is_read = request.method == "GET"
        if self._faults.forbidden and (not is_read or self._faults.forbidden_reads):
            return trouble.forbidden(request, self._faults)
        drop = self._faults.take_drop_read() if is_read else self._faults.take_drop()
        return self._dropped(drop, lambda: call(request, name), request)

    def _token_problem(self, request: Request) -> Answer | None:
        scheme, _, token = str(request.headers.get("Authorization", "")).partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            return Answer.text(401, "Jwt is missing", ("WWW-Authenticate", 'Bearer realm="aicore"'))
        problem = self._state.tokens.problem(token.strip())
        challenge = 'Bearer realm="aicore", error="invalid_token"'
        return Answer.text(401, problem, ("WWW-Authenticate", challenge)) if problem else None

    def _call(self, request: Request) -> tuple[Call, str]:
        calls, name = self._resource(request.path)
        call = calls.get(request.method)
        if call is None:
            raise Refusal(405, "Method not allowed", ("Allow", ", ".join(calls)))
        return call, name

    def _resource(self, path: str) -> tuple[Mapping[str, Call], str]:
        if path == SECRETS:
            return self._collection, ""
        if path == QUOTA:
            return self._quota, ""
        # Nothing is decoded or normalised: a name with "%", ".." or "/" in it is no name of anything.
        head, _, name = path.rpartition("/")
        if head != SECRETS or not name:
            raise Refusal(404, "Not found")
        return self._item, rules.name_of(name)

    def _dropped(self, drop: Drop, call: Callable[[], Answer], request: Request) -> Answer | None:
        if drop == "before":
            return None
        try:
            answer = call()
        except Refusal as refusal:
            answer = envelope(refusal, target=request.path, faults=self._faults)
        return None if drop == "after" else replace(answer, cut=drop == "cut")

    def _list(self, request: Request, _: str) -> Answer:
        parameters = rules.parameters_of(request)
        top = rules.whole_number(parameters, "$top")
        skip = rules.whole_number(parameters, "$skip") or 0
        count_all = rules.flag(parameters, "$count")
        names = self._state.names()
        length = self._faults.page_size if top is None else min(top, self._faults.page_size)
        page = names[skip : skip + length]
        content = {
            "count": len(names if count_all else page),
            "resources": [{"name": name} for name in page],
        }
        return Answer.document(200, content)

    def _create(self, request: Request, _: str) -> Answer:
        name, content = rules.create_body(request, check_content=self._faults.check_content)
        return Answer.document(202, {"message": self._state.create(name, content)})

    def _show(self, _: Request, name: str) -> Answer:
        if not self._state.shows(name):
            raise Refusal(404, "Secret not found")
        return Answer.document(200, {"name": name})

    def _patch(self, request: Request, name: str) -> Answer:
        kinds = (rules.MERGE_PATCH,) if self._faults.patch_json_415 else (rules.MERGE_PATCH, JSON)
        check_content = self._faults.check_content
        content = rules.patch_body(request, name, kinds=kinds, check_content=check_content)
        self._state.replace(name, content)
        return Answer.document(202, {"id": name, "message": "Secret has been modified"})

    def _delete(self, _: Request, name: str) -> Answer:
        self._state.delete(name)
        return Answer.document(202, {"id": name, "message": "Docker Registry Secret has been deleted"})

    def _show_quota(self, request: Request, _: str) -> Answer:
        quota: dict[str, object] = {"quota": {"maxCount": self._faults.quota}}
        if not rules.flag(rules.parameters_of(request), "quotaOnly"):
            quota["usage"] = {"count": len(self._state.secrets)}
        return Answer.document(200, quota)
