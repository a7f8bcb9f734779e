import contextlib
import gc
import http.client
import socket
import ssl
import struct
import threading
import time
import warnings

import pytest

from aicore_magics.sandbox import Tls, start

SECRETS = "/v2/admin/dockerRegistrySecrets"
RESET = struct.pack("ii", 1, 0)


def address(sandbox):
    return sandbox.server.server_address


def test_https(safe, visit):
    """With a certificate the API and the token service speak https, and do all that they did without."""
    visitor = visit(safe).log_on()
    assert safe.url.startswith("https://127.0.0.1:")
    assert visitor.create("aa").status == 202
    assert visitor.names() == ["aa"]


def test_key_in_its_own_file(this_machine, visit):
    """The key may stand in a file of its own, and without a client CA there is no certificate host."""
    with start(tls=Tls(this_machine.chain, this_machine.key)) as sandbox:
        assert visit(sandbox).ask_token().status == 200
        assert sandbox.cert_url == ""


def test_host(tls, visit):
    """The addresses name the host that was asked for, and the listener is on this machine all the same."""
    with start(tls=tls, host="localhost") as sandbox:
        assert sandbox.url.startswith("https://localhost:")
        assert sandbox.cert_url.startswith("https://localhost:")
        assert sandbox.service_key["url"] == sandbox.url
        assert address(sandbox)[0] == "127.0.0.1"
        assert visit(sandbox).ask_token().status == 200


def test_unknown_ca(safe, other_authority, mallory):
    """A client that does not know the CA leaves, and the certificate that it had is not shown."""
    context = other_authority.trust(mallory)
    with (
        socket.create_connection(address(safe), timeout=5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="127.0.0.1")
    safe.stop()
    assert safe.state.client_certificates == {"api": [], "cert": []}


def test_certificate_at_the_api(safe, visit, anna, otto):
    """A certificate that is shown to the API by mistake is noted with its number, and does no harm."""
    for certificate in (None, anna, otto):
        assert visit(safe, certificate=certificate).ask_token().status == 200
    assert safe.state.client_certificates == {"api": ["", anna.serial, otto.serial], "cert": []}


def test_foreign_certificate_at_the_api(safe, visit, mallory):
    """A certificate of an unknown CA that is shown to the API is noted too, and is the end."""
    with pytest.raises(ssl.SSLError):
        visit(safe, certificate=mallory).ask_token()
    safe.stop()
    assert safe.state.client_certificates["api"] == ["?"]


def test_certificate_is_not_asked_for(this_machine, visit, anna):
    """Without a client CA nobody is asked for a certificate."""
    with start(tls=Tls(this_machine.both)) as sandbox:
        assert visit(sandbox, certificate=anna).ask_token().status == 200
        assert sandbox.state.client_certificates["api"] == [""]


def test_each_connection_is_noted_once(safe, visit):
    """A kept connection shows its certificate once."""
    visitor = visit(safe)
    visitor.ask_token()
    visitor.ask_token()
    assert safe.state.client_certificates["api"] == [""]


def files_that_fail(authority, this_machine, anna, folder):
    (folder / "empty.pem").write_text("")
    missing = folder / "missing.pem"
    yield Tls(missing), "missing.pem"
    yield Tls(this_machine.chain), this_machine.chain.name
    yield Tls(this_machine.chain, anna.key), this_machine.chain.name
    yield Tls(this_machine.chain, missing), this_machine.chain.name
    yield Tls(this_machine.both, client_ca=missing), "missing.pem"
    yield Tls(this_machine.both, client_ca=folder / "empty.pem"), "empty.pem"


def test_unusable_files(authority, this_machine, anna, tmp_path):
    """A file that cannot be used is an OSError at the start that names it."""
    for tls, name in files_that_fail(authority, this_machine, anna, tmp_path):
        with pytest.raises(OSError, match=name):
            start(tls=tls)


def test_key_with_a_password(this_machine, tmp_path):
    """A key that has a password is an OSError, and nobody is asked for it."""
    from cryptography.hazmat.primitives import serialization as form

    key = form.load_pem_private_key(this_machine.key.read_bytes(), None)
    cipher = form.BestAvailableEncryption(b"pw")
    locked = tmp_path / "locked.pem"
    locked.write_bytes(key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, cipher))
    with pytest.raises(OSError, match="cannot use"):
        start(tls=Tls(this_machine.chain, locked))


