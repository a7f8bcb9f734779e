"""The page of registries is what the presets say today."""

from __future__ import annotations

from aicore_magics.registry.presets import PRESETS
from aicore_magics.registry.renewal import RENEWALS
from tests.registry.page import PAGE, page, renewal, section


def test_the_page_is_current():
    """`make reference` would change nothing."""
    assert PAGE.read_text("utf-8") == page()


def test_each_registry_says_all_four():
    """User, kind of token, where to make it and how long it works are there for each."""
    for preset in PRESETS:
        names = [row.split("|")[1].strip() for row in section(preset) if row.startswith("| ")]
        assert {"user", "password", "made in", "works"} <= set(names), preset.name


def test_each_renewal_is_one_row():
    """A row has its five cells, whatever a text has in it."""
    assert {renewal(each).count("|") for each in RENEWALS} == {6}
