"""No supported way of entering a password puts it anywhere but where it is meant to go."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from tests.browser.traces import traces
from tests.leak_bench import acts, failing, mutations
from tests.leak_bench.__main__ import table
from tests.leak_bench.bench import Verdict, judged, run, run_without
from tests.leak_bench.channels import CHANNELS, Channel
from tests.leak_bench.stage import canary, heard_by_kind, messages

# Each safeguard that is taken out: what is done then, and channels that are open without it.
MUTATIONS = {
    "repr_shows": (("objects", "verbose_failures"), ("L11", "L13", "L14", "L35")),
    "pickles": (("objects",), ("L12",)),
    "scrubbing_off": (("magic_echoes",), ("L01", "L17")),
    "password_printed": (("magic_ways",), ("L01", "L36")),
    "password_logged": (("magic_ways",), ("L18", "L34")),
    "field_not_blanked": (("form",), ("L06", "L07", "L08", "L09", "L10")),
    "frames_kept": (("verbose_failures",), ("L14",)),
    "password_in_a_variable": (("magic_ways", "surroundings"), ("L21", "L34")),
    "redirects_followed": (("redirect",), ("L31",)),
    "bearer_as_a_header": (("netrc",), ("L30",)),
}

AT_ONCE = 3


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """What was found, with all in its place under "", and under its name with each safeguard taken out."""
    folder = tmp_path_factory.mktemp
    # In processes of their own, which take their event loops with them.
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as several:
        running = {"": several.submit(run, folder("leaks"))}
        for name, (names, _) in MUTATIONS.items():
            running[name] = several.submit(run_without, name, folder(name), names)
        return {name: each.result() for name, each in running.items()}


@pytest.fixture
def verdicts(played):
    """What was found on every channel."""
    return played[""]


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: f"{channel.id}: {channel.what}")
def test_channel(channel, verdicts):
    """There was something to search, and no password, client secret, token or key in it."""
    verdict = verdicts[channel.id]
    assert verdict.unseen == ()
    if not channel.why_open:
        assert verdict.leaks == ()


def test_what_no_library_can_close(verdicts):
    """What is said to be open is so for good, and has a reason that users are told."""
    assert {each.channel.id for each in verdicts.values() if not each.closed} == {
        channel.id for channel in CHANNELS if channel.why_open
    }


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_a_safeguard(name, played):
    """Without it the bench finds a password on each of these channels."""
    assert [each for each in MUTATIONS[name][1] if not played[name][each].leaks] == []


def test_each_mutation_is_tried():
    """No mutation is left out."""
    made = {name for name, value in vars(mutations).items() if hasattr(value, "__code__")}
    assert {name for name in made if not name.startswith("_")} == set(MUTATIONS)


def test_the_channels():
    """All 36 are there once, each with a place to look at or a reason why not."""
    assert [channel.id for channel in CHANNELS] == [f"L{number:02}" for number in range(1, 37)]
    assert all(channel.places or channel.why_open for channel in CHANNELS)


def test_what_is_not_searched_is_not_closed():
    """A channel with nothing to search in is open, as one with a password in it, and told so."""
    channel = Channel("L01", "the cell", ("cell", "page"))
    hidden = {"a password": {b"hunter2"}}
    found = [
        judged(channel, places, hidden)
        for places in ({"cell": b"hunter2", "page": b"x"}, {"cell": b"x"}, {"cell": b"x", "page": b"x"})
    ]
    assert [each.closed for each in found] == [False, False, True]
    told = table(found)
    assert "OPEN: a password in cell" in told
    assert "OPEN: nothing to search in page" in told
    assert told.endswith("closed: 1/3")
    assert not Verdict(Channel("L28", "the clipboard", why_open="it is yours")).closed


def test_the_canary():
    """Every encoding changes it, and no two are alike."""
    one, other = canary(), canary()
    assert not traces(one, {"the other": other.encode()})
    assert one.encode("ascii", "ignore").decode() != one
    assert set("\"\\<'{}$%&!") <= set(one)


def test_messages_of_a_second_client():
    """What is heard is sorted by kind, whatever topic stands between two messages."""
    raw = b'stream<IDS|MSG>\nsig\n{"msg_type":"comm_msg"}\n{"msg_id":"1"}\n{}\n'
    raw += b'{"data":{"method":"echo_update"}}t'
    raw += b'<IDS|MSG>\nsig\n{"msg_type":"status"}\n{}\n{}\n{"execution_state":"idle"}\n'
    assert [(kind, parent) for kind, parent, _ in messages(raw)] == [("comm_msg", "1"), ("status", "")]
    assert set(heard_by_kind(raw)) == {"echo", "status"}


def test_every_act_is_played():
    """No act is written and then forgotten."""
    of_acts = (failing.__name__, acts.__name__)
    written = {name for name, each in vars(acts).items() if getattr(each, "__module__", "") in of_acts}
    at_the_end = {act.__name__ for act in acts.AT_THE_END}
    assert written - {"set_up", "leave", "verbose_failures"} == {*acts.ACTS} | at_the_end
