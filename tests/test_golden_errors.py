"""The plug-in that compares every error with what it was before: it must be able to fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import golden_errors

ROOT = Path(golden_errors.__file__).parent.parent
CONFTEST = """
from pathlib import Path
from tests import golden_errors

golden_errors.GOLDEN = Path(__file__).with_name("golden.json")

def pytest_addoption(parser):
    parser.addoption(golden_errors.OPTION, action="store_true")

def pytest_configure(config):
    golden_errors.install(config)
"""
TESTS = """
import pytest
from hypothesis import given, strategies
from aicore_magics.errors import InvalidName
from aicore_magics.model.names import SecretName, invalid

def test_one():
    with pytest.raises(InvalidName):
        SecretName.parse("-x")

def test_another():
    with pytest.raises(InvalidName):
        SecretName.parse("x y")

def test_made_up():
    InvalidName("of a test alone")

@given(strategies.from_regex("[A-Z][a-z]+", fullmatch=True))
def test_drawn(name):
    with pytest.raises(InvalidName):
        SecretName.parse(name[:20])
"""
OTHER = """
def test_other():
    invalid(InvalidName, "it reads otherwise", "do so")

def test_speaks_of_magics():
    invalid(InvalidName, "a name must begin and end with a letter or digit", "run the cell again.")
"""
TOLD = 'NOT GOLDEN ["InvalidName", "it reads otherwise. Nothing was sent.", "do so"]'


@pytest.fixture
def suite(tmp_path):
    """A small suite of its own, with the plug-in; gives what runs it."""
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_it.py").write_text(TESTS)

    def run(*arguments):
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        line = [sys.executable, "-m", "pytest", "-q", "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*line, *arguments, str(tmp_path)],
            check=False,
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return run


def test_what_is_written_and_then_reads_otherwise(suite, tmp_path):
    """The errors of a suite are written with what varies named; another one fails the run, and is told."""
    assert suite(golden_errors.OPTION)[0] == 0
    golden = json.loads((tmp_path / "golden.json").read_text("utf-8"))
    assert [hint for _, hint in golden["InvalidName"]] == [
        "choose one such as team-ghcr.",
        "write it in small letters, as in team-ghcr.",
        "leave them out, or use hyphens, as in team-ghcr.",
    ]
    with (tmp_path / "test_it.py").open("a") as file:
        file.write(OTHER)
    status, said = suite()
    assert (status, said.count("NOT GOLDEN")) == (1, 3)
    assert TOLD in said
    assert said.count("run the cell again") == 2  # as it reads in a magic, and as it must not read elsewhere


@pytest.mark.skipif(not find_spec("xdist"), reason="pytest-xdist is not installed")
def test_workers_hand_their_records_over(suite, tmp_path):
    """Under pytest-xdist an error made in any worker is compared."""
    (tmp_path / "golden.json").write_text("{}")
    status, said = suite("-n", "2", "-k", "one or another")
    assert (status, said.count("NOT GOLDEN")) == (1, 2)


def test_what_varies_is_named():
    """Paths, ports and times are named by what they are; nothing else is touched."""
    text = "the file '/tmp/pytest-0/key.json' is at 127.0.0.1:41873 until 14:05."
    assert golden_errors.normal(text) == "the file 'PATH' is at 127.0.0.1:PORT until TIME."
    assert golden_errors.normal("try team-ghcr") == "try team-ghcr"


def test_the_golden_errors_are_many_and_in_order():
    """The file holds every class that a user can meet, sorted, each error once."""
    golden = json.loads(golden_errors.GOLDEN.read_text("utf-8"))
    assert len(golden) > 20
    assert list(golden) == sorted(golden)
    for errors in golden.values():
        assert errors == [list(each) for each in sorted(set(map(tuple, errors)))]
