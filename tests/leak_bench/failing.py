"""Calls that fail, in each mode of tracebacks, and what is left of their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.leak_bench.steps import CREATE, FROM_FILE, GHCR, STORE, echoing, ended

if TYPE_CHECKING:
    from tests.leak_bench.stage import Stage

MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")
# What fails, in a cell of Python: with an error of ours, a wrong type, or a fault of the user's own.
FAILING = {
    "RequestRefused": CREATE.format("py-echoed", FROM_FILE),
    "TypeError": 'RegistryLogin("ghcr.io", "anna", Path("given/plain").read_text("utf-8"))',
    "TypeError ": 'Secret(Path("given/plain").read_bytes())',
    "InvalidFile": 'connect_with(Path("given/key.json").read_text("utf-8"))',
    "TypeError  ": 'connect_with(json.loads(Path("given/key.json").read_text("utf-8")), timeout="soon")',
    "AssertionError": f'assert {FROM_FILE} == Secret.from_env("GHCR_SECRET")',
    "ZeroDivisionError": f'(lambda login: (login, 1 / 0))(RegistryLogin("ghcr.io", "anna", {FROM_FILE}))',
}


def failures(stage: Stage, modes: tuple[str, ...] = MODES) -> None:
    """Let calls fail in each mode of tracebacks, and look at what is left of them."""
    with echoing(stage):
        for mode in modes:
            stage.run(f"%xmode {mode}")
            for kind, code in FAILING.items():
                ended(stage.run(code, "tracebacks"), kind.strip())
                stage.run("%tb", "tracebacks")
                if mode == "Verbose":
                    stage.run("inside.look_at_last_error()\ninside.look_at_threads()")
            told = stage.run(f"{STORE} echoed {GHCR} --password-file given/password", "tracebacks", "echoed")
            ended(told, "RequestRefused")
            if mode == "Verbose":
                stage.run("inside.look_at_last_error()")
    stage.run("%xmode Context")


def verbose_failures(stage: Stage) -> None:
    """Let calls fail in the mode that tells most."""
    failures(stage, ("Verbose",))


def fault_of_ours(stage: Stage) -> None:
    """Let a fault of ours come up while a password is on its way."""
    stage.run("%xmode Verbose\ninside.break_answers()")
    for code in (CREATE.format("faulty", FROM_FILE), f"{STORE} faulty {GHCR} --password-file given/password"):
        ended(stage.run(code, "tracebacks"), "ZeroDivisionError")
        stage.run("inside.look_at_last_error()")
    stage.run("%xmode Context\ninside.mend_answers()")


def debugger(stage: Stage) -> None:
    """Look at the frames of the last error as %debug does."""
    stage.run(FAILING["TypeError"], "%debug")
    stage.run("%debug", "%debug", answers=["where", *(5 * ["pp locals()", "a", "up"]), "q"])
