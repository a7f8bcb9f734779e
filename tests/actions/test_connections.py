import json
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
import trustme

from aicore_magics.actions import connections, records
from aicore_magics.actions.connections import (
    connect,
    connect_with,
    describe_connection,
    named_tenant,
    open_connection,
    remove_sandbox_record,
)
from aicore_magics.aicore.connection import sandbox_id
from aicore_magics.errors import (
    AICoreError,
    CertificateNotTrusted,
    CredentialsNotFound,
    CredentialsRefused,
    InvalidFile,
    InvalidResourceGroup,
    Stopped,
    Unreachable,
)
from aicore_magics.ledger.place import sandbox_folder
from aicore_magics.sandbox import Tls, start
from tests.waiting import PATIENCE


def variables(key):
    return {
        "AICORE_CLIENT_ID": key["clientid"],
        "AICORE_CLIENT_SECRET": key["clientsecret"],
        "AICORE_AUTH_URL": key["url"],
        "AICORE_BASE_URL": key["serviceurls"]["AI_API_URL"],
    }


@pytest.fixture
def place(own_environment, monkeypatch):
    """Put a service key to one of the places where it is looked for; give the arguments that lead there."""
    folder = own_environment / ".aicore"
    folder.mkdir()

    def write(name, data):
        (folder / name).write_text(json.dumps(data))
        (folder / name).chmod(0o600)
        return str(folder / name)

    def place(where, key):
        if where == "file":
            return {"service_key": write("key.json", key)}
        if where == "profile":
            write("config_dev.json", variables(key))
            return {"profile": "dev"}
        if where == "config":
            write("config.json", variables(key))
        given = {
            "key": {"AICORE_SERVICE_KEY": json.dumps(key)},
            "variables": variables(key),
            "vcap": {"VCAP_SERVICES": json.dumps({"aicore": [{"credentials": key}]})},
        }
        for name, value in given.get(where, {}).items():
            monkeypatch.setenv(name, value)
        return {}

    return place


SOURCES = {
    "key": "service key, variable AICORE_SERVICE_KEY",
    "variables": "environment (AICORE_*)",
    "config": "config file ~/.aicore/config.json",
    "vcap": "binding in VCAP_SERVICES",
    "profile": "config file ~/.aicore/config_dev.json, profile dev",
    "file": "service key, file ~/.aicore/key.json",
}
TOKEN = ("POST", "/oauth/token", 200)


def asked(sandbox):
    return [(each.method, each.path, each.status) for each in sandbox.state.requests]


@pytest.mark.parametrize("where", SOURCES)
def test_places(where, place, sandbox):
    """From each place a connection is opened with one request, and tells where it came from."""
    tenant = connect(**place(where, sandbox.service_key))
    assert tenant.source == SOURCES[where]
    assert tenant.sandbox is False
    assert asked(sandbox) == [TOKEN]
    tenant.close()


@pytest.mark.parametrize("argument", ["profile", "file"])
def test_what_is_named_counts_alone(argument, place, sandbox):
    """A profile or a file that is named is used, whatever else is there."""
    other = {**sandbox.service_key, "clientid": "other"}
    for where in ("key", "variables", "config", "vcap"):
        place(where, other)
    connect(**place(argument, sandbox.service_key)).close()
    assert asked(sandbox) == [TOKEN]


def test_nothing_found(sandbox):
    """Without credentials nothing is sent."""
    with pytest.raises(CredentialsNotFound, match="Nothing was sent"):
        connect()
    assert asked(sandbox) == []


@pytest.mark.parametrize("where", SOURCES)
def test_resource_group(where, place, sandbox, monkeypatch):
    """The resource group that is given beats the one of the environment; without both it is the default."""
    given = place(where, sandbox.service_key)
    groups = []
    for more in ({}, {"resource_group": "team-a"}):
        tenant = connect(**given, **more)
        groups.append(tenant.resource_group)
        tenant.close()
    assert groups == ["default", "team-a"]
    monkeypatch.setenv("AICORE_RESOURCE_GROUP", "team-b")
    tenant = connect(**given, resource_group="team-a")
    assert tenant.resource_group == "team-a"
    tenant.close()


def test_resource_group_that_is_none(place, sandbox):
    """One that cannot be is refused before anything is sent."""
    given = place("key", sandbox.service_key)
    with pytest.raises(InvalidResourceGroup):
        connect(**given, resource_group="a b")
    with pytest.raises(InvalidResourceGroup):
        connect_with(sandbox.service_key, resource_group="a b")
    assert asked(sandbox) == []


@pytest.mark.parametrize(
    ("sandboxed", "source"),
    [(True, "the sandbox's own service key"), (False, "service key, given in Python")],
)
def test_key_at_hand(sandboxed, source, sandbox):
    """A service key at hand opens the tenant as well, and tells that it was."""
    tenant = connect_with(sandbox.service_key, sandbox=sandboxed, resource_group="team-a")
    assert (tenant.source, tenant.sandbox, tenant.resource_group) == (source, sandboxed, "team-a")
    assert asked(sandbox) == [TOKEN]
    tenant.close()


