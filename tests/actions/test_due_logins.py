"""Which logins are due: one in several secrets is one login to replace."""

from __future__ import annotations

import pytest

from aicore_magics.actions.due_logins import due_logins, spread
from tests.actions.ends_examples import ENDLESS, EXPIRED, WHERE, ends, login

F1, F2 = {"fingerprint": "f1"}, {"fingerprint": "f2"}


@pytest.mark.parametrize(
    ("rows", "secrets", "is_proven"),
    [
        ([login("a", ends(3), **F1), login("b", ends(3), **F1, tenant="acme-prod")], [["a", "b"]], True),
        # A fingerprint is of the token: what was noted of its end does not part it.
        ([login("a", ends(3), **F1), login("b", EXPIRED, **F1)], [["a", "b"]], True),
        ([login("a", ends(3), **F1), login("b", ends(3), **F2)], [["a"], ["b"]], True),
        ([login("a", ends(3)), login("b", ends(3))], [["a", "b"]], False),
        ([login("a", ends(3)), login("b", ends(3), **F1)], [["a", "b"]], False),
        ([login("a", ends(3)), login("b", ends(4))], [["a"], ["b"]], True),
        ([login("a", ends(3)), login("b", ends(3), username="bob")], [["a"], ["b"]], True),
        ([login("a", ends(3), username=""), login("b", ends(3), username="")], [["a"], ["b"]], True),
        ([login("", ends(3)), login("", ends(3), tenant="acme-prod")], [[""], [""]], True),
        ([login("a", ends(40), **F1), login("b", ENDLESS)], [], True),
        ([login("b", EXPIRED), login("a", ends(3), **F1)], [["b"], ["a"]], True),
    ],
)
def test_one_login_is_one(rows, secrets, is_proven):
    """A fingerprint makes it one for sure, and registry, user and end make it so probably."""
    found = due_logins(rows)
    assert [[row.secret for row in each.rows] for each in found] == secrets
    assert all(each.is_proven for each in found) == is_proven


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([login("a", ends(3))], ""),
        ([login("a", ends(3)), login("a", ends(3), registry="quay.io")], ""),
        ([login("a", ends(3), **F1), login("b", ends(3), **F1)], "in 2 secrets"),
        (
            [login("a", ends(3), **F1), login("b", ends(3), **F1, tenant="acme-prod"), login("", EXPIRED)],
            "in 2 secrets of 2 tenants",
        ),
    ],
)
def test_where_they_are(rows, words):
    """It is told where one login is in several secrets; a service key is in none."""
    assert spread(due_logins(rows)) == words


@pytest.mark.parametrize("known", [(), ("acme-dev",), ("acme-prod",), ("acme-dev", "acme-prod")])
@pytest.mark.parametrize("home", ["acme-dev", "acme-prod", "other", ""])
def test_no_profile_leaves_the_connected_tenant_out(known, home):
    """What is planned has the connected tenant in it: by its profile, or with no profile at all."""
    rows = [login("a", EXPIRED, **F1, tenant=tenant) for tenant in ("acme-dev", "acme-prod")]
    profiles = {(tenant, WHERE.host): tenant for tenant in known}
    (one,) = due_logins(rows)
    plan = dict(one.plan(profiles, (home, WHERE.host) if home else None, several=False).values)
    assert plan["names"] == ("a",)
    assert not plan["profiles"] or home in ("other", "", *plan["profiles"])
    assert plan["profiles"] == (known if home in (*known, "other", "") else ())
