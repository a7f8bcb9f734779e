"""What the bench runs in the kernel: it writes down all that can be reached there. It knows no password."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import faulthandler
import gc
import json
import pickle
import ssl
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FOUND = Path("found")
OPENED = ("aicore_magics", "requests", "urllib3", "http.", "ipywidgets", "tests.")
MOST = 100_000  # objects that one search looks at
SHORTEST, LONGEST = 12, 200_000  # characters of a text in memory that is written down

_before: set[int] = set()


def note(place: str, *texts: object) -> None:
    """Add *texts* to what was found at *place*."""
    FOUND.mkdir(exist_ok=True)
    with (FOUND / place).open("ab") as file:
        for text in texts:
            raw = text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogatepass")
            file.write(raw + b"\n")


def reachable(*roots: object) -> Iterator[Any]:
    """Give the texts that can be reached from *roots* without asking a Secret for its own."""
    left, seen = list(roots), {}
    while left and len(seen) < MOST:
        one = left.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one  # kept, so that no other object gets its id
        if isinstance(one, str | bytes | bytearray):
            yield one
            continue
        with contextlib.suppress(Exception):
            yield f"{one!r} {one}"[:LONGEST]
        left += _parts(one)


def _parts(one: Any) -> list[Any]:
    if isinstance(one, dict):
        return [*one, *one.values()]
    if isinstance(one, list | tuple | set | frozenset | deque):
        return list(one)
    own = type(one).__module__.startswith(OPENED) or isinstance(one, BaseException)
    if not own or type(one).__name__ == "Secret":
        return []
    slots = [name for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
    there = [getattr(one, name) for name in slots if not name.startswith("__") and hasattr(one, name)]
    return [*getattr(one, "__dict__", {}).values(), *there, *getattr(one, "args", ())]


def look_at_last_error() -> None:
    """Write down what hangs on the last error: the variables of every frame, its chain, its attributes."""
    errors, error = [], sys.last_value
    while error is not None and len(errors) < 20:
        errors.append(error)
        error = error.__cause__ or error.__context__
    note("chain", *(f"{type(each).__name__} {each}" for each in errors))
    note("attributes", *reachable(*(each.__dict__ for each in errors), *(each.args for each in errors)))
    for each in errors:
        trace = each.__traceback__
        while trace:
            code = trace.tb_frame.f_code
            note("frames", f"{code.co_filename} {code.co_name}", *reachable(dict(trace.tb_frame.f_locals)))
            trace = trace.tb_next


def look_at_objects(*objects: object) -> None:
    """Write down all that *objects* show of themselves, and what can be made of them."""
    note("objects", *reachable(*objects))
    for one in objects:
        for make in (vars, dataclasses.asdict, dir, lambda one: one._repr_mimebundle_()):
            with contextlib.suppress(Exception):
                note("objects", *reachable(make(one)))
        for make in (copy.copy, copy.deepcopy):
            with contextlib.suppress(Exception):
                note("copies", *reachable(make(one)))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with contextlib.suppress(Exception):
                note("copies", pickle.dumps(one, protocol))
        for default in (str, repr, vars):
            with contextlib.suppress(Exception):
                note("copies", json.dumps(one, default=default))
        note("copies", f"{type(one).__name__} was tried")


def look_at_inputs(shell: Any) -> None:
    """Write down the cells as the kernel keeps them, and what they gave."""
    kept = {name: value for name, value in shell.user_ns.items() if name.startswith(("_i", "_o", "_"))}
    note("inputs", *shell.user_ns["In"], *(value for value in kept.values() if isinstance(value, str)))
    note("variables", *reachable(*shell.user_ns["Out"].values(), *kept.values()))


def look_at_variables(shell: Any) -> None:
    """Write down what a variable inspector and a completion show."""
    note("variables", *(f"{name} {value!r} {dir(value)}" for name, value in list(shell.user_ns.items())))
    for typed in ("GHCR", "os.environ['", "form.", "tenant.", "%aicore_docker_secret create "):
        note("variables", shell.complete(typed))


def look_at_threads() -> None:
    """Write down what faulthandler would, were the kernel to crash now."""
    with (FOUND / "faulthandler").open("ab") as file:
        faulthandler.dump_traceback(file)


def remember_heap() -> None:
    """Note which texts are in memory now, and in what encodings: whoever keeps a secret keeps those, too."""
    kept = [one for one in gc.get_objects() if type(one).__name__ == "Secret"]
    _before.update(map(hash, _heap()), *(map(hash, one.encodings().forms) for one in kept))


def look_at_heap() -> None:
    """Write down the texts that some object still refers to, and did not before."""
    gc.collect()
    note("heap", "the texts in memory:", *(text for text in _heap() if hash(text) not in _before))


def _heap() -> set[Any]:
    found = set()
    for one in gc.get_objects():
        for part in gc.get_referents(one):
            if isinstance(part, str | bytes) and SHORTEST <= len(part) <= LONGEST:
                found.add(part)
    return found


def watch_key_files() -> None:
    """Note the rights of each file that a certificate's key is loaded from."""
    load = ssl.SSLContext.load_cert_chain

    def watched(self: Any, path: str, *args: Any, **kwargs: Any) -> None:
        note("key files", f"{Path(path).stat().st_mode & 0o777:o}")
        load(self, path, *args, **kwargs)

    ssl.SSLContext.load_cert_chain = watched


def break_answers() -> None:
    """Let reading an answer fail as it would by a fault of ours."""
    from aicore_magics.http import http_session

    http_session._answer, broken = (lambda *_: 1 / 0), http_session._answer
    globals()["_whole"] = broken


def mend_answers() -> None:
    """Let answers be read again."""
    from aicore_magics.http import http_session

    http_session._answer = globals()["_whole"]


def short_limits() -> None:
    """Let the calls that nobody gives a time limit end after a second, as the form's."""
    from aicore_magics import actions

    for act in (actions.create_docker_secret, actions.apply_docker_secret):
        getattr(act, "__wrapped__", act).__kwdefaults__["timeout"] = 1.0
