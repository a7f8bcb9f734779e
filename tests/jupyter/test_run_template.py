"""%aicore_template in a real kernel: made, put into a cell or a file, checked, mended."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

WHAT = "--image ghcr.io/acme/churn:1.4 --secret team-ghcr --scenario churn"
WORKFLOW = f'%aicore_template workflow churn-train {WHAT} --args "python train.py"'
SERVING = f"%aicore_template serving churn-serve {WHAT}"


@pytest.fixture
def here(kernel, tmp_path):
    """The kernel, with this test's folder as its working folder."""
    assert not kernel.run(f"import os\nos.chdir({str(tmp_path)!r})").ename
    return kernel


def payloads(kernel, code):
    """What the front end is told to do after *code*: to put a text into the next cell, for instance."""
    sent = kernel.client.execute(code)
    while True:
        reply = kernel.client.get_shell_msg(timeout=30)
        if reply["parent_header"].get("msg_id") == sent:
            return reply["content"]["payload"]


@pytest.mark.parametrize(("line", "kind"), [(WORKFLOW, "WorkflowTemplate"), (SERVING, "ServingTemplate")])
def test_a_template_is_the_result(here, line, kind):
    """The text of the result is the YAML; the card shows it, too. No connection is needed."""
    cell = here.run(f"t = {line}\nprint(t)\nt")
    assert cell.ename == ""
    assert f"kind: {kind}\n" in cell.stream
    assert "- name: team-ghcr" in cell.stream
    assert '<pre class="y">' in cell.html
    assert f"{kind} churn-" in cell.text


def test_no_heavy_library_is_loaded_for_it(here):
    """Neither a YAML library nor anything that talks to a server is imported to make a template."""
    cell = here.run(
        f"import subprocess, sys, textwrap\ncode = '''\nfrom IPython.core.interactiveshell import "
        "InteractiveShell\nshell = InteractiveShell.instance()\nshell.run_line_magic('load_ext', "
        f"'aicore_magics')\nshell.run_line_magic('aicore_template', {WORKFLOW.partition(' ')[2]!r})\n"
        "import sys\nprint([m for m in ('yaml', 'requests', 'nbformat', 'ipywidgets') if m in sys.modules])\n"
        "'''\nprint(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout)"
    )
    assert cell.stream.strip().endswith("[]")


def test_a_template_comes_into_the_next_cell(here, tmp_path):
    """--cell gives the front end a cell that saves what it holds; run, it writes the file."""
    (payload,) = payloads(here, f"{WORKFLOW} --cell")
    assert payload["source"] == "set_next_input"
    first, _, yaml = payload["text"].partition("\n")
    assert first == "%%aicore_template save churn-train.yaml"
    assert yaml.startswith("apiVersion:")
    assert not yaml.endswith("\n")
    cell = here.run(payload["text"])
    assert "churn-train.yaml saved" in cell.text
    assert (
        "churn-train.yaml unchanged. The file already has exactly this content."
        in here.run(payload["text"]).text
    )
    assert (tmp_path / "churn-train.yaml").read_text() == yaml + "\n"


@pytest.mark.parametrize(
    ("before", "answers", "holds"),
    [("", [], True), ("", None, False), ("__vsc_ipynb_file__ = 'a.ipynb'", [], False)],
    ids=["JupyterLab", "headless", "VS Code"],
)
def test_the_card_says_where_the_template_is(here, before, answers, holds):
    """Where the next cell holds it for certain, the card says so alone; elsewhere it has the YAML."""
    here.run(before)
    cell = here.run(f"{WORKFLOW} --cell", answers=answers)
    here.run("globals().pop('__vsc_ipynb_file__', None)")
    below = "Next: run the next cell: it has the template, checks it and writes churn-train.yaml"
    assert (below in cell.text, "apiVersion:" in cell.text) == (holds, not holds)
    assert ("save it, in a cell that begins with %%aicore_template save" in cell.text) is not holds


