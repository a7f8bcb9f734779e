"""What the record has on a secret, as values: from a line of the record to a cell."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aicore_magics.actions.recorded import ELSEWHERE, recorded_logins, stored_here
from aicore_magics.base.report import plain
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from tests.actions.ends_examples import ANNA, ENDLESS, HARBOR, KNOWN, NOW, ends, noted, stored

pytestmark = pytest.mark.usefixtures("utc")
LOGINS = (
    NotedLogin(registry="ghcr.io", username="anna", expiry=ends(38, 34), fingerprint="f00d"),
    NotedLogin(registry="quay.io", username="acme+pull"),
)
RECORD = Record(
    tenant="acme-dev",
    host="api.a",
    secret="team-ghcr",
    op="created",
    logins=LOGINS,
    notebook="train.ipynb",
    time=int(datetime(2026, 9, 10, tzinfo=UTC).timestamp()) * 10**9,
)


@pytest.mark.parametrize("op", ["created", "replaced", "noted"])
@pytest.mark.parametrize("outcome", ["done", "unknown"])
@pytest.mark.parametrize("doubt", [False, True])
def test_from_a_record(op, outcome, doubt):
    """A record gives its secret and each of its logins; what was noted by hand, or is in doubt, is told."""
    record = RECORD.with_(op=op, outcome=outcome, time=RECORD.time)
    here, logins = stored_here(record, NOW, doubt=doubt), recorded_logins(record, NOW, doubt=doubt)
    assert (here.name, here.logins, here.notebook) == ("team-ghcr", LOGINS, "train.ipynb")
    assert [row.registry for row in logins] == ["ghcr.io", "quay.io"]
    for each in (here, *logins):
        assert (each.told, each.doubt) == (op == "noted", doubt or outcome == "unknown")
        assert each.at == record.at
    assert [row.state for row in logins] == list(here.states) == ["valid", "not known"]


@pytest.mark.parametrize("op", ["deleted", "forgotten", "planned", "refused", "same", "run ended"])
def test_what_is_gone_is_nothing(op):
    """Of a secret that was deleted, or forgotten, nothing is told."""
    record = RECORD.with_(op=op)
    assert (stored_here(record, NOW), recorded_logins(record, NOW)) == (None, ())


def test_no_secret_is_left_out():
    """A record without a login has one of which nothing is known, and a service key has no secret."""
    (row,) = recorded_logins(RECORD.with_(logins=()), NOW)
    assert (row.secret, row.expiry, row.state) == ("team-ghcr", NOT_KNOWN, "not known")
    key = RECORD.with_(op="service key", secret="", logins=(NotedLogin(registry="", username=""),))
    assert stored_here(key, NOW) is None
    assert recorded_logins(key, NOW)[0].to_data()["secret"] is None


def test_data():
    """The data has the words of the state, and times in UTC; no fingerprint is in it, or in a repr."""
    here, (login, _) = stored_here(RECORD, NOW), recorded_logins(RECORD, NOW)
    data = json.loads(json.dumps([here.to_data(), login.to_data()]))
    told = {
        "state": "valid",
        "ends": "2027-01-06T11:00:00+00:00",
        "begins": "2026-10-26T11:00:00+00:00",
        "replace_from": "2026-12-13T11:00:00+00:00",
        "how": "token",
    }
    assert data[0]["logins"][0] == {"registry": "ghcr.io", "username": "anna", **told}
    assert data[1].items() >= told.items()
    assert data[1]["recorded"] == "2026-09-10T00:00:00+00:00"
    assert "f00d" not in f"{data}{login}"


@pytest.mark.parametrize(
    ("known", "registry", "when", "end"),
    [
        (ANNA, "ghcr.io as anna", "10 Sep 2026 in train.ipynb", "3 Dec 2026, soon, read from the token"),
        (HARBOR, "harbor.corp.example as robot$ml+pull", "2 Mar 2026 in setup.ipynb", "not known"),
        (
            KNOWN[2],
            "ghcr.io as anna; quay.io as acme+pull",
            "not known, noted 10 Sep 2026",
            "ghcr.io: 6 Jan 2027, read from the token; quay.io: not known",
        ),
        (
            stored("a", noted("docker.io", "a", ENDLESS), noted("quay.io", "", ENDLESS), notebook=""),
            "docker.io as a; quay.io",
            "10 Sep 2026",
            "does not end, documented by the registry",
        ),
        (
            stored("a", noted("", "", Expiry(endless=True, how="told")), doubt=True),
            "not known",
            "10 Sep 2026 in train.ipynb",
            "does not end, entered by you",
        ),
        (stored("a"), "not known", "10 Sep 2026 in train.ipynb", "not known"),
    ],
)
def test_cells(known, registry, when, end):
    """Registry and user, when it was stored and from where, and when it ends, with how that is known."""
    assert plain(known.registries()) == registry
    assert plain(known.stored()) == when
    assert plain(known.ends(how=True)) == end
    assert ELSEWHERE.startswith("not known")
