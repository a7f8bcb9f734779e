"""How long a login lives, as far as that can be seen from here.

A text that says "as far as known" rests on no documentation that was read for this project.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicore_magics.base.redact import shown_key
from aicore_magics.base.wrappers import jwt_claims
from aicore_magics.registry.presets import preset_for

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin

_AZURE_TOKEN_USER = "00000000-0000-0000-0000-000000000000"
# Whose login ends by itself: user, name of the registry or "" for any, and what to say.
SHORT_LIVED = (
    ("AWS", "Amazon ECR", "ECR logins expire after 12 hours, and AI Core does not renew them."),
    (
        "oauth2accesstoken",
        "",
        "Google's access tokens expire after 60 minutes, and AI Core does not renew them.",
    ),
    (
        "_dcgcloud_token",
        "",
        (
            "The login of gcloud's helper expires after about an hour, as far as known; AI Core does not "
            "renew it."
        ),
    ),
    (
        _AZURE_TOKEN_USER,
        "",
        "This Azure login expires after 3 hours, and AI Core does not renew it.",
    ),
    (
        "iambearer",
        "",
        "IBM's bearer tokens expire after at most 60 minutes, and AI Core does not renew them.",
    ),
    (
        "iamrefresh",
        "",
        "IBM's refresh tokens expire after at most 72 hours, and AI Core does not renew them.",
    ),
    ("gitlab-ci-token", "", "A GitLab job token expires with its job, as far as known."),
)
_SHORT_LIVED_TOKENS = (
    ("ghs_", "This GitHub token expires with its job, or after an hour, as far as known."),
    ("glcbt-", "A GitLab job token expires with its job, as far as known."),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_lived(login: RegistryLogin) -> str:
    """Say in one sentence that *login* ends by itself, if that can be seen from here; otherwise nothing."""
    end = _end_of(login.password)
    if end:
        return _ends(f"The token for {shown_key(str(login.registry))}", end)
    preset = preset_for(str(login.registry))
    name = preset.name if preset else ""
    by_user = [say for user, of, say in SHORT_LIVED if user == login.username and of in ("", name)]
    by_token = [say for start, say in _SHORT_LIVED_TOKENS if login.password.reveal().startswith(start)]
    return next(iter(by_user + by_token), "")


def _end_of(password: Secret) -> datetime | None:
    """When *password* ends, if it is a JWT that says so. Nothing in it is verified."""
    end = jwt_claims(password.reveal()).get("exp")
    try:
        # Neither 0 nor true is a time.
        return datetime.fromtimestamp(end, UTC).astimezone() if end and end > 1 else None
    except (ValueError, TypeError, ArithmeticError, OSError):
        return None


def _ends(what: str, end: datetime) -> str:
    now = datetime.now(UTC).astimezone()
    year = "" if end.year == now.year else f" {end.year}"
    when = f"{end.day} {_MONTHS[end.month - 1]}{year}, {end:%H:%M}"
    return (
        f"{what} has expired ({when})."
        if end <= now
        else (f"{what} expires on {when}; AI Core does not renew it.")
    )
