"""What became of secrets, in words: true numbers, the worst first, and every name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.actions.rotation_words import (
    MOST_ROWS,
    ROTATION,
    UNDO,
    WORST_FIRST,
    Places,
    counted,
    ended_rows,
    in_words,
    shows,
    some,
)
from aicore_magics.base.report import Said, plain
from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome
from tests.actions.rotation_examples import NINE, outcomes_of, secret
from tests.actions.rotation_outcomes import STATES, outcomes, thousand

ENDED = ("replaced", "refused", "unknown", "the same", "not begun")


def rows_of(found, of=ROTATION):
    return ended_rows(found, Places(each.secret for each in found.each), of)


def everything(rows):
    """All that a card and a text say in *rows*."""
    return "\n".join(
        plain(form)
        for row in rows
        for cell in row
        for form in ((cell.card, cell.text) if isinstance(cell, Said) else (cell,))
    )


@given(outcomes(), st.sampled_from((ROTATION, UNDO)))
@example(thousand(), ROTATION)
def test_the_numbers_are_true(found, of):
    """Each state that there is has its number, the worst first, and together they are all secrets."""
    said = counted(found, of)
    first, total, more = re.fullmatch(r"(\d+) of (\d+) secrets?(.*)", said).groups()
    numbers = [int(first), *map(int, re.findall(r", (\d+)", more))]
    assert int(total) == sum(numbers) == len(found.each)
    assert numbers == [found.count(state) for state in WORST_FIRST if found.count(state)] or numbers == [0]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["replaced"], "9 of 9 secrets replaced"),
        (["refused", "replaced"], "1 of 9 secrets refused, 8 replaced"),
        (["unknown", "refused", "replaced"], "1 of 9 secrets unknown, 1 refused, 7 replaced"),
        (["refused", "not begun"], "1 of 9 secrets refused, 8 not begun"),
        (["the same"], "9 of 9 secrets have this login already"),
        (["the same", "replaced"], "8 of 9 secrets replaced, 1 has it already"),
        (["replaced", "the same"], "1 of 9 secrets replaced, 8 have it already"),
    ],
)
def test_headlines(states, said):
    """What is worst is said first."""
    assert counted(outcomes_of(NINE, *states), ROTATION) == said


def test_the_headline_of_nothing():
    """No secret is no secret."""
    assert counted(Outcomes("r1", ()), UNDO) == "0 of 0 secrets restored"


@pytest.mark.parametrize(
    ("unseen", "said"),
    [
        ("", "login tested, secret is there"),
        ("not looked", "login tested, accepted by AI Core; not looked for again"),
        ("not read", "login tested, accepted by AI Core; the list of secrets could not be read"),
    ],
)
def test_a_look_that_was_not_made_did_not_fail(unseen, said):
    """That a list could not be read is said only where somebody has tried."""
    assert shows(SecretOutcome(NINE[0], "replaced", unseen=unseen), ROTATION) == (said,)


@given(outcomes())
@example(thousand())
def test_every_name_is_in_the_table(found):
    """However many there are, no name is left out of the rows, in neither form."""
    rows = rows_of(found)
    said = everything(rows)
    assert [each.secret.name for each in found.each if each.secret.name not in said] == []
    assert len(rows) <= MOST_ROWS * len(STATES)


@given(outcomes(states=ENDED))
def test_what_went_wrong_comes_first(found):
    """Rows are in the order of the worst, and what is unknown or refused has one of its own where few are."""
    words = [plain(row[1]) for row in rows_of(found)]
    assert words == sorted(words, key=WORST_FIRST.index)
    for state in ("unknown", "refused"):
        if found.count(state) <= MOST_ROWS:
            assert words.count(state) == found.count(state)


def test_lines_of_names_are_short():
    """In a text, names have lines of their own, by tenant."""
    found = outcomes_of((*(secret(f"team-{i:04}") for i in range(500)), NINE[-1]), "replaced")
    ((_, _, names),) = rows_of(found)
    lines = [plain(line) for line in names.text.each]
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("acme-dev: team-0000, team-0001")
    assert lines[-1].endswith("; acme-prod: team-ghcr")


@pytest.mark.parametrize(
    ("secrets", "name", "footer"),
    [
        (NINE[:2], "team-ghcr", "Tenant acme-dev at "),
        (NINE, "team-ghcr, acme-dev", "Tenants acme-dev and acme-prod at "),
        ([secret("a", tenant=f"t{i}") for i in range(9)], "a, t0", "9 tenants at "),
    ],
)
def test_a_tenant_is_named_where_there_are_several(secrets, name, footer):
    """Beside a name stands its tenant, if there are several; the last line names them, or how many."""
    places = Places(secrets)
    assert plain(places.name(secrets[0])) == name
    assert places.footer.startswith(footer)


def test_tenants_of_one_name():
    """Two tenants that are called alike are told apart by their hosts."""
    one, other = secret("a"), replace(secret("a"), host="api.ai.example")
    places = Places((one, other))
    assert plain(places.name(other)) == "a, acme-dev at api.ai.example"
    assert places.in_sentence(other) == "a in acme-dev at api.ai.example"
    assert places.footer == f"Tenants acme-dev at {one.host}, acme-dev at api.ai.example"


def test_names_in_a_sentence():
    """Three are named, and the others counted."""
    assert in_words([]) == ""
    assert some(["a", "b", "c"]) == "a, b and c"
    assert some(["x"] * 1234) == "x, x, x and 1,231 more"
