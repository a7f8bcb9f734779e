"""`jupyter aicore template …` and `rules`: statuses for CI, formats for programs, YAML for a file."""

from __future__ import annotations

import json

import pytest

from aicore_magics.cli import main
from aicore_magics.templates.catalogue.index import RULES

OF_BOTH = ("--image", "ghcr.io/acme/churn:1.4", "--scenario", "churn")
WORKFLOW = ["template", "workflow", "churn-train", *OF_BOTH, "--args", "x"]
SERVING = ["template", "serving", "churn-serve", *OF_BOTH]


@pytest.fixture
def made(tmp_path, monkeypatch, capsys):
    """A folder with a template that is well, one with a warning and one with an error."""
    monkeypatch.chdir(tmp_path)
    for name, words in (("good", WORKFLOW), ("warns", [w.replace(":1.4", ":latest") for w in WORKFLOW])):
        main([*words, "--secret", "team-a"])
        (tmp_path / f"{name}.yaml").write_text(capsys.readouterr().out)
    text = (tmp_path / "good.yaml").read_text()
    (tmp_path / "bad.yaml").write_text(text.replace("imagePullSecrets", "imagePullSecret"))
    return tmp_path


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("template check good.yaml", 0),
        ("template check warns.yaml", 0),
        ("template check bad.yaml", 1),
        ("template check bad.yaml none.yaml", 1),
        ("template check none.yaml", 2),
        ("template check good.yaml none.yaml", 2),
        ("template check bad.yaml --disable image-tag", 1),
        ("template check good.yaml --disable nope", 2),
        ("template check", 2),
        ("template patch good.yaml --secret team-b", 0),
        ("template patch good.yaml --secret team-b --write", 0),
        ("template patch good.yaml", 2),
        ("template patch none.yaml --secret team-b", 1),
        ("rules", 0),
        ("rules image-tag", 0),
        ("rules nope", 2),
    ],
)
def test_the_status_is_for_ci(made, line, status, capsys):
    """An error is 1, warnings alone are 0, a path that leads nowhere is 2 unless there is an error."""
    assert main(line.split()) == status
    out, err = capsys.readouterr()
    assert bool(out) != bool(err)


def test_against_a_tenant(sandbox, run, made):
    """With a tenant its secrets are compared; where that was asked for and not done, no error is no 0."""
    assert run("template check good.yaml {tenant}").status == 1
    sandbox.state.secrets["team-a"] = "{}"
    assert run("template check good.yaml {tenant}").status == 0
    sandbox.faults.html = True
    ended = run("template check good.yaml {tenant}")
    assert (ended.status, "were not compared" in ended.out) == (3, True)
    assert run("template check bad.yaml {tenant}").status == 1


def test_formats(made, capsys):
    """JSON, SARIF and annotations have the same finding, at the same line."""
    assert main(["template", "check", "warns.yaml", "--format", "json"]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert main(["template", "check", "warns.yaml", "--format", "sarif"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (result["ruleId"], result["level"]) == (finding["rule"], "warning") == ("image-tag", "warning")
    assert region == {"startLine": finding["line"], "startColumn": finding["column"]}
    assert main(["template", "check", "warns.yaml", "--format", "github"]) == 0
    first, last = capsys.readouterr().out.splitlines()
    place = f"file=warns.yaml,title=image-tag,line={finding['line']},col={finding['column']}"
    assert first.startswith(f"::warning {place}::")
    assert last.startswith("aicore-magics: 1 warning in warns.yaml.")


@pytest.mark.parametrize("words", [WORKFLOW, SERVING])
def test_a_template_is_yaml_alone(words, tmp_path, monkeypatch, capsys):
    """Standard output is the YAML, ready for a file; with --out it is written, and told."""
    monkeypatch.chdir(tmp_path)
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert out.startswith("apiVersion: ")
    assert "no secret" in err or err == "" or "public" in err
    assert main([*words, "--out", "a.yaml"]) == 0
    assert (tmp_path / "a.yaml").read_text() == out
    assert main([*words, "--out", "a.yaml"]) == 0
    changed = [*words, "--title", "other", "--out", "a.yaml"]
    assert main(changed) == 2
    assert main([*changed, "--force"]) == 0
    capsys.readouterr()
    assert main([*words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == out


def test_a_digest_stands_in_the_image(capsys):
    """A shell has seen no check: --pin-digest takes the digest that the image has, or says where it is."""
    digest = f"sha256:{64 * 'a'}"
    assert main([*SERVING, "--pin-digest"]) == 2
    assert "jupyter aicore check --format json shows it" in capsys.readouterr().err
    pinned = [word.replace(":1.4", f":1.4@{digest}") for word in SERVING]
    assert main([*pinned, "--pin-digest"]) == 0
    assert f"@{digest}" in capsys.readouterr().out


def test_the_rules_are_shown(capsys):
    """All with their IDs, or one with why it is one; what to do next is a command."""
    assert main(["rules"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {rule}" in out for rule in RULES)
    assert "  jupyter aicore rules image-tag" in out.splitlines()
    assert main(["rules", "image-tag"]) == 0
    assert RULES["image-tag"].why in capsys.readouterr().out
