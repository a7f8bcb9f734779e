"""What any SARIF file of ours has."""

from __future__ import annotations

from aicore_magics.base.sarif import place, sarif_file, uri
from aicore_magics.base.version import VERSION


def test_a_run():
    """One run of this package in its version, with what it is warned of; results and rules as given."""
    log = sarif_file([{"id": "a"}], [{"ruleId": "a"}], complete=False, warnings=["b"])
    (run,) = log["runs"]
    assert (log["version"], run["results"]) == ("2.1.0", [{"ruleId": "a"}])
    assert run["tool"]["driver"] == {
        "name": "aicore-magics",
        "version": VERSION,
        "rules": [{"id": "a"}],
    }
    (invocation,) = run["invocations"]
    assert (invocation["executionSuccessful"], len(invocation["toolExecutionNotifications"])) == (False, 1)


def test_places(tmp_path, monkeypatch):
    """A place below this folder is relative, any other a URI of its own; what is not known is left out."""
    monkeypatch.chdir(tmp_path)
    assert place("a b.yaml") == {"artifactLocation": {"uri": "a%20b.yaml"}}
    assert place("a", 2)["region"] == {"startLine": 2}
    assert place("a", 2, 3)["region"] == {"startLine": 2, "startColumn": 3}
    assert uri(str(tmp_path / "a")) == "a"
    assert uri("/elsewhere/a") == "file:///elsewhere/a"
