"""Cards in a real JupyterLab: anybody can read them, in every theme and narrow."""

from __future__ import annotations

import re

import pytest

from tests.browser.looks import ENDS, THEMES
from tests.browser.opened_form import SETUP

LOGIN = "--username anna --password-env SANDBOX_REGISTRY_PASSWORD"
CELLS = (
    SETUP,
    "connected",
    """sandbox.state.secrets.update({f"team-{i}": '{"auths": {}}' for i in range(49)})
%aicore_docker_secret list""",
    """image = connected.registry.image
gpu = f"{connected.registry.host}/acme/churn-gpu:2.0\"""",
    f"%aicore_docker_secret check {LOGIN} --image {{image}} --image {{gpu}}",
    f"%aicore_docker_secret create team-churn {LOGIN} --image {{image}}",
    "%aicore_docker_secret show team-churn",
    "%aicore_template serving churn-serve --scenario churn --secret team-7 --image ghcr.io/acme/churn:1.4",
    """open("wrong.yaml", "w").write("kind: ServingTemplate\\nspec: {}")
%aicore_template check wrong.yaml""",
    "%aicore_docker_secret delete team-churn --yes",
)


def test_axe_core_finds_nothing_in_cards(page, notebook):
    """Lists, verdicts, YAML, findings: no complaint of axe-core in any theme, wide or narrow."""
    pytest.importorskip(
        "axe_playwright_python", reason="left out: it needs the package axe-playwright-python"
    )
    from tests.browser.accessibility import violations

    opened = notebook(*CELLS)
    opened.run(*range(len(CELLS)))
    assert page.locator(".aic").count() == len(CELLS) - 2
    assert page.locator(".aic ul.nm li").count() == 49
    for theme in THEMES:
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
        page.wait_for_function("theme => document.body.dataset.jpThemeName === theme", arg=theme)
        for width in (1280, 500):
            page.set_viewport_size({"width": width, "height": 1200})
            assert violations(page, ".aic") == [], f"{theme}, {width} px"


def test_a_table_of_ends_for_those_who_do_not_see_it(page, notebook):
    """A screen reader has a table with columns and a header for each row, and neither rings nor bars."""
    opened = notebook(*ENDS)
    opened.run(0, 2)
    table = page.locator(".aic table.en")
    assert page.locator(".aic [role=alert]").inner_text().endswith("1 login expired, 2 are due now")
    assert [each.inner_text() for each in table.get_by_role("columnheader").all()][:2] == ["Login", "Ends"]
    assert [each.inner_text() for each in table.get_by_role("rowheader").all()][:2] == [
        "batch-ecr",
        "team-ghcr",
    ]
    tree = table.aria_snapshot()
    assert re.search(r'row "train-gitlab in 38 days, 6 Jan 2027 13 Dec"', tree)
    assert not re.search(r"[✕✓?!·]|today|\+30 d", tree)


def test_axe_core_finds_nothing_in_cards_with_ends(page, notebook):
    """No complaint of axe-core about any card with ends; and none leaves its edge at 700 pixels."""
    pytest.importorskip(
        "axe_playwright_python", reason="left out: it needs the package axe-playwright-python"
    )
    from tests.browser.accessibility import violations
    from tests.browser.looks import FAULTY

    opened = notebook(*ENDS)
    opened.run(*range(len(ENDS)))
    page.evaluate("jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": 700, "height": 1200})
    page.wait_for_function("document.querySelector('.aic').offsetWidth > 500")
    assert violations(page, ".aic") == []
    assert [fault for card in page.locator(".aic").all() for fault in card.evaluate(FAULTY)] == []
