"""Other programs that give a login: started, told what they are asked, and heard out within bounds.

A program may ask its user, so it gets time, but never without end. What it writes may hold a password, so it
is a `Secret` from the first moment; what it logs is not read.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from aicore_magics.base.redact import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_ANSWER_BYTES = 1_048_576


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program wrote, and its exit status; or the *fault* for which there is no answer."""

    output: Secret
    status: int = 0
    fault: str = ""

    @property
    def ended(self) -> str:
        """How the program ended: with which status, or by which signal."""
        return f"exit status {self.status}" if self.status > 0 else f"signal {-self.status}"


class Heard:
    """What was heard so far: whoever shows what a stopped frame holds sees none of it."""

    __slots__ = ("__bytes",)

    def __init__(self) -> None:
        self.__bytes = bytearray()

    def listen(self, stream: IO[bytes]) -> None:
        """Read *stream* to its end, or until it is too much."""
        with stream, contextlib.suppress(OSError):
            while not self.too_much() and (part := stream.read(65_536)):
                self.__bytes += part

    def too_much(self) -> bool:
        """Whether there is more than an answer may have."""
        return len(self.__bytes) > MAX_ANSWER_BYTES

    def text(self) -> Secret | None:
        """All of it, if it is text."""
        with contextlib.suppress(UnicodeDecodeError):
            return Secret(self.__bytes.decode("utf-8-sig"))
        return None


def ask_program(
    words: Sequence[str],
    request: str | None = None,
    *,
    seconds: float,
    environ: Mapping[str, str] | None = None,
) -> Answer:
    """Run the program that *words* begin with, without a shell, and give what it wrote.

    *request* goes to its standard input, as anybody can read arguments; without one that is empty. After so
    many *seconds* it is ended, with all that it started; and so it is if this wait is interrupted.
    """
    fault = ""
    try:
        # A session of its own: it can be ended with all it started, and has no terminal to wait at.
        process = subprocess.Popen(  # noqa: S603  named by the user, or by docker's own settings
            words,
            stdin=subprocess.DEVNULL if request is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env=environ,
        )
    except (OSError, ValueError) as error:  # the latter for a NUL
        fault = f"cannot be started ({type(error).__name__})"
    return Answer(Secret(""), fault=fault) if fault else _talk(process, request or "", seconds)


def _talk(process: subprocess.Popen[bytes], request: str, seconds: float) -> Answer:
    """Tell *process* what it is asked, and hear it out, within the time limit."""
    until = time.monotonic() + seconds
    heard, fault = Heard(), ""
    listener = threading.Thread(target=heard.listen, args=(process.stdout,), daemon=True)
    try:
        listener.start()
        _tell(process.stdin, request)
        listener.join(seconds)
        if listener.is_alive():
            fault = f"did not answer within {seconds:g} s"
        elif heard.too_much():
            fault = "sent an answer without end"
        else:
            process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        fault = f"did not end within {seconds:g} s"
    finally:
        if fault or listener.is_alive() or process.poll() is None:
            _end(process)
    output = None if fault else heard.text()
    if output is None:
        return Answer(Secret(""), fault=fault or "returned something that is not text")
    return Answer(output, status=process.returncode)


def _tell(stream: IO[bytes] | None, request: str) -> None:
    # A program that has ended already does not listen.
    with contextlib.suppress(OSError):
        if stream:
            stream.write(request.encode("utf-8", "surrogatepass"))
    if stream:
        stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End *process* and what it started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1.0)
