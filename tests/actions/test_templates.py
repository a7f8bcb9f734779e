"""Templates beside a notebook: checked against the tenant, saved whole or not at all, and well begun."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aicore_magics.actions import (
    Against,
    check_templates,
    patch_template,
    save_template,
    starter_templates,
    template_rules,
)
from aicore_magics.errors import InvalidFile, InvalidRule, InvalidTemplate
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import Action
from aicore_magics.templates.generate.generated import serving_template
from aicore_magics.templates.generate.serving_parts import ServingOptions
from aicore_magics.templates.patch.patch_options import PatchOptions

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
    return [(one.rule.id, one.severity) for one in result.findings]


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
    assert "the secret has a login for" in missed.findings[0].message


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
    assert "--no-check" in NOTEBOOK.say(caught.value.next)
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
    with pytest.raises(InvalidFile, match="exists already"):
        save_template("train.yaml", train.text)
    save_template("train.yaml", train.text, force=True)
    assert (tmp_path / "train.yaml").read_text() == train.text
    with pytest.raises(InvalidFile, match="is outside"):
        save_template("../train.yaml", train.text)


def test_the_fix_of_what_is_not_saved_needs_no_file(tmp_path):
    """What stands in a cell is in no file that could be patched: the fix says what to do in the cell."""
    (train, serve) = starter_templates("team-ghcr", IMAGE)
    outer = "spec:\n  imagePullSecrets:\n  - name: team-ghcr\n"
    inner = "        imagePullSecrets:\n          - name: team-ghcr\n"
    assert inner in serve.text
    wrong = train.text.replace("team-ghcr", "<YOUR_SECRET>")
    moved = re.sub(r"(?m)^spec:\n", outer, serve.text.replace(inner, ""), count=1)
    for text in (wrong, moved):
        with pytest.raises(InvalidTemplate, match="1 error in") as caught:
            save_template("sv.yaml", text)
        assert "patch" not in caught.value.message
        assert "in the text" in caught.value.message
        caught.value.door = NOTEBOOK
        assert "in the cell" in caught.value.message
    (tmp_path / "sv.yaml").write_text(wrong)
    assert "%aicore_template patch sv.yaml --secret" in NOTEBOOK.say(
        check_templates("sv.yaml").findings[0].fix
    )


@pytest.mark.parametrize("act", [check_templates, lambda paths: patch_template(paths, None)])
def test_an_empty_path_is_not_the_working_folder(act):
    """An empty path, such as a variable that nobody set, is refused, alone and among others."""
    for paths in ("", " ", ["train.yaml", ""]):
        with pytest.raises(InvalidFile, match="a path is empty"):
            act(paths)
    for paths in (None, 3, b"train.yaml", ["train.yaml", None]):
        with pytest.raises(InvalidTemplate, match="not a path"):
            act(paths)


def test_what_is_saved_is_a_text_with_a_path(tmp_path):
    """Without a name, or with what no file can hold, nothing is written, checked or not; a Path is a path."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    with pytest.raises(InvalidFile, match=r"a path is empty\. Nothing was written"):
        save_template("", train.text)
    for text in (b"x", None, "a: \ud800\n"):
        with pytest.raises(InvalidTemplate, match="Nothing was written"):
            save_template("train.yaml", text, check=False)
    assert list(tmp_path.iterdir()) == []
    assert save_template(Path("train.yaml"), train.text).path == "train.yaml"


INNER = "        imagePullSecrets:\n          - name: old\n"
AT = {
    "outer": ("spec:\n", "  imagePullSecrets:\n  - name: old\n"),
    "container": ("          - name: kserve-container\n", "            imagePullSecrets: [{name: old}]\n"),
    "inner": ("    spec: |\n", "      imagePullSecrets: [{name: old}]\n"),
    "template": ("  template:\n", "    imagePullSecrets: [{name: old}]\n"),
    "misspelt": ("      predictor:\n", "        imagePullSecret: [{name: old}]\n"),
}


