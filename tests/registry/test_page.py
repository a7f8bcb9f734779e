"""The page of registries is what the presets say today."""

from __future__ import annotations

from aicore_magics.registry.presets import PRESETS
from tests.registry.page import PAGE, page, section


def test_the_page_is_current():
    """`make reference` would change nothing."""
    assert PAGE.read_text("utf-8") == page()


def test_each_registry_says_all_four():
    """User, kind of token, where to make it and how long it works are there for each."""
    for preset in PRESETS:
        names = [row.split("|")[1].strip() for row in section(preset) if row.startswith("| ")]
        assert {"user", "password", "made in", "works"} <= set(names), preset.name
