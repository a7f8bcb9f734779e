"""Take pictures of the form in every state, and of every card, in each theme and width: `make looks`.

Then look at them. Beside each is printed what is cut, what has too little contrast, and what axe-core finds.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.actions import rotation_examples
from tests.actions.ends_examples import EVERY
from tests.browser.accessibility import violations
from tests.browser.lab import CHROMIUM_OPTIONS, Lab, Notebook, chromium
from tests.browser.opened_form import SETUP, OpenedForm, printed

THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
WIDTHS = (1280, 700)
RTL, FORCED = "body { direction: rtl }", "/* forced colours */"
# What JupyterLab leaves out of the outputs of a notebook that is not trusted.
UNTRUSTED = """document.querySelectorAll(".jp-RenderedHTMLCommon style").forEach(one => one.remove());
document.querySelectorAll(".aic, .aic *").forEach(one => [...one.attributes]
    .filter(({name}) => name == "role" || name.startsWith("aria-")).forEach(({name}) =>
        one.removeAttribute(name)))"""
KINDS = {RTL: "rtl", FORCED: "forced"}
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
LOGIN = "--username anna --password-env SANDBOX_REGISTRY_PASSWORD"
CARDS = (
    SETUP,
    "connected",
    "%aicore_connect --status",
    "%aicore_docker_secret list",
    "%aicore_docker_secret quota",
    "image, gpu = connected.registry.image, f'{connected.registry.host}/acme/churn-gpu:2.0'",
    f"%aicore_docker_secret check {LOGIN} --image {{image}} --image {{gpu}}",
    f"%aicore_docker_secret create team-churn {LOGIN} --image {{image}}",
    f"%aicore_docker_secret create team-churn {LOGIN} --image {{image}}",  # an error: it exists
    f"%aicore_docker_secret create team-gpu {LOGIN} --image {{gpu}}",  # an error: the image is refused
    "%aicore_docker_secret create team-x --pasword",  # an error: no such option
    "%aicore_docker_secret show team-churn",
    f"%aicore_docker_secret update team-churn {LOGIN} --image {{image}}",
    f"%aicore_docker_secret apply team-other {LOGIN} --image {{image}} --dry-run",
    """sandbox.state.secrets.update({f"team-{i}": '{"auths": {}}' for i in range(48)})
%aicore_docker_secret list""",
    "%aicore_template serving churn-serve --scenario churn --secret team-7 --image ghcr.io/acme/churn:1.4",
    """open("wrong.yaml", "w").write("kind: ServingTemplate\\nspec: {}")
%aicore_template check wrong.yaml""",
    """from nbformat import v4, write
token = f"token = 'ghp_{'a1B2' * 9}'"
write(v4.new_notebook(cells=[v4.new_code_cell(token)]), "leak.ipynb")
%aicore_notebook scan leak.ipynb""",
    "%aicore_notebook scrub leak.ipynb",
    "%aicore_docker_secret delete team-7 --yes",
    "%aicore_docker_secret delete team-churn",  # a question, which waits
)
MADE = f"""%load_ext aicore_magics
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})"""
# Cards with ends of logins, from values made by hand: a card each, as its cell comes after the first.
ENDS = (
    f"{MADE}\nfrom tests.actions.ends_examples import EVERY",
    *(f"EVERY[{number}]" for number in range(len(EVERY))),
)
# Cards of rotations: planned, over, cut off; and as they go on.
ROTATIONS = (
    f"""{MADE}
