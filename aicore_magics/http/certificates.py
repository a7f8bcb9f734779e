"""From when until when a certificate is valid: as much of DER as that takes (RFC 5280, 4.1)."""

from __future__ import annotations

import re
import ssl
from datetime import UTC, datetime

from aicore_magics.model.expiry import NOT_KNOWN, Expiry

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x17, 0x18, 0xA0  # tags
_TIME = re.compile(rb"([0-9]{4})" + 5 * rb"([0-9]{2})" + rb"Z")
_NO_END = b"99991231235959Z"  # "no well-defined expiration date" (RFC 5280, 4.1.2.5)
_PIVOT = b"50"  # UTCTime has two digits for a year: from 1950 to 2049


def certificate_expiry(pem: str | bytes) -> Expiry:
    """Return from when until when the first certificate in *pem* is valid; not known if it cannot be read."""
    text = pem if isinstance(pem, str) else pem.decode("ascii", "replace")
    try:
        start = text.index(_BEGIN)
        whole = text[start : text.index(_END, start) + len(_END)]
        return _validity(ssl.PEM_cert_to_DER_cert(whole))
    except (ValueError, IndexError):
        return NOT_KNOWN


def _validity(der: bytes) -> Expiry:
    """What the validity says: two times. Raises ValueError or IndexError for what is no certificate."""
    fields = _children(_children(_children(der)[0][1])[0][1])
    # The version may be left out; then serial, signature, issuer, validity.
    begins, ends = _children(fields[4 if fields[0][0] == _VERSION else 3][1])[:2]
    if ends == (_GENERALIZED_TIME, _NO_END):
        return Expiry(begins=_time(*begins), endless=True, how="certificate")
    return Expiry(_time(*ends), _time(*begins), how="certificate")


def _time(tag: int, text: bytes) -> datetime:
    if tag == _UTC_TIME:
        text = (b"19" if text[:2] >= _PIVOT else b"20") + text
    found = _TIME.fullmatch(text) if tag in (_UTC_TIME, _GENERALIZED_TIME) else None
    if found is None:
        raise ValueError("no time")
    year, month, day, hour, minute, second = map(int, found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _children(der: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of each DER value in *der*."""
    found, at = [], 0
    while at < len(der):
        tag, size = der[at], der[at + 1]
        at += 2
        if size & 0x80:
            more = size & 0x7F
            size = int.from_bytes(der[at : at + more], "big")
            at += more
        found.append((tag, der[at : at + size]))
        at += size
    return found
