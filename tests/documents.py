"""The pages of this project, and what is in them: links, headings, blocks of code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "notebooks" / "reference"
PAGES = (*sorted(ROOT.glob("*.md")), *sorted(REFERENCE.glob("*.md")))
_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]+)\)|src=\"(?!https?:)([^\"]+)\"")
_BLOCK = re.compile(r"(?ms)^ *```(\w*)[^\n]*\n(.*?)^ *```$")


def blocks(page: Path, languages: str) -> list[str]:
    """The blocks of code in *page* in one of *languages*, which `|` separates; an empty one is none."""
    found = _BLOCK.findall(page.read_text("utf-8"))
    return [text for language, text in found if re.fullmatch(languages, language)]


def prose(page: Path) -> str:
    """*page* without its blocks of code, and without code in a line."""
    return re.sub(r"`[^`\n]+`", "`…`", _BLOCK.sub("", page.read_text("utf-8")))


def links(page: Path) -> list[str]:
    """Where the links and pictures of *page* lead, as far as they stay in the project."""
    return [link or source for link, source in _LINK.findall(prose(page))]


def anchors(page: Path) -> set[str]:
    """The headings of *page* as GitHub links to them."""
    headings = re.findall(r"(?m)^#+ (.+)$", _BLOCK.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