from IPython.display import HTML
from aicore_magics.jupyter.cards import html_card
from tests.actions.rotation_examples import EVERY, RUNNING""",
    *(f"EVERY[{number}]" for number in range(len(rotation_examples.EVERY))),
    *(f"HTML(html_card(RUNNING[{number}]))" for number in range(len(rotation_examples.RUNNING))),
)
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
    const edge = form.getBoundingClientRect().right
    for (const one of form.querySelectorAll("table, pre, ul, input, button"))
        if (one.getBoundingClientRect().right > edge) found.push(`beyond the edge: ${one.tagName}`)
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
        form.fill(password, secret="shared-hub", images=f"{host}/acme/churn:1.4", user="anna")
        self._notebook.run(WELL)  # taken meanwhile: nobody has looked since the name was entered
        form.press("Create")
        form.await_alert("NOT changed")
        self._picture("6-exists")
        form.clear()
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
        form.await_status("unchanged")
        form.box.get_by_role("tab", name="Python").click()
        self._picture("9-python")
        form.press("Store another")
        form.fill(password, secret="team-forecast", registry=host, user="anna")
        form.press("Replace…")
        form.button("Keep it").wait_for()
        self._picture("10-recorded")

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


class Cards:
    """Every card of *cells*, with a picture of each in *folder*, whose name begins with *name*."""

    def __init__(self, notebook, folder, cells, name):
        self._notebook, self._folder, self._cells, self._name = notebook, folder, cells, name

    def run(self):
        """Make them all."""
        self._notebook.run(*range(len(self._cells)))

    def run_to_a_question(self):
        """Make them all. The last waits for an answer."""
        last = len(self._cells) - 1
        self._notebook.run(*range(last))
        self._notebook.cell(last).locator(".cm-content").click()
        self._notebook.page.keyboard.press("Control+Enter")
        self._notebook.page.locator(".jp-Stdin-input").wait_for()

    def take(self, prefix):
        """Take a picture of each, as the page is now."""
        page = self._notebook.page
        page.mouse.move(0, 0)
        for number in range(1, len(self._cells)):
            shown = self._notebook.cell(number).locator(".jp-Cell-outputWrapper")
            if shown.locator(".jp-OutputArea-output").count():
                shown.screenshot(path=self._folder / f"{self._name}-{prefix}-{number:02}.png")
        faults = [fault for card in page.locator(".aic").all() for fault in card.evaluate(FAULTY)]
        print(f"{self._name}-{prefix}", *faults, *violations(page, ".aic"), sep="\n    ", flush=True)  # noqa: T201


def journeys(widths):
    """Each theme and width; and the narrowest form, and a page that is read from right to left."""
    yield from ((theme, width, "") for theme in THEMES for width in widths)
    yield THEMES[0], 700, f".aic-form {{ max-width: {NARROWEST}px !important }}"
    yield THEMES[0], 1280, RTL
    yield THEMES[0], 1280, FORCED


def take_forms(lab, browser, folder, widths):
    """Take the form in each theme and width."""
    for theme, width, style in journeys(widths):
        lab.set("@jupyterlab/apputils-extension/themes", {"theme": theme})
        forced = "active" if style == FORCED else "none"
        with browser.new_context(viewport={"width": width, "height": 1200}, forced_colors=forced) as context:
            page = context.new_page()
            page.set_default_timeout(30_000)
            kind = KINDS.get(style, NARROWEST) if style else width
            prefix = f"{_short(theme)}-{kind}"
            notebook = Notebook(lab, page, f"{prefix}.ipynb", CELLS)
            page.add_style_tag(content=style or "/**/")
            page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
            try:
                Looks(notebook, OpenedForm(page), folder, prefix).take()
            except BaseException:
                page.screenshot(path=folder / f"{prefix}-failed.png")
                raise
            notebook.shut_down()


def take_cards(lab, browser, folder, widths):
    """Take the cards in each theme and width, forced colours and right to left, from one run."""
    with browser.new_context(viewport={"width": 1280, "height": 1200}) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        notebook = Notebook(lab, page, "cards.ipynb", CARDS)
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        cards = Cards(notebook, folder, CARDS, "cards")
        cards.run_to_a_question()
        _take_everywhere(page, cards, widths)
        notebook.shut_down()


def take_ends(lab, browser, folder, widths):
    """Take the cards with ends."""
    _take_made(lab, browser, folder, widths, cells=ENDS, name="ends")


def take_rotations(lab, browser, folder, widths):
    """Take the cards of rotations."""
    _take_made(lab, browser, folder, widths, cells=ROTATIONS, name="rotations")


def _take_made(lab, browser, folder, widths, *, cells, name):
    """Take the cards of *cells* as all others; and as somebody else sees them first, without any style."""
    with browser.new_context(viewport={"width": 1280, "height": 1200}) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        notebook = Notebook(lab, page, f"{name}.ipynb", cells)
        page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
        cards = Cards(notebook, folder, cells, name)
        cards.run()
        _take_everywhere(page, cards, widths)
        page.evaluate(UNTRUSTED)
        cards.take("untrusted")
        notebook.shut_down()


def _take_everywhere(page, cards, widths):
    """Each theme and width, forced colours, right to left."""
    for theme in THEMES:
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 1200})
            cards.take(f"{_short(theme)}-{width}")
    page.emulate_media(forced_colors="active")
    cards.take("forced")
    page.emulate_media(forced_colors="none")
    page.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")
    rtl = page.add_style_tag(content=RTL)
    cards.take("rtl")
    rtl.evaluate("one => one.remove()")


def _short(theme):
    return theme.removeprefix("JupyterLab ").replace(" ", "-").lower()


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
        for take in (take_ends, take_rotations, take_cards, take_forms):
            take(lab, browser, folder, widths or WIDTHS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
