import contextlib
import os
import socket
import ssl
import stat
import tempfile
import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidFile
from aicore_magics.http.tls import Identity, KeptContext, context
from aicore_magics.jupyter.wording import NOTEBOOK
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def ca(authority, tmp_path, monkeypatch):
    """The authority's file; no variable names another."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    place = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(place))
    return place


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, and nothing is in it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def issued(authority, name="anna@acme.example"):
    own = authority.issue_cert(name)
    chain = b"".join(each.bytes() for each in own.cert_chain_pems).decode()
    return Identity(chain, Secret(own.private_key_pem.bytes().decode()))


def certificate(ends, **names):
    """The PEM text of a certificate that signs itself and ends at *ends*, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names.get("name", "anna"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(names.get("serial", 1))
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), key


def key_text(key, password=b""):
    locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked).decode()


def pem(der):
    return f"-----BEGIN CERTIFICATE-----\n{b64encode(der).decode()}\n-----END CERTIFICATE-----\n"


def shake_hands(ours, authority, host="127.0.0.1", shown=None):
    """Shake hands with a server of the authority, which notes whose certificate it is *shown*."""
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(theirs)
    authority.configure_trust(theirs)
    theirs.verify_mode = ssl.CERT_OPTIONAL
    left, right = socket.socketpair()

    def serve():
        right.settimeout(3)
        with contextlib.suppress(OSError), right, theirs.wrap_socket(right, server_side=True) as end:
            if shown is not None:
                shown.append(dict(end.getpeercert() or {}).get("subjectAltName"))
            end.sendall(b"x")

    thread = threading.Thread(target=serve)
    thread.start()
    left.settimeout(3)
    try:
        with left, ours.wrap_socket(left, server_hostname="127.0.0.1") as end:
            assert end.recv(1) == b"x"
    finally:
        thread.join(5)


# Trust


@pytest.mark.parametrize("way", ["argument", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "tilde"])
def test_trust(way, ca, authority, own_environment, monkeypatch):
    """A context trusts the authority it is told of, and checks the name of the host."""
    given = {"argument": str(ca), "tilde": "~/mine.pem"}.get(way, "")
    (own_environment / "mine.pem").write_bytes(ca.read_bytes())
    if not given:
        monkeypatch.setenv(way, str(ca))
    made = context(ca_file=given)
    shake_hands(made, authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(made, trustme.CA())
    with pytest.raises(ssl.SSLCertVerificationError, match="IP address mismatch"):
        shake_hands(made, authority, host="other.example")


def test_trust_without_a_word(ca, authority):
    """Without a word about it, the public authorities are trusted, and nobody else."""
    made = context()
    assert len(made.get_ca_certs()) > 50
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(made, authority)


@pytest.mark.parametrize("way", ["argument", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "does not exist"),
        (b"", "contains no certificates"),
        (b"CANARY\xff\x00", "contains no certificates"),
        (pem(b"CANARY").encode(), "contains no certificates"),
    ],
    ids=["missing", "empty", "no text", "no certificate"],
)
def test_no_ca(content, reason, way, ca, tmp_path, monkeypatch):
    """A CA file that cannot be loaded is named with the reason, and never quoted."""
    place = tmp_path / "other.pem"
    if content is not None:
        place.write_bytes(content)
    if way != "argument":
        monkeypatch.setenv(way, str(place))
    with pytest.raises(InvalidFile) as caught:
        context(ca_file=str(place) if way == "argument" else "")
    assert caught.value.message == f"the CA file {str(place)!r} {reason}. Nothing was sent."
    assert "--ca-file FILE" in NOTEBOOK.say(caught.value.next)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("text", ["~no-such-user-here/ca.pem", "a\0b"])
def test_ca_at_no_path(text):
    """So is a path that none can be."""
    with pytest.raises(InvalidFile):
        context(ca_file=text)


