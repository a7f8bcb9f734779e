"""How far a rotation is, in a shell: lines on standard error, so that the result can be read by a program."""

from __future__ import annotations

from aicore_magics.cli.rotation_lines import shown_lines
from tests.actions.rotation_examples import ALL_9, NINE, outcomes_of


def test_lines_go_to_standard_error(capsys):
    """Each change is a line there, and standard output stays empty."""
    with shown_lines() as show:
        show(outcomes_of(NINE, "testing"))
        show(outcomes_of(NINE, "refused", "not begun"))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == " 1 of 9  team-ghcr, acme-dev   refused   AI Core refused it; the old login stays\n"
    with shown_lines() as show:
        show(ALL_9)
    assert len(capsys.readouterr().err.splitlines()) == len(NINE)
