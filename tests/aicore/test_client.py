import base64
import contextlib
import dataclasses
import json
import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from aicore_magics.aicore.client import (
    MERGE_PATCH,
    Request,
    create_request,
    delete_request,
    update_request,
)
from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.base.calls import bare_errors, may_have_changed
from aicore_magics.base.redact import Secret
from aicore_magics.errors import (
    AICoreError,
    Busy,
    CertificateNotTrusted,
    CredentialsRefused,
    DockerSecretMissing,
    InvalidName,
    NotAICore,
    NotAllowed,
    OutcomeUnknown,
    RequestRefused,
    ServerError,
    Stopped,
    Unreachable,
)
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import ResponseLost
from aicore_magics.http.pacer import Pacer
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.server import Server

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))
CANARY = CASES["canary"]
ROWS = [row for row in CASES["cases"] if row["area"] == "server_body"]
TOKEN = "/oauth/token"
SECRETS = "/v2/admin/dockerRegistrySecrets"
QUOTA = "/v2/admin/resourceQuota/dockerRegistrySecrets"
ODD = "a/../../admin/x?y=1&z#f%41 +;ä"
ODD_QUOTED = "a%2F..%2F..%2Fadmin%2Fx%3Fy%3D1%26z%23f%2541%20%2B%3B%C3%A4"


ENCODERS = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps(text)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "percent": lambda text: quote(text, safe=""),
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "auth": lambda text: base64.b64encode(f"anna:{text}".encode()).decode(),
}


def soon():
    return Deadline(5)


def config(password="pw"):
    return Secret(json.dumps({"auths": {"ghcr.io": {"username": "anna", "password": password}}}))


def write(request):
    """Give what sends *request* once, and raises what an answer other than success means."""

    def send(client):
        deadline = soon()
        answer = client.exchange(request, deadline)
        if not answer.ok or answer.not_an_api():
            raise client.refusal(answer, request, deadline)
        return answer

    return send


READING = {
    "exists": lambda client: client.exists("name", soon()),
    "names": lambda client: client.names(soon()),
    "quota": lambda client: client.quota(soon()),
}
REQUESTS = {
    "create": create_request("name", config()),
    "update": update_request("name", config()),
    "delete": delete_request("name"),
}
WRITING = {name: write(request) for name, request in REQUESTS.items()}
OPERATIONS = {**READING, **WRITING}
each_operation = pytest.mark.parametrize("name", OPERATIONS)
each_read = pytest.mark.parametrize("name", READING)
each_write = pytest.mark.parametrize("name", WRITING)


@pytest.fixture
def client(tenant):
    """A client that has its token."""
    return tenant.client


@pytest.fixture
def asked(sandbox, client):
    """The requests since the client is warm."""
    sandbox.state.requests.clear()
    return sandbox.state.requests


class Api:
    """Gives a token, and to all else what the test says."""

    def __init__(self, say):
        self.say = say
        self.asked = []

    def answer(self, request):
        """Give the answer, or None to break the connection."""
        if request.path == TOKEN:
            return Answer.document(200, {"access_token": "t0ken", "expires_in": 3600})
        self.asked.append(request)
        return self.say(request)

    def refuse(self, request, refusal):
        """Never happens: the client speaks good HTTP."""
        raise AssertionError(refusal)


@pytest.fixture
def serve():
    """Start an `Api` that gives an answer, or asks a function for it, and give it with a client for it."""
    with contextlib.ExitStack() as stack:

        def serve(say, secret="s3cret"):
            api = Api(say if callable(say) else lambda _: say)
            server = Server(0)
            server.serve(api)
            stack.callback(server.stop)
            urls = {"url": server.url, "serviceurls": {"AI_API_URL": server.url}}
            text = json.dumps({"clientid": "c", "clientsecret": secret, "identityzone": "acme", **urls})
            connection = Connection(service_key_of(text, "service key"))
            stack.callback(connection.close)
            return api, connection.client

        yield serve