def test_keys_are_logged_where_the_environment_says(ca, authority, tmp_path, monkeypatch):
    """With SSLKEYLOGFILE the keys of a connection are written there: so people look into their own TLS."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    shake_hands(context(ca_file=str(ca)), authority)
    assert "TRAFFIC_SECRET" in (tmp_path / "keys").read_text()


@pytest.mark.parametrize("place", ["gone/keys", ".", "a" * 300, "ca.pem/keys"])
def test_a_key_log_that_cannot_be_written(place, ca, tmp_path, monkeypatch):
    """A file for keys that cannot be written is an error that names the variable."""
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / place))
    with pytest.raises(InvalidFile) as caught:
        context(ca_file=str(ca))
    said = "the file that SSLKEYLOGFILE names cannot be written. Nothing was sent."
    assert caught.value.message == said
    assert caught.value.hint == "name another file, or unset SSLKEYLOGFILE."
    assert caught.value.__cause__ is caught.value.__context__ is None


# The client certificate


def test_shown(ca, authority):
    """With an identity, a server that asks is shown its certificate; without, it is shown none."""
    shown = []
    shake_hands(context(ca_file=str(ca), identity=issued(authority)), authority, shown=shown)
    shake_hands(context(ca_file=str(ca)), authority, shown=shown)
    assert shown == [(("email", "anna@acme.example"),), None]


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@pytest.mark.parametrize("fits", [True, False])
def test_the_key_on_disk(fits, ca, authority, temporary, monkeypatch):
    """OpenSSL reads the key from a file of mode 0600, which is gone afterwards, also when that fails."""
    seen, real = [], ssl.SSLContext.load_cert_chain

    def load(made, name, **more):
        place = Path(name)
        seen.append((place.parent, stat.S_IMODE(place.stat().st_mode), "PRIVATE KEY" in place.read_text()))
        return real(made, name, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    mine, other = issued(authority), issued(authority)
    old = os.umask(0)
    try:
        with contextlib.nullcontext() if fits else pytest.raises(InvalidFile):
            context(ca_file=str(ca), identity=mine if fits else Identity(mine.chain, other.key))
    finally:
        os.umask(old)
    assert seen == [(temporary, 0o600, True)]
    assert list(temporary.iterdir()) == []


def test_interrupted(ca, authority, temporary, monkeypatch):
    """It is gone after Ctrl-C, too."""

    def interrupt(*given, **more):
        assert len(list(temporary.iterdir())) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", interrupt)
    with pytest.raises(KeyboardInterrupt):
        context(ca_file=str(ca), identity=issued(authority))
    assert list(temporary.iterdir()) == []


CHAIN, KEY = certificate(datetime(2040, 1, 1, tzinfo=UTC))
OTHER_KEY = key_text(ec.generate_private_key(ec.SECP256R1()))
UNUSABLE = {
    "another key": (CHAIN, OTHER_KEY),
    "an encrypted key": (CHAIN, key_text(KEY, b"CANARY")),
    "no key": (CHAIN, ""),
    "rubbish for a key": (CHAIN, "CANARY \u20ac \udc80 \0"),
    "no certificate": ("", key_text(KEY)),
    "rubbish for a certificate": (pem(b"rubbish"), key_text(KEY)),
    "the two exchanged": (key_text(KEY), CHAIN[:-40]),
}


@pytest.mark.parametrize(("chain", "key"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable(chain, key, ca, temporary):
    """A certificate and a key that cannot be used together are refused; neither is shown, nothing stays."""
    with pytest.raises(InvalidFile) as caught:
        context(ca_file=str(ca), identity=Identity(chain, Secret(key)))
    error = caught.value
    said = "the client certificate and its key cannot be used together. Nothing was sent."
    assert error.message == said
    assert "x509 service key" in NOTEBOOK.say(error.next)
    assert error.__cause__ is error.__context__ is None
    assert list(temporary.iterdir()) == []


def test_an_encrypted_key_never_asks(ca):
    """For the password of a key nobody is asked, though a terminal is there."""
    pty = pytest.importorskip("pty", reason="left out: there is no pseudo terminal here")
    child, terminal = pty.fork()
    if child == 0:
        with contextlib.suppress(InvalidFile):
            context(ca_file=str(ca), identity=Identity(CHAIN, Secret(key_text(KEY, b"x"))))
        os._exit(7)
    said = b""
    with contextlib.suppress(OSError):
        while more := os.read(terminal, 1024):
            said += more
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert said == b""


def test_the_key_is_not_shown(authority):
    """An identity does not show its key."""
    mine = issued(authority)
    assert mine.key.reveal() not in f"{mine!r} {mine}"
    assert mine.key.reveal().splitlines()[1] not in repr(mine)


# Its end


ENDS = [
    datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC),
    datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC),  # the last one that is UTCTime
    datetime(2050, 1, 1, tzinfo=UTC),
    datetime(2051, 6, 7, 8, 9, 10, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 58, tzinfo=UTC),  # a second later means none
]


@pytest.mark.parametrize("end", ENDS, ids=str)
@pytest.mark.parametrize("serial", [1, 2**158])
@pytest.mark.parametrize("name", ["a", "\u00e4" * 32], ids=["short", "long"])
def test_ends(name, serial, end):
    """The end of a certificate is read to the second, in either form of a time."""
    text, _ = certificate(end, name=name, serial=serial)
    assert Identity(text, Secret("k")).ends() == end


def test_ends_of_trustme(authority):
    """So it is for certificates that others make; in a chain the first one counts."""
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=6)
    own = authority.issue_cert("anna@acme.example", not_after=end)
    chain = "junk before\n" + own.cert_chain_pems[0].bytes().decode() + authority.cert_pem.bytes().decode()
    assert Identity(chain, Secret("k")).ends() == end
    assert Identity(chain.replace("\n", "\r\n"), Secret("k")).ends() == end


def der(tag, *parts):
    content = b"".join(parts)
    assert len(content) < 128
    return bytes([tag, len(content)]) + content


@pytest.mark.parametrize("version", [b"", b"\xa0\x03\x02\x01\x02"], ids=["v1", "v3"])
@pytest.mark.parametrize(
    ("time", "end"),
    [
        (der(0x17, b"300102030405Z"), datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (der(0x18, b"20550102030405Z"), datetime(2055, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (der(0x17, b"300102030405+0100"), None),
        (der(0x18, b"20551302030405Z"), None),
        (der(0x17, b""), None),
        (b"", None),
    ],
)
def test_versions(version, time, end):
    """The version of a certificate may be left out; a time that is none gives no end."""
    number, name, begin = der(0x02, b"\x01"), der(0x30), der(0x17, b"200101000000Z")
    inner = der(0x30, version, number, der(0x30), name, der(0x30, begin, time), name)
    assert Identity(pem(der(0x30, inner)), Secret("k")).ends() == end


@pytest.mark.parametrize(
    "chain",
    ["", "rubbish", "-----BEGIN CERTIFICATE-----", CHAIN[:80], CHAIN.replace("M", "!"), OTHER_KEY, pem(b"")],
    ids=["nothing", "rubbish", "a head", "cut", "no base64", "a key", "empty"],
)
def test_no_end(chain):
    """What is no certificate has no end, and that is no error."""
    assert Identity(chain, Secret("k")).ends() is None


@given(st.binary(max_size=80))
def test_any_bytes(content):
    """Whatever bytes stand where a certificate should, reading its end never fails."""
    assert Identity(pem(content), Secret("k")).ends() is None


@given(st.integers(0, 400), st.binary(max_size=4))
def test_any_damage(place, damage):
    """Nor does it for a certificate that is damaged anywhere."""
    whole = ssl.PEM_cert_to_DER_cert(CHAIN)
    end = Identity(pem(whole[:place] + damage + whole[place + len(damage) :]), Secret("k")).ends()
    assert end is None or end.tzinfo is UTC


def test_a_context_that_is_begun(ca):
    """What is begun is made without being asked for, once, and is what is given each time."""
    made, go = [], threading.Event()

    def make():
        made.append(context(ca_file=str(ca)))
        go.set()
        return made[-1]

    kept = KeptContext(make)
    kept.begin()
    assert go.wait(PATIENCE)
    assert kept(PATIENCE) is kept(PATIENCE) is made[0]
    assert len(made) == 1


def test_a_context_that_nobody_needs():
    """Nothing is loaded before somebody begins, or asks."""
    made = []
    kept = KeptContext(lambda: made.append(1))
    assert made == []
    kept(PATIENCE)
    assert made == [1]


def test_a_context_that_fails_says_so_when_it_is_asked_for(tmp_path, ca):
    """A CA file that cannot be loaded is told to whoever needs it, each time, until it is there."""
    place = tmp_path / "later.pem"
    kept = KeptContext(lambda: context(ca_file=str(place)))
    kept.begin()
    for _ in range(2):
        with pytest.raises(InvalidFile, match="does not exist"):
            kept(PATIENCE)
    place.write_bytes(ca.read_bytes())
    assert kept(PATIENCE) is kept(PATIENCE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="left out: there are no pipes with names here")
def test_a_ca_file_that_does_not_come(tmp_path):
    """Nobody waits for a file longer than he has time: here a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "ca.pem")
    kept = KeptContext(lambda: context(ca_file=str(tmp_path / "ca.pem")))
    for _ in range(2):
        with pytest.raises(TimeoutError):
            kept(0.05)
    # It ends once somebody does.
    (tmp_path / "ca.pem").write_bytes(b"")
    with pytest.raises(InvalidFile):
        kept(PATIENCE)
