"""Errors leave a call bare, and an interrupt says what is known at its moment: whether a change went out."""

from __future__ import annotations

import contextlib
import itertools
import threading
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.calls import bare_errors, may_have_changed, sending, stopped
from aicore_magics.errors import (
    AICoreError,
    CertificateNotTrusted,
    InvalidLogin,
    OutcomeUnknown,
    RequestRefused,
    Stopped,
    Unreachable,
)
from aicore_magics.http.messages import ResponseLost
from aicore_magics.jupyter.wording import NOTEBOOK

SECRET = "".join(chr(ord("a") + i % 26) for i in range(40))


def unknown(name):
    """What makes the error for an interrupt during the change *name*."""
    return partial(OutcomeUnknown, f"you stopped while {name} was being stored", next="look.")


def interrupt():
    raise KeyboardInterrupt


def error_of(call):
    with pytest.raises(AICoreError) as caught:
        call()
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    return caught.value


# What leaves a call


def test_what_is_returned():
    """A call that goes well gives what it gives, and takes what it takes."""
    assert bare_errors(lambda *args, **kwargs: (args, kwargs))(1, b=2) == ((1,), {"b": 2})


def test_no_frame_of_ours_keeps_what_it_was_called_with():
    """A verbose traceback shows what frames hold: none of ours on the way out holds an argument."""

    @bare_errors
    def refuse(login, *, key):
        raise InvalidLogin("no") from ValueError(login, key)

    with pytest.raises(InvalidLogin) as caught:
        refuse({"password": SECRET}, key=SECRET)
    names = [one.frame.code.raw.co_name for one in caught.traceback]
    assert names[-1] == "wrapper"
    assert "refuse" not in names
    assert SECRET not in repr(caught.traceback[-1].frame.f_locals)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


def test_a_fault_keeps_its_traceback_and_none_of_its_variables():
    """What nobody foresaw still tells where it came up; what the frames held is gone."""

    @bare_errors
    def fail(login):
        return login["password"] / 2

    with pytest.raises(TypeError) as caught:
        fail({"password": SECRET})
    names = [one.frame.code.raw.co_name for one in caught.traceback]
    assert names[-2:] == ["wrapper", "fail"]
    assert SECRET not in repr([one.frame.f_locals for one in caught.traceback[-2:]])


@pytest.mark.parametrize("change", [None, unknown("a")], ids=["before", "after"])
def test_an_interrupt_keeps_no_frame(change):
    """Nor does the error that is made of an interrupt lead to where it struck, or to what was held there."""

    @bare_errors
    def stop(password):
        with sending(change):
            interrupt()

    with pytest.raises(AICoreError) as caught:
        stop(SECRET)
    names = [one.frame.code.raw.co_name for one in caught.traceback]
    assert (names[-1], "stop" in names) == ("wrapper", False)
    assert SECRET not in repr(caught.traceback[-1].frame.f_locals)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@pytest.mark.parametrize("kind", [SystemExit, GeneratorExit])
def test_what_else_ends_a_program(kind):
    """What is no interrupt and no error of anybody's is let through."""

    @bare_errors
    def leave():
        with sending(unknown("a")):
            raise kind

    with pytest.raises(kind):
        leave()
    assert not may_have_changed()


# What an interrupt means


def test_nothing_sent():
    """Before anything is sent an interrupt says so, and what to do."""
    error = error_of(bare_errors(interrupt))
    assert type(error) is Stopped
    assert error.message == "nothing was sent, nothing was changed."
    assert NOTEBOOK.say(error.next) == "run the cell again when you like."
    assert str(stopped()) == str(error)


@pytest.mark.parametrize("where", ["before", "within", "after"])
@pytest.mark.parametrize("change", [None, unknown("a")], ids=["reading", "changing"])
def test_by_what_was_sent(where, change):
    """From the beginning of a change on an interrupt is what the change says; what reads says nothing."""

    @bare_errors
    def call():
        assert not may_have_changed()
        if where == "before":
            interrupt()
        with sending(change):
            assert may_have_changed() is (change is not None)
            if where == "within":
                interrupt()
        assert may_have_changed() is (change is not None)
        interrupt()

    error = error_of(call)
    if change is None or where == "before":
        assert type(error) is Stopped
    else:
        assert type(error) is OutcomeUnknown
        assert error.what == "you stopped while a was being stored"


def test_a_new_error_each_time():
    """No two interrupts share an error: one's door must not word another's."""
    made = unknown("a")

    @bare_errors
    def call():
        with sending(made):
            interrupt()

    assert error_of(call) is not error_of(call)


UNSENT = (Unreachable, CertificateNotTrusted)


@pytest.mark.parametrize(
    "error", [Unreachable("x"), CertificateNotTrusted("x"), ResponseLost("x"), OSError()]
)
@pytest.mark.parametrize("before", [None, unknown("first")], ids=["alone", "second"])
def test_what_was_not_sent(error, before):
    """What says that nothing was sent takes back what it would have meant, and no more than that."""

    @bare_errors
    def call():
        with sending(before):
            pass
        with pytest.raises(type(error)), sending(unknown("second"), *UNSENT):
            raise error
        interrupt()

    came = error_of(call)
    if not isinstance(error, UNSENT):
        assert came.what == "you stopped while second was being stored"
    elif before:
        assert came.what == "you stopped while first was being stored"
    else:
        assert type(came) is Stopped


