import os

import pytest

from aicore_magics.base.result import Where
from aicore_magics.templates import template_files
from aicore_magics.templates.check.check_files import check_files
from tests.templates.examples import SERVING, WORKFLOW


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with both templates and a file that is none; it is the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "templates" / "deep").mkdir(parents=True)
    (tmp_path / "templates" / "train.yaml").write_text(WORKFLOW)
    (tmp_path / "templates" / "deep" / "serve.yml").write_text(SERVING)
    (tmp_path / "templates" / "values.yaml").write_text("a: 1\n")
    (tmp_path / "templates" / "chart.yaml").write_text("a: {{ if .x }}\n  {{ end }}\n")
    return tmp_path


def test_a_folder_is_checked_with_all_below_it(folder):
    """Templates in a folder and below are checked, other YAML is passed over, broken or not."""
    done = check_files(["templates"])
    assert repr(done) == "2 templates, no findings."
    assert done.ok
    assert done.files_read == 4
    assert [one.file for one in done.templates] == ["templates/deep/serve.yml", "templates/train.yaml"]


def test_a_file_that_is_named_must_hold_a_template(folder):
    """What is passed over in a folder is an error where it was named."""
    done = check_files([folder / "templates" / "values.yaml"])
    assert [one.rule.id for one in done.findings] == ["no-template"]
    assert not done.ok


def test_a_broken_template_in_a_folder_is_found(folder):
    """YAML that cannot be read is a finding if a template was meant."""
    (folder / "templates" / "train.yaml").write_text(WORKFLOW.replace("spec:", "spec:x"))
    done = check_files(["templates"])
    assert [one.rule.id for one in done.findings] == ["yaml"]
    assert repr(done).startswith("1 error in 1 of 2 files. No file was changed.")


def test_files_that_cannot_be_read_are_findings(folder):
    """A missing file, one that is too large, and bytes that are no text: each is told."""
    (folder / "latin.yaml").write_bytes(WORKFLOW.replace("Churn", "Größe").encode("latin-1"))
    (folder / "big.yaml").write_bytes(b"#" * 1_000_001)
    done = check_files(["nowhere.yaml", "latin.yaml", "big.yaml", "\0"])
    assert [one.rule.id for one in done.findings] == ["file"] * 4
    told = {one.file: one.message for one in done.findings}
    assert told["nowhere.yaml"] == "the template 'nowhere.yaml' does not exist"
    assert "not UTF-8" in told["latin.yaml"]
    assert "larger" in told["big.yaml"]
    assert done.findings[-1].fix == "check the path"


def test_a_pipe_is_not_waited_for(folder):
    """Something that is no regular file is told at once."""
    os.mkfifo(folder / "pipe.yaml")
    assert [one.rule.id for one in check_files(["pipe.yaml"]).findings] == ["file"]


def test_a_file_counts_once(folder):
    """A file that is named beside its folder, or twice, is checked once."""
    done = check_files(["templates", "templates/train.yaml", folder / "templates"])
    assert (len(done.templates), done.files_read) == (2, 4)


def test_two_files_with_one_id_are_told(folder):
    """Of two executables with one id, over both kinds, a tenant can have one."""
    (folder / "templates" / "copy.yaml").write_text(SERVING.replace("churn-serve", "churn-train"))
    (found,) = check_files(["templates"]).findings
    assert (found.rule.id, found.severity) == ("same-id", "warning")
    assert found.where == "templates/train.yaml:4:9"
    assert "templates/copy.yaml" in found.message


def test_nothing_to_check_is_said(folder):
    """Without a template it is told where was looked, and how many files were read."""
    (folder / "empty").mkdir()
    assert repr(check_files(["empty"])) == "No templates in empty/: there is no YAML file."
    (folder / "empty" / "a.yaml").write_text("a: 1")
    told = "No templates in empty/: 1 file read, none is a WorkflowTemplate or ServingTemplate."
    assert repr(check_files(["empty/"])) == told


def test_only_so_many_files_are_read(folder, monkeypatch):
    """There is a bound over all folders, and it is told that it was reached."""
    monkeypatch.setattr(template_files, "MAX_FILES", 3)
    done = check_files(["templates", "templates/deep"])
    assert done.files_read == 3
    assert done.notes == ("Only the first 3 files were read.",)


def test_the_tenant_is_named(folder):
    """With the names of a tenant, a finding and the last line say which tenant it is."""
    done = check_files(["templates/train.yaml"], known_secrets=(), where=Where("acme-dev", "api.example.com"))
    assert done.findings[0].message == "tenant acme-dev has no secret team-ghcr"
    assert repr(done).endswith("\nTenant acme-dev at api.example.com")


def test_the_logins_at_hand_are_asked(folder):
    """The keys of a secret at hand must serve the image of each file."""
    done = check_files(["templates"], auth_keys={"team-ghcr": ("quay.io",)})
    assert [one.rule.id for one in done.findings] == ["image-not-served"] * 2
