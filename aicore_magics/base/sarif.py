"""What any SARIF 2.1.0 file has: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aicore_magics.base.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif_file(
    rules: Iterable[dict[str, Any]],
    results: Iterable[dict[str, Any]],
    *,
    complete: bool,
    warnings: Iterable[str] = (),
) -> dict[str, Any]:
    """Give one run of this package; *complete*: all was read, *warnings* are what to know beside it."""
    run = {
        "tool": {"driver": {"name": "aicore-magics", "version": VERSION, "rules": [*rules]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": complete,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": text}} for text in warnings
                ],
            }
        ],
        "results": [*results],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def place(path: str, line: int = 0, column: int = 0) -> dict[str, Any]:
    """Give a physical location; 0 is not known."""
    where: dict[str, Any] = {"artifactLocation": {"uri": uri(path)}}
    if line:
        where["region"] = {"startLine": line, **({"startColumn": column} if column else {})}
    return where


def uri(path: str) -> str:
    """Give a relative reference for what lies below this folder, as code hosts want it; else a file URI."""
    where = Path(path)
    if where.is_absolute() and where.is_relative_to(Path.cwd()):
        where = where.relative_to(Path.cwd())
    return reference(where)


def reference(where: PurePath) -> str:
    """Give the URI of *where*, a relative one if its path is.

    >>> from pathlib import PureWindowsPath
    >>> reference(PureWindowsPath("C:/my files/a.yaml")), reference(PureWindowsPath("a/b.yaml"))
    ('file:///C:/my%20files/a.yaml', 'a/b.yaml')
    """
    text = quote(where.as_posix().encode("utf-8", "surrogatepass"), safe="/:" if where.drive else "/")
    if not where.is_absolute():
        return text
    if where.drive and text.startswith("//"):  # a share, whose host is that of the URI
        return f"file:{text}"
    return f"file://{'/' if where.drive else ''}{text}"
