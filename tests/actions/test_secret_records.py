"""Which logins are due: what is told first, what it is counted of, and what to do about it."""

from __future__ import annotations

import dataclasses
import json
import re
import sys
import time

import pytest

from aicore_magics.actions.ends_table import MOST_NAMES
from aicore_magics.actions.secret_records import SecretRecords, logins_due
from aicore_magics.base.report import plain
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.expiry import NOT_KNOWN
from tests.actions.ends_examples import (
    DUE_8,
    DUE_50,
    DUE_MIXED,
    DUE_NONE,
    EIGHT,
    ENDLESS,
    EXPIRED,
    FIFTY,
    NOW,
    WHERE,
    ends,
    login,
)

pytestmark = pytest.mark.usefixtures("utc")
OLD, SOON, LATE = login("a", EXPIRED), login("b", ends(4)), login("c", ends(38))
OTHER = login("a", EXPIRED, username="bob")
# One token in three secrets; in two tenants.
SHARED = (
    login("b", ends(4), fingerprint="f1"),
    login("c", ends(4), fingerprint="f1"),
    login("b", ends(4), fingerprint="f1", tenant="acme-prod"),
)
TWO_PROFILES = ((WHERE.tenant, WHERE.host, "dev"), ("acme-prod", WHERE.host, "prod"))
NEVER, UNKNOWN = login("d", ENDLESS), login("e", NOT_KNOWN)


@pytest.mark.parametrize(
    ("rows", "headline", "state"),
    [
        ((), "No record on this machine yet", "hint"),
        ((OLD,), "1 login expired", "refused"),
        ((OLD, OTHER), "2 logins expired", "refused"),
        ((OLD, SOON, LATE), "1 login expired, 1 is due now", "refused"),
        ((SOON, LATE), "1 login is due now", "warning"),
        ((SOON, login("b", ends(5)), NEVER), "2 logins are due now", "warning"),
        (SHARED, "1 login in 3 secrets of 2 tenants is due now", "warning"),
        ((*SHARED, OLD), "1 login expired, 1 is due now", "refused"),
        ((OLD, login("f", EXPIRED)), "1 login expired", "refused"),
        ((LATE, NEVER, UNKNOWN), "No login is due before 23 Dec", ""),
        ((login("f", ends(14.2)),), "No login is due now", ""),
        ((login("f", ends(64)),), "No login is due before 18 Jan 2027", ""),
        ((NEVER,), "No login in the record is due", ""),
        ((NEVER, UNKNOWN), "No login in the record is due", ""),
        ((UNKNOWN, UNKNOWN), "The end of 2 logins is not known", "hint"),
    ],
)
def test_the_headline_says_the_worst_first(rows, headline, state):
    """What expired, what is due, or when something will be; never more than is known."""
    result = SecretRecords(rows, NOW)
    assert (result.report().headline, result.report().state) == (headline, state)
    assert (bool(result.due), result.complete) == (state in ("refused", "warning"), True)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"where": WHERE, "known": 8, "total": 9}, "8 of 9 secrets of tenant acme-dev are in the record"),
        ({"where": WHERE, "known": 1, "total": 1}, "1 of 1 secret of tenant acme-dev is in the record"),
        ({"where": WHERE}, "AI Core was not asked"),
        ({}, "AI Core was not asked"),
        ({"damaged": 1}, "1 line of the record cannot be read."),
        ({"damaged": 2}, "2 lines of the record cannot be read."),
        ({"newer": 2}, "2 lines of the record are of a later version of aicore-magics."),
        ({"fault": "The record cannot be read: Permission denied."}, "Permission denied."),
    ],
)
def test_what_it_is_counted_of(changes, told):
    """How many of the tenant's secrets are known is told if it was asked; and what cannot be read."""
    result = SecretRecords((LATE,), NOW, **changes)
    report = result.report()
    assert told in " ".join(report.sentences)
    incomplete = bool(changes.keys() & {"damaged", "newer", "fault"})
    assert (result.complete, report.state) == (not incomplete, "warning" if incomplete else "")