def test_an_interrupt_is_not_unsent():
    """While something is on its way out, nobody knows how much of it is: an interrupt takes nothing back."""

    @bare_errors
    def call():
        with sending(unknown("a"), Unreachable):
            try:
                interrupt()
            finally:
                assert may_have_changed()

    assert type(error_of(call)) is OutcomeUnknown


def test_reading_after_a_change():
    """What only reads changes nothing of what is known: it is still the change that may have been made."""

    @bare_errors
    def call():
        with sending(unknown("a")):
            pass
        with pytest.raises(Unreachable), sending(None, Unreachable):
            raise Unreachable("x")
        with sending(None):
            interrupt()

    assert error_of(call).what == "you stopped while a was being stored"


def test_an_error_after_a_change():
    """An error is told as it is: only an interrupt is judged by what was sent."""

    @bare_errors
    def call():
        with sending(unknown("a")):
            raise RequestRefused("no")

    assert type(error_of(call)) is RequestRefused


# Calls within calls, after and beside one another


def test_one_call_after_another():
    """What a call sent is no matter to the next one, however it ended."""

    @bare_errors
    def change(end):
        with sending(unknown("a")):
            end()

    for end in (lambda: None, interrupt, lambda: (_ for _ in ()).throw(RequestRefused("no"))):
        with contextlib.suppress(AICoreError):
            change(end)
        assert not may_have_changed()
        assert type(error_of(bare_errors(interrupt))) is Stopped


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_an_inner_call_that_is_done(depth):
    """When an inner call is done and the outer one is interrupted, nobody has told yet what was done."""

    @bare_errors
    def inner():
        with sending(unknown("a")):
            pass
        return "done"

    for _ in range(depth - 1):
        inner = bare_errors(inner)

    @bare_errors
    def outer():
        assert inner() == "done"
        assert may_have_changed()
        interrupt()

    assert error_of(outer).what == "you stopped while a was being stored"


def test_an_inner_call_that_is_interrupted():
    """The inner call tells what it knows of both; the outer one lets that through."""

    @bare_errors
    def inner():
        interrupt()

    @bare_errors
    def outer(change):
        with sending(change):
            pass
        inner()

    assert type(error_of(lambda: outer(None))) is Stopped
    assert type(error_of(lambda: outer(unknown("a")))) is OutcomeUnknown


def test_an_inner_call_that_sent_nothing():
    """What was not sent in an inner call takes nothing back of the outer one."""

    @bare_errors
    def inner():
        with sending(unknown("b"), Unreachable):
            raise Unreachable("x")

    @bare_errors
    def outer():
        with sending(unknown("a")):
            pass
        with pytest.raises(Unreachable):
            inner()
        interrupt()

    assert error_of(outer).what == "you stopped while a was being stored"


def test_outside_of_any_call():
    """Nothing is remembered of what is sent by nobody, and an interrupt stays what it is."""
    with sending(unknown("a")):
        assert not may_have_changed()
    with pytest.raises(KeyboardInterrupt), sending(unknown("a")):
        interrupt()
    with pytest.raises(Unreachable), sending(unknown("a"), Unreachable):
        raise Unreachable("x")
    assert not may_have_changed()


def test_calls_side_by_side():
    """Each thread has its own call: what one sends is nothing to an interrupt of another."""
    sent, asked = threading.Event(), threading.Event()
    errors = []

    @bare_errors
    def change():
        with sending(unknown("a")):
            sent.set()
            asked.wait(20)
            interrupt()

    @bare_errors
    def read():
        sent.wait(20)
        seen = may_have_changed()
        asked.set()
        assert not seen
        interrupt()

    def run(call):
        try:
            call()
        except AICoreError as error:
            errors.append(type(error))

    threads = [threading.Thread(target=run, args=(call,)) for call in (change, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(errors, key=str) == sorted([OutcomeUnknown, Stopped], key=str)


# Every order of all this

STEP = st.sampled_from(["read", "change", "unsent", "unsent read", "open", "close", "fail"])


@given(steps=st.lists(STEP, max_size=8))
def test_any_order(steps):
    """Whatever a call does, an interrupt at its end is unknown if, and only if, a change went out in it."""
    went_out = False
    numbers = itertools.count()
    left = iter([*steps, "end"])

    def run(depth):
        nonlocal went_out
        for step in left:
            change = unknown(f"n{next(numbers)}")
            if step == "read":
                with sending(None, Unreachable):
                    pass
            elif step == "change":
                with sending(change, Unreachable):
                    went_out = True
            elif step in ("unsent", "unsent read"):
                with pytest.raises(Unreachable), sending(None if "read" in step else change, Unreachable):
                    raise Unreachable("x")
            elif step == "fail":
                went_out = True
                with pytest.raises(ResponseLost), sending(change, Unreachable):
                    raise ResponseLost("x")
            elif step == "open":
                bare_errors(run)(depth + 1)
            elif step == "close" and depth:
                return
            elif step == "end":
                interrupt()

    error = error_of(lambda: bare_errors(run)(0))
    assert type(error) is (OutcomeUnknown if went_out else Stopped)
    assert not may_have_changed()
