from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.python.program import Program
from aicore_magics.leaks.detectors.python.values import meaning
from tests.leaks.samples import PASSWORD, TOKENS

HALVES = TOKENS[2].text[:12], TOKENS[2].text[12:]


def held(*cells):
    program = Program(cells)
    return [(one.cell, program.cells[one.cell].text[one.start : one.end], one.name) for one in program.held()]


def test_a_variable_of_another_cell():
    """What a variable holds is read where it is assigned, before or behind; its own cell counts first."""
    use = "client.login(user, password=word)"
    assert held(f"word = '{PASSWORD}'", use) == [(0, PASSWORD, "password")]
    assert held(use, f"word = '{PASSWORD}'") == [(1, PASSWORD, "password")]
    assert held("word = 'another1'", f"word = '{PASSWORD}'\n{use}") == [(1, PASSWORD, "password")]


def test_a_parameter_is_no_variable_of_another_cell():
    """What a function is given when it is called is unknown."""
    assert held("word = 'another1'", "def log_in(word):\n    client.login(user, word)") == []


def test_variables_that_need_each_other():
    """A circle of variables ends."""
    assert held("a = b\nb = a\npassword = a + b", "a = a + a\npassword = a") == []


@pytest.mark.parametrize(
    "cells",
    [
        ("a = '{0}'", "a += '{1}'"),
        ("a = '{0}'\na = a + '{1}'",),
        ("a = ['{0}']", "b = '{1}'", "c = a[0] + b"),
        ("a = {{'x': '{0}', 'y': '{1}'}}", "send(a['x'] + a['y'])"),
        ("a, b = '{0}', '{1}'", "c = ''.join([a, b])"),
    ],
)
def test_what_is_put_together(cells):
    """A value in pieces is given in one, with the place of each piece."""
    program = Program([cell.format(*HALVES) for cell in cells])
    found = {
        meaning(value): [program.cells[part.cell].text[part.start : part.end] for part in value]
        for value in program.assembled()
    }
    assert found["".join(HALVES)] == [*HALVES]


def test_cells_that_need_no_parser():
    """Code that speaks of no password, and holds no piece of a token, is not parsed."""
    program = Program(["x = 1 + 2", "for token in tokens:\n    print(token)", "password = ''"])
    assert [*program.held(), *program.assembled()] == []
    assert ["tree" in vars(cell) for cell in program.cells] == [False, False, False]


def test_hostile_code():
    """Sums of sums, long chains of variables and lines of one sign end soon, and find nothing."""
    doubled = "a = 'Ab1-cD2-eF3'\n" + "a = a + a\n" * 100 + "password = a"
    chain = ["a0 = 'x'", *(f"a{number} = a{number - 1}" for number in range(1, 200)), "password = a199"]
    assert held(doubled) == [(0, "Ab1-cD2-eF3", "password")]
    assert held(*chain) == []
    assert held("password = x\n" + "# " * 20_000) == []
    assert held("password = " + "(" * 5_000) == []
