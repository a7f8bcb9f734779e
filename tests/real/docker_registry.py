"""One process of Debian's docker-registry, and the private CA behind its TLS."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import re
import ssl
import subprocess

import trustme

from tests.waiting import PATIENCE, until

HOST = "127.0.0.1"


class Company:
    """A private CA, and a certificate of it for this machine."""

    def __init__(self, folder):
        authority = trustme.CA()
        self.ca_file, self._certificate, self._key = (
            folder / f"{name}.pem" for name in ("ca", "chain", "key")
        )
        own = authority.issue_cert(HOST, "localhost")
        authority.cert_pem.write_to_path(str(self.ca_file))
        for blob in own.cert_chain_pems:
            blob.write_to_path(str(self._certificate), append=True)
        own.private_key_pem.write_to_path(str(self._key))

    @property
    def files(self):
        """What docker-registry wants to know."""
        return {"certificate": str(self._certificate), "key": str(self._key)}

    def server_context(self):
        """For a server of the tests' own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._certificate, self._key)
        return context

    def client_context(self):
        """For who trusts this CA."""
        return ssl.create_default_context(cafile=self.ca_file)


class DockerRegistry:
    """A docker-registry of its own on a free port of 127.0.0.1. It ends by its own pid.

    Its access log holds each request, and can be asked for those since a `mark`.
    """

    def __init__(self, folder, storage, auth, *, tls=None):
        folder.mkdir()
        self._access, self._log = folder / "access", folder / "log"
        config = {
            "version": 0.1,
            "log": {"level": "info"},
            "storage": {"filesystem": {"rootdirectory": str(storage)}},
            # Port 0: the system finds a free one, and the log says which.
            "http": {"addr": f"{HOST}:0", **({"tls": tls.files} if tls else {})},
            "auth": auth,
        }
        file = folder / "config.yml"
        file.write_text(json.dumps(config), "utf-8")
        self._tls, self._fences = tls, itertools.count()
        with self._access.open("wb") as access, self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["docker-registry", "serve", file],
                env={"PATH": os.environ["PATH"], "HOME": str(folder), "OTEL_TRACES_EXPORTER": "none"},
                stdin=subprocess.DEVNULL,
                stdout=access,
                stderr=log,
            )
        self.host = ""

    def wait_until_it_listens(self):
        """Learn the port from the log, as soon as it says so."""

        def listening():
            assert self._process.poll() is None, self.log
            return re.search(rf"listening on ({re.escape(HOST)}:\d+)", self.log)

        self.host = until(listening, "docker-registry does not listen")[1]

    @property
    def url(self):
        """Where to speak HTTP to it."""
        return f"{'https' if self._tls else 'http'}://{self.host}"

    @property
    def log(self):
        """What it has written but the access log."""
        return self._log.read_text("utf-8", "replace")

    @property
    def access_log(self):
        """A line for each request."""
        return self._access.read_text("utf-8", "replace")

    def mark(self):
        """Ask something recognisable, and give the place in the access log behind it."""
        fence = f"/v2/?fence={next(self._fences)}-"
        kind = http.client.HTTPSConnection if self._tls else http.client.HTTPConnection
        more = {"context": self._tls.client_context()} if self._tls else {}
        with contextlib.closing(kind(self.host, timeout=PATIENCE, **more)) as connection:
            connection.request("GET", fence)
            connection.getresponse().read()
        return until(lambda: re.search(rf"{re.escape(fence)}.*\n", self.access_log)).end()

    def since(self, mark):
        """Method, path and status of each request since *mark*, in the order of their ends."""
        self.mark()
        told = re.findall(r'"([A-Z]+) (\S+) HTTP/1\.\d" (\d{3})', self.access_log[mark:])
        return [f"{method} {path} {status}" for method, path, status in told if "?fence=" not in path]

    def stop(self):
        """End it, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(PATIENCE)
