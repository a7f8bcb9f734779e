"""What a registry asks for is read as RFC 9110 has it, and a login goes to nobody else's host for a token."""

from __future__ import annotations

import json
import time
from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st
from requests import Request
from urllib3.util import parse_url

from aicore_magics.base.redact import Secret
from aicore_magics.http.messages import Response
from aicore_magics.registry.auth import (
    LONGEST,
    Challenge,
    Realm,
    bearer_in,
    challenges,
    chosen,
    realm_of,
)

BEARER = 'Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull"'
PARTS = st.sampled_from([*'",=\\ \t;', "Bearer", "basic", "Negotiate", "realm", "service", "abc==", "x", "ä"])
# Each is made to be read again and again by an expression that goes back.
HOSTILE = [
    " ",
    ",",
    "a",
    "=",
    '"',
    "\\",
    "a ",
    "a,",
    "a=",
    'a="',
    'a="b",',
    'a="\\',
    "a a=",
    " =",
    ", ",
    "a  ,",
    'Bearer realm="x",',
    "Basic abc== ",
    'b a="\\"',
    "\t a \t= \t",
]


def read(header):
    return [(one.scheme, dict(one.parameters)) for one in challenges(header)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="h3"', [("basic", {"realm": "h3"})]),
        ("Basic realm=x", [("basic", {"realm": "x"})]),
        ("Basic", [("basic", {})]),
        ("Basic ,", [("basic", {})]),
        ("Basic realm=''", [("basic", {"realm": "''"})]),
        ('Basic realm=""', [("basic", {"realm": ""})]),
        ("Bearer realm=https://auth.example/t", [("bearer", {"realm": "https://auth.example/t"})]),
        ('BASIC Realm = "h3" , CharSet="UTF-8"', [("basic", {"realm": "h3", "charset": "UTF-8"})]),
        ('Basic realm="a, b=c, Bearer"', [("basic", {"realm": "a, b=c, Bearer"})]),
        (r'Basic realm="a \"quoted\" \\ b\c"', [("basic", {"realm": r'a "quoted" \ bc'})]),
        ('Basic realm="a", Basic realm="b"', [("basic", {"realm": "a"}), ("basic", {"realm": "b"})]),
        ('Negotiate, Basic realm="x"', [("negotiate", {}), ("basic", {"realm": "x"})]),
        (
            'Basic realm="a" , BEARER realm="b",service=s',
            [("basic", {"realm": "a"}), ("bearer", {"realm": "b", "service": "s"})],
        ),
        (
            # The example of RFC 9110, 11.6.1.
            'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
            [
                ("basic", {"realm": "simple"}),
                ("newauth", {"realm": "apps", "type": "1", "title": 'Login to "apps"'}),
            ],
        ),
        (', ,\tBasic realm="x",', [("basic", {"realm": "x"})]),
        ('Basic realm="ä€"', [("basic", {"realm": "ä€"})]),
    ],
)
def test_what_stands_there(header, expected):
    """Schemes and names in any case, bare and quoted values, several challenges in one header."""
    assert read(header) == expected


@pytest.mark.parametrize(
    "header",
    ["Negotiate abc==, ", "NTLM TlRM/+a==, ", "Negotiate YWJj, ", "Newauth a-b._~+/=, "],
)
def test_a_scheme_with_a_blob(header):
    """What goes with one scheme in base64 (token68) does not hide the challenge behind it."""
    assert chosen(header + BEARER) == challenges(BEARER)[0]
    assert challenges(header + BEARER)[1:] == challenges(BEARER)
    assert chosen(header.rstrip(", ")) is None


def test_empty_elements_of_a_list():
    """A list may hold empty elements (RFC 9110, 5.6.1): what stands behind them counts."""
    whole = [("bearer", {"realm": "r", "service": "s"})]
    assert read('Bearer realm="r",, ,service="s"') == whole
    assert read(', ,,Bearer realm="r", ,service="s",,') == whole
    assert read('Negotiate ,, Bearer realm="r",service="s"') == [("negotiate", {}), *whole]
    assert read('Bearer realm="r",service="s" ,\t, Basic realm="b"') == [*whole, ("basic", {"realm": "b"})]


