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
from nbformat import v4

from aicore_magics.cli import main
from tests.leaks.samples import PASSWORD, TOKENS, code, notebook, written

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
    assert "No known credentials found in 1 file." in capsys.readouterr().out
    assert main(["scan", str(leaky)]) == 1
    out, err = capsys.readouterr()
    assert "cell 2" in out
    assert PASSWORD not in out + err


def too_large(folder):
    with (folder / "big.ipynb").open("wb") as stream:
        stream.truncate(100_000_001)


def a_pipe(folder):
    os.mkfifo(folder / "pipe.ipynb")


def no_text(folder):
    (folder / ".env").write_bytes(b"A=1\n" + "B=2\n".encode("utf-16-le"))


def broken(folder):
    (folder / "broken.ipynb").write_text("{")


def a_link_out(folder):
    (folder / "link.ipynb").symlink_to("/etc/hostname")


def a_store(folder):
    (folder / ".jupyter_ystore.db").touch()


@pytest.mark.parametrize("change", [too_large, a_pipe, no_text, broken, a_link_out, a_store])
def test_not_all_read_is_not_clean(change, leaky, clean, capsys):
    """3 if nothing was found, but a file was not read as it should be; 1 where something was."""
    change(clean)
    assert main(["scan", str(clean)]) == 3
    assert capsys.readouterr().out.startswith("Scan not complete: 1 ")
    assert main(["scan", str(clean), "--format", "sarif"]) == 3
    run = json.loads(capsys.readouterr().out)["runs"][0]
    assert run["invocations"][0]["executionSuccessful"] is False
    assert main(["scan", str(clean), str(leaky / "churn.ipynb")]) == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be"])
def test_a_token_in_utf_16(encoding, clean, capsys):
    """Notebooks and settings in UTF-16 or UTF-32 are read, with a byte order mark and without."""
    path = clean / "churn.ipynb"
    path.write_bytes(path.read_text("utf-8").replace("import os", f"x = '{TOKENS[2].text}'").encode(encoding))
    (clean / ".env").write_bytes(f"TOKEN={TOKENS[0].text}\n".encode(encoding))
    assert main(["scan", str(clean)]) == 1
    assert "2 credentials in 2 of 2 files." in capsys.readouterr().out


def test_a_notebook_of_many_megabytes(clean, capsys):
    """A notebook of nearly 100 MB is read, to its last cell."""
    picture = v4.new_output("display_data", {"image/png": 95_000_000 * "A"})
    written(clean, notebook(code("plot()", picture), code(f"x = '{TOKENS[2].text}'")), "large.ipynb")
    assert 95_000_000 < (clean / "large.ipynb").stat().st_size < 100_000_000
    assert main(["scan", str(clean)]) == 1
    assert "cell 3" in capsys.readouterr().out


def test_ctrl_c(clean, capsys, monkeypatch):
    """A search that is interrupted says that not all was read, in a line and in its status."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("aicore_magics.leaks.scan.scan_notebooks", interrupted)
    assert main(["scan", str(clean)]) == 3
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "Stopped: not all was read.\n")


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
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, "jupyter aicore" in err) == ("", True)


def test_jupyter_finds_it(clean):
    """`jupyter aicore` runs it: the program that Jupyter looks for is installed under that name."""
    jupyter = Path(sys.executable).with_name("jupyter")
    run = subprocess.run(
        [jupyter, "aicore", "scan", clean], capture_output=True, text=True, check=True, timeout=60
    )
    assert "No known credentials" in run.stdout


LOST = "The result cannot be written to standard output"


@pytest.mark.parametrize(
    ("output", "folder", "status", "told"),
    [
        ("> /dev/full", "clean", 3, f"No known credentials found in 1 file. {LOST} (OSError).\n"),
        ("> /dev/full", "leaky", 1, f"1 credential in 1 of 1 file. {LOST} (OSError).\n"),
        (">&-", "clean", 3, f"No known credentials found in 1 file. {LOST} (closed).\n"),
        (">&- 2>&-", "clean", 3, ""),
        ("| true", "clean", 0, ""),
        ("| true", "leaky", 1, ""),
    ],
)
def test_output_that_goes_nowhere(output, folder, status, told, clean, leaky):
    """A result that cannot be written is not clean; a reader who has seen enough changes nothing."""
    place = {"clean": clean, "leaky": leaky / "churn.ipynb"}[folder]
    line = f'set -o pipefail; "$0" -m aicore_magics.cli scan --format json "$1" {output}'
    command = ["bash", "-c", line, sys.executable, place]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=ROOT)
    assert (run.returncode, run.stderr) == (status, told)


def test_the_sandbox_behind_the_same_word():
    """`jupyter aicore sandbox` takes the sandbox's own options, serves, and ends when told to."""
    command = [sys.executable, "-m", "aicore_magics.cli", "sandbox"]
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
