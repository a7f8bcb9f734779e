"""Which secrets templates name, and for which images."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.pull_needs import PullNeed, pull_needs


def test_both_kinds(tmp_path: Path) -> None:
    """A secret that templates of both kinds name has the images of both, each once."""
    train = workflow_template(
        "train", image="ghcr.io/acme/train:1", secret="team-ghcr", scenario="churn", container=_command()
    )
    serve = serving_template("serve", image="ghcr.io/acme/serve:2", secret="team-ghcr", scenario="churn")
    (tmp_path / "train.yaml").write_text(str(train), encoding="utf-8")
    (tmp_path / "serve.yaml").write_text(str(serve), encoding="utf-8")
    (need,), unread = pull_needs([tmp_path])
    assert unread == ()
    assert need.secret == "team-ghcr"
    assert sorted(need.images) == ["ghcr.io/acme/serve:2", "ghcr.io/acme/train:1"]
    assert [Path(file).name for file in need.files] == ["serve.yaml", "train.yaml"]


def _command() -> object:
    from aicore_magics.templates.generate.options import Container

    return Container(args=("python train.py",))


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("", ()),
        ("kind: WorkflowTemplate\nspec: {}\n", ()),
        ("kind: Pod\nspec: {imagePullSecrets: [{name: team-ghcr}]}\n", ()),
        ("kind: WorkflowTemplate\nspec: {imagePullSecrets: [{name: team-ghcr}]}\n", ((),)),
        ("kind: WorkflowTemplate\nspec: {imagePullSecrets: [{name: '{{x}}'}], image: a/b}\n", ()),
        ("kind: WorkflowTemplate\nspec: {imagePullSecrets: [{name: s1}], image: '{{i}}'}\n", ((),)),
        ("kind: WorkflowTemplate\nspec: {imagePullSecrets: [{name: s1}], image: [1]}\n", ((),)),
        ("kind: WorkflowTemplate\nspec: {imagePullSecrets: {name: s1}}\n", ()),
        ("kind: WorkflowTemplate\nspec: &a {imagePullSecrets: [{name: s1}], more: *a}\n", ()),
        ("kind: WorkflowTemplate\n\tbroken: [", ()),
    ],
)
def test_odd_templates(tmp_path: Path, text: str, needs: tuple[tuple[str, ...], ...]) -> None:
    """What is no template, or names no secret that could exist, is passed over without an error."""
    (tmp_path / "odd.yaml").write_text(text, encoding="utf-8")
    found, unread = pull_needs([tmp_path])
    assert tuple(need.images for need in found) == needs
    assert bool(unread) == ("broken" in text or "*a" in text)  # an alias of itself is no YAML that we read


@pytest.mark.needs("template-corpus")
def test_field() -> None:
    """Every template of the field is read, and a secret that one names has an image or a variable for one."""
    corpus = Path(os.environ["AICORE_TEMPLATE_CORPUS"])
    found, _ = pull_needs([corpus])
    assert found
    assert all(isinstance(need, PullNeed) and need.files for need in found)
    assert any(need.images for need in found)
