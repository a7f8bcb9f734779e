import dataclasses
import inspect

import pytest

from aicore_magics.sandbox.registry_faults import RegistryFaults


def test_all_is_well_by_default():
    """Without a switch set, nothing goes wrong."""
    assert not any(dataclasses.asdict(RegistryFaults()).values())


def test_unknown_switch():
    """A misspelt switch is an error, not a test that passes for no reason."""
    with pytest.raises(AttributeError):
        RegistryFaults().slwo = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("slow", -1),
        ("slow", float("inf")),
        ("slow", True),
        ("slow", None),
        ("next_statuses", 429),
        ("next_statuses", (429,)),
        ("next_statuses", [200]),
        ("next_statuses", [429, 600]),
        ("next_statuses", ["429"]),
        ("next_statuses", [False]),
        ("retry_after", 5),
        ("retry_after", ""),
        ("realm", "http://a\r\nX: y"),
        ("realm", 'http://a",scope="'),
        ("realm", "http://a\\"),
        ("blob_redirect", "http://\xe4"),
        ("html", 1),
        ("opaque_tokens", "yes"),
        ("schema1", None),
        ("hits", "both"),
        ("drip", -0.1),
        ("redirect_to", "http://a\r\nX: y"),
        ("body_bytes", 1.5),
        ("body_bytes", -1),
        ("told_end", 5),
        ("ended_login", "quay"),
    ],
)
def test_nonsense(name, value):
    """A value that makes no sense for a switch is refused, at the start and later."""
    with pytest.raises(ValueError, match=name):
        RegistryFaults(**{name: value})
    with pytest.raises(ValueError, match=name):
        setattr(RegistryFaults(), name, value)


def test_sense():
    """What makes sense is taken as it stands."""
    switches = {
        "slow": 0.5,
        "next_statuses": [429, 0, 599],
        "retry_after": "Fri, 31 Dec 2027 23:59:59 GMT",
        "html": True,
        "realm": "https://auth.example:8443/token?x=~1",
        "opaque_tokens": True,
        "blob_redirect": "https://storage.example/bucket",
        "schema1": True,
        "hits": "issuers",
        "drip": 0.1,
        "redirect_to": "https://elsewhere.example/x?y=1",
        "body_bytes": 10**8,
        "told_end": "0001-01-01 00:00:00 +1345",
        "ended_login": "harbor",
    }
    assert dataclasses.asdict(RegistryFaults(**switches)) == switches


def test_statuses_are_taken_in_turn():
    """Each ordered status is used once, then none is left; what is no error is refused late as well."""
    faults = RegistryFaults(next_statuses=[503, 0])
    assert [faults.take_status() for _ in range(3)] == [503, 0, 0]
    faults.next_statuses.append(200)
    with pytest.raises(ValueError, match="next_statuses is a list"):
        faults.take_status()


def test_each_registry_has_its_own_list():
    """Two sets of switches share nothing."""
    assert RegistryFaults().next_statuses is not RegistryFaults().next_statuses


def test_every_switch_is_described():
    """Every switch is followed by a sentence."""
    lines = [line.strip() for line in inspect.getsource(RegistryFaults).splitlines()]
    for field in dataclasses.fields(RegistryFaults):
        place = next(n for n, line in enumerate(lines) if line.startswith(f"{field.name}: "))
        assert lines[place + 1].startswith('"""'), field.name
