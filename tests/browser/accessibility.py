"""What axe-core finds in the form as it stands in a page."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe


def violations(page) -> list[str]:
    """Give each rule that the form breaks, with what breaks it."""
    found = Axe().run(page, context=".aic-form").response["violations"]
    return [f"{rule['id']}: {node['html'][:100]}" for rule in found for node in rule["nodes"]]
