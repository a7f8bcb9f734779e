from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aicore_magics
from aicore_magics.base.wrappers import (
    MAX_DEPTH,
    Unread,
    from_base64,
    from_json,
    from_url_base64,
    in_kubernetes_secret,
    jwt_claims,
)

KEY = ".dockerconfigjson"


def coded(text):
    return base64.b64encode(text.encode()).decode()


@given(st.text(), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 76))
def test_base64_is_read_however_it_is_wrapped(text, line_break, width):
    """Line breaks do not count, wherever they stand, and padding may be left out."""
    whole = coded(text)
    lines = [whole[at : at + width] for at in range(0, len(whole), width)]
    assert from_base64(line_break.join(lines)) == text
    assert from_base64(line_break.join(lines) + line_break, unpadded=False) == text
    assert from_base64(whole.rstrip("=")) == text


@given(st.text())
def test_base64_for_addresses_is_read_by_its_own_reader(text):
    """Both alphabets are read, padded or not."""
    for each in (base64.urlsafe_b64encode(text.encode()).decode(), coded(text)):
        assert from_url_base64(each) == text
        assert from_url_base64(each.rstrip("=")) == text


@pytest.mark.parametrize("text", ["a", "YW5u YQ==", "YW5uYQ=", "YW5uYQ===", "YTo_", "é", "/w==", "=", "a\0"])
def test_what_is_no_base64_of_text(text):
    """A space, half a padding, another alphabet, and what is no UTF-8 are not taken."""
    assert from_base64(text) is None


def test_padding_can_be_asked_for():
    """Docker's own reader refuses what has no padding."""
    assert from_base64("YW5uYQ", unpadded=False) is None
    assert from_base64("YW5uYQ==", unpadded=False) == "anna"


@pytest.mark.parametrize("text", ["", "{", "1" * 5000, "\ud800", '["\\"]'])
def test_what_is_no_json(text):
    """Whatever it is, no error leaves that would quote the text."""
    assert from_json(text) is Unread.NOT_JSON


BRACKETS = json.dumps(["[{\\", '"[', "\\", '\\"{', 60 * "["])


@given(
    st.recursive(
        st.sampled_from(["0", BRACKETS]),
        lambda inner: st.one_of(
            inner.map('["a", {}]'.replace("{}", "%s").__mod__), inner.map('{"[\\"": %s}'.__mod__)
        ),
        max_leaves=3,
    )
)
def test_levels_are_counted_as_the_parser_sees_them(inner):
    """Fifty levels are read, one more is not; a bracket in a text is no level."""
    levels = depth_of(json.loads(inner))
    fitting = "[" * (MAX_DEPTH - levels) + inner + "]" * (MAX_DEPTH - levels)
    assert from_json(fitting) == json.loads(fitting)
    assert from_json(f"[{fitting}]") is Unread.TOO_DEEP


def depth_of(data):
    """How many levels of objects and lists *data* has."""
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else None
    return 0 if parts is None else 1 + max(map(depth_of, parts), default=0)


@pytest.mark.parametrize("text", ["[" * 1000, '{"a":' * 1000, "[{" * 26, "[" * 1_000_000])
def test_what_is_too_deep(text):
    """It is told before a parser goes down there, whether it would be JSON or not."""
    assert from_json(text) is Unread.TOO_DEEP


@pytest.mark.parametrize("data", [None, False, 0, "", {}, {"a": [1]}])
def test_json(data):
    """Each value is given as it is, one that says nothing, too."""
    assert from_json(json.dumps(data)) == data
    assert from_json(json.dumps(data)) is not Unread.NOT_JSON


@pytest.mark.parametrize(
    ("secret", "inside"),
    [
        ({"stringData": {KEY: "{}"}}, "{}"),
        ({"data": {KEY: coded("{}")}}, "{}"),
        ({"data": {KEY: "e\n30="}}, "{}"),
        ({"stringData": {KEY: "plain"}, "data": {KEY: "!"}}, "plain"),
        ({"data": {KEY: "!"}}, Unread.NOT_BASE64),
        ({"data": {KEY: 1}}, Unread.NO_SUCH_KEY),
        ({"data": {"password": "eA=="}}, Unread.NO_SUCH_KEY),
        ({"data": None, "stringData": []}, Unread.NO_SUCH_KEY),
        ({}, Unread.NO_SUCH_KEY),
    ],
)
def test_what_a_kubernetes_secret_holds(secret, inside):
    """The plain text wins over the one in base64, as in Kubernetes itself."""
    assert in_kubernetes_secret(secret, KEY) == inside


@pytest.mark.parametrize("claims", [{}, {"exp": 1, "sub": "jürgen"}])
def test_the_claims_of_a_jwt(claims):
    """They are the second of three parts, without padding."""
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    assert jwt_claims(f"e30.{part}.c2ln") == claims


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "a.!.c", f"a.{coded('[1]')}.c", "a..c", "a.e3.c"])
def test_no_jwt_has_no_claims(token):
    """Whatever else it is, there are none, and no error that would quote it."""
    assert jwt_claims(token) == {}


def test_nothing_else_takes_base64_apart():
    """Outside the sandbox, base64 is decoded here and where redaction looks into it."""
    root = Path(aicore_magics.__file__).parent
    readers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "b64decode" in path.read_text("utf-8")
    }
    assert {reader for reader in readers if not reader.startswith("sandbox/")} == {
        "base/encodings.py",
        "base/wrappers.py",
    }
