"""A line is typed into the same shell and kernel as in the tests of the magics."""

from __future__ import annotations

from tests.jupyter.conftest import connected, kernel, key_file, running_kernel, shell

__all__ = ["connected", "kernel", "key_file", "running_kernel", "shell"]
