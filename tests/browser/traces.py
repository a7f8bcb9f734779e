"""Whether a text is found somewhere, in any form in which notebooks, servers and kernels write texts."""

from __future__ import annotations

import base64
import html
import json
from urllib.parse import quote, quote_plus

# A cell that writes down all that a kernel knows of its cells and widgets, `box` among them; and its files.
WRITE = """import json
from pathlib import Path
from ipywidgets import Widget, embed
Path("history.txt").unlink(missing_ok=True)  # else %history would ask
Path("state.json").write_text(json.dumps(Widget.get_manager_state(), ensure_ascii=False))
embed.embed_minimal_html("embedded.html", views=[box])
%history -o -f history.txt
%save -f saved.py 1-99
%notebook all.ipynb
%logstop"""
WRITTEN = ("state.json", "embedded.html", "history.txt", "saved.py", "all.ipynb", "session.py")


def shown_by(page) -> bytes:
    """Give what a page holds: its HTML, and what stands in its inputs."""
    values = "[...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')"
    # Not page.content(), which refuses while a page that was opened anew still loads something.
    return page.evaluate(f"document.documentElement.outerHTML + {values}").encode()


def forms(secret: str) -> set[bytes]:
    """Give *secret*, and either half of it, as others may write them. It shares nothing with `redact`."""
    half = len(secret) // 2
    return {form for part in (secret, secret[:half], secret[half:]) for form in _written(part)}


def traces(secret: str, places: dict[str, bytes]) -> dict[str, list[bytes]]:
    """Give what of *secret* is in which of *places*; an empty dict says: nowhere."""
    found = {place: [form for form in forms(secret) if form in content] for place, content in places.items()}
    return {place: hits for place, hits in found.items() if hits}


def _written(text: str) -> set[bytes]:
    once = {text, *_json(text), repr(text)[1:-1], ascii(text)[1:-1]}
    twice = {form for each in once for form in _json(each)}
    pages = {html.escape(text), html.escape(text, quote=False)}
    pages |= {page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;") for page in pages}
    pages |= {page.replace("&#x27;", "&#39;") for page in pages}
    addresses = {quote(text), quote(text, safe=""), quote_plus(text), quote(text, safe="!'()*")}
    return {form.encode() for form in once | twice | pages | addresses} | _base64(text.encode())


def _json(text: str) -> set[str]:
    return {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}


def _base64(text: bytes) -> set[bytes]:
    """Wherever in something longer it begins; the characters at its ends hold bits of others."""
    found = set()
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + text).rstrip(b"=")
        part = coded[(0, 2, 3)[before] : len(coded) - 1]
        found |= {part, part.translate(bytes.maketrans(b"+/", b"-_"))}
    return found
