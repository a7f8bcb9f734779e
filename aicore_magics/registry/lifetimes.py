"""How long a login lives, as far as that can be seen from here.

A text that says "as far as known" rests on no documentation that was read for this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aicore_magics.base.redact import shown_key
from aicore_magics.base.report import Origin
from aicore_magics.registry.presets import preset_for
from aicore_magics.registry.token_ends import AMAZON_LIFE, AMAZON_USER, stated_expiry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.docker_secret import RegistryLogin

GOOGLE_USER = "oauth2accesstoken"
GOOGLE_LIFE = timedelta(hours=1)  # by default; a policy of the organisation may allow 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long one kind of login lives: that of a *user*, or that whose token begins with *token*.

    *of* is the name of its registry, or "" for any. *life* is the longest one, None where that hangs on
    something else. A kind that is *endless* has no *say*, the sentence of a warning.
    """

    user: str = ""
    token: str = ""
    of: str = ""
    life: timedelta | None = None
    say: str = ""
    endless: bool = False

    def fits(self, login: RegistryLogin, registry: str) -> bool:
        """Return whether *login*, for the preset *registry*, is of this kind."""
        of_user = self.user in ("", login.username) and self.of in ("", registry)
        return of_user and login.password.reveal().startswith(self.token)


LIFETIMES = (
    Lifetime(
        AMAZON_USER,
        of="Amazon ECR",
        life=AMAZON_LIFE,
        say="ECR logins expire after 12 hours, and AI Core does not renew them.",
    ),
    Lifetime(
        GOOGLE_USER,
        life=GOOGLE_LIFE,
        say="Google's access tokens expire after 60 minutes, and AI Core does not renew them.",
    ),
    Lifetime(
        "_dcgcloud_token",
        life=timedelta(hours=1),
        say="The login of gcloud's helper expires after about an hour, as far as known; AI Core does not "
        "renew it.",
    ),
    Lifetime(
        "00000000-0000-0000-0000-000000000000",
        life=timedelta(hours=3),
        say="This Azure login expires after 3 hours, and AI Core does not renew it.",
    ),
    Lifetime(
        "iambearer",
        life=timedelta(hours=1),
        say="IBM's bearer tokens expire after at most 60 minutes, and AI Core does not renew them.",
    ),
    Lifetime(
        "iamrefresh",
        life=timedelta(hours=72),
        say="IBM's refresh tokens expire after at most 72 hours, and AI Core does not renew them.",
    ),
    Lifetime("gitlab-ci-token", say="A GitLab job token expires with its job, as far as known."),
    # https://docs.github.com/en/actions/concepts/security/github_token
    Lifetime(
        token="ghs_",
        life=timedelta(hours=24),
        say="This GitHub token expires with its job, or after an hour; after 24 hours at the latest.",
    ),
    Lifetime(token="glcbt-", say="A GitLab job token expires with its job, as far as known."),
    # https://cloud.ibm.com/docs/account?topic=account-manapikey
    Lifetime("iamapikey", of="IBM Cloud Container Registry", endless=True),
    # https://docs.oracle.com/en-us/iaas/api/#/en/identity/latest/AuthToken: time_expires is null
    Lifetime(of="Oracle Container Registry (OCIR)", endless=True),
)


def lifetime_of(login: RegistryLogin) -> Lifetime | None:
    """Return how long the kind of *login* lives, if it is a known one."""
    preset = preset_for(str(login.registry))
    name = preset.name if preset else ""
    return next((kind for kind in LIFETIMES if kind.fits(login, name)), None)


def short_lived(login: RegistryLogin) -> str:
    """Say in one sentence that *login* ends by itself, if that can be seen from here; otherwise nothing.

    It is no warning as long as the login need not be replaced.
    """
    expiry = stated_expiry(login)
    if expiry.ends:
        said = _ends(f"The token for {shown_key(str(login.registry))}", expiry.ends)
        return Origin(said) if expiry.state(_now()) == "valid" else said
    kind = lifetime_of(login)
    return kind.say if kind else ""


def beside_ends(notes: Iterable[str], logins: Iterable[RegistryLogin]) -> tuple[str, ...]:
    """Return *notes* without what `short_lived` said of *logins*, for where their ends are shown."""
    said = {short_lived(login) for login in logins}
    return tuple(note for note in notes if note not in said)


def has_expired(login: RegistryLogin) -> str:
    """Say that the token of *login* has expired, if it says so itself; otherwise nothing.

    The words follow the registry's own, so they do not name it.
    """
    end = stated_expiry(login).ends
    return f"The token itself says that it expired ({when(end)})." if end and end <= _now() else ""


def when(end: datetime) -> str:
    """Return the day and minute of *end* in local time, with the year if it is another.

    >>> when(datetime(2020, 2, 3, 12, tzinfo=UTC))[:10]
    '3 Feb 2020'
    """
    try:
        end, now = end.astimezone(), _now().astimezone()
    except (ValueError, OverflowError, OSError):
        # In the first and in the last hours of the calendar.
        now = _now()
    year = "" if end.year == now.year else f" {end.year}"
    return f"{end.day} {_MONTHS[end.month - 1]}{year}, {end:%H:%M}"


def _ends(what: str, end: datetime) -> str:
    expired = end <= _now()
    return (
        f"{what} has expired ({when(end)})."
        if expired
        else f"{what} expires on {when(end)}; AI Core does not renew it."
    )


def _now() -> datetime:
    return datetime.now(UTC)