def refused(call, client, kind=AICoreError):
    with pytest.raises(kind) as caught:
        call(client)
    assert caught.value.__cause__ is caught.value.__context__ is None
    return caught.value


def error_of(call, client):
    try:
        call(client)
    except AICoreError as error:
        return error
    return None


# What is asked


@pytest.mark.parametrize(
    ("name", "method", "path", "kind"),
    [
        ("exists", "GET", f"{SECRETS}/name", None),
        ("names", "GET", SECRETS, None),
        ("quota", "GET", QUOTA, None),
        ("create", "POST", SECRETS, "application/json"),
        ("update", "PATCH", f"{SECRETS}/name", "application/merge-patch+json"),
        ("delete", "DELETE", f"{SECRETS}/name", None),
    ],
)
def test_one_request_each(name, method, path, kind, client, sandbox, asked):
    """Each call is exactly one request when warm, with the content type that SAP's OpenAPI names."""
    if name not in ("create", "exists"):
        sandbox.state.secrets["name"] = config("old").reveal()
    OPERATIONS[name](client)
    assert [(each.method, each.path) for each in asked] == [(method, path)]
    assert asked[0].status in (200, 202, 404)
    assert asked[0].headers.get("content-type") == kind
    assert asked[0].headers["accept"] == "application/json"
    assert asked[0].headers["user-agent"].startswith("aicore-magics ")
    assert not {"ai-resource-group", "ai-tenant-scope"} & asked[0].headers.keys()


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_an_exchange_is_one_request(client, sandbox, asked, status):
    """It is sent once, with the token and its own headers, and the answer comes back whatever it is."""
    sandbox.faults.next_statuses = [status]
    request = Request("GET", SECRETS.removeprefix("/v2"), "look", headers=(("AI-Resource-Group", "default"),))
    assert client.exchange(request, Deadline(5)).status == status
    assert [each.status for each in asked] == [status]
    assert asked[0].headers["ai-resource-group"] == "default"
    assert client.exchange(request, Deadline(5)).json() == {"count": 0, "resources": []}
    sandbox.faults.drop_reads = ["after"]
    with pytest.raises(ResponseLost):
        client.exchange(request, Deadline(5))


def test_bodies(serve, canary):
    """Create carries name and content, update the content alone, both JSON in JSON; no other has a body."""
    api, client = serve(Answer.document(202, {}))
    content = config(canary)
    for request in (create_request("name", content), update_request("name", content), delete_request("name")):
        assert client.exchange(request, soon()).status == 202
    client.seen("name", soon())
    inner = {".dockerconfigjson": content.reveal()}
    bodies = [json.loads(each.body) if each.body else None for each in api.asked]
    assert bodies == [{"name": "name", "data": inner}, {"data": inner}, None, None]
    assert all(each.headers["Authorization"] == "Bearer t0ken" for each in api.asked)
    assert not [each for each in api.asked if "Cookie" in each.headers]


def test_stored_to_the_letter(client, sandbox, canary):
    """What AI Core then holds is the content, letter by letter; an update leaves nothing of the old one."""
    client.exchange(create_request("name", config("first")), soon())
    assert sandbox.state.secrets == {"name": config("first").reveal()}
    client.exchange(update_request("name", config(canary)), soon())
    assert sandbox.state.secrets == {"name": config(canary).reveal()}
    assert json.loads(sandbox.state.secrets["name"])["auths"]["ghcr.io"]["password"] == canary
    client.exchange(delete_request("name"), soon())
    assert sandbox.state.secrets == {}


ABOUT_ONE = {
    "exists": lambda client, name: client.exists(name, soon()),
    "seen": lambda client, name: client.seen(name, soon()),
    "update": lambda client, name: write(update_request(name, config()))(client),
    "delete": lambda client, name: write(delete_request(name))(client),
}
each_about_one = pytest.mark.parametrize("call", ABOUT_ONE)


