"""%aicore_rotate takes what a radar needs: a tenant's name, and nothing that would ask it."""

from __future__ import annotations

from aicore_magics.cli.commands import commands
from aicore_magics.grammar.rotate_grammar import ROTATE


def test_due_asks_no_tenant():
    """In a notebook and in a shell a tenant can be named; nothing is there that only a call has."""
    assert {*ROTATE.parser("due").option_names()} == {"--profile", "--help"}
    shell = {*commands().parser("due").option_names()}
    assert shell == {"--profile", "--service-key", "--service-key-env", "--format", "--help"}
