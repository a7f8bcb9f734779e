"""One session holds what a notebook is connected to, and a write never finds a tenant by itself."""

from __future__ import annotations

import json

import pytest

from aicore_magics.actions.deletion import SecretDeleted
from aicore_magics.actions.results import SecretShown
from aicore_magics.actions.stored_secret import SecretStored
from aicore_magics.base.result import JustStarted, Where
from aicore_magics.errors import (
    CredentialsNotFound,
    InvalidAddress,
    InvalidTemplate,
    NotConnected,
    Unreachable,
)
from aicore_magics.jupyter.session import MOST_DIGESTS, Seen, Session
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import StoredLogin
from aicore_magics.registry.verdict import Verdict


@pytest.fixture
def session():
    session = Session()
    yield session
    session.close()


def test_looking_may_connect_by_itself_and_writing_may_not(session, sandbox, monkeypatch):
    """A connection that was found for looking is not one to write with."""
    with pytest.raises(CredentialsNotFound):
        session.for_reading()
    monkeypatch.setenv("AICORE_SERVICE_KEY", sandbox.service_key_json())
    found = session.for_reading()
    assert session.for_reading() is found
    assert session.connection is None
    with pytest.raises(NotConnected):
        session.for_writing()


@pytest.mark.parametrize("profile", ["", "dev"])
def test_a_host_that_was_trusted_is_so_until_the_next_connection(
    profile, session, own_environment, monkeypatch
):
    """What %aicore_connect was told to trust holds for looking and for profiles, and ends with it."""
    given = {
        "AICORE_CLIENT_ID": "c",
        "AICORE_CLIENT_SECRET": "s",
        "AICORE_AUTH_URL": "https://aicore.invalid",
        "AICORE_BASE_URL": "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com",
    }
    (own_environment / ".aicore").mkdir()
    for name in ("config.json", "config_dev.json"):
        (own_environment / ".aicore" / name).write_text(json.dumps(given))
    with pytest.raises(InvalidAddress):
        session.for_reading(profile)
    session.trust_hosts = ("aicore.invalid",)
    with pytest.raises(Unreachable):
        session.for_reading(profile)
    session.disconnect()
    with pytest.raises(InvalidAddress):
        session.for_reading(profile)


def test_what_was_asked_for_serves_both(session, tenant):
    """An explicit connection reads and writes, until it is forgotten."""
    session.use(tenant)
    assert session.for_reading() is session.for_writing() is tenant
    session.seen_of(tenant).names = ("team-ghcr",)
    session.disconnect()
    assert session.connection is None
    assert session.seen_of(tenant).names == ()


def test_a_new_connection_forgets_the_old_one(session, tenant, sandbox):
    """Two tenants are never mixed: connecting again closes what was there."""
    from aicore_magics.actions import connect_with

    session.use(tenant)
    other = session.use(connect_with(sandbox.service_key))
    assert session.connection is other


def test_the_sandbox_is_started_once_and_stopped_at_the_end(session):
    """A second %aicore_connect --sandbox finds the same secrets as the first."""
    first = session.sandbox()
    first.state.secrets["team-ghcr"] = "{}"
    assert session.sandbox() is first
    session.disconnect()
    assert session.sandbox() is first
    session.close()
    assert session.sandbox() is not first


def test_what_was_stored_is_remembered_until_it_is_deleted(session, tenant):
    """A stored secret's name and auth keys are known from then on, of its own tenant alone."""
    session.use(tenant)
    login = StoredLogin("https://index.docker.io", "docker.io", "anna")
    session.remember(SecretStored("team-a", "created", tenant.where, (login,)))
    other = Where("other", "api.example.com")
    session.remember(SecretStored("team-b", "replaced", other, (login,)))
    keys = ("https://index.docker.io",)
    assert session.seen_by() == session.seen_of(tenant) == Seen(("team-a",), keys={"team-a": keys})
    assert session.seen_of(other) == Seen(("team-b",), keys={"team-b": keys})
    for _ in range(2):
        session.forget(SecretDeleted("team-a", tenant.where))
    session.forget(SecretDeleted("team-b", tenant.where))
    assert session.seen_of(tenant) == Seen()
    assert session.seen_of(other).names == ("team-b",)
    session.remember(SecretStored("team-a", "created", tenant.where, (login,)))
    session.disconnect()
    assert session.seen_of(tenant) == session.seen_of(other) == session.seen_by("other") == Seen()