def test_plain_http(safe, visit, capfd):
    """Who speaks no TLS gets no HTTP answer, and others are served as before."""
    with socket.create_connection(address(safe), timeout=5) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert b"HTTP" not in b"".join(iter(lambda: plain.recv(4096), b""))
    assert visit(safe).ask_token().status == 200
    safe.stop()
    assert capfd.readouterr() == ("", "")


def test_silent_client(safe, visit):
    """A client that never shakes hands keeps nobody waiting, not even a stop."""
    with socket.create_connection(address(safe), timeout=5) as plain:
        assert visit(safe).ask_token().status == 200
        safe.stop()
        assert safe.server.connections == ()
        assert plain.recv(1) == b""


def test_broken_record(safe, visit, capfd):
    """A client whose TLS breaks after the handshake is left alone, and nobody hears of it."""
    visitor = visit(safe)
    visitor.ask_token()
    socket.socket.sendall(visitor.connection.sock, b"GET / HTTP/1.1\r\n\r\n")
    assert visit(safe).ask_token().status == 200
    safe.stop()
    assert capfd.readouterr() == ("", "")


def test_clients_that_flee(safe, visit, capfd):
    """Clients that are gone before or in the handshake trouble nobody."""
    for number in range(40):
        with socket.create_connection(address(safe), timeout=5) as plain:
            if number % 2:
                plain.sendall(b"\x16\x03\x01")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    assert visit(safe).ask_token().status == 200
    safe.stop()
    gc.collect()
    assert capfd.readouterr() == ("", "")


def test_lost_answers(safe, visit):
    """Lost connections and cut answers are what they are without TLS."""
    visitor = visit(safe).log_on()
    safe.faults.drop, safe.faults.drop_reads = ["after"], ["cut"]
    with pytest.raises(ConnectionError):
        visitor.create("aa")
    assert list(safe.state.secrets) == ["aa"]
    visitor.connection.close()
    with pytest.raises(http.client.IncompleteRead):
        visitor.names()


def test_close_after(safe, visit):
    """A connection that is closed without notice ends, and the next one shows its certificate anew."""
    safe.faults.close_after = 1
    visitor = visit(safe)
    assert visitor.ask_token().headers["Connection"] is None
    assert visitor.connection.sock.recv(1) == b""
    visitor.connection.close()
    assert visitor.ask_token().status == 200
    assert safe.state.client_certificates["api"] == ["", ""]


def test_drip(safe, visit):
    """A dripping answer drips, and is whole in the end; what is not hit comes at once."""
    safe.faults.drip, safe.faults.hits = 0.001, "token"
    visitor = visit(safe)
    begin = time.monotonic()
    reply = visitor.ask_token()
    dripped = time.monotonic() - begin
    assert reply.json["token_type"] == "bearer"
    assert dripped > len(reply.body) * 0.001 * 0.9
    visitor.authorization = f"Bearer {reply.json['access_token']}"
    safe.faults.drip = 60
    assert visitor.names() == []


def test_stop_leaves_nothing(tls, visit, anna):
    """After a stop no thread of either listener is alive and no socket was forgotten."""
    before = set(threading.enumerate())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sandbox = start(tls=tls)
        visitors = [visit(sandbox), visit(sandbox, sandbox.cert_url, anna)]
        assert [visitors[0].ask_token().status, visitors[1].ask_cert_token().status] == [200, 200]
        with contextlib.suppress(OSError):
            visit(sandbox, sandbox.cert_url).ask_cert_token()
        assert len(set(threading.enumerate()) - before) >= 4
        sandbox.stop()
        assert set(threading.enumerate()) <= before
        for visitor in visitors:
            visitor.connection.close()
        del sandbox, visitors, visitor
        gc.collect()
    assert [str(each.message) for each in caught] == []
