"""What a server said, read without surprises."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.http.messages import LONGEST_WAIT, Basic, Bearer, NoAuth, Request, Response, WithHeaders


def asks_to_wait(text):
    return Response(429, {} if text is None else {"retry-after": text}, b"", "h")


def http_date(**later):
    return format_datetime(datetime.now(UTC) + timedelta(**later), usegmt=True)


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b'{"a": 1}', {"a": 1}),
        ('{"a": "\u20ac"}'.encode(), {"a": "\u20ac"}),
        (b"", None),
        (b"{", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
        (b"9" * 10_000, None),
    ],
)
def test_json(body, data):
    """A body is given as data, or as nothing if it is none; never with an error."""
    assert Response(200, {}, body, "h").json() == data


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (202, True), (299, True), (300, False)]
)
def test_ok(status, ok):
    """Success is what begins with a 2."""
    assert Response(status, {}, b"", "h").ok is ok


@pytest.mark.parametrize(
    ("status", "headers", "body", "what"),
    [
        (200, {"content-type": "application/json"}, b"{}", ""),
        (500, {}, b"", ""),
        (200, {}, b"x <html>", ""),
        (200, {"content-type": "application/xhtml+xml"}, b"", "a web page"),
        (500, {"content-type": "TEXT/HTML"}, b"{}", "a web page"),
        (200, {}, b" \r\n<!DOCTYPE HTML>", "a web page"),
        (302, {"location": "https://login.example/a"}, b"", "a redirect to login.example"),
        (307, {"location": "\x1b[2Jhttps://x"}, b"", "a redirect to another address"),
        (301, {"location": "https://" + "a" * 500}, b"", "a redirect to another address"),
        (301, {"location": "https://" + "a" * 80}, b"", "a redirect to " + "a" * 80),
        (302, {"location": "https://Login.Example:8443/a"}, b"", "a redirect to Login.Example"),
        (302, {"location": "https://anna:pw@login.example/a"}, b"", "a redirect to login.example"),
        (302, {"location": "https://pass%20word/"}, b"", "a redirect to another address"),
        (302, {"location": "https://pass_word!/"}, b"", "a redirect to another address"),
        (302, {"location": "https://login.example:port/"}, b"", "a redirect to another address"),
        (302, {"location": "https://\uff45xample/"}, b"", "a redirect to another address"),
        (304, {}, b"", "a redirect to another address"),
        (302, {"location": "https://[bad"}, b"", "a redirect to another address"),
        (302, {"location": "//[::1"}, b"", "a redirect to another address"),
        (302, {"location": "https://a]b/"}, b"", "a redirect to another address"),
    ],
)
def test_foreign(status, headers, body, what):
    """A web page or a redirect is known for what it is."""
    assert Response(status, headers, body, "h").not_an_api() == what


@pytest.mark.parametrize("password", ["Hunter2Hunter2", "A.b-C", "0123456789" * 8])
def test_a_redirect_that_echoes_a_password(password):
    """The host of a redirect is left as it was sent, so that a password in it can still be masked."""
    told = Response(302, {"location": f"https://{password}/"}, b"", "h").not_an_api()
    assert password in told
    assert scrub(told, Secret(password)) == "a redirect to ***"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://ghcr.io:443/v2/?a=@b", "ghcr.io:443"),
        ("https://anna:pw@ghcr.io/v2/", "ghcr.io"),
        ("https://[1:2]/x", "[1:2]"),
        ("https://[abc/x", "[abc"),
        ("ghcr.io/x", ""),
        ("", ""),
    ],
)
def test_the_host_of_any_url(url, host):
    """Whatever the URL, there is a host to show, or none; never an error, and never a user in it."""
    assert Request("GET", url, NoAuth()).host == host


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("7", 7), (" 120 ", 120), ("007", 7), ("9" * 5000, LONGEST_WAIT)]
)
def test_retry_after_in_seconds(text, seconds):
    """Retry-After is read as whole seconds, however many digits it has."""
    assert asks_to_wait(text).retry_after() == seconds


def test_retry_after_as_a_date():
    """It is read as a date of HTTP, too, and counted from now."""
    assert 3590 < asks_to_wait(http_date(hours=1)).retry_after() <= 3600
    assert 3590 < asks_to_wait(http_date(hours=1).replace("GMT", "+0000")).retry_after() <= 3600


@pytest.mark.parametrize("apart", [-3, 0, 3])
def test_retry_after_by_another_clock(apart):
    """It is counted from the server's own Date, so that no clock that is wrong makes the wait longer."""
    told = {"retry-after": http_date(days=apart, minutes=1), "date": http_date(days=apart)}
    assert 59 <= Response(429, told, b"", "h").retry_after() <= 61
    assert Response(429, {**told, "retry-after": http_date(days=apart - 1)}, b"", "h").retry_after() is None


