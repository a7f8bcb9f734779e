"""What axe-core finds in the form, or in cards, as they stand in a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe


def violations(page, within: str = ".aic-form") -> list[str]:
    """Give each rule that what is *within* breaks, with what breaks it."""
    found = Axe().run(page, context=within).response["violations"]
    return [f"{rule['id']}: {node['html'][:100]}" for rule in found for node in rule["nodes"]]
