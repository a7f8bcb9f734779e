import os
import re
import threading
import time
from typing import ClassVar

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.model.names import SecretName
from aicore_magics.templates import template_files
from aicore_magics.templates.emit import scalar
from aicore_magics.templates.pull_secret_lines import files_naming, serving_lines, workflow_lines

# Legal names that some YAML reader takes for something else, or might in a version to come.
AWKWARD = [
    *("123", "0123", "0o7", "0x1f", "0b11", "1e3", "12e03", "1.5", "1.e3", "0.0", "12-34", "1-1"),
    *("2024-01-01", "2024-1-1", "190-20", "685.230.15", "1_000", "0b1_01", "0x_ff"),
    *("yes", "no", "on", "off", "true", "false", "null", "0-9", "1e-3", "1e-a"),
]
ODD = ["none", "inf", "nan", "y1", "n0", "a..b", "a.b", "a-.b", "e-1", "a_bc", "nu-ll.x"]
PLAIN = ["team-ghcr", "shared-hub", "a-b", "vendor2-x", "y-n", "no-no", "true-false", "a--b", "e1-e"]
WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
spec:
  imagePullSecrets:
    - name: {name}
  entrypoint: train
"""
SERVING = """\
apiVersion: ai.sap.com/v1alpha1
kind: ServingTemplate
spec:
  template:
    apiVersion: serving.kserve.io/v1beta1
    spec: |
      predictor:
        imagePullSecrets:
        - name: {name}
        minReplicas: 1
