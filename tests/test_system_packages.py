"""What `make test` installs on a system: said before, and never without root."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.documents import ROOT

PROGRAMS = ("sh", "dirname", "sed")


@pytest.fixture
def system(tmp_path):
    """Run the script on a system with the *programs* given, as the user with the id *user*."""

    def run(user, *words, programs=(), apt=True):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in PROGRAMS:
            (folder / name).symlink_to(shutil.which(name))
        write(folder / "id", f"echo {user}")
        if apt:
            write(folder / "apt-get", f'echo apt-get "$@" >>{tmp_path}/done; exit 1')
        for name in programs:
            write(folder / name, "")
        script = tmp_path / "project" / ".ci" / "system-packages"
        script.parent.mkdir(parents=True)
        shutil.copy(ROOT / ".ci" / "system-packages", script)
        done = subprocess.run(
            ["sh", script, *words],
            env={"PATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        asked = tmp_path / "done"
        return done.returncode, done.stdout, asked.read_text() if asked.exists() else ""

    return run


def write(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_as_root_it_says_what_it_will_install(system):
    """With --say nothing is done; each program that is missing is named."""
    status, said, asked = system(0, "--say", programs=["curl"])
    assert (status, asked) == (0, "")
    assert "apt-get will install on this system: chromium docker-registry kubernetes-client" in said
    assert "curl" not in said
    assert "nginx will be unpacked into .nginx, not installed" in said


@pytest.mark.parametrize(("user", "apt"), [(1000, True), (0, False)])
@pytest.mark.parametrize("words", [["--say"], []])
def test_without_root_or_apt_nothing_is_installed(system, user, apt, words):
    """Then the tests that need those programs are left out, which is said, and it is no failure."""
    status, said, asked = system(user, *words, apt=apt)
    assert (status, asked) == (0, "")
    assert said.startswith(
        "Nothing is installed on this system. Tests that need these are left out: chromium"
    )
    assert said.endswith("nginx\n")


def test_as_root_it_installs_what_it_said(system):
    """Without --say it asks apt-get, and fails where that fails."""
    status, _, asked = system(0)
    assert (status, asked) == (1, "apt-get update -qq\n")


def test_it_is_said_before_anything_else():
    """The first thing that `make test` does is to say it."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "\ntest: say-system " in makefile
    assert "\nsay-system:\n\t@sh .ci/system-packages --say\n" in makefile
