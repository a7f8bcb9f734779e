import base64
import contextlib
import html
import json
import os
import ssl
import threading
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
import requests
import trustme

from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.aicore.oauth import ClientCredentials
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, Busy, CredentialsRefused, NotAICore, ServerError, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Bearer
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.server import Server
from tests.forks import forked
from tests.peers import over_tls
from tests.waiting import PATIENCE, until

TOKEN = "/oauth/token"
SECRETS = "/v2/admin/dockerRegistrySecrets"


class Service:
    """A token service that gives one answer for ever, and keeps what it was asked."""

    def __init__(self, answer):
        self.given = answer
        self.asked = []

    def answer(self, request):
        """Give the answer."""
        self.asked.append(request)
        return self.given

    def refuse(self, request, refusal):
        """Never happens: the client speaks good HTTP."""
        raise AssertionError(refusal)


@pytest.fixture
def transport():
    transport = Transport()
    yield transport
    transport.close()


@pytest.fixture
def serve():
    """Start a `Service` and give it with a maker of credentials for it."""
    with contextlib.ExitStack() as stack:

        def serve(answer, secret="s3cret", clock=None):
            service = Service(answer)
            server = Server(0)
            server.serve(service)
            stack.callback(server.stop)
            transport = Transport()
            stack.callback(transport.close)
            key = {"clientid": "c", "clientsecret": secret, "url": server.url}
            text = json.dumps({**key, "serviceurls": {"AI_API_URL": server.url}})
            more = {"clock": clock} if clock else {}
            return service, ClientCredentials(service_key_of(text, "service key"), transport, **more)

        yield serve


class Clock:
    """Stands still until it is set."""

    now = 1000.0

    def __call__(self):
        """Give the time."""
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def token(sandbox, transport, clock):
    """The credentials of the sandbox, on a clock that the test sets."""
    return ClientCredentials(service_key_of(sandbox.service_key_json(), "key"), transport, clock=clock)


def times_asked(sandbox):
    return [asked.path for asked in sandbox.state.requests].count(TOKEN)


def refused(token):
    with pytest.raises(AICoreError) as caught:
        token.bearer(Deadline(5))
    error = caught.value
    assert error.message.endswith(". Nothing was changed.")
    assert NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    return error


def text_of(bearer):
    prepared = requests.Request("GET", "http://127.0.0.1", auth=bearer).prepare()
    return prepared.headers["Authorization"]


def test_asked_once(tenant, sandbox):
    """Over many calls a token is asked for once, and every call carries it."""
    deadline = Deadline(5)
    for number in range(10):
        assert not tenant.client.exists(f"name-{number}", deadline)
    assert tenant.client.names(deadline).names == ()
    assert tenant.client.quota(deadline) == (0, 50)
    assert times_asked(sandbox) == 1
    assert len(sandbox.state.requests) == 13
    assert 401 not in [asked.status for asked in sandbox.state.requests]


def test_asked_once_by_many_threads(token, sandbox):
    """Sixteen threads that need a token at once ask for one, and all get the same."""
    sandbox.faults.hits, sandbox.faults.slow = "token", 0.05
    start, got = threading.Barrier(16), []

    def need():
        start.wait(5)
        got.append(text_of(token.bearer(Deadline(5))))

    threads = [threading.Thread(target=need) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(got) == 16
    assert len(set(got)) == 1
    assert times_asked(sandbox) == 1


@pytest.fixture
def slow_service(listen, transport):
    """A token service whose answers wait for `go`, that event, and credentials for it."""
    go = threading.Event()
    grant = b'{"access_token": "t0ken", "expires_in": 600}'

    def play(peer, connection):
        peer.request(connection)
        go.wait(PATIENCE)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(grant), grant))

    peer = listen(play, at_once=True)
    key = {"clientid": "c", "clientsecret": "s", "url": peer.url, "serviceurls": {"AI_API_URL": peer.url}}
    yield peer, go, ClientCredentials(service_key_of(json.dumps(key), "key"), transport)
    go.set()


class Asking(threading.Thread):
    """Asks for a token in a thread of its own; `came` is what came of it."""

    def __init__(self, token, seconds):
        super().__init__(daemon=True)
        self.token, self.deadline, self.came = token, Deadline(seconds), None
        self.start()

    def run(self):
        try:
            self.came = text_of(self.token.bearer(self.deadline))
        except AICoreError as error:
            self.came = error

    def end(self):
        """Wait for the end, and give what came."""
        self.join(PATIENCE)
        assert not self.is_alive()
        return self.came


