"""The texts that were reworded, before and after: `data/words`, a file for each floor."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.words.sources import ROOT, every_literal

FILES = sorted((ROOT / "tests" / "data" / "words").glob("*.json"), key=lambda path: path.stem)
LITERALS = every_literal()


def rows(path: Path) -> list[list[str]]:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_text_reads_as_before(path):
    """The text before a change is nowhere in the product any more; what is filled in is {}."""
    assert [before for before, _ in rows(path) if before in LITERALS] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_reads_as_after_the_change(path):
    """The text after a change is in the product, word for word."""
    assert [after for _, after in rows(path) if after not in LITERALS] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_row_changes_something(path):
    """No row stands twice, none changes nothing, and none changes a text that another row has made."""
    befores, afters = zip(*rows(path), strict=True)
    assert len({*befores}) == len(befores)
    assert not {*befores} & {*afters}
