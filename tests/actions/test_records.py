"""What the record of this machine gives back, what is noted in it by hand, and what is forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.actions import connect_with
from aicore_magics.actions.docker_secrets import CheckOptions, create_docker_secret
from aicore_magics.actions.recording import Recording, ledger_of
from aicore_magics.actions.records import (
    docker_secret_records,
    forget_records,
    note_docker_secret,
    propose_notes,
    recorded_of,
    stored_in,
)
from aicore_magics.actions.tenant_secrets import list_docker_secrets, show_docker_secret
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    DockerSecretMissing,
    InvalidDate,
    InvalidImage,
    InvalidLogin,
    InvalidName,
    InvalidRegistry,
)
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.expiry import Expiry

SKIP = CheckOptions(skip=True)
HELD = json.dumps({"auths": {"old": {}}})
NOW = datetime.now(UTC)


def store(tenant, name, *registries, ends=()):
    """Store a secret with a login for each of *registries*."""
    logins = [RegistryLogin(registry, "anna", Secret("not a secret")) for registry in registries]
    create_docker_secret(tenant, name, logins, checking=SKIP, recording=Recording(ends))


@pytest.fixture
def beside(sandbox):
    """Another tenant of the same sandbox."""
    connection = connect_with(sandbox.tenant("dev").service_key, sandbox=True)
    yield connection
    connection.close()


def test_which_tenants(tenant, beside):
    """A tenant has its own records; all tenants of a sandbox have one record together."""
    store(tenant, "here", "ghcr.io")
    store(beside, "there", "ghcr.io")
    assert [row.secret for row in docker_secret_records(tenant).rows] == ["here"]
    assert [row.secret for row in docker_secret_records(beside).rows] == ["there"]
    assert {row.secret for row in docker_secret_records(tenant, all_tenants=True).rows} == {"here", "there"}
    assert docker_secret_records().rows == ()


def test_what_the_tenant_has(sandbox, tenant):
    """Asked, it tells how many of the tenant's secrets are known, and which of the known are gone."""
    store(tenant, "here", "ghcr.io")
    store(tenant, "gone", "ghcr.io")
    sandbox.state.secrets["elsewhere"] = HELD
    del sandbox.state.secrets["gone"]
    sandbox.state.requests.clear()
    silent = docker_secret_records(tenant)
    assert (silent.known, silent.total, sandbox.state.requests) == (None, None, [])
    asked = docker_secret_records(tenant, ask=True)
    assert (asked.known, asked.total, asked.gone) == (1, 2, ("gone",))
    assert [row.secret for row in asked.rows] == ["here"]


def test_a_tenant_that_does_not_answer(sandbox, tenant, clock):
    """Where AI Core does not tell its secrets, there is a table all the same."""
    store(tenant, "here", "ghcr.io")
    sandbox.faults.drop_reads = ["before"] * 100
    records = docker_secret_records(tenant, ask=True)
    assert ([row.secret for row in records.rows], records.total) == (["here"], None)


def test_list_and_show_tell_what_is_known(sandbox, tenant):
    """A list and a look have what the record has, and say that of no other secret."""
    store(tenant, "here", "ghcr.io", ends=("2027-01-31",))
    sandbox.state.secrets["elsewhere"] = HELD
    assert [one.name for one in list_docker_secrets(tenant).known] == ["here"]
    assert [one.name for one in stored_in(tenant)] == ["here"]
    shown = show_docker_secret(tenant, "here").known
    assert shown.logins[0].expiry.ends == datetime(2027, 1, 31, tzinfo=UTC)
    assert show_docker_secret(tenant, "elsewhere").known is None


@pytest.mark.parametrize("within", [0, 30, 3650])
def test_a_list_of_what_ends(tenant, within):
    """With a number of days, a list has the secrets with a login that ends by then, or has ended."""
    days = {"over": -1, "soon": 20, "later": 400}
    for name, after in days.items():
        store(tenant, name, "ghcr.io", ends=(f"{NOW + timedelta(days=after):%Y-%m-%d}",))
    store(tenant, "never", "ghcr.io", ends=("never",))
    store(tenant, "unknown", "ghcr.io")
    listed = list_docker_secrets(tenant, ends_within=within)
    assert set(listed.ending) == {name for name, after in days.items() if after <= within}


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
    assert noted.noted.told
    assert [row.username for row in docker_secret_records(tenant).rows] == [user]


