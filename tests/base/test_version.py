"""The version that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

from aicore_magics.base import version


def test_the_version(monkeypatch):
    """It is that of the installed package, and empty where there is none."""
    assert version.package_version()[0].isdecimal()

    def none(_):
        raise PackageNotFoundError

    monkeypatch.setattr(version, "version", none)
    assert version.package_version() == ""
