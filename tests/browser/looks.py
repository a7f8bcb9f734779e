"""Take pictures of the form in every state, theme and width: `make looks`, then look at them.

Beside each is printed what is cut, what has too little contrast, and what axe-core finds.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.accessibility import violations
from tests.browser.lab import CHROMIUM_OPTIONS, Lab, Notebook, chromium
from tests.browser.opened_form import SETUP, OpenedForm, printed

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
WIDTHS = (1280, 700)
NARROWEST = 304  # pixels, of the form itself: as in a side panel
FAULTS = """sandbox.registry.faults.slow = SLOW
sandbox.faults.drop = DROPS
sandbox.state.secrets["shared-hub"] = '{"auths": {"ghcr.io": {}}}'"""
# A look after a write would tell what became of it.
BLIND = """
from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Client
seen, Client.seen, looks.VISIBLE_WITHIN = Client.seen, lambda *_: None, 0.1"""
CELLS = (
    SETUP,
    "%aicore_docker_secret form",
    FAULTS.replace("SLOW", "20").replace("DROPS", "[]"),
    FAULTS.replace("SLOW", "0").replace("DROPS", "['after'] * 9") + BLIND,
    FAULTS.replace("SLOW", "0").replace("DROPS", "[]") + "\nClient.seen = seen",
)
SLOW, LOST, WELL = 2, 3, 4
# What needs no eyes: words that are cut, and words that can be entered or read with too little contrast.
FAULTY = """form => {
    const rgba = text => text.match(/[\\d.]+/g).map(Number)
        .map((one, i) => text.startsWith("color(") && i < 3 ? one * 255 : one)
    const over = ([r, g, b, a = 1], below) => [r, g, b].map((one, i) => one * a + below[i] * (1 - a))
    const ground = one => one ? over(rgba(getComputedStyle(one).backgroundColor), ground(one.parentElement))
        : [255, 255, 255]
    const light = colour => colour.map(one => one / 255)
        .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, i) => sum + one * [0.2126, 0.7152, 0.0722][i], 0)
    const found = []
    for (const one of form.querySelectorAll("*")) {
        const own = [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim())
        if (!own && !one.matches("input, select, textarea")) continue
        if (!one.offsetParent || one.disabled || one.ariaHidden) continue
        const below = ground(one)
        const two = [light(over(rgba(getComputedStyle(one).color), below)), light(below)]
        const contrast = (Math.max(...two) + 0.05) / (Math.min(...two) + 0.05)
        const words = (one.innerText || one.tagName).slice(0, 40)
        if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)}: ${words}`)
        if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display != "inline"
            && !one.matches("pre.y"))  // YAML scrolls
            found.push(`cut: ${words}`)
    }
    return found
}"""


class Looks:
    """One journey through the states of the form, with a picture of each in *folder*."""

    def __init__(self, notebook, form, folder, prefix):
        self._notebook, self._form = notebook, form
        self._folder, self._prefix = folder, prefix

    def take(self):
        """Go through every state."""
        host, password = printed(self._notebook, 0)
        self._notebook.run(1)
        form = self._form
        form.box.get_by_text("Every resource group").wait_for()
        self._picture("1-empty")
        form.field("Secret name").fill("Team_GHCR")
        form.field("Images").fill("https://ghcr.io/acme/churn:1.4")
        form.press("Create")
        form.await_alert("4 fields need a correction")
        self._picture("2-errors")
        form.field("Secret name").fill("team-churn")
        form.field("Images").fill("docker.io/acme/churn:1.4\n" * 4)
        form.field("User").fill("anna@example.com")
        form.box.get_by_text("use the Docker ID").wait_for()
        self._picture("2-notes")
        form.fill("of-yesterday", images=f"{host}/acme/churn:1.4", user="anna")
        form.press("Create")
        form.await_alert("does not accept")
        self._picture("4-login-refused")
        form.fill(password, secret="team-churn", images=f"{host}/acme/churn:1.4", user="anna")
        self._trouble(f"{host}/acme/churn-gpu:2.0", f"{host}/acme/churn:1.4\n{host}/acme/forecast:3.1")
        self._notebook.run(WELL)
        form.clear()
        form.fill(password, secret="team-forecast", images=f"{host}/acme/forecast:3.1", user="anna")
        form.press("Create")
        form.await_status("Secret team-forecast created")
        self._picture("7-done")
        form.box.get_by_role("tab", name="ServingTemplate").click()
        form.box.get_by_text("kind: ServingTemplate").wait_for()
        form.box.get_by_role("textbox", name="Save as").fill(f"{self._prefix}.yaml")
        form.press("Save")
        form.await_status("saved")
        self._picture("8-saved")
        form.press("Save")
        form.await_alert("is there already")
        form.box.get_by_role("tab", name="Python").click()
        self._picture("9-python")

    def _trouble(self, wrong, right):
        form = self._form
        self._notebook.run(SLOW)
        form.press("Create")
        form.await_status("asking")
        form.box.get_by_text("s of at most 60 s").wait_for()
        self._picture("3-checking")
        form.press("Cancel")
        form.await_status("Stopped")
        self._notebook.run(LOST)
        form.field("Images").fill(wrong)
        form.press("Create")
        form.await_alert("linux/arm64")
        self._picture("4-refused")
        self._question()
        form.field("Images").fill(right)
        form.press("Create")
        form.await_alert("Unknown")
        self._picture("5-unknown")

    def _question(self):
        form = self._form
        form.field("Secret name").fill("shared-hub")
        form.press("Replace…")
        form.button("Keep it").wait_for()
        self._picture("6-confirmation")
        form.press("Keep it")
        form.field("Secret name").fill("team-churn")
        form.button("Create").wait_for()

    def _picture(self, state):
        path = self._folder / f"{self._prefix}-{state}.png"
        self._form.page.mouse.move(0, 0)
        self._notebook.cell(1).screenshot(path=path)
        faults = (*self._form.box.evaluate(FAULTY), *violations(self._form.page))
        print(path, *faults, sep="\n    ", flush=True)  # noqa: T201 - what the script is for


def journeys(widths):
    """Each theme and width; and the narrowest form, and a page that is read from right to left."""
    yield from ((theme, width, "") for theme in THEMES for width in widths)
    yield THEMES[0], 700, f".aic-form {{ max-width: {NARROWEST}px !important }}"
    yield THEMES[0], 1280, "body { direction: rtl }"


def main(folder, *widths):
    """Take all pictures into *folder*, *widths* pixels wide."""
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as end:
        lab = Lab(Path(end.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))))
        end.callback(lab.stop)
        playwright = end.enter_context(sync_playwright())
        browser = end.enter_context(
            playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_OPTIONS)
        )
        for theme, width, style in journeys(widths or WIDTHS):
            lab.set("@jupyterlab/apputils-extension/themes", {"theme": theme})
            with browser.new_context(viewport={"width": width, "height": 1200}) as context:
                page = context.new_page()
                page.set_default_timeout(30_000)
                kind = "rtl" if "rtl" in style else NARROWEST if style else width
                prefix = f"{theme.removeprefix('JupyterLab ').replace(' ', '-').lower()}-{kind}"
                notebook = Notebook(lab, page, f"{prefix}.ipynb", CELLS)
                page.add_style_tag(content=style or "/**/")
                page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
                try:
                    Looks(notebook, OpenedForm(page), folder, prefix).take()
                except BaseException:
                    page.screenshot(path=folder / f"{prefix}-failed.png")
                    raise
                notebook.shut_down()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
