"""The form in a real JupyterLab with a real kernel, used as with a mouse or with a keyboard alone."""

from __future__ import annotations

import contextlib

import pytest

from tests.browser.opened_form import FIELDS, FORM, SETUP, STORED, OpenedForm, printed

pytestmark = pytest.mark.needs("browser")


def expect(locator):
    """Playwright's own, which waits. Imported at use: this file is read without Playwright, too."""
    from playwright.sync_api import expect

    return expect(locator)


CHURN = "acme/churn:1.4"
# A form that waits for ever before it judges what is typed, unless the field is left.
PATIENT = """
from aicore_magics.jupyter.form import lookup
lookup.REST = 3600"""


# Types at the end of what the fields hold, and presses Create: all of it before the kernel can answer a key.
AT_ONCE = """typed => {
    for (const [label, keys] of Object.entries(typed)) {
        const fields = [...document.querySelectorAll(".aic-form input")]
        const field = fields.find(one => one.labels[0]?.innerText.startsWith(label))
        field.focus()
        for (const key of keys) {
            field.value += key
            field.dispatchEvent(new Event("input", {bubbles: true}))
        }
    }
    const buttons = [...document.querySelectorAll(".aic-form button")]
    buttons.find(one => one.innerText == "Create").click()
}"""


def place(form):
    """How far below the top of the form its first button is: the notebook may scroll."""
    return form.button("Create").bounding_box()["y"] - form.box.bounding_box()["y"]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """Debian's docker-registry, with users and images."""
    from tests.real.registry_bench import Bench

    with contextlib.closing(Bench(tmp_path_factory.mktemp("registries"))) as running:
        yield running


@pytest.fixture
def opened(notebook, page):
    """Open the form below a connection: `opened(*cells)` gives notebook, form, registry and its password."""

    def open_it(*cells, first=""):
        made = notebook(SETUP + first, FORM, STORED, *cells)
        host, password = printed(made, 0)
        made.run(1)
        shown = OpenedForm(page)
        shown.button("Check").wait_for()
        return made, shown, host, password

    return open_it


def test_from_empty_to_success_with_the_keyboard_alone(opened, page):
    """Tab goes from field to field to button, Enter blanks the password, Enter and Space press buttons.

    So the secret is stored, a template that names it is saved, and the next secret begun.
    """
    notebook, form, host, password = opened("print(json.dumps(open('churn-serve.yaml').read()))")
    keys = page.keyboard
    form.field("Secret name").focus()
    order = []
    for text in ("team-churn", f"{host}/{CHURN}", "", "", "anna", password):
        order.append(form.focused())
        keys.type(text)
        keys.press("Enter" if text == password else "Tab")
    form.box.get_by_text("Received. Kept in memory").wait_for()
    assert (form.field("Password").input_value(), form.focused()) == ("", "Password or token")
    for _ in range(4):
        keys.press("Tab")
        order.append(form.focused())
    assert [name.removesuffix(" (optional)") for name in order] == [*FIELDS, "Create", "Check", "Clear"]
    keys.press("Shift+Tab")
    keys.press("Shift+Tab")
    keys.press("Enter")
    form.await_status("Secret team-churn created")
    assert "can be pulled: login accepted, linux/amd64" in form.said()
    assert form.focused() == "Create"  # where it was: nothing takes the focus out of the form

    keys.press("Tab")
    form.await_focus("Store another")
    keys.press("Tab")
    form.await_focus("WorkflowTemplate")
    assert "- name: team-churn" in form.said()
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(form.box.get_by_role("textbox", name="Save as")).to_have_value("churn-serve.yaml")
    form.button("Save").focus()
    keys.press("Enter")
    form.await_status("churn-serve.yaml saved")
    assert form.focused() == "Save"
    keys.press("Space")
    form.await_status("churn-serve.yaml unchanged")
    assert "name: team-churn" in printed(notebook, 3)
    form.button("Store another").focus()
    keys.press("Space")
    form.field("Secret name").wait_for()
    assert form.field("Secret name").input_value() == ""
    form.await_focus("Secret name")
    stored = printed(notebook, 2)
    assert list(stored) == ["team-churn"]
    assert stored["team-churn"][host]["username"] == "anna"
    assert stored["team-churn"][host]["password"] == password


