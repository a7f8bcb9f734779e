"""A real JupyterLab on this machine, and a notebook in it as a browser shows it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import urllib.request
from typing import TYPE_CHECKING

import zmq

from tests.waiting import until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

WAIT = 60  # seconds, far more than anything here needs
_NUMBERED = re.compile(r"\[\d+\]")  # the prompt of a cell that is through
SETTINGS = {
    # Nothing asks the internet for news, and nothing is saved but when a test saves.
    "@jupyterlab/apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
    "@jupyterlab/docmanager-extension/plugin": {"autosave": False},
    # "Save Widget State Automatically": what a browser knows of a widget goes into the notebook.
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
}
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Give the path of Debian's or another system's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Lab:
    """A JupyterLab server of its own: whatever it and its kernels write is below *home*."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "root"
        self.root.mkdir()
        self.log = home / "lab.log"
        self._token = secrets.token_hex(16)
        for key, value in SETTINGS.items():
            self.set(key, value)
        self._process = self._started()
        try:
            self.url = until(self._listening_at, "JupyterLab does not answer", pause=0.1)
        except BaseException:
            self.stop()
            raise

    def set(self, key: str, value: object) -> None:
        """Change a setting of JupyterLab for the pages that are opened from now on."""
        path = self.home / "settings" / f"{key}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(value))

    def address(self, path: str) -> str:
        """Give the address of *path* on this server, with the right to open it."""
        return f"{self.url}/{path}?token={self._token}"

    def ask(self, path: str, method: str = "GET") -> object:
        """Call the server's own API."""
        asked = urllib.request.Request(self.address(f"api/{path}"), method=method)
        asked.add_header("Authorization", f"token {self._token}")
        with urllib.request.urlopen(asked, timeout=WAIT) as answer:
            return json.loads(answer.read() or b"null")

    def everything(self) -> dict[str, bytes]:
        """Give each file that the server, its kernels and its browsers have written, its log among them."""
        files = (path for path in self.home.rglob("*") if path.is_file())
        return {str(path.relative_to(self.home)): path.read_bytes() for path in files}

    def stop(self) -> None:
        """End the server with its kernels: they are a session of their own."""
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(10)

    @property
    def env(self) -> dict[str, str]:
        """The environment of the server, with no trace of the developer's."""
        ours = ("AICORE_", "VCAP_", "JUPYTER", "IPYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        kept = {name: value for name, value in kept.items() if not name.lower().endswith("_proxy")}
        folders = {
            "HOME": "",
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "run",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        }
        return kept | {name: str(self.home / folder) for name, folder in folders.items()}

    def _started(self) -> subprocess.Popen:
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": "0",  # a free one: its run file says which
            "ServerApp.port_retries": "0",
            "ServerApp.root_dir": self.root,
            "IdentityProvider.token": self._token,
            "LabApp.news_url": "",
            "LabApp.expose_app_in_browser": "True",
            "JupyterNotebookApp.expose_app_in_browser": "True",
        }
        with self.log.open("w") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", "jupyterlab", "--debug", "--allow-root", "--no-browser"),
                    *(f"--{name}={value}" for name, value in options.items()),
                ],
                cwd=self.root,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _listening_at(self) -> str:
        """Give its address once it answers there."""
        assert self._process.poll() is None, self.log.read_text()[-3000:]
        # The file may be half written, and the server not ready.
        with contextlib.suppress(OSError, ValueError):
            known = json.loads((self.home / "run" / f"jpserver-{self._process.pid}.json").read_text())
            self.url = f"http://127.0.0.1:{known['port']}"
            self.ask("status")
            return self.url
        return ""


class Notebook7:
    """A JupyterLab server that opens each notebook in Notebook 7."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab

    def __getattr__(self, name: str):
        return getattr(self._lab, name)

    def address(self, path: str) -> str:
        """Give the address of the notebook that *path* ends with."""
        return self._lab.address(f"notebooks/{path.rpartition('/')[2]}")


class Notebook:
    """A notebook of *cells*, open in *page*, its kernel ready."""

    def __init__(self, lab: Lab, page: Page, name: str, cells: tuple[str, ...] = ()) -> None:
        self._lab = lab
        self.page = page
        self.name = name
        self.path = lab.root / name
        self._listeners: list[Listener] = []
        if cells:
            self.path.write_text(json.dumps(_document(cells)))
        page.goto(lab.address(f"lab/workspaces/auto-{secrets.token_hex(3)}/tree/{name}"))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        self._await_kernel()

    def cell(self, number: int):
        """Give the code cell *number*, the first being 0."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    def run(self, *numbers: int) -> None:
        """Run these cells, and wait for each."""
        for number in numbers:
            self.cell(number).locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            self.cell(number).locator(".jp-InputPrompt", has_text=_NUMBERED).wait_for()

    def restart(self) -> None:
        """Restart its kernel, unasked."""
        self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")

    def save(self) -> None:
        """Save it as JupyterLab does by itself now and then: the focus stays where it is."""
        self.page.evaluate("jupyterapp.commands.execute('docmanager:save')")

    def export(self) -> None:
        """Write what was saved last as a page, beside it."""
        from nbconvert import HTMLExporter

        page, _ = HTMLExporter().from_filename(str(self.path))
        self.path.with_suffix(".html").write_text(page, "utf-8")

    @property
    def checkpoint(self) -> Path:
        """The copy that JupyterLab keeps beside it."""
        return self.path.parent / ".ipynb_checkpoints" / f"{self.path.stem}-checkpoint.ipynb"

    def kernel_id(self) -> str | None:
        """Give the id of its kernel, if it has one that is idle and hears this browser."""
        for session in self._lab.ask("sessions"):
            kernel = session["kernel"]
            if session["path"] == self.name and kernel["execution_state"] == "idle" and kernel["connections"]:
                return kernel["id"]
        return None

    def listen(self) -> Listener:
        """Hear what its kernel tells every front end."""
        # It may be busy for a moment with what a page asks when it opens.
        kernel = until(self.kernel_id, "the kernel is not idle", pause=0.1)
        self._listeners.append(Listener(self._lab.home / "run" / f"kernel-{kernel}.json"))
        return self._listeners[-1]

    def shut_down(self) -> None:
        """End its kernel, and hear no more of it."""
        for listener in self._listeners:
            listener.stop()
        for session in self._lab.ask("sessions"):
            if session["path"] == self.name:
                self._lab.ask(f"sessions/{session['id']}", "DELETE")

    def _await_kernel(self) -> None:
        """JupyterLab says idle before there is a kernel, too: so the server is asked as well."""
        idle = self.page.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        until(lambda: self.kernel_id() and idle.count(), "the kernel is not ready", pause=0.1)


class Listener:
    """A second client of a kernel, in a thread. `heard` is all that it heard, as it came."""

    def __init__(self, connection_file: Path) -> None:
        self.heard = b""
        self._where = json.loads(connection_file.read_text())
        self._over = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        self._ready.wait(WAIT)

    def stop(self) -> None:
        """Hear no more."""
        self._over.set()
        self._thread.join()

    def _listen(self) -> None:
        with zmq.Context() as context, context.socket(zmq.SUB) as socket:
            socket.subscribe(b"")
            socket.connect(f"tcp://{self._where['ip']}:{self._where['iopub_port']}")
            self._ready.set()
            while not self._over.is_set():
                if socket.poll(100):
                    self.heard += b"\n".join(socket.recv_multipart())


def _document(cells: tuple[str, ...]) -> dict:
    blank = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [{**blank, "id": f"cell-{number}", "source": cell} for number, cell in enumerate(cells)],
    }