def test_a_template_is_written_at_once(here, tmp_path):
    """--out writes the file, refuses to replace one unasked, and gives the template all the same."""
    cell = here.run(f"t = {SERVING} --out serve.yaml\nprint(t)\nt")
    assert (tmp_path / "serve.yaml").read_text() == cell.stream.removesuffix("\n")
    assert "serve.yaml" in cell.text
    assert "(unchanged)" in here.run(f"{SERVING} --out serve.yaml").text
    assert here.run(f"{SERVING} --title other --out serve.yaml").ename == "InvalidFile"
    assert here.run(f"{SERVING} --out serve.yaml --force").ename == ""
    assert here.run(f"{SERVING} --out a.yaml --cell").ename == "UsageError"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (WORKFLOW.replace("--secret team-ghcr", "--secret Default"), "InvalidName"),
        ("%aicore_template workflow churn-train", "InvalidTemplate"),
        ("%aicore_template serving", "InvalidTemplate"),
        (f"{SERVING} --pin-digest", "InvalidTemplate"),
        (f"{WORKFLOW} --pin-digest", "UsageError"),
        ("%aicore_template serving x-y --pin-digest --scenario churn", "InvalidTemplate"),
        ("%aicore_template serving x-y --pin-digest --image ghcr.io/A --scenario churn", "InvalidImage"),
        ("%aicore_template serving x-y --pin-digest --image '{{inputs.parameters.i}}'", "InvalidTemplate"),
        (f"{WORKFLOW} --env 'A={{{{workflow.parameters.nope}}}}'", "InvalidTemplate"),
        (f"{WORKFLOW} --plann starter", "UsageError"),
        (f"{SERVING} --timeout 3", "UsageError"),
        ("%aicore_template save x.yaml", "UsageError"),
        ("%%aicore_template check x.yaml\nkind: x", "UsageError"),
        ("%%aicore_template sav x.yaml\nkind: x", "UsageError"),
        ("%aicore_template patch x.yaml", "UsageError"),
        ("%aicore_template check", "UsageError"),
        ("%aicore_template check . --disable imge-tag", "InvalidRule"),
        ("%aicore_template check . --disable yaml", "InvalidRule"),
        ("%aicore_template rules imge-tag", "InvalidRule"),
        ("%aicore_template rules name port", "UsageError"),
        ("%%aicore_template save x.yaml --disable imge-tag\nkind: x", "InvalidRule"),
    ],
)
def test_what_is_wrong_is_told_in_two_lines(here, line, name):
    """Wrong options and values end with one clear message, and write nothing."""
    cell = here.run(line)
    assert cell.ename == name
    assert len([line for line in cell.shown.splitlines() if line.strip()]) <= 2


def test_a_cell_that_has_an_error_is_not_saved(here, tmp_path):
    """Save refuses with the line and the reason; the cell keeps the text. --no-check writes it as it is."""
    wrong = "kind: WorkflowTemplate\napiVersion: argoproj.io/v1alpha1\nspec:\n\ta: 1\n"
    cell = here.run(f"%%aicore_template save w.yaml\n{wrong}")
    assert cell.ename == "InvalidTemplate"
    assert "w.yaml:4:1" in cell.shown
    assert "TAB" in cell.shown
    assert not (tmp_path / "w.yaml").exists()
    assert here.run(f"%%aicore_template save w.yaml --no-check\n{wrong}").ename == ""
    assert (tmp_path / "w.yaml").read_text() == wrong


def test_braces_and_dollars_in_a_cell_stay(here, tmp_path):
    """IPython would put Python variables into a line; a template has placeholders of its own."""
    here.run("x = 'REPLACED'")
    line = f"{WORKFLOW} --param DEPTH=3 --env 'A={{{{workflow.parameters.DEPTH}}}} $x {{x}}' --out a.yaml"
    assert here.run(line).ename == ""
    text = (tmp_path / "a.yaml").read_text()
    assert "{{workflow.parameters.DEPTH}} $x {x}" in text
    here.run(f"%%aicore_template save b.yaml\n{text}")
    assert (tmp_path / "b.yaml").read_text() == text


def test_the_digest_that_a_check_saw_is_written(connected, sandbox, tmp_path):
    """--pin-digest names the image by the digest of the last check, and says that the tag is not followed."""
    registry, name = sandbox.registry, f"{sandbox.registry.host}/acme/churn"
    what = f"--image {name}:1.4 --secret team-ghcr --scenario churn"
    missing = connected.run(f"%aicore_template serving churn-serve {what} --pin-digest")
    assert missing.ename == "InvalidTemplate"
    assert (
        f"the digest of {name}:1.4 is unknown: no check in this kernel saw it. Nothing was written."
        in missing.shown
    )
    line = f"%aicore_docker_secret check --image {name}:1.4"
    assert missing.traceback[1] == f"Next: check the image first: {line}"
    connected.run(f"import os\nos.environ['RIGHT'] = {registry.password!r}")
    check = f"{line} --username {registry.username}"
    digest = connected.run(f"c = {check} --password-env RIGHT\nprint(c.verdicts[0].digest)").stream.strip()
    assert digest.startswith("sha256:")
    made = connected.run(f"t = %aicore_template serving churn-serve {what} --pin-digest\nprint(t)\nt")
    assert f'image: "{name}@{digest}"\n' in made.stream
    assert f"{name}:1.4 was {digest[:19]}" in made.text
    assert "no longer follows the tag" in made.text
    again = connected.run(
        f"%aicore_template serving churn-serve {what.replace(':1.4', '@' + digest)} --pin-digest"
    )
    assert "has its digest already: there was nothing to pin." in again.text