def test_a_press_that_overtakes_the_keys_before_it(opened, page):
    """A browser keeps all but the first key of a field back until it is answered: they are stored as well."""
    notebook, form, host, password = opened()
    form.field("Check with").uncheck()
    form.fill(password, secret="team", registry=host)
    page.evaluate(AT_ONCE, {"Secret name": "s-churn", "User": "anna-of-the-team"})
    form.button("Store another").wait_for()
    stored = printed(notebook, 2)
    assert {name: held[host]["username"] for name, held in stored.items()} == {
        "teams-churn": "anna-of-the-team"
    }


def test_every_mistake_at_once_and_the_focus_on_the_first(opened):
    """Each wrong field says why, the alert counts them, nothing is sent; an edit takes an error back."""
    notebook, form, _, _ = opened("print(len(sandbox.state.requests))")
    before = printed(notebook, 3)
    for label in FIELDS:
        assert form.field(label).count() == 1, label
    form.press("Create")
    form.await_alert("4 fields need a correction")
    assert form.box.get_by_text("Error: ").all_inner_texts() == [
        "Error: a name is missing. Choose one such as team-ghcr.",
        "Error: a registry or an image is missing.",
        "Error: the user is missing.",
        "Error: the password is missing.",
    ]
    form.await_focus("Secret name")

    form.field("Secret name").fill("team-a")
    form.box.get_by_text("team-a is free in tenant sandbox").wait_for()
    form.field("Images").fill("ghcr.io/acme/churn:1.4\nhttps://ghcr.io/x")
    form.field("Registry").fill("ghcr.io/acme/churn")
    form.field("User").fill("a:b")
    # Each is told when another is edited, the last once nobody types.
    form.box.get_by_text(
        "Error: line 2: https:// is not allowed in front of an image. Use ghcr.io/…"
    ).wait_for()
    form.box.get_by_text("Error: this is an image, not a registry.").wait_for()
    form.box.get_by_text("Error: a colon is not allowed in a user name.").wait_for()
    form.press("Create")
    form.await_focus("Images to pull (optional)")
    form.field("Images").fill("ghcr.io/acme/churn:1.4")
    form.box.get_by_text("Checked: login, pull permission, tag, platform.").wait_for()
    form.field("Login").select_option("From a file")
    form.field("Registry").fill("")
    form.press("Create")
    form.box.get_by_text("Error: the path is missing.").wait_for()
    form.await_alert("1 field needs a correction")
    # Looking for the name is all that the tenant was asked.
    assert printed(notebook, 3) - before <= 2
    assert printed(notebook, 2) == {}

    # Once its kernel is gone nothing can be typed into it any more.
    notebook.restart()
    form.field("Password").wait_for(state="hidden")
    assert form.box.is_visible()


def test_each_field_is_judged_when_it_is_left(opened, page):
    """Tab alone is enough: nothing else is edited, and nobody waits. Each is wrong from its first key."""
    _, form, _, _ = opened(first=PATIENT)
    keys = page.keyboard
    form.field("Secret name").focus()
    for text, fault in (
        ("Team", "capital letters are not allowed"),
        ("/acme", "an image has small letters"),
        ("/acme", "this is an image, not a registry"),
        ("", ""),
        (":b", "a colon is not allowed"),
    ):
        keys.type(text)
        keys.press("Tab")
        form.box.get_by_text(fault or "Registry").first.wait_for()
    expect(form.box.locator("[aria-invalid=true]")).to_have_count(4)


