"""List what others may rely on, one a line; with a second list, say what of it is gone.

    python .ci/public_api.py LIST         write it
    python .ci/public_api.py LIST FORMER  write it, and compare it with the former release's

What counts is written in notebooks/reference/public-api.md.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import aicore_magics
from aicore_magics import errors, templates
from aicore_magics.cli import commands
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.jupyter import RESULTS
from aicore_magics.leaks.detectors.kinds import KINDS
from aicore_magics.sandbox import start
from aicore_magics.sandbox.faults import Faults
from aicore_magics.templates.catalogue.index import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = "=…"


def lines() -> Iterator[str]:
    """Everything, in no order."""
    for module in (aicore_magics, templates):
        for name in module.__all__:
            yield from of(f"{module.__name__}.{name}", getattr(module, name))
    yield from of("aicore_magics.sandbox.start", start)
    for name, value in vars(errors).items():
        if inspect.isclass(value) and issubclass(value, errors.AICoreError):
            yield f"aicore_magics.errors.{name}({', '.join(base.__name__ for base in value.__bases__)})"
    for module_name, name in RESULTS:
        result = getattr(importlib.import_module(module_name), name)
        yield from (
            f"result {name}.{field.name}" for field in fields(result) if not field.name.startswith("_")
        )
    yield from (f"sandbox.faults.{field.name}" for field in fields(Faults))
    parsers = [
        connect_parser(),
        *(each.parser(name) for each in (SECRET, TEMPLATE, NOTEBOOK) for name in each.subcommands),
    ]
    for grammar in (commands.commands(), commands.template_commands()):
        parsers += [grammar.parser(name) for name in grammar.subcommands]
    for parser in parsers:
        yield parser.prog
        yield from (f"{parser.prog} {option}" for option in parser.option_names())
    yield from (f"rule {rule}" for rule in RULES)
    yield from (f"credential {kind.id}" for kind in KINDS)


def of(name: str, value: object) -> Iterator[str]:
    """One public name: of a class its fields and methods, of a function its parameters."""
    yield name
    if not inspect.isclass(value):
        yield from parameters(name, value)
        return
    if is_dataclass(value):
        yield from (f"{name}.{field.name}" for field in fields(value) if not field.name.startswith("_"))
    for member, function in inspect.getmembers(value, callable):
        if not member.startswith("_") and member in vars(value):
            yield f"{name}.{member}"
            yield from parameters(f"{name}.{member}", function)


def parameters(name: str, value: object) -> Iterator[str]:
    """Each parameter of a function, with its place if it may be given by that; `=…` is a default."""
    for place, parameter in enumerate(inspect.signature(value).parameters.values()):  # type: ignore[arg-type]
        where = "*" if parameter.kind is parameter.KEYWORD_ONLY else place
        default = "" if parameter.default is parameter.empty else DEFAULT
        yield f"{name} ({where}, {parameter.name}{default})"


def breaks(now: set[str], before: set[str]) -> list[str]:
    """What a user of the former release would meet: a name that is gone, a value that is wanted now."""
    known = {line.partition(" (")[0] for line in before}
    more = [line for line in now - before if " (" in line and not line.endswith(f"{DEFAULT})")]
    wanted = [f"wanted: {line}" for line in more if line.partition(" (")[0] in known]
    return sorted([*(f"gone: {line}" for line in before - now), *wanted])


def main(target: Path, former: Path | None) -> int:
    """Write the list; give 1 if the former one is broken."""
    now = set(lines())
    before = set(former.read_text("utf-8").splitlines()) if former else now
    target.write_text("\n".join(sorted(now)) + "\n", encoding="utf-8")
    broken = breaks(now, before)
    print("\n".join([*broken, *(f"new: {line}" for line in sorted(now - before))]))
    print(f"{len(now)} public names in {target}: {len(broken)} broken, {len(now - before)} new.")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))  # noqa: PLR2004
