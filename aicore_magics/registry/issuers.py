"""Who issued a login, and what that issuer says about its end when asked with it.

HOSTS is all the hosts that are ever asked for an end, beside one that the user has named: `SECURITY.md` lists
the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from aicore_magics.model.expiry import NOT_KNOWN, Expiry, time_in
from aicore_magics.model.names import Registry
from aicore_magics.registry.host_patterns import is_at
from aicore_magics.registry.lifetimes import GOOGLE_LIFE, GOOGLE_USER
from aicore_magics.registry.presets import preset_for
from aicore_magics.registry.same_owner import host_of_owner
from aicore_magics.registry.single_check import find_registry
from aicore_magics.registry.token_ends import is_plausible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.http.messages import Response
    from aicore_magics.model.docker_secret import RegistryLogin

Read = Callable[["Response", datetime], Expiry]
_HEADER = "github-authentication-token-expiration"
_FOR_NOBODY = 60  # requests an hour that GitHub allows without a token
_LONGEST = 31_622_400  # seconds, a leap year: no access token of Google comes near
_SECONDS = re.compile(r"[0-9]{1,8}")
# Who reads a key otherwise than others do sends its token to a stranger: only what all read alike is asked
# about, so no user, query, fragment, backslash or percent code.
_CLEAR = re.compile(r"(?:https?://)?(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]+)?(?:/[A-Za-z0-9._-]+)*/?")


@dataclass(frozen=True, slots=True)
class Issuer:
    """Where an issuer says when a login ends, and how its answer is read.

    *registries* are patterns of hosts; of their logins those of *user*, or whose token begins with *token*,
    are its own. *way*: the token travels as a bearer, or in a form.
    """

    url: str
    registries: tuple[str, ...]
    read: Read
    user: str = ""
    token: str = ""
    way: Literal["bearer", "form"] = "bearer"

    @property
    def host(self) -> str:
        """Host and port, as they are shown."""
        return urlsplit(self.url).netloc

    @property
    def name(self) -> str:
        """The host alone."""
        return urlsplit(self.url).hostname or ""

    def issued(self, login: RegistryLogin) -> bool:
        """Return whether *login* is one of its own, as far as user and token show it."""
        of_user = self.user in ("", login.username)
        return of_user and login.password.reveal().startswith(self.token)


def _github(answer: Response, _now: datetime) -> Expiry:
    """The header is there if the token ends."""
    content, told = answer.json(), answer.headers.get(_HEADER)
    if not isinstance(content, dict):
        return NOT_KNOWN
    if told is not None:
        return _until(time_in(told.strip()), "header")
    rate = content.get("rate")
    limit = rate.get("limit") if isinstance(rate, dict) else None
    # An answer to nobody in particular has no such header either: a proxy may drop who asks.
    to_somebody = "x-oauth-scopes" in answer.headers or (isinstance(limit, int) and limit > _FOR_NOBODY)
    return Expiry(endless=True, how="header") if to_somebody else NOT_KNOWN


def _gitlab(answer: Response, _now: datetime) -> Expiry:
    """A token ends with the day before the date that is given: at 00:00 UTC."""
    content = answer.json()
    if not isinstance(content, dict) or "expires_at" not in content:
        return NOT_KNOWN
    ends, begins = content["expires_at"], content.get("created_at")
    if ends is None:
        return Expiry(endless=True, how="service")
    made = time_in(begins) if isinstance(begins, str) else None
    return _until(time_in(ends) if isinstance(ends, str) else None, "service", made)


def _google(answer: Response, now: datetime) -> Expiry:
    """It tells the seconds that are left, in a text or as a number."""
    content = answer.json()
    left = content.get("expires_in") if isinstance(content, dict) else None
    seconds = int(left) if isinstance(left, str) and _SECONDS.fullmatch(left) else left
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 0 < seconds < _LONGEST:
        return NOT_KNOWN
    ends = now.replace(microsecond=0) + timedelta(seconds=seconds)
    by_default = timedelta(seconds=seconds) <= GOOGLE_LIFE
    return _until(ends, "service", ends - GOOGLE_LIFE if by_default else None)


def _until(
    ends: datetime | None, how: Literal["header", "service"], begins: datetime | None = None
) -> Expiry:
    if ends is None or not is_plausible(ends):
        return NOT_KNOWN
    plausible = begins is not None and is_plausible(begins) and begins < ends
    return Expiry(ends, begins if plausible else None, how=how)


_GITLAB = Issuer(
    "https://gitlab.com/api/v4/personal_access_tokens/self", ("registry.gitlab.com",), _gitlab, token="glpat-"
)
HOSTS = (
    Issuer("https://api.github.com/rate_limit", ("ghcr.io",), _github, token="ghp_"),
    _GITLAB,
    Issuer(
        "https://oauth2.googleapis.com/tokeninfo",
        ("*-docker.pkg.dev", "gcr.io", "*.gcr.io"),
        _google,
        user=GOOGLE_USER,
        way="form",
    ),
)


def issuer_of(login: RegistryLogin, issuers: Iterable[Issuer], named: tuple[str, ...]) -> Issuer | None:
    """Return whom to ask when *login* ends, or None.

    That is one of *issuers*; nobody, if the key of *login* is not clearly a host. For a GitLab of one's own
    it is the one host in *named*, which the user has allowed to get the login, if it belongs to the owner of
    the registry: a registry and its API often have two names.
    """
    registry = find_registry(login) if _CLEAR.fullmatch(str(login.registry)) else None
    if registry is None or Registry.find(registry.host) != registry:
        return None
    known = (each for each in issuers if is_at(registry, each.registries) and each.issued(login))
    found = next(known, None)
    if found or preset_for(registry) or len(named) != 1 or not _GITLAB.issued(login):
        return found
    host = host_of_owner(named[0], registry)
    return replace(_GITLAB, url=_GITLAB.url.replace(_GITLAB.host, host)) if host else None