@pytest.mark.parametrize("place", AT)
def test_a_fix_that_is_followed_mends_it(tmp_path, place):
    """Whatever the place of the key: what the check says to do leaves nothing to say."""
    good = serving_template(
        "churn-serve", image=IMAGE, secret="old", scenario="churn", options=ServingOptions(comments=False)
    ).text
    assert INNER in good
    owner, lines = AT[place]
    bare = good.replace(INNER, "")
    assert owner in bare
    (tmp_path / "sv.yaml").write_text(bare.replace(owner, owner + lines, 1))
    (found,) = check_templates("sv.yaml").errors
    if isinstance(found.fix, Action):
        assert NOTEBOOK.say(found.fix) == "%aicore_template patch sv.yaml --secret old --move"
        patch_template("sv.yaml", "old", write=True, options=PatchOptions(move=True))
    else:
        wanted = {"misspelt": "write imagePullSecrets"}
        assert found.fix == wanted.get(place, "move it to predictor, with the list below it")
        (tmp_path / "sv.yaml").write_text(good)
    assert check_templates("sv.yaml").findings == ()
    assert "imagePullSecrets:\n" in (tmp_path / "sv.yaml").read_text()


def test_a_rule_is_disabled_in_a_call(templates):
    """By one id or several; an unknown one raises before anything is read or written."""
    place = templates / "churn-train.yaml"
    place.write_text(place.read_text().replace("churn:1.4", "churn:latest"))
    assert rules(check_templates(place)) == [("image-tag", "warning")]
    for disable in ("image-tag", ["image-tag", "name"]):
        result = check_templates(place, disable=disable)
        assert (result.findings, [one.rule.id for one in result.disabled]) == ((), ["image-tag"])
    with pytest.raises(
        InvalidRule, match=r"no rule has this name\. Nothing was checked\.\nNext: did you mean"
    ):
        check_templates("nowhere", disable="imge-tag")
    with pytest.raises(InvalidRule, match="yaml cannot be disabled"):
        check_templates(place, disable="yaml")


def test_a_disabled_error_is_saved_and_told(tmp_path):
    """The file is written, and it is said that AI Core would refuse it, and where."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    wrong = train.text.replace("team-ghcr", "Default")
    row = wrong[: wrong.index("Default")].count("\n") + 1
    with pytest.raises(InvalidTemplate, match=r"\(secret-name\); write the name of a secret"):
        save_template("train.yaml", wrong)
    with pytest.raises(InvalidRule, match=r"Nothing was written\."):
        save_template("train.yaml", wrong, disable="secretname")
    assert list(tmp_path.iterdir()) == []
    done = save_template("train.yaml", wrong, disable="secret-name")
    assert (tmp_path / "train.yaml").read_text() == wrong
    report = done.report()
    assert report.state == "warning"
    assert f"AI Core would still refuse or ignore what is at train.yaml:{row}:" in str(report)
    assert "checked   no findings, 1 disabled" in str(report)
    assert [one["rule"] for one in done.to_dict()["checked"]["disabled"]] == ["secret-name"]
    quiet = save_template("train.yaml", train.text, disable="secret-name", force=True).report()
    assert (quiet.state, quiet.sentences) == ("done", ())


def test_rules_are_listed_and_explained():
    """All, sorted by id; one by its id; an unknown id raises with the nearest."""
    every = template_rules().rules
    assert [one.id for one in every] == sorted(one.id for one in every)
    assert template_rules("image-tag").rule in every
    with pytest.raises(InvalidRule, match="did you mean image-tag"):
        template_rules("image_tag")


def test_a_secret_that_the_tenant_has_not(tenant, sandbox, clock):
    """Known to be missing, it is told with the nearest name; where that is not known, nothing is said."""
    sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{"auth":"YTpi"}}}'
    against = Against(tenant)
    assert against.caution("team-ghcr") == ()
    assert against.caution("") == against.caution("{{inputs.parameters.secret}}") == ()
    assert against.caution("team-gchr") == (
        "Tenant sandbox has no secret team-gchr yet. Did you mean team-ghcr?",
    )
    assert against.caution("other") == ("Tenant sandbox has no secret other yet.",)
    assert Against().caution("other") == ()
    sandbox.stop()
    assert against.caution("other") == ()


def test_the_real_place_is_told(tmp_path, monkeypatch):
    """A result names the path as it was given, and its card where that is on this machine."""
    (train, _) = starter_templates("team-ghcr", IMAGE)
    (tmp_path / "deep").mkdir()
    done = save_template("deep/train.yaml", train.text)
    assert (done.path, done.place) == ("deep/train.yaml", str(tmp_path / "deep/train.yaml"))
    assert f"file      {tmp_path}/deep/train.yaml" in str(done.report())
    monkeypatch.setenv("HOME", str(tmp_path))
    again = save_template("deep/train.yaml", train.text, force=True)
    assert again.place == "~/deep/train.yaml"
