"""What a token says of its own end. Nothing in it is verified, and nobody is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aicore_magics.base.wrappers import from_base64, from_json, jwt_claims
from aicore_magics.model.expiry import NOT_KNOWN, Expiry

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin

AMAZON_USER = "AWS"
AMAZON_LIFE = timedelta(hours=12)  # of every token of Amazon ECR, as Amazon documents it
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 1e9, 1e11  # seconds: 2001 and 5138; what lies outside is no time of a token, or milliseconds


def stated_expiry(login: RegistryLogin) -> Expiry:
    """Return what the token of *login* itself says: a JWT, or a token of Amazon ECR.

    A JWT that states no end is not known to have none, and *how* is `token` all the same.
    """
    return _of_jwt(login.password) or _of_amazon(login) or NOT_KNOWN


def unix_time(seconds: Any) -> datetime | None:
    """Return the time in UTC that a number of *seconds* means, or None for what no token has.

    >>> unix_time(1_800_000_000).isoformat(), unix_time(True), unix_time(float("nan")), unix_time(10**30)
    ('2027-01-15T08:00:00+00:00', None, None, None)
    """
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not _FIRST < seconds < _LAST:
        return None
    return _EPOCH + timedelta(seconds=seconds)


def is_plausible(time: datetime) -> bool:
    """Return whether a token may end at *time*, which is aware: neither in the year 1 nor in 9999."""
    return _FIRST < (time - _EPOCH).total_seconds() < _LAST


def _of_jwt(password: Secret) -> Expiry | None:
    claims = jwt_claims(password.reveal())
    if not claims:
        return None
    ends = unix_time(claims.get("exp"))
    begins = unix_time(claims.get("iat")) or unix_time(claims.get("nbf"))
    later = begins is not None and ends is not None and begins >= ends
    return Expiry(ends, None if later else begins, how="token")


def _of_amazon(login: RegistryLogin) -> Expiry | None:
    """The end in what `aws ecr get-login-password` prints: a JSON object in base64."""
    content = from_json(from_base64(login.password.reveal()) or "") if login.username == AMAZON_USER else None
    ends = unix_time(content.get("expiration")) if isinstance(content, dict) else None
    return Expiry(ends, ends - AMAZON_LIFE, how="token") if ends else None
