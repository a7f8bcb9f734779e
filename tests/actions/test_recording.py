"""The ends of logins that a user tells, and the words of a record that could not be written."""

from __future__ import annotations

import pytest

from aicore_magics.actions.recording import Recording, fault_words, ledger_of, noted_login
from aicore_magics.base.encodings import small
from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidDate, InvalidRegistry
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin

PASSWORD = "not a secret"
GHCR = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
HUB = RegistryLogin("docker.io", "anna", Secret(PASSWORD))
WITH_PATH = RegistryLogin(AuthKey("https://quay.io/v2/acme"), "anna", Secret(PASSWORD))
DATE, OTHER = "2027-01-31", "2028-02-29"
BOTH, ALL = (GHCR, HUB), (GHCR, HUB, WITH_PATH)


@pytest.mark.parametrize(
    ("ends", "logins", "told"),
    [
        ((), ALL, {}),
        ((DATE,), (GHCR,), {GHCR.key: DATE}),
        ((DATE,), (HUB,), {HUB.key: DATE}),
        ((f"ghcr.io={DATE}",), BOTH, {GHCR.key: DATE}),
        ((f"GHCR.io = {DATE}",), BOTH, {GHCR.key: DATE}),
        ((f"https://ghcr.io/={DATE}",), BOTH, {GHCR.key: DATE}),
        ((f"docker.io={DATE}", f"ghcr.io={OTHER}"), BOTH, {HUB.key: DATE, GHCR.key: OTHER}),
        ((f"index.docker.io={DATE}",), BOTH, {HUB.key: DATE}),
        ((f"quay.io={DATE}",), ALL, {WITH_PATH.key: DATE}),
        (("ghcr.io=2027-01-31T18:00+13:45",), BOTH, {GHCR.key: "2027-01-31T04:15"}),
    ],
)
def test_which_login_an_end_is_for(ends, logins, told):
    """An end goes to the login of its registry, in any spelling; without a registry, to the only login."""
    found = {key: f"{expiry.ends:%Y-%m-%dT%H:%M}" for key, expiry in Recording(ends).told(logins).items()}
    full = {key: text if "T" in text else f"{text}T00:00" for key, text in told.items()}
    assert found == full


def test_a_login_that_does_not_end():
    """`never` is told of a login as any other end is."""
    (expiry,) = Recording(("never",)).told([GHCR]).values()
    assert (expiry.endless, expiry.how) == (True, "told")


@pytest.mark.parametrize(
    ("ends", "logins", "error"),
    [
        ((DATE,), BOTH, InvalidDate),
        ((DATE, OTHER), (GHCR,), InvalidDate),
        ((f"ghcr.io={DATE}", DATE), (GHCR,), InvalidDate),
        ((f"ghcr.io={DATE}", f"ghcr.io={OTHER}"), BOTH, InvalidDate),
        ((f"quay.io={DATE}",), BOTH, InvalidDate),
        (("31.01.2027",), (GHCR,), InvalidDate),
        (("2027-01-31T18:00",), (GHCR,), InvalidDate),
        (("",), (GHCR,), InvalidDate),
        ((f"={DATE}",), (GHCR,), InvalidDate),
        ((f"a b={DATE}",), (GHCR,), InvalidRegistry),
    ],
)
def test_an_end_that_is_not_clear(ends, logins, error):
    """An end that belongs to no login, or to several, or is none, is refused before anything is sent."""
    with pytest.raises(error) as refused:
        Recording(ends).told(logins)
    assert "Nothing was sent." in str(refused.value)


def test_a_record_that_cannot_be_written():
    """A fault is one sentence, and no fault is none."""
    assert fault_words("") == ()
    (sentence,) = fault_words("read-only file system")
    assert "read-only file system" in sentence


@pytest.mark.parametrize("user", ["anna", "{canary}", "x{canary}"])
@pytest.mark.parametrize("key", ["ghcr.io", "https://anna:{canary}@ghcr.io", "ghcr.io/{canary}"])
def test_nothing_of_a_password(user, key, canary, tmp_path):
    """Wherever a password stands in a login, nothing of it is in what is recorded."""
    plain = canary.replace(":", "").replace("/", "")
    name, place = user.format(canary=plain), key.format(canary=plain)
    try:
        login = RegistryLogin(AuthKey(place), name, Secret(plain))
    except ValueError:
        pytest.skip("no such login can be stored")
    noted = noted_login(login, None, Fingerprints(tmp_path))
    assert small(plain) not in small(f"{noted.to_data()}")


def test_the_sandbox_has_a_record_of_its_own(tenant, monkeypatch):
    """What belongs to the sandbox is in no record of this machine; where that is off, so is this."""
    own = ledger_of(tenant).folder
    assert own is not None
    assert own != ledger_of(None).folder
    monkeypatch.setenv("AICORE_MAGICS_STATE", "off")
    assert ledger_of(tenant).folder is None
    assert ledger_of(None).folder is None