@each_about_one
def test_names_are_quoted(call, client, asked):
    """A name is quoted in the path, whole: it cannot reach another resource."""
    error = error_of(lambda client: ABOUT_ONE[call](client, ODD), client)
    assert call == "seen" or (type(error) is RequestRefused and "the name does not match" in error.message)
    assert [each.path for each in asked] == [f"{SECRETS}/{ODD_QUOTED}"]


@pytest.mark.parametrize("name", ["..", ".", ""])
@each_about_one
def test_names_of_dots(call, name, client, asked):
    """A name that would lead to another address is refused before anything is sent."""
    error = error_of(lambda client: ABOUT_ONE[call](client, name), client)
    assert call == "seen" or (type(error) is InvalidName and "Nothing was sent" in error.message)
    assert asked == []


def test_requests_to_show():
    """The requests can be had without sending them, and do not show their bodies."""
    create, update = create_request("n/1", config(CANARY)), update_request("n/1", config(CANARY))
    assert (create.method, create.path) == ("POST", "/admin/dockerRegistrySecrets")
    assert (update.method, update.path) == ("PATCH", "/admin/dockerRegistrySecrets/n%2F1")
    assert (create.content_type, update.content_type) == ("application/json", MERGE_PATCH)
    assert CANARY in create.body.reveal()
    assert CANARY not in f"{create} {update!r}"


# What comes back when all is well


@pytest.mark.parametrize(("size", "requests"), [(3, 4), (5, 2), (10, 1), (9, 2), (1, 10), (1000, 1)])
def test_paging(size, requests, client, sandbox, asked):
    """Whatever the server's page size, all names are found, in its order, without a request too many."""
    every = [f"name-{number}" for number in range(10)]
    sandbox.state.secrets.update(dict.fromkeys(every, config().reveal()))
    sandbox.faults.page_size = size
    assert client.names(soon()).names == tuple(every)
    queries = [parse_qs(each.query) for each in asked]
    skips = [["0"], *([str(size * page)] for page in range(1, requests))]
    assert [query["$skip"] for query in queries] == skips
    assert all((query["$top"], query["$count"]) == (["100"], ["true"]) for query in queries)


def test_no_names(client, asked):
    """A tenant without secrets has no names, and that takes one request."""
    assert client.names(soon()).names == ()
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("content", "names", "requests"),
    [
        ({"count": 99, "resources": [{"name": "a"}, {"name": "b"}]}, ("a", "b"), 2),
        ({"count": 99, "resources": []}, (), 1),
        ({"count": 1, "resources": [{"name": "a", "createdAt": "x"}]}, ("a",), 1),
        ({"count": 2, "resources": [{"name": "a"}, {"name": "a"}, {"name": "b"}]}, ("a", "b"), 2),
        ({"count": 3, "resources": [{"name": "a"}, {}, 7, None, {"name": 3}]}, ("a",), 2),
        ({"resources": [{"name": "a"}]}, ("a",), 2),
        ({"count": None, "resources": [{"name": "a"}]}, ("a",), 2),
        ({"count": "9", "resources": [{"name": "a"}]}, ("a",), 2),
    ],
)
def test_odd_lists(content, names, requests, serve):
    """A list that repeats itself or tells a wrong count comes to an end; rows without a name are left out."""
    api, client = serve(Answer.document(200, content))
    assert client.names(soon()).names == names
    assert len(api.asked) == requests


