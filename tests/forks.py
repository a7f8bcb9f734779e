"""A child of the process of a test, made by a fork while other threads run: as a user's program makes one."""

from __future__ import annotations

import contextlib
import os
import signal
import traceback
import warnings

from tests.waiting import until


@contextlib.contextmanager
def forked(work):
    """Do *work* in a child. In the block, what is given waits for the text that comes of it.

    What the child raises is the text; one that hangs is ended, and fails the test.
    """
    heard, said = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # from Python 3.12 on: there are other threads
        child = os.fork()
    if child == 0:
        try:
            text = str(work())
        except BaseException:  # noqa: BLE001 - whatever it is, the parent shows it
            text = traceback.format_exc()
        os.write(said, text.encode("utf-8", "replace")[:60_000])
        os._exit(0)
    os.close(said)
    ended = []

    def over():
        if not ended and os.waitpid(child, os.WNOHANG)[0]:
            ended.append(True)
        return ended

    def answer():
        until(over, "the child hangs")
        with open(heard, "rb", closefd=False) as pipe:
            return pipe.read().decode()

    try:
        yield answer
    finally:
        if not over():
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os.close(heard)
