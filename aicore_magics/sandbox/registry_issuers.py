"""Where a login's issuer tells when it ends, at the registry's host: as GitHub, GitLab and Google do.

Each knows the logins of its own shape alone, and answers a wrong, an expired and a revoked one as it does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs

from aicore_magics.sandbox.exchange import Answer, Request
from aicore_magics.sandbox.oauth import basic_login, form_fields
from aicore_magics.sandbox.registry_rights import authorization

if TYPE_CHECKING:
    from aicore_magics.sandbox.registry_faults import RegistryFaults
    from aicore_magics.sandbox.registry_logins import Login, RegistryLogins
    from aicore_magics.sandbox.registry_passwords import Shape

GITHUB, GITLAB, GOOGLE = "/rate_limit", "/api/v4/personal_access_tokens/self", "/tokeninfo"
ISSUERS = frozenset({GITHUB, GITLAB, GOOGLE})

_Desk: TypeAlias = Callable[[Request], Answer]
_HOURLY, _HOURLY_FOR_NOBODY = 5000, 60


class Issuers:
    """Answers at the addresses in `ISSUERS`."""

    def __init__(self, logins: RegistryLogins, faults: RegistryFaults, clock: Callable[[], float]) -> None:
        self._logins = logins
        self._faults = faults
        self._clock = clock
        self._desks: Mapping[str, tuple[_Desk, tuple[str, ...]]] = {
            GITHUB: (self._github, ("GET", "HEAD")),
            GITLAB: (self._gitlab, ("GET", "HEAD")),
            GOOGLE: (self._google, ("GET", "POST")),
        }

    def answer(self, request: Request) -> Answer:
        """Give the answer to *request*, whose path is one of `ISSUERS`."""
        desk, methods = self._desks[request.path]
        if request.method not in methods:
            return Answer.text(405, "Method not allowed", ("Allow", ", ".join(methods)))
        return desk(request)

    def _github(self, request: Request) -> Answer:
        token = _github_token(request)
        login = self._valid(token, "github")
        if token and login is None:
            content = {
                "message": "Bad credentials",
                "documentation_url": "https://docs.github.com/rest",
                "status": "401",
            }
            return Answer.document(401, content)
        limit = _HOURLY if token else _HOURLY_FOR_NOBODY
        rate = {"limit": limit, "used": 0, "remaining": limit, "reset": int(self._clock()) + 3600}
        headers = {f"X-RateLimit-{name.title()}": str(value) for name, value in rate.items()}
        if login is not None:
            headers["X-OAuth-Scopes"] = "read:packages"
            ends = login.ends and login.ends.replace(tzinfo=None).isoformat(" ") + " UTC"
            told = self._faults.told_end or ends
            headers |= {"GitHub-Authentication-Token-Expiration": told} if told else {}
        return Answer.document(200, {"resources": {"core": rate}, "rate": rate}, *headers.items())

    def _gitlab(self, request: Request) -> Answer:
        scheme, token = authorization(request)
        given = str(request.headers.get("PRIVATE-TOKEN", "")) or (token if scheme == "bearer" else "")
        login = self._logins.find_token(given, "gitlab")
        if login is None:
            return Answer.document(401, {"message": "401 Unauthorized"})
        listed = self._logins.listed(login)
        if listed.standing != "valid":
            words = _GITLAB_ENDED[listed.standing == "revoked"]
            return Answer.document(401, {"error": "invalid_token", "error_description": words})
        ends = self._faults.told_end or (login.ends and login.ends.date().isoformat())
        content: dict[str, object] = {
            "id": int(login.id[:6], 16),
            "name": f"pull, {login.username}",
            "revoked": False,
            "created_at": _milliseconds(login.begins),
            "description": None,
            "scopes": ["read_registry"],
            "user_id": 24,
            "last_used_at": _milliseconds(datetime.fromtimestamp(self._clock(), UTC)),
            "active": True,
            "expires_at": ends,
        }
        return Answer.document(200, content)

    def _google(self, request: Request) -> Answer:
        in_query = parse_qs(request.query).get("access_token", [""])[0]
        login = self._valid(form_fields(request).get("access_token") or in_query, "google")
        if login is None:
            return Answer.document(400, {"error": "invalid_token", "error_description": "Invalid Value"})
        content: dict[str, object] = {
            "azp": "100000000000000000000",
            "aud": "100000000000000000000",
            "scope": "https://www.googleapis.com/auth/cloud-platform",
            **self._google_end(login),
            "access_type": "online",
        }
        return Answer.document(200, content)

    def _google_end(self, login: Login) -> dict[str, str]:
        if self._faults.told_end is not None:
            return {"exp": self._faults.told_end, "expires_in": self._faults.told_end}
        if login.ends is None:
            return {}
        left = login.ends - datetime.fromtimestamp(self._clock(), UTC)
        return {"exp": str(int(login.ends.timestamp())), "expires_in": str(left // timedelta(seconds=1))}

    def _valid(self, token: str, shape: Shape) -> Login | None:
        login = self._logins.find_token(token, shape)
        return login if login and self._logins.is_valid(login) else None


_GITLAB_ENDED = (
    "Token is expired. You can either do re-authorization or token refresh.",
    "Token was revoked. You have to re-authorize from the user.",
)


def _github_token(request: Request) -> str:
    """Read the token from any of the forms that GitHub takes; with Basic the user name does not matter."""
    scheme, rest = authorization(request)
    if scheme == "basic":
        return basic_login(rest)[1] or "?"
    return (rest or "?") if scheme else ""


def _milliseconds(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
