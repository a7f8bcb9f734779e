"""Whatever the environment holds, what reads it gives a result or an error of ours; no proxy's password."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.aicore.credential_sources import find_service_key
from aicore_magics.errors import AICoreError
from aicore_magics.http import tls
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import NoAuth
from aicore_magics.http.transport import Transport
from aicore_magics.leaks.files.history import history_files
from aicore_magics.logins.docker_login import docker_logins_there, find_docker_login, list_docker_logins
from aicore_magics.model.names import Registry

PASSWORD = "hunter2%23hunter2"
PIECES = [
    *(
        "http://",
        "https://",
        "HTTP://",
        "socks5://",
        "socks5h://",
        "ftp://",
        "file://",
        "//",
        "://",
        ":",
        "/",
    ),
    *(f"anna:{PASSWORD}@", "anna@", ":@", "@", "[", "]", "[::1]", "[fe80::1%25lo]", "::1", "127.0.0.1"),
    *(
        "proxy.invalid",
        "a" * 64,
        "..",
        ".",
        "*",
        "%",
        "%zz",
        "%00",
        "%0d%0aX: y",
        ":PORT",
        ":0",
        ":-1",
        ":port",
    ),
    *(":" + "9" * 400, "?", "#", "\\", ",", " ", "\t", "\r\n", "\x7f", "\xe9", "\u20ac", "\udcff", "\x1b[2J"),
    *(
        "~",
        "~nobody-of-this-name",
        "../",
        "0",
        "true",
        "{}",
        "[]",
        "null",
        '{"auths": 1}',
        '{"auths": {"ghcr.io": {"auth": "YTpi"}}}',
        "config.json",
        "xn--",
    ),
    *("10.0.0.0/8", "10.0.0.0/99", "api.ai.example", ".example", "localhost"),
]
# An environment holds no NUL, and no half of a character but those that stand for a byte.
ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
VALUES = st.one_of(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), ANY)
BEHIND_US = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
SENDING = [
    *BEHIND_US,
    *map(str.upper, BEHIND_US),
    *("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"),
    *("NETRC", "HOME", "REQUEST_METHOD"),
]
READING = [
    *("AICORE_SERVICE_KEY", "AICORE_CLIENT_ID", "AICORE_CLIENT_SECRET", "AICORE_AUTH_URL", "AICORE_BASE_URL"),
    *(
        "AICORE_HOME",
        "AICORE_PROFILE",
        "AICORE_CONFIG",
        "AICORE_RESOURCE_GROUP",
        "AICORE_CERT_STR",
        "AICORE_KEY_STR",
    ),
    *(
        "AICORE_CERT_FILE_PATH",
        "AICORE_CERT_URL",
        "AICORE_KEY_FILE_PATH",
        "VCAP_SERVICES",
        "HOME",
        "IPYTHONDIR",
    ),
    *("DOCKER_AUTH_CONFIG", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"),
]


def holding(names):
    """Some of the variables *names*, with values that an environment can hold."""
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES))


@contextlib.contextmanager
def environment(values, port):
    """An environment that holds *values* beside what it holds anyway."""
    with patch.dict(os.environ, {name: value.replace("PORT", str(port)) for name, value in values.items()}):
        yield


@pytest.fixture
def nobody_else(listen, monkeypatch, tmp_path):
    """A listener that alone can be found, whatever name is asked for, and a folder to leave files in."""
    peer, find = listen(lambda peer, connection: peer.request(connection)), socket.getaddrinfo

    def only_there(host, port, *more, **named):
        if host in ("127.0.0.1", "localhost") and str(port) == str(peer.port):
            return find(host, port, *more, **named)
        raise socket.gaierror(socket.EAI_NONAME, "tests ask for nobody else")

    monkeypatch.setattr(socket, "getaddrinfo", only_there)
    monkeypatch.chdir(tmp_path)
    return peer


@given(values=holding(SENDING), scheme=st.sampled_from(["http", "https"]))
@example(values={"HTTPS_PROXY": f"http://anna:{PASSWORD}@"}, scheme="https")
@example(values={"all_proxy": f"https://anna:{PASSWORD}@"}, scheme="https")
@example(values={"HTTP_PROXY": f"http://anna:{PASSWORD}@127.0.0.1:PORT"}, scheme="http")
@example(values={"SSLKEYLOGFILE": "/"}, scheme="https")
@example(values={"REQUESTS_CA_BUNDLE": "~nobody-of-this-name/ca.pem"}, scheme="https")
def test_sending(values, scheme, nobody_else, caplog):
    """A request ends with an error of ours, whatever proxy and CA are named; no log has the password."""
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with environment(values, nobody_else.port), contextlib.closing(Transport()) as transport:
        with pytest.raises(AICoreError) as caught:
            transport.send("POST", f"{scheme}://api.ai.example/x", auth=NoAuth(), deadline=Deadline(20))
        error = caught.value
    assert error.__cause__ is error.__context__ is None
    # What a path names is no proxy, and is shown.
    if "CA file" not in error.message:
        assert "hunter2" not in str(error)
        assert "anna" not in str(error)
    assert "hunter2" not in caplog.text


@given(values=holding(["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSLKEYLOGFILE", "HOME"]))
def test_contexts(values, nobody_else):
    """A TLS context is made, or there is an error of ours."""
    with environment(values, 0), contextlib.suppress(AICoreError):
        tls.context()


@given(values=holding(READING))
def test_reading(values, nobody_else):
    """Credentials and logins are found or not, in words of ours."""
    with environment(values, 0):
        for look in (
            find_service_key,
            lambda: find_service_key(profile="other"),
            lambda: find_docker_login(Registry("ghcr.io")),
            list_docker_logins,
            docker_logins_there,
            history_files,
        ):
            with contextlib.suppress(AICoreError):
                look()