@pytest.mark.parametrize("date", ["", "soon", "Wed, 21 Oct 99999 07:28:00 GMT"])
def test_retry_after_and_a_date_that_is_none(date):
    """Without a Date that can be read, this machine's clock counts."""
    told = {"retry-after": http_date(hours=1), "date": date}
    assert 3590 < Response(429, told, b"", "h").retry_after() <= 3600


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 21 Oct 2035 07:28:00 +99999999999999999999",
        "Wed, 21 Oct 2035 07:28:00 +9999",
        "Wed, 21 Oct 99999 07:28:00 GMT",
    ],
)
def test_impossible_dates(text):
    """A date that cannot be is no date."""
    assert asks_to_wait(text).retry_after() is None


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="left out: only POSIX can change the time zone")
def test_date_without_a_zone(monkeypatch):
    """HTTP's oldest form of a date names no zone: it is UTC, whatever the zone of this machine."""
    monkeypatch.setenv("TZ", "EST+5")
    time.tzset()
    try:
        later = datetime.now(UTC) + timedelta(minutes=1)
        assert 50 < asks_to_wait(later.strftime("%a %b %d %H:%M:%S %Y")).retry_after() <= 60
    finally:
        monkeypatch.undo()
        time.tzset()


NO_WAIT = [None, "", "-1", "1.5", "1e3", "soon", "\u0663", "60 seconds", "Wed, 99 Foo", http_date(hours=-1)]


@pytest.mark.parametrize("text", NO_WAIT, ids=lambda text: repr(text)[:14])
def test_retry_after_that_is_none(text):
    """What is missing, negative, past, or neither number nor date, asks for nothing."""
    assert asks_to_wait(text).retry_after() is None


def sent(auth):
    """The header of a request that `requests` has made ready."""
    request = requests.Request("GET", "http://127.0.0.1/", auth=auth)
    return requests.Session().prepare_request(request).headers.get("Authorization")


def test_basic_is_utf_8(canary):
    """User and password travel in UTF-8, with whatever characters they have; a colon parts them."""
    kind, _, coded = sent(Basic("jürgen", Secret(canary))).partition(" ")
    assert kind == "Basic"
    assert base64.b64decode(coded).decode() == f"jürgen:{canary}"


def test_bearer(canary):
    """A token goes as it is."""
    assert sent(Bearer(Secret("t0ken"))) == "Bearer t0ken"


def test_headers_beside():
    """More headers go beside the token, and none in its place."""
    auth = WithHeaders(Bearer(Secret("t0ken")), (("AI-Resource-Group", "default"), ("Authorization", "x")))
    request = requests.Request("GET", "http://127.0.0.1/", auth=auth)
    headers = requests.Session().prepare_request(request).headers
    assert (headers["AI-Resource-Group"], headers["Authorization"]) == ("default", "Bearer t0ken")
    assert "t0ken" not in repr(auth) + str(vars(auth))


def test_a_netrc_adds_nothing(own_environment):
    """Where nothing is to be sent, an entry in ~/.netrc does not change that."""
    (own_environment / ".netrc").write_text("machine 127.0.0.1 login anna password hunter2\n")
    (own_environment / ".netrc").chmod(0o600)
    assert sent(None) is not None
    assert sent(NoAuth()) is None


@pytest.mark.parametrize("auth", [Basic("anna", Secret("hunter2")), Bearer(Secret("hunter2"))])
def test_nothing_shows(auth):
    """What they hold is in no repr."""
    assert "hunter2" not in repr(auth) + str(vars(auth))
