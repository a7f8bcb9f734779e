"""What holds of the tests themselves: they look from outside, and hold on a busy machine."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).parent
FILES = {str(path.relative_to(TESTS)): path.read_text("utf-8") for path in sorted(TESTS.rglob("*.py"))}

MOST_PRIVATE = 30
CLOCKS = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "time", "time_ns"}
# Underscored, and still for everybody to use.
PUBLIC = {"_replace", "_asdict", "_fields", "_make", "os._exit"}
# Each sleeps for the sake of sleeping: a client that works between two calls, and a page that comes to rest.
SLEEPERS = {"waiting.py", "faults/child.py", "browser/figures.py"}


def walked(name):
    return ast.walk(ast.parse(FILES[name], name))


def is_private(name):
    """Whether *name* is an attribute for its own class alone; IPython's protocols end as they begin."""
    return name.startswith("_") and not name.endswith("_") and name not in PUBLIC


def private_accesses(name):
    """The private attributes of others in the file *name*: read, set, imported, or replaced by their name."""
    for node in walked(name):
        if isinstance(node, ast.Attribute) and is_private(node.attr):
            owner = node.value
            own = isinstance(owner, ast.Name) and owner.id in ("self", "cls")
            if not own and ast.unparse(node) not in PUBLIC:
                yield f"{name}:{node.lineno} {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{name}:{node.lineno} {each.name}" for each in node.names if is_private(each.name))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("setattr", "getattr")):
            for given in node.args[:2]:
                text = given.value if isinstance(given, ast.Constant) else ""
                if isinstance(text, str) and is_private(text.rpartition(".")[2]):
                    yield f"{name}:{node.lineno} {text}"


def reads_a_clock(node):
    """Whether *node* is made of the time of the wall, or of a clock like it."""
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(
        ast.unparse(call.func).removeprefix("time.") in CLOCKS
        and ast.unparse(call.func).startswith(("time.", *CLOCKS))
        for call in calls
    )


def short_times(name):
    """The assertions in the file *name* that so little time has passed."""
    for node in walked(name):
        if not isinstance(node, ast.Assert):
            continue
        for compared in (each for each in ast.walk(node) if isinstance(each, ast.Compare)):
            sides = [compared.left, *compared.comparators]
            for left, operation, right in zip(sides, compared.ops, sides[1:], strict=False):
                below = isinstance(operation, ast.Lt | ast.LtE) and reads_a_clock(left)
                above = isinstance(operation, ast.Gt | ast.GtE) and reads_a_clock(right)
                if below or above:
                    yield f"{name}:{node.lineno} {ast.unparse(compared)}"


def sleeps(name):
    """The calls in the file *name* that let time pass."""
    for node in walked(name):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep"):
            yield f"{name}:{node.lineno} {ast.unparse(node)}"


def test_private_attributes_are_few():
    """What a test wants to see is public; what is left are safeguards that a mutation takes out."""
    found = [each for name in FILES for each in private_accesses(name)]
    assert len(found) <= MOST_PRIVATE, "\n".join(found)


def test_no_short_time_is_asserted():
    """How long something took says how busy the machine was: an event, a count or another clock says more."""
    assert [each for name in set(FILES) - {"waiting.py"} for each in short_times(name)] == []


def test_nobody_sleeps():
    """Whoever waits, waits for something: `tests.waiting.until`, an event, or an end."""
    assert [each for name in set(FILES) - SLEEPERS for each in sleeps(name)] == []


def test_these_rules_see_what_they_forbid(monkeypatch):
    """Each of the three finds what it is for, and lets pass what it should."""
    text = """
assert time.monotonic() - begin < 2
assert 3 > perf_counter()
assert time.monotonic() - begin >= 2
assert clock.monotonic() < 5
time.sleep(1)
form._bar, error._render_traceback_, self._own, row._replace, os._exit
monkeypatch.setattr(store, "_look", 1)
from x import _y
"""
    monkeypatch.setitem(FILES, "x.py", text)
    assert [each.split(" ", 1)[0] for each in short_times("x.py")] == ["x.py:2", "x.py:3"]
    assert list(sleeps("x.py")) == ["x.py:6 time.sleep(1)"]
    assert sorted(private_accesses("x.py")) == ["x.py:7 form._bar", "x.py:8 _look", "x.py:9 _y"]
