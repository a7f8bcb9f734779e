"""Whatever AI Core does and whatever comes back: what is said of a write is true, and comes in time."""

from __future__ import annotations

from functools import cache

import pytest

from tests.paths.__main__ import main, report
from tests.paths.answers import KINDS, STATUSES, TABLE
from tests.paths.bugs import BUGS, WITNESSES
from tests.paths.explore import MOST_UNKNOWN, PARTS, Tally, explored, triples
from tests.paths.model import LOOKS, OPERATIONS, Path
from tests.paths.play import play, stage

# One in so many paths of each part; `make paths` goes through all.
SHARE = dict(one=97, two=997, three=41, stops=37, ends=17, before=11, tokens=7, others=11, full=7)  # noqa: C408


@cache
def tally(part, operation):
    """What came of a share of that part."""
    return explored([part], [operation], SHARE[part])


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_said_is_true(part, operation):
    """Inside the assumptions nothing untrue is said, no secret is shown, and the word comes in its time."""
    assert tally(part, operation).shortest == {}


def test_it_is_not_known_only_where_nobody_can_know():
    """Of the paths whose truth could be known, few end in unknown; most paths keep to the assumptions."""
    everything = Tally()
    for part in PARTS:
        for operation in OPERATIONS:
            everything.merge(tally(part, operation))
    assert everything.share_of_unknown <= MOST_UNKNOWN
    assert sum(everything.knowable.values()) > everything.paths / 4
    assert sum(everything.outside.values()) < everything.paths / 2


@pytest.mark.parametrize("bug", BUGS)
def test_a_bug_that_is_put_in_is_seen(bug):
    """With a safeguard taken out its path goes wrong, or ends in a needless unknown; with it, neither."""
    path = Path.parse(WITNESSES[bug])
    with stage(bug):
        with_it = play(path)
    with stage():
        without = play(path)
    assert with_it.wrong or with_it.shrug
    assert (with_it.said == "fault") == (bug == "faults_come_out")
    assert (without.wrong, without.shrug) == ((), False)


@pytest.mark.parametrize(
    ("line", "letters"),
    [
        ("operation=create tries=302-page+9.9", ""),
        ("operation=create tries=302-page+12", "a"),
        ("operation=create tries=lost+now,lost+12", ""),
        ("operation=create tries=400-error+now", "b"),
        ("operation=create tries=400-page+now", ""),
        ("operation=create tries=lost+now looks=lying", "b"),
        ("operation=update tries=202-object+never", "b"),
        ("operation=update tries=404-error+never", "b"),
        ("operation=update-missing tries=404-error+never", ""),
        ("operation=delete tries=lost+9.9,404-error+never", ""),
        ("operation=create tries=409-error+never", "b"),
        ("operation=create tries=409-error+never others=store", "c"),
    ],
)
def test_which_assumptions_a_path_keeps_to(line, letters):
    """What a path does not keep to is found while it runs, and only what matters to somebody counts."""
    with stage():
        assert "".join(sorted(play(Path.parse(line)).broken)) == letters


@pytest.mark.parametrize(
    "line", [*WITNESSES.values(), "operation=apply tries=lost+2 stop=3,4 seconds=0.3 full=yes"]
)
def test_a_path_is_told_in_one_line(line):
    """The line that is printed of a path is read as that very path."""
    assert str(Path.parse(line)) == line


def test_every_status_and_form_is_there():
    """Each status has answers in AI Core's own form where it has one, and in those of others."""
    for status in STATUSES:
        own = {answer.own for answer in TABLE.values() if answer.status == status}
        assert own == ({True, False} if status >= 400 or 200 <= status < 300 else {False})


def test_the_sample_of_three_meets_every_pair():
    """Every third answer comes after each of the first and of the second ones, and meets every look."""
    with stage():
        paths = list(triples("create"))

    def answer(path, number):
        return path.tries[number].partition("+")[0]

    firsts = {answer(path, 0) for path in paths}
    for number in (0, 1):
        assert {(answer(path, number), answer(path, 2)) for path in paths} == {
            (first, third) for first in firsts for third in KINDS
        }
    assert {(answer(path, 2), path.looks) for path in paths} == {
        (third, look) for third in KINDS for look in LOOKS
    }


def test_replay(capsys):
    """A path that is printed can be told again, step by step."""
    assert main(["--replay", "operation=create tries=202-object+2"]) == 0
    told = capsys.readouterr().out
    assert "POST v2/admin/dockerRegistrySecrets -> 202-object" in told
    assert "said: done, SecretStored" in told


def test_the_report(capsys):
    """What came of it is printed by part, outcome and assumption, and where it is needlessly unknown."""
    report(tally("others", "create"), 1.0)
    told = capsys.readouterr().out
    assert "inside the assumptions" in told
    assert "unknown where the truth could be known" in told