def test_nobody_waits_longer_than_he_may(slow_service):
    """Who has little time asks himself in the end, and in time; who has more waits for the first one."""
    peer, go, token = slow_service
    first = Asking(token, PATIENCE)
    until(lambda: peer.requests)
    short = Asking(token, 0.4)
    error = short.end()
    assert isinstance(error, Unreachable)
    assert first.is_alive()
    assert len(peer.requests) >= 2  # its own
    patient = [Asking(token, PATIENCE) for _ in range(8)]
    asked = len(peer.requests)
    go.set()
    assert {each.end() for each in (first, *patient)} == {"Bearer t0ken"}
    assert len(peer.requests) == asked


def test_nobody_waits_in_order_to_look_or_to_forget(slow_service):
    """While a token is asked for, its secrets can be read and the old one dropped, at once."""
    peer, _, token = slow_service
    asking = Asking(token, PATIENCE)
    until(lambda: peer.requests)
    token.forget()
    assert len(token.secrets) == 1
    assert token.expires_in == 0
    assert asking.is_alive()


def test_one_who_fails_keeps_nobody_out(slow_service):
    """After an error the next one asks: at once, as the turn is free again."""
    _, go, token = slow_service
    assert isinstance(Asking(token, 0.2).end(), Unreachable)
    go.set()
    assert Asking(token, PATIENCE).end() == "Bearer t0ken"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="left out: there is no fork here")
def test_a_child_of_a_process_that_asks(slow_service):
    """A process that is forked while a token is asked for asks for its own: nobody there holds its turn."""
    peer, go, token = slow_service
    asking = Asking(token, PATIENCE)
    until(lambda: peer.requests)

    def child():
        return text_of(token.bearer(Deadline(PATIENCE)))

    with forked(child) as answer:
        until(lambda: len(peer.requests) == 2)
        go.set()
        assert answer() == "Bearer t0ken"
    assert asking.end() == "Bearer t0ken"


@pytest.mark.parametrize("life", [1, 60, 599, 3600, 43199])
def test_renewed_at_nine_tenths(life, token, sandbox, clock):
    """A token is kept for nine tenths of its life, however long that is, and then renewed by itself."""
    sandbox.faults.expires_in = life
    first = text_of(token.bearer(Deadline(5)))
    assert token.expires_in == life
    clock.now += 0.89 * life
    assert text_of(token.bearer(Deadline(5))) == first
    assert times_asked(sandbox) == 1
    clock.now = 1000.0 + 0.9 * life
    second = text_of(token.bearer(Deadline(5)))
    assert second != first
    assert text_of(token.bearer(Deadline(5))) == second
    assert times_asked(sandbox) == 2


def test_life_begins_with_the_question(serve):
    """The life of a token is counted from the moment it was asked for, not from its arrival."""
    moments = iter([0.0, 90.0, 90.0, 90.0])  # asked, then looked at twice and asked again
    grant = Answer.document(200, {"access_token": "t", "expires_in": 100})
    service, token = serve(grant, clock=lambda: next(moments))
    token.bearer(Deadline(5))
    token.bearer(Deadline(5))
    assert len(service.asked) == 2


def test_life_untold(token, sandbox, clock):
    """A token of unknown life counts as one of a minute."""
    sandbox.faults.omit_expires_in = True
    token.bearer(Deadline(5))
    assert token.expires_in == 60
    clock.now += 53.9
    token.bearer(Deadline(5))
    assert times_asked(sandbox) == 1
    clock.now += 0.2
    token.bearer(Deadline(5))
    assert times_asked(sandbox) == 2


@pytest.mark.parametrize("life", ["43199", None, True, -1, 0, [], {}, float("nan")])
def test_life_that_is_no_number(life, serve):
    """So does one whose life is not a positive number."""
    _, token = serve(Answer.document(200, {"access_token": "t", "expires_in": life}))
    assert text_of(token.bearer(Deadline(5))) == "Bearer t"
    assert token.expires_in == 60


@pytest.mark.parametrize(
    "life",
    [
        "1e999",
        "-1e999",
        "9" * 400,
    ],
)
def test_life_without_an_end(life, serve):
    """So does one whose life is larger than any number of seconds."""
    _, token = serve(Answer(200, f'{{"access_token": "t", "expires_in": {life}}}'.encode()))
    assert text_of(token.bearer(Deadline(5))) == "Bearer t"
    assert token.expires_in == 60


