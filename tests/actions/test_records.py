"""What the record of this machine gives back, and what is forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.actions import connect_with
from aicore_magics.actions.docker_secrets import CheckOptions, create_docker_secret
from aicore_magics.actions.recording import Recording, ledger_of
from aicore_magics.actions.records import docker_secret_records, forget_records, recorded_of, stored_in
from aicore_magics.actions.tenant_secrets import list_docker_secrets, show_docker_secret
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    InvalidDate,
    InvalidName,
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
    (row,) = recorded_of(tenant).logins
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
