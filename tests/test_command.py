"""`jupyter aicore`: an exit status for CI, three formats, and the sandbox behind the same word."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aicore_magics.command import main
from tests.leaks.samples import PASSWORD, code, notebook, written

ROOT = Path(__file__).parents[1]


@pytest.fixture
def leaky(tmp_path):
    """A folder with one notebook that holds a password."""
    written(tmp_path, notebook(code(f'registry_password = "{PASSWORD}"')))
    return tmp_path


@pytest.fixture
def clean(tmp_path):
    """A folder with one notebook that holds none."""
    folder = tmp_path / "clean"
    folder.mkdir()
    written(folder, notebook(code("import os")))
    return folder


def test_the_status_is_for_ci(leaky, clean, capsys):
    """1 if there is a credential, 0 if there is none; the text names the place, and never the password."""
    assert main(["scan", str(clean)]) == 0
    assert "No credentials in 1 file." in capsys.readouterr().out
    assert main(["scan", str(leaky)]) == 1
    out, err = capsys.readouterr()
    assert "cell 2" in out
    assert PASSWORD not in out + err


@pytest.mark.parametrize("kind", ["json", "sarif"])
def test_programs_get_json(leaky, kind, capsys):
    """The other two formats are JSON, alone on standard output."""
    assert main(["scan", str(leaky), "--format", kind]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["version"] == "2.1.0" if kind == "sarif" else len(data["leaks"]) == 1


def test_what_is_nowhere_is_told(tmp_path, capsys):
    """A path that leads nowhere is said, so that a typing error in CI does not read as clean."""
    assert main(["scan", str(tmp_path / "none.ipynb")]) == 2
    assert "none.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["scan"], ["scan", "x", "--format", "xml"], ["scam", "x"]])
def test_wrong_use_has_a_status_of_its_own(words, capsys):
    """Wrong use ends with 2 and a line on standard error: a hook that is set up wrongly must not pass."""
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: jupyter aicore" in capsys.readouterr().err


def test_jupyter_finds_it(clean):
    """`jupyter aicore` runs it: the program that Jupyter looks for is installed under that name."""
    jupyter = Path(sys.executable).with_name("jupyter")
    run = subprocess.run(
        [jupyter, "aicore", "scan", clean], capture_output=True, text=True, check=True, timeout=60
    )
    assert "No credentials" in run.stdout


def test_the_sandbox_behind_the_same_word():
    """`jupyter aicore sandbox` takes the sandbox's own options, serves, and ends when told to."""
    command = [sys.executable, "-m", "aicore_magics.command", "sandbox"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        key = json.loads("".join(iter(process.stdout.readline, "}\n")) + "}")
        assert key["serviceurls"]["AI_API_URL"].startswith("http://127.0.0.1:")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()


def test_the_hook_calls_what_is_there(clean):
    """The hook for pre-commit calls the installed program with its scan command."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    program, *words = hook["entry"].split()
    assert (program, hook["language"], hook["types"]) == ("jupyter-aicore", "python", ["jupyter"])
    assert main([*words, str(clean / "churn.ipynb")]) == 0