def test_life_with_a_fraction(serve, clock):
    """A life may have a fraction; it is told in whole seconds and kept in full."""
    service, token = serve(Answer.document(200, {"access_token": "t", "expires_in": 1.5}), clock=clock)
    token.bearer(Deadline(5))
    assert token.expires_in == 1
    clock.now += 1.34
    token.bearer(Deadline(5))
    assert len(service.asked) == 1
    clock.now += 0.02
    token.bearer(Deadline(5))
    assert len(service.asked) == 2


def test_revoked_token(tenant, sandbox):
    """After a token is taken back, the next call renews it once and succeeds."""
    sandbox.revoke_tokens()
    assert tenant.client.names(Deadline(5)).names == ()
    assert [(asked.path, asked.status) for asked in sandbox.state.requests] == [
        (TOKEN, 200),
        (SECRETS, 401),
        (TOKEN, 200),
        (SECRETS, 200),
    ]


def test_forget(token, sandbox):
    """A token that was forgotten is not sent again."""
    first = text_of(token.bearer(Deadline(5)))
    token.forget()
    assert text_of(token.bearer(Deadline(5))) != first
    assert times_asked(sandbox) == 2


@pytest.mark.parametrize("word", ["invalid_client", "unauthorized"])
def test_wrong_secret(word, sandbox, transport):
    """A wrong client secret is refused in the token service's own word, by the name of its source."""
    sandbox.faults.wrong_client_error = word
    text = json.dumps({**sandbox.service_key, "clientsecret": "wrong-CANARY"})
    token = ClientCredentials(service_key_of(text, "service key, file k.json"), transport)
    error = refused(token)
    assert isinstance(error, CredentialsRefused)
    said = f"AI Core refuses the client of service key, file k.json ({word}). Nothing was changed."
    assert error.message == said
    assert NOTEBOOK.say(error.next) == "create a new service key, then %aicore_connect --service-key FILE"
    assert "CANARY" not in str(error)
    assert times_asked(sandbox) == 1


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(200, b"<!doctype html><title>Log on", "text/html"), NotAICore, "answered with a web page."),
        (Answer(503, b"\n <HTML>", "text/plain"), NotAICore, "answered with a web page."),
        (Answer(401, b"<html></html>", "text/html"), NotAICore, "answered with a web page."),
        (
            Answer(302, b"", headers=(("Location", "https://login.corp.example/x?y#z"),)),
            NotAICore,
            "answered with a redirect to login.corp.example.",
        ),
        (Answer(307, b"", headers=(("Location", "/local"),)), NotAICore, "a redirect to another address."),
        (Answer(303, b""), NotAICore, "a redirect to another address."),
        (Answer(200, b""), NotAICore, "answered with something that is not a token."),
        (Answer(204, b""), NotAICore, "answered with something that is not a token."),
        (Answer(200, b'{"access_token": "CANA'), NotAICore, "answered with something that is not a token."),
        (Answer(200, b"[" * 100_000), NotAICore, "answered with something that is not a token."),
        (Answer.document(200, {"token": "CANARY"}), NotAICore, "something that is not a token."),
        (Answer.document(200, {"access_token": ""}), NotAICore, "something that is not a token."),
        (Answer.document(200, {"access_token": ["CANARY"]}), NotAICore, "something that is not a token."),
        (Answer(200, b'["CANARY"]'), NotAICore, "something that is not a token."),
        (Answer.document(200, {"access_token": "CANARY\nb"}), NotAICore, "something that is not a token."),
        (
            Answer.document(200, {"access_token": "CANARY\r\nX: y"}),
            NotAICore,
            "something that is not a token.",
        ),
        (Answer.document(200, {"access_token": "CANARY\u20ac"}), NotAICore, "something that is not a token."),
        (Answer.document(200, {"access_token": "CANARY b\0"}), NotAICore, "something that is not a token."),
        (Answer.text(429, "CANARY", ("Retry-After", "3600")), Busy, "is rate limiting requests for a token."),
        (
            Answer.text(429, "", ("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT")),
            Busy,
            "is rate limiting requests for a token",
        ),
        (Answer.document(500, {"error": "CANARY"}), ServerError, "failed to issue a token (500)."),
        (Answer.text(503, "CANARY"), ServerError, "failed to issue a token (503)."),
        (Answer.document(400, {"error": "invalid_request"}), CredentialsRefused, "(invalid_request)."),
        (Answer.document(401, {"error": {"code": "CANARY"}}), CredentialsRefused, "(401)."),
        (Answer.text(403, "CANARY"), CredentialsRefused, "(403)."),
        (Answer.document(401, {"error": ""}), CredentialsRefused, "(401)."),
        (Answer(404, b"CANARY"), NotAICore, "has no token service there (404)."),
        (None, Unreachable, "sent no token: no answer arrived."),
        (Answer(200, b'{"access_token": "CANARY"}', cut=True), Unreachable, "no answer arrived."),
    ],
)
def test_no_token(answer, kind, said, serve):
    """What is no token is told apart by who has to act, in one sentence, without what was answered."""
    service, token = serve(answer)
    error = refused(token)
    assert type(error) is kind
    assert said in error.message
    assert "CANARY" not in str(error)
    passing = answer is None or answer.cut or answer.status in (429, 500, 503)
    waits = answer is not None and ("Retry-After", "3600") in answer.headers
    assert len(service.asked) == (3 if passing and not waits else 1)


