"""What a host may do with a request instead of doing what it is asked."""

from __future__ import annotations

import json
import threading
import time
from email.utils import formatdate
from typing import TYPE_CHECKING

from tests.faults.hosts import Reply
from tests.faults.world import World, echo, envelope

if TYPE_CHECKING:
    from tests.faults.hosts import Asked, Wire
    from tests.faults.world import Act

ACCEPTED = Reply(202, b'{"message": "Secret has been created"}')
BUSY = envelope(429, "too many requests")


def says(reply: Reply, **headers: str) -> Act:
    """Answer with *reply*, and do nothing."""
    told = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    whole = Reply(reply.status, reply.body, reply.kind, (*reply.headers, *told), reply.ahead)
    return lambda world, wire, asked: wire.say(whole)


def waits_until(seconds: float, *, ahead: float = 0.0) -> Act:
    """Ask to wait until a date, by a clock that is *ahead* of that of this machine."""

    def act(_world: World, wire: Wire, _asked: Asked) -> None:
        # Dates have no fractions.
        until = formatdate(time.time() + ahead + seconds, usegmt=True)
        wire.say(Reply(BUSY.status, BUSY.body, BUSY.kind, (("Retry-After", until),), ahead))

    return act


def done(then: Act) -> Act:
    """Do what is asked, and then only *then*."""

    def act(world: World, wire: Wire, asked: Asked) -> None:
        world.perform("api", asked)
        then(world, wire, asked)

    return act


def interim(code: int, then: Act) -> Act:
    """Say that it goes on, with *code*, before *then*."""

    def act(world: World, wire: Wire, asked: Asked) -> None:
        wire.say(Reply(code))
        then(world, wire, asked)

    return act


def complies(world: World, wire: Wire, asked: Asked) -> None:
    """Do what is asked, as the API does it where all is well."""
    wire.say(world.perform("api", asked))


def performs(world: World, wire: Wire, asked: Asked) -> None:
    """Do as a token host does with which all is well."""
    wire.say(world.perform("token", asked))


def silent(_world: World, wire: Wire, _asked: Asked) -> None:
    """Never answer."""
    wire.silence()


def reset(_world: World, wire: Wire, _asked: Asked) -> None:
    """Break off with a reset."""
    wire.reset()


def cut(_world: World, wire: Wire, _asked: Asked) -> None:
    """Answer with half of a body."""
    wire.cut(ACCEPTED)


def drips(_world: World, wire: Wire, _asked: Asked) -> None:
    """Answer a byte at a time, for ever."""
    wire.drip(Reply(202, b" " * 1000))


def redirects(status: int, world: World, wire: Wire, asked: Asked) -> None:
    """Send the client to the other host."""
    wire.say(Reply(status, b"", headers=(("Location", world.other_url + asked.path),)))


def echoes(status: int, kind: str, world: World, wire: Wire, asked: Asked) -> None:
    """Refuse, and repeat all that was sent."""
    told = echo(world, asked)
    if kind == "text/plain":
        wire.say(Reply(status, told.encode(), kind))
    elif "oauth" in asked.path:
        wire.say(Reply(status, json.dumps({"error": told, "error_description": told}).encode()))
    else:
        wire.say(envelope(status, told))


def expired(world: World, wire: Wire, asked: Asked) -> None:
    """Let all tokens be over by now."""
    world.valid.clear()
    wire.say(world.perform("api", asked))


def wants_merge_patch(world: World, wire: Wire, asked: Asked) -> None:
    """Take no other type than SAP's document names."""
    fine = asked.headers.get("content-type", "") == "application/merge-patch+json"
    wire.say(world.perform("api", asked) if fine else envelope(415, "unsupported media type"))


def closes(host: str, world: World, wire: Wire, asked: Asked) -> None:
    """Answer, and close the connection without a word about it."""
    wire.say(world.perform(host, asked))
    wire.close()


def interrupts(then: Act, world: World, wire: Wire, asked: Asked) -> None:
    """Let the user press Ctrl-C a moment later, and meanwhile do *then*."""
    threading.Timer(0.3, world.press_ctrl_c).start()
    then(world, wire, asked)


def status(code: int, body: bytes = b"", **headers: str) -> Act:
    """Give an act that answers with *code*, in AI Core's own form unless there is a *body*."""
    return says(Reply(code, body) if body else envelope(code, "trouble"), **headers)
