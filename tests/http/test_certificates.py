"""From when until when a certificate is valid, and nothing known of what is none."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.http.certificates import certificate_expiry
from aicore_magics.model.expiry import NOT_KNOWN, Expiry

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)


def pem(content):
    return f"-----BEGIN CERTIFICATE-----\n{b64encode(content).decode()}\n-----END CERTIFICATE-----\n"


def der(tag, *parts):
    content = b"".join(parts)
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


def certificate(*times, version=b"\xa0\x03\x02\x01\x02"):
    """As much of a certificate as is read, with *times* in its validity."""
    number, name = der(0x02, b"\x01"), der(0x30)
    return pem(der(0x30, der(0x30, version, number, der(0x30), name, der(0x30, *times), name)))


UTC_TIMES = {
    b"300102030405Z": datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    b"491231235959Z": datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),
    b"500101000000Z": datetime(1950, 1, 1, tzinfo=UTC),
    b"991231235959Z": datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    b"300102030405+0100": None,
    b"3001020304Z": None,
    b"300230000000Z": None,
    b"301231235960Z": None,
    b"": None,
    b" 30102030405Z": None,
}
GENERALIZED_TIMES = {
    b"20550102030405Z": datetime(2055, 1, 2, 3, 4, 5, tzinfo=UTC),
    b"00010101000000Z": datetime(1, 1, 1, tzinfo=UTC),
    b"99991231235958Z": datetime(9999, 12, 31, 23, 59, 58, tzinfo=UTC),
    b"00000101000000Z": None,
    b"20551302030405Z": None,
    b"20550102030405.5Z": None,
    b"20550102240000Z": None,
}
TIMES = [(0x17, *each) for each in UTC_TIMES.items()] + [(0x18, *each) for each in GENERALIZED_TIMES.items()]


@pytest.mark.parametrize("version", [b"", b"\xa0\x03\x02\x01\x02"], ids=["v1", "v3"])
@pytest.mark.parametrize(("tag", "text", "end"), TIMES, ids=str)
def test_times(version, tag, text, end):
    """Either form of a time is read as RFC 5280 has it; what is none leaves nothing known."""
    found = certificate_expiry(certificate(der(0x17, b"200101000000Z"), der(tag, text), version=version))
    assert found == (Expiry(end, BEGIN, how="certificate") if end else NOT_KNOWN)


def test_no_end():
    """The last second of the calendar means that there is no end (RFC 5280, 4.1.2.5)."""
    text = certificate(der(0x17, b"200101000000Z"), der(0x18, b"99991231235959Z"))
    assert certificate_expiry(text) == Expiry(None, BEGIN, endless=True, how="certificate")


@pytest.mark.parametrize("times", [(), (der(0x17, b"300102030405Z"),), (der(0x04, b"300102030405Z"),) * 2])
def test_half_a_validity(times):
    """A validity without two times is none."""
    assert certificate_expiry(certificate(*times)) == NOT_KNOWN


def test_a_real_one():
    """Of a chain the first certificate counts, as text or as bytes, whatever its line ends."""
    authority, end = trustme.CA(), datetime.now(UTC).replace(microsecond=0) + timedelta(days=6)
    own = authority.issue_cert("anna@acme.example", not_after=end)
    chain = "junk before\n" + own.cert_chain_pems[0].bytes().decode() + authority.cert_pem.bytes().decode()
    for text in (chain, chain.encode(), chain.replace("\n", "\r\n")):
        found = certificate_expiry(text)
        assert (found.ends, found.how, found.endless) == (end, "certificate", False)
        assert found.begins is not None
        assert found.begins < end


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_any_bytes(content, whole):
    """Whatever bytes stand where a certificate should, reading it never fails."""
    assert certificate_expiry(pem(content)) == NOT_KNOWN
    assert certificate_expiry(whole) == NOT_KNOWN


@given(st.integers(0, 60), st.binary(max_size=4))
def test_any_damage(place, damage):
    """Nor does it for one that is damaged anywhere."""
    whole = certificate(der(0x17, b"200101000000Z"), der(0x17, b"300102030405Z"))
    at = min(place + 28, len(whole))
    found = certificate_expiry(whole[:at].encode() + damage + whole[at + len(damage) :].encode())
    assert found.how in ("certificate", "unknown")
