"""GitHub's annotations: a line each, whatever stands in a message or a path."""

from __future__ import annotations

import re

import pytest

from aicore_magics.cli.annotations import annotation, in_lines
from aicore_magics.leaks.scan import scan_notebooks
from aicore_magics.next_steps import PYTHON
from aicore_magics.templates.check.check_files import check_files
from tests.leaks.samples import PASSWORD, TOKENS, code, notebook, written

SPECIAL = "a%b:c,d\r\ne::set-env f"


def unescaped(text):
    """What GitHub's runner makes of a value."""
    for code_, meant in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code_, meant)
    return text


@pytest.mark.parametrize("level", ["error", "warning", "notice"])
def test_what_is_special_is_escaped(level):
    """GitHub reads back what was meant, and no line ends within it."""
    line = annotation(level, SPECIAL, title=SPECIAL, line=3, col=0)
    found = re.fullmatch(rf"::{level} title=([^,:]*),line=3::(.*)", line)
    assert (unescaped(found[1]), unescaped(found[2])) == (SPECIAL, SPECIAL)


def test_a_path_from_the_folder_of_the_repository(tmp_path, monkeypatch):
    """Where a step runs in a folder of its own, a path begins at the repository all the same."""
    folder = tmp_path / "repository" / "a, b"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert annotation("error", "x", file="c.yaml") == "::error file=c.yaml::x"
    assert annotation("error", "x", file=str(folder / "c.yaml")) == "::error file=c.yaml::x"
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "repository"))
    assert annotation("error", "x", file="c.yaml") == "::error file=a%2C b/c.yaml::x"
    assert annotation("error", "x", file="/elsewhere/c.yaml") == "::error file=/elsewhere/c.yaml::x"
    assert annotation("error", "x") == "::error::x"


def test_credentials(tmp_path, monkeypatch):
    """A credential is an error at its line, a possible one a notice, what was not read a warning."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, notebook(code(f'x = "{TOKENS[0].text}"')), "a.ipynb")
    written(tmp_path, notebook(code(f'db_password = "{PASSWORD}"')), "b.ipynb")
    (tmp_path / "c.ipynb").write_text("{")
    found = scan_notebooks(".")
    lines = [*in_lines(found, PYTHON)]
    assert [line.split(" ")[0] for line in lines] == ["::error", "::notice", "::warning", "aicore-magics:"]
    assert lines[0].startswith(f"::error file=a.ipynb,title={found.leaks[0].kind_id},line=")
    assert not any(TOKENS[0].text in line or PASSWORD in line for line in lines)


def test_findings_in_files_with_odd_names(tmp_path, monkeypatch):
    """A line of ours never begins as a command of GitHub, whatever a file is called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "::set-env name=a::b.yaml").write_text("kind: WorkflowTemplate\n")
    lines = [*in_lines(check_files(["."]), PYTHON)]
    assert all(line.startswith(("::error file=", "::warning file=", "aicore-magics: ")) for line in lines)
