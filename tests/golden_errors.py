"""A pytest plug-in: no error reads otherwise than before.

Every error that the package makes while tests run must stand in `data/golden-errors.json`: its class, what a
magic prints of what happened, and what it prints of what to do next. Values that differ from run to run are
named by what they are. Outside a magic none may speak of magics or cells.
`pytest --write-golden-errors`, over the whole suite, writes the file anew.

Under pytest-xdist each worker hands its record to the controller, which compares.
"""

from __future__ import annotations

import functools
import json
import re
import sys
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics.errors import AICoreError
from aicore_magics.jupyter.wording import NOTEBOOK

GOLDEN = Path(__file__).parent / "data" / "golden-errors.json"
PACKAGE = f"{Path(aicore_magics.__file__).parent}/"
OPTION = "--write-golden-errors"

# What differs from run to run, or from machine to machine.
VARIES = (
    (re.compile(r"(?:/tmp|/private|/var/folders|/root|/home|/dev)/[^\s'\"`,;)]*[^\s'\"`,;).]"), "PATH"),
    (re.compile(r"(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d{4,5}\b"), r"\1:PORT"),
    (re.compile(r"\b\d\d:\d\d(?::\d\d)?\b"), "TIME"),
    (re.compile(r"\bafter \d{1,2} [A-Z][a-z][a-z] TIME\b"), "after DAY TIME"),
    (re.compile(r"\b\d{1,2} [A-Z][a-z][a-z](?: \d{4})?, TIME\b"), "DAY, TIME"),
    (re.compile(r"\br\d{4}-(?=[a-z])"), "rDATE-"),  # a run
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}\b"), "UUID"),
    (re.compile(r"\bis rate limiting for \d+ s\b"), "is rate limiting for COUNT s"),
)
# What only a notebook knows: outside one, an error must not speak of it.
OF_NOTEBOOKS = re.compile(r"%aicore|\b(?:the|this) cell\b|\bbutton\b")
# Where a test draws its values: a name, a key, a host, a status with what was said.
DRAWN = (
    (re.compile(r"\btry \S+\Z"), "try ANY"),
    (re.compile(r"\bits \S+ is not a string\b"), "its ANY is not a string"),
    (re.compile(r"(?s)\Athe entry .*: (the (?:user|key|password|user name) )"), r"the entry ANY: \1"),
    (re.compile(r"(?s)\Athe entry .* is not an object"), "the entry ANY is not an object"),
    (
        re.compile(r"(?s)\A(the `auth`|user or password) of .* (is not|has no colon)"),
        r"\1 of ANY \2",
    ),
    (re.compile(r"(?s)\Athe file is .*"), "the file is ANY"),
    (re.compile(r"(?s)\Athe \S+ of the .* (is not a string|is not base64)"), r"the ANY of the ANY \1"),
    (re.compile(r"(?s)\Athe .* (has no password that can be stored)"), r"the ANY \1"),
    (re.compile(r"(?s)\A.* (has no password in the file)"), r"ANY \1"),
    (re.compile(r"(?s)\A(\S+(?: Core)? (?:failed|refused to [\w ]+)) \(\d+.*\)\."), r"\1 (ANY)."),
    (re.compile(r"\b(answered with status) \d+"), r"\1 ANY"),
    (re.compile(r"\b(points to a host that is not SAP.s: \w+ url is at) \S+\."), r"\1 ANY."),
    (re.compile("(?s)\\A.* (is not an address that can be reached|has no address here)"), r"ANY \1"),
)


def normal(text: str, *, drawn: bool = False) -> str:
    """Return *text* with what varies named by what it is; *drawn*: in a test that draws its values."""
    for pattern, name in (*VARIES, *(DRAWN if drawn else ())):
        text = pattern.sub(name, text)
    return text.encode("utf-8", "replace").decode()


def printed(error: AICoreError) -> tuple[str, str]:
    """Return what a magic prints of *error*: what happened, and what to do next."""
    before, error.door = error.door, NOTEBOOK
    texts = error.message, error.hint
    error.door = before
    return texts


class GoldenErrors:
    """Every error made, and whether it reads as it did."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.made: set[tuple[str, str, str]] = set()
        self.new: list[tuple[str, str, str]] = []
        self.misplaced: set[tuple[str, str, str]] = set()
        self.drawn = self.off = False
        self._init = AICoreError.__init__

    def begin(self) -> None:
        """Keep a record from now on."""
        init = self._init

        @functools.wraps(init)
        def recorded(error: AICoreError, *args: object, **kwargs: object) -> None:
            init(error, *args, **kwargs)
            # An error that a test makes up is none of the package's.
            place = sys._getframe(1).f_code.co_filename
            if place.startswith(PACKAGE) and not self.off:
                texts = (normal(text, drawn=self.drawn) for text in printed(error))
                self.made.add((type(error).__name__, *texts))
                if not place.startswith(f"{PACKAGE}jupyter") and OF_NOTEBOOKS.search(str(error)):
                    self.misplaced.add((type(error).__name__, str(error), ""))

        AICoreError.__init__ = recorded

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item):
        """Tell the tests apart whose values are drawn: what they were is left out of the record."""
        self.drawn = hasattr(getattr(item, "function", None), "hypothesis")
        # Texts at random, and none twice; or every combination of what is golden one by one.
        there = {"inputs", "paths"}.isdisjoint(item.path.parts)
        self.off = not there or bool(item.get_closest_marker("enumerates"))
        try:
            return (yield)
        finally:
            self.drawn = self.off = False

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node) -> None:
        """Take over what a worker of pytest-xdist has recorded."""
        for mine, theirs in ((self.made, "errors"), (self.misplaced, "misplaced")):
            mine.update(map(tuple, getattr(node, "workeroutput", {}).get(theirs, ())))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Compare; a worker hands its record over instead."""
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["errors"] = sorted(self.made)
            self.config.workeroutput["misplaced"] = sorted(self.misplaced)
        elif self.config.getoption(OPTION):
            write(self.made)
        else:
            self.new = sorted((self.made - read()) | self.misplaced)
            if self.new and session.exitstatus == pytest.ExitCode.OK:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter) -> None:
        """Say which errors read otherwise."""
        for error in self.new:
            terminalreporter.write_line(f"NOT GOLDEN {json.dumps(error, ensure_ascii=False)}", red=True)

    def pytest_unconfigure(self) -> None:
        """Leave the class as it was."""
        AICoreError.__init__ = self._init


def read() -> set[tuple[str, str, str]]:
    """Return every golden error: class, what, hint."""
    golden = json.loads(GOLDEN.read_text("utf-8"))
    return {(name, what, hint) for name, errors in golden.items() for what, hint in errors}


def write(made: set[tuple[str, str, str]]) -> None:
    """Write the golden file from the errors *made*."""
    golden: dict[str, list[list[str]]] = {}
    for name, what, hint in sorted(made):
        golden.setdefault(name, []).append([what, hint])
    GOLDEN.write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", "utf-8")


def install(config: pytest.Config) -> None:
    """Begin a record for this run of pytest."""
    plugin = GoldenErrors(config)
    config.pluginmanager.register(plugin, "golden-errors")
    plugin.begin()
