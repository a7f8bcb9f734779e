"""What the bench plays on: a kernel with a second client, a pretend AI Core, and passwords in every place."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme
from jupyter_client.manager import start_new_kernel

from aicore_magics.sandbox import start
from tests.browser.lab import Listener
from tests.faults.hosts import Asked, Host, Reply, Wire
from tests.jupyter.conftest import WAIT, Kernel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.jupyter.conftest import Cell

ROOT = Path(__file__).parents[2]
ASKED = ("prompt", "prompt in a cell", "form")
KEPT = (
    *("variable", "file", "program", "keyring", "docker login", "credential helper"),
    *("config file", "plain text"),
)
# Typed into a line by mistake: there it is, but what is said about it must not repeat it.
MISTYPED = "mistyped"
HELPER = """#!/bin/sh
tr '\\0' '\\n' </proc/$$/cmdline >>"$HOME/found/arguments"
env | grep -v ^GHCR_SECRET= >>"$HOME/found/environment"
cat >/dev/null
cat "$HOME/given/helper.json"
"""
KEYRING = """from pathlib import Path
class Keyring:
    def get_password(self, service, username):
        return Path.home().joinpath("given", "keyring").read_text("utf-8")
def get_keyring():
    return Keyring()
"""


def canary() -> str:
    """Give a password that every encoding changes, made anew."""
    noise = secrets.token_hex(6)
    return f"pw-{noise}!$%&\"\\{chr(0xE4)}{chr(0x20AC)}{chr(0x1F600)}<'{{{noise[::-1]}}}>"


class Stage:
    """A kernel in a home of its own, below *folder*, with all that it may talk to. To be closed."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.passwords = {way: canary() for way in (*ASKED, *KEPT, MISTYPED)}
        # As a netrc file and HTTP Basic can hold one.
        self.netrc, self.key_line = f"netrc-{secrets.token_hex(6)}+/%!", ""
        self.sandbox = start()
        self.other, self.proxy = Host(_refuse), Host(_refuse)
        self.untrusted, self.api = Host(_refuse, tls=True), Host(_as_ai_core)
        # By another name, so that it is another host.
        self.other_url = self.other.url.replace("127.0.0.1", "localhost")
        self.cells: list[tuple[str, Cell]] = []
        self.typed: dict[str, tuple[str, str]] = {}  # by the id of its message: where, and what
        self.places: dict[str, list[bytes]] = {}
        self._give()
        self.manager, self._client = start_new_kernel(
            kernel_name="python3",
            env=self._env(),
            cwd=str(folder),
            extra_arguments=["--log-level=ERROR"],
            startup_timeout=WAIT,
        )
        self.kernel = Kernel(self.manager, self._client)
        self.listener = Listener(Path(self.manager.connection_file))

    def hidden(self) -> dict[str, str]:
        """Give all that nobody may see, by what it is."""
        tokens = {f"token {number}": text for number, text in enumerate(self.sandbox.state.tokens.known)}
        client = {"client secret": str(self.sandbox.service_key["clientsecret"])}
        return {**self.passwords, **tokens, **client, "netrc": self.netrc, "private key": self.key_line}

    def run(self, code: str, *places: str, **how: Any) -> Cell:
        """Run *code*, and keep what it shows, at *places* too; *how* as `Kernel.run` has it."""
        cell = self.kernel.run(code, **how)
        self.cells.append((code, cell))
        shown = [content for content in cell.iopub if "code" not in content]
        for place in ("outputs", *places):
            self.keep(place, f"{code.partition(' ')[0]}: {json.dumps(shown, ensure_ascii=False)}".encode())
        return cell

    def keep(self, place: str, found: bytes) -> None:
        """Keep what was *found* at *place*."""
        self.places.setdefault(place, []).append(found)

    def stored(self, way: str, name: str) -> None:
        """Make sure that the secret *name* holds the password that came that *way*."""
        config = json.loads(self.sandbox.state.secrets[name])
        assert [each["password"] for each in config["auths"].values()] == [self.passwords[way]], (way, name)

    def send(self, comm: str, data: dict[str, Any]) -> str:
        """Send what a browser sends to a widget, and give the id of the message."""
        message = self._client.session.msg("comm_msg", {"comm_id": comm, "data": data})
        self._client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def type(self, field: str, text: object) -> None:
        """Enter *text* into a field."""
        sent = self.send(field, {"method": "update", "state": {"value": text}, "buffer_paths": []})
        if isinstance(text, str):
            self.typed[sent] = (field, text)

    def press(self, button: str) -> None:
        """Press a button."""
        self.send(button, {"method": "custom", "content": {"event": "click"}})

    def open_another_page(self) -> None:
        """Ask for the state of every widget, as the page of another browser does when it opens."""
        session, channel = self._client.session, self._client.shell_channel
        opened = {"comm_id": "states", "target_name": "jupyter.widget.control", "data": {}}
        channel.send(session.msg("comm_open", opened, metadata={"version": "1.0.0"}))
        self.send("states", {"method": "request_states"})

    def as_a_browser_saves(self) -> list[dict[str, str]]:
        """Give the values of all widgets as a browser has them, after each text that was entered."""
        values: dict[str, str] = {}
        saved = []
        for kind, parent, content in messages(self.listener.heard):
            state = content.get("data", {}).get("state", {}) if kind.startswith("comm") else {}
            if "value" in state:
                values[content["comm_id"]] = state["value"]
            if kind == "status" and parent in self.typed:
                if content["execution_state"] == "idle":
                    saved.append(dict(values))
                else:
                    field, text = self.typed[parent]
                    values[field] = text
        return saved

    def shut_down(self) -> None:
        """End the kernel in order, so that its history is written."""
        self.manager.shutdown_kernel()

    def close(self) -> None:
        """End everything at once."""
        self._client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.listener.stop()
        for host in (self.other, self.proxy, self.untrusted, self.api):
            host.close()
        self.sandbox.stop()

    def given(self, name: str) -> Path:
        """Give the path of something that the user has."""
        return self.home / "given" / name

    def _give(self) -> None:
        """Put each password where a user would."""
        for folder in ("given/docker", "given/bin", "given/python/keyring", "tmp", "found"):
            (self.home / folder).mkdir(parents=True)
        auths = {"https://index.docker.io/v1/": _auth(self.passwords["docker login"])}
        config = {"auths": auths, "credHelpers": {"helped.example": "bench"}}
        pulled = {"auths": {"ghcr.io": _auth(self.passwords["config file"])}}
        helped = {"ServerURL": "helped.example", "Username": "anna"}
        key, own = self.sandbox.service_key, self._certificate()
        self._write("docker/config.json", json.dumps(config))
        self._write("pulled.json", json.dumps(pulled))
        self._write("helper.json", json.dumps({**helped, "Secret": self.passwords["credential helper"]}))
        self._write("broken.json", json.dumps(pulled)[:-3] + ",]")
        self._write("password", self.passwords["file"] + "\n")
        self._write("printed", self.passwords["program"] + "\n")
        self._write("plain", self.passwords["plain text"])
        self._write("keyring", self.passwords["keyring"])
        self._write("key.json", json.dumps(key))
        self._write("open.json", json.dumps(key), mode=0o644)
        self._write(
            "http.json", _elsewhere(key, "http://api.nowhere.example", "http://token.nowhere.example")
        )
        self._write(
            "far.json", _elsewhere(key, "https://api.nowhere.example", "https://token.nowhere.example")
        )
        self._write("api.json", _elsewhere(key, self.api.url, self.api.url))
        self._write("untrusted.json", _elsewhere(key, self.untrusted.url, self.untrusted.url))
        self._write("x509.json", json.dumps({**_without_secret(key), **own, "url": self.untrusted.url}))
        self._write("bin/docker-credential-bench", HELPER, mode=0o700)
        self._write("python/keyring/__init__.py", KEYRING)
        (self.home / ".netrc").write_text(f"machine 127.0.0.1 login somebody password {self.netrc}\n")
        (self.home / ".netrc").chmod(0o600)

    def _write(self, name: str, text: str, mode: int = 0o600) -> None:
        self.given(name).write_text(text, "utf-8")
        self.given(name).chmod(mode)

    def _certificate(self) -> dict[str, str]:
        issued = trustme.CA().issue_cert("somebody.example")
        key = issued.private_key_pem.bytes().decode()
        self.key_line = key.splitlines()[1]
        chain = "".join(each.bytes().decode() for each in issued.cert_chain_pems)
        return {"certificate": chain, "key": key, "certurl": self.untrusted.url}

    def _env(self) -> dict[str, str]:
        given = self.home / "given"
        return {
            "PATH": f"{given / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "IPYTHONDIR": str(self.home / "ipython"),
            "TMPDIR": str(self.home / "tmp"),
            "DOCKER_CONFIG": str(given / "docker"),
            "PYTHONPATH": f"{given / 'python'}{os.pathsep}{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "NO_COLOR": "1",
            "GHCR_SECRET": self.passwords["variable"],
            **dict.fromkeys(("http_proxy", "https_proxy"), self.proxy.url),
            "no_proxy": "localhost",
        }


