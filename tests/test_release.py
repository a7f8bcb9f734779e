"""What `make release` relies on: a list of the public API that sees a break, a page that PyPI can show."""

from __future__ import annotations

import re
import runpy
import tomllib

import pytest

from tests.documents import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
API = runpy.run_path(str(ROOT / ".ci" / "public_api.py"))
NOW = set(API["lines"]())


@pytest.mark.parametrize(
    "line",
    [
        "aicore_magics.create_docker_secret (1, name)",
        "aicore_magics.connect (*, profile=…)",
        "aicore_magics.Secret.from_env",
        "aicore_magics.errors.OutcomeUnknown(AICoreError)",
        "aicore_magics.templates.Container.env",
        "%aicore_docker_secret create --password-env",
        "jupyter aicore check --format",
        "result SecretStored.verdicts",
        "rule secret-place",
        "credential github-token",
        "sandbox.faults.slow",
    ],
)
def test_the_list_holds_each_kind_of_name(line):
    """One of each kind is there; without it, the next release is told of a break."""
    assert line in NOW
    assert API["breaks"](NOW - {line}, NOW) == [f"gone: {line}"]


@pytest.mark.parametrize(
    ("line", "broken"),
    [
        ("aicore_magics.connect (*, more=…)", False),
        ("aicore_magics.connect (*, more)", True),
        ("aicore_magics.brand_new (0, more)", False),
        ("%aicore_connect --more", False),
    ],
)
def test_what_is_new_breaks_only_if_it_is_wanted(line, broken):
    """A parameter without a default breaks the calls that there are; nothing else that is added does."""
    assert bool(API["breaks"](NOW | {line}, NOW)) is broken


def test_the_page_on_pypi_has_no_link_into_the_project():
    """There, a picture or link without a host leads nowhere: what is left has one, or is words."""
    settings = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    readme, more = settings["fragments"]
    text = (ROOT / readme["path"]).read_text("utf-8").partition(readme["end-before"])[0] + more["text"]
    for each in settings["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    assert "# aicore-magics" in text
    assert text.count("## Learn more") == 1
    assert re.findall(r"\]\((?!https?:|#)[^)]*\)|<img|src=", text) == []
    assert [words for words in ("All commands", "All of them") if words in text] == []


def test_the_lowest_python_is_the_same_everywhere():
    """What is asked for, what the linters check, and what the README says."""
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert PROJECT["tool"]["mypy"]["python_version"] == lowest
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py{lowest.replace('.', '')}"
    assert f"Python {lowest} or newer" in (ROOT / "README.md").read_text("utf-8")
    named = [each.rpartition(" :: ")[2] for each in PROJECT["project"]["classifiers"] if ":: 3." in each]
    assert named[0] == lowest
