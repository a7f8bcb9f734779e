"""A key is read as Go's net/url reads it: Go itself computed what is expected here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.model.auth_keys import Place, has_odd_brackets, places, read_key
from tests import processor


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ghcr.io", "ghcr.io"),
        ("https://ghcr.io", "ghcr.io"),
        ("http://ghcr.io/", "ghcr.io"),
        ("HTTPS://ghcr.io", "HTTPS://ghcr.io"),
        ("oci://ghcr.io", "oci://ghcr.io"),
        ("//ghcr.io", "//ghcr.io"),
        ("https://https://ghcr.io", "https://ghcr.io"),
        ("https://index.docker.io/v1/", "index.docker.io"),
        ("index.docker.io/v2/", "index.docker.io"),
        ("index.docker.io/v1", "index.docker.io/v1"),
        ("ghcr.io/v2/acme", "ghcr.io/acme"),
        ("ghcr.io/v2/v2/", "ghcr.io/v2/"),
        ("ghcr.io/acme/", "ghcr.io/acme/"),
        ("ghcr.io:443", "ghcr.io:443"),
        ("ghcr.io:", "ghcr.io:"),
        ("a:80:80", "a:80:80"),
        ("anna@ghcr.io", "ghcr.io"),
        ("https://anna:pw@x@ghcr.io/acme", "ghcr.io/acme"),
        ("ghcr.io?x=%zz", "ghcr.io"),
        ("ghcr.io#x", "ghcr.io"),
        ("ghcr.io/%61cme", "ghcr.io/acme"),
        ("ghcr.io/a b", "ghcr.io/a b"),
        ("[::1]:5000", "[::1]:5000"),
        ("\xe9.io", "\xe9.io"),
        ("%C3%A9.io", "\xe9.io"),
        ("", ""),
        ("/", ""),
        ("*.*", "*.*"),
        ("g<h>\"'cr.io", "g<h>\"'cr.io"),
    ],
)
def test_what_counts_of_a_key(key, text):
    """Host and path count; scheme, user, query, fragment and one slash do not."""
    assert read_key(key).text == text


@pytest.mark.parametrize(
    "key",
    [
        "reg.example.com:*",
        "ghcr.io:x",
        "ghcr.io ",
        " ghcr.io",
        "gh cr.io",
        "ghcr.io/%zz",
        "ghcr.io/%",
        "ghcr.io%20",
        "%61.io",
        "ghcr.io#%zz",
        "a b@ghcr.io",
        "\xe9@ghcr.io",
        "%zz@ghcr.io",
        "[::1",
        "[::1]x",
        "[::1]:x",
        "gh\tcr.io",
        "gh\ncr.io/x",
        "gh{cr}.io",
        "gh\\cr.io",
        "gh^cr.io",
        "gh|cr.io",
        "gh`cr.io",
    ],
)
def test_what_is_no_address(key):
    """A port that is no number, a space in the host, a wrong code, a control character: no address."""
    assert read_key(key) is None


@pytest.mark.parametrize(
    ("key", "image", "serves"),
    [
        ("ghcr.io:", "ghcr.io/a/b", True),
        ("::1:5000", "[::1]:5000/a/b", False),
        ("[::1]:5000", "[::1]:5000/a/b", True),
        ("[::1]", "[::1]/a/b", False),
        ("a:80:80", "a:80/a/b", False),
        ("ghcr.io/a%3Fx", "ghcr.io/a/b", True),
        ("ghcr.io/a%23x", "ghcr.io/a/b", True),
        ("ghcr.io/%2561", "ghcr.io/a/b", True),
        ("ghcr.io/%25zz", "ghcr.io/a/b", False),
        ("ghcr.io/%0A", "ghcr.io/a/b", False),
        ("ghcr.io/a%2Fb", "ghcr.io/a/b", True),
        ("ghcr.io//a", "ghcr.io/a/b", False),
        ("gh%25cr.io", "ghcr.io/a/b", False),
        ("https://ghcr.io?/a", "ghcr.io/a/b", True),
    ],
)
def test_a_key_is_read_twice(key, image, serves):
    """What a code stands for is read anew when the image is compared: so `%3F` ends the path after all."""
    assert read_key(key).serves(Place.of(image)) is serves


@pytest.mark.parametrize(
    ("key", "odd"),
    [
        ("ghcr.io", False),
        ("ghcr.io/a[b]", False),
        ("[::1]", False),
        ("https://[::1]:5000/acme", False),
        ("[::ffff:1.2.3.4]", False),
        ("[fe80::1%25eth0]:5000", False),
        ("[fe80::1%25]", True),
        ("[1.2.3.4]", True),
        ("[abc]", True),
        ("[]", True),
        ("[::1]]", True),
        ("[[::1]", True),
        ("[a-z]hcr.io", True),
        ("reg[0-9].example.com", True),
        ("gh[cr.io", True),
        ("x[::1]", True),
    ],
)
def test_brackets_are_for_ipv6(key, odd):
    """Go since 1.24.8 and 1.25.2 takes brackets for an IPv6 address alone, at the front of the host."""
    assert has_odd_brackets(key) is odd


def test_the_order():
    """What stands later in the alphabet comes first, spellings of one place beside each other; none twice."""
    keys = ["*.io", "ghcr.io", "https://ghcr.io/a", "ghcr.io:x", "https://ghcr.io", "\udc80.io", "ghcr.io"]
    assert [key for key, _ in places(keys)] == [
        "\udc80.io",
        "https://ghcr.io/a",
        "ghcr.io",
        "https://ghcr.io",
        "*.io",
    ]


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    """Whatever stands as a key, it is an address or none, and one that is read stays as it is."""
    place = read_key(text)
    has_odd_brackets(text)
    if place and place.labels and "%" not in place.text and not {*"?#"} & {*place.text}:
        assert Place.of(place.text) == place


@pytest.mark.parametrize("text", ["%41" * 30_000, "[" * 90_000, "@" * 90_000, "a:" * 45_000, "*" * 90_000])
def test_a_long_key_takes_linear_time(text):
    """A key may be as long as a secret: a long one is read in no time."""
    _, milliseconds = processor.tried(lambda: (read_key(text), has_odd_brackets(text)))
    assert milliseconds < 300
