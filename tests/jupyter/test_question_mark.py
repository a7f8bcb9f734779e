"""A question mark behind a subcommand shows the help of that subcommand."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from aicore_magics.jupyter.question_mark import help_asked_for


def run_by_ipython(cell):
    manager = TransformerManager()
    manager.cleanup_transforms.append(help_asked_for)
    return manager.transform_cell(cell)


@pytest.mark.parametrize(
    ("cell", "magic", "line"),
    [
        ("%aicore_docker_secret create?", "aicore_docker_secret", "create --help"),
        ("%aicore_docker_secret create ?", "aicore_docker_secret", "create --help"),
        ("%aicore_docker_secret create??\n", "aicore_docker_secret", "create --help"),
        ("?%aicore_docker_secret create", "aicore_docker_secret", "create --help"),
        ("%aicore_docker_secret create team-x --image a/b?", "aicore_docker_secret", "create --help"),
        ("x = 1\n  %aicore_notebook scan?", "aicore_notebook", "scan --help"),
        ("%aicore_template?", "pinfo", "%aicore_template"),
        ("%aicore_connect?", "pinfo", "%aicore_connect"),
        ("%timeit?", "pinfo", "%timeit"),
    ],
)
def test_where_the_help_is_asked_for(cell, magic, line):
    """A subcommand of ours is asked about by --help; all else is left to IPython."""
    assert f"run_line_magic({magic!r}, {line!r})" in run_by_ipython(cell)


@pytest.mark.parametrize(
    "cell",
    ["%aicore_docker_secret list\n", "x = '%aicore_template check?'\n", "%aicore_connect --status\n", ""],
)
def test_what_is_no_question_stays(cell):
    """Lines without a question mark at their end are not touched."""
    lines = cell.splitlines(keepends=True)
    assert help_asked_for(lines) == lines


def test_in_a_kernel(kernel):
    """The help of the subcommand comes as the result, also of the cell magic; unloaded, it is gone."""
    assert kernel.run("%aicore_docker_secret create?").text.startswith("usage: %aicore_docker_secret create")
    assert kernel.run("%%aicore_template save?").text.startswith("usage: %%aicore_template save")
