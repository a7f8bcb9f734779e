"""Loading costs next to nothing, prints nothing, and is taken back whole."""

from __future__ import annotations

import json
import subprocess
import sys

from aicore_magics.base.result import Done

HEAVY = ("requests", "urllib3", "ipywidgets", "nbformat", "yaml", "platformdirs")

CHILD = """
import contextlib, io, json, sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
before = set(sys.modules)
out = io.StringIO()
with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
    shell.run_line_magic("load_ext", "aicore_magics")
new = sorted(set(sys.modules) - before)
magics = [*shell.magics_manager.magics["line"], *shell.magics_manager.magics["cell"]]
matchers = len(shell.Completer.custom_matchers)
with contextlib.redirect_stdout(out):
    shell.run_line_magic("load_ext", "aicore_magics")
    shell.run_line_magic("reload_ext", "aicore_magics")
again = len(shell.Completer.custom_matchers)
shell.run_line_magic("unload_ext", "aicore_magics")
left = [n for kind in shell.magics_manager.magics.values() for n in kind if n.startswith("aicore")]
html = shell.display_formatter.formatters["text/html"]
left += [k for k in html.deferred_printers if k[0].startswith("aicore")]
left += [k for k in html.type_printers if k.__module__.startswith("aicore")]
matchers = [matchers, again, len(shell.Completer.custom_matchers)]
magics = [name for name in magics if name.startswith("aicore")]
seen = {"new": new, "printed": out.getvalue(), "matchers": matchers, "left": left, "magics": magics}
print(json.dumps(seen))
"""


def child(code: str) -> dict:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(run.stdout.splitlines()[-1])


def test_load_ext_imports_next_to_nothing_and_unload_takes_all_back():
    """No HTTP, widget, notebook or YAML library and no value module is loaded; few modules are new."""
    seen = child(CHILD)
    ours = [name for name in seen["new"] if name.startswith("aicore_magics")]
    assert not [name for name in seen["new"] if name.split(".")[0] in HEAVY]
    assert ours == [
        "aicore_magics",
        "aicore_magics.jupyter",
        "aicore_magics.jupyter.completion",
        "aicore_magics.jupyter.magics",
        "aicore_magics.jupyter.question_mark",
        "aicore_magics.jupyter.session",
    ]
    assert len(seen["new"]) <= 12
    assert "already loaded" in seen["printed"]  # IPython's own words, and nobody else's
    assert len(seen["printed"].splitlines()) == 2
    lines = ["aicore_connect", "aicore_docker_secret", "aicore_template"]
    lines += ["aicore_notebook", "aicore_rotate"]
    assert seen["magics"] == [*lines, "aicore_template"]
    assert seen["matchers"] == [1, 1, 0]
    assert seen["left"] == []


def test_importing_the_package_imports_no_ipython():
    """`import aicore_magics` alone loads nothing but itself."""
    seen = child(
        "import sys; before = set(sys.modules); import aicore_magics, json; "
        "print(json.dumps({'new': sorted(set(sys.modules) - before)}))"
    )
    assert [name for name in seen["new"] if name.startswith("aicore")] == ["aicore_magics"]
    assert not [name for name in seen["new"] if name.split(".")[0] in (*HEAVY, "IPython", "traitlets")]


def test_every_result_has_its_card(shell):
    """Each result class of outcome is shown as a card, by name, so that loading imports none of them."""
    from importlib import import_module

    from aicore_magics.actions import results
    from aicore_magics.jupyter import RESULTS

    for module, name in RESULTS:
        assert callable(getattr(import_module(module), name).report)
    classes = {(kind.__module__, kind.__name__) for kind in Done.__subclasses__()}
    # Whoever makes a template waits for no other result's class.
    assert set(RESULTS) == {*classes, ("aicore_magics.templates.generate.generated", "GeneratedTemplate")}
    html = shell.display_formatter.formatters["text/html"]
    assert html(results.NoConnection()).startswith("<style>")
