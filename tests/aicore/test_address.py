import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from urllib3.util import parse_url

from aicore_magics.aicore.address import Address
from aicore_magics.errors import InvalidAddress
from aicore_magics.model.hosts import is_loopback
from tests import processor

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))
CANARY = CASES["canary"]
ROWS = [row for row in CASES["cases"] if row["area"] == "apiurl"]
GOOD = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"


def parse(text):
    return Address.parse(text, what="API url")


def refused(text):
    with pytest.raises(InvalidAddress) as caught:
        parse(text)
    return caught.value


def tried(text):
    """What parsing *text* gives or raises, and in how many milliseconds."""
    return processor.tried(lambda: parse(text), InvalidAddress)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_rows(row):
    """Each address ends as the case file says, fast, and a refused one is not repeated."""
    result, milliseconds = tried(row["value"])
    assert milliseconds < 50
    if isinstance(result, InvalidAddress):
        assert "reject" in row["expect"]
        assert row["error_mentions"] in result.message
        assert result.message.endswith(". Nothing was sent.")
        assert result.hint
        assert not row["value"] or row["value"] not in str(result)
        assert CANARY not in str(result)
    else:
        assert ("accept" if str(result) == row["value"] else "accept_normalised") in row["expect"]


def test_the_case_file_is_whole():
    """No row of the case file is left out unseen."""
    assert len(ROWS) == 13


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("HTTPS://Api.EXAMPLE.com:8443/Some/Path///", "https://api.example.com:8443/Some/Path"),
        ("https://x.example/", "https://x.example"),
        ("https://10.0.0.7", "https://10.0.0.7"),
        ("https://[2001:db8::1]:8443/v2", "https://[2001:db8::1]:8443/v2"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://localhost:1/x", "http://localhost:1/x"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"),
    ],
)
def test_one_spelling(text, kept):
    """What is taken is kept in one spelling: small letters in scheme and host, no slash at the end."""
    assert str(parse(text)) == kept


@pytest.mark.parametrize(
    "text",
    [
        f"https://u:{CANARY}@x.example",
        f"https://{CANARY}@x.example",
        f"https://:{CANARY}@x.example/v2",
        f"https://u:p@{CANARY}@x.example",
        f"https://x.example\\@{CANARY}.example",
        f"https://u:{CANARY}\n@x.example",
        f"http://u:{CANARY}@127.0.0.1",
        f"https://u:{CANARY}@[::1",
        f"https://u:{CANARY}@x.example:port",
        f"ftp://u:{CANARY}@x.example",
        f"https://x.example/?p={CANARY}",
        f"https://x.example/#{CANARY}",
    ],
)
def test_secrets_in_addresses(text):
    """A user, password or query in an address is refused and never shown."""
    error = refused(text)
    assert CANARY not in str(error)
    assert "x.example" not in str(error)
    assert CANARY not in repr(vars(error)) + repr(error.args)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("https://x.example/" + "a" * 2048, "is too long"),
        (f"{GOOD} ", "a character that is not allowed in an address"),
        ("https://x.example\t", "a character that is not allowed in an address"),
        ("https://x\u2024example", "a character that is not allowed in an address"),
        ("https://ex\u00e4mple.com", "a character that is not allowed in an address"),
        ("https://x.example\x00", "a character that is not allowed in an address"),
        ("https://x.example/{id}", "a character that is not allowed in an address"),
        ("https://x.example\\y", "a character that is not allowed in an address"),
        ("https://x.example/a\\b", "a character that is not allowed in an address"),
        ("//x.example", "does not begin with https://"),
        ("javascript://x.example", "does not begin with https://"),
        ("https:x.example", "no valid host or port"),
        ("https:///v2", "no valid host or port"),
        ("https://x_y.example", "no valid host or port"),
        ("https://-x.example", "no valid host or port"),
        ("https://x..example", "no valid host or port"),
        ("https://x.example.", "no valid host or port"),
        ("https://x%2eexample", "no valid host or port"),
        ("https://[::1", "no valid host or port"),
        ("https://[x.example]", "no valid host or port"),
        ("https://evil.example[::1]", "no valid host or port"),
        ("https://[::1]evil.example", "no valid host or port"),
        ("https://x.example:0", "no valid host or port"),
        ("https://x.example:65536", "no valid host or port"),
        ("https://x.example:https", "no valid host or port"),
        ("https://2130706433", "no valid host or port"),
        ("https://0x7f.1", "no valid host or port"),
        ("https://0177.0.0.1", "no valid host or port"),
        ("https://127.1", "no valid host or port"),
        ("https://" + ".".join(["a" * 63] * 4), "no valid host or port"),
        ("https://x.example/a/../b", "more than host and path"),
        ("https://x.example/./v2", "more than host and path"),
        ("https://169.254.169.254/latest", "the machine's own network"),
        ("https://[fe80::1]", "the machine's own network"),
        ("http://x.example", "is not https"),
        ("http://10.0.0.7", "is not https"),
        ("http://127.0.0.1.example.com", "is not https"),
        ("http://localhost.example", "is not https"),
    ],
)
def test_refused(text, reason):
    """What two readers could take for two hosts, or would carry secrets in the clear, is refused by name."""
    assert reason in refused(text).message


