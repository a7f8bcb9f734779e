from __future__ import annotations

import os
import subprocess
import sys

import pytest

from aicore_magics.ledger.owner import Owner
from tests.ledger.acts import NO_PROCESS

HERE = Owner.here()


@pytest.mark.parametrize(
    ("owner", "is_gone"),
    [
        (HERE, False),
        (HERE.nobody, True),
        (Owner(HERE.machine, NO_PROCESS, 5), True),
        (Owner(HERE.machine, os.getpid(), HERE.start + 1), True),  # the number is another process's now
        (Owner(HERE.machine, os.getpid(), 0), False),
        (Owner("0" * 16, NO_PROCESS, 5), False),
        (Owner(HERE.machine, 10**9, 5), True),
    ],
)
def test_who_has_ended(owner, is_gone):
    """A process of this machine that cannot be found has ended; of another machine nobody knows."""
    assert owner.is_gone(HERE) is is_gone
    assert Owner.parse(str(owner)) == owner


def test_a_process_that_nobody_has_waited_for():
    """One that was killed and is still listed has ended."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    owner = Owner(HERE.machine, child.pid, 0)
    assert not owner.is_gone(HERE)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert owner.is_gone(HERE)
    child.wait()
    child.stdin.close()


def test_machines_are_told_apart():
    """Another name is another machine, and its text says nothing of it."""
    other = Owner.here("hub-7.example.com")
    assert other.machine != HERE.machine
    assert "hub" not in str(other)


@pytest.mark.parametrize("text", ["", "x", "0-1.1", f"{16 * '0'}-1", f"{16 * '0'}-1.1 "])
def test_what_is_no_owner(text):
    """Other texts are refused."""
    with pytest.raises(ValueError, match="no owner"):
        Owner.parse(text)
