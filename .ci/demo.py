"""Run a tutorial from its first to its last cell, show what came of each, and say where the result lies."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def main(source: Path, target: Path) -> int:
    """Execute the notebook *source*, save it as *target*, print each cell and its text output."""
    notebook = nbformat.read(source, as_version=4)
    start = time.perf_counter()
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        # A kernel for one minute on this machine alone need not warn that its ports are not encrypted.
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": source.parent}},
    )
    failed = ""
    try:
        client.execute()
    except CellExecutionError as error:
        failed = str(error)
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            show(cell)
    print(failed or f"\n{source.name} ran in {time.perf_counter() - start:.1f} s.")
    print(f"The executed notebook: {target}")
    return 1 if failed else 0


def show(cell: nbformat.NotebookNode) -> None:
    """Print the lines of a cell and the text of what it gave."""
    print()
    print("\n".join(f">>> {line}" for line in cell.source.splitlines()))
    for output in cell.outputs:
        if output.output_type == "error":
            print("\n".join(output.traceback))
        elif output.output_type == "stream":
            print(output.text, end="")
        else:
            print(output.data.get("text/plain", ""))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