def test_a_note_on_what_is_not_known(sandbox, tenant):
    """A secret that was stored elsewhere is known from then on, as told by the user."""
    sandbox.state.secrets["team"] = HELD
    noted = note_docker_secret(tenant, "team", ends="2027-01-31", images=["quay.io/acme/churn:1"])
    (login,) = noted.noted.logins
    assert (login.registry, login.username, noted.had) == ("quay.io", "", None)
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


@pytest.mark.parametrize(
    ("names", "before", "left"),
    [
        (["one"], "", {"two", "three"}),
        (["one", "two"], "", {"three"}),
        ([], "2020-01-01", {"one", "two", "three"}),
        ([], "9999-12-31", set()),
        (["one"], "2020-01-01", {"one", "two", "three"}),
        (["one"], "9999-12-31", {"two", "three"}),
        (["none"], "", {"one", "two", "three"}),
    ],
)
def test_what_is_forgotten(sandbox, tenant, beside, names, before, left):
    """Records go by name, by date, or by both; those of another tenant stay, and so does AI Core."""
    for name in ("one", "two", "three"):
        store(tenant, name, "ghcr.io")
        store(beside, name, "ghcr.io")
    forgotten = forget_records(names, tenant=tenant, before=before)
    assert {one.name for one in stored_in(tenant)} == left
    assert forgotten.records == 3 - len(left)
    assert len(stored_in(beside)) == 3
    assert len(sandbox.state.secrets) == 3


@pytest.mark.parametrize(
    ("names", "before", "error"),
    [
        ([], "", InvalidName),
        (["No Name"], "", InvalidName),
        ([], "yesterday", InvalidDate),
        ([], "never", InvalidDate),
    ],
)
def test_it_is_said_what_to_forget(tenant, names, before, error):
    """Nothing is forgotten by a line that does not say what."""
    store(tenant, "one", "ghcr.io")
    with pytest.raises(error):
        forget_records(names, tenant=tenant, before=before)
    assert len(stored_in(tenant)) == 1


def test_the_key_of_the_tenant(tenant):
    """The end of a tenant's own key is a row, recorded or not; it is no secret of the tenant."""
    tenant.key_ends = NOW + timedelta(days=1)
    (row,) = recorded_of(tenant)
    assert (row.secret, row.expiry.how, row.state) == ("", "certificate", "soon")
    store(tenant, "team", "ghcr.io")
    assert [row.secret for row in docker_secret_records(tenant, ask=True).rows] == ["team", ""]
    assert [row.secret for row in docker_secret_records(tenant, all_tenants=True).rows] == ["team", ""]


def test_a_record_with_damage(tenant):
    """Lines that cannot be read are counted, and the rest is there."""
    store(tenant, "team", "ghcr.io")
    folder = ledger_of(tenant).folder
    with next(iter(folder.glob("*.jsonl"))).open("ab") as file:
        file.write(b"half a li\n")
    records = docker_secret_records(tenant)
    assert (records.damaged, records.complete, len(records.rows)) == (1, False, 1)


def test_what_was_stored_is_no_surprise_later(tenant):
    """What was recorded of one secret is the last that was, with a later doubt."""
    store(tenant, "team", "ghcr.io", ends=("2027-01-31",))
    doubt = Record(
        tenant=tenant.tenant,
        host=tenant.host,
        secret="team",
        op="replaced",
        outcome="unknown",
        logins=(NotedLogin(registry="ghcr.io", username="bob", expiry=Expiry(endless=True, how="told")),),
    )
    ledger_of(tenant).append(doubt)
    (known,) = stored_in(tenant)
    assert known.doubt
    assert [one.username for one in known.logins] == ["anna"]
