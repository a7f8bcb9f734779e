"""The version of this package, where it is told: to look it up as installed would take a while."""

from __future__ import annotations

VERSION = "0.1.0"  # as in pyproject.toml