def test_an_end_that_is_not_known_is_told():
    """Where no login is due, it is said of how many that is not known, and how to enter one."""
    text = SecretRecords((LATE, UNKNOWN), NOW, WHERE, 2, 2).shown(NOTEBOOK)
    assert "The end of 1 login is not known." in text
    assert "%aicore_docker_secret note e --ends DATE" in text


def test_which_are_due():
    """Those that ended come first, and then those that end soon, each in the order of their ends."""
    assert [row.secret for row in DUE_8.due] == ["batch-ecr", "team-ghcr", "vision-acr"]
    assert (DUE_8.due, DUE_8.expired) == ((*DUE_8.expired, *DUE_8.soon), (EIGHT[0],))
    assert (len(DUE_50.expired), len(DUE_50.soon)) == (2, 8)


@pytest.mark.parametrize(
    ("result", "lines"),
    [
        (DUE_8, ["plan batch-ecr", "plan team-ghcr", "plan vision-acr"]),
        (
            DUE_50,
            [
                "plan team-01 team-02",
                "plan acme-ci-01 acme-ci-02 acme-ci-03 acme-ci-04 acme-ci-05 acme-ci-06",
                "plan vision-01 vision-02",
            ],
        ),
        (DUE_MIXED, ["plan batch-ecr", "plan team-ghcr", "plan vision-acr", "--service-key FILE"]),
        (SecretRecords(SHARED, NOW, WHERE), ["plan b"]),
        (
            SecretRecords(SHARED, NOW, WHERE, profiles=TWO_PROFILES),
            ["plan b --profile dev --profile prod"],
        ),
        (SecretRecords(SHARED, NOW, profiles=TWO_PROFILES), ["plan b --profile dev --profile prod"]),
        (
            SecretRecords((*SHARED, login("b", NOT_KNOWN, registry="quay.io")), NOW, WHERE),
            ["plan b --registry ghcr.io"],
        ),
        (
            SecretRecords((login("p", EXPIRED, registry="*.example.com"),), NOW, WHERE),
            ["update p --registry '*.example.com' --username anna"],
        ),
        (DUE_NONE, ["note NAME --registry HOST --username USER --ends DATE"]),
        (SecretRecords((login("x", EXPIRED, tenant="acme-prod"),), NOW, WHERE), []),
        (SecretRecords((login("x", EXPIRED, tenant="acme-prod"),), NOW), ["plan x"]),
        (SecretRecords((NEVER,), NOW), []),
    ],
)
def test_what_to_do_next(result, lines):
    """One plan a login, with what leads to its tenants; no line changes another one than is connected."""
    said = [NOTEBOOK.say(line) for step in result.report().steps for line in step.lines]
    assert [line.partition(" ")[2] for line in said] == lines


def test_data_has_the_words_of_the_card():
    """The words of the states are the same in JSON, and times are in UTC."""
    data = json.loads(json.dumps(DUE_8.to_dict()))
    assert [row["state"] for row in data["rows"]] == [
        *("expired", "soon", "soon", "valid", "valid", "valid"),
        *("does not end", "not known"),
    ]
    assert data["now"] == "2026-11-29T11:00:00+00:00"
    assert data["rows"][1]["ends"] == "2026-12-03T11:00:00+00:00"


def test_a_doubt_is_told():
    """A secret whose last write may have failed is named; so it is in the data."""
    assert "another login may be in eval-b." in DUE_MIXED.report().notes[-1]
    assert len(DUE_8.report().notes) == 2
    assert [row["secret"] for row in DUE_MIXED.to_dict()["rows"] if row["doubt"]] == ["eval-b"]