"""


class Yaml12(yaml.SafeLoader):
    """Reads plain words as YAML 1.2 does; SafeLoader does it as YAML 1.1."""

    yaml_implicit_resolvers: ClassVar = {}


for tag, words in (
    ("null", r"~|null|Null|NULL|"),
    ("bool", r"true|True|TRUE|false|False|FALSE"),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    ("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan"),
):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(rf"(?:{words})\Z"), None)


def written(folder, text, name="train.yaml"):
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


# The lines


@pytest.mark.parametrize("name", [*AWKWARD, *PLAIN])
def test_the_lines_name_the_secret(name):
    """In both template kinds the lines are YAML that has the name, as a text, where AI Core reads it."""
    SecretName.parse(name)
    pull = {"imagePullSecrets": [{"name": name}]}
    assert yaml.safe_load("\n".join(workflow_lines(name))) == {"spec": pull}
    serving = yaml.safe_load("\n".join(serving_lines(name)))
    inner = serving["spec"]["template"].pop("spec")
    assert serving == {"spec": {"template": {}}}
    assert yaml.safe_load(inner) == {"predictor": pull}


@given(st.sampled_from(AWKWARD + ODD) | st.from_regex(r"[a-z0-9](_?[a-z0-9.-])*[a-z0-9]", fullmatch=True))
@example("0o17")
@example("1e3")
def test_every_legal_name_reads_back(name):
    """Any legal name reads back as that text, by the rules of YAML 1.1 and of 1.2."""
    for loader in (yaml.SafeLoader, Yaml12):
        assert yaml.load(f"name: {scalar(name)}", loader) == {"name": name}


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_stand_in_quotes(name):
    """Whatever any YAML version could read as a number, a date or a truth value is quoted."""
    assert scalar(name) == f'"{name}"'


@pytest.mark.parametrize("name", PLAIN)
def test_ordinary_names_stand_bare(name):
    """A name of letters with a hyphen in it needs no quotes."""
    assert scalar(name) == name


def test_the_lines_can_be_copied():
    """The lines have no tabs, no spaces at their ends, and the indentation of the usual templates."""
    assert workflow_lines("team-ghcr") == ("spec:", "  imagePullSecrets:", "    - name: team-ghcr")
    assert serving_lines("1e3") == (
        "spec:",
        "  template:",
        "    spec: |",
        "      predictor:",
        "        imagePullSecrets:",
        '          - name: "1e3"',
    )


# The files


@pytest.mark.parametrize("template", [WORKFLOW, SERVING], ids=["workflow", "serving"])
@pytest.mark.parametrize(
    "spelt",
    ["team-ghcr", "'team-ghcr'", '"team-ghcr"', "team-ghcr  ", "team-ghcr # ours", '"team-ghcr"  # ours'],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_both_template_kinds_are_found(template, spelt, line_break, tmp_path):
    """A template of either kind that names the secret is found, quoted or not, with either line break."""
    written(tmp_path, template.format(name=spelt).replace("\n", line_break), "a.yaml")
    assert files_naming("team-ghcr", tmp_path) == ("a.yaml",)


@pytest.mark.parametrize(
    "text",
    [
        "imagePullSecrets: [{name: team-ghcr}]",
        "imagePullSecrets: [ {name: shared-hub}, { name: 'team-ghcr' } ]",
        "imagePullSecrets:\n  - {name: team-ghcr}",
        "imagePullSecrets:\n  - {kind: x, name: team-ghcr, more: y}",
        'imagePullSecrets:\n  - "name": team-ghcr',
        "imagePullSecrets:\n  -   'name' : team-ghcr",
        "imagePullSecrets:\n  -\n    name: team-ghcr",
        '{"imagePullSecrets": [{"name": "team-ghcr"}]}',
        '{"imagePullSecrets": [\n  {\n    "name": "team-ghcr"\n  }\n]}',
    ],
)
def test_other_styles_are_found(text, tmp_path):
    """YAML in flow style, with quoted keys, or as JSON names a secret as well."""
    names = [entry["name"] for entry in yaml.safe_load(text)["imagePullSecrets"]]
    assert "team-ghcr" in names
    written(tmp_path, text, "a.yaml")
    assert files_naming("team-ghcr", tmp_path) == ("a.yaml",)
    assert files_naming("team", tmp_path) == files_naming("ghcr", tmp_path) == ()


@pytest.mark.parametrize("lines", [workflow_lines, serving_lines])
@pytest.mark.parametrize("name", ["team-ghcr", "1e3", "a..b"])
def test_our_own_lines_are_found(lines, name, tmp_path):
    """What we tell to write is what we find."""
    written(tmp_path, "\n".join(lines(name)), "a.yml")
    assert files_naming(name, tmp_path) == ("a.yml",)


@pytest.mark.parametrize(
    "text",
    [
        *(
            WORKFLOW.format(name=name)
            for name in ("team", "team-ghcr-2", "my-team-ghcr", "team-ghc", "teamxghcr")
        ),
        *(
            WORKFLOW.format(name=name)
            for name in ("'team-ghcr-2'", "'my-team-ghcr'", "team-ghcr/x", "TEAM-GHCR")
        ),
        "metadata:\n  name: team-ghcr\nspec:\n  imagePullSecrets:\n    - name: other\n",
        "metadata:\n  name: team-ghcr\n",
        "spec:\n  imagePullSecrets:\n    - key: team-ghcr\n    - filename: team-ghcr\n",
        "imagePullSecrets: team-ghcr\n",
        "spec:\n  # - name: team-ghcr\n  imagePullSecrets: []\n",
        "imagePullSecrets:\n  # - name: team-ghcr\n",
        "imagePullSecrets: [{filename: team-ghcr}, {name: team-ghcr-2}, {name: my-team-ghcr}]",
        "imagePullSecrets:\n- name: team-ghcr#x\n- my-name: team-ghcr\n",
        "",
    ],
)
def test_other_names_are_not_found(text, tmp_path):
    """A name that only begins or ends alike, or stands for something else, is not this secret."""
    written(tmp_path, text)
    assert files_naming("team-ghcr", tmp_path) == ()


@pytest.mark.parametrize(
    ("wanted", "found"), [("team", ("b.yaml",)), ("team-ghcr", ("a.yaml",)), ("t.am", ())]
)
def test_a_name_is_no_pattern_and_no_prefix(wanted, found, tmp_path):
    """Each name finds its own templates: `team` not those of `team-ghcr`, and a dot is a dot."""
    written(tmp_path, WORKFLOW.format(name="team-ghcr"), "a.yaml")
    written(tmp_path, SERVING.format(name="team"), "b.yaml")
    assert files_naming(wanted, tmp_path) == found


def test_a_file_that_begins_with_the_secrets(tmp_path):
    """A part of a template is found as well as a whole one."""
    written(tmp_path, "imagePullSecrets:\nname: team-ghcr")
    assert files_naming("team-ghcr", tmp_path) == ("train.yaml",)


def test_one_of_several_secrets(tmp_path):
    """A template that names several secrets is found by each, and once."""
    both = WORKFLOW.format(name="team-ghcr\n    - name: shared-hub\n    - name: team-ghcr")
    written(tmp_path, both)
    assert files_naming("team-ghcr", tmp_path) == files_naming("shared-hub", tmp_path) == ("train.yaml",)


def test_where_files_are_looked_for(tmp_path):
    """YAML files are found in all folders below, in the order of their names, but not in hidden ones."""
    text = WORKFLOW.format(name="team-ghcr")
    for name in (
        "z.yaml",
        "a.yml",
        "sub/deep/er/b.yaml",
        "sub/a.b.yaml",
        "notes.md",
        "a.yaml.bak",
        "train.json",
        ".git/c.yaml",
        ".ipynb_checkpoints/train.yaml",
        "sub/.hidden/d.yaml",
        "node_modules/e.yaml",
        "sub/venv/f.yaml",
        "__pycache__/g.yaml",
        "build/h.yaml",
        "dist/i.yaml",
        "lib/site-packages/j.yaml",
    ):
        written(tmp_path, text, name)
    assert files_naming("team-ghcr", tmp_path) == ("a.yml", "sub/a.b.yaml", "sub/deep/er/b.yaml", "z.yaml")


@pytest.mark.parametrize("before", [b"\xff\xfe# \xe4\n", b"\xef\xbb\xbf", "# ä€😀\n".encode(), b"\x00\x01\n"])
def test_broken_encodings(before, tmp_path):
    """A file that is not UTF-8 throughout is still read."""
    written(tmp_path, before + WORKFLOW.format(name="team-ghcr").encode())
    assert files_naming("team-ghcr", tmp_path) == ("train.yaml",)


def test_files_that_cannot_be_read(tmp_path):
    """A broken link, a loop and a folder with the name of a file are passed over."""
    (tmp_path / "broken.yaml").symlink_to(tmp_path / "none.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    written(tmp_path, WORKFLOW.format(name="team-ghcr"), "folder.yaml/train.yaml")
    assert files_naming("team-ghcr", tmp_path) == ("folder.yaml/train.yaml",)


def test_a_link_to_a_folder_is_not_followed(tmp_path):
    """A link back to the folder does not make the look go round in it."""
    written(tmp_path, WORKFLOW.format(name="team-ghcr"), "sub/train.yaml")
    (tmp_path / "sub" / "again").symlink_to(tmp_path)
    assert files_naming("team-ghcr", tmp_path) == ("sub/train.yaml",)


def test_a_folder_that_is_not_there(tmp_path):
    """Where there is no folder, nothing is named in it."""
    assert files_naming("team-ghcr", tmp_path / "none") == ()


def test_a_file_that_is_too_large(tmp_path):
    """A file of at most 1 MB is read, a larger one is passed over."""
    text = WORKFLOW.format(name="team-ghcr")
    written(tmp_path, text + (1_000_000 - len(text)) * "#", "fits.yaml")
    written(tmp_path, text + (1_000_001 - len(text)) * "#", "large.yaml")
    assert files_naming("team-ghcr", tmp_path) == ("fits.yaml",)


def test_how_many_files_are_read(tmp_path, monkeypatch):
    """At most 2,000 files are looked at: only YAML files count, and the look then ends."""
    assert template_files.MAX_FILES == 2_000
    monkeypatch.setattr(template_files, "MAX_FILES", 3)
    for i in range(5):
        written(tmp_path, WORKFLOW.format(name="team-ghcr"), f"{i}.yaml")
        written(tmp_path, "", f"{i}.txt")
    assert len(files_naming("team-ghcr", tmp_path)) == 3


def test_how_many_entries_are_gone_through(tmp_path, monkeypatch):
    """The look ends after 20,000 files and folders, of whatever kind."""
    assert template_files.MAX_ENTRIES == 20_000
    monkeypatch.setattr(template_files, "MAX_ENTRIES", 10)
    for i in range(8):
        written(tmp_path, WORKFLOW.format(name="team-ghcr"), f"{i}/{i}.yaml")
        written(tmp_path, "", f"{i}/{i}.txt")
    assert len(files_naming("team-ghcr", tmp_path)) == 1
    monkeypatch.setattr(template_files, "MAX_ENTRIES", 24)
    assert len(files_naming("team-ghcr", tmp_path)) == 8


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_named_like_a_template(tmp_path):
    """A pipe or a device is no template, and nothing waits for it."""
    os.mkfifo(tmp_path / "a.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    found = []
    look = threading.Thread(target=lambda: found.append(files_naming("team-ghcr", tmp_path)), daemon=True)
    look.start()
    look.join(2)
    assert found == [()]


@pytest.mark.parametrize(
    "text",
    [
        "imagePullSecrets:\n" + 100_000 * "- name: ",
        "imagePullSecrets:\n" + 100_000 * "- name:\n",
        "imagePullSecrets:\n- name: team-ghcr" + 900_000 * " " + "x",
        "imagePullSecrets:\n- name: team-ghcr" + 900_000 * "#x ",
        50_000 * "imagePullSecrets\n",
        "imagePullSecrets" + 900_000 * "\n",
        "imagePullSecrets:\n" + 900_000 * " " + "x",
        "imagePullSecrets:\n-" + 900_000 * " " + "x",
        "imagePullSecrets: [{" + 900_000 * "\n" + "x",
        "imagePullSecrets:\n" + 400_000 * "- ",
        "imagePullSecrets:" + 400_000 * "{ ",
        "imagePullSecrets:" + 60_000 * ",name: team-ghcr x",
    ],
)
def test_the_look_is_not_slow(text, tmp_path):
    """A file of 1 MB takes less than half a second, whatever stands in it."""
    written(tmp_path, text)
    begin = time.thread_time()
    files_naming("team-ghcr", tmp_path)
    assert time.thread_time() - begin < 0.5
