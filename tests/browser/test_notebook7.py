"""The form in Jupyter Notebook 7, another application than JupyterLab, on the same server."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.browser.conftest import PAGE_SECONDS
from tests.browser.lab import Notebook, Notebook7
from tests.browser.opened_form import FIELDS, FORM, SETUP, STORED, OpenedForm, printed

pytestmark = [
    pytest.mark.needs("browser"),
    pytest.mark.skipif(not find_spec("notebook"), reason="left out: it needs the package notebook"),
]


@pytest.fixture
def notebook(lab, browser):
    """A notebook for the form, open in Notebook 7."""
    with browser.new_context(viewport={"width": 1280, "height": 1000}) as context:
        page = context.new_page()
        page.set_default_timeout(1000 * PAGE_SECONDS)
        made = Notebook(Notebook7(lab), page, "notebook7.ipynb", (SETUP, FORM, STORED))
        # Not before: Notebook 7.6 stumbles over a setting of its own while it opens.
        errors = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield made
        made.shut_down()
    assert errors == []


def test_from_mistakes_to_success(notebook):
    """Mistakes are told, the focus goes to the first, a password is blanked, and the secret is stored."""
    assert "/notebooks/notebook7.ipynb" in notebook.page.url
    host, password = printed(notebook, 0)
    notebook.run(1)
    form = OpenedForm(notebook.page)
    form.press("Create")
    form.await_alert("4 fields need a correction")
    form.await_focus("Secret name")
    for label in FIELDS:
        assert form.field(label).count() == 1, label
    form.fill(password, secret="team-seven", images=f"{host}/acme/churn:1.4", user="anna")
    assert form.field("Password").input_value() == ""
    form.press("Create")
    form.await_status("Secret team-seven created")
    assert printed(notebook, 2)["team-seven"][host]["password"] == password
