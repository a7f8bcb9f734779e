"""%aicore_rotate takes what a radar needs: a tenant's name, and nothing that would ask it."""

from __future__ import annotations

import pytest

from aicore_magics.cli.commands import commands
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.words import WrongUse


def test_due_asks_no_tenant():
    """In a notebook and in a shell a tenant can be named; nothing is there that only a call has."""
    assert {*ROTATE.parser("due").option_names()} == {"--profile", "--help"}
    shell = {*commands().parser("due").option_names()}
    assert shell == {"--profile", "--service-key", "--service-key-env", "--format", "--help"}


@pytest.mark.parametrize("subcommand", ["plan", "run", "resume", "undo"])
@pytest.mark.parametrize(
    "words",
    [
        ["--profile", "dev,test"],
        ["--profile=sandbox:dev, sandbox:test"],
        ["--profile", "dev", "--profile", "test;prod"],
        ["--all"],
        ["--all-tenants"],
        ["--tenants"],
    ],
)
def test_several_tenants_are_named_one_by_one(subcommand, words):
    """Whatever is typed for several tenants leads to --profile."""
    with pytest.raises(WrongUse, match="--profile"):
        ROTATE.parser(subcommand).read(words)
    assert ROTATE.parser(subcommand).read(["--profile", "a", "--profile", "b"]).profile == ["a", "b"]