@pytest.mark.parametrize(
    "text",
    [
        "https://" + "a" * 10**6,
        "https://" + "a." * 500_000,
        "@" * 10**6,
        "https://[" + ":" * 10**6,
        "https://" + "9." * 1000,
        "https://" + "a-" * 1000 + "!",
        "https://x.example/" + "../" * 600,
    ],
    ids=lambda text: text[:12],
)
def test_long_texts_are_refused_fast(text):
    """No text is slow to read, whatever its length."""
    result, milliseconds = tried(text)
    assert isinstance(result, InvalidAddress)
    assert milliseconds < 50


def test_host_and_ending():
    """The host carries its port, and an ending is added once."""
    address = parse("https://x.example:8443/v2")
    assert address.host == "x.example:8443"
    assert address.ending("/v2") == "https://x.example:8443/v2"
    assert parse("https://x.example").ending("/v2") == "https://x.example/v2"


WORDS = """https:// http:// / // \\ @ : . .. ? # % [ ] ; ::1 127.0.0.1 localhost x.example evil.example a 0
443 %2e %40 %00 xn--80ak6aa92e 0x7f 2130706433 fe80::1%25eth0"""
PIECES = st.lists(st.sampled_from(WORDS.split()), max_size=9).map("".join)
CHANGED = st.tuples(st.integers(0, len(GOOD)), st.text(max_size=3)).map(
    lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] :]
)


@given(st.one_of(st.text(), PIECES, PIECES.map("https://".__add__), CHANGED))
def test_every_reader_sees_the_same_host(text):
    """Any text is refused, or names one host to the checker, to urllib3, and to what requests would send."""
    try:
        address = parse(text)
    except InvalidAddress:
        return
    host = urlsplit(text).hostname
    prepared = requests.Request("POST", address.ending("/v2")).prepare().url
    for seen in (str(address), prepared):
        assert urlsplit(seen).hostname == host
        assert parse_url(seen).host.strip("[]") == host
    assert address.text.startswith("https://") or is_loopback(host)


@pytest.mark.parametrize("host", ["[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "169.254.169.254"])
def test_metadata_addresses(host):
    """The address at which clouds give away credentials is refused in each of its spellings."""
    assert "169.254" not in str(refused(f"https://{host}"))


@pytest.mark.parametrize("what", ["API url", "authentication url"])
@pytest.mark.parametrize("text", ["https://169.254.169.254", "https://u:p@x.example", "http://x.example"])
def test_width(what, text):
    """The whole message fits into one line of a card."""
    with pytest.raises(InvalidAddress) as caught:
        Address.parse(text, what=what)
    assert len(f"InvalidAddress: {caught.value.message}") <= 100
