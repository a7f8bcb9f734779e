"""What a registry asks for is read as RFC 9110 has it, whatever stands in the header."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.registry.challenge import LONGEST, Challenge, challenges, chosen

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
