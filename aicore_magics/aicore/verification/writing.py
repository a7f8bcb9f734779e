"""Questions about the life of a throw-away secret: create, create again, update, delete, create anew."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from aicore_magics.aicore.client import MERGE_PATCH, SECRETS
from aicore_magics.aicore.looks import VISIBLE_WITHIN
from aicore_magics.aicore.verification.asker import Enough, NotSeen
from aicore_magics.aicore.verification.forms import fields, said, seen_as
from aicore_magics.aicore.verification.scene import ACCEPTED
from aicore_magics.http.messages import JSON

if TYPE_CHECKING:
    from aicore_magics.aicore.verification.scene import Scene
    from aicore_magics.http.messages import Response

_AT_ONCE = 0.05  # seconds
_TRIES = 3
SETTLED = 1.0  # seconds until a secret that was created anew is looked for, beside what a first one needs


def ask_create(scene: Scene) -> None:
    """The first secret: its answer, when it shows, and how. Raises Enough if it is not created."""
    lost = _create_first(scene)
    with scene.open("create.get", "create.list"):
        if lost:
            raise NotSeen(lost)
        _note_looked(scene, "create", scene.first, there=True)
    with scene.open("read.fields", "header.group"):
        _ask_shown(scene, f"{SECRETS}/{scene.first}")


def _create_first(scene: Scene) -> str:
    """Create the first secret, and give why its answer is not known; empty if it is.

    It is sent again where it was looked for and is not there. Raises Enough if it is refused, or never there.
    """
    lost = ""
    for _ in range(_TRIES):
        with scene.open("create.answer"):
            answer = scene.create(scene.first)
            scene.note_accepted("create.answer", answer, "message")
            if answer.ok:
                return lost
            if not lost:
                raise Enough(f"a create returns {seen_as(answer)}")
        lost = scene.findings.why_open("create.answer")
        if scene.first not in scene.throwaways.names:
            break
        with scene.open():
            if scene.look(scene.first, there=True, within=VISIBLE_WITHIN).by_name is not None:
                return lost
    raise Enough(lost)


def _ask_shown(scene: Scene, path: str) -> None:
    """What is shown of a secret, and whether a header more changes that."""
    answer = scene.asker.ask("GET", path)
    if not answer.ok:
        raise NotSeen("the secret is not shown")
    data = answer.json()
    seen = fields(data) if isinstance(data, dict) else seen_as(answer)
    scene.findings.note("read.fields", seen, as_assumed=seen == "name")
    answer = scene.asker.ask("GET", path, headers=(("AI-Resource-Group", "default"),))
    seen = "no difference" if answer.ok else seen_as(answer) + said(answer)
    scene.findings.note("header.group", seen, as_assumed=answer.ok)


def ask_twice(scene: Scene) -> None:
    """What a create of a name that is taken gets. Whether it replaces the first cannot be read."""
    with scene.open("create.twice"):
        answer = scene.create(scene.first)
        if answer.ok:
            exists = _says_exists(answer)
            seen = f'{answer.status}, {"says" if exists else "does not say"} "exists"'
            scene.findings.note("create.twice", seen, as_assumed=exists and answer.status == ACCEPTED)
        else:
            scene.note("create.twice", answer, as_assumed=False)


def ask_updates(scene: Scene) -> None:
    """Which forms of an update are taken, and what one of a missing secret gets."""
    path = f"{SECRETS}/{scene.first}"
    for key, kind, body in (
        ("update.merge", MERGE_PATCH, scene.login.body()),
        ("update.json", JSON, scene.login.body()),
        ("update.name", MERGE_PATCH, scene.login.body(scene.first)),
    ):
        with scene.open(key):
            answer = scene.store(scene.first, "PATCH", path, body=body, kind=kind)
            scene.note_accepted(key, answer, "id", "message")
    with scene.open("update.missing"):
        missing = scene.nobody
        # It may create what is not there.
        answer = scene.store(
            missing, "PATCH", f"{SECRETS}/{missing}", body=scene.login.body(), kind=MERGE_PATCH
        )
        scene.note_missing("update.missing", answer)
    scene.remove(scene.nobody)


def ask_delete(scene: Scene) -> None:
    """What a delete gets, when the secret is gone, and what a second delete gets."""
    with scene.open("delete.answer", "delete.get", "delete.list"):
        was_there = scene.asker.exists(scene.first)
        answer = scene.asker.delete(scene.first)
        scene.note_accepted("delete.answer", answer, "id", "message")
        if not answer.ok:
            raise NotSeen(f"the delete returns {seen_as(answer)}")
        scene.throwaways.deleted(scene.first)
        if not was_there:
            raise NotSeen("the secret was not shown before")
        _note_looked(scene, "delete", scene.first, there=False)
    with scene.open("delete.missing"):
        scene.note_missing("delete.missing", scene.asker.delete(scene.nobody))


def create_second(scene: Scene) -> None:
    """Create the secret that makes two of them. Raises NotSeen if that is refused."""
    answer = scene.create(scene.second)
    if not answer.ok:
        raise NotSeen(f"a second create returns {seen_as(answer)}")
    scene.look(scene.second, there=True)


def ask_again(scene: Scene) -> None:
    """What a create gets whose name was deleted just before."""
    with scene.open("create.again"):
        answer = scene.asker.delete(scene.second)
        if not answer.ok:
            raise NotSeen(f"the delete returns {seen_as(answer)}")
        answer = scene.create(scene.second)
        if answer.ok:
            # Until then, what is seen may be the secret that was deleted.
            time.sleep(min(SETTLED + 2 * scene.shows_after, scene.asker.deadline.left()))
            there = scene.look(scene.second, there=True, within=VISIBLE_WITHIN).by_name is not None
            exists = _says_exists(answer)
            extra = (', says "exists"' if exists else "") + ("" if there else "; not there")
            fits = there and not exists
            seen = "as a first create" if fits else seen_as(answer) + extra
            scene.findings.note("create.again", seen, as_assumed=fits)
        else:
            scene.note("create.again", answer, as_assumed=False)
    scene.remove(scene.second)


def _note_looked(scene: Scene, what: str, name: str, *, there: bool) -> None:
    looked = scene.look(name, there=there)
    scene.shows_after = max(scene.shows_after, looked.by_name or 0.0, looked.in_list or 0.0)
    for key, seconds in ((f"{what}.get", looked.by_name), (f"{what}.list", looked.in_list)):
        if seconds is None:
            scene.findings.note(key, "never during the check", as_assumed=False)
        else:
            seen = "at once" if seconds < _AT_ONCE else f"after {seconds:.1f} s"
            scene.findings.note(key, seen, as_assumed=seconds <= VISIBLE_WITHIN)


def _says_exists(answer: Response) -> bool:
    data = answer.json()
    message = data.get("message") if isinstance(data, dict) else None
    return isinstance(message, str) and "exist" in message.lower()