def test_slow_token(token, sandbox):
    """A token service that does not answer in time is left, and told."""
    sandbox.faults.hits, sandbox.faults.slow = "token", 5.0
    with pytest.raises(Unreachable, match="no answer arrived"):
        token.bearer(Deadline(1.5))


def test_after_a_failure(token, sandbox):
    """A failure is not kept: the next call asks again, and a good token then stands."""
    sandbox.faults.hits, sandbox.faults.next_statuses = "token", [500, 429, 503, 500, 429]
    refused(token)
    text_of(token.bearer(Deadline(5)))
    text_of(token.bearer(Deadline(5)))
    assert times_asked(sandbox) == 6


ENCODERS = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps(text)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "json unescaped": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "repr": lambda text: repr(text)[1:-1],
    "percent": lambda text: quote(text, safe=""),
    "percent, small": lambda text: quote(text, safe="").lower(),
    "form": quote_plus,
    "html": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 of the pair": lambda text: base64.b64encode(f"c:{text}".encode()).decode(),
}


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
def test_echoed_secret(encode, canary, serve):
    """A client secret that the token service repeats, in any encoding, is masked."""
    told = f"bad {encode(canary)}"
    _, token = serve(Answer.document(401, {"error": told, "error_description": told}), canary)
    shown = str(refused(token))
    assert "(bad ***)" in shown
    assert encode(canary) not in shown


@pytest.mark.parametrize("echo", [Answer.text, lambda status, text: Answer.document(status, {"error": text})])
@pytest.mark.parametrize("status", [200, 302, 400, 401, 429, 500])
def test_echoed_request(status, echo, canary, serve):
    """Whatever the status, an answer that repeats the whole request gives nothing away."""
    service, token = serve(None, canary)
    service.given = echo(status, f"client_id=c&client_secret={quote_plus(canary)} {canary}")
    shown = str(refused(token))
    assert canary not in shown
    assert quote_plus(canary) not in shown


def test_echoed_in_a_redirect(serve):
    """Nor does a redirect to a host that is called like the secret."""
    secret = "s3cretsecret"
    service, token = serve(Answer(302, b"", headers=(("Location", f"https://{secret}.example/"),)), secret)
    assert secret not in str(refused(token))
    assert len(service.asked) == 1


def test_the_sandbox_echoes(tenant, sandbox):
    """Against the sandbox's own echo, too, the client secret stays unseen."""
    sandbox.faults.hits, sandbox.faults.echo_body = "token", True
    sandbox.revoke_tokens()
    with pytest.raises(CredentialsRefused) as caught:
        tenant.client.names(Deadline(5))
    secret = sandbox.service_key["clientsecret"]
    assert secret not in str(caught.value)
    assert quote(secret, safe="") not in str(caught.value)


def test_the_question(serve, canary):
    """Client and secret travel in a form, encoded whole, and nowhere else."""
    service, token = serve(Answer.document(200, {"access_token": "t"}), canary)
    token.bearer(Deadline(5))
    (asked,) = service.asked
    assert (asked.method, asked.path, asked.query) == ("POST", TOKEN, "")
    assert asked.content_type == "application/x-www-form-urlencoded"
    assert dict(parse_qsl(asked.body.decode("ascii"), strict_parsing=True)) == {
        "grant_type": "client_credentials",
        "client_id": "c",
        "client_secret": canary,
    }
    assert "Authorization" not in asked.headers


