"""The site that `make docs` builds: every page is in it, and its check misses nothing."""

from __future__ import annotations

import re
import runpy
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.documents import PAGES, ROOT

CI = ROOT / ".ci"


def test_every_page_has_its_place():
    """Each page and notebook of the project is in the site's contents, the tutorials by their pattern."""
    settings = (CI / "docs" / "conf.py").read_text("utf-8")
    contents = re.findall(r"(?m)^(?:.* <)?([\w/*-]+)>?$", settings)
    pages = (*PAGES, *(ROOT / "notebooks").glob("*.ipynb"))
    names = {page.relative_to(ROOT).with_suffix("").as_posix() for page in pages} - {"README"}
    assert [name for name in sorted(names) if not any(fnmatch(name, each) for each in contents)] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<a href="b.html">', "b.html leads nowhere"),
        ('<a href="#there">', "#there leads nowhere"),
        ('<a href="a.html#there">', "a.html#there leads nowhere"),
        ('<img src="images/none.png">', "images/none.png leads nowhere"),
        ('<script src="https://example.com/a.js"></script>', "fetches https://example.com/a.js"),
        ('<link rel="stylesheet" href="//example.com/a.css">', "fetches //example.com/a.css"),
        ('<img src="http://example.com/a.png">', "fetches http://example.com/a.png"),
        ('<p id="here"><a href="#here"><a href="a.html#here"><a href="https://example.com">', ""),
    ],
)
def test_what_the_check_of_the_site_finds(tmp_path, text, told):
    """A link that leads nowhere and a file from another host are found; links of a reader's own are not."""
    (tmp_path / "a.html").write_text(text)
    assert "\n".join(faults(tmp_path)) == (f"a.html: {told}" if told else "")


@pytest.mark.parametrize("text", ["@import 'https://example.com/a.css'", 'src: url("//example.com/a.woff")'])
def test_styles_fetch_nothing(tmp_path, text):
    """A style sheet that asks for a font or another sheet elsewhere is found."""
    (tmp_path / "a.css").write_text(text)
    assert len(faults(tmp_path)) == 1


def faults(site: Path):
    return runpy.run_path(str(CI / "check_site.py"))["faults"](site)
