"""Source by source: what a login shows of its end, when nobody is asked."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.registry.expiry import readable_expiry
from aicore_magics.registry.token_ends import stated_expiry
from tests.registry.tokens_of_issuers import ECR, amazon, coded, jwt, login

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
END = NOW + timedelta(hours=5)
AT = int(END.timestamp())
GAR, OWN = "europe-west3-docker.pkg.dev", "registry.acme.example"
ZEROS = "00000000-0000-0000-0000-000000000000"
STATED = Expiry(END, how="token")
NONE_STATED = Expiry(how="token")
ENDLESS = Expiry(endless=True, how="documented")


def lasts(hours, how="user name"):
    return Expiry(NOW + timedelta(hours=hours), NOW, how=how)


SOURCES = [
    # JWTs, whoever gave them out
    (login("anna", jwt(exp=AT), "acme.jfrog.io"), STATED),
    (login(ZEROS, jwt(exp=AT), "acme.azurecr.io"), STATED),
    (login("iambearer", jwt(exp=AT), "de.icr.io"), STATED),
    (login("gitlab-ci-token", jwt("glcbt-", exp=AT), OWN), STATED),
    (login("acme+robot", jwt(exp=AT), "quay.io"), STATED),
    (login("anna", jwt(sub="anna"), "acme.jfrog.io"), NONE_STATED),
    (login("7654321|train", jwt(sub="train"), "registry.redhat.io"), NONE_STATED),
    # Amazon ECR
    (login("AWS", amazon(expiration=AT), ECR), Expiry(END, END - timedelta(hours=12), how="token")),
    (login("AWS", "x7" * 40, ECR), lasts(12)),
    (login("AWS", amazon(), ECR), lasts(12)),
    (login("AWS", "x7" * 40, AuthKey("*.dkr.ecr.*.amazonaws.com")), lasts(12)),
    (login("AWS", "x7" * 40, OWN), NOT_KNOWN),
    (login("anna", "x7" * 40, ECR), NOT_KNOWN),
    # User names that tell
    (login("oauth2accesstoken", "ya29.x", GAR), lasts(1)),
    (login("_dcgcloud_token", "ya29.x", "gcr.io"), lasts(1)),
    (login(ZEROS, "x7" * 40, "acme.azurecr.io"), lasts(3)),
    (login(ZEROS, jwt(sub="anna"), "acme.azurecr.io"), lasts(3)),
    (login("iambearer", "x7" * 40, "de.icr.io"), lasts(1)),
    (login("iamrefresh", "x7" * 40, "de.icr.io"), lasts(72)),
    (login("gitlab-ci-token", "x7" * 40, "registry.gitlab.com"), NOT_KNOWN),
    # Tokens that tell
    (login("anna", "ghs_" + 18 * "x7"), lasts(24, "documented")),
    (login("anna", "glcbt-64_" + 10 * "x7", "registry.gitlab.com"), NOT_KNOWN),
    # Documented to have no end, only at their own hosts
    (login("iamapikey", "x7" * 44, "de.icr.io"), ENDLESS),
    (login("iamapikey", "x7" * 44, "icr.io"), ENDLESS),
    (login("iamapikey", "x7" * 44, OWN), NOT_KNOWN),
    (login("cp", "x7" * 44, "cp.icr.io"), NOT_KNOWN),
    (login("iamapikey", "x7" * 44, "cp.icr.io"), NOT_KNOWN),
    (login("acme/anna", "x7" * 20, "fra.ocir.io"), ENDLESS),
    (login("acme/anna", jwt(exp=AT), "fra.ocir.io"), STATED),
    (login("acme/anna", "x7" * 20, "ocir.io.acme.example"), NOT_KNOWN),
    # Only the user knows, or the issuer
    (login("anna", "ghp_" + 18 * "x7"), NOT_KNOWN),
    (login("anna", "glpat-" + 10 * "x7", "registry.gitlab.com"), NOT_KNOWN),
    (login("anna", "gldt-" + 10 * "x7", "registry.gitlab.com"), NOT_KNOWN),
    (login("anna", "dckr_pat_" + 14 * "x7", "docker.io"), NOT_KNOWN),
    (login("robot$team+pull", "x7" * 32, OWN), NOT_KNOWN),
    (login("_json_key", '{"type": "service_account"}', GAR), NOT_KNOWN),
    (login("acme+robot", "X7" * 32, "quay.io"), NOT_KNOWN),
    (login("anna", "x7" * 32, "acme.azurecr.io"), NOT_KNOWN),
    (login("anna", "correct horse", OWN), NOT_KNOWN),
]


@pytest.mark.parametrize(
    ("given", "expiry"), SOURCES, ids=lambda each: getattr(each, "how", None) or str(each)
)
def test_sources(given, expiry):
    """Each source gives what is known by it, and how; what says more about this very login comes first."""
    assert readable_expiry(given, NOW) == expiry


@pytest.mark.parametrize("year", [1, 9999])
def test_any_now(year):
    """A clock at either end of the calendar is no error."""
    now = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 23, tzinfo=UTC)
    for given, _ in SOURCES:
        assert readable_expiry(given, now).state(now)


def _value(chance):
    """Something that an issuer may never have meant."""
    return chance.choice(
        [
            lambda: chance.choice([None, True, "", "NaN", [], {}, [[[]]], 0, -1, 1e308, 10**400, -(10**20)]),
            lambda: float(chance.choice(["inf", "-inf", "nan"])),
            lambda: chance.randrange(10 ** chance.randrange(1, 60)),
            lambda: "".join(chr(chance.randrange(32, 0xD7FF)) for _ in range(chance.randrange(40))),
            lambda: {"exp": {"exp": chance.random()}},
        ]
    )()


def _text(chance):
    """A token that means something odd."""
    odd = {name: _value(chance) for name in ("exp", "iat", "expiration")}
    return chance.choice(
        [
            lambda: jwt(**odd),
            lambda: amazon(**odd),
            lambda: f"a.{coded(_value(chance))}.c",
            lambda: f"a.{base64.urlsafe_b64encode(chance.randbytes(chance.randrange(60))).decode()}.c",
            lambda: base64.b64encode(chance.randbytes(chance.randrange(1, 60))).decode(),
            lambda: "a." + base64.urlsafe_b64encode(b"[" * chance.randrange(3000)).decode() + ".c",
            lambda: "".join(chr(chance.randrange(0xD7FF)) for _ in range(chance.randrange(1, 40))),
        ]
    )()


@pytest.mark.enumerates
def test_hostile_texts():
    """Of 20,000 hostile texts none is an error, and what is read from them can be kept."""
    chance = random.Random(18)
    # What no login would take as its password is read all the same.
    given = login("AWS", "x7" * 20, ECR)
    for _ in range(2000):
        text = _text(chance)
        for at in (len(text), *(chance.randrange(len(text)) for _ in range(9))):
            damaged = text[:at] + chr(chance.randrange(0x2FFF)) * (at % 3) + text[at + 1 :]
            object.__setattr__(given, "password", Secret(damaged))
            expiry = stated_expiry(given)
            assert not expiry.known or Expiry.from_data(expiry.to_data()) == expiry