def test_endless_list(serve):
    """A list that never ends is left after a hundred pages."""

    def more(request):
        skip = parse_qs(request.query)["$skip"][0]
        return Answer.document(200, {"count": 10**6, "resources": [{"name": f"name-{skip}"}]})

    api, client = serve(more)
    assert len(client.names(soon())) == 100
    assert len(api.asked) == 100


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"usage": {"count": 3}, "quota": {"maxCount": 50}}, (3, 50)),
        ({"quota": {"maxCount": 0}}, (None, 0)),
        ({"usage": {"count": 0}}, (0, None)),
        ({"usage": 3, "quota": [50]}, (None, None)),
        ({"usage": {"count": "3"}, "quota": {"maxCount": True}}, (None, None)),
        ({"usage": None, "quota": {"maxCount": 50.5}}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_quota(content, told, serve):
    """The quota is told as far as AI Core tells it."""
    _, client = serve(Answer.document(200, content))
    assert client.quota(soon()) == told
    assert client.quota_if_told(soon()) == told


@pytest.mark.parametrize(
    "answer",
    [Answer.text(403, "RBAC: access denied"), Answer(200, b"[]"), Answer(404, b""), Answer(307, b""), None],
)
def test_quota_is_never_worth_an_error(answer, serve):
    """Where the quota cannot be read, asking for it by the way gives nothing, and by itself an error."""
    _, client = serve(answer)
    assert client.quota_if_told(soon()) == (None, None)
    refused(OPERATIONS["quota"], client)


MISSING = {"error": {"code": "1", "message": "no"}}
LOOKS = [
    (Answer.document(200, {"name": "name"}), True),
    (Answer.document(200, {"name": "name", "creationTimestamp": "x", "data": {}}), True),
    (Answer.document(404, MISSING), False),
    (Answer.document(404, {"kind": "Status", "code": 404, "message": "x"}), False),
    (Answer.document(404, {"message": "x", "request_id": "5f6c"}), False),
    # Nobody knows whose word these are, or what they mean.
    (Answer.document(200, {}), None),
    (Answer.document(200, {"name": "other"}), None),
    (Answer.document(200, {"name": None}), None),
    (Answer.document(200, {"name": "name", **MISSING}), None),
    (Answer.document(200, MISSING), None),
    (Answer.document(203, {"message": "no such thing"}), None),
    (Answer(200, b""), None),
    (Answer(200, b"[]"), None),
    (Answer(200, b'{"name": "na'), None),
    (Answer(204, b""), None),
    (Answer(200, b"<html>", "text/html"), None),
    (Answer(404, b""), None),
    (Answer.text(404, "not found"), None),
    (Answer.document(404, {"error": "not found"}), None),
    (Answer.document(404, {"message": "no Route matched"}), None),
    (Answer.document(404, {"kind": "Status", "code": 403}), None),
    (Answer(404, b"<!doctype html>", "text/html"), None),
    (Answer(302, b"", headers=(("Location", "https://sso.corp/"),)), None),
    (Answer.document(403, MISSING), None),
    (Answer.document(410, MISSING), None),
    (Answer.document(400, MISSING), None),
]


@pytest.mark.parametrize(("answer", "known"), LOOKS)
def test_whether_a_secret_is_there(answer, known, serve):
    """AI Core itself shows it, or says that it is not there; anybody else's word is neither."""
    api, client = serve(answer)
    assert client.seen("name", soon()) is known
    assert len(api.asked) == 1
    if known is not None:
        assert client.exists("name", soon()) is known
        return
    error = refused(READING["exists"], client)
    assert error.message.endswith("Nothing was changed.")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        Answer(200, b'{"name": "name"}', cut=True),
        *(Answer.document(status, MISSING) for status in (429, 500, 503)),
    ],
)
def test_one_look(answer, serve):
    """A look that is one of several is not repeated by itself, and raises nothing."""
    api, client = serve(answer)
    assert client.seen("name", soon()) is None
    assert len(api.asked) == 1


def test_a_look_without_a_token(client, sandbox, asked):
    """Nor does it raise what asking for a new token does; with a new one it sees."""
    sandbox.revoke_tokens()
    sandbox.faults.hits, sandbox.faults.next_statuses = "token", [400]
    assert client.seen("name", soon()) is None
    assert [each.path for each in asked] == [f"{SECRETS}/name", TOKEN]
    assert client.seen("name", soon()) is False


