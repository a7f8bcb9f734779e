"""A whole verification: every question in turn, what was seen over all of them, and the cleaning up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.aicore.refusals import REQUEST_ID_KEYS
from aicore_magics.aicore.verification import reading, refusing, writing
from aicore_magics.aicore.verification.forms import said, seen_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.verification.scene import Scene
    from aicore_magics.http.messages import Response

_FORBIDDEN = 403


def ask_all(scene: Scene, bare: Callable[[str], Response], token_seconds: int) -> None:
    """Ask everything; what was seen is in the scene's findings. Raises Enough where no more can be asked.

    *bare* sends a token that it is given, or none, in place of the tenant's.
    """
    scene.tell("reading what is not there")
    reading.ask_missing(scene)
    reading.ask_tokens(scene, bare, token_seconds)
    reading.ask_quota(scene)
    scene.tell("creating a secret")
    writing.ask_create(scene)
    scene.tell("creating it again")
    writing.ask_twice(scene)
    scene.tell("updating it")
    writing.ask_updates(scene)
    scene.tell("listing two")
    with scene.open(*reading.PAGES, "create.again"):
        writing.create_second(scene)
        reading.ask_pages(scene)
        scene.tell("creating one just after its delete")
        writing.ask_again(scene)
    scene.remove(scene.second)
    scene.tell("sending what makes no sense")
    refusing.ask_nonsense(scene)
    scene.tell("creating under odd names")
    refusing.ask_names(scene)
    scene.tell("deleting")
    writing.ask_delete(scene)


def conclude(scene: Scene) -> None:
    """Note what was seen over all answers."""
    asker, note = scene.asker, scene.findings.note
    if asker.envelopes:
        keys = {key for error in asker.envelopes for key in error}
        ids = ", ".join(key for key in REQUEST_ID_KEYS if key in keys) or "none"
        listed = any(isinstance(error.get("details"), list) for error in asker.envelopes)
        seen = f"{ids}; details: a list" if listed else ids
        note("error.envelope", seen, as_assumed=seen == REQUEST_ID_KEYS[0])
    if asker.answered_bodies:
        note("login.echo", "repeated" if asker.echoed else "never", as_assumed=not asker.echoed)
    for status, answer in asker.met.items():
        if status == _FORBIDDEN:
            note("met.403", seen_as(answer) + said(answer), as_assumed=True)
        else:
            asked = answer.retry_after()
            wait = "without Retry-After" if asked is None else f"wait {asked:.0f} s"
            note("met.429", f"{seen_as(answer)}, {wait}", as_assumed=asked is not None)
