import json
import pickle

import pytest

from aicore_magics.actions.connections import describe_connection
from aicore_magics.actions.results import Connected
from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.credential_sources import read_service_key, service_key_of
from aicore_magics.base.files import open_to_others
from aicore_magics.base.result import Where
from aicore_magics.errors import CredentialsRefused, Unreachable
from aicore_magics.http.deadline import Deadline
from tests.peers import answer_with
from tests.waiting import until


def soon():
    return Deadline(5)


@pytest.fixture
def connect():
    """Make connections, and close them at the end."""
    made = []

    def connect(key, **more):
        made.append(Connection(key, **more))
        return made[-1]

    yield connect
    for connection in made:
        connection.close()


@pytest.fixture
def key(sandbox):
    return service_key_of(sandbox.service_key_json(), "service key, file k.json")


def test_what_it_is(connect, key, sandbox):
    """A connection tells tenant, host, source and resource group, before anything was sent."""
    connection = connect(key)
    host = sandbox.url.removeprefix("http://")
    assert connection.where == Where("sandbox", host)
    assert (connection.tenant, connection.host) == ("sandbox", host)
    assert (connection.source, connection.resource_group) == ("service key, file k.json", "default")
    assert connection.sandbox is False
    assert connection.client.api_url == f"{sandbox.url}/v2"
    assert repr(connection) == f"<Connection to tenant sandbox at {host}, service key, file k.json>"
    assert sandbox.state.requests == []


def test_open(connect, key, sandbox):
    """Opening gets a token, and nothing else."""
    connect(key).open(soon())
    assert [(asked.method, asked.path) for asked in sandbox.state.requests] == [("POST", "/oauth/token")]


def test_open_refused(connect, sandbox):
    """Opening with a wrong secret is refused."""
    text = json.dumps({**sandbox.service_key, "clientsecret": "wrong"})
    with pytest.raises(CredentialsRefused, match=r"the client of service key \(invalid_client\)"):
        connect(service_key_of(text, "service key")).open(soon())


def test_describe(connect, key, sandbox):
    """Describing tells all of it, the life of the token, and how many secrets there are."""
    sandbox.state.secrets.update(a="{}", b="{}")
    sandbox.faults.expires_in = 7199
    connection = connect(key, sandbox=True)
    assert describe_connection(connection) == Connected(
        where=connection.where,
        api_url=f"{sandbox.url}/v2",
        credentials="service key, file k.json",
        resource_group="default",
        token_seconds=7199,
        used=2,
        quota=50,
        sandbox=True,
        notes=(),
    )


def test_describe_again(connect, key, sandbox):
    """A second time, the token at hand is good enough."""
    connection = connect(key)
    assert describe_connection(connection) == describe_connection(connection)
    assert [asked.path for asked in sandbox.state.requests].count("/oauth/token") == 1


def test_describe_without_the_right_to_read(connect, key, sandbox):
    """Where the quota cannot be read, it is not known; that is no error."""
    sandbox.faults.forbidden, sandbox.faults.forbidden_reads = "text", True
    described = describe_connection(connect(key))
    assert (described.used, described.quota) == (None, None)
    assert "docker secrets  unknown" in repr(described)


def test_notes(connect, sandbox, tmp_path):
    """What there was to say about the file of the credentials is passed on."""
    place = tmp_path / "k.json"
    place.write_text(sandbox.service_key_json())
    place.chmod(0o644)
    described = describe_connection(connect(read_service_key(str(place))))
    assert described.notes == open_to_others(place)
    assert described.notes[0] in repr(described)


def test_close(connect, listen):
    """A closed connection leaves no socket open; until then it is kept."""
    grant = b'{"access_token": "t"}'
    peer = listen(answer_with(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(grant), grant)))
    urls = {"url": peer.url, "serviceurls": {"AI_API_URL": peer.url}}
    connection = connect(
        service_key_of(json.dumps({"clientid": "c", "clientsecret": "s", **urls}), "service key")
    )
    connection.open(soon())
    assert (peer.accepted, peer.ended) == (1, 0)
    connection.close()
    until(lambda: peer.ended)
    assert not peer.gave_up


def test_closed_and_used(connect, key, sandbox):
    """Used again after its close, a connection opens another socket, as long as somebody listens."""
    connection = connect(key)
    connection.open(soon())
    connection.close()
    connection.close()
    assert connection.client.names(soon()).names == ()
    connection.close()
    sandbox.stop()
    with pytest.raises(Unreachable, match="does not accept the connection"):
        connection.client.names(soon())


def everything(thing, seen=None):
    """The repr of all that can be reached from *thing* by attributes, items and slots."""
    seen = {} if seen is None else seen
    if id(thing) in seen or type(thing).__name__ in ("module", "type", "function"):
        return
    seen[id(thing)] = thing
    yield repr(thing)
    inner = list(vars(thing).values()) if hasattr(thing, "__dict__") else []
    if isinstance(thing, dict):
        inner += [*thing, *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset)):
        inner += thing
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    inner += [getattr(thing, name, None) for name in slots if not name.startswith("__")]
    for each in inner:
        yield from everything(each, seen)


def test_the_secret_stays_inside(tenant, sandbox):
    """Wherever one looks in a connection, neither client secret nor token shows; a pickle is refused."""
    tenant.client.names(soon())
    shown = "\n".join(everything(tenant))
    assert "sandbox" in shown
    assert sandbox.service_key["clientsecret"] not in shown
    (token,) = sandbox.state.tokens.known
    assert token.startswith("ey")
    assert token not in shown
    with pytest.raises(TypeError):
        pickle.dumps(tenant)
