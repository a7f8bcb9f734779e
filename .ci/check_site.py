"""Look at the pages that `make docs` has built: links lead somewhere, nothing is asked from outside."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; a link is followed by a reader only.
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
IN_STYLES = re.compile(r"url\(\s*[\"']?((?:https?:)?//[^\"')]+)|@import\s+[\"']((?:https?:)?//[^\"']+)")


class Page(HTMLParser):
    """The links, the fetched files and the anchors of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what *tag* leads to, and its anchor."""
        values = {name: value for name, value in attrs if value}
        self.anchors |= {values[name] for name in ("id", "name") if name in values}
        address = values.get(FETCHED.get(tag, ""))
        if address:
            self.fetched.append(address)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])


def faults(site: Path) -> list[str]:
    """What is wrong: a line for each."""
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site.resolve())
        found += [f"{name}: fetches {each}" for each in page.fetched if urlsplit(each).netloc]
        for link in (*page.links, *page.fetched):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.is_file() or (target in pages and anchor and anchor not in pages[target].anchors):
                found.append(f"{name}: {link} leads nowhere")
    for style in site.rglob("*.css"):
        found += [f"{style.name}: fetches {a or b}" for a, b in IN_STYLES.findall(style.read_text("utf-8"))]
    return found


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    wrong = faults(folder)
    pages = len(list(folder.rglob("*.html")))
    print("\n".join(wrong) or f"{folder}: {pages} pages, 0 broken links, nothing from outside.")
    sys.exit(bool(wrong) or not pages)
