"""Asking the issuers of logins when they end, beside the checks. Whatever fails is not known."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, final
from urllib.parse import urlencode

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Bearer, NoAuth
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.model.hosts import is_loopback
from aicore_magics.registry.expiry import readable_expiry
from aicore_magics.registry.issuers import issuer_of
from aicore_magics.registry.lifetimes import when
from aicore_magics.registry.runs import Run
from aicore_magics.registry.single_check import find_registry
from aicore_magics.registry.token_ends import stated_expiry

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response
    from aicore_magics.http.transport import Transport
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.registry.check_plan import CheckPlan
    from aicore_magics.registry.issuers import Issuer

LOOKUP_LIMIT = 5.0  # seconds for all that is asked about ends
LARGEST = 64 * 1024  # bytes of an answer that are read
_OK = 200
_FORM = "application/x-www-form-urlencoded"


@final
class Lookups:
    """What the logins of *plan* show of their ends, and what their issuers say, who are asked from now on."""

    def __init__(self, plan: CheckPlan, transport: Transport, deadline: Deadline) -> None:
        self._plan = plan
        self._transport = transport
        # Of a short time for all, half is left to the write.
        self._deadline = Deadline(min(LOOKUP_LIMIT, plan.seconds / 2), within=deadline)
        self._runs = {key: Run(partial(self._asked, *asked)) for key, asked in self._whom().items()}

    def expiries(self) -> dict[str, Expiry]:
        """Give the expiry of each login by its key. Raises Stopped if the plan's watch is stopped."""
        now = datetime.now(UTC)
        shown = {login.key: readable_expiry(login, now) for login in self._plan.logins}
        said = {key: run.result(self._deadline, self._plan.watch) for key, run in self._runs.items()}
        return {key: found if (found := said.get(key)) and found.known else shown[key] for key in shown}

    def _whom(self) -> dict[str, tuple[RegistryLogin, Issuer]]:
        """The logins, by their keys, whose issuer is asked."""
        plan = self._plan
        found: dict[str, tuple[RegistryLogin, Issuer]] = {}
        for login in plan.logins if plan.expiry_lookup else ():
            registry = find_registry(login)
            away = registry is not None and not registry.is_loopback and not plan.only_here
            issuer = issuer_of(login, plan.issuers, plan.realms if away else ())
            may_ask = issuer is not None and (is_loopback(issuer.name) or not plan.only_here)
            if issuer and may_ask and not stated_expiry(login).known:
                found[login.key] = login, issuer
        return found

    def _asked(self, login: RegistryLogin, issuer: Issuer) -> Expiry:
        """What *issuer* says of *login*, told as a step."""
        self._plan.watch.tell(issuer.host, "running", "asking")
        answer = self._answer(login, issuer)
        known = answer is not None and answer.status == _OK
        found = issuer.read(answer, datetime.now(UTC)) if answer and known else NOT_KNOWN
        self._plan.watch.tell(issuer.host, "done" if found.known else "hint", _word(found))
        return found

    def _answer(self, login: RegistryLogin, issuer: Issuer) -> Response | None:
        send = partial(self._transport.send, deadline=self._deadline, largest=LARGEST)
        try:
            if issuer.way == "form":
                form = Secret(urlencode({"access_token": login.password.reveal()}))
                return send("POST", issuer.url, auth=NoAuth(), body=form, content_type=_FORM)
            return send("GET", issuer.url, auth=Bearer(login.password))
        except AICoreError:
            return None


def _word(found: Expiry) -> str:
    if found.ends:
        return f"ends on {when(found.ends)}"
    return "does not end" if found.endless else "end not known"
