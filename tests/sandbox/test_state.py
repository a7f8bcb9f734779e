import contextlib
import threading
from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Refusal, Request
from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.state import KEPT_REQUESTS, State


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def state(faults, clock):
    return State(faults, clock=clock)


def refused(call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value.status


def test_create_replace_delete(state):
    """What is stored can be replaced and forgotten, and shows at once."""
    assert state.create("ab", "1") == "Secret has been created"
    state.replace("ab", "2")
    assert state.secrets == {"ab": "2"}
    assert state.names() == ["ab"]
    state.delete("ab")
    assert not state.shows("ab")
    assert state.secrets == {}


def test_missing(state):
    """What is not there can be neither replaced nor deleted."""
    assert refused(state.replace, "ab", "1") == 404
    assert refused(state.delete, "ab") == 404


def test_names_are_in_order(state):
    """Readers see the names in order."""
    for name in ("b1", "c1", "a1"):
        state.create(name, "")
    assert state.names() == ["a1", "b1", "c1"]


def test_put_in_by_hand(state):
    """A test can store a secret without asking, and it shows at once."""
    state.secrets["ab"] = "x"
    assert state.names() == ["ab"]


@pytest.mark.parametrize(("word", "kept"), [("202-exists", "1"), ("overwrite", "2")])
def test_accepted_duplicate(state, faults, word, kept):
    """A create under a taken name can be accepted: it changes nothing, or with a switch replaces."""
    faults.duplicate = word
    state.create("ab", "1")
    assert state.create("ab", "2") == {"1": "Secret exists", "2": "Secret has been created"}[kept]
    assert state.secrets == {"ab": kept}


@pytest.mark.parametrize("word", ["409", "400", "500"])
def test_refused_duplicate(state, faults, word):
    """A create under a taken name can be refused, and changes nothing."""
    faults.duplicate = word
    state.create("ab", "1")
    assert refused(state.create, "ab", "2") == int(word)
    assert state.secrets == {"ab": "1"}


@pytest.mark.parametrize("status", [400, 403, 429])
def test_quota(state, faults, status):
    """Beyond the quota nothing is stored, but what is there can still be replaced."""
    faults.quota, faults.quota_status = 1, status
    state.create("ab", "1")
    assert refused(state.create, "cd", "1") == status
    state.replace("ab", "2")
    assert state.secrets == {"ab": "2"}


def test_quota_off(state, faults):
    """A quota of 0 is no quota."""
    faults.quota = 0
    state.create("ab", "1")
    assert "ab" in state.secrets


def test_visible_after(state, faults, clock):
    """A create shows late, and so does a delete; the truth changes at once."""
    faults.visible_after = 3
    state.create("ab", "1")
    assert (list(state.secrets), state.names(), state.shows("ab")) == (["ab"], [], False)
    clock.now += 3
    assert state.names() == ["ab"]
    state.delete("ab")
    assert (state.secrets, state.names(), state.shows("ab")) == ({}, ["ab"], True)
    clock.now += 3
    assert state.names() == []


def test_delete_before_it_showed(state, faults, clock):
    """What was deleted before it showed never shows."""
    faults.visible_after = 3
    state.create("ab", "1")
    state.delete("ab")
    clock.now += 4
    assert state.names() == []


def test_never_visible(state, faults, clock):
    """A create can be stored and never show, although its name is taken."""
    faults.never_visible = True
    state.create("ab", "1")
    clock.now += 1e9
    assert not state.shows("ab")
    assert state.create("ab", "2") == "Secret exists"


def test_recreate(state, faults, clock):
    """A deleted name is free at once; with a switch it is taken for as long as it shows."""
    faults.visible_after, faults.duplicate = 3, "409"
    state.secrets["ab"] = "1"
    state.delete("ab")
    faults.recreate_fails = True
    assert refused(state.create, "ab", "2") == 409
    faults.recreate_fails = False
    state.create("ab", "2")
    assert state.secrets == {"ab": "2"}


@pytest.fixture
def later(state, faults):
    """A state in which everything that is written from now on comes five seconds later."""
    state.create("ab", "1")
    faults.stores_later = 5
    return state


def test_create_later(later, clock):
    """A create can be carried out later; until then the name is free."""
    assert later.create("cd", "1") == "Secret has been created"
    clock.now += 4.9
    assert (later.secrets, later.shows("cd"), later.names()) == ({"ab": "1"}, False, ["ab"])
    assert refused(later.replace, "cd", "2") == 404
    clock.now += 0.1
    assert (later.secrets["cd"], later.shows("cd"), later.names()) == ("1", True, ["ab", "cd"])


@pytest.mark.parametrize(("word", "kept"), [("202-exists", "1"), ("409", "1"), ("overwrite", "2")])
def test_create_twice_later(later, faults, clock, word, kept):
    """Of two creates that are both still to come, the first one wins, or with a switch the second."""
    faults.duplicate = word
    later.create("cd", "1")
    assert later.create("cd", "2") == "Secret has been created"
    clock.now += 5
    assert later.secrets["cd"] == kept


def test_replace_later(later, clock):
    """A change can be carried out later, in the order of what was asked."""
    later.replace("ab", "2")
    clock.now += 1
    later.replace("ab", "3")
    clock.now += 3.9
    assert later.secrets["ab"] == "1"
    clock.now += 0.1
    assert later.secrets["ab"] == "2"
    clock.now += 1
    assert later.secrets["ab"] == "3"


def test_late_writes_come_when_they_are_due(later, faults, clock):
    """What is due first is carried out first, whatever was asked first, even if nobody looked before."""
    later.replace("ab", "late")
    faults.stores_later = 1
    later.replace("ab", "early")
    clock.now += 9
    assert later.secrets["ab"] == "late"


def test_delete_later(later, clock):
    """A delete can be carried out later; a second one in the meantime is accepted and does nothing more."""
    later.delete("ab")
    later.delete("ab")
    assert later.shows("ab")
    clock.now += 5
    assert (later.secrets, later.shows("ab")) == ({}, False)


def test_change_of_what_is_gone_by_then(later, clock):
    """A change that comes after a delete brings nothing back."""
    later.delete("ab")
    later.replace("ab", "2")
    clock.now += 5
    assert later.secrets == {}


def test_later_and_visible_after(later, faults, clock):
    """What is written later shows later still, counted from the write and not from the first look."""
    faults.visible_after = 2
    later.create("cd", "1")
    later.delete("ab")
    clock.now += 6
    assert (list(later.secrets), later.names()) == (["cd"], ["ab"])
    clock.now += 1
    assert later.names() == ["cd"]


def test_late_writes_read_in_any_way(later, clock):
    """Whoever looks finds what is due: the list, one name, and the next write."""
    later.create("cd", "1")
    clock.now += 5
    assert later.names() == ["ab", "cd"]
    later.create("ef", "1")
    clock.now += 5
    assert later.shows("ef")
    later.delete("ef")
    clock.now += 5
    assert refused(later.replace, "ef", "2") == 404


def test_client_certificates_are_bounded(state):
    """Only the last certificates of each listener are kept."""
    for number in range(KEPT_REQUESTS + 5):
        state.note_certificate("api", str(number))
    assert len(state.client_certificates["api"]) == KEPT_REQUESTS
    assert state.client_certificates["api"][-1] == str(KEPT_REQUESTS + 4)
    assert state.client_certificates["cert"] == []


def test_requests_are_bounded(state):
    """Only the last requests are kept."""
    for number in range(KEPT_REQUESTS + 5):
        state.note(Request("GET", f"/{number}", "", Message()), 200)
    assert len(state.requests) == KEPT_REQUESTS
    assert state.requests[-1].path == f"/{KEPT_REQUESTS + 4}"


def test_requests_keep_no_secret(state):
    """Neither the body nor Authorization is kept, and the headers that are go by small letters."""
    headers = Message()
    headers["AUTHORIZATION"] = "Bearer CANARY"
    headers["Content-Type"] = "application/json"
    headers["AI-Resource-Group"] = "default"
    state.note(Request("POST", "/x", "a=1", headers, b"CANARY"), 202)
    assert "CANARY" not in repr(state.requests)
    assert state.requests[0].headers == {"ai-resource-group": "default", "content-type": "application/json"}


def test_quota_holds_among_threads(state, faults):
    """Creates at the same moment never pass the quota together."""
    faults.quota = 10
    barrier = threading.Barrier(8, timeout=5)

    def fill(number):
        barrier.wait()
        with contextlib.suppress(Refusal):
            for each in range(10):
                state.create(f"t{number}-{each}", "")

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(state.secrets) == 10
