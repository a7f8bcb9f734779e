"""`make quick`: run the tests of what changed since this branch left main, in under a minute.

A module's own tests come first, then those of the modules and tests that import it. What is not begun when
the time is over is named; `make test` runs everything. This file is a plug-in of pytest as well, which looks
at the time in each worker.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, TESTS = "aicore_magics", "tests"
SECONDS = 42  # for the tests; what runs then may come to its end
END = "QUICK_END"  # the variable that tells the workers when
# What starts whole browsers, registries and benches: only its beginning takes longer.
SLOW = ("browser", "faults", "inputs", "leak_bench", "paths", "real")
DOCUMENTS = ("README.md", "CHANGELOG.md", "notebooks", "pyproject.toml")


def git(*words: str) -> list[str]:
    """Return the lines that git prints; none where it fails, as without a branch main."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.split() if done.returncode == 0 else []


def changed_files() -> list[str]:
    """List what differs from where this branch left main, and what git does not know yet."""
    bases = git("merge-base", "HEAD", "main") or git("merge-base", "HEAD", "origin/main") or ["HEAD"]
    found = [*git("diff", "--name-only", bases[0]), *git("ls-files", "--others", "--exclude-standard")]
    return [path for path in dict.fromkeys(found) if (ROOT / path).exists()]


def dotted(path: Path) -> str:
    """Return the name by which the module at *path* is imported."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """List what the module at *path* imports, wherever in it, as far as it may be ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{each.name}" for each in node.names)
    return {name for name in names if name.startswith((f"{PACKAGE}.", f"{TESTS}."))}


def own_tests(path: Path) -> list[Path]:
    """List the tests at the same path as the module at *path*, and those that share its name's beginning."""
    place = path.relative_to(ROOT / PACKAGE)
    name = "init" if place.stem == "__init__" else place.stem
    folder = ROOT / TESTS / place.parent
    return [*folder.glob(f"test_{name}.py"), *sorted(folder.glob(f"test_{name}_*.py"))]


def tests_of(changes: list[str]) -> list[Path]:
    """List the files whose tests concern *changes*, the nearest first; a module is one for its examples."""
    sources = {path: imported(path) for room in (PACKAGE, TESTS) for path in (ROOT / room).rglob("*.py")}
    paths = [ROOT / change for change in changes if change.endswith(".py")]
    nearest, nearby, further = [], [], []
    for path in paths:
        if path not in sources:
            continue
        name = dotted(path)
        users = [user for user, names in sources.items() if name in names]
        if path.name.startswith("test_"):
            nearest.append(path)
        elif path.is_relative_to(ROOT / PACKAGE):
            nearest += [path, *own_tests(path)]
        elif path.name == "conftest.py" and path.parent != ROOT / TESTS:
            nearby += path.parent.rglob("test_*.py")
        nearby += [user for user in users if user.name.startswith("test_")]
        further += [test for user in users if user.is_relative_to(ROOT / PACKAGE) for test in own_tests(user)]
    if any(change.startswith(DOCUMENTS) for change in changes):
        nearest += (ROOT / TESTS).glob("test_docs.py")
    left_out = {ROOT / TESTS / room for room in SLOW}
    wanted = dict.fromkeys([*nearest, *nearby, *further])
    return [path for path in wanted if not left_out & {*path.parents}]


class Begun:
    """Notes in which files a test has run, and whether one has failed."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a report that has come from a worker."""
        self.files.add(report.nodeid.partition("::")[0])
        self.failed |= report.failed


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> bool | None:  # noqa: ARG001
    """Pass over what is left when the time is over: a worker that stopped would be waited for."""
    return True if time.time() > float(os.environ.get(END, "inf")) else None


def main() -> int:
    """Run them; give the exit status: 0 also if the time was over before anything failed."""
    changes = changed_files()
    slow = sorted({room for room in SLOW for change in changes if change.startswith(f"{TESTS}/{room}/")})
    files = [str(path.relative_to(ROOT)) for path in tests_of(changes)]
    if slow:
        sys.stdout.write(f"For `make test` alone: {' '.join(f'{TESTS}/{room}' for room in slow)}\n")
    if not files:
        sys.stdout.write("No test concerns what changed.\n")
        return 0
    end = time.time() + SECONDS
    os.environ[END] = str(end)
    # Where the workers find this plug-in.
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH")])
    )
    begun = Begun()
    workers = ["-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder"]
    status = pytest.main(["-p", Path(__file__).stem, *workers, *files], plugins=[begun])
    if time.time() < end:
        return int(status)
    left = [name for name in files if name not in begun.files]
    sys.stdout.write(f"The time was over. Not begun: {' '.join(left) or 'none'}\n")
    return int(begun.failed)


if __name__ == "__main__":
    sys.exit(main())
