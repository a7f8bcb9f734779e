"""`jupyter aicore scan`: what counts, how far a long search is, and how one ends that is stopped."""

from __future__ import annotations

import json
import os
import signal
import sys

import pytest

from aicore_magics.cli import main
from aicore_magics.leaks import scan
from tests.leaks.samples import PASSWORD, TOKENS, code, notebook, written
from tests.terminal import Terminal


@pytest.fixture
def folder(tmp_path):
    """Three notebooks with a token each, and one with a possible password."""
    for name in "abc":
        written(tmp_path, notebook(code(f'x = "{TOKENS[0].text}"')), f"{name}.ipynb")
    written(tmp_path / "other", notebook(code(f'db_password = "{PASSWORD}"')), "d.ipynb")
    return tmp_path


def test_a_possible_password_is_listed_and_no_failure(folder, capsys):
    """It is listed apart with exit status 0; with --strict it is a finding, with 1."""
    other = str(folder / "other")
    assert main(["scan", other]) == 0
    text = capsys.readouterr().out
    assert text.startswith("No known credentials found in 1 file; 1 possible password.")
    assert "cell 2, source, line 1" in text
    assert "add --strict" in text
    assert PASSWORD not in text
    assert main(["scan", other, "--strict"]) == 1
    assert capsys.readouterr().out.startswith("1 credential in 1 of 1 file.")


@pytest.mark.parametrize(("sources", "number"), [((), 0), (("d",), 1), (("d", "e"), 2)])
@pytest.mark.parametrize("token", [False, True])
def test_scrub_says_how_many_possible_passwords_stay(tmp_path, capsys, sources, number, token):
    """They stay where they are, which is told with their number and with what takes them out as well."""
    lines = [f'{name}_password = "{PASSWORD}{name}"' for name in sources]
    path = written(tmp_path, notebook(code("\n".join(lines))), "d.ipynb")
    if token:
        written(tmp_path, notebook(code(f'x = "{TOKENS[0].text}"')), "a.ipynb")
    words = ["scrub", str(tmp_path), "--write"]
    assert main(words[:2]) == int(token)
    assert ("not removed" in capsys.readouterr().out) == bool(number)
    assert main(words) == 0
    text = capsys.readouterr().out
    assert (f"; {number} possible password{'s' if number > 1 else ''} not removed." in text) == bool(number)
    assert ("to remove the possible passwords as well: add --strict" in text) == bool(number)
    assert PASSWORD not in text
    assert main([*words, "--strict"]) == 0
    assert "not removed" not in capsys.readouterr().out
    assert PASSWORD not in path.read_text()


def test_programs_see_them_apart(folder, capsys):
    """JSON has them in a list of their own, SARIF as notes."""
    assert main(["scan", str(folder), "--format", "json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (len(data["leaks"]), [leak["kind_id"] for leak in data["possible"]]) == (3, ["possible-password"])
    assert main(["scan", str(folder), "--format", "sarif"]) == 1
    results = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert [result["level"] for result in results] == ["error", "error", "error", "note"]


def test_how_far_it_is(folder, capsys, monkeypatch):
    """On a terminal one line on standard error is written over, and is gone at the end; elsewhere none."""
    monkeypatch.setattr("aicore_magics.cli.notebooks.paced", lambda tell: tell)
    assert main(["scan", str(folder)]) == 1
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["scan", str(folder)]) == 1
    shown = terminal.getvalue().split("\r\x1b[K")
    assert "2 of 4 files searched, 2 credentials found …" in shown
    assert (shown[0], shown[-1]) == ("", "")


def test_ctrl_c_ends_with_what_was_found(folder, capsys, monkeypatch):
    """How many files were searched, what was found where until then, and that nothing was changed."""
    real, calls = scan.read_document, []

    def and_ctrl_c(path):
        calls.append(path)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(scan, "read_document", and_ctrl_c)
    monkeypatch.setattr("aicore_magics.cli.notebooks.paced", lambda tell: tell)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["scan", str(folder)]) == 3
    assert capsys.readouterr().out == ""
    said = terminal.getvalue().split("\r\x1b[K")[-1]
    assert said.startswith("Stopped: after 2 of 4 files searched, 2 credentials found: a Docker Hub token in")
    assert "a.ipynb, cell 2, source, line 1" in said
    assert "Nothing was changed." not in said  # a search changes nothing anyway
    assert TOKENS[0].text not in said


def test_ctrl_c_while_it_starts(folder, capsys, monkeypatch):
    """Before the first file, too, it ends with a word."""

    class Loading:
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "aicore_magics.leaks.scan", Loading())
    assert main(["scan", str(folder)]) == 3
    assert capsys.readouterr().err == "Stopped: not all was read.\n"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_what_ends_a_process_ends_it_with_a_word(folder, capsys, monkeypatch, name):
    """A job that is ended, or whose terminal is closed, says how far it came."""
    number = getattr(signal, name)
    before = signal.signal(number, signal.SIG_DFL)
    real = scan.read_document

    def and_ended(path):
        if path.name == "c.ipynb":
            os.kill(os.getpid(), number)
        return real(path)

    monkeypatch.setattr(scan, "read_document", and_ended)
    monkeypatch.setattr(sys, "argv", ["jupyter-aicore", "scan", str(folder)])
    try:
        assert main() == 3
    finally:
        signal.signal(number, before)
    assert capsys.readouterr().err.startswith("Stopped: after 2 of 4 files searched")


def test_a_signal_that_is_ignored_stays_ignored(folder, capsys, monkeypatch):
    """Under nohup, the terminal may be closed: the search goes on."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    real = scan.read_document

    def and_closed(path):
        os.kill(os.getpid(), signal.SIGHUP)
        return real(path)

    monkeypatch.setattr(scan, "read_document", and_closed)
    monkeypatch.setattr(sys, "argv", ["jupyter-aicore", "scan", str(folder)])
    try:
        assert main() == 1
    finally:
        signal.signal(signal.SIGHUP, before)
    assert capsys.readouterr().out.startswith("3 credentials in 3 of 4 files")
