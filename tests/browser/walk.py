"""Walk from nothing to a verified secret with the keyboard alone, and count the keys.

    python -m tests.browser.walk

What is pasted counts as one key: the registry's password, and the image. Each step is printed.
"""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.lab import CHROMIUM_OPTIONS, Lab, Notebook, chromium
from tests.browser.opened_form import OpenedForm

INSIDE = "document.activeElement.closest('.aic-form') !== null"
FURTHEST = 60  # stops from the cell to the form


class Walk:
    """Keys that are pressed in *page*, each counted."""

    def __init__(self, page):
        self._page = page
        self.keys = 0

    def press(self, *keys):
        """Press *keys*, one after the other."""
        for key in keys:
            self._page.keyboard.press(key)
            self.keys += 1

    def type(self, text):
        """Type *text* letter by letter."""
        self._page.keyboard.type(text)
        self.keys += len(text)

    def paste(self, text):
        """Enter *text* at once."""
        self._page.keyboard.insert_text(text)
        self.keys += 1

    def tell(self, step):
        """Say how many keys it took up to here."""
        print(f"{self.keys:4} keys: {step}")  # noqa: T201 - what the script is for


def main():
    """Walk, and print each step."""
    with contextlib.ExitStack() as end:
        lab = Lab(Path(end.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))))
        end.callback(lab.stop)
        playwright = end.enter_context(sync_playwright())
        browser = end.enter_context(
            playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(60_000)
        notebook, form, walk = Notebook(lab, page, "walk.ipynb", ("",)), OpenedForm(page), Walk(page)
        notebook.cell(0).locator(".cm-content").click()
        walk.type("%load_ext aicore_magics")
        walk.press("Shift+Enter")
        notebook.cell(1).wait_for()
        walk.tell("%load_ext")
        walk.type("c = %aicore_connect --sandbox")
        walk.press("Enter")
        walk.type("%aicore_docker_secret form")
        walk.press("Control+Enter")
        form.button("Create").wait_for()
        walk.tell("connected, and the form is there")
        host, password = _sandbox(lab, notebook)
        for _ in range(FURTHEST):
            if page.evaluate(INSIDE):
                break
            walk.press("Tab")
        walk.tell(f"the focus is in the form, on {form.focused()}")
        walk.type("team-a")
        walk.press("Tab")
        walk.paste(f"{host}/acme/churn:1.4")
        walk.press("Tab", "Tab", "Tab")
        walk.type("anna")
        walk.press("Tab")
        walk.paste(password)
        walk.press("Tab", "Tab", "Enter")
        form.await_status("Secret team-a created")
        walk.tell("stored, after its registry accepted the login")
        assert "can be pulled: login accepted, linux/amd64" in form.said()


def _sandbox(lab, notebook):
    """Ask the kernel, beside the notebook, what its card shows to a user."""
    from jupyter_client import BlockingKernelClient

    client = BlockingKernelClient(
        connection_file=str(lab.home / "run" / f"kernel-{notebook.kernel_id()}.json")
    )
    client.load_connection_file()
    client.start_channels()
    try:
        told = client.execute_interactive(
            "",
            user_expressions={
                "host": "c.registry.host",
                "word": "__import__('os').environ['SANDBOX_REGISTRY_PASSWORD']",
            },
        )
    finally:
        client.stop_channels()
    values = told["content"]["user_expressions"]
    return tuple(values[name]["data"]["text/plain"].strip("'") for name in ("host", "word"))


if __name__ == "__main__":
    main()
