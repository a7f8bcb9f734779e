"""The texts that were reworded, before and after: `data/words`, a file for each floor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.words.sources import ROOT, every_literal, texts

DATA = ROOT / "tests" / "data" / "words"
WORST = DATA / "worst.json"
FILES = sorted({*DATA.glob("*.json")} - {WORST}, key=lambda path: path.stem)
LITERALS = every_literal()
PAGES = [ROOT / "README.md", *sorted((ROOT / "notebooks" / "reference").glob("*.md"))]
# What users read; the golden errors are made of the texts of the floors.
OF_USERS = [
    *(
        text
        for source, each in texts().items()
        if source.split()[0] not in ("golden", "docstrings")
        for text in each
    ),
    *(re.sub(r"\s+", " ", page.read_text("utf-8")) for page in PAGES),
]


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


@pytest.mark.parametrize(("before", "after"), rows(WORST), ids=lambda text: text[:30])
def test_the_thirty_worst_phrases_have_gone(before, after):
    """None of the thirty phrases that readers stumbled over is in a text for users; the plain one is."""
    worst = re.compile(rf"(?<!\w){re.escape(before)}(?!\w)")
    assert [text for text in OF_USERS if worst.search(text)] == []
    assert [text for text in {*OF_USERS, *LITERALS} if after in text]
