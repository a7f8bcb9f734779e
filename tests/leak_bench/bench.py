"""The acts played on one stage, and which channels were found open afterwards."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from aicore_magics.leaks.scan import scan_notebooks
from tests.browser.traces import WRITTEN
from tests.faults.verdicts import every_form
from tests.leak_bench import acts
from tests.leak_bench.channels import CHANNELS
from tests.leak_bench.stage import MISTYPED, Stage, heard_by_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.jupyter.conftest import Cell
    from tests.leak_bench.channels import Channel

# Where a cell that holds a mistyped password stands as it was run.
AS_TYPED = ("notebook", "exported", "history.sqlite", "session.py", "execute_input", "files")


@dataclass(frozen=True)
class Verdict:
    """What was found on one channel. *unseen* are places in which there was nothing to search."""

    channel: Channel
    leaks: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether it was searched, and nothing was there."""
        return not (self.leaks or self.unseen or self.channel.why_open)


def run(folder: Path) -> dict[str, Verdict]:
    """Play every act below *folder*, and give the verdict on each channel by its id."""
    with contextlib.closing(Stage(folder)) as stage:
        acts.set_up(stage)
        for act in (*acts.ACTS.values(), acts.leave, *acts.AT_THE_END):
            act(stage)
        stage.shut_down()
    return verdicts(stage, found(stage) | {"exported": exported(stage)})


def run_without(mutation: str, folder: Path, names: Iterable[str]) -> dict[str, Verdict]:
    """Play the acts of these *names* without a safeguard, and give the verdicts: only leaks count in them."""
    with contextlib.closing(Stage(folder)) as stage:
        acts.set_up(stage, mutation)
        for name in names:
            # Without a safeguard it may well end otherwise than it should.
            with contextlib.suppress(AssertionError):
                getattr(acts, name)(stage)
    return verdicts(stage, found(stage))


def verdicts(stage: Stage, places: dict[str, bytes]) -> dict[str, Verdict]:
    """Give the verdict on each channel, with what was found in all *places*."""
    hidden = {what: every_form(text) for what, text in stage.hidden().items() if text}
    hidden["a finding of the scan"] = {b"Leak(path="}
    return {channel.id: judged(channel, places, hidden) for channel in CHANNELS}


def judged(channel: Channel, places: dict[str, bytes], hidden: dict[str, set[bytes]]) -> Verdict:
    """Give the verdict on *channel*."""
    leaks = tuple(
        f"{what} in {place}"
        for place in channel.places
        for what, forms in hidden.items()
        if what not in channel.by_nature
        and not (what == MISTYPED and place in AS_TYPED)
        and any(form in places.get(place, b"") for form in forms)
    )
    return Verdict(channel, leaks, tuple(place for place in channel.places if not places.get(place)))


def found(stage: Stage) -> dict[str, bytes]:
    """Give all that was found, by its place, once the stage is closed."""
    home = stage.home
    places = {place: b"\n".join(texts) for place, texts in stage.places.items()}
    for path in (home / "found").iterdir():
        places[path.name] = places.get(path.name, b"") + path.read_bytes()
    places |= {name: (home / name).read_bytes() for name in WRITTEN if (home / name).exists()}
    places |= heard_by_kind(stage.listener.heard)
    places["history.sqlite"] = b"".join(
        path.read_bytes() for path in (home / "ipython").rglob("history.sqlite*")
    )
    lines = (home / "debug.log").read_bytes().splitlines()
    of_urllib3 = [line for line in lines if line.startswith(b"urllib3")]
    places["urllib3 log"] = b"\n".join(of_urllib3)
    places["log"] = b"\n".join(line for line in lines if line not in set(of_urllib3))
    return places | saved(stage) | elsewhere(stage, places)


def saved(stage: Stage) -> dict[str, bytes]:
    """Give the notebook as it is saved, known by a browser, and committed."""
    typed = stage.passwords[MISTYPED]
    clean = notebook(stage, [(code, cell) for code, cell in stage.cells if typed not in code])
    nbformat.write(clean, stage.home / "found" / "clean.ipynb")
    generated = stage.home / "generated.ipynb"
    books = [stage.home / "found" / "clean.ipynb", *([generated] if generated.exists() else [])]
    leaks = scan_notebooks(books, nearby=False).leaks
    return {
        "notebook": nbformat.writes(notebook(stage, stage.cells)).encode("utf-8", "surrogatepass"),
        "checkpoint": json.dumps(stage.as_a_browser_saves(), ensure_ascii=False).encode(),
        "committed": b"\n".join([*map(Path.read_bytes, books), *(repr(leak).encode() for leak in leaks)]),
    }


def exported(stage: Stage) -> bytes:
    """Give the notebook as nbconvert makes a page of it."""
    from nbconvert import HTMLExporter

    return HTMLExporter().from_notebook_node(notebook(stage, stage.cells))[0].encode()


def elsewhere(stage: Stage, places: dict[str, bytes]) -> dict[str, bytes]:
    """Give what other hosts heard, and every other file; a place where something is missing is empty."""
    apart = [stage.home / name for name in ("given", "found", ".netrc")]
    files = [
        path for path in stage.home.rglob("*") if path.is_file() and not {path, *path.parents} & {*apart}
    ]
    warned, key_files = places.get("warned", b""), set(places.get("key files", b"").split())
    return {
        "files": b"\n".join(path.read_bytes() for path in files),
        "other host": places.get("network", b"") + stage.other.bytes,
        "untrusted": places.get("network", b"") + stage.untrusted.bytes,
        "proxy": stage.proxy.bytes,
        "api": stage.api.bytes,
        "warned": warned if b"can be read by other users" in warned else b"",
        "key files": b"600" if key_files == {b"600"} else b"",
    }


def notebook(stage: Stage, cells: list[tuple[str, Cell]]) -> nbformat.NotebookNode:
    """Give a notebook of *cells*, with the state of its widgets."""
    new, state = nbformat.v4, stage.home / "state.json"
    made = [new.new_code_cell(code, outputs=list(_outputs(cell))) for code, cell in cells]
    known = json.loads(state.read_text("utf-8")) if state.exists() else {}
    widgets = {"application/vnd.jupyter.widget-state+json": known} if known else {}
    return new.new_notebook(cells=made, metadata={"widgets": widgets} if widgets else {})


def _outputs(cell: Cell) -> Iterator[nbformat.NotebookNode]:
    """Give what a notebook keeps of a cell."""
    for said in cell.iopub:
        if "ename" in said:
            yield nbformat.v4.new_output(
                "error", **{key: said[key] for key in ("ename", "evalue", "traceback")}
            )
        elif "text" in said:
            yield nbformat.v4.new_output("stream", text=said["text"])
        elif "data" in said and "metadata" in said:
            yield nbformat.v4.new_output("display_data", said["data"], metadata=said["metadata"])
