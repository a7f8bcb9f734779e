"""YAML, bounded. No other module outside the sandbox imports PyYAML, which takes long to load."""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MAX_DEPTH = 100
MAX_NODES = 100_000
# What PyYAML lets out of itself for a tag whose text does not fit, such as `!!int ""`.
_FAULTS_OF_YAML = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)


class Unread(Enum):
    """Why a text was not read as YAML."""

    NOT_YAML = "no YAML"
    ALIASES = "YAML aliases"


class BrokenYaml(Exception):
    """A text that is no YAML from *offset* on; *context* is where PyYAML began what failed, or -1."""

    def __init__(self, problem: str, offset: int, context: int = -1) -> None:
        super().__init__(problem)
        self.problem, self.offset, self.context = problem, offset, context


@contextmanager
def parsing(text: str) -> Iterator[Callable[[], Any]]:
    """Give what returns PyYAML's next event of *text*, and None behind the last. A fault is BrokenYaml."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", None)
    parser = (loader or yaml.SafeLoader)(text)
    broken = None
    try:
        yield parser.get_event if loader else _without_libyaml(parser)
    except yaml.MarkedYAMLError as error:
        words = ", ".join(filter(None, [error.context, error.problem]))
        marks = [mark.index if mark else -1 for mark in (error.problem_mark, error.context_mark)]
        broken = BrokenYaml(words, max(marks[0], 0), marks[1])
    finally:
        parser.dispose()
    if broken:
        raise broken


def _without_libyaml(parser: Any) -> Callable[[], Any]:
    """PyYAML's own scanner has no fault of its own for escapes of no character."""

    def next_event() -> Any:
        try:
            return parser.get_event()
        except (ValueError, OverflowError):
            pass
        raise BrokenYaml("an escape of no character", offset=0)

    return next_event


def read_untrusted(text: str) -> Any:
    r"""Return the one document in *text* as plain data, or an `Unread`.

    No alias, which can grow a small file without end, at most 100 values deep, at most 100,000 values. The
    reader's own messages quote the text, so none is kept.

    >>> read_untrusted("a: [1, b]"), read_untrusted("a: ["), read_untrusted("a: &b 1\nc: *b")
    ({'a': [1, 'b']}, <Unread.NOT_YAML: 'no YAML'>, <Unread.ALIASES: 'YAML aliases'>)
    """
    import yaml

    try:
        refusal = _refusal(yaml.parse(text, Loader=yaml.SafeLoader))
        return refusal or yaml.safe_load(text)
    except (yaml.YAMLError, *_FAULTS_OF_YAML):
        return Unread.NOT_YAML


def _refusal(parsed: Iterable[Any]) -> Unread | None:
    depth = nodes = 0
    for event in parsed:
        kind = type(event).__name__
        if kind == "AliasEvent":
            return Unread.ALIASES
        depth += kind in ("MappingStartEvent", "SequenceStartEvent")
        depth -= kind in ("MappingEndEvent", "SequenceEndEvent")
        nodes += kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent")
        if depth > MAX_DEPTH or nodes > MAX_NODES:
            return Unread.NOT_YAML
    return None
