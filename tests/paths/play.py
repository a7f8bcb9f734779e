"""One path played with the real actions, and what came of it: what was said, and whether it is true."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from aicore_magics.actions import (
    CheckOptions,
    apply_docker_secret,
    create_docker_secret,
    delete_docker_secret,
    update_docker_secret,
)
from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.base import redact
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, DockerSecretExists, DockerSecretMissing, OutcomeUnknown
from aicore_magics.http import deadline
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.next_steps import Effect
from tests.paths.answers import CLIENT_SECRET, NAME, OPENS_AICORE, PASSWORD, STORED, USER
from tests.paths.bugs import BUGS
from tests.paths.model import (
    API,
    SLOW_LOOK,
    TOKENS,
    TURNS,
    VISIBLE_WITHIN,
    Dice,
    Path,
    Try,
    World,
    could_look,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Seconds from the last answer to a write, or from its absence, to the word.
LONGEST = 12.0
TOLERANCE = 0.001
# Fewer seconds than that, and what AI Core shows in time may not be seen in time.
ENOUGH = VISIBLE_WITHIN + 2 * SLOW_LOOK
KEY = {
    "clientid": "sb-1",
    "clientsecret": CLIENT_SECRET,
    "url": TOKENS,
    "serviceurls": {"AI_API_URL": API},
    "identityzone": "acme",
}


@dataclass(frozen=True)
class Verdict:
    """What came of a path. *said* is done, refused, unknown, or fault: something that is no word at all.

    *kind* is the class of the result or the error, *untrue* what is wrong with it, *broken* the assumptions
    that the path does not keep to. *knowable*: the truth could be known. *waited* are seconds from the end of
    the last write to the word, None where none was sent.
    """

    path: Path
    said: str
    kind: str
    text: str
    untrue: tuple[str, ...]
    broken: frozenset[str]
    knowable: bool
    waited: float | None
    over: tuple[str, ...]
    requests: int
    asked_for_more: bool
    points: int
    heard: tuple[str, ...]

    @property
    def shrug(self) -> bool:
        """Whether it says unknown where the truth could be known."""
        return self.knowable and self.said == "unknown"

    @property
    def wrong(self) -> tuple[str, ...]:
        """What is wrong inside the assumptions: untrue, or too late."""
        return () if self.broken else (*self.untrue, *self.over)


@contextlib.contextmanager
def stage(bug: str = "") -> Iterator[None]:
    """Have the actions run by the model's clock, in a folder with no template to be searched.

    With *bug*, one of `BUGS`, they have that.

    Masking what a server says takes longest by far, and is the same for the same words: it is kept.
    """
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.chdir(stack.enter_context(tempfile.TemporaryDirectory()))
        patch.setattr(deadline, "random", Dice)
        patch.setattr(deadline, "time", deadline.time)
        real, kept = redact.scrub, _kept(redact.scrub)
        for module in [each for name, each in sys.modules.items() if name.startswith("aicore_magics.")]:
            if vars(module).get("scrub") is real:
                patch.setattr(module, "scrub", kept)
        if bug:
            BUGS[bug](patch)
        yield


def _kept(scrub: Callable[..., str]) -> Callable[..., str]:
    """Give *scrub*, which looks up what it was asked before."""
    known: dict[Any, str] = {}

    def looked_up(text: str, *secrets: Secret, **how: Any) -> str:
        asked = (text, *(secret.reveal() for secret in secrets), *how.items())
        if asked not in known:
            known[asked] = scrub(text, *secrets, **how)
        return known[asked]

    return looked_up


def play(path: Path) -> Verdict:
    """Give the verdict on *path*. Only on a `stage`."""
    world = World(path)
    deadline.time = world.clock
    result: Any = None
    error: BaseException | None = None
    try:
        result = _act(path, Connection(_key(), transport=world))
    except AICoreError as raised:
        error = raised
    except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001
        error = fault
    return judged(world, result, error)


@cache
def _key() -> Any:
    return service_key_of(json.dumps(KEY), "the model's service key")


def _act(path: Path, tenant: Connection) -> Any:
    operation = path.operation.partition("-")[0]
    if operation == "delete":
        return delete_docker_secret(tenant, NAME, timeout=path.seconds)
    act = {"create": create_docker_secret, "apply": apply_docker_secret, "update": update_docker_secret}[
        operation
    ]
    login = RegistryLogin("ghcr.io", USER, Secret(PASSWORD))
    return act(tenant, NAME, [login], checking=CheckOptions(skip=True), timeout=path.seconds)


def judged(world: World, result: Any, error: BaseException | None) -> Verdict:
    """What was said, against what is true in the end."""
    said = "done"
    if error is not None:
        unknown, ours = isinstance(error, OutcomeUnknown), isinstance(error, AICoreError)
        said = "unknown" if unknown else "refused" if ours else "fault"
    text = str(error) if error is not None else repr(result)
    sent = [each for each in world.tries if each.answer.sent]
    now = world.clock.now
    waited = now - world.tries[-1].ended if world.tries else None
    if said == "done":
        untrue = _of_done(world, result)
    elif said == "refused":
        untrue = _of_refused(world, error, text)
    else:
        untrue = [f"a fault: {type(error).__name__}: {text[:80]}"] if said == "fault" else []
    if "NOT changed" in text and (world.holds() in ("", "ours") or world.changed):
        untrue.append("it says that the name exists and was not changed")
    if "has no secret" in text and world.holds():
        untrue.append("it says that there is no such secret")
    hidden = (*OPENS_AICORE, *(() if world.path.operation.startswith("delete") else STORED))
    if any(word in text for word in hidden):
        untrue.append("a secret is shown")
    # Ctrl-C in the middle of sending may come before or after it went out.
    if said == "unknown" and not sent and not world.path.stop:
        untrue.append("it says unknown where nothing was sent")
    return Verdict(
        path=world.path,
        said=said,
        kind=type(result if error is None else error).__name__,
        text=text,
        untrue=tuple(untrue),
        broken=frozenset(world.broken),
        knowable=knowable(world),
        waited=waited,
        over=tuple(_over(world, said, waited)),
        requests=world.requests,
        asked_for_more=len(world.tries) > len(world.path.tries),
        points=world.points,
        heard=tuple(world.heard),
    )


def _of_done(world: World, result: Any) -> list[str]:
    """What is not so, where it says done."""
    holds, operation = world.holds(), world.path.operation.partition("-")[0]
    if operation == "delete":
        return ["it says deleted, and it is there"] if holds else []
    untrue = [] if holds == "ours" else [f"it says stored, and there is {holds or 'nothing'}"]
    # A create in doubt that an apply makes sure of by an update: both are so.
    true = {
        "created": not world.old and "store" not in world.path.others,
        "replaced": any(each.method == "PATCH" for each in world.tries),
    }
    if not true[result.change]:
        untrue.append(f"it says {result.change}, and it was not so")
    return untrue


def _of_refused(world: World, error: Any, text: str) -> list[str]:
    """What is not so, where it says that nothing was changed."""
    untrue = ["it says that nothing was changed, and it was"] if world.changed else []
    sent = any(each.answer.sent for each in world.tries)
    if sent and (error.effect is Effect.NOTHING_SENT or "nothing was sent" in text.lower()):
        untrue.append("it says that nothing was sent, and it was")
    if isinstance(error, DockerSecretExists) and not world.holds():
        untrue.append("it says that the name is taken, and it is free")
    if isinstance(error, DockerSecretMissing) and world.holds():
        untrue.append("it says that there is no such name, and there is")
    return untrue


def _over(world: World, said: str, waited: float | None) -> Iterator[str]:
    """The limits of time that the word came after."""
    path = world.path
    if world.clock.now - world.began > path.seconds + TOLERANCE:
        yield f"the word comes after {world.clock.now - world.began:.1f} s, of {path.seconds:g} s"
    if waited is None or path.stop or path.token:
        return
    slow = SLOW_LOOK if path.looks == "slow" else 0.0
    limit = LONGEST + slow
    if said == "refused" and _refused_itself(world):
        limit = 0.0
    if waited > limit + TOLERANCE:
        yield f"{said} comes {waited:.1f} s after the last answer, not within {limit:g} s"


def _refused_itself(world: World) -> bool:
    """Whether AI Core itself refused everything that came to it."""
    return all(each.answer.refuses(each.method) or not each.answer.sent for each in world.tries)


def knowable(world: World) -> bool:
    """Whether the truth could be known, inside the assumptions and with time enough.

    From AI Core's own answers: it refused everything that came to it, or it accepted an update, which holds
    the whole secret. Or from looks at any time in the ten seconds after the last try, but for an update: no
    look tells an old login from a new one.
    """
    if world.broken or world.path.stop:
        return False
    if _refused_itself(world):
        return True
    last = world.tries[-1]
    if last.method == "PATCH":
        return last.answer.accepts
    enough = world.path.seconds - (last.ended - world.began) >= ENOUGH
    return enough and _looks_tell(world, last)


def _looks_tell(world: World, last: Try) -> bool:
    """Whether looks in the ten seconds after the *last* try tell what came of them all.

    Where AI Core says two things, that is unknown: it accepted, and they show nothing of it; or the name was
    taken when our first write came, and they showed nobody's before.
    """
    if last.method == "POST" and world.tries[0].answer.says_taken:
        return False
    accepted = any(each.answer.accepts for each in world.tries)
    # Whenever something changes: what is there, or whether looks are right.
    moments = {*TURNS, *(round(deed.due - last.ended, 3) for deed in world.deeds)}
    for since in sorted(moment for moment in moments if 0 <= moment <= VISIBLE_WITHIN):
        at = last.ended + since + TOLERANCE
        if could_look(world.path.looks, since):
            if bool(world.holds(at)) == (last.method == "POST"):
                return True
            if at >= last.begun + VISIBLE_WITHIN:
                return not accepted
    return False
