"""`python -m tests.rotation.stress [--rounds N]`: kill -9 at random moments of a rotation, and what is told.

Three tenants of a sandbox, twenty secrets. Each round rotates their login in a process that is killed, in
some weather, resumes in another, and undoes in a third. After each, what was told, what the journal says and
what the record knows are held against what the servers hold, and heard.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from aicore_magics.actions import connect_with
from aicore_magics.actions.recording import ledger_of
from aicore_magics.base.redact import Secret
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.names import SecretName
from aicore_magics.rotation.journal import runs
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from aicore_magics.sandbox import start
from tests.rotation.weather import WEATHERS, Before, BeforeRegistry, Sky, password_of
from tests.waiting import until

TENANTS = {"dev": 7, "test": 7, "prod": 6}
DOWN = "test"
IMAGES = ("acme/churn:1.4", "acme/forecast:3.1")
USER = "bot"
MOST_RESUMES = 6
LONGEST = 120.0  # seconds for one act
# Out of ten kills so many at any moment; the others just before or after a write is applied.
AT_ANY_TIME = 5


@dataclass
class Table:
    """What was counted, in all."""

    counts: Counter = field(default_factory=Counter)
    untrue: list = field(default_factory=list)

    def __str__(self):
        width = max(map(len, self.counts), default=0)
        rows = [f"  {name:<{width}}  {self.counts[name]:>7}" for name in sorted(self.counts)]
        return "\n".join([*rows, f"{len(self.untrue)} untrue"])


class Stand:
    """The sandbox, the process that makes others, and what both are asked."""

    def __init__(self, stack, table):
        self.table, self.sky = table, Sky()
        self.sandbox = stack.enter_context(start())
        self.registry = self.sandbox.registry
        self.tenants = {name: self.sandbox.tenant(name) for name in TENANTS}
        self.connections = {
            name: connect_with(tenant.service_key, sandbox=True) for name, tenant in self.tenants.items()
        }
        for connection in self.connections.values():
            connection.close()  # whoever is connected from now on is a child
        for name, tenant in self.tenants.items():
            server, full = tenant.server, self.connections[name].tenant
            server.application = Before(
                self.sky,
                full,
                server.application,
                IMAGES,
                wait=server.stopping.wait,
                may_be_down=name == DOWN,
            )
        for server in self.registry.servers:
            server.application = BeforeRegistry(self.sky, server.application)
        self.maker = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "tests.rotation.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        stack.callback(self.maker.stdin.close)
        self.scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))

    def login(self, number):
        """Another login: of a kind that has a fingerprint, and every third of one that has none."""
        shape = "opaque" if number % 3 == 2 else "jwt"
        made = self.registry.make_login(USER, life=timedelta(days=90), shape=shape)
        return RegistryLogin(self.registry.host, USER, Secret(made.password))

    def wait(self):
        """Wait until all clients have left: what a killed process has sent is then applied, or never is."""
        until(lambda: not any(tenant.server.connections for tenant in self.tenants.values()))

    def truth(self):
        """The password that each secret holds."""
        return {
            f"{self.connections[name].tenant} {secret}": password_of(content)
            for name, tenant in self.tenants.items()
            for secret, content in dict(tenant.state.secrets).items()
        }


class Round:
    """One rotation, from its plan to its undo."""

    def __init__(self, stand, number, weather):
        self.stand, self.weather, self.number = stand, weather, number
        self.count, self.untrue = stand.table.counts, stand.table.untrue
        self.state = stand.scratch / f"state-{number}"
        self.state.mkdir()
        self.old, self.new = stand.login(number), stand.login(number)
        # The record of a sandbox lies in the folder for what is temporary: each round has one of its own.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AICORE_MAGICS_STATE", str(self.state))
            patch.setattr(tempfile, "tempdir", str(self.state))
            self.ledger = ledger_of(next(iter(stand.connections.values())))
        self.prints = Fingerprints(self.ledger.folder)
        self.plan = self._set_up()

    def _set_up(self):
        """Let all secrets hold the old login, and the record know it."""
        host = self.stand.registry.host
        images = tuple(f"{host}/{image}" for image in IMAGES)
        noted = NotedLogin(registry=host, username=USER, key=host, fingerprint=self.prints.of(self.old))
        planned, records = [], []
        for name, many in TENANTS.items():
            tenant, state = self.stand.connections[name], self.stand.tenants[name].state
            for number in range(many):
                secret = f"{name}-{number}"
                made = DockerSecret(SecretName.parse(secret), (self.old,))
                state.secrets[secret] = made.dockerconfigjson().reveal()
                where = {"tenant": tenant.tenant, "host": tenant.host}
                records.append(
                    Record(
                        **where,
                        secret=secret,
                        op="created",
                        logins=(noted,),
                        images=tuple(map(NotedImage, images)),
                    )
                )
                held = HeldLogin(host, USER, host)
                planned.append(PlannedSecret(**where, name=secret, login=held, images=images))
        fault = self.ledger.write(*records)
        assert not fault, fault
        return Plan.of(host, USER, planned)

    def play(self, kill):
        """Rotate and be killed at *kill*, resume, undo. Give the seconds of the rotation."""
        self.act("rotate", self.weather, kill)
        took = self.took
        self.to_the_end("resume")
        # An undo is killed as well now and then.
        again = Strike(kill.number, kill.when) if isinstance(kill, Strike) else kill
        self.act("undo", self.weather, again if self.number % 4 == 0 else None)
        self.to_the_end("resume", undoes=True)
        return took

    def to_the_end(self, act, *, undoes=False):
        """Go on until nothing is left, or the tenant that is down is all that is left."""
        for again in range(MOST_RESUMES):
            open_runs = [run for run in self.runs() if run.open and bool(run.undoes) == undoes]
            if not open_runs:
                return
            calm = "down" if self.weather == "down" else "calm" if again else self.weather
            said = self.act(act, calm, None, undoes=undoes)
            left = {
                place.split()[0].rpartition(":")[2]
                for place, state in said.get("states", {}).items()
                if state not in ("replaced", "the same")
            }
            if self.weather == "down" and left == {DOWN}:
                self.count["ends with one tenant down"] += 1
                return
        self.untrue.append(f"round {self.number}: {act} does not come to an end: {said}")

    def runs(self):
        return runs(self.ledger.read().records)

    def act(self, act, weather, kill, *, undoes=False):
        """Do one act in a process of its own; judge it; give what it told."""
        back = act == "undo" or undoes
        login = self.old if back else self.new
        before = self.stand.truth()
        known_before = {f"{e.planned.tenant} {e.planned.secret}": e.state for e in self.states()}
        strike = kill if isinstance(kill, Strike) else None
        self.stand.sky.begin(weather, strike)
        order = {
            "act": act,
            "state": str(self.state),
            "keys": [tenant.service_key for tenant in self.stand.tenants.values()],
            "logins": [(login.key, USER, login.password.reveal())],
            "plan": json.dumps(self.plan.to_data()),
            "timeout": 30.0,
            "another": False,
        }
        said = self.processed(order, kill)
        self.stand.wait()
        self.judge(act, said, before, known_before, login)
        return said

    def processed(self, order, kill):
        """Let a process do it, and kill that; give what it told, if it came to that."""
        maker, said = self.stand.maker, {}
        begin = time.monotonic()
        maker.stdin.write(f"{json.dumps(order)}\n")
        maker.stdin.flush()
        process = json.loads(maker.stdout.readline())["process"]
        timer = None
        if isinstance(kill, Strike):
            kill.process = process
        # Also an end for what hangs.
        seconds = kill if isinstance(kill, float) else LONGEST
        timer = threading.Timer(seconds, Strike.kill, (process,))
        timer.start()
        while "ended" not in (line := json.loads(maker.stdout.readline())):
            said = line
        self.took = time.monotonic() - begin
        timer.cancel()
        if line["ended"] == -signal.SIGKILL:
            self.count["killed"] += 1
            if kill is None:
                self.untrue.append(f"round {self.number}: {order['act']} took more than {LONGEST} s")
        if said.get("came") == "fault":
            self.untrue.append(f"round {self.number}: {order['act']}: {said['what']}")
        return said

    def states(self):
        """What the journal of the last run says of each secret."""
        found = self.runs()
        return found[-1].secrets if found else ()

    def journal_wants(self):
        """The password that the last run brings: a process may be killed before it begins another."""
        found = self.runs()
        return (self.old if found and found[-1].undoes else self.new).password.reveal()

    def judge(self, act, said, before, known_before, login):
        """Hold what was told, what is written down, and what was heard against what is true."""
        truth, wanted = self.stand.truth(), login.password.reveal()
        writes = self.stand.sky.writes
        where = f"round {self.number}, {self.weather}, {act}"
        wrong = self.untrue
        self.count["acts"] += 1
        self.count["writes"] += len(writes)
        told = said.get("states", {})
        for place, state in told.items():
            self.count[f"told {state}"] += 1
            holds = "wanted" if truth[place] == wanted else "before" if truth[place] == before[place] else "?"
            sent = [each for each in writes if each.place == place]
            right = {
                "replaced": holds == "wanted",
                "the same": holds == "wanted" and not sent,
                "refused": truth[place] == before[place],
                "not begun": truth[place] == before[place],
                "unknown": True,
            }.get(state, False)
            if not right:
                wrong.append(f"{where}: {place} is told {state}, and holds {holds}")
            if state == "unknown":
                self.count[f"  unknown, {self._knowable(sent, known_before.get(place))}"] += 1
        wanted = self.journal_wants()
        for each in self.states():
            place = f"{each.planned.tenant} {each.planned.secret}"
            state = {"same": "the same"}.get(each.state, each.state)
            self.count[f"journal {state}"] += 1
            if state in ("replaced", "the same") and truth[place] != wanted:
                wrong.append(f"{where}: the journal says {state} of {place}, which it is not")
            if state in ("refused", "not begun") and truth[place] == wanted != before[place]:
                wrong.append(f"{where}: the journal says {state} of {place}, which was replaced")
            if told and told.get(place) != state and {told.get(place), state} != {"refused", "not begun"}:
                wrong.append(f"{where}: {place} is told {told.get(place)}, and the journal says {state}")
            if state == "unknown" and not told:
                sent = [one for one in writes if one.place == place]
                self.count[f"  after kill unknown, {self._knowable(sent, known_before.get(place))}"] += 1
        self._judge_known(where, truth)
        self._judge_writes(where, writes, known_before)

    @staticmethod
    def _knowable(sent, before):
        if before == "unknown":
            return "as before"
        if not sent:
            return "never sent"
        return "accepted" if sent[-1].end == "202" else "in doubt"

    def _judge_known(self, where, truth):
        marks = {self.prints.of(each): each.password.reveal() for each in (self.old, self.new)}
        for each in self.ledger.read().known():
            place = f"{each.record.tenant} {each.record.secret}"
            mark = each.record.logins[0].fingerprint
            if each.in_doubt or not mark:
                continue
            self.count["known for sure"] += 1
            if marks[mark] != truth[place]:
                self.untrue.append(f"{where}: the record is wrong about {place}")

    def _judge_writes(self, where, writes, known_before):
        ends = {}
        for each in writes:
            self.count[f"  write ended {each.end}"] += 1
            if not each.tested:
                self.untrue.append(f"{where}: {each.place} was written without a test")
            ends.setdefault(each.place, []).append(each.end)
        for place, those in ends.items():
            self.count["written again after a doubt"] += len(those) - 1
            if "202" in those[:-1]:
                self.untrue.append(f"{where}: {place} was written again after {those}")
            if where.endswith("resume") and known_before.get(place) in ("replaced", "same"):
                self.untrue.append(f"{where}: {place} was written again, and had it")
            if where.endswith("resume") and known_before.get(place) == "unknown":
                self.count["resumed after unknown"] += 1


class Strike:
    """kill -9 at the write of that number, just before or just after it is applied."""

    def __init__(self, number, when):
        self.number = self.left = number
        self.when, self.process = when, 0

    def __call__(self, when):
        if when == self.when:
            self.left -= 1
            if not self.left and self.process:
                self.kill(self.process)

    @staticmethod
    def kill(process):
        """End that process, which the maker has not waited for yet, or has."""
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            return


def storm(numbers, *, weathers=WEATHERS, seed=None, whole=0.0, say=lambda _: None):
    """Play the rounds of these numbers, one weather after another; give the table.

    *whole* are the seconds that a rotation takes; without them one is measured first.
    """
    random.seed(seed)
    table = Table()
    with ExitStack() as stack:
        stand = Stand(stack, table)
        whole = whole or Round(stand, -1, "calm").play(None)
        for number in numbers:
            if number % 10 < AT_ANY_TIME:
                kill = random.uniform(0.0, whole * 1.1)
            else:
                kill = Strike(random.randint(1, sum(TENANTS.values())), random.choice(("before", "after")))
            Round(stand, number, weathers[number % len(weathers)]).play(kill)
            say(f"{number + 1}: {len(table.untrue)} untrue {table.untrue[-1:]}")
    return table


def main():
    """Print the table, and what is untrue."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    given = parser.parse_args()
    begin = time.monotonic()
    table = storm(range(given.rounds), seed=given.seed, say=lambda line: sys.stderr.write(f"{line}\n"))
    sys.stdout.write(f"{given.rounds} rounds in {time.monotonic() - begin:.0f} s\n{table}\n")
    sys.stdout.write("".join(f"{line}\n" for line in table.untrue[:50]))
    return bool(table.untrue)


if __name__ == "__main__":
    sys.exit(main())