def test_no_message_below_a_field_moves_a_button(opened):
    """There is room for two lines below each field, whatever stands there."""
    notebook, form, _, _ = opened(
        "for one in form.fields.shown: one.show_error('it cannot be used so. ' * 2)",
        "for one in form.fields.shown: one.show_help()",
    )
    before = place(form)
    notebook.run(3)
    form.box.get_by_text("Error: it cannot").first.wait_for()
    assert place(form) == before
    notebook.run(4)
    form.box.get_by_text("Error: it cannot").first.wait_for(state="detached")
    assert place(form) == before


def test_a_refused_path_has_the_focus(opened, page):
    """The tabs keep their places; a click or an arrow chooses one; Ctrl+A selects the block alone."""
    _, form, host, password = opened()
    form.fill(password, secret="team-churn", images=f"{host}/{CHURN}", user="anna")
    form.press("Create")
    form.await_status("Secret team-churn created")
    places = [tab.bounding_box() for tab in form.box.get_by_role("tab").all()]
    form.box.get_by_role("tab", name="ServingTemplate").click()
    form.box.get_by_text("kind: ServingTemplate").wait_for()
    assert [tab.bounding_box() for tab in form.box.get_by_role("tab").all()] == places
    form.await_focus("ServingTemplate")
    page.keyboard.press("ArrowLeft")
    form.await_focus("WorkflowTemplate")
    page.keyboard.press("ArrowRight")
    block = form.box.locator("pre.y:visible")
    block.focus()
    page.keyboard.press("Control+A")
    assert page.evaluate("getSelection().toString()").strip() == block.inner_text().strip()
    form.box.get_by_role("textbox", name="Save as").fill("refused.yaml")
    form.press("Save")
    form.await_status("refused.yaml saved")
    form.box.get_by_role("tab", name="WorkflowTemplate").click()
    form.box.get_by_role("textbox", name="Save as").fill("refused.yaml")
    form.press("Save")
    form.await_alert("exists already")
    form.await_focus("Save as")
    expect(
        form.box.get_by_role("textbox", name="Save as").and_(form.box.locator("[aria-invalid=true]"))
    ).to_be_visible()


@pytest.mark.needs("docker-registry")
def test_a_wrong_password_at_a_real_registry(opened, bench):
    """The registry says no: nothing is stored, the password is gone; with the right one it is stored."""
    from tests.real.registry_bench import ANNA, PRIVATE

    notebook, form, _, _ = opened()
    registry = bench.backend("token")
    fields = {"secret": "team-real", "images": f"{registry.host}/{PRIVATE}:amd64", "user": ANNA.name}
    form.fill("of-yesterday", **fields)
    form.press("Create")
    form.await_alert("Refused: ")
    assert f"does not accept user {ANNA.name}" in form.said()
    form.box.get_by_text("Error: the registry refused it. Enter it again.").wait_for()
    assert "Received" not in form.said()
    assert printed(notebook, 2) == {}
    assert form.field("Secret name").input_value() == "team-real"

    form.field("Password").fill(ANNA.password)
    form.press("Create")  # at once: the password is taken as it is left
    form.await_status("Secret team-real created")
    assert printed(notebook, 2)["team-real"][registry.host]["password"] == ANNA.password


def test_a_button_that_moves_while_it_is_pressed(opened):
    """A word that comes while the mouse is down moves the button: it is pressed all the same."""
    _, form, _, _ = opened()
    create = form.button("Create").bounding_box()
    mouse = form.page.mouse
    mouse.move(create["x"] + create["width"] / 2, create["y"] + create["height"] - 3)
    mouse.down()
    form.field("User").evaluate("one => one.closest('.widget-text').style.marginBottom = '50px'")
    assert form.button("Create").bounding_box()["y"] >= create["y"] + 30
    mouse.up()
    form.await_alert("4 fields need a correction")


