"""The version, wherever it stands."""

from __future__ import annotations

import re
from pathlib import Path

import aicore_magics
from aicore_magics.base.version import VERSION

PROJECT = Path(__file__).parents[2] / "pyproject.toml"


def test_the_version_is_one():
    """The package, what it prints and what it is built from say the same."""
    assert re.search(r'^version = "(.*)"$', PROJECT.read_text("utf-8"), re.MULTILINE)[1] == VERSION
    assert aicore_magics.__version__ == VERSION