@pytest.fixture
def netrc(own_environment):
    """A ~/.netrc that knows another login for this machine."""
    place = own_environment / ".netrc"
    place.write_text("machine 127.0.0.1 login stray password stray\ndefault login stray password stray\n")
    place.chmod(0o600)
    return place


def test_netrc(netrc, tenant, sandbox, serve):
    """An entry in ~/.netrc replaces neither the token nor the form, though requests alone would take it."""
    assert tenant.client.names(Deadline(5)).names == ()
    assert [asked.status for asked in sandbox.state.requests] == [200, 200]
    service, token = serve(Answer.document(200, {"access_token": "t"}))
    token.bearer(Deadline(5))
    assert "Authorization" not in service.asked[0].headers
    with requests.Session() as session:
        sent = session.get(sandbox.url, headers={"Authorization": "Bearer t"}, timeout=5).request
    assert sent.headers["Authorization"].startswith("Basic ")


def test_what_must_not_be_seen(token, sandbox):
    """The secret, and the token once there is one, are given for scrubbing; no text form shows them."""
    secret = Secret(sandbox.service_key["clientsecret"])
    assert token.secrets == (secret,)
    bearer = token.bearer(Deadline(5))
    sent = text_of(bearer).removeprefix("Bearer ")
    assert token.secrets == (secret, Secret(sent))
    assert sent not in f"{bearer!r} {vars(bearer)} {vars(token)}"
    assert secret.reveal() not in repr(vars(token))
    assert isinstance(bearer, Bearer)


# With a certificate


def grant_for_a_certificate(server, authority, version, shown):
    """A part: a token service that wants a client certificate of *authority*, and notes whose was *shown*."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    context.minimum_version = context.maximum_version = version
    grant = b'{"access_token": "t0ken", "expires_in": 60}'

    def play(peer, connection):
        shown.append(connection.getpeercert()["subjectAltName"][0][1])
        peer.request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(grant), grant))

    return over_tls(context, play)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def with_certificate(authority, listen, tmp_path):
    """Start a token service that trusts *trusts*; with it, what it was shown, and a key's token and text."""
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    own = authority.issue_cert("anna@acme.example")
    chain = b"".join(each.bytes() for each in own.cert_chain_pems).decode()
    key = {"clientid": "c|1!b2", "certificate": chain, "key": own.private_key_pem.bytes().decode()}
    with contextlib.ExitStack() as stack:

        def with_certificate(trusts, version):
            shown = []
            part = grant_for_a_certificate(authority.issue_cert("127.0.0.1"), trusts, version, shown)
            service = listen(part)
            urls = {
                "certurl": f"https://{service.address}",
                "serviceurls": {"AI_API_URL": "https://api.ai.example"},
            }
            ours = service_key_of(json.dumps({**key, **urls}), "service key, file k.json")
            transport = Transport(ca_file=str(ca_file), identity=ours.identity, identity_host=ours.auth.host)
            stack.callback(transport.close)
            return service, shown, ClientCredentials(ours, transport), key["key"]

        yield with_certificate


both_versions = pytest.mark.parametrize(
    "version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda version: version.name
)


@both_versions
def test_token_for_a_certificate(version, authority, with_certificate):
    """With a certificate, the form carries the client's id and no secret; the key does not travel."""
    service, shown, token, key = with_certificate(authority, version)
    assert text_of(token.bearer(Deadline(5))) == "Bearer t0ken"
    assert shown == ["anna@acme.example"]
    head, _, body = service.heard.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /oauth/token HTTP/1.1\r\n")
    assert b"authorization" not in head.lower()
    form = dict(parse_qsl(body.decode("ascii"), strict_parsing=True))
    assert form == {"grant_type": "client_credentials", "client_id": "c|1!b2"}
    assert token.secrets == (Secret(key), Secret("t0ken"))


@both_versions
def test_certificate_refused(version, with_certificate):
    """A certificate that is not taken ends it at once, and the hint tells why that may be."""
    service, shown, token, key = with_certificate(trustme.CA(), version)
    error = refused(token)
    assert type(error) is CredentialsRefused
    host = service.address
    said = f"{host} does not accept the certificate of the service key, file k.json. Nothing was changed."
    assert error.message == said
    assert "create a new service key" in NOTEBOOK.say(error.next)
    assert key.splitlines()[1] not in str(error)
    assert (service.accepted, service.heard, shown) == (1, b"", [])
