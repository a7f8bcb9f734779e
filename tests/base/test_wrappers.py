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
    as_text,
    folded,
    from_base64,
    from_json,
    from_json_documents,
    from_url_base64,
    from_wrapped_base64,
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


@given(st.text(), st.sampled_from(["\n", "\r\n", "\n    ", " "]), st.integers(1, 76))
def test_base64_as_people_have_it(text, between, width):
    """Wrapped at any column, indented, of either alphabet, padded or not: it is read."""
    for whole in (coded(text), base64.urlsafe_b64encode(text.encode()).decode(), coded(text).rstrip("=")):
        lines = [whole[at : at + width] for at in range(0, len(whole), width)]
        assert from_wrapped_base64(f"  {between.join(lines)}\n") == as_text(text.encode())


@pytest.mark.parametrize("text", ["a", "YW5u!", "/w==", "é"])
def test_what_is_no_base64_of_text_however_it_is_wrapped(text):
    """Other characters, a lost one, and what is no text are not taken."""
    assert from_wrapped_base64(text) is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a", "a"),
        ("é€😀".encode(), "é€😀"),
        ("é€".encode("utf-8-sig"), "é€"),
        ("é€".encode("utf-16"), "é€"),
        (b"\xfe\xff" + "é€".encode("utf-16-be"), "é€"),
        ('{"a'.encode("utf-16-le"), '{"a'),
        ('{"a'.encode("utf-16-be"), '{"a'),
        (b"\xff\xfea", None),
        (b"{\0a\0b", None),
        (b"\xff", None),
    ],
)
def test_bytes_as_text(raw, text):
    """UTF-8, and UTF-16 as PowerShell writes it, are text; half of a character is none."""
    assert as_text(raw) == text


def test_utf_16_can_be_left_out():
    """Where nobody expects it, it is not a string."""
    assert as_text("a".encode("utf-16"), utf_16=False) is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", []),
        ("1", [1]),
        ('{"a": 1}\n{"b": 2} []', [{"a": 1}, {"b": 2}, []]),
        ('{"a": "x\ny"}', [{"a": "x\ny"}]),
        ('{"a": 1}%', Unread.NOT_JSON),
        ("{", Unread.NOT_JSON),
        ("[" * 60, Unread.TOO_DEEP),
        ("1" * 5000, Unread.NOT_JSON),
        ("1 2 3 4", Unread.TOO_MANY),
    ],
)
def test_several_json_values(text, values):
    """Values one after the other are read, with the bounds of one for all."""
    assert from_json_documents(text, most=3) == values


def test_line_breaks_in_a_json_text():
    """Read leniently, a text may have them as they are; strictly, that is no JSON."""
    assert from_json('{"a": "x\ny"}', lenient=True) == {"a": "x\ny"}
    assert from_json('{"a": "x\ny"}') is Unread.NOT_JSON


@pytest.mark.parametrize(
    ("fields", "by_name"),
    [
        ({"Auth": 1, "PASSWORD": 2}, {"auth": 1, "password": 2}),
        ({"auth": 1, "Auth": 2}, {"auth": 2}),
        ({"Auth": 1, "auth": None}, {"auth": 1}),
        ({"auth": None}, {"auth": None}),
        ({1: 2, None: 3}, {}),
    ],
)
def test_names_of_fields_as_go_takes_them(fields, by_name):
    """In any case; the last that is not null counts; what is no text is no name."""
    assert folded(fields) == by_name


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
        if "base64.b64decode" in path.read_text("utf-8")
    }
    assert {reader for reader in readers if not reader.startswith("sandbox/")} == {
        "base/encodings.py",
        "base/wrappers.py",
    }
