"""Whatever goes wrong on the way to AI Core: what is said is true, comes in time, and shows no secret."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults import mutations
from tests.faults.__main__ import summary
from tests.faults.bench import run
from tests.faults.cases import CASES, FROM_FILE, PLAIN

# Where nobody can know: an answer that is lost for good or says nothing, a 202 and nothing to be seen of it.
UNKNOWN = {
    *("A05", "A06", "A07", "A08", "A09", "A10", "A15", "A20", "A24", "A33", "I01", "P02", "P04"),
    *("X01", "X02", "X05", "X07", "X09", "X20", "X21", "X22", "X23", "X24", "X25", "X26", "X27", "X30"),
    *(
        "X31",
        "X32",
        "X40",
        "X45",
        "X46",
        "X48",
        "X49",
        "X50",
        "X54",
        "X56",
        "X59",
        "X62",
        "X63",
        "X64",
        "X65",
    ),
}
# Each safeguard that is taken out, with cases that need it.
MUTATIONS = {
    "redirects_followed": ("T08", "A21"),
    "bearer_as_a_header": ("A34",),
    "scrubbing_off": ("T06", "A31"),
    "wall_clock_limit_off": ("T12",),
    "wall_clock_read": ("X13",),
    "renewal_off": ("A25", "A27"),
    "first_look_off": ("X03",),
    "second_look_off": ("X01", "X02"),
    "last_look_off": ("A24",),
    "patience_off": ("X38", "X39"),
    "attempts_without_end": ("X37",),
    "web_pages_believed": ("X24", "X25"),
    "every_word_believed": ("X55", "X56", "X63"),
    "every_refusal_believed": ("X47", "X48", "X50", "X59"),
    "first_doubt_forgotten": ("X45",),
    "interrupts_as_before": ("I01", "X64", "X65"),
    "errors_as_they_come": ("A07",),
}
MUTANT_PATIENCE = 24.0  # seconds: more than a call of ours may take, so that what hangs is seen


@pytest.fixture(scope="module")
def verdicts():
    """What came of every case."""
    return run("ours", (*PLAIN, *CASES))


@pytest.fixture(scope="module")
def mutants():
    """What came of its cases with each safeguard taken out."""

    def one(name):
        cases = [case for case in CASES if case.id in MUTATIONS[name]]
        return name, run("ours", cases, mutation=name, patience=MUTANT_PATIENCE, at_once=len(cases))

    with ThreadPoolExecutor(len(MUTATIONS)) as several:
        return dict(several.map(one, MUTATIONS))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.id}: {case.fault}")
def test_fault(case, verdicts):
    """The outcome is right and true, the error documented, in time and short, and no secret is anywhere."""
    assert verdicts[case.id].broken == ()
    assert verdicts[case.id].outcome in case.allowed


@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.op)
def test_where_nothing_goes_wrong(case, verdicts):
    """Without a fault each call is done: a client that always gives up passes no case here."""
    assert verdicts[case.id].broken == ()


def test_it_is_not_known_only_where_nobody_can_know(verdicts):
    """To say that it is not known is allowed in many cases, and right in few."""
    shrugs = {each.case.id for each in verdicts.values() if each.outcome == "unknown"}
    assert shrugs <= UNKNOWN


def test_the_case_file():
    """All 61 faults of the case file are here; in 13 only success is right. No id is used twice."""
    assert len(FROM_FILE) == 61
    assert sum(case.must_recover for case in FROM_FILE) == 13
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_a_safeguard(name, mutants, verdicts):
    """A client without it breaks a rule in each of these cases, which it keeps with it."""
    assert all(verdict.broken for verdict in mutants[name].values())
    assert not any(verdicts[case].broken for case in MUTATIONS[name])


def test_each_mutation_is_tried():
    """No mutation is left out."""
    made = {name for name, value in vars(mutations).items() if hasattr(value, "__code__")}
    assert made == set(MUTATIONS)


@pytest.mark.parametrize("client", ["bare", pytest.param("sap", marks=pytest.mark.needs("sap-sdk"))])
def test_the_other_clients_work(client):
    """Each client that is compared does all that is asked of it where nothing goes wrong."""
    verdicts = run(client, PLAIN, at_once=2)
    assert [verdict.broken for verdict in verdicts.values()] == [()] * len(PLAIN)


def test_what_the_bench_notices():
    """A client that fails where it should not, says so with a foreign error, or leaks, is counted for it."""
    some = [case for case in FROM_FILE if case.id in ("A01", "A11", "A21", "A24")]
    verdicts = run("bare", some, at_once=4)
    broken = {name: verdict.broken for name, verdict in verdicts.items()}
    assert broken["A11"] == ("outcome: error is not right here",)
    assert broken["A24"] == ("outcome: ok is not right here", "untruthful: it says ok")
    assert {"leak: password in the other host", "other host: it was asked"} <= set(broken["A21"])
    assert {rule.partition(":")[0] for rule in broken["A01"]} == {"verbose leak"}
    assert summary(verdicts.values()) == ("0/4", "0/1", "0", "2", "1", "1", "0", "1/4")