def test_a_parameter_that_stands_twice():
    """Two realms mean that nobody knows which: the challenge is left out, in whatever case, another stays."""
    assert challenges('Bearer realm="a",REALM="b"') == ()
    assert read('Bearer realm="a",realm="a", Basic realm="c"') == [("basic", {"realm": "c"})]


@pytest.mark.parametrize(
    ("header", "scope"),
    [
        ('Bearer realm="r",scope="a",scope="b"', "a b"),
        ('Bearer scope="a",realm="r",SCOPE="b c",Scope=d', "a b c d"),
        ('Bearer realm="r",scope="a",scope="a"', "a a"),
        ('Bearer realm="r",scope="",scope="b"', " b"),
        ('Bearer realm="r", scope="a b"', "a b"),
    ],
)
def test_a_scope_that_stands_twice(header, scope):
    """Each scope that stands there counts, in its order: twice is no doubt about which."""
    assert read(header) == [("bearer", {"realm": "r", "scope": scope})]
    assert challenges(header.replace('realm="r"', 'realm="r",realm="x"')) == ()


@pytest.mark.parametrize("header", ["", " ", ",,,", "=", '"', '"Basic realm=x"', "\\", "ä", '="x"', "a=b"])
def test_garbage(header):
    """What is no challenge is none."""
    assert challenges(header) == ()
    assert chosen(header) is None


@pytest.mark.parametrize(
    "header",
    ['Bearer realm="x', 'Bearer realm="x" service="y"', 'Bearer realm="x\\"', "Bearer realm=", "Bearer =x"],
)
def test_half_a_parameter(header):
    """A parameter that is not whole is not guessed at."""
    assert all("realm" not in one.parameters for one in challenges(header))


@pytest.mark.parametrize(
    ("header", "scheme"),
    [
        (f'Basic realm="b", {BEARER}', "bearer"),
        (f'{BEARER}, Basic realm="b"', "bearer"),
        ('Negotiate, Basic realm="b"', "basic"),
        ('Bearer realm="1", Bearer realm="2"', "bearer"),
        ('Digest realm="d", nonce="n", Negotiate', None),
        ("Bearers realm=x", None),
    ],
)
def test_the_one_that_is_met(header, scheme):
    """Bearer before Basic, the first of its kind, and no other."""
    found = chosen(header)
    assert (found.scheme if found else None) == scheme
    assert found == next((one for one in challenges(header) if one.scheme == scheme), None)


def test_the_first_of_two():
    """Of two with one scheme the first is met."""
    assert chosen('Bearer realm="1", Bearer realm="2"') == Challenge("bearer", {"realm": "1"})


@given(st.lists(PARTS, max_size=40).map("".join) | st.text(max_size=80))
def test_no_header_is_too_odd(header):
    """Whatever a server sends, the answer is challenges in small letters, each with whole parameters."""
    for one in challenges(header):
        assert one.scheme == one.scheme.lower() != ""
        assert all(name == name.lower() != "" for name in one.parameters)
    met = chosen(header)
    assert met is None or met.scheme in ("basic", "bearer")


@given(
    st.dictionaries(st.sampled_from(["realm", "service", "scope", "error"]), st.text(max_size=20), min_size=1)
)
def test_what_is_quoted_comes_back(parameters):
    """A value in quotes, with its quotes and backslashes escaped, is read as it was."""
    kept = {name: "".join(c for c in value if c not in "\r\n") for name, value in parameters.items()}
    quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in kept.values())
    header = "Bearer " + ", ".join(f'{name}="{value}"' for name, value in zip(kept, quoted, strict=True))
    assert read(header) == [("bearer", kept)]


def test_hostile_headers_take_no_time():
    """The time is in proportion to the length: no header of 8192 characters holds anybody up."""
    assert LONGEST == 8192
    began = time.thread_time()
    for start in ("", "Bearer ", 'Bearer realm="'):
        for part in HOSTILE:
            challenges((start + part * LONGEST)[:LONGEST])
    assert time.thread_time() - began < 4


