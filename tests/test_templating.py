"""Templates beside a notebook: checked against the tenant, saved whole or not at all, and well begun."""

from __future__ import annotations

import json

import pytest

from aicore_magics.actions import Against, check_templates, save_template, starter_templates
from aicore_magics.errors import InvalidFile, InvalidTemplate

IMAGE = "ghcr.io/acme/churn:1.4"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def templates(tmp_path):
    """Both starters, as files."""
    for one in starter_templates("team-ghcr", IMAGE):
        (tmp_path / f"{one.name}.yaml").write_text(one.text)
    return tmp_path


def rules(result):
    return [(one.rule, one.severity) for one in result.findings]


def test_the_starters_are_good(templates):
    """What a stored secret and its image suggest has no finding, of either kind."""
    result = check_templates(".")
    assert result.findings == ()
    assert {one.kind for one in result.templates} == {"WorkflowTemplate", "ServingTemplate"}
    assert result.where is None


def test_a_secret_that_the_tenant_does_not_have(templates, tenant, sandbox):
    """With a tenant, the name must be one of its secrets; the tenant stands in the result."""
    result = check_templates(["churn-train.yaml"], against=Against(tenant))
    assert [one.severity for one in result.findings] == ["error"]
    assert f"tenant {tenant.tenant}" in result.findings[0].message
    sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{}}}'
    result = check_templates(["churn-train.yaml"], against=Against(tenant))
    assert result.ok
    assert str(tenant.where) in str(result.report())


def test_a_login_that_does_not_serve_the_image(templates, tenant, sandbox):
    """Where the keys of a secret are known, one of them must serve the image, by the kubelet's rules."""
    sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{}}}'
    served = check_templates("churn-train.yaml", against=Against(tenant, {"team-ghcr": ["ghcr.io"]}))
    assert served.ok
    missed = check_templates("churn-train.yaml", against=Against(tenant, {"team-ghcr": ["quay.io"]}))
    assert len(missed.findings) == 1
    assert "no login serves it" in missed.findings[0].message


def test_a_tenant_that_does_not_answer_is_no_finding(templates, tenant, sandbox):
    """The files are judged all the same, and it is said that the names were not compared."""
    sandbox.stop()
    result = check_templates(".", against=Against(tenant, timeout=2))
    assert result.findings == ()
    assert len(result.notes) == 1
    assert "were not compared" in result.notes[0]
    assert result.where is None


def test_strict_fails_on_an_error_only(templates):
    """With strict an error raises, with every place in it; a warning does not."""
    place = templates / "churn-train.yaml"
    place.write_text(place.read_text().replace("churn:1.4", "churn:latest"))
    assert check_templates(".", strict=True).findings
    place.write_text(place.read_text().replace("team-ghcr", "Default"))
    with pytest.raises(InvalidTemplate, match=r"1 error in these templates:\n  churn-train.yaml:\d+:\d+  "):
        check_templates(".", strict=True)


def test_save_checks_and_writes(tmp_path):
    """A good template is written as it stands, with one line break at its end; the result is data."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    done = save_template("train.yaml", train.text.rstrip())
    assert (tmp_path / "train.yaml").read_text() == train.text
    assert done.checked.ok
    assert "train.yaml saved." in str(done.report())
    assert "WorkflowTemplate churn-train" in str(done.report())
    assert json.loads(json.dumps(done.to_dict()))["path"] == "train.yaml"


def test_what_has_an_error_is_not_written(tmp_path):
    """Every error is told with its place, and nothing is written; unless no check is wanted."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    wrong = train.text.replace("team-ghcr", "<YOUR_SECRET>").replace("entrypoint: main", "entrypoint: man")
    with pytest.raises(InvalidTemplate) as caught:
        save_template("train.yaml", wrong)
    assert caught.value.message.startswith("Nothing was written. 2 errors in train.yaml:\n")
    assert caught.value.message.count("\n  train.yaml:") == 2
    assert "--no-check" in caught.value.hint
    assert list(tmp_path.iterdir()) == []
    done = save_template("train.yaml", wrong, check=False)
    assert (tmp_path / "train.yaml").read_text() == wrong
    assert "checked  no" in str(done.report())


def test_a_warning_is_written_and_told(tmp_path):
    """What may be meant is saved, and the result says what was seen, and where."""
    (train, _) = starter_templates("team-ghcr", IMAGE.replace("1.4", "latest"))
    report = save_template("train.yaml", train.text).report()
    assert report.state == "warning"
    assert "train.yaml:" in str(report)
    assert (tmp_path / "train.yaml").is_file()


def test_what_is_no_template_is_not_saved(tmp_path):
    """Text that is neither kind is refused: it would be synchronised as nothing."""
    with pytest.raises(InvalidTemplate, match="neither a WorkflowTemplate nor a ServingTemplate"):
        save_template("train.yaml", "a: 1\n")
    assert list(tmp_path.iterdir()) == []


def test_many_errors_are_cut(tmp_path):
    """Of many errors the first ten are told, and how many more there are."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    wrong = train.text + "---\n".join(["", *[train.text.replace("team-ghcr", "Default")] * 14])
    with pytest.raises(InvalidTemplate, match=r"14 errors in train\.yaml") as caught:
        save_template("train.yaml", wrong)
    assert caught.value.message.endswith("\n  and 4 more")
    assert caught.value.message.count("\n") == 11


def test_a_file_that_is_there_is_kept(tmp_path):
    """Saving is exclusive, unless force is said; and only below the working folder."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    (tmp_path / "train.yaml").write_text("mine")
    with pytest.raises(InvalidFile, match="is there already"):
        save_template("train.yaml", train.text)
    save_template("train.yaml", train.text, force=True)
    assert (tmp_path / "train.yaml").read_text() == train.text
    with pytest.raises(InvalidFile, match="leads out"):
        save_template("../train.yaml", train.text)
