"""Nothing of ours runs a program inside, or by the settings of, a folder that it only looks at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aicore_magics import actions
from aicore_magics.actions import CheckOptions, create_docker_secret
from aicore_magics.base.redact import Secret
from aicore_magics.cli import main
from aicore_magics.model.docker_secret import RegistryLogin
from tests.base.repositories import TRAPS, git, spring, trap
from tests.leaks.samples import PASSWORD, code, notebook, written

TEMPLATE = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: churn
  annotations:
    scenarios.ai.sap.com/name: churn
    executables.ai.sap.com/name: churn
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec:
  imagePullSecrets:
    - name: churn-pull
  entrypoint: main
  templates:
    - name: main
      container:
        image: ghcr.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py"]
"""
LOGIN = f'registry_password = "{PASSWORD}"'
SETTINGS = f'{{"docker_password": "{PASSWORD}"}}'


def filled(folder):
    """What people have in a folder: a notebook and settings with a password, templates, what git ignores."""
    for place in (folder, folder / "sub", folder / "lib", folder / "module"):
        place.mkdir(exist_ok=True)
        written(place, notebook(code(LOGIN)))
        (place / "kept.json").write_text(SETTINGS)
        (place / "new.json").write_text(SETTINGS)
        (place / "train.yaml").write_text(TEMPLATE)
    return folder


def unpacked(folder, target):
    """The folder as an archive of it has it: all files, the repository's settings included."""
    return shutil.copytree(folder, target, symlinks=True)


def cloned(folder, target):
    """The folder as a clone of it has it, with all that its owner commits."""
    quiet = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gpg.program=")
    git(folder, *quiet, "add", "-f", ".")
    git(folder, *quiet, "commit", "-qm", "all")
    git(folder.parent, "clone", "-q", "--no-local", folder, target)
    return target


# Each look, as a magic or a script makes it, from the folder itself.
LOOKS = {
    "scan": lambda tenant: actions.scan_notebooks(".", history=True).leaks,
    "scan of one notebook": lambda tenant: actions.scan_notebooks("sub/churn.ipynb").leaks,
    "scan from the shell": lambda tenant: main(["scan", "."]) == 1,
    "scrub": lambda tenant: actions.plan_scrub(".").leaks,
    "template check": lambda tenant: actions.check_templates(".").templates,
    "template patch": lambda tenant: actions.patch_template(".", "other-pull", write=True).files,
    "template save": lambda tenant: actions.save_template("saved.yaml", TEMPLATE, force=True).checked,
    "question of delete": lambda tenant: "saved.yaml" in str(actions.deletion_question(tenant, "churn-pull")),
    "scrub --write": lambda tenant: actions.scrub_notebooks(actions.plan_scrub(".")).cleaned,
}


@pytest.fixture
def stored(tenant):
    """A tenant with the secret that the templates name."""
    login = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
    create_docker_secret(tenant, "churn-pull", [login], checking=CheckOptions(skip=True))
    return tenant


@pytest.mark.parametrize(
    ("name", "come"),
    [(name, come) for name in TRAPS for come in ("as it is", "unpacked")]
    + [(name, "cloned") for name, trap in TRAPS.items() if trap.whole],
)
def test_looking_runs_nothing(name, come, stored, tmp_path, monkeypatch, capsys):
    """Whatever program a folder's repository names, and however the folder came, no look at it runs that."""
    trace = tmp_path / "trace"
    folder = filled(trap(name, tmp_path / "theirs", tmp_path / "program", trace))
    if come != "as it is":
        folder = {"unpacked": unpacked, "cloned": cloned}[come](folder, tmp_path / "here")
        trace.unlink(missing_ok=True)
    monkeypatch.chdir(folder)
    for look, act in LOOKS.items():
        assert act(stored), look
        assert not trace.exists(), look


@pytest.mark.parametrize("name", ["promisor remote with uploadpack", "bare repository inside"])
def test_looking_from_a_shell_runs_nothing(name, tmp_path):
    """So it is with `jupyter aicore scan .` in a process of its own, where git in that folder runs it."""
    trace = tmp_path / "trace"
    folder = filled(trap(name, tmp_path / "theirs", tmp_path / "program", trace))
    command = [sys.executable, "-m", "aicore_magics.cli", "scan", "."]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    assert (
        subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False).returncode == 1
    )
    assert not trace.exists()
    spring(name, folder)
    assert trace.exists()


@pytest.mark.parametrize("program", ["jupyter-aicore", "jupyter"])
def test_a_command_imports_nothing_of_the_folder(program, tmp_path):
    """No module that lies in the working folder is imported by the command, whatever its name is."""
    trace = tmp_path / "trace"
    folder = tmp_path / "theirs"
    folder.mkdir()
    ours = {"aicore_magics", "jupyter_core", "requests", "yaml", "keyring", "conftest", "usercustomize"}
    for name in {*sys.stdlib_module_names, *ours, "sitecustomize"}:
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'w').close()\n")
    written(folder, notebook(code(LOGIN)))
    command = [Path(sys.executable).with_name(program), *(["aicore"] if program == "jupyter" else [])]
    run = subprocess.run(
        [*command, "scan", ".", "--history"], cwd=folder, capture_output=True, check=False, timeout=60
    )
    assert run.returncode == 1
    assert not trace.exists()
    subprocess.run([sys.executable, "-c", "import csv"], cwd=folder, check=True)
    assert trace.exists(), "the trap is none"
