import base64
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.unfilled import is_unfilled
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.registry.expiry import readable_expiry
from aicore_magics.registry.lifetimes import LIFETIMES, beside_ends, has_expired, short_lived, when
from aicore_magics.registry.presets import PRESETS
from tests.registry.tokens_of_issuers import ECR, amazon, coded, jwt, login

LONGEST = 110


@pytest.fixture
def berlin(monkeypatch):
    """The kernel's clock is one hour ahead of UTC."""
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (login("AWS", registry=ECR), "ECR logins expire after 12 hours,"),
        (login("AWS", registry=AuthKey("*.dkr.ecr.*.amazonaws.com")), "ECR logins expire after 12 hours,"),
        (login("oauth2accesstoken"), "Google's access tokens expire after 60 minutes,"),
        (login("00000000-0000-0000-0000-000000000000"), "expires after 3 hours,"),
        (login("iambearer"), "at most 60 minutes,"),
        (login("iamrefresh"), "at most 72 hours,"),
        (login("_dcgcloud_token"), "about an hour, as far as known"),
        (login("gitlab-ci-token"), "job token expires with its job, as far as known"),
        (login("u", "glcbt-64_" + 10 * "x7"), "job token expires with its job, as far as known"),
        (
            login("u", "ghs_" + 18 * "x7"),
            "expires with its job, or after an hour; after 24 hours at the latest",
        ),
    ],
)
def test_a_login_that_ends_by_itself(said, words):
    """A login that is known to be short-lived is told so, in one sentence."""
    sentence = short_lived(said)
    assert words in sentence
    assert sentence.endswith(".")
    assert len(sentence) <= LONGEST


@pytest.mark.parametrize(
    "said",
    [
        login("anna"),
        login("AWS"),
        login("anna", registry=ECR),
        login("_json_key", '{"type": "service_account"}', "europe-west3-docker.pkg.dev"),
        login("anna", "ghp_" + 18 * "x7"),
        login("anna", "a.b.c"),
        login("anna", jwt(sub="anna")),
    ],
)
def test_a_login_that_stays(said):
    """Of a login that nothing is known about, nothing is said."""
    assert short_lived(said) == ""


def test_when_a_token_ends(berlin):
    """The end that a token tells is said as local time with its day, and with its year if it is another."""
    end = (datetime.now(UTC) + timedelta(days=800)).replace(month=11, day=24, hour=19, minute=12)
    sentence = short_lived(login("anna", jwt(exp=int(end.timestamp()))))
    assert sentence == (
        f"The token for ghcr.io expires on 24 Nov {end.year}, 20:12; AI Core does not renew it."
    )


def test_a_token_that_ends_soon(berlin):
    """An end in this year needs no year."""
    end = datetime.now(UTC) + timedelta(seconds=90)
    local = end.astimezone()
    sentence = short_lived(login("anna", jwt(exp=end.timestamp())))
    year = "" if local.year == datetime.now(UTC).astimezone().year else f" {local.year}"
    assert f"expires on {local.day} {local:%b}{year}, {local:%H:%M};" in sentence


def test_a_token_that_has_ended(berlin):
    """A token that is over is said to be."""
    end = datetime(2020, 2, 3, 22, 30, tzinfo=UTC)
    said = login("00000000-0000-0000-0000-000000000000", jwt(exp=end.timestamp()), "acme.azurecr.io")
    assert short_lived(said) == "The token for acme.azurecr.io has expired (3 Feb 2020, 23:30)."


@pytest.mark.parametrize(
    "end", [None, True, False, 0, -1, "1790000000", 10**30, 1e300, [], {}, float("inf"), float("nan")]
)
def test_an_end_that_is_no_time(end):
    """What is no time that a clock can show is passed over."""
    assert short_lived(login("anna", jwt(exp=end))) == ""


def test_claims_that_are_no_claims():
    """What only looks like a token is passed over, however odd."""
    for text in ("..", "a.!.c", f"a.{coded([1])}.c", f"a.{coded('exp')}.c", f"a.{coded(1)}.c", "a.ä.c"):
        assert short_lived(login("anna", text)) == ""
    deep = base64.urlsafe_b64encode(b"[" * 30_000).decode()
    assert short_lived(login("anna", f"a.{deep}.c")) == ""


@given(
    st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), min_size=1).filter(
        lambda t: set(t) - {*"*•●·∙⋅"} and not is_unfilled(t, "password")
    )
)
def test_no_password_makes_it_fail(text):
    """Whatever the password is, there is a sentence or none."""
    assert isinstance(short_lived(login("anna", text)), str)


def test_nothing_of_the_password_is_told(canary):
    """The sentence holds no part of the token, nor who it is for."""
    token = jwt(exp=1_800_000_000, sub=canary)
    sentence = short_lived(login("anna", token))
    assert not any(token[i : i + 5] in sentence for i in range(len(token) - 4))
    assert not any(canary[i : i + 4] in sentence for i in range(len(canary) - 3))


def test_a_key_with_a_password_is_cleaned():
    """A key of a file shows neither user nor password."""
    said = login("anna", jwt(exp=1_900_000_000), AuthKey("https://anna:s3cret@r.example/team"))
    assert short_lived(said).startswith("The token for https://r.example/team expires on ")


def test_one_table():
    """Each kind has a warning or no end, and what the warning is about has an end, as far as it is a time."""
    names = {preset.name for preset in PRESETS}
    for kind in LIFETIMES:
        assert bool(kind.say) is not kind.endless
        assert kind.of in ("", *names)
        assert kind.user or kind.token or kind.of
        assert bool(kind.life) == bool(re.search("hour|minutes", kind.say))


def test_a_token_of_amazon(berlin):
    """A token of Amazon's that shows its end is told with it, not with the 12 hours that all of them have."""
    said = login("AWS", amazon(expiration=1_900_000_000), ECR)
    assert (
        short_lived(said) == f"The token for {ECR} expires on 17 Mar 2030, 18:46; AI Core does not renew it."
    )


def test_not_twice():
    """Where ends are shown, their warnings are left out of the notes, and nothing else is."""
    logins = (login("AWS", "x7" * 20, ECR), login("anna"), login("oauth2accesstoken", "ya29.x7"))
    ends = [short_lived(each) for each in logins if short_lived(each)]
    assert len(ends) == 2
    assert beside_ends(("before", *ends, "after"), logins) == ("before", "after")
    assert beside_ends(ends, logins[1:]) == (ends[0],)


def test_has_expired(berlin):
    """Only a token's own end makes it expired: what its kind has is counted from now."""
    assert has_expired(login("anna", jwt(exp=1_580_769_000))) == (
        "The token itself says that it expired (3 Feb 2020, 23:30)."
    )
    later = int(datetime.now(UTC).timestamp()) + 3600
    for said in (login("anna", jwt(exp=later)), login("anna", jwt()), login("AWS", "x7" * 20, ECR)):
        assert has_expired(said) == ""
        assert readable_expiry(said, datetime.now(UTC)).state(datetime.now(UTC)) != "expired"


@pytest.mark.parametrize("zone", ["UTC", "XXX-14", "XXX+12"])
def test_a_time_at_either_end_of_the_calendar(zone, monkeypatch):
    """A time that local time has no day for is told in UTC."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    assert " Jan 1, " in when(datetime(1, 1, 1, tzinfo=UTC))
    assert " 9999, " in when(datetime(9999, 12, 31, 23, tzinfo=UTC))
    monkeypatch.undo()
    time.tzset()
