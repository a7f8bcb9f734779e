"""Which version of this package is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """Give the version; empty where the package is run from its sources."""
    try:
        return version("aicore-magics")
    except PackageNotFoundError:
        return ""
