"""One process of nginx, with a port and a configuration of its own: no service of the system's."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

HOST = "127.0.0.1"
END_SECONDS = 10
_UNPACKED = Path(__file__).parents[2] / ".nginx" / "usr" / "sbin" / "nginx"
_CONFIG = """
daemon off;
worker_processes 1;
{user}
pid {folder}/pid;
events {{ }}
http {{
    access_log {folder}/access;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{http}
    server {{
        listen {host}{tls};
{server}
    }}
}}
"""
_TLS = """ ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key}"""


def program():
    """The program, installed or unpacked by .ci/system-packages; None if there is none."""
    return shutil.which("nginx") or (str(_UNPACKED) if os.access(_UNPACKED, os.X_OK) else None)


class Nginx:
    """An nginx that listens from the first moment, and answers once it is started. It ends by its own pid."""

    def __init__(self, folder, *, tls=None):
        folder.mkdir()
        self._folder, self._tls, self._process = folder, tls, None
        # nginx takes no port 0, but a socket that it is given: nobody else can have that port.
        self._socket = socket.create_server((HOST, 0))
        self.host = f"{HOST}:{self._socket.getsockname()[1]}"

    @property
    def url(self):
        """Where to speak HTTP to it."""
        return f"{'https' if self._tls else 'http'}://{self.host}"

    @property
    def log(self):
        """Each request, and what went wrong."""
        return "".join(
            (self._folder / name).read_text("utf-8", "replace")
            for name in ("access", "error")
            if (self._folder / name).exists()
        )

    def start(self, server, http=""):
        """Run it with these lines of configuration."""
        tls = _TLS.format(**self._tls.files) if self._tls else ""
        # Its worker would become another user, who may not read what belongs to root alone.
        user = "user root root;" if os.geteuid() == 0 else ""
        config = _CONFIG.format(
            folder=self._folder, host=self.host, tls=tls, http=http, server=server, user=user
        )
        (self._folder / "nginx.conf").write_text(config, "utf-8")
        descriptor = self._socket.fileno()
        self._process = subprocess.Popen(
            [program(), "-p", self._folder, "-c", self._folder / "nginx.conf", "-e", self._folder / "error"],
            env={"PATH": os.environ["PATH"], "NGINX": f"{descriptor};"},
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket.close()

    def stop(self):
        """End it, if it has not ended."""
        self._socket.close()
        if self._process is not None:
            if self._process.poll() is None:
                # It ends its worker, too.
                self._process.terminate()
            self._process.wait(END_SECONDS)
