"""One scenario played with the real actions, and what is untrue in what they said and wrote down."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import string
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aicore_magics.actions import rotation_job
from aicore_magics.actions.rotations import RotationOptions, resume_rotation, rotate, undo_rotation
from aicore_magics.base.redact import Secret
from aicore_magics.errors import OutcomeUnknown, RotationIncomplete, RotationRefused, Stopped
from aicore_magics.http import deadline, pacer
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.rotation import engine, writes
from aicore_magics.rotation.journal import runs
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from tests.clock import Clock
from tests.interrupts import traced
from tests.rotation.model import Claim, World, failing_journal

HOST = "ghcr.io"
_LETTERS = string.ascii_letters + string.digits
UNDER_WAY = ("waiting", "testing", "replacing")


def token(*, machine):
    """A password: a token that a machine made, or what a person may have chosen."""
    return ("ghp_" if machine else "Pw.") + "".join(secrets.choice(_LETTERS) for _ in range(36))


@contextlib.contextmanager
def stage(scenario):
    """Set a scenario up: its time passes by itself, and pauses are short."""
    with contextlib.ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        patch.setenv("AICORE_MAGICS_STATE", str(folder))
        patch.setattr(os, "fsync", lambda _descriptor: None)  # a slow disk is tried elsewhere
        patch.setattr(pacer, "OWN_PAUSE", 0.01)
        patch.setattr(engine, "GRACE", 0.1)
        patch.setattr(writes, "LATE", 0.0)
        from aicore_magics.actions.recording import ledger_of

        made = Stage(scenario, ledger_of(None).folder, patch)
        patch.setattr(deadline, "time", made.clock)
        yield made


@dataclass
class Stage:
    """The servers of a scenario, the record of this machine, and the two logins."""

    scenario: object
    folder: Path
    patch: object
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self):
        scenario = self.scenario
        self.old, self.new = (
            RegistryLogin(HOST, user, Secret(token(machine=scenario.token))) for user in ("anna", "anna")
        )
        self.worlds = [World(at, scenario, self.clock, self.folder) for at in range(len(scenario.secrets))]
        self.connections = [world.connection() for world in self.worlds]
        self.claims = []
        planned = []
        prints = Fingerprints(self.folder)
        records = []
        noted = NotedLogin(registry=HOST, username="anna", key=HOST, fingerprint=prints.of(self.old))
        for world, names in zip(self.worlds, scenario.secrets, strict=True):
            for name in names:
                if name not in scenario.missing:
                    world.secrets[name] = self.content(self.old)
                held = HeldLogin(HOST, "anna", HOST)
                planned.append(PlannedSecret(world.tenant, world.host, name, held))
                records.append(
                    Record(tenant=world.tenant, host=world.host, secret=name, op="created", logins=(noted,))
                )
        self.plan = Plan.of(HOST, "anna", planned)
        self.ledger = Ledger(self.folder)
        assert not self.ledger.write(*records)

    @staticmethod
    def content(login):
        return login.password.reveal()

    def password_in(self, world, name):
        held = world.holds(name)
        if held is None or not held.startswith("{"):
            return held
        return json.loads(held)["auths"][HOST]["password"]

    def world_of(self, place):
        return next(world for world in self.worlds if world.tenant == place[1])

    def holds(self, place):
        """What the server has: `old`, `new`, or nothing."""
        password = self.password_in(self.world_of(place), place[2])
        return {self.old.password.reveal(): "old", self.new.password.reveal(): "new"}.get(password, "")

    def reconnect(self):
        """Forget all that a process knows of what it sent."""
        self.connections = [world.connection() for world in self.worlds]

    def before(self):
        """What each secret holds by now."""
        return {secret.place: self.holds(secret.place) for secret in self.plan.secrets}

    def sent(self):
        """Each write of this act."""
        return [each for world in self.worlds for each in world.sent]

    def left(self, said):
        """Name what a resume or an undo in good weather leaves undone."""
        if said.outcomes is None:
            return []  # there was nothing to do, which is judged elsewhere
        return [
            f"{place[2]} is {state} after all went well"
            for place, state in said.states.items()
            if state not in ("replaced", "the same") and self.holds(place)
        ]

    def act(self, what, trace=None, *, scenario=None):
        """Do *what*: rotate, resume or undo; give what came of it."""
        scenario = scenario or self.scenario
        self.journal_failed = bool(scenario.journal[0])
        for world in self.worlds:
            world.scenario, world.closed = scenario, False
            world.tries = {name: list(ends) for name, ends in scenario.tries}
            world.sent.clear()
            world.gate.clear()
        options = RotationOptions(unchecked=(HOST,), workers=scenario.workers, timeout=scenario.timeout)
        acts = {
            "rotate": lambda: rotate(self.plan, self.connections, [self.new], options),
            "resume": lambda: resume_rotation(self.connections, [self.new], options=options),
            "undo": lambda: undo_rotation(self.connections, [self.old], options=options),
        }
        with self.patch.context() as patch:
            patch.setattr(rotation_job, "claim", lambda _folder, _run: Claim(scenario.lost))
            with failing_journal(patch, scenario.journal[0], written=scenario.journal[1]):
                came = traced(acts[what], trace)
                sys.setprofile(None)  # the second Ctrl-C, if it has not come
                return Said(self, what, came)

    def settle(self):
        """Let all that is under way end, and all that comes late come."""
        for world in self.worlds:
            world.closed = True
            world.gate.set()
        for thread in threading.enumerate():
            if thread.name.startswith("aicore-magics-"):
                thread.join(10)
        self.clock.now += 30


class Said:
    """What was said of one act, held against what is true."""

    def __init__(self, stage, what, came):
        self.stage, self.came = stage, came
        self.wanted, self.former = ("old", "new") if what == "undo" else ("new", "old")
        result = came.result if isinstance(came, RotationIncomplete) else came
        self.outcomes = getattr(result, "outcomes", None)

    @property
    def states(self):
        return {each.secret.place: each.state for each in self.outcomes.each} if self.outcomes else {}

    def untrue(self, before):
        """Say what is wrong; *before* is what each secret held when the act began."""
        stage, wrong = self.stage, []
        if isinstance(self.came, (Stopped, RotationRefused)) and stage.sent():
            wrong.append(f"{self.came!r} though something was sent")
        known = (Stopped, RotationRefused, RotationIncomplete, OutcomeUnknown)
        if self.outcomes is None and not isinstance(self.came, known):
            wrong.append(f"a fault: {self.came!r}")
        for place, state in self.states.items():
            wrong += self._of(place, state, before[place])
        wrong += [f"{each.name} was sent, and not noted before" for each in stage.sent() if not each.noted]
        late = sum(world.late for world in stage.worlds)
        wrong += [f"{late} were sent when all was said"] if late else []
        return [*wrong, *self._journal_wrong(), *self._needless()]

    def _of(self, place, state, before):
        holds = self.stage.holds(place)
        sent = any(each.name == place[2] for each in self.stage.sent())
        gone = "" if holds else "gone"
        right = {
            "replaced": holds == self.wanted,
            "refused": bool(gone) or holds == before,
            "not begun": bool(gone) or holds == before,
            "unknown": True,
            "the same": holds == self.wanted and not sent,
        }.get(state, False)
        return [] if right else [f"{place[2]} is told {state}, and holds {holds or 'nothing'}"]

    def _journal_wrong(self):
        stage = self.stage
        reading = stage.ledger.read()
        found = runs(reading.records)
        wrong = []
        for each in found[-1].secrets if found else ():
            holds, state = stage.holds(each.planned.place), each.state
            right = {"replaced": self.wanted, "same": self.wanted}.get(state, holds)
            if holds != right and holds:
                wrong.append(f"the journal says {state} of {each.planned.secret}, which holds {holds}")
            told = self.states.get(each.planned.place, "").replace("the same", "same")
            if told and told != state and not self._may_differ(told, state):
                wrong.append(f"{each.planned.secret} is told {told}, and the journal says {state}")
        marks = {
            Fingerprints(stage.folder).of(login): name
            for login, name in ((stage.old, "old"), (stage.new, "new"))
        }
        for each in reading.known():
            holds = stage.holds(each.record.place)
            if stage.scenario.token and not each.in_doubt and holds:
                noted = marks[each.record.logins[0].fingerprint]
                if noted != holds:
                    wrong.append(f"{each.record.secret} is known to hold {noted}, and holds {holds}")
        return wrong

    def _may_differ(self, told, state):
        """Where nothing could be written down, the journal knows less; a refusal is not begun, too."""
        if state == "unknown" and getattr(self.stage, "journal_failed", False):
            return True
        return {told, state} in ({"refused", "not begun"}, {"unknown", "refused"}, {"unknown", "not begun"})

    def _needless(self):
        """Name the secrets that were written again after an answer that left no doubt."""
        ends = {}
        for each in self.stage.sent():
            ends.setdefault((each.name, each.content), []).append(each.end)
        return [
            f"{name} was sent again after {ends[:-1]}"
            for (name, _), ends in ends.items()
            if any(end.startswith(("202", "slow")) for end in ends[:-1])
        ]