# What comes back when it is not


BY_STATUS = {
    400: RequestRefused,
    401: CredentialsRefused,
    403: NotAllowed,
    404: DockerSecretMissing,
    405: RequestRefused,
    409: RequestRefused,
    410: RequestRefused,
    412: RequestRefused,
    415: RequestRefused,
    422: RequestRefused,
    429: Busy,
    500: ServerError,
    502: ServerError,
    503: ServerError,
    504: ServerError,
}


@each_operation
@pytest.mark.parametrize("status", BY_STATUS)
@pytest.mark.parametrize("plain", [False, True], ids=["envelope", "text"])
def test_statuses(status, plain, name, client, sandbox):
    """Each status is its own error, for every call; that a secret is missing only AI Core itself can say."""
    sandbox.state.secrets["name"] = config().reveal()
    before = dict(sandbox.state.secrets)
    sandbox.faults.plain_errors = plain
    sandbox.faults.next_statuses = [status] * 3
    if (status, name, plain) == (404, "exists", False):
        assert client.exists("name", soon()) is False
        return
    error = refused(OPERATIONS[name], client)
    no_address = status == 404 and (plain or name in ("names", "quota", "create"))
    assert type(error) is (NotAICore if no_address else BY_STATUS[status])
    assert error.status == (0 if no_address else status)
    assert NOTEBOOK.say(error.next)
    assert sandbox.state.secrets == before


@each_write
@pytest.mark.parametrize("status", [200, 299, 307, *BY_STATUS, 599])
def test_a_change_is_sent_once(name, status, serve):
    """Whatever is answered to a change is given as it came: what to make of it is for others to say."""
    api, client = serve(Answer.document(status, MISSING, ("Retry-After", "0")))
    assert client.exchange(REQUESTS[name], soon()).status == status
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("names", "role"),
    [
        (READING, "aicore_admin_dockerregistrysecret_viewer"),
        (WRITING, "aicore_admin_dockerregistrysecret_editor"),
    ],
)
def test_role(names, role, client, sandbox):
    """Who lacks a right is told which role has it: one for reading, one for writing."""
    sandbox.faults.forbidden, sandbox.faults.forbidden_reads = "text", True
    for name in names:
        error = refused(OPERATIONS[name], client, NotAllowed)
        assert "tenant sandbox does not let you" in error.message
        assert role in NOTEBOOK.say(error.next)


@each_read
def test_401_renews_once(name, client, sandbox, asked):
    """A token that is not taken is renewed once, and the call then succeeds."""
    sandbox.state.secrets["name"] = config().reveal()
    sandbox.revoke_tokens()
    READING[name](client)
    paths = [each.path for each in asked]
    assert paths == [paths[0], TOKEN, paths[0]]
    assert [each.status for each in asked][:2] == [401, 200]


@each_read
def test_401_for_ever(name, client, sandbox, asked):
    """A fresh token that is not taken either ends the call: two requests, and no more."""
    sandbox.faults.next_statuses = [401] * 9
    error = refused(READING[name], client, CredentialsRefused)
    assert "does not accept the token of tenant sandbox (401" in error.message
    assert [each.status for each in asked] == [401, 200, 401]


@each_write
def test_401_to_a_change(name, client, sandbox, asked):
    """A change goes out once, but with a token that was not taken nothing is sent again."""
    sandbox.state.secrets["name"] = config().reveal()
    sandbox.revoke_tokens()
    assert client.exchange(REQUESTS[name], soon()).status == 401
    assert len(asked) == 1
    assert client.exchange(REQUESTS[name], soon()).status == 202
    assert [each.path for each in asked][1] == TOKEN