def test_a_longer_header_is_cut():
    """What stands beyond the length that is read does not count."""
    assert challenges(" " * LONGEST + BEARER) == ()
    assert [one.scheme for one in challenges("Negotiate," + " " * LONGEST + BEARER)] == ["negotiate"]


def answer(data, status=200):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Response(status, {"content-type": "application/json"}, body, "auth.example")


@pytest.mark.parametrize(
    ("data", "token"),
    [
        ({"token": "abc"}, "abc"),
        ({"access_token": "abc"}, "abc"),
        ({"token": "abc", "access_token": "def", "expires_in": 60}, "abc"),
        ({"token": "", "access_token": "def"}, "def"),
        ({"token": None, "access_token": "def"}, "def"),
        ({"token": "!~/+=.-_"}, "!~/+=.-_"),
    ],
)
def test_the_token_in_an_answer(data, token):
    """Either field may hold the token, and it goes out as Bearer."""
    bearer, secret = bearer_in(answer(data))
    assert secret == Secret(token)
    prepared = bearer(Request("GET", "https://ghcr.io/v2/").prepare())
    assert prepared.headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        "abc",
        b"",
        b"abc",
        b"<html>",
        {"Token": "abc"},
        {"token": ""},
        {"token": 5},
        {"token": True},
        {"token": ["abc"]},
        {"token": {"token": "abc"}},
        {"token": "a b"},
        {"token": "a\r\nHost: evil"},
        {"token": "a\x7f"},
        {"token": "tök"},
        {"token": "\ud800"},
    ],
    ids=repr,
)
def test_an_answer_without_a_token(data):
    """What a header cannot carry is no token: no line break of a server's gets into a request of ours."""
    assert bearer_in(answer(data)) is None


@pytest.mark.parametrize("status", [199, 301, 401, 403, 404, 500])
def test_only_a_good_answer_has_a_token(status):
    """What an error holds is no token, whatever it is called there."""
    assert bearer_in(answer({"token": "abc"}, status)) is None


def test_a_token_does_not_show():
    """Neither what goes out nor what is kept shows the token."""
    assert "abcdef" not in repr(bearer_in(answer({"token": "abcdef"})))


