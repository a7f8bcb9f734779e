"""`python -m tests.faults [CLIENT…]` runs every fault against each client, and prints what came of it.

The clients are ours, sap (SAP's SDK, in the Python that SAP_SDK_PYTHON names) and bare (bare `requests`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from typing import TYPE_CHECKING

from tests.faults.bench import python_of, run
from tests.faults.cases import CASES, FROM_FILE
from tests.faults.clients import CLIENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.verdicts import Verdict

TITLES = {"ours": "aicore-magics", "sap": "SAP's SDK", "bare": "bare requests"}
COLUMNS = (
    *("client", "survived", "recovered", "unknown", "untruthful", "leaks", "in Verbose alone", "hangs"),
    "forgiven",
)


LEGEND = (
    "Recovered: only success is right. In Verbose alone: a secret is seen nowhere but in a traceback of "
    "%xmode Verbose. Forgiven: what would be survived without that rule, and if any class of error would do."
)
PACKAGES = {"ours": ("aicore-magics", "requests"), "sap": ("sap-ai-sdk-core",), "bare": ("requests",)}


def version(client: str) -> str:
    """Tell what was measured."""
    code = (
        f"from importlib.metadata import version as v; print(*(p + ' ' + v(p) for p in {PACKAGES[client]}))"
    )
    return subprocess.run(
        [python_of(client), "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def summary(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Give the figures of one client.

    The last is what it would survive if two things were forgiven: an error that its documentation does not
    name, and a secret that is seen in a traceback of `%xmode Verbose` alone.
    """
    told = list(verdicts)
    hard = [each for each in told if each.case.must_recover]
    small = ("undocumented", "verbose leak")
    forgiven = [each for each in told if all(rule.startswith(small) for rule in each.broken)]
    verbose = [each for each in told if each.broke("verbose leak") and not each.broke("leak")]
    return (
        f"{sum(each.survived for each in told)}/{len(told)}",
        f"{sum(each.survived for each in hard)}/{len(hard)}",
        str(sum(each.outcome == "unknown" for each in told)),
        *(str(sum(each.broke(rule) for each in told)) for rule in ("untruthful", "leak")),
        str(len(verbose)),
        str(sum(each.broke("hangs") for each in told)),
        f"{len(forgiven)}/{len(told)}",
    )


def table(rows: Iterable[tuple[str, ...]]) -> str:
    """Give *rows* as a Markdown table."""
    lines = [" | ".join(row) for row in rows]
    lines.insert(1, " | ".join("-" * len(cell) for cell in COLUMNS))
    return "\n".join(f"| {line} |" for line in lines)


def main(clients: list[str]) -> None:
    """Run them all, one client after the other."""
    by_client: dict[str, dict[str, Verdict]] = {}
    for client in clients:
        begin = time.monotonic()
        by_client[client] = run(client, CASES)
        sys.stderr.write(f"{TITLES[client]}: {time.monotonic() - begin:.0f} s\n")
    for case in CASES:
        said = (_cell(by_client[client][case.id]) for client in clients)
        show(f"{case.id}  {case.fault}  [{' '.join(case.allowed)}]", *said)
    of_the_file = [case.id for case in FROM_FILE]
    added = [case.id for case in CASES if case.id not in of_the_file]
    for title, ids in (("The 61 of the case file", of_the_file), ("Added here", added)):
        rows = ((TITLES[client], *summary(by_client[client][each] for each in ids)) for client in clients)
        show(f"\n{title}\n\n{table([COLUMNS, *rows])}")
    show(f"\n{LEGEND}\n{date.today().isoformat()}: {', '.join(map(version, clients))}.")  # noqa: DTZ011


def show(*lines: str) -> None:
    """Print *lines*, all but the first of them set in."""
    sys.stdout.write("\n      ".join(lines) + "\n")


def _cell(verdict: Verdict) -> str:
    mark = "✓" if verdict.survived else "✗"
    return f"{mark} {verdict.outcome} {verdict.kind} {verdict.seconds:.1f} s  {'; '.join(verdict.broken)}"


if __name__ == "__main__":
    main(sys.argv[1:] or [name for name in CLIENTS if name != "sap" or "SAP_SDK_PYTHON" in os.environ])