@pytest.fixture
def company(tmp_path, monkeypatch):
    """A sandbox behind a CA of its own, and the file of that CA; no variable names one."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    authority, server, ca_file = trustme.CA(), tmp_path / "server.pem", tmp_path / "ca.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(str(server))
    authority.cert_pem.write_to_path(str(ca_file))
    with start(tls=Tls(str(server)), host="localhost") as running:
        yield running, str(ca_file)


@pytest.mark.parametrize("where", ["key", "file", "python"])
def test_ca_file(where, place, company):
    """The CA file that is given is trusted; without it, nothing is sent."""
    sandbox, ca_file = company

    def open_it(**more):
        if where == "python":
            return connect_with(sandbox.service_key, **more)
        return connect(**place(where, sandbox.service_key), **more)

    with pytest.raises(CertificateNotTrusted, match="Nothing was sent"):
        open_it()
    assert asked(sandbox) == []
    tenant = open_it(ca_file=ca_file)
    assert asked(sandbox) == [TOKEN]
    tenant.close()


def test_described(tenant, sandbox):
    """A connection is described without another token."""
    sandbox.state.requests.clear()
    described = describe_connection(tenant)
    assert (described.used, described.quota, described.where) == (0, 50, tenant.where)
    assert [path for _, path, _ in asked(sandbox)] == ["/v2/admin/resourceQuota/dockerRegistrySecrets"]


def test_time_limit(sandbox):
    """The time limit that is given counts."""
    sandbox.faults.hits, sandbox.faults.slow = "token", 5.0
    with pytest.raises(Unreachable, match="no answer arrived"):
        connect_with(sandbox.service_key, timeout=1.5)


def files_in(error):
    """The files of the frames that the traceback of *error* still holds, but for this one."""
    step, found = error.__traceback__, []
    while step:
        found.append(step.tb_frame.f_code.co_filename)
        step = step.tb_next
    return {Path(name).name for name in found} - {Path(__file__).name}


CASES = {
    "refused": (CredentialsRefused, lambda key: connect_with({**key, "clientsecret": "CANARY"})),
    "no key": (InvalidFile, lambda _: connect_with({"x": "CANARY"})),
    "no file": (InvalidFile, lambda _: connect(service_key="gone.json")),
    "nothing": (CredentialsNotFound, lambda _: connect()),
    "not there": (Unreachable, lambda key: connect_with({**key, "url": "http://127.0.0.1:1"})),
}


@pytest.mark.parametrize(("kind", "act"), CASES.values(), ids=CASES)
def test_errors_are_bare(kind, act, sandbox):
    """An error carries its text alone: no other error, and no frame in which the key could be seen."""
    with pytest.raises(AICoreError) as caught:
        act(sandbox.service_key)
    error = caught.value
    assert type(error) is kind
    assert error.__cause__ is error.__context__ is None
    assert files_in(error) == {"calls.py"}
    assert "CANARY" not in str(error)
    assert sandbox.service_key["clientsecret"] not in str(error)


def test_interrupted(sandbox, monkeypatch):
    """Ctrl-C while connecting says that nothing was sent, and leaves as bare."""

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(connections.Connection, "open", interrupt)
    with pytest.raises(Stopped, match="nothing was sent, nothing was changed") as caught:
        connect_with(sandbox.service_key)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert files_in(caught.value) == {"calls.py"}


@pytest.mark.parametrize("wrong", ["{}", 5, {"clientsecret": b"hunter2"}, [("clientid",)]], ids=repr)
def test_a_service_key_that_is_no_dict(wrong):
    """What is no service key is told to be none, and not repeated."""
    with pytest.raises(InvalidFile, match="is not a service key") as caught:
        connect_with(wrong)
    assert "hunter2" not in str(caught.value)


@pytest.fixture
def reading(monkeypatch):
    """How the record is read: what it gives, after *go*; *began* is set by then."""
    reading = SimpleNamespace(
        began=threading.Event(), go=threading.Event(), gives=records.TenantRecord(("team-x",))
    )

    def recorded_of(_tenant):
        reading.began.set()
        reading.go.wait(PATIENCE)
        return reading.gives

    monkeypatch.setattr(records, "recorded_of", recorded_of)
    yield reading
    reading.go.set()


def test_the_record_is_read_beside_the_token_request(sandbox, place, reading, monkeypatch):
    """It begins before the token is there; a record that is read by then is in the result."""
    answer = sandbox.server.application.answer
    beside = []

    def waiting(request):
        if request.path.startswith("/oauth/token"):
            beside.append(reading.began.wait(PATIENCE))
            reading.go.set()
        return answer(request)

    monkeypatch.setattr(sandbox.server.application, "answer", waiting)
    tenant = named_tenant(**place("file", sandbox.service_key))
    assert not sandbox.state.requests
    due = open_connection(tenant)
    assert beside == [True]
    assert describe_connection(tenant, reading=due).logins == ("team-x",)
    tenant.close()


def test_nobody_waits_for_a_slow_record(sandbox, place, reading, monkeypatch):
    """A home folder on a network that does not answer delays a connection by no more than a moment."""
    monkeypatch.setattr(connections, "READ_WITHIN_HERE", 0.01)
    tenant = connect(**place("file", sandbox.service_key))
    assert describe_connection(tenant).logins == ()
    assert reading.began.is_set()
    assert not reading.go.is_set()
    tenant.close()


def test_a_tenant_is_named_without_asking_it(sandbox, place):
    """Its name and host are in the key; it is asked with its first call."""
    for where in ("file", "key"):
        tenant = named_tenant(**place(where, sandbox.service_key))
        assert (tenant.tenant, tenant.host) == ("sandbox", sandbox.url.removeprefix("http://"))
        tenant.close()
    assert not sandbox.state.requests


def test_the_record_of_a_sandbox_goes_away(sandbox, place):
    """What was recorded for it is gone, and no other's."""
    with start() as other:
        folders = []
        for each in (sandbox, other):
            folder = sandbox_folder(sandbox_id(each.service_key["clientid"]))
            folder.mkdir(mode=0o700)
            (folder / "x.jsonl").touch()
            folders.append(folder)
        remove_sandbox_record(sandbox.tenant("dev").service_key["clientid"])
        assert [folder.exists() for folder in folders] == [False, True]
        for _ in range(2):
            remove_sandbox_record(other.service_key["clientid"])
        assert not folders[1].exists()
