"""YAML, bounded. No other module outside the sandbox imports PyYAML, which takes long to load.

Both readers take the parser's events one by one, and stop at the first one beyond a bound: nothing is
composed, resolved or constructed by PyYAML, where a merge key, an alias, or a number to the base of 60 takes
more time than its text is long.
"""

from __future__ import annotations

from contextlib import contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

from aicore_magics.base.wrappers import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_VALUES = 20_000  # a template has hundreds, a login file tens
_MOST_DIRECTIVES = 20  # each is compared with all before it
_LONGEST_NUMBER = 400  # characters; what is longer is text
# What PyYAML lets out of itself for a tag whose text does not fit, such as `!!int ""`.
_FAULTS_OF_YAML = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)


class Unread(Enum):
    """Why a text was not read as YAML."""

    NOT_YAML = "no YAML"
    TAGGED = "tags"  # of a language or a tool
    LINKED = "links"  # aliases, merge keys
    TOO_DEEP = "too deep"
    TOO_MANY = "too many values"


class NotText(Enum):
    """What stands for a value that is neither text nor null."""

    NOT_TEXT = "no text"


class BrokenYaml(Exception):
    """A text that is no YAML from *offset* on; *context* is where PyYAML began what failed, or -1."""

    def __init__(self, problem: str, offset: int, context: int = -1) -> None:
        super().__init__(problem)
        self.problem, self.offset, self.context = problem, offset, context


@contextmanager
def parsing(text: str) -> Iterator[Callable[[], Any]]:
    """Give what returns PyYAML's next event of *text*, and None behind the last. A fault is BrokenYaml."""
    import yaml

    if text.count("%TAG") > _MOST_DIRECTIVES:
        raise BrokenYaml("too many directives", text.index("%TAG"))
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

    Objects, lists, texts, and null; `NOT_TEXT` stands for numbers, dates, true and false, which are not read.
    At most 50 levels and 20,000 values. The reader's own messages quote the text, so none is kept.

    >>> read_untrusted("a: [x, 1:30, '2']"), read_untrusted("a: ["), read_untrusted("a: &b x\nc: *b")
    ({'a': ['x', <NotText.NOT_TEXT: 'no text'>, '2']}, <Unread.NOT_YAML: 'no YAML'>, <Unread.LINKED: 'links'>)
    """
    documents = read_untrusted_documents(text)
    if isinstance(documents, Unread):
        return documents
    return Unread.NOT_YAML if len(documents) > 1 else next(iter(documents), None)


def read_untrusted_documents(text: str) -> list[Any] | Unread:
    r"""Return every document in *text*, read as `read_untrusted` does, with the bounds for all together.

    >>> read_untrusted_documents("a: x\n---\n---\nb: [y]")
    [{'a': 'x'}, None, {'b': ['y']}]
    """
    import yaml

    reader = _Reader(yaml.SafeLoader.yaml_implicit_resolvers)
    try:
        with parsing(text) as next_event:
            while reader.refusal is None and (event := next_event()):
                reader.take(event)
    except BrokenYaml as error:
        # libyaml looks ahead, and has a bound of its own.
        return Unread.TOO_DEEP if "nesting" in error.problem else Unread.NOT_YAML
    except (yaml.YAMLError, *_FAULTS_OF_YAML):
        return Unread.NOT_YAML
    return reader.roots if reader.refusal is None else reader.refusal


class _Reader:
    """Takes events one by one, and has the *roots*, one a document, or the *refusal* that ends it."""

    def __init__(self, resolvers: Any) -> None:
        self.roots: list[Any] = []
        self.refusal: Unread | None = None
        self._resolvers = resolvers
        self._open: list[Any] = []
        self._keys: list[Any] = []  # of each open mapping the key whose value comes next
        self._values = 0

    def take(self, event: Any) -> None:
        """Take the next *event*."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._add(self._scalar(event))
        elif kind in _COLLECTIONS:
            self._begin(event, _COLLECTIONS[kind]())
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
            self._keys.pop()
        elif kind == "AliasEvent":
            self.refusal = Unread.LINKED

    def _begin(self, event: Any, collection: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            self.refusal = Unread.TOO_DEEP
        elif event.tag not in _PLAIN_TAGS:
            self.refusal = Unread.TAGGED
        self._add(collection)
        self._open.append(collection)
        self._keys.append(_NO_KEY)

    def _add(self, value: Any) -> None:
        self._values += 1
        if self._values > MAX_VALUES:
            self.refusal = Unread.TOO_MANY
        if not self._open:
            self.roots.append(value)
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self._keys[-1] is not _NO_KEY:
            self._open[-1][self._keys[-1]] = value
            self._keys[-1] = _NO_KEY
        elif isinstance(value, (list, dict)):
            self.refusal = Unread.NOT_YAML
        else:
            self._keys[-1] = value

    def _scalar(self, event: Any) -> Any:
        """The text, null, or what stands for all other kinds, as YAML 1.1 tells them apart."""
        value: str = event.value
        if event.tag in _OTHER_TAGS:
            return NotText.NOT_TEXT
        if event.tag not in _PLAIN_TAGS:
            self.refusal = Unread.TAGGED
        if event.style or event.tag:
            return value
        if value == "<<":
            self.refusal = Unread.LINKED
        for tag, pattern in self._resolvers.get(value[:1], ()) if len(value) <= _LONGEST_NUMBER else ():
            if pattern.match(value):
                return None if tag.endswith(":null") else NotText.NOT_TEXT
        return value


_NO_KEY = object()
_COLLECTIONS: dict[str, type] = {"MappingStartEvent": dict, "SequenceStartEvent": list}
_TAG = "tag:yaml.org,2002:"
_PLAIN_TAGS = (None, "!", f"{_TAG}str", f"{_TAG}map", f"{_TAG}seq")
_OTHER_TAGS = tuple(f"{_TAG}{name}" for name in ("null", "bool", "int", "float", "binary", "timestamp"))
