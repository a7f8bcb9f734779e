"""Questions that change nothing: what is not there, what no token opens, the quota, pages of the list."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.client import QUOTA, SECRETS
from aicore_magics.aicore.verification.asker import NotSeen
from aicore_magics.aicore.verification.forms import TEXT, fields, form_of, said, seen_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.verification.scene import Scene
    from aicore_magics.http.messages import Response

PAGES = ("list.top", "list.zero", "list.skip", "list.count", "list.size", "list.order", "quota.count")
_UNAUTHORIZED = 401
_TWELVE_HOURS = range(43_000, 43_201)  # seconds, and a few less
_SHOWN_IN_HOURS = 5_400
_QUOTA_FIELDS = (("quota", "maxCount"), ("usage", "count"))


def ask_missing(scene: Scene) -> None:
    """What is not there, and what makes no sense."""
    for key, path, note in (
        ("path.unknown", "/admin/aicoreMagicsVerify", scene.note_missing),
        ("read.missing", f"{SECRETS}/{scene.nobody}", scene.note_missing),
        ("list.bad", f"{SECRETS}?$top=-1", scene.note_refused),
        ("name.short", f"{SECRETS}/q", scene.note_refused),
    ):
        with scene.open(key):
            note(key, scene.asker.ask("GET", path))


def ask_tokens(scene: Scene, bare: Callable[[str], Response], seconds: int) -> None:
    """What no token and a made-up one get; *seconds* are the life of the real one."""
    for key, token in (("token.none", ""), ("token.wrong", f"made-up-{secrets.token_hex(8)}")):
        with scene.open(key):
            answer = bare(token)
            fits = answer.status == _UNAUTHORIZED and form_of(answer) == TEXT
            scene.findings.note(key, seen_as(answer) + said(answer), as_assumed=fits)
    shown = f"{seconds / 3600:.0f} h" if seconds >= _SHOWN_IN_HOURS else f"{seconds} s"
    scene.findings.note("token.life", shown, as_assumed=seconds in _TWELVE_HOURS)


def ask_quota(scene: Scene) -> None:
    """What the quota tells."""
    for key, query, wanted in (
        ("quota.fields", "", _QUOTA_FIELDS),
        ("quota.only", "?quotaOnly=true", _QUOTA_FIELDS[:1]),
    ):
        with scene.open(key):
            answer = scene.asker.ask("GET", f"{QUOTA}{query}")
            data = answer.json()
            if answer.ok and isinstance(data, dict):
                told = tuple(pair for pair in _QUOTA_FIELDS if _inner(data, *pair) is not None)
                seen = ", ".join(map(".".join, told)) or fields(data)
                scene.findings.note(key, seen, as_assumed=told == wanted)
            else:
                scene.note(key, answer, as_assumed=False)


def ask_pages(scene: Scene) -> None:
    """What the parameters of the list do, with at least two secrets in it."""
    asker, note = scene.asker, scene.findings.note
    with scene.open(*PAGES):
        every = asker.listed()
        if len(every) <= 1:
            raise NotSeen("two secrets are not listed")
        by_name = every == sorted(every)
        note("list.order", "by name" if by_name else "not by name", as_assumed=by_name)
        rows = asker.page("?$top=1")[0]
        note("list.top", _rows(rows), as_assumed=len(rows) == 1)
        rows = asker.page("?$top=1&$skip=1")[0]
        follows = rows[:1] == every[1:2]
        seen = "the next row" if follows else "the first row" if rows[:1] == every[:1] else "another row"
        note("list.skip", seen, as_assumed=follows)
        counts = (asker.page(f"?$top=1{more}")[1].get("count") for more in ("", "&$count=true"))
        here, total = (_counted(count, len(every)) for count in counts)
        note("list.count", f"{here}; true: {total}", as_assumed=(here, total) == ("this page", "all"))
        rows = asker.page("")[0]
        whole = len(rows) >= len(every)
        note("list.size", "all" if whole else f"{len(rows)} at most", as_assumed=whole)
        quota = asker.ask("GET", QUOTA).json()
        used = _inner(quota, "usage", "count")
        seen = (
            "not returned"
            if used is None
            else "as many as listed"
            if used == len(every)
            else "another number"
        )
        note("quota.count", seen, as_assumed=used == len(every))
    with scene.open("list.zero"):
        answer = asker.ask("GET", f"{SECRETS}?$top=0")
        rows = (answer.json() or {}).get("resources", []) if answer.ok else []
        note("list.zero", _rows(rows) if answer.ok else seen_as(answer), as_assumed=answer.ok and not rows)


def _inner(data: Any, outer: str, inner: str) -> object:
    part = data.get(outer) if isinstance(data, dict) else None
    return part.get(inner) if isinstance(part, dict) else None


def _rows(rows: list[Any]) -> str:
    return ("no row", "1 row")[len(rows)] if len(rows) <= 1 else "more rows"


def _counted(count: object, total: int) -> str:
    if not isinstance(count, int):
        return "not returned"
    return "this page" if count == 1 else "all" if count == total else "another number"
