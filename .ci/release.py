"""`make release`: build sdist and wheel, try both as their users would, and say what is left to do by hand.

Nothing is uploaded, tagged or committed. What is tried: `twine check`; the README as PyPI renders it; the
wheel in an empty environment of each Python of PYTHONS, with the newest libraries, and in one with the
lowest; the demo in each; the sdist; the public API beside that of the last tag; `make lowest`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
WORK = ROOT / "build" / "release"
DIST = ROOT / "dist"
CI = ROOT / ".ci"
API = ".ci/public-api.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
VERSION = PROJECT["version"]
RENDER = """
import re, sys
from email import message_from_bytes
from readme_renderer import markdown
html = markdown.render(message_from_bytes(sys.stdin.buffer.read()).get_payload(decode=True).decode())
wrong = ["it is not rendered"] if not html else re.findall(r'(?:src|href)="(?!https?:|#)[^"]*"', html)
print("\\n".join(wrong) or f"README on PyPI: {len(html)} characters of HTML, no broken picture or link.")
sys.exit(bool(wrong))
"""


def say(text: str) -> None:
    """Print a step, before it begins."""
    print(f"\n== {text}", flush=True)


def run(*words: str | Path, **how: object) -> None:
    """Run a program; the release ends where it fails."""
    subprocess.run([str(word) for word in words], check=True, **how)  # type: ignore[call-overload]


def environment(name: str, python: str, *packages: str | Path) -> Path:
    """Make an empty environment with *packages* in it, and give its Python."""
    folder = WORK / name
    run(python, "-m", "venv", folder)
    made = folder / "bin" / "python"
    run(made, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
    return made


def build() -> tuple[Path, Path]:
    """Build sdist and wheel, and check what PyPI will make of them."""
    say(f"build {VERSION}, and check it")
    tools = environment("tools", sys.executable, "--requirement", CI / "requirements-release.txt")
    shutil.rmtree(DIST, ignore_errors=True)
    run(tools, "-m", "build", "--outdir", DIST, ROOT, stdout=subprocess.DEVNULL)
    (sdist,), (wheel,) = DIST.glob("*.tar.gz"), DIST.glob("*.whl")
    run(tools, "-m", "twine", "check", "--strict", sdist, wheel)
    with zipfile.ZipFile(wheel) as parts:
        (name,) = [each for each in parts.namelist() if each.endswith(".dist-info/METADATA")]
        run(tools, "-c", RENDER, input=parts.read(name))
    return sdist, wheel


def try_out(name: str, python: str, *packages: str | Path) -> Path:
    """Install into an empty environment, and run the demo there, away from this folder."""
    say(f"{name}: install, and run the demo")
    made = environment(name, python, *packages)
    place = WORK / f"{name}-demo"
    place.mkdir()
    lesson = shutil.copy(ROOT / "notebooks" / "01-your-first-secret.ipynb", place)
    log = (WORK / f"{name}.log").open("w+")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    run(made, CI / "demo.py", lesson, place / "done.ipynb", cwd=place, env=clean, stdout=log)
    log.seek(0)
    print(*[line for line in log.read().splitlines() if " ran in " in line], sep="\n")
    command = "import aicore_magics as a; print(a.__version__, 'from', a.__file__)"
    run(made, "-c", command, cwd=place, env=clean)
    run(made.parent / "jupyter-aicore", "--version", cwd=place, env=clean)
    return made


def pythons() -> dict[str, str]:
    """The Pythons to try: those of PYTHONS that run here, by their version."""
    found = {}
    for name in os.environ.get("PYTHONS", "python3.11 python3.12 python3.13").split():
        try:
            done = subprocess.run(
                [name, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
                capture_output=True,
                text=True,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError):
            print(f"{name} does not run here: not tried.")
        else:
            found.setdefault(done.stdout.strip(), name)
    return found


def compare(python: Path) -> list[str]:
    """Write the public API, compare it with the last tag's, and give what is left to do about it."""
    say("public API")
    git = subprocess.run(
        ["git", "tag", "--list", "v*", "--sort=-v:refname"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    tags = [tag for tag in git.stdout.split() if tag != f"v{VERSION}"]
    former = WORK / "former-api.txt"
    if tags:
        with former.open("w") as target:
            run("git", "show", f"{tags[0]}:{API}", cwd=ROOT, stdout=target)
    words = [python, CI / "public_api.py", ROOT / API, *([former] if tags else [])]
    broken = subprocess.run(words, cwd=WORK, check=False).returncode
    if not tags:
        print(f"No tag yet: {API} is what the next release is compared with.")
    left = [f"commit {API}: the next release is compared with it"]
    return [*(["choose a version that says that the API is broken, or fix that"] if broken else []), *left]


def by_hand() -> list[str]:
    """What only people can do."""
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    left = []
    if not re.search(rf"(?m)^## {re.escape(VERSION)} \(\d{{4}}-\d\d-\d\d\)$", changes):
        left.append(f"CHANGELOG.md: give the section the date, as in `## {VERSION} (2026-12-31)`")
    if "urls" not in PROJECT:
        left.append("pyproject.toml: with a public address, add [project.urls] and use it for PyPI's page")
    if "not on PyPI yet" in (ROOT / "README.md").read_text("utf-8"):
        left.append("README.md: it says that the package is not on PyPI yet")
    return [
        *left,
        "run `make test` and `make docs`; look at build/site",
        f"git tag --sign v{VERSION}; git push --tags",
        "twine upload dist/*, then look at the page on PyPI",
        "GitHub: switch on private vulnerability reporting (SECURITY.md relies on it)",
    ]


def main() -> int:
    """Do all of it; give the exit status."""
    start = time.monotonic()
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    sdist, wheel = build()
    demo = ("--requirement", CI / "requirements-demo.txt")
    found = pythons()
    made = {version: try_out(f"newest-{version}", python, wheel, *demo) for version, python in found.items()}
    lowest = PROJECT["requires-python"].removeprefix(">=")
    python = found.get(lowest, sys.executable)
    made_lowest = try_out("lowest", python, wheel, "--constraint", CI / "requirements-lowest.txt", *demo)
    run(made_lowest, "-m", "pip", "check")
    try_out("sdist", sys.executable, sdist, *demo)
    left = [*compare(next(iter(made.values()), made_lowest)), *by_hand()]
    say("tests with the lowest versions")
    run("make", "--no-print-directory", "lowest", cwd=ROOT)
    say(f"tried in {time.monotonic() - start:.0f} s. Left to do by hand:")
    print("\n".join(f"- {each}" for each in left))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"\nNot ready: {' '.join(map(str, error.cmd))[:200]} ended with {error.returncode}.")
