import dataclasses
import inspect

import pytest

from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.guesses import Guesses


def test_all_is_well_by_default():
    """Without a switch set, nothing goes wrong and a duplicate create is answered as if it had worked."""
    faults = Faults()
    assert (faults.duplicate, faults.expires_in, faults.quota, faults.page_size) == (
        "202-exists",
        43199,
        50,
        1000,
    )
    assert not any([faults.forbidden, faults.slow, faults.html, faults.redirect_to, faults.echo_body])
    assert not any([faults.drip, faults.body_bytes, faults.close_after, faults.stores_later])
    assert (faults.told_expires_in, faults.truncate_token, faults.no_certificate) == (
        None,
        False,
        "handshake",
    )


def test_unknown_switch():
    """A misspelt switch is an error, not a test that passes for no reason."""
    with pytest.raises(AttributeError):
        Faults().slwo = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("duplicate", "490"),
        ("forbidden", "yes"),
        ("hits", "all"),
        ("quota_status", 500),
        ("wrong_client_error", "x"),
        ("no_certificate", "403"),
        ("no_certificate", 401),
        ("slow", -1),
        ("slow", float("inf")),
        ("drip", "fast"),
        ("drip", float("nan")),
        ("drip", True),
        ("stores_later", -0.1),
        ("stores_later", None),
        ("visible_after", "3"),
        ("body_bytes", -1),
        ("body_bytes", 1.5),
        ("close_after", -1),
        ("close_after", False),
        ("drop", ["sometimes"]),
        ("drop", "before"),
        ("drop_reads", ["cut", None]),
        ("told_expires_in", [1]),
        ("accepted", 204),
        ("invalid", 500),
        ("names", "k8s"),
        ("unauthorized", "html"),
        ("missing", ""),
        ("no_address", None),
        ("delete_missing", 500),
        ("order", "size"),
        ("ignored_query", ["$filter"]),
        ("ignored_query", "$top"),
    ],
)
def test_nonsense(name, value):
    """A value that makes no sense for a switch is refused, at the start and later."""
    with pytest.raises(ValueError, match=name):
        Faults(**{name: value})
    with pytest.raises(ValueError, match=name):
        setattr(Faults(), name, value)


def test_statuses_are_taken_in_turn():
    """Each ordered status is used once, then none is left."""
    faults = Faults(next_statuses=[503, 0])
    assert [faults.take_status() for _ in range(3)] == [503, 0, 0]


def test_drops_are_taken_in_turn():
    """Each ordered drop is used once, and a word that is no choice is refused."""
    faults = Faults(drop=["before", ""])
    assert [faults.take_drop() for _ in range(3)] == ["before", "", ""]
    faults.drop.append("sometimes")
    with pytest.raises(ValueError, match="drop"):
        faults.take_drop()


def test_drops_of_reads_are_taken_in_turn():
    """Reads have a list of their own, which is watched in the same way."""
    faults = Faults(drop=["before"], drop_reads=["cut"])
    assert [faults.take_drop_read() for _ in range(2)] == ["cut", ""]
    assert faults.drop == ["before"]
    faults.drop_reads.append("sometimes")
    with pytest.raises(ValueError, match="drop_reads"):
        faults.take_drop_read()


def test_each_sandbox_has_its_own_lists():
    """Two sets of switches share nothing."""
    for name in ("next_statuses", "drop", "drop_reads", "ignored_query"):
        assert getattr(Faults(), name) is not getattr(Faults(), name)


def test_every_switch_is_described():
    """Every switch is followed by a sentence."""
    source = inspect.getsource(Guesses) + inspect.getsource(Faults)
    lines = [line.strip() for line in source.splitlines()]
    for field in dataclasses.fields(Faults):
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{field.name}: "))
        assert lines[place + 1].startswith('"""'), field.name
