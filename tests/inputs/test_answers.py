"""Whatever stands in the head of an answer, what comes of it is a result, or an error of ours."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.aicore import secret_store
from aicore_magics.aicore.client import Client
from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.aicore.oauth import ClientCredentials
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import LONGEST_WAIT, NoAuth, Response, ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.registry.single_check import check_image, check_login
from aicore_magics.registry.verdict import Verdict

STATUSES = (
    200,
    202,
    204,
    301,
    302,
    304,
    307,
    400,
    401,
    403,
    404,
    407,
    409,
    416,
    429,
    500,
    503,
    599,
    600,
    999,
)
ODD = [
    "",
    " ",
    "\t",
    ",",
    ";",
    "=",
    '"',
    "\\",
    "%",
    "/",
    ":",
    "[",
    "]",
    "@",
    "?",
    "#",
    "-",
    "+",
    ".",
    "0",
    "\x7f",
]
ODD += ["\xa0", "\xb2", "\xe9", "\xff", "9" * 400, "1e400", "inf", "nan", "-1", "0x10", "1_0", "a" * 5000]
# For each header that anything of ours, or of those below us, takes apart: what may stand in it.
PIECES = {
    "retry-after": ["5", "120", "Wed, 21 Oct 2035 07:28:00 GMT"],
    "date": ["Wed, 21 Oct 2025 07:28:00 GMT"],
    "content-type": ["text/html", "text/plain; charset=", "application/json", 'multipart/x; boundary="'],
    "content-encoding": ["identity", "gzip", "br"],
    "content-length": ["2", "0", "10", "2, 2"],
    "transfer-encoding": ["chunked", "gzip"],
    "connection": ["close", "keep-alive"],
    "location": ["https://", "http://127.0.0.1:1", "//", "../x", "x.invalid", "[::1", "user:pw@"],
    "www-authenticate": [
        *("Bearer ", "Basic ", "Negotiate YWJj==", "realm=", "service=", "scope=", 'error="x"'),
        *('"https://ghcr.io/token"', '"registry"', "https://ghcr.io:99999/", '"https://[::1/"', "*"),
    ],
    "proxy-authenticate": ["Basic realm=x"],
    "link": ['</v2/x/tags/list?n=1>; rel="next"', "<", ">"],
    "docker-content-digest": ["sha256:" + "a" * 64, "sha256:"],
    "docker-distribution-api-version": ["registry/2.0"],
    "set-cookie": ["a=1; Path=/; Expires=Wed, 99 Foo; Max-Age="],
    "refresh": ["0; url=https://x.invalid"],
    "x-request-id": ["1"],
}
# Both ends of the calendar, and of the hours that a zone can be away.
DATES = st.builds(
    "{}, {:02} {} {:04} {:02}:{:02}:{:02} {}".format,
    st.sampled_from(["Mon", "Fri", "Xyz", ""]),
    st.sampled_from([0, 1, 28, 29, 30, 31, 32]),
    st.sampled_from(["Jan", "Feb", "Dec", "Foo"]),
    st.sampled_from([0, 1, 68, 69, 99, 100, 101, 1582, 1969, 2038, 9998, 9999, 10_000]),
    st.sampled_from([0, 23, 24]),
    st.sampled_from([0, 59, 60]),
    st.sampled_from([0, 59, 60, 61]),
    st.sampled_from(["GMT", "", "-0000", "+2359", "-2359", "+2400", "-9999", "EST", "+" + "9" * 30]),
)


def values(name):
    """What may stand behind the header *name*."""
    made = st.lists(st.sampled_from([*PIECES[name] * 3, *ODD]), max_size=6).map("".join)
    any_text = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\x00"), max_size=40)
    return st.one_of(made, made, any_text, DATES) if name in ("retry-after", "date") else made | any_text


HEADERS = st.fixed_dictionaries({}, optional={name: values(name) for name in PIECES})
BODIES = st.sampled_from(
    [
        *(b"", b"{}", b"[]", b"null", b"<html>", b'{"errors": [{}]}', b'{"errors": [{"code": 1}]}'),
        *(b'{"error": 1}', b'{"error": {"message": 1}}', b'{"token": 1}', b'{"token": "t"}', b"\xff" * 9),
    ]
)
ANSWERS = st.builds(
    lambda status, headers, body: Response(status, headers, body, "ghcr.io"),
    st.sampled_from(STATUSES),
    HEADERS,
    BODIES,
)
LATEST = {"retry-after": "Fri, 31 Dec 9999 23:59:59 -2359", "date": "Mon, 01 Jan 0100 00:00:00 +2359"}


@given(answer=ANSWERS)
@example(answer=Response(429, LATEST, b"", "h"))
@example(answer=Response(429, {"retry-after": "9" * 400}, b"", "h"))
def test_what_one_answer_says(answer):
    """A wait is a number of seconds that a calendar can hold, and what an answer is can be said."""
    wait = answer.retry_after()
    assert wait is None or 0 <= wait <= LONGEST_WAIT
    assert isinstance(answer.not_an_api(), str)
    answer.json()
    answer.text()


class Same:
    """Stands in for a transport: every request gets the next of some answers, the last one for ever."""

    def __init__(self, *answers):
        self._answers = answers
        self._asked = 0

    def send(self, *_args, **_more):
        """Give the next answer."""
        self._asked += 1
        return self._answers[min(self._asked, len(self._answers)) - 1]

    fetch = send


@given(answers=st.lists(ANSWERS, min_size=1, max_size=5))
def test_a_check_of_any_answers(answers):
    """Whatever registry and token server answer, a check ends with a verdict."""
    login = RegistryLogin("ghcr.io", "anna", Secret("pw"))
    image = ImageReference.parse("ghcr.io/acme/churn:1.4")
    for only_here in (False, True):
        verdict = check_image(
            image, login, transport=Same(*answers), deadline=Deadline(60), only_here=only_here
        )
        assert isinstance(verdict, Verdict)
    assert isinstance(check_login(login, transport=Same(*answers), deadline=Deadline(60)), Verdict)


KEY = {"clientid": "c", "clientsecret": "s", "url": "https://auth.example"}
GRANT = Response(200, {}, b'{"access_token": "t", "expires_in": 3600}', "auth.example")


@given(token=st.none() | ANSWERS, answers=st.lists(ANSWERS, min_size=1, max_size=3))
@example(token=None, answers=[Response(429, LATEST, b"", "h")])
@example(token=Response(429, LATEST, b"", "h"), answers=[GRANT])
def test_ai_core_with_any_answers(token, answers):
    """Whatever AI Core and its token service answer, a call ends with a result or an error of ours."""
    key = service_key_of(json.dumps({**KEY, "serviceurls": {"AI_API_URL": "https://api.example"}}), "key")
    calls = ("names", "quota", "quota_if_told", "connect")
    for call in calls:
        transport = Same(token or GRANT, *answers)
        client = Client(transport, ClientCredentials(key, transport), api_url=key.api_url, tenant="acme")
        with contextlib.suppress(AICoreError):
            getattr(client, call)(Deadline(0.02))
    secret = DockerSecret(SecretName("team"), (RegistryLogin("ghcr.io", "anna", Secret("pw")),))
    for write in (secret_store.create, secret_store.replace):
        transport = Same(token or GRANT, *answers)
        client = Client(transport, ClientCredentials(key, transport), api_url=key.api_url, tenant="acme")
        with contextlib.suppress(AICoreError):
            write(client, secret, Deadline(0.02))


# Below us


@pytest.fixture
def answering(listen):
    """A listener that says `said` to each request, and leaves."""

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(peer.said)

    return listen(play)


@pytest.fixture
def transport():
    with contextlib.closing(Transport()) as transport:
        yield transport


@given(status=st.sampled_from([*STATUSES, 100, 101, 103, 199, 0, 99, 1000]), headers=HEADERS, body=BODIES)
def test_any_head(status, headers, body, answering, transport):
    """Whatever head an answer has, it comes as an answer, or is lost: it is never another error."""
    lines = [f"HTTP/1.1 {status} x", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    answering.said = "\r\n".join(lines).encode("latin-1") + body
    with contextlib.suppress(ResponseLost):
        answer = transport.send("GET", answering.url, auth=NoAuth(), deadline=Deadline(20))
        assert isinstance(answer, Response)
        assert answer.status == status >= 200
        answer.retry_after()
        answer.not_an_api()


@given(said=st.binary(max_size=60) | st.binary(max_size=40).map(b"HTTP/1.1 200 OK\r\n%b\r\n\r\n{}".__mod__))
def test_any_bytes(said, answering, transport):
    """Nor is it, whatever bytes come in place of an answer."""
    answering.said = said
    with contextlib.suppress(ResponseLost):
        transport.send("GET", answering.url, auth=NoAuth(), deadline=Deadline(20))
