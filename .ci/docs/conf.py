"""How `make docs` builds the site: README, reference, tutorials (executed), Python API; offline."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics import templates

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Autodoc sees no names that are loaded at first use.
PARTS = "\n".join(f".. autoclass:: aicore_magics.templates.{name}\n" for name in templates.__all__)
# What follows these pages on the site, and would only disturb where they are read as they are.
APPENDED = {
    "README": """
```{toctree}
:hidden:
:caption: Tutorials
:glob:
All tutorials <notebooks/index>
notebooks/0*
```

```{toctree}
:hidden:
:caption: Reference
All pages <notebooks/reference/README>
notebooks/reference/options
notebooks/reference/registries
notebooks/reference/ends
notebooks/reference/record
notebooks/reference/rotation
notebooks/reference/pull-check
notebooks/reference/rules
notebooks/reference/scan
notebooks/reference/faults
notebooks/reference/shell
notebooks/reference/curl
notebooks/reference/sandbox
notebooks/reference/security
notebooks/reference/where
notebooks/reference/public-api
notebooks/reference/decisions
```

```{toctree}
:hidden:
:caption: Project
CHANGELOG
CONTRIBUTING
SECURITY
```
""",
    "notebooks/reference/public-api": """
## Every name

```{eval-rst}
.. automodule:: aicore_magics
   :members:
   :imported-members:

.. automodule:: aicore_magics.templates

TEMPLATE_PARTS
.. automodule:: aicore_magics.errors
   :members:
   :show-inheritance:

.. automodule:: aicore_magics.sandbox
   :members: start

.. autoclass:: aicore_magics.sandbox.faults.Faults
   :members:
   :inherited-members:
   :undoc-members:
```
""",
}

project = PROJECT["name"]
author = PROJECT["authors"][0]["name"]
version = release = PROJECT["version"]
copyright = author  # noqa: A001 - Sphinx's name

extensions = ["myst_nb", "sphinx.ext.autodoc"]
root_doc = "README"
include_patterns = ["*.md", "notebooks/*.ipynb", "notebooks/reference/*.md"]
exclude_patterns = [".*", "build", "dist", "tests", "**/.ipynb_checkpoints"]
nitpicky = False

html_theme = "furo"
html_title = f"{project} {version}"
html_theme_options = {"navigation_with_keys": True}
html_copy_source = html_show_sourcelink = False

myst_heading_anchors = 4  # as GitHub links to headings
myst_links_external_new_tab = False
# Widgets and formulas would load their scripts from elsewhere: a form is shown as its text.
nb_ipywidgets_js = {}
myst_enable_extensions: list[str] = []
nb_execution_mode = "force"
nb_execution_timeout = 120
nb_execution_raise_on_error = True
# A tutorial says itself where an error belongs to the lesson.
nb_merge_streams = True

autodoc_member_order = "bysource"
autodoc_typehints = "signature"


def append(_app: Sphinx, name: str, source: list[str]) -> None:
    """Add what belongs to the site alone."""
    source[0] += APPENDED.get(name, "").replace("TEMPLATE_PARTS", PARTS)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", append)
