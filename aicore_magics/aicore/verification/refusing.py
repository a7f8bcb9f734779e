"""Creates that AI Core should refuse, and names that it may not take: each is taken away again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aicore_magics.aicore.looks import VISIBLE_WITHIN
from aicore_magics.base.redact import Secret

if TYPE_CHECKING:
    from aicore_magics.aicore.verification.scene import Scene

_LONGEST_NAME = 63


def ask_nonsense(scene: Scene) -> None:
    """What bodies get that are no create."""
    config = scene.login.config()
    whole = {".dockerconfigjson": json.dumps(config)}
    for key, data in (
        ("config.text", {".dockerconfigjson": "no JSON"}),
        ("config.empty", {".dockerconfigjson": "{}"}),
        ("config.nobody", {".dockerconfigjson": '{"auths": {}}'}),
        ("config.object", {".dockerconfigjson": config}),
        ("config.more", {**whole, "more": "x"}),
        ("config.missing", None),
        ("body.text", ""),
    ):
        name = scene.name(key.replace(".", "-"))
        body = {"name": name} if data is None else {"name": name, "data": data}
        _try(scene, key, name, Secret("no JSON" if data == "" else json.dumps(body)))


def ask_names(scene: Scene) -> None:
    """Which names are taken."""
    base = scene.throwaways.base
    for key, name, wanted in (
        ("name.underscore", f"{base}_one", True),
        ("name.dot", f"{base}.one", True),
        ("name.dots", f"{base}..two", True),
        ("name.capital", f"{base}-CAPITALS", False),
        ("name.long", f"{base}-".ljust(_LONGEST_NAME + 1, "x"), False),
    ):
        _try(scene, key, name, scene.login.body(name), wanted=wanted)


def _try(scene: Scene, key: str, name: str, body: Secret, *, wanted: bool = False) -> None:
    """Note whether a create stores *name*, which is *wanted* or should be refused, and take it away."""
    with scene.open(key):
        answer = scene.create(name, body)
        if answer.ok:
            stored = scene.look(name, there=True, within=VISIBLE_WITHIN).by_name is not None
            seen = "stored" if stored else f"{answer.status}, but not stored"
            scene.findings.note(key, seen, as_assumed=wanted and stored)
        elif wanted:
            scene.note(key, answer, as_assumed=False)
        else:
            scene.note_refused(key, answer)
    scene.remove(name)