def test_no_shorter_word_moves_a_button(opened):
    """Whatever stands below a field, there is room for its help: nothing moves up."""
    notebook, form, _, _ = opened("for one in form.fields.shown: one.show_note('Fine.')")
    before = place(form)
    notebook.run(3)
    form.box.get_by_text("Fine.").first.wait_for()
    assert place(form) == before


def test_a_taken_name_is_replaced_only_after_a_question(opened):
    """The name is known to be taken; Keep it has the focus and changes nothing; Replace replaces."""
    notebook, form, host, password = opened(
        "sandbox.state.secrets['shared-hub'] = '{\"auths\": {\"ghcr.io\": {}}}'"
    )
    notebook.run(3)
    form.fill(password, secret="shared-hub", images=f"{host}/{CHURN}", user="anna")
    form.box.get_by_text("shared-hub exists in tenant sandbox: this would replace it.").wait_for()
    form.press("Replace…")
    form.await_alert("Replace shared-hub for the whole tenant?")
    assert f"{host} as anna" in form.said()
    form.button("Keep it").wait_for()
    form.await_focus("Keep it")
    expect(form.field("Secret name")).to_be_disabled()
    form.page.keyboard.press("Enter")
    form.await_focus("Replace…")
    assert printed(notebook, 2) == {"shared-hub": {"ghcr.io": {}}}

    form.button("Replace…").dblclick()  # the second click meets no other button
    form.press("Replace shared-hub")
    form.await_status("Secret shared-hub replaced")
    assert list(printed(notebook, 2)["shared-hub"]) == [host]


def test_stopped_forbidden_and_down(opened):
    """A slow check is cancelled at once, 403 names the role, AI Core down is said; nothing is stored.

    The keyboard's focus stays where it is all the while, and the second click of a double click does nothing.
    """
    notebook, form, host, password = opened(
        "sandbox.registry.faults.slow = 30",
        "sandbox.registry.faults.slow, sandbox.faults.forbidden = 0, 'text'",
        "sandbox.stop()",
    )
    form.fill(password, secret="team-churn", images=f"{host}/{CHURN}", user="anna")
    notebook.run(3)
    form.button("Create").dblclick()
    form.await_status("asking")
    expect(form.field("Secret name")).to_be_disabled()
    for word in ("Create", "Check", "Cancel"):
        form.await_focus(word)
        form.page.keyboard.press("Enter" if word == "Cancel" else "Tab")
    form.await_status("Stopped")
    assert "Nothing was stored." in form.said()
    expect(form.field("Secret name")).to_be_enabled()
    assert form.focused() == "Cancel"  # where it is until somebody moves it
    form.page.keyboard.press("Shift+Tab")
    form.await_focus("Clear")
    expect(form.button("Cancel")).to_be_hidden()

    notebook.run(4)
    form.button("Create").focus()
    form.page.keyboard.press("Enter")
    form.await_alert("Refused: ")
    assert "aicore_admin_dockerregistrysecret_editor" in form.said()
    assert form.focused() == "Create"
    notebook.run(5)
    form.press("Create")
    form.await_alert("does not accept the connection")
    assert printed(notebook, 2) == {}


DOCKER = """
os.environ["DOCKER_CONFIG"] = os.path.abspath("docker")
os.makedirs("docker")
login = {"username": "anna", "password": sandbox.registry.password}
with open("docker/config.json", "w") as file:
    json.dump({"auths": {connected.registry.host: login}}, file)
"""


def test_a_docker_login_is_taken(opened):
    """What docker login left is offered; user and password give way to it, and it is stored."""
    notebook, form, host, password = opened(first=DOCKER)
    form.field("Login").select_option(f"docker login: {host} as anna")
    for label in ("User", "Password"):
        form.field(label).wait_for(state="detached")
    form.field("Secret name").fill("team-churn")
    form.field("Images").fill(f"{host}/{CHURN}")
    form.press("Create")
    form.await_status("Secret team-churn created")
    assert printed(notebook, 2)["team-churn"][host]["password"] == password