GOOD = [
    ("https://ghcr.io/token", "ghcr.io", "ghcr.io"),
    ("HTTPS://GHCR.IO/token", "ghcr.io", "ghcr.io"),
    ("https://ghcr.io", "GHCR.io", "ghcr.io"),
    ("https://ghcr.io:8443/token", "ghcr.io", "ghcr.io"),
    ("https://ghcr.io:/token", "ghcr.io", "ghcr.io"),
    ("https://reg.example.com/token?x=1#top", "reg.example.com:5000", "reg.example.com"),
    ("https://example.com/token", "reg.example.com:5000", "example.com"),
    ("https://example.com/token", "a.b.reg.example.com", "example.com"),
    ("https://gitlab.com/jwt/auth", "registry.gitlab.com", "gitlab.com"),
    ("https://auth.docker.io/token", "registry-1.docker.io", "auth.docker.io"),
    ("https://api.digitalocean.com/v2/registry/auth", "registry.digitalocean.com", "api.digitalocean.com"),
    ("https://10.1.2.3:8443/token", "10.1.2.3:5000", "10.1.2.3"),
    ("https://[2001:db8::1]:8443/token", "[2001:db8::1]:5000", "[2001:db8::1]"),
    ("http://127.0.0.1:5001/token", "127.0.0.1:5000", "127.0.0.1"),
    ("http://localhost/token", "localhost:5000", "localhost"),
    ("http://[::1]:5001/token", "[::1]:5000", "[::1]"),
]
FOREIGN = [
    ("https://auth.example/token", "ghcr.io", "auth.example"),
    ("https://auth.ghcr.io/token", "ghcr.io", "auth.ghcr.io"),
    ("https://evil-ghcr.io/token", "ghcr.io", "evil-ghcr.io"),
    ("https://ghcr.io.evil.example/token", "ghcr.io", "ghcr.io.evil.example"),
    ("https://hcr.io/token", "ghcr.io", "hcr.io"),
    ("https://ghcr.io./token", "ghcr.io", "ghcr.io."),
    ("https://io/token", "ghcr.io", "io"),
    ("https://com/token", "reg.example.com", "com"),
    ("https://ample.com/token", "reg.example.com", "ample.com"),
    ("https://other.example.com/token", "reg.example.com", "other.example.com"),
    ("https://auth.docker.io/token", "ghcr.io", "auth.docker.io"),
    ("https://auth.docker.io/token", "registry-1.docker.io.evil.example", "auth.docker.io"),
    ("https://1.2.3/token", "10.1.2.3:5000", "1.2.3"),
    ("https://2.3/token", "10.1.2.3", "2.3"),
    ("https://10.1.2.4/token", "10.1.2.3", "10.1.2.4"),
    ("https://[2001:db8::2]/token", "[2001:db8::1]", "[2001:db8::2]"),
    ("https://[::1]/token", "ghcr.io", "[::1]"),
    ("http://127.0.0.1/token", "ghcr.io", "127.0.0.1"),
    ("http://localhost:5000/token", "127.0.0.1:5000", "localhost"),
    ("https://2130706433/token", "127.0.0.1:5000", "2130706433"),
]
ODD = [
    "",
    "token",
    "/token",
    "//ghcr.io/token",
    "ghcr.io/token",
    "https:ghcr.io/token",
    "https:/ghcr.io/token",
    "https:///ghcr.io/token",
    "ftp://ghcr.io/token",
    "file:///etc/passwd",
    "https://ghcr.io@evil.example/token",
    "https://evil.example@ghcr.io/token",
    "https://anna:secret@ghcr.io/token",
    "https://@ghcr.io/token",
    "https://ghcr.io:443@evil.example/token",
    "https://evil.example\\@ghcr.io/token",
    "https://ghcr.io\\@evil.example/token",
    "https://ghcr.io\t/token",
    "https://gh\tcr.io/token",
    " https://ghcr.io/token",
    "https://ghcr.io/token ",
    "https://ghcr.io/\r\nHost: evil",
    "https://ghcr.io/tök",
    "https://ghcr\u3002io/token",
    "https://\u0261hcr.io/token",
    "https://ghcr%2eio/token",
    "https://ghcr.io%00.evil.example/token",
    "https://ghcr.io;evil.example/token",
    "https://ghcr.io:99999/token",
    "https://ghcr.io:0443/token",
    "https://ghcr.io:x/token",
    "https://ghcr.io:443:443/token",
    "https://[ghcr.io]/token",
    "https://[::1/token",
    "https://[fe80::1%25eth0]/token",
    "https://ghcr.io/" + "a" * 2048,
]
HOSTS = [
    "ghcr.io",
    "evil.example",
    "GHCR.IO",
    "io",
    "127.0.0.1",
    "[::1]",
    "registry.gitlab.com",
    "gitlab.com",
]
PIECES = st.sampled_from(
    [*HOSTS, *"@:/?#[]\\%.;&=+ \t\r\n", "443", "https://", "http://", "//", "%40", "ä", "。", "a"]
)


@pytest.mark.parametrize(("address", "registry", "host"), GOOD)
def test_what_belongs_to_a_registry(address, registry, host):
    """Its own host on any port, a domain above it, and the hosts of the well-known ones."""
    assert realm_of(address, registry) == Realm(address, host)


@pytest.mark.parametrize(("address", "registry", "host"), FOREIGN)
def test_what_does_not(address, registry, host):
    """Any other host is refused and named, however much it looks like the registry's own."""
    realm = realm_of(address, registry)
    assert (realm.host, realm.refusal) == (host, f"{registry} wants the login sent to {host}")