CHURN, DIGEST = "ghcr.io/acme/churn:1.4", "sha256:" + 64 * "a"


def seen(image, digest=DIGEST):
    return Verdict("ok", "ghcr.io", "anna", image, digest=digest)


@pytest.mark.parametrize(
    ("image", "asked"),
    [
        (CHURN, CHURN),
        ("docker.io/library/ubuntu", "ubuntu"),
        ("docker.io/library/ubuntu", "ubuntu:latest"),
        ("docker.io/acme/churn:1", "index.docker.io/acme/churn:1"),
    ],
)
def test_the_digest_that_a_check_saw(session, image, asked):
    """What a tag stood for is known however the image is spelt, and also once the connection is forgotten."""
    session.saw([seen(image)])
    session.disconnect()
    assert session.digest_of(asked) == DIGEST


def test_the_last_check_counts(session):
    """A tag that has moved has the digest of the last check that saw it; no answer takes nothing away."""
    later = "sha256:" + 64 * "b"
    session.saw([seen(CHURN), seen(CHURN, later), seen(CHURN, "")])
    assert session.digest_of(CHURN) == later


def test_an_image_with_a_digest_has_it(session):
    """No check need have seen it."""
    assert session.digest_of(f"{CHURN}@{DIGEST}") == DIGEST


@pytest.mark.parametrize(
    ("checked", "asked"),
    [
        ("ghcr.io/acme/churn", "ghcr.io/acme/churn"),
        ("ghcr.io/acme/churn", "ghcr.io/acme/churn:latest"),
        (CHURN, CHURN),
        ("docker.io/library/ubuntu", "ubuntu"),
        ("docker.io/acme/churn:1", "index.docker.io/acme/churn:1"),
    ],
)
def test_a_check_by_digest_tells_nothing_of_a_tag(session, checked, asked):
    """Who has checked an image by its digest has asked for no tag, also where the name has one."""
    later = "sha256:" + 64 * "b"
    session.saw([seen(f"{checked}@{DIGEST}")])
    with pytest.raises(InvalidTemplate, match="no check in this kernel saw it"):
        session.digest_of(asked)
    session.saw([seen(checked, later), seen(f"{checked}@{DIGEST}")])
    assert session.digest_of(asked) == later


@pytest.mark.parametrize("image", ["ghcr.io/acme/churn:2", "ghcr.io/acme/churn", "quay.io/acme/churn:1.4"])
def test_a_digest_that_nobody_has_seen(session, image):
    """Another tag, or another registry, is another image: the command that finds its digest is named."""
    session.saw([seen(CHURN)])
    with pytest.raises(InvalidTemplate, match="no check in this kernel saw it") as caught:
        session.digest_of(image)
    line = f"check the image first: %aicore_docker_secret check --image {image}"
    assert NOTEBOOK.say(caught.value.next) == line


def test_the_images_that_checks_have_seen(session):
    """The last one comes first, and one that was seen twice is there once."""
    session.saw([seen("ghcr.io/acme/a:1"), seen("ghcr.io/acme/b:1"), seen("ghcr.io/acme/a:1")])
    assert session.known_images == ("ghcr.io/acme/a:1", "ghcr.io/acme/b:1")


def test_a_name_that_was_seen(session):
    """It is known once, until it was deleted; a tenant that was just started is the same tenant later."""
    there = Where("sandbox:dev", "127.0.0.1")
    for name in ("team-b", "team-a", "team-b"):
        session.saw_name(SecretShown(name, exists=True, where=JustStarted("sandbox:dev", "127.0.0.1")))
    assert session.seen_of(there).names == ("team-b", "team-a")
    session.forget(SecretDeleted("team-b", there))
    assert session.seen_of(there).names == ("team-a",)


def test_only_so_many_digests_are_kept(session):
    """The oldest go first."""
    session.saw(seen(f"ghcr.io/acme/churn:{i}") for i in range(MOST_DIGESTS + 5))
    session.saw([seen("ghcr.io/acme/churn:5")])
    session.saw([seen("ghcr.io/acme/churn:new")])
    assert session.digest_of("ghcr.io/acme/churn:5") == DIGEST
    with pytest.raises(InvalidTemplate):
        session.digest_of("ghcr.io/acme/churn:6")