@each_operation
def test_401_and_no_new_token(name, client, sandbox, asked):
    """If no new token is to be had, the reason for that is the error."""
    sandbox.revoke_tokens()
    sandbox.faults.hits, sandbox.faults.next_statuses = "token", [503] * 3
    if name in WRITING:
        assert client.exchange(REQUESTS[name], soon()).status == 401
    error = refused(OPERATIONS[name], client, ServerError)
    assert "failed to issue a token (503). Nothing was changed." in error.message
    assert len([each for each in asked if each.path != TOKEN]) == 1


@each_operation
@pytest.mark.parametrize("status", [200, 202, 401, 403, 404, 500, 503])
def test_web_pages(status, name, serve):
    """A web page is never AI Core's answer, whatever status it carries."""
    _, client = serve(Answer(status, b"<!DOCTYPE html><title>Log on</title>", "text/html"))
    error = refused(OPERATIONS[name], client, NotAICore)
    assert error.message == f"{client.host} answered with a web page. Nothing was changed."


@each_operation
def test_redirects(name, client, sandbox, asked):
    """A redirect is not followed; the error tells where it leads."""
    sandbox.faults.redirect_to = "https://login.corp.example/sso?token=1"
    error = refused(OPERATIONS[name], client, NotAICore)
    assert "answered with a redirect to login.corp.example. Nothing was changed." in error.message
    assert len(asked) == 1


@each_read
@pytest.mark.parametrize("answer", [None, Answer(200, b'{"name": "name"}', cut=True)], ids=["reset", "cut"])
def test_reading_without_an_answer(answer, name, serve):
    """Where nothing could be changed, a lost answer is simply unreachable."""
    _, client = serve(answer)
    error = refused(OPERATIONS[name], client, Unreachable)
    assert error.message == f"no answer arrived from {client.host}. Nothing was changed."
    assert NOTEBOOK.say(error.next) == "run the cell again."


@pytest.mark.parametrize("drop", ["before", "after", "cut"])
@each_write
def test_writing_without_an_answer(drop, name, client, sandbox, asked):
    """Where something may have been changed, a lost answer is ResponseLost, and nothing is sent twice."""
    if name != "create":
        sandbox.state.secrets["name"] = config("old").reveal()
    sandbox.faults.drop = [drop]
    error = refused(OPERATIONS[name], client, ResponseLost)
    assert error.message == f"no answer arrived from {client.host}."
    assert len(asked) == 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
@pytest.mark.parametrize("status", [200, 202, 400, 403, 500, 503])
def test_server_bodies(row, status, serve):
    """Whatever stands in an answer, a call gives a value or one clean error that names no secret."""
    _, client = serve(Answer(status, row["value"].encode()), CANARY)
    for name, call in OPERATIONS.items():
        error = error_of(call, client)
        if error is None:
            assert status < 300
            assert name in WRITING or row["value"].startswith("{")
            continue
        assert type(error).__module__ == "aicore_magics.errors"
        assert NOTEBOOK.say(error.next)
        assert "\n" not in error.message
        assert CANARY not in str(error)
        assert not re.search("Error\\b|Traceback|NoneType|object at", error.message)
        assert isinstance(error, NotAICore) or f"({status}" in error.message


def test_server_body_rows():
    """No row of the case file is left out unseen; the unknown field and the echo end as it says."""
    assert len(ROWS) == 9


def test_row_unknown_field(serve):
    """A field that nobody knows does no harm."""
    (row,) = [row for row in ROWS if row["why"] == "unknown field"]
    _, client = serve(Answer(200, row["value"].encode()))
    assert client.names(soon()).names == ("a",)


def test_row_echo(serve):
    """A secret of the connection that is repeated in an error is masked; the rest of the message stays."""
    (row,) = [row for row in ROWS if row["why"] == "echo"]
    _, client = serve(Answer(400, row["value"].encode()), CANARY)
    for call in OPERATIONS.values():
        assert "(400, cannot parse password ***)" in refused(call, client, RequestRefused).message


SENDS = {"create": create_request, "update": update_request}