NEVER = ["169.254.169.254", "[fd00:ec2::254]", "[::ffff:a9fe:a9fe]", "2852039166", "100.100.100.200"]


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("host", [*NEVER, "metadata.google.internal", "metadata"])
def test_what_is_never_asked_cannot_be_named(host, scheme):
    """A metadata service gets no login, whoever names it, and is not offered to be named."""
    for allowed in ((), (host,)):
        realm = realm_of(f"{scheme}://{host}/token", "ghcr.io", allowed)
        assert realm.refusal == f"ghcr.io wants the login sent to {host}, which is never contacted"
        assert not realm.may_be_named


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://auth.example/token", True),
        ("https://auth.example:8443/token", True),
        ("https://10.1.2.3/token", True),
        ("http://127.0.0.2:5001/token", True),
        # Without encryption it is not sent, whoever is named.
        ("http://auth.example/token", False),
        ("http://ghcr.io/token", False),
        ("http://10.1.2.3/token", False),
        # What the option would not take.
        ("https://2130706433/token", False),
        ("https://1.2.3/token", False),
    ],
)
def test_what_may_be_named(address, may):
    """To name a host is offered only where it is sent the login then."""
    realm = realm_of(address, "ghcr.io")
    assert (bool(realm.refusal), realm.may_be_named) == (True, may)
    assert not may or not realm_of(address, "ghcr.io", (realm.host,)).refusal


@pytest.mark.parametrize("address", ODD)
def test_an_address_that_could_be_read_twice(address):
    """What is no plain web address has no host, and cannot even be allowed."""
    realm = realm_of(address, "ghcr.io", ("ghcr.io", "evil.example", "ghcr.io;evil.example", "", "::1"))
    assert (realm.host, realm.refusal) == ("", "ghcr.io names no usable address for a token")


@pytest.mark.parametrize("registry", ["ghcr.io", "reg.example.com:5000", "10.1.2.3", "[2001:db8::1]:5000"])
def test_no_login_without_encryption(registry):
    """To another machine a login goes over TLS alone, even to the registry itself."""
    realm = realm_of(f"http://{registry}/token", registry, (registry,))
    assert realm.host
    assert realm.refusal == f"{registry} wants the login sent to {realm.host} without encryption"


@pytest.mark.parametrize("allowed", ["auth.example", "AUTH.example", "auth.example:8443", "auth.example:1"])
def test_a_host_that_the_user_has_named(allowed):
    """An allowed host may be written with a port and in capitals; its port and case do not matter."""
    assert not realm_of("https://auth.example:8443/token", "ghcr.io", ("other.example", allowed)).refusal
    assert realm_of("http://auth.example/token", "ghcr.io", (allowed,)).refusal.endswith("encryption")


@pytest.mark.parametrize("allowed", ["[2001:db8::1]", "[2001:DB8::1]:8443"])
def test_an_ipv6_address_that_the_user_has_named(allowed):
    """An allowed IPv6 address is written in brackets, as in an image."""
    assert not realm_of("https://[2001:db8::1]:8443/token", "ghcr.io", (allowed,)).refusal


@pytest.mark.parametrize(
    "allowed", ["", ".", "example", "auth", "h.example", "*.example", "https://auth.example"]
)
def test_to_name_a_host_allows_that_one_alone(allowed):
    """Neither a part of a host nor a pattern allows it, and a host above it does not, either."""
    assert realm_of("https://auth.example/token", "ghcr.io", (allowed,)).refusal


def test_a_host_below_an_allowed_one():
    """What is named is one host, not all below it."""
    assert realm_of("https://evil.auth.example/token", "ghcr.io", ("auth.example",)).refusal


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from([*HOSTS, "127.0.0.1:5000"]))
@example("https://ghcr.io:/token", "ghcr.io")
def test_everybody_reads_the_same_host(address, registry):
    """Where a login may be sent, Python and the library that sends it read just the host that was judged."""
    realm = realm_of(address, registry, ("evil.example",))
    assert realm.url == address
    if realm.refusal:
        return
    bare = realm.host.strip("[]")
    assert urlsplit(address).hostname == bare
    assert parse_url(address).host == realm.host
    try:
        pool = urllib3.connection_from_url(address)
    except urllib3.exceptions.HTTPError:  # pragma: no cover
        pytest.fail("it cannot be sent to")
    assert pool.host.strip("[]") == bare
    assert urlsplit(address).scheme == "https" or bare in ("127.0.0.1", "::1")


@given(st.text(max_size=60), st.sampled_from(HOSTS))
def test_no_address_is_too_odd(address, registry):
    """Whatever a registry names, the answer is an address or a reason."""
    realm = realm_of(f"https://{address}", registry)
    assert realm.host or realm.refusal
