"""A real kernel, and a second client that hears what every front end hears."""

from __future__ import annotations

import atexit
import os
import queue
import time
from dataclasses import dataclass, field

import pytest
from jupyter_client.manager import start_new_kernel

WAIT = 180  # seconds for one cell, or for a kernel to start: far more than any needs, beside ten others too


@dataclass
class Cell:
    """What came of one cell."""

    text: str = ""
    html: str = ""
    stream: str = ""
    ename: str = ""
    evalue: str = ""
    traceback: list[str] = field(default_factory=list)
    prompts: list[tuple[str, bool]] = field(default_factory=list)
    iopub: list[dict] = field(default_factory=list)

    @property
    def shown(self) -> str:
        """Everything the user sees, as text."""
        return "\n".join([self.stream, self.text, *self.traceback]).strip()


class Kernel:
    """One real IPython kernel."""

    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def run(self, code: str, *, answers: list[str] | None = None, interrupt_after: float = 0) -> Cell:
        """Run *code*; *answers* are typed at its prompts, without any there is no prompt."""
        cell = Cell()
        sent = self.client.execute(code, allow_stdin=answers is not None)
        left = list(answers or [])
        end = time.monotonic() + WAIT
        stop_at = time.monotonic() + interrupt_after if interrupt_after else None
        while time.monotonic() < end:
            if stop_at and time.monotonic() > stop_at:
                self.manager.interrupt_kernel()
                stop_at = None
            self._answer(cell, left)
            try:
                message = self.client.get_iopub_msg(timeout=0.05)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == sent and self._note(cell, message):
                cell.ename = self._reply(sent)["content"].get("ename", "")
                return cell
        raise TimeoutError(code)

    def _reply(self, sent: str) -> dict:
        """The reply to *sent*: a UsageError is a line on stderr, and its name stands here alone."""
        while True:
            reply = self.client.get_shell_msg(timeout=WAIT)
            if reply["parent_header"].get("msg_id") == sent:
                return reply

    def _answer(self, cell: Cell, left: list[str]) -> None:
        try:
            message = self.client.get_stdin_msg(timeout=0)
        except queue.Empty:
            return
        cell.prompts.append((message["content"]["prompt"], message["content"]["password"]))
        self.client.input(left.pop(0) if left else "")

    @staticmethod
    def _note(cell: Cell, message: dict) -> bool:
        """Keep what *message* shows; tell whether the cell is over."""
        kind, content = message["msg_type"], message["content"]
        cell.iopub.append(content)
        if kind == "execute_result":
            cell.text, cell.html = content["data"].get("text/plain", ""), content["data"].get("text/html", "")
        elif kind == "stream":
            cell.stream += content["text"]
        elif kind == "error":
            cell.ename, cell.evalue = content["ename"], content["evalue"]
            cell.traceback = content["traceback"]
        return kind == "status" and content["execution_state"] == "idle"


@pytest.fixture(scope="module")
def running_kernel(tmp_path_factory):
    """One kernel for a test file, in a home of its own."""
    home = tmp_path_factory.mktemp("kernel-home")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AICORE_", "VCAP_"))}
    env = {name: value for name, value in env.items() if not name.lower().endswith("_proxy")}
    env.update(HOME=str(home), IPYTHONDIR=str(home / "ipython"), NO_COLOR="1")
    manager, client = start_new_kernel(
        kernel_name="python3",
        env=env,
        cwd=str(home),
        extra_arguments=["--log-level=ERROR"],
        startup_timeout=WAIT,
    )
    try:
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(running_kernel):
    """That kernel, with the extension freshly loaded and nothing connected."""
    assert not running_kernel.run("%reset -f\n%load_ext aicore_magics").ename
    yield running_kernel
    running_kernel.run("%unload_ext aicore_magics")


@pytest.fixture
def key_file(sandbox, tmp_path):
    """The sandbox's service key as a file, as a user downloads one."""
    path = tmp_path / "key.json"
    path.write_text(sandbox.service_key_json())
    path.chmod(0o600)
    return path


@pytest.fixture
def connected(kernel, key_file, canary):
    """The kernel, connected to the sandbox of this test, with a password in GHCR_SECRET."""
    assert not kernel.run(f"import os\nos.environ['GHCR_SECRET'] = {canary!a}").ename
    assert not kernel.run(f"%aicore_connect --service-key {key_file}").ename
    return kernel


@pytest.fixture
def shell():
    """An IPython shell in this process, for what needs no kernel."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    InteractiveShell.clear_instance()
    # Without a history database there is nothing that a test could leave open.
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    shell.run_line_magic("load_ext", "aicore_magics")
    yield shell
    shell.run_line_magic("unload_ext", "aicore_magics")
    InteractiveShell.clear_instance()
    # Each would collect garbage once more when the tests are over: hundreds of them took half a minute.
    atexit.unregister(shell.atexit_operations)
