"""Cards in a real JupyterLab: anybody can read them, in every theme and narrow."""

from __future__ import annotations

import pytest

from tests.browser.looks import THEMES
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