@pytest.mark.parametrize("status", [400, 422, 500])
@pytest.mark.parametrize("name", SENDS)
@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_echoed_password(encode, name, status, serve, canary):
    """So is a password that was just sent, in any encoding, when it comes back alone."""
    told = f"bad {encode(canary)}"
    _, client = serve(Answer.document(status, {"error": {"code": "1", "message": told}}))
    error = error_of(write(SENDS[name]("name", config(canary))), client)
    assert f"({status}, bad ***)" in error.message
    assert encode(canary) not in str(error)


@pytest.mark.parametrize("name", SENDS)
def test_the_sandbox_echoes(name, client, sandbox, canary):
    """Nor is it seen where the whole request comes back."""
    sandbox.faults.echo_body = True
    error = refused(write(SENDS[name]("name", config(canary))), client)
    for encode in ENCODERS.values():
        assert encode(canary) not in str(error)


@pytest.mark.parametrize("name", SENDS)
def test_echoed_token_and_content(name, serve, canary):
    """Nor are the token and the content that was sent."""
    content = config(canary)

    def echo(request):
        told = f"{request.headers['Authorization']} in {content.reveal()}"
        return Answer.document(400, {"error": {"code": "1", "message": told, "requestId": "r-1"}})

    _, client = serve(echo)
    error = refused(write(SENDS[name]("name", content)), client, RequestRefused)
    assert "(400, Bearer *** in ***, request r-1)" in error.message


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("names", Answer(200, b"{}")),
        ("names", Answer(200, b'{"resources": {"a": 1}}')),
        ("names", Answer(200, b"")),
        ("names", Answer(404, b"")),
        ("quota", Answer(200, b"3")),
    ],
)
def test_not_what_was_asked_for(name, answer, serve):
    """An answer that is something else than what was asked for is told so, not taken for a no."""
    _, client = serve(answer)
    error = refused(OPERATIONS[name], client, NotAICore)
    assert error.message.endswith(". Nothing was changed.")
    assert client.host in error.message


def test_connect(client, sandbox):
    """Connecting gives the life of the token."""
    assert client.connect(soon()) == 43199
    assert (client.tenant, client.host) == ("sandbox", sandbox.url.removeprefix("http://"))


# At one pace with others


def limit(times, retry_after="0", status=202):
    """Give what answers 429 that many times, and then *status*."""
    left = [Answer.document(429, MISSING, ("Retry-After", retry_after))] * times
    return lambda _: left.pop() if left else Answer.document(status, {"name": "name", "resources": []})


@each_operation
@pytest.mark.parametrize("times", [0, 1, 5])
def test_a_limit_is_waited_out(times, name, serve):
    """With a pacer a 429 takes no attempt: but what looks have to tell of is not sent again by itself."""
    api, client = serve(limit(times, status=200))
    client.pacer = Pacer(client.host)
    error = error_of(OPERATIONS[name], client)
    once = name in ("create", "delete")
    assert type(error) is (Busy if once and times else type(None))
    assert len(api.asked) == (1 if once else 1 + times)


@pytest.mark.parametrize("name", ["names", "exists", "quota", "update"])
def test_a_limit_for_longer_than_the_time(name, serve):
    """A pause beyond the time limit ends at once: as refused for the one, with nothing sent for others."""
    api, client = serve(limit(9, "1800"))
    client.pacer = Pacer(client.host)
    assert type(refused(OPERATIONS[name], client)) is Busy
    error = refused(OPERATIONS[name], client, Unreachable)
    assert error.message == (
        f"{client.host} is rate limiting for longer than your time limit. Nothing was sent."
    )
    assert len(api.asked) == 1


@each_operation
def test_after_the_end_nothing_goes_out(name, client, asked):
    """A closed pacer lets nothing go out; no change is taken for one that may have been made."""
    client.connect(soon())
    asked.clear()
    client.pacer = Pacer(client.host)
    client.pacer.close()
    error = refused(OPERATIONS[name], client, Unreachable)
    assert error.message.endswith("Nothing was sent.")
    assert (asked, client.unsettled, client.late) == ([], {}, {})