def test_check_compares_with_the_tenant_that_is_connected(connected, tmp_path, sandbox):
    """Connected, the secret must be one of the tenant's; what this kernel stored must serve the image."""
    connected.run(f"import os\nos.chdir({str(tmp_path)!r})")
    connected.run(f"{WORKFLOW} --out churn-train.yaml")
    cell = connected.run("c = %aicore_template check .\nprint(c.ok)\nc")
    assert cell.stream == "False\n"
    assert "no secret" in cell.text
    connected.run(
        "%aicore_docker_secret create team-ghcr --registry quay.io --username anna --password-env GHCR_SECRET"
    )
    assert "the secret has a login for" in connected.run("%aicore_template check .").text
    connected.run(
        "%aicore_docker_secret update team-ghcr --registry ghcr.io --username anna --password-env GHCR_SECRET"
    )
    assert "1 template, no findings" in connected.run("%aicore_template check .").text
    assert connected.run("%aicore_template check . --strict").ename == ""
    connected.run("%aicore_docker_secret delete team-ghcr --yes")
    assert connected.run("%aicore_template check . --strict").ename == "InvalidTemplate"


def test_patch_shows_and_then_writes(here, tmp_path):
    """Without --write the difference is shown and the file stays; with it, two lines differ."""
    here.run(f"{SERVING} --out serve.yaml")
    place = Path(tmp_path / "serve.yaml")
    before = place.read_text()
    cell = here.run("%aicore_template patch serve.yaml --secret team-hub")
    assert "+" in cell.text
    assert "team-hub" in cell.text
    assert place.read_text() == before
    cell = here.run(
        "p = %aicore_template patch . --secret team-hub --write\nimport json\nprint(json.dumps(p.to_dict()))"
    )
    assert json.loads(cell.stream)["files"][0]["written"] is True
    assert place.read_text() == before.replace("team-ghcr", "team-hub")
    again = here.run("%aicore_template patch . --secret team-hub --write")
    assert "already correct" in again.html
    assert again.stream == ""
    here.run("%aicore_template patch serve.yaml --remove --write")
    assert "imagePullSecrets:" not in place.read_text()


def test_rules_are_listed_and_explained(here):
    """All in a table; one with its reason and both samples; an unknown one with the nearest."""
    cell = here.run("r = %aicore_template rules\nprint(len(r.rules))\nr")
    assert int(cell.stream) > 50
    assert cell.html.count("<tr>") == int(cell.stream) + 1
    cell = here.run("%aicore_template rules image-tag")
    assert cell.html.count('<pre class="y">') == 2
    assert "churn:latest" in cell.text
    assert "did you mean image-tag" in here.run("%aicore_template rules imge-tag").shown


def test_a_rule_is_disabled_by_comment_or_call(here, tmp_path):
    """What is disabled is counted. A file with a disabled error is saved, and that is said."""
    here.run(f"{WORKFLOW} --out train.yaml")
    place = tmp_path / "train.yaml"
    wrong = place.read_text().replace("churn:1.4", "churn:latest").replace("team-ghcr", "Default")
    place.write_text(wrong)
    assert "1 error, 1 warning in train.yaml" in here.run("%aicore_template check .").text
    cell = here.run(
        "c = %aicore_template check . --disable image-tag --disable secret-name\nprint(c.to_dict())\nc"
    )
    assert "1 template, no findings, 2 disabled" in cell.text
    assert "'rule': 'secret-name'" in cell.stream
    assert here.run("%aicore_template check . --disable image-tag --strict").ename == "InvalidTemplate"
    commented = wrong.replace("name: Default", "name: Default  # aicore-magics: disable=secret-name")
    assert "(secret-name)" in here.run(f"%%aicore_template save b.yaml\n{wrong}").shown
    for line, text in (("", commented), (" --disable secret-name", wrong)):
        cell = here.run(f"%%aicore_template save b.yaml --force{line}\n{text}")
        assert "b.yaml saved" in cell.text
        assert "1 warning, 1 disabled" in cell.text
        assert "AI Core would still refuse or ignore what is at b.yaml:" in cell.text
        assert (tmp_path / "b.yaml").read_text() == text


def test_a_secret_that_is_not_there(here, sandbox, key_file):
    """Connected, a template for a secret that the tenant has not is made, with a warning."""
    assert "has no secret" not in here.run(WORKFLOW).text
    sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{"auth":"YTpi"}}}'
    assert not here.run(f"%aicore_connect --service-key {key_file}").ename
    assert "has no secret" not in here.run(WORKFLOW).text
    cell = here.run(SERVING.replace("team-ghcr", "team-gchr"))
    assert cell.ename == ""
    assert "Tenant sandbox has no secret team-gchr yet. Did you mean team-ghcr?" in cell.text