def messages(heard: bytes) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give of each message that a second client *heard* its kind, its parent's id, and its content."""
    for message in heard.split(b"<IDS|MSG>\n"):
        parts = message.split(b"\n")[1:5]
        if len(parts) == 4:
            header, parent = json.loads(parts[0]), json.loads(parts[1])
            # Behind it is the topic of the next one.
            content, _ = json.JSONDecoder().raw_decode(parts[3].decode())
            yield header["msg_type"], parent.get("msg_id", ""), content


def heard_by_kind(heard: bytes) -> dict[str, bytes]:
    """Sort what a second client *heard* by the kind of message; a widget's messages are comm or echo."""
    kinds: dict[str, bytes] = {}
    for kind, _, content in messages(heard):
        echo = kind == "comm_msg" and content["data"].get("method") == "echo_update"
        place = "echo" if echo else "comm" if kind.startswith("comm") else kind
        kinds[place] = kinds.get(place, b"") + json.dumps(content, ensure_ascii=False).encode() + b"\n"
    return kinds


def _auth(password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"anna:{password}".encode()).decode()}


def _elsewhere(key: dict[str, Any], api: str, token: str) -> str:
    return json.dumps({**key, "serviceurls": {"AI_API_URL": api}, "url": token})


def _without_secret(key: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in key.items() if name != "clientsecret"}


def _refuse(wire: Wire, asked: Asked) -> None:
    wire.say(Reply(403, b"{}"))
    wire.close()


def _as_ai_core(wire: Wire, asked: Asked) -> None:
    """Answer as an AI Core without secrets does."""
    token = {"access_token": "a-token-of-the-bench", "token_type": "bearer", "expires_in": 4000}
    wire.say(
        Reply(200, json.dumps(token if asked.method == "POST" else {"resources": [], "count": 0}).encode())
    )
