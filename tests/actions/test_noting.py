"""What is noted in the record of this machine by hand, and what templates propose for it."""

from __future__ import annotations

import pytest

from aicore_magics.actions.docker_secrets import create_docker_secret
from aicore_magics.actions.noting import note_docker_secret, propose_notes
from aicore_magics.actions.recording import ledger_of
from aicore_magics.actions.records import docker_secret_records, stored_in
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    DockerSecretMissing,
    InvalidDate,
    InvalidImage,
    InvalidLogin,
    InvalidName,
    InvalidRegistry,
)
from aicore_magics.model.docker_secret import RegistryLogin
from tests.actions.test_records import HELD, SKIP, store


@pytest.mark.parametrize(
    ("given", "registry", "user", "ends"),
    [
        ({"ends": "2027-01-31"}, "ghcr.io", "anna", "2027-01-31"),
        ({"ends": "never"}, "ghcr.io", "anna", "never"),
        ({"registry": "GHCR.io/", "ends": "2027-01-31"}, "ghcr.io", "anna", "2027-01-31"),
        ({"username": " bob "}, "ghcr.io", "bob", ""),
        ({"images": ["ghcr.io/acme/churn:2"]}, "ghcr.io", "anna", "2026-12-31"),
    ],
)
def test_a_note_on_what_is_known(tenant, given, registry, user, ends):
    """A note changes what it names, and leaves the rest; but the login of another user ends another day."""
    store(tenant, "team", "ghcr.io", ends=("2026-12-31",))
    noted = note_docker_secret(tenant, "team", **given)
    (login,) = noted.noted.logins
    told = "never" if login.expiry.endless else f"{login.expiry.ends or ''}"[:10]
    assert (login.registry, login.username, told) == (registry, user, ends)
    assert noted.had.logins[0].username == "anna"
    assert (noted.noted.told, noted.noted.at) == (False, noted.had.at)  # it was stored from here all the same
    assert [row.username for row in docker_secret_records(tenant).rows] == [user]


def test_a_note_on_what_is_not_known(sandbox, tenant):
    """A secret that was stored elsewhere is known from then on, as told by the user."""
    sandbox.state.secrets["team"] = HELD
    noted = note_docker_secret(tenant, "team", ends="2027-01-31", images=["quay.io/acme/churn:1"])
    (login,) = noted.noted.logins
    assert (login.registry, login.username, noted.had) == ("quay.io", "", None)
    assert noted.noted.told
    assert [one.name for one in stored_in(tenant)] == ["team"]
    assert sandbox.state.secrets == {"team": HELD}


def test_a_note_on_one_of_several_logins(tenant):
    """Of several logins the registry says which is meant; another registry is one more login."""
    store(tenant, "team", "ghcr.io", "quay.io")
    with pytest.raises(InvalidRegistry, match="several logins"):
        note_docker_secret(tenant, "team", ends="2027-01-31")
    note_docker_secret(tenant, "team", registry="quay.io", ends="2027-01-31")
    note_docker_secret(tenant, "team", registry="docker.io", ends="never")
    (known,) = stored_in(tenant)
    assert [(one.registry, one.expiry.how) for one in known.logins] == [
        ("ghcr.io", "unknown"),
        ("quay.io", "told"),
        ("docker.io", "told"),
    ]


@pytest.mark.parametrize("change", [{"username": "bob"}, {"ends": "2027-01-31"}])
def test_a_fingerprint_is_of_one_login(tenant, change):
    """A note of another user is about another token, whose fingerprint is not known."""
    token = f"ghp_{'aB3dE5fG7hJ9' * 3}"
    login = RegistryLogin("ghcr.io", "anna", Secret(token))
    create_docker_secret(tenant, "team", [login], checking=SKIP)
    before = ledger_of(tenant).read().records[-1].logins[0].fingerprint
    note_docker_secret(tenant, "team", **change)
    after = ledger_of(tenant).read().records[-1].logins[0].fingerprint
    assert before
    assert after == ("" if "username" in change else before)


@pytest.mark.parametrize(
    ("name", "given", "error"),
    [
        ("team", {}, InvalidLogin),
        ("team", {"ends": "31.1.2027"}, InvalidDate),
        ("team", {"registry": "not a host"}, InvalidRegistry),
        ("team", {"images": ["not an image"]}, InvalidImage),
        ("team", {"username": "a:b"}, InvalidLogin),
        ("team", {"username": f"ghp_{'a1B' * 12}"}, InvalidLogin),
        ("Team", {"ends": "never"}, InvalidName),
        ("taem", {"ends": "never"}, DockerSecretMissing),
    ],
)
def test_a_note_that_cannot_be(sandbox, tenant, name, given, error):
    """What is no secret, no end, no login, or nothing at all, is refused, and nothing is noted."""
    sandbox.state.secrets["team"] = HELD
    with pytest.raises(error) as refused:
        note_docker_secret(tenant, name, **given)
    assert "ghp_" not in str(refused.value)
    assert ledger_of(tenant).read().records == ()


def test_what_templates_tell(sandbox, tenant, tmp_path):
    """Templates propose the secrets that are not known yet, with their images; nothing is noted."""
    text = "kind: WorkflowTemplate\nspec: {{imagePullSecrets: [{{name: {}}}], image: 'ghcr.io/acme/x:1'}}\n"
    for name in ("known", "unknown"):
        (tmp_path / f"{name}.yaml").write_text(text.format(name), encoding="utf-8")
    store(tenant, "known", "ghcr.io")
    proposed = propose_notes(tmp_path, tenant)
    assert [(one.name, one.images) for one in proposed.proposals] == [("unknown", ("ghcr.io/acme/x:1",))]
    assert proposed.known == ("known",)
    assert [one.name for one in stored_in(tenant)] == ["known"]
    assert len(propose_notes(tmp_path).proposals) == 2  # the record of this machine knows neither
