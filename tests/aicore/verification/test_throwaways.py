"""The names of throw-away secrets: recognised, told from all others, and never more than two at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.aicore.verification.asker import NotSeen
from aicore_magics.aicore.verification.throwaways import Throwaways, is_throwaway, left_overs
from aicore_magics.model.names import SecretName

NAME = re.compile(r"aicore-magics-verify-[0-9]{14}-[a-z2-9]{6}")


def test_names():
    """A name is legal, says when its run ends, is another each time, and is known again."""
    first, second = Throwaways(60).base, Throwaways(60).base
    assert first != second
    assert NAME.fullmatch(first)
    end = datetime.strptime(first.split("-")[3], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    assert timedelta(seconds=50) < end - datetime.now(UTC) < timedelta(seconds=70)
    for tail in ("-z", "-b", "_one", ".one", "..two", "-CAPITALS", "-none", "-config-nobody"):
        assert is_throwaway(first + tail)
        assert len(first + tail) <= 63
    assert str(SecretName.parse(f"{first}-z")) == f"{first}-z"


@given(st.text())
def test_other_names(text):
    """No text that somebody else may have chosen is taken for one, whatever stands around a right one."""
    base = "aicore-magics-verify-20200101000000-bcdfgh"
    assert not is_throwaway(text)
    if text:
        assert not is_throwaway(text + base)
    if not re.fullmatch(r"(?:[-._][A-Za-z0-9._-]{0,40})?", text):
        assert not is_throwaway(base + text)


@pytest.mark.parametrize(
    ("minutes", "over"), [(-3, True), (-60 * 24 * 400, True), (-1, False), (1, False), (60 * 24, False)]
)
def test_whose_run_is_over(minutes, over):
    """A name is left over when its time is past by more than clocks differ; else its run may go on."""
    end = datetime.now(UTC) + timedelta(minutes=minutes)
    name = f"aicore-magics-verify-{end:%Y%m%d%H%M%S}-bcdfgh-z"
    assert left_overs(["team-ghcr", name, "aicore-magics"]) == (((name,), ()) if over else ((), (name,)))


def test_a_time_that_is_none():
    """Digits that are no time never make a name left over."""
    name = "aicore-magics-verify-99999999999999-bcdfgh"
    assert left_overs([name]) == ((), (name,))


def test_two_at_a_time():
    """A third name is refused until one of the two is gone; the same one may be sent again."""
    throwaways = Throwaways(60)
    assert throwaways.about_to_create("a")
    assert throwaways.about_to_create("b")
    assert not throwaways.about_to_create("a")
    with pytest.raises(NotSeen, match="2 throw-away secrets are still there"):
        throwaways.about_to_create("c")
    throwaways.gone("b")
    assert throwaways.about_to_create("c")
    assert [(each.name, each.why) for each in throwaways.left] == [
        ("a", "not deleted yet"),
        ("c", "not deleted yet"),
    ]