@pytest.mark.parametrize("times", [0, 1])
def test_stopped_in_a_turn(times, serve, monkeypatch):
    """An interrupt of the wait for a turn is Stopped, unless the change went out before and met a 429."""
    _, client = serve(limit(times))
    client.pacer = Pacer(client.host)
    turn, turns = client.pacer.turn, iter(range(9))

    def interrupted(deadline):
        if next(turns) == times:
            raise KeyboardInterrupt
        return turn(deadline)

    monkeypatch.setattr(client.pacer, "turn", interrupted)
    request = dataclasses.replace(REQUESTS["update"], unknown=partial(whole, "update"))
    with pytest.raises(OutcomeUnknown if times else Stopped):
        bare_errors(lambda: client.exchange(request, soon()))()


# Interrupts


def whole(seen):
    """An unknown outcome, as a caller of `exchange` makes it."""
    return OutcomeUnknown(f"seen in {seen}")


@each_write
def test_from_the_first_byte_on(name, serve, monkeypatch):
    """Before a change goes out an interrupt is Stopped; from then on it is what the request says it is."""
    _, client = serve(Answer.document(202, {}))
    request = dataclasses.replace(REQUESTS[name], unknown=partial(whole, name))

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    @bare_errors
    def send(then=lambda: None):
        client.exchange(request, soon())
        assert may_have_changed()
        then()

    with pytest.raises(OutcomeUnknown, match=f"seen in {name}"):
        send(interrupted)
    with monkeypatch.context() as patched:
        patched.setattr("aicore_magics.http.transport.Transport.send", interrupted)
        with pytest.raises(OutcomeUnknown, match=f"seen in {name}"):
            send()
    monkeypatch.setattr("aicore_magics.aicore.oauth.ClientCredentials.bearer", interrupted)
    with pytest.raises(Stopped):
        send()


@each_write
@pytest.mark.parametrize("error", [Unreachable("x"), CertificateNotTrusted("x"), ResponseLost("x")])
def test_what_was_not_sent(error, name, serve, monkeypatch):
    """A host that was not reached changed nothing, so that an interrupt after that is Stopped."""
    _, client = serve(Answer.document(202, {}))
    request = dataclasses.replace(REQUESTS[name], unknown=partial(whole, name))

    def failing(*_, **__):
        raise error

    @bare_errors
    def send():
        with contextlib.suppress(AICoreError):
            client.exchange(request, soon())
        raise KeyboardInterrupt

    client.connect(soon())
    monkeypatch.setattr("aicore_magics.http.transport.Transport.send", failing)
    with pytest.raises(OutcomeUnknown if isinstance(error, ResponseLost) else Stopped):
        send()


@each_read
def test_reading_changes_nothing(name, client):
    """However often is asked, an interrupt after it is Stopped."""

    @bare_errors
    def ask():
        with contextlib.suppress(AICoreError):
            READING[name](client)
        assert not may_have_changed()
        raise KeyboardInterrupt

    with pytest.raises(Stopped):
        ask()


@pytest.mark.parametrize(
    ("request_", "creates", "names_one"),
    [
        (REQUESTS["create"], True, False),
        (REQUESTS["update"], False, True),
        (REQUESTS["delete"], False, True),
        (Request("GET", "/admin/dockerRegistrySecrets?$top=1", "x"), False, False),
        (Request("GET", "/admin/dockerRegistrySecretsX/y", "x"), False, False),
        (Request("GET", "/admin/resourceQuota/dockerRegistrySecrets", "x"), False, False),
    ],
)
def test_what_a_request_is_about(request_, creates, names_one):
    """Only a request about one secret can find it missing, and only a create can find it taken."""
    assert (request_.creates, request_.names_one) == (creates, names_one)
    assert request_.unknown is None
