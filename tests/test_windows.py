"""Without a Windows at hand: what it lacks is taken away, and the product does as elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from aicore_magics.base.sarif import reference
from tests import windows

SHELL = """
import os, sys
from pathlib import Path
from aicore_magics.cli import main
from aicore_magics.sandbox import start
from aicore_magics.sandbox.key_file import write_private
from tests.leaks.samples import TOKENS, code, notebook, written

assert os.name == "nt" and not hasattr(os, "fork")
LOGIN = ("--image", "{image}", "--username", "anna", "--password-env", "REGISTRY_PASSWORD")
TEMPLATE = ("--image", "{image}", "--secret", "team-a", "--scenario", "churn", "--args", "x", "--out")
KEY = ("--service-key", "key.json")
LINES = (
    ("check", *LOGIN),
    ("create", "team-a", *LOGIN, *KEY),
    ("create", "team-a", *LOGIN, *KEY),
    ("list", *KEY),
    ("update", "team-a", "--image", "{image}", "--username", "anna", *KEY),
    ("delete", "team-a", *KEY),
    ("template", "workflow", "churn", *TEMPLATE, "t.yaml"),
    ("template", "workflow", "churn", *TEMPLATE, "t.yaml", "--force"),
    ("template", "serving", "churn", *TEMPLATE[:6], *TEMPLATE[-1:], "templates/s.yaml"),
    ("template", "workflow", "churn", *TEMPLATE, "nul.yaml"),
    ("template", "patch", "t.yaml", "--secret", "team-b", "--write"),
    ("template", "check", ".", "--format", "sarif"),
    ("template", "check", "C:\\\\x\\\\a.yaml"),
    ("check", "--docker-login", "--image", "{image}"),
    ("check", "--image", "{image}", "--username", "anna", "--keyring", "x"),
    ("scan", "a.ipynb"),
    ("scrub", "a.ipynb", "--write"),
    ("scan", "a.ipynb", "--history"),
    ("delete", "team-a", "--yes", *KEY),
)
with start() as sandbox:
    for _ in range(2):
        write_private(Path("key.json"), sandbox.service_key_json())
    Path("templates").mkdir()
    written(Path(), notebook(code(f"x = {TOKENS[0].text!r}")), "a.ipynb")
    os.environ["REGISTRY_PASSWORD"] = sandbox.registry.password
    image = f"{sandbox.registry.host}/acme/churn:1.4"
    ends = [main([word.format(image=image) for word in line]) for line in LINES]
print("ENDS", *ends)
print("LEFT", *sorted(path.name for path in Path().iterdir()))
"""
ENDS = [0, 0, 1, 0, 2, 2, 0, 0, 0, 2, 0, 0, 2, 2, 2, 1, 0, 1, 0]  # key.json lies beside the notebook
MAGICS = r"""
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell()
CELLS = (
    "%load_ext aicore_magics",
    "c = %aicore_connect --sandbox",
    "image = c.registry.host + '/acme/churn:1.4'",
    "%aicore_docker_secret list",
    "form = %aicore_docker_secret form",
    "%aicore_notebook new first.ipynb --sandbox",
    "%aicore_template workflow churn --image {image} --secret team-a --scenario churn --args x --out w.yaml",
    "%%aicore_template save v.yaml --no-check\nkind: x\n",
    "%aicore_template check w.yaml",
    "%aicore_notebook scan first.ipynb --history",
    "%unload_ext aicore_magics",
)
print("CELLS", *(shell.run_cell(cell).success for cell in CELLS))
"""


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="left out: it looks up open files in /proc")
def test_what_windows_lacks(tmp_path):
    """Each module is imported, and commands and magics run, without fork, locks, owners and dir_fd."""
    (tmp_path / "home").mkdir()
    run = subprocess.run(
        [sys.executable, windows.__file__, SHELL + MAGICS],
        cwd=tmp_path,
        env={
            "AICORE_MAGICS_STATE": str(tmp_path / "state"),
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path / "home"),
            "IPYTHONDIR": str(tmp_path / "home"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in run.stdout + run.stderr, run.stderr[-3000:]
    lines = [line.split() for line in run.stdout.splitlines()]
    (ends,) = (words[1:] for words in lines if words[:1] == ["ENDS"])
    (cells,) = (words[1:] for words in lines if words[:1] == ["CELLS"])
    (left,) = (words[1:] for words in lines if words[:1] == ["LEFT"])
    assert [int(end) for end in ends] == ENDS
    assert {*cells} == {"True"}
    assert left == ["a.ipynb", "home", "key.json", "t.yaml", "templates"]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("C:\\a b\\c.yaml", "file:///C:/a%20b/c.yaml"),
        ("\\\\server\\share\\a.yaml", "file://server/share/a.yaml"),
        ("templates\\a.yaml", "templates/a.yaml"),
        ("C:a.yaml", "C:a.yaml"),
    ],
)
def test_where_something_was_found(path, uri):
    """A report has a URI for a path of Windows: with a drive, on a share, and below the working folder."""
    assert reference(PureWindowsPath(path)) == uri
