"""What is known of the program in front of a kernel, from inside it."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import pytest

from aicore_magics.jupyter.front_end import answers, attended, inserts_cells

NOTHING = object()


def shell(*, stdin=None, pt_app=NOTHING, **names):
    kernel = {} if stdin is None else {"kernel": SimpleNamespace(_allow_stdin=stdin)}
    prompt = {} if pt_app is NOTHING else {"pt_app": pt_app}
    return SimpleNamespace(user_ns=names, **kernel, **prompt)


@pytest.mark.parametrize(
    ("where", "asks", "inserts"),
    [
        (shell(stdin=True), True, True),
        (shell(stdin=False), False, False),
        (shell(stdin=True, __vsc_ipynb_file__="a.ipynb"), True, False),
        (shell(pt_app=object()), False, True),
        (shell(pt_app=None), False, False),
        (shell(), False, False),
    ],
    ids=["JupyterLab", "headless", "VS Code", "a terminal", "a simple prompt", "no prompt"],
)
def test_front_ends(where, asks, inserts):
    """A cell is said to be there only where that is certain; a question is put only where one may answer."""
    assert (answers(where), inserts_cells(where)) == (asks, inserts)
    assert attended(where) == (asks or inserts)


def test_colab(monkeypatch):
    """Colab is known by its module, and not known to fill in cells."""
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    assert not inserts_cells(shell(stdin=True))


def test_without_a_shell():
    """Plain Python has nobody to ask."""
    assert not answers(None)
    assert not attended(None)
