"""What a run writes before and after each wave, and what is read of it, however it was cut off."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.record import NotedLogin
from aicore_magics.ledger.state import needed, visible
from aicore_magics.rotation.journal import Journal, runs
from tests.ledger.acts import left_by, record
from tests.waiting import until

RUN = "r1201-ghcr"
NOW = 500 * 86_400 * 10**9
OLD = NotedLogin(registry="ghcr.io", username="anna", fingerprint="0ld")
NEW = NotedLogin(registry="ghcr.io", username="anna", fingerprint="ne3")
OTHER = NotedLogin(registry="quay.io", username="acme+pull")


def planned(number=0, **changes):
    return record(number, **({"op": "planned", "logins": (OTHER, OLD)} | changes))


def sending(number=0, **changes):
    return record(number, op="replaced", outcome="unknown", **({"logins": (OTHER, NEW)} | changes))


def done(doubt, **changes):
    return doubt.with_(outcome="done", **changes)


def refused(doubt, **changes):
    return doubt.with_(op="refused", outcome="done", of=doubt.id, **({"detail": "it says 403"} | changes))


def same(number=0, **changes):
    return record(number, op="same", logins=(NEW,), **changes)


def over(**changes):
    return record(op="run ended", secret="", logins=(), images=(), **changes)


def states(run):
    return [(secret.planned.secret, secret.state) for secret in run.secrets]


def test_a_run(tmp_path, monkeypatch):
    """It is written with one sync a wave, and read as it stands after each."""
    ledger, synced = Ledger(tmp_path / "ledger"), []
    ledger.append(record(9))
    monkeypatch.setattr(os, "fsync", synced.append)
    journal = Journal(ledger, RUN)

    def stands(*expected):
        (run,) = runs(ledger.read().records)
        assert [secret.state for secret in run.secrets] == list(expected)
        assert run.count(expected[0]) == expected.count(expected[0])
        assert run.open
        return run

    assert journal.begin([planned(number, undoes="r1130-ghcr") for number in (2, 0, 1, 3)]) == ""
    begun = stands("not begun", "not begun", "not begun", "not begun")
    assert (begun.id, begun.undoes, begun.login, begun.notebook) == (RUN, "r1130-ghcr", None, "train.ipynb")
    canary = sending(2)
    assert journal.wave([], [canary]) == ""
    assert stands("unknown", "not begun", "not begun", "not begun").login == NEW
    wave = [sending(0), sending(1)]
    assert journal.wave([done(canary)], wave) == ""
    stands("replaced", "unknown", "unknown", "not begun")
    assert journal.end([done(wave[0]), refused(wave[1]), same(3)], None) == ""
    stands("replaced", "replaced", "refused", "same")
    assert len(synced) == 4
    assert journal.end([], over()) == ""
    (run,) = runs(ledger.read().records)
    assert run.ended
    assert not run.open
    assert [secret.planned.secret for secret in run.secrets] == [
        f"secret-{number}" for number in (2, 0, 1, 3)
    ]
    assert run.secrets[2].detail == "it says 403"
    assert all(secret.at and NEW in secret.login for secret in run.secrets)
    assert run.begun <= run.last


def test_nothing_to_write(tmp_path):
    """A wave of nothing is no write, and fails nowhere."""
    journal = Journal(Ledger(tmp_path / "ledger"), RUN)
    assert (journal.begin([]), journal.wave([], []), journal.end([], None)) == ("", "", "")
    assert not (tmp_path / "ledger").exists()


def test_the_reason_is_told_each_time(tmp_path):
    """What is not on the disk is told at each wave, for nothing may be sent then."""
    (tmp_path / "file").write_text("x")
    for ledger, reason in (
        (Ledger(tmp_path / "file"), "a file is in the place of its folder"),
        (Ledger(None), "AICORE_MAGICS_STATE turns it off"),
    ):
        journal = Journal(ledger, RUN)
        assert [journal.begin([planned()]), journal.wave([], [sending()]), journal.end([], over())] == 3 * [
            reason
        ]


class Interrupted(Ledger):
    """A ledger in the middle of whose write Ctrl-C comes."""

    def write(self, *records):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        threading.Event().wait(0.2)
        return super().write(*records)


def test_ctrl_c_lets_a_write_finish(tmp_path):
    """When Ctrl-C is raised, what was about to be sent is on the disk: in doubt, never unsaid."""
    ledger = Interrupted(tmp_path / "ledger")
    with pytest.raises(KeyboardInterrupt):
        Journal(ledger, RUN).wave([planned()], [sending()])
    (run,) = runs(Ledger(ledger.folder).read().records)
    assert states(run) == [("secret-0", "unknown")]


@pytest.mark.enumerates
def test_ctrl_c_at_any_time(tmp_path):
    """Once Ctrl-C is raised, nothing more is written: a write was over by then, or is never made."""
    ledger = Ledger(tmp_path / "ledger")
    ledger.append(record())
    for number in range(40):
        wave = [planned(), sending()]
        timer = threading.Timer(
            number / 20_000, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)
        )
        with suppress(KeyboardInterrupt), suppress(KeyboardInterrupt):  # it may strike at the end of one
            timer.start()
            Journal(ledger, RUN).begin(wave)
            timer.join()
        at_once = {each.id for each in ledger.read().records}
        until(lambda: all(not thread.name.endswith("-journal") for thread in threading.enumerate()))
        assert {each.id for each in ledger.read().records} == at_once
        assert len(at_once & {each.id for each in wave}) in (0, 2)
        timer.join()


def test_a_run_keeps_its_name(tmp_path):
    """A record that names another run is of that one: so an undo ends the run that it undoes."""
    ledger = Ledger(tmp_path / "ledger")
    assert Journal(ledger, RUN).begin([planned(1)]) == ""
    undo = Journal(ledger, "r1201-ghcr-2")
    assert undo.begin([planned(1, undoes=RUN)]) == ""
    assert undo.end([over(run=RUN)], None) == ""
    assert [(run.id, run.undoes, run.open) for run in runs(ledger.read().records)] == [
        (RUN, "", False),
        ("r1201-ghcr-2", RUN, True),
    ]


def test_a_clock_that_was_set_back(tmp_path):
    """What a run writes after its cut is later than all before, as long as that was not a day ahead."""
    for hours, is_later in ((5, True), (50, False)):
        ahead = sending(time=record().time + hours * 3_600 * 10**9, run=RUN)
        folder = tmp_path / str(hours)
        left_by(folder, planned(time=ahead.time - 1, run=RUN), ahead)
        (before,) = runs(Ledger(folder).read().records)
        journal = Journal(Ledger(folder), RUN, since=before.time)
        assert journal.wave([replace(done(ahead), time=5 if is_later else record().time)], []) == ""
        (run,) = runs(Ledger(folder).read().records)
        assert states(run) == [("secret-0", "replaced")]
        assert (run.time > before.time) is is_later


A, B = sending(id="a"), sending(id="b")
ENDS = {  # what stands in the journal of one secret, and what that comes to
    "nothing": ([], "not begun"),
    "sent": ([A], "unknown"),
    "sent, done": ([A, done(A)], "replaced"),
    "sent, refused": ([A, refused(A)], "refused"),
    "the same": ([same()], "same"),
    "refused before it was sent": ([record(op="refused", detail="no login")], "refused"),
    "sent, sent again": ([A, B], "unknown"),
    "sent, sent again, done": ([A, B, done(B)], "replaced"),
    "sent, sent again, the second refused": ([A, B, refused(B)], "unknown"),
    "sent, sent again, the first refused": ([A, B, refused(A)], "unknown"),
    "sent, sent again, both refused": ([A, B, refused(A), refused(B)], "refused"),
    "refused, sent again, done": ([A, refused(A), B, done(B)], "replaced"),
    "done, then in doubt": ([A, done(A), B], "unknown"),
    "refused, read before it is sent": ([refused(A), A], "refused"),
    "done of a named one, read before it is sent": ([done(A, of="a"), A], "replaced"),
    "done of another, read before it is sent": ([done(A), A], "unknown"),
    "of another op": ([record(op="deleted"), record(op="noted"), record()], "not begun"),
}


@pytest.mark.parametrize(("records", "state"), ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("plans", [1, 3])
def test_what_a_secret_comes_to(records, state, plans):
    """It is in doubt as long as one write is, whatever else is known; else the last that is known counts."""
    journal = [*(planned() for _ in range(plans)), *records]
    (run,) = runs(replace(each, run=RUN) for each in journal)
    assert states(run) == [("secret-0", state)]
    (secret,) = run.secrets
    assert (secret.at is None) is (state == "not begun")
    assert (secret.login == ()) is (state == "not begun")
    assert secret.detail == next((each.detail for each in records[::-1] if each.op == "refused"), "") * (
        state == "refused"
    )


@st.composite
def histories(draw):
    """What two runs have written of three secrets, with what others write, in the order of time."""
    made = []
    for run in (RUN, "r1201-quay"):
        made += [replace(planned(number), run=run) for number in range(3)]
    for _ in range(draw(st.integers(0, 12))):
        run, number = draw(st.sampled_from([RUN, "r1201-quay", "", "--run"])), draw(st.integers(0, 3))
        step = draw(st.sampled_from(["sent", "done", "refused", "same", "over", "created", "deleted"]))
        doubts = [each for each in made if each.outcome == "unknown" and each.run == run]
        if step in ("done", "refused") and doubts:
            made.append({"done": done, "refused": refused}[step](draw(st.sampled_from(doubts))))
        elif step in ("sent", "same", "over"):
            each = {"sent": sending(number), "same": same(number), "over": over()}[step]
            made.append(replace(each, run=run))
        else:
            made.append(record(number, op="created" if step == "created" else "deleted", run=run))
    return [replace(each, time=NOW + at) for at, each in enumerate(made)]


@given(histories(), st.data())
def test_cut_off_and_merged(history, data):
    """Wherever it was cut off, and whatever was merged of it, the same runs are read."""
    written = history[: data.draw(st.integers(0, len(history)))]
    parts = [[], []]
    for each in data.draw(st.permutations(written)):
        parts[data.draw(st.integers(0, 1))].append(each)
    merged = [each for part in parts for each in part if each.id in needed(part, NOW + 99)]
    told = runs(visible(written, now=NOW + 99))
    assert runs(visible(merged, now=NOW + 99)) == told
    for run in told:
        own = [each for each in written if each.run == run.id]
        sent = {each.secret for each in own if each.op in ("replaced", "refused", "same")}
        assert {secret.planned.secret for secret in run.secrets if secret.state != "not begun"} == sent
        assert run.ended is any(each.op == "run ended" for each in own)


def test_what_is_no_run():
    """Records without a plan, or with a run that has no such name, are none; nothing hides one that is."""
    junk = [sending(run=RUN), over(run=RUN), planned(run="--login=x"), planned(secret="", run="r1201-x")]
    assert runs(junk) == ()
    assert [run.id for run in runs([*junk, planned(run=RUN)])] == [RUN]


def test_a_plan_that_was_lost():
    """A secret that was sent, and whose own plan is damaged, is told behind the others."""
    (run,) = runs(replace(each, run=RUN) for each in (sending(7), planned(1), planned(2), planned(1)))
    assert states(run) == [("secret-1", "not begun"), ("secret-2", "not begun"), ("secret-7", "unknown")]


def test_one_id_twice():
    """Under an id whose run has ended another one begins anew; two at once are told as one."""
    first = [planned(1), sending(1), done(sending(1)), over()]
    second = [planned(1), planned(2), sending(2)]
    told = runs(replace(each, run=RUN) for each in (*first, *second))
    assert [states(run) for run in told] == [
        [("secret-1", "replaced")],
        [("secret-1", "not begun"), ("secret-2", "unknown")],
    ]
    assert [run.open for run in told] == [False, True]
    both = (planned(1, tenant="a"), planned(1), sending(1, tenant="a"))
    (one,) = runs(replace(each, run=RUN) for each in both)
    assert [secret.state for secret in one.secrets] == ["unknown", "not begun"]


@pytest.mark.parametrize(
    ("logins", "login"), [((OTHER, NEW), NEW), ((NEW,), NEW), ((OTHER, OLD), OTHER), ((), None)]
)
def test_the_new_login(logins, login):
    """It is what was not there before; where nothing tells them apart, the first that was sent."""
    (run,) = runs(replace(each, run=RUN) for each in (planned(), sending(logins=logins)))
    assert run.login == login


def test_many_secrets():
    """A thousand secrets, and as many that hide behind one name, are read at once."""
    made = [planned(number % 1000) for number in range(5000)]
    made += [sending(number) for number in range(1000)]
    (run,) = runs(replace(each, run=RUN) for each in made)
    assert run.count("unknown") == 1000
