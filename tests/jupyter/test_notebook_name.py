"""A record says from which notebook it is, by the name alone; nothing where that is not certain."""

from __future__ import annotations

from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from aicore_magics.jupyter.notebook_name import notebook_name

ASK = """\
from IPython import get_ipython
from aicore_magics.jupyter.notebook_name import notebook_name
notebook_name(get_ipython())"""
TOKEN = "ghp_" + 9 * "aB3d"
# What is said of the notebook, and the name that comes of it.
PATHS = {
    "/home/anna/books/churn.ipynb": "churn.ipynb",
    "churn.ipynb": "churn.ipynb",
    r"C:\Users\anna\My notebooks\churn.ipynb": "churn.ipynb",
    r"\\server\share\churn.IPYNB": "churn.IPYNB",
    "/home/anna/RTC:churn.ipynb": "churn.ipynb",
    "vscode-remote://ssh/home/anna/churn.ipynb": "churn.ipynb",
    "/home/anna/Überblick 3.ipynb": "Überblick 3.ipynb",
    "/home/anna/train.py": "train.py",  # which jupytext opens as a notebook
    "s3://bucket/churn.ipynb?X-Signature=abc": "",
    "/home/anna/Console 1": "",
    "/home/anna/console-1-3f0c1b5e-9c1c-4a6e-8f3e-6a1b0a0b0c0d": "",
    "/home/anna/3f0c1b5e-9c1c-4a6e-8f3e-6a1b0a0b0c0d": "",
    "/home/anna/books/": "",
    "/home/anna/a\nb.ipynb": "",
    f"/home/anna/{201 * 'x'}.ipynb": "",
    f"/home/anna/{TOKEN}.ipynb": "",
    "": "",
}


def shell(*, asks=True, **variables):
    return SimpleNamespace(kernel=SimpleNamespace(_allow_stdin=asks), user_ns=variables)


@pytest.mark.parametrize(("path", "name"), PATHS.items())
@pytest.mark.parametrize("by", ["__vsc_ipynb_file__", "PAPERMILL_INPUT_PATH", "JPY_SESSION_NAME"])
def test_a_name_without_its_folder(monkeypatch, by, path, name):
    """Whoever says it, only the last part of a path is kept, and only if a notebook can be called so."""
    monkeypatch.setenv("JPY_SESSION_NAME", path if by == "JPY_SESSION_NAME" else "")
    assert notebook_name(shell(**({} if by == "JPY_SESSION_NAME" else {by: path}))) == name


def test_who_is_believed(monkeypatch):
    """VS Code first, then papermill's input and output, then the server; no shell has no notebook."""
    monkeypatch.setenv("JPY_SESSION_NAME", "/a/server.ipynb")
    told = {"PAPERMILL_OUTPUT_PATH": "out.ipynb", "PAPERMILL_INPUT_PATH": "in.ipynb"}
    assert notebook_name(shell(**told, __vsc_ipynb_file__="/a/code.ipynb")) == "code.ipynb"
    assert notebook_name(shell(**told)) == "in.ipynb"
    assert notebook_name(shell(PAPERMILL_OUTPUT_PATH="out.ipynb")) == "out.ipynb"
    assert notebook_name(shell(PAPERMILL_INPUT_PATH=3)) == "server.ipynb"
    assert notebook_name(shell()) == "server.ipynb"
    assert notebook_name(shell(asks=False)) == ""
    assert notebook_name(None) == ""


def test_a_kernel_that_jupyter_has_started(kernel):
    """As a server starts it, and asked by a cell that can prompt, the kernel knows; a console is none."""
    for path, name in (("/home/anna/churn.ipynb", "churn.ipynb"), ("/home/anna/Console 1", "")):
        kernel.run(f"import os\nos.environ['JPY_SESSION_NAME'] = {path!r}")
        assert kernel.run(ASK, answers=[]).text == repr(name)
    kernel.run("del os.environ['JPY_SESSION_NAME']")
    assert kernel.run(ASK, answers=[]).text == "''"


@pytest.mark.parametrize("inherited", [None, "/home/anna/outer.ipynb"])
def test_nbclient_says_no_name(monkeypatch, tmp_path, inherited):
    """Its kernel is told no name; one that it inherits from the notebook around it is another's."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if inherited:
        monkeypatch.setenv("JPY_SESSION_NAME", inherited)
    cell = nbformat.v4.new_code_cell(ASK)
    NotebookClient(nbformat.v4.new_notebook(cells=[cell]), kernel_name="python3").execute()
    assert [output["data"]["text/plain"] for output in cell.outputs] == ["''"]
