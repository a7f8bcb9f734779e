"""What a token says of its own end is read, or passed over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.token_ends import is_plausible, stated_expiry, unix_time
from tests.registry.tokens_of_issuers import ECR, amazon, jwt, login

END = datetime(2027, 1, 15, 8, tzinfo=UTC)  # 1_800_000_000
MADE = END - timedelta(hours=3)
NO_TIMES = [
    *(None, True, False, 0, -1, 1, "1800000000", "2027-01-31", [], {}, [1_800_000_000]),
    *(10**30, -(10**30), 1e300, float("inf"), float("-inf"), float("nan")),
    *(1e9, 1e11, 1_800_000_000_000, 253_402_300_799),
]


@pytest.mark.parametrize(
    ("claims", "begins"),
    [
        ({}, None),
        ({"iat": MADE.timestamp()}, MADE),
        ({"nbf": MADE.timestamp()}, MADE),
        ({"nbf": MADE.timestamp() - 300, "iat": MADE.timestamp()}, MADE),
        ({"iat": "yesterday", "nbf": MADE.timestamp()}, MADE),
        ({"iat": END.timestamp()}, None),
        ({"iat": 2e9}, None),
        ({"iat": True, "nbf": 1}, None),
    ],
)
@pytest.mark.parametrize("end", [1_800_000_000, 1_800_000_000.0])
def test_a_jwt(claims, begins, end):
    """The end of a JWT is its exp, its beginning iat or else nbf, where it lies before."""
    assert stated_expiry(login("anna", jwt(exp=end, **claims))) == Expiry(END, begins, how="token")


@pytest.mark.parametrize("end", NO_TIMES, ids=str)
def test_no_time(end):
    """What is no time in seconds gives no end; that of a JWT is then not known, and not endless."""
    assert unix_time(end) is None
    assert stated_expiry(login("anna", jwt(exp=end))) == Expiry(how="token")
    assert stated_expiry(login("AWS", amazon(expiration=end), ECR)) == NOT_KNOWN


def test_a_jwt_without_an_end():
    """A JWT that states no end may be revoked or limited elsewhere: it is not known not to end."""
    found = stated_expiry(login("anna", jwt(sub="anna", iat=1_800_000_000)))
    assert found == Expiry(None, END, how="token")
    assert found.state(END) == "not known"


def test_amazon():
    """A token of Amazon ECR has its end inside, and began 12 hours before; at any host of theirs."""
    for registry in (ECR, "public.ecr.aws", "cache.example.com"):
        found = stated_expiry(login("AWS", amazon(expiration=1_800_000_000), registry))
        assert found == Expiry(END, END - timedelta(hours=12), how="token")
    assert stated_expiry(login("anna", amazon(expiration=1_800_000_000), ECR)) == NOT_KNOWN


def test_times_that_a_token_has():
    """Neither the first nor the last year of the calendar is one."""
    assert is_plausible(END)
    assert not is_plausible(datetime(1, 1, 1, tzinfo=UTC))
    assert not is_plausible(datetime(9999, 12, 31, tzinfo=UTC))
