"""Findings as SARIF: rules, levels and places, and what is disabled."""

from __future__ import annotations

from aicore_magics.next_steps import PYTHON
from aicore_magics.templates.catalogue.index import RULES
from aicore_magics.templates.check.check_files import check_files
from aicore_magics.templates.check.sarif import sarif
from tests.cli.test_templates import WORKFLOW
from tests.leaks.test_sarif import MEMBERS

LEVELS = {"error": "error", "warning": "warning", "hint": "note"}


def checked(tmp_path, monkeypatch, capsys, comment=""):
    """What the check finds in a workflow with an image without a version, and what SARIF makes of it."""
    from aicore_magics.cli import main

    monkeypatch.chdir(tmp_path)
    main([word.replace(":1.4", ":latest") for word in WORKFLOW])
    text = capsys.readouterr().out
    (tmp_path / "a.yaml").write_text(text.replace("churn:latest", f"churn:latest{comment}"))
    found = check_files(["a.yaml"])
    (run,) = sarif(found, PYTHON)["runs"]
    return found, run


def test_each_finding_is_a_result(tmp_path, monkeypatch, capsys):
    """A result has its rule, level, file, line and column, and a message with the fix."""
    found, run = checked(tmp_path, monkeypatch, capsys)
    assert found.findings
    for finding, result in zip(found.findings, run["results"], strict=True):
        assert [*RULES][result["ruleIndex"]] == result["ruleId"] == finding.rule.id
        assert result["level"] == LEVELS[finding.severity]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "a.yaml"}
        assert place["region"]["startLine"] == finding.line
        assert result["message"]["text"].startswith(finding.message)


def test_only_what_the_standard_knows(tmp_path, monkeypatch, capsys):
    """Every object has the members that SARIF requires, and each rule is there once."""
    _, run = checked(tmp_path, monkeypatch, capsys)
    driver = run["tool"]["driver"]
    assert run.keys() == MEMBERS["run"]
    assert [rule["id"] for rule in driver["rules"]] == [*RULES]
    assert all(rule.keys() == {*MEMBERS["rule"], "fullDescription"} for rule in driver["rules"])
    assert all(result.keys() == MEMBERS["result"] for result in run["results"])


def test_what_is_disabled_is_not_shown(tmp_path, monkeypatch, capsys):
    """A finding that a comment disables is none, as in the text."""
    found, run = checked(tmp_path, monkeypatch, capsys, comment="  # aicore-magics: disable=image-tag")
    assert [one.rule.id for one in found.disabled] == ["image-tag"]
    assert len(run["results"]) == len(found.findings)
    assert "image-tag" not in [result["ruleId"] for result in run["results"]]
