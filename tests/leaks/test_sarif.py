from __future__ import annotations

import json
from pathlib import Path

from aicore_magics.cli.formats import in_format
from aicore_magics.leaks.detectors.kinds import KINDS
from aicore_magics.leaks.scan import scan_notebooks
from tests.leaks.samples import TOKENS, code, notebook, written

# The members that SARIF 2.1.0 knows of the objects used here; it allows no others.
MEMBERS = {
    "run": {"tool", "columnKind", "invocations", "results"},
    "driver": {"name", "version", "rules"},
    "rule": {"id", "shortDescription", "help", "defaultConfiguration"},
    "result": {"ruleId", "ruleIndex", "level", "message", "locations"},
    "invocation": {"executionSuccessful", "toolExecutionNotifications"},
}


def run_of(found):
    log = json.loads(in_format(found, "sarif"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    return run


def test_each_credential_is_a_result(tmp_path, monkeypatch):
    """Each credential is a result with rule, file, line and column; where it ends is not told."""
    monkeypatch.chdir(tmp_path)
    path = written(tmp_path, notebook(code(f"x = 1\ny = '{TOKENS[2].text}'")), "my folder/ä.ipynb")
    found = scan_notebooks(path)
    (result,) = run_of(found)["results"]
    (leak,) = found.leaks
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "my%20folder/%C3%A4.ipynb"
    assert physical["region"] == {"startLine": leak.file_line, "startColumn": leak.file_column}
    line = path.read_text("utf-8").split("\n")[leak.file_line - 1]
    assert line[leak.file_column - 1 :].startswith(TOKENS[2].text)
    assert KINDS[result["ruleIndex"]].id == result["ruleId"] == "github-token"
    assert "cell 2, source, line 2" in result["message"]["text"]


def test_only_what_the_standard_knows(tmp_path):
    """Every object has the members that SARIF requires, and none that it does not know."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    (tmp_path / ".jupyter_ystore.db").touch()
    run = run_of(scan_notebooks(path))
    driver = run["tool"]["driver"]
    assert run.keys() == MEMBERS["run"]
    assert driver.keys() == MEMBERS["driver"]
    assert [rule["id"] for rule in driver["rules"]] == [kind.id for kind in KINDS]
    assert all(rule.keys() == MEMBERS["rule"] for rule in driver["rules"])
    assert all(result.keys() == MEMBERS["result"] for result in run["results"])
    assert all(one.keys() == MEMBERS["invocation"] for one in run["invocations"])
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "cannot be searched" in note["message"]["text"]


def test_a_file_elsewhere(tmp_path):
    """A file that is not below this folder is told by a URI of its own."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    (result,) = run_of(scan_notebooks(path))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == Path(path).as_uri()


def test_nothing_found(tmp_path):
    """Where nothing was found there are no results, and the run says that it was done."""
    run = run_of(scan_notebooks(written(tmp_path, notebook())))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
