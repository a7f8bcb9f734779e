"""What became of the secrets of a rotation, counted and as plain data."""

from __future__ import annotations

from typing import get_args

import pytest

from aicore_magics.rotation.outcomes import DONE, Outcomes, SecretOutcome, SecretState, Unseen
from aicore_magics.rotation.plan import HeldLogin, PlannedSecret

STATES = get_args(SecretState)
SECRET = PlannedSecret("acme-dev", "api.ai.example", "team-a", HeldLogin("ghcr.io", "bot"))


@pytest.mark.parametrize("state", STATES)
def test_a_run_is_complete_where_all_hold_the_login(state):
    """One secret in any other state, and the run is not complete."""
    each = (
        SecretOutcome(SECRET, "replaced"),
        SecretOutcome(SECRET, state),
        SecretOutcome(SECRET, "the same"),
    )
    outcomes = Outcomes("r1201-ghcr", each)
    assert outcomes.complete == (state in DONE)
    assert outcomes.count(state) == outcomes.counts[state] == len(outcomes.of(state))
    assert outcomes.counts.total() == len(each)


@pytest.mark.parametrize("unseen", get_args(Unseen))
@pytest.mark.parametrize("state", STATES)
def test_only_a_secret_that_was_replaced_and_listed_was_seen_afterwards(state, unseen):
    """Programs read `seen_afterwards` as a proof, so nothing else sets it."""
    data = SecretOutcome(SECRET, state, unseen=unseen).to_data()
    assert data["seen_afterwards"] == (state == "replaced" and not unseen)
    assert (data["why"], data["fix"]) == (None, None)
