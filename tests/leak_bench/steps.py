"""What the acts are made of: what users type and press, how the server fails, and what comes of it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.jupyter.conftest import Cell
    from tests.leak_bench.stage import Stage

STORE = "%aicore_docker_secret create"
CONNECT = "%aicore_connect --service-key given"
GHCR = "--registry ghcr.io --username anna --no-check"
CREATE = 'create_docker_secret(tenant, "{}", [RegistryLogin("ghcr.io", "anna", {})], checking=unchecked)'
FROM_FILE = 'Secret.from_file("given/password")'


def enter(stage: Stage, field: str, name: str, registry: str = "ghcr.io") -> None:
    """Fill the form in, its password as a browser sends it."""
    stage.type(field, stage.passwords["form"])
    stage.run(f"""form.fields.name.value, form.fields.user.value = {name!r}, "anna"
form.fields.registry.value = {registry!r}
assert field.received""")


def done(stage: Stage, store: str, says: str, *places: str) -> None:
    """Press Create, and wait for what the form says."""
    stage.press(store)
    told = stage.run("assert form.wait(30)\nprint(form.message.value)", *places)
    assert says in told.stream, told.shown


@contextlib.contextmanager
def echoing(stage: Stage) -> Iterator[None]:
    """Let the server repeat whatever it is sent."""
    stage.sandbox.faults.echo_body, stage.sandbox.faults.hits = True, "both"
    yield
    stage.sandbox.faults.echo_body, stage.sandbox.faults.hits = False, "api"


@contextlib.contextmanager
def slow(stage: Stage) -> Iterator[None]:
    """Let the server be slower than anybody waits."""
    stage.sandbox.faults.slow = 2.5
    yield
    stage.sandbox.faults.slow = 0.0


def ended(cell: Cell, *names: str) -> None:
    """Make sure that *cell* ended with one of these errors."""
    assert cell.ename in names, (cell.ename, cell.shown)