@pytest.mark.parametrize(
    ("rows", "cards", "text"),
    [
        ((LATE, NEVER, UNKNOWN), None, None),
        ((OLD,), [("a expired 40 min ago", "refused")], "a expired"),
        ((SOON,), [("b ends in 4 days", "warning")], "b ends 3 Dec 2026"),
        (
            EIGHT,
            [
                ("batch-ecr expired 40 min ago", "refused"),
                ("team-ghcr ends in 4 days, vision-acr ends in 11 days", "warning"),
            ],
            "batch-ecr expired; team-ghcr ends 3 Dec 2026, vision-acr ends 10 Dec 2026",
        ),
        (
            FIFTY,
            [
                ("team-01 expired 1 day ago, team-02 expired 1 day ago", "refused"),
                ("acme-ci-01 ends in 3 days and 7 more", "warning"),
            ],
            "team-01 expired, team-02 expired; acme-ci-01 ends 2 Dec 2026 and 7 more",
        ),
    ],
)
def test_the_line_of_a_connection(rows, cards, text):
    """What expired, then what is due, three by name at most; where nothing is, there is no line."""
    due = logins_due(rows)
    assert (due and [(mark.word, mark.state) for mark in due.card.each]) == cards
    assert (due and plain(due)) == text


MANY = {
    "of one day": lambda i: login(f"s-{i:05}", ends(3)),
    "of every day": lambda i: login(f"s-{i:05}", ends(i % 80 + 0.5)),
    "of one token": lambda i: login(f"s-{i:05}", ends(3), fingerprint="f1"),
    "of one secret": lambda i: login("s", ends(3), registry=f"r{i:05}.example"),
    "in doubt": lambda i: login(f"s-{i:05}", ends(3), doubt=True),
    "of many tenants": lambda i: login(f"s-{i:05}", ends(3), tenant=f"t{i:05}"),
}


def told_of(rows):
    """All that is said of *rows*, as text."""
    result = SecretRecords(rows, NOW, gone=tuple(row.secret for row in rows))
    return f"{result}{logins_due(rows)}"


def work(rows):
    """How many instructions it takes to tell of *rows*."""
    done, before = 0, sys.gettrace()

    def count(frame, event, _value):
        nonlocal done
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        done += event == "opcode"
        return count

    sys.settrace(count)
    try:
        told_of(rows)
    finally:
        sys.settrace(before)
    return done


@pytest.mark.parametrize("kind", MANY)
def test_the_work_grows_with_the_logins(kind):
    """Four times as many logins are four times as much work, and a bit for their order: not sixteen times."""
    few, many = (work(tuple(map(MANY[kind], range(number)))) for number in (100, 400))
    assert many < 6 * few


def test_a_record_of_years():
    """Of 20,000 logins it is told within seconds."""
    rows = tuple(MANY["of one token" if i % 2 else "of one day"](i) for i in range(20_000))
    began = time.process_time()
    told_of(rows)
    assert time.process_time() - began < 15


@pytest.mark.parametrize("kind", ["of one day", "of one token", "in doubt", "of many tenants"])
def test_how_many_names_are_told(kind):
    """Up to 2,000 all are named; of more, the rest is counted, and stands in the rows."""
    rows = tuple(map(MANY[kind], range(MOST_NAMES + 1)))
    all_of_them, too_many = (SecretRecords(rows[:n], NOW).report() for n in (MOST_NAMES, MOST_NAMES + 1))
    assert ".rows" not in " ".join(all_of_them.sentences)
    assert "1 more is in .rows." in too_many.sentences
    for report in (all_of_them, too_many):
        named = [word for row in report.table.rows for word in re.findall(r"s-\d+", plain(row[0]))]
        assert sorted(named) == [row.secret for row in rows[:MOST_NAMES]]
    in_doubt = [note for note in too_many.notes if "another login" in note]
    assert [note.endswith(" and 1 more.") for note in in_doubt] == [True] * (kind == "in doubt")
    gone = SecretRecords((), NOW, gone=tuple(row.secret for row in rows)).report()
    assert " and 1 more." in " ".join(gone.sentences)


def test_which_names_are_told():
    """Of too many logins, those that end first are named."""
    rows = (*(MANY["of one day"](i) for i in range(MOST_NAMES)), login("first", ends(1)))
    text = str(SecretRecords((*rows, login("last", ENDLESS)), NOW))
    assert ("first" in text, "last" in text) == (True, False)


def test_results_do_not_change():
    """A result is a value."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        DUE_8.rows = ()
