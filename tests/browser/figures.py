"""Measure the form: what it costs to show it, and how soon a password has left its field."""

from __future__ import annotations

import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

from jupyter_client import BlockingKernelClient
from playwright.sync_api import sync_playwright

from tests.browser.lab import CHROMIUM_OPTIONS, Lab, Notebook, chromium
from tests.browser.opened_form import FORM, SETUP, OpenedForm, time_to_blank

MESSAGES, BYTES = 30, 19_700
TIMES = 5
QUIET = 1  # seconds after the cell is done, for what the form looks up by itself


def shown(lab, notebook):
    """Run the cell with the form, and give each comm message that every browser gets: what, and how long."""
    client = BlockingKernelClient(
        connection_file=str(lab.home / "run" / f"kernel-{notebook.kernel_id()}.json")
    )
    client.load_connection_file()
    client.start_channels(shell=False, iopub=True, stdin=False, hb=False, control=False)
    try:
        # What was said before this client listened is gone; only its own start may still come.
        time.sleep(QUIET)
        with contextlib.suppress(Empty):
            while True:
                client.get_iopub_msg(timeout=0)
        notebook.run(1)
        return list(_until_quiet(client))
    finally:
        client.stop_channels()


def _until_quiet(client):
    end = time.monotonic() + QUIET
    with contextlib.suppress(Empty):
        while time.monotonic() < end:
            message = client.get_iopub_msg(timeout=QUIET)
            if message["msg_type"].startswith("comm_"):
                content = json.dumps(message["content"], ensure_ascii=False).encode()
                yield _what(message), len(content)


def _what(message):
    data = message["content"].get("data", {})
    state = data.get("state", {})
    model = state.get("_model_name", "")
    return f"{message['msg_type']} {model or ', '.join(state)} {state.get('description', '')[:50]}"


def main():
    """Print the figures; give 1 if the form costs more than it may."""
    with contextlib.ExitStack() as end:
        lab = Lab(Path(end.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))))
        end.callback(lab.stop)
        playwright = end.enter_context(sync_playwright())
        browser = end.enter_context(
            playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        )
        page = browser.new_page()
        notebook = Notebook(lab, page, "figures.ipynb", (SETUP, FORM))
        notebook.run(0)
        messages = shown(lab, notebook)
        field = OpenedForm(page).field("Password")
        times = []
        for number in range(TIMES):
            field.fill(f"word-{number}")
            times.append(time_to_blank(page, field))
    _print("\n".join(f"{size:6} {what}" for what, size in messages))
    total = sum(size for _, size in messages)
    _print(f"\nto show the form: {len(messages)} comm messages (at most {MESSAGES}), {total} bytes ({BYTES})")
    _print(f"from Enter to the blank field: {statistics.median(times):.0f} ms (median of {TIMES})")
    return len(messages) > MESSAGES or total > BYTES


def _print(text):
    print(text)  # noqa: T201 - what the script is for


if __name__ == "__main__":
    sys.exit(main())
