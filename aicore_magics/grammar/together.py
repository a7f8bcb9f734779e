"""Options that do nothing beside another, or without one: they are refused, and not offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@dataclass(frozen=True)
class Idle:
    """The *options* do nothing beside *other*, and *why*; *only* where the subcommand is one of these."""

    other: str
    options: tuple[str, ...]
    why: str
    only: tuple[str, ...] = ()


BESIDE = (
    Idle("--status", ("--resource-group", "--ca-file", "--trust-host"), "it shows the connection as it is"),
    Idle(
        "--disconnect",
        ("--resource-group", "--ca-file", "--trust-host", "--timeout"),
        "it only ends the connection",
    ),
    Idle("--sandbox", ("--ca-file", "--trust-host"), "the sandbox is on this machine"),
    Idle("--no-check", ("--realm", "--ca-file", "--expiry-lookup"), "no registry is asked"),
    Idle("--no-check", ("--disable", "--profile", "--timeout"), "nothing is checked", ("save",)),
    Idle(
        "--as",
        ("--password-env", "--password-file", "--password-command", "--keyring"),
        "the script reads each password from a variable such as REGISTRY_PASSWORD",
    ),
    Idle("--as", ("--for",), "the script contains no image"),
    Idle("--as", ("--ends",), "nothing is stored, so nothing is recorded"),
    Idle(
        "--from-templates",
        ("--registry", "--username", "--ends", "--image"),
        "it lists what templates use, and records nothing",
    ),
    Idle(
        "--login",
        ("--registry", "--username"),
        "it names registry and user",
        ("create", "apply", "update", "check"),
    ),
    Idle("--cell", ("--force",), "no file is written yet"),
)
# An option, the one without which it does nothing, and where: everywhere, or in these subcommands.
NEEDS = {
    "--as": ("--dry-run", ()),
    "--all": ("--from-file", ()),
    "--force": ("--out", ("workflow", "serving")),
    "--pack-outputs": ("--output", ()),
    # A plan takes no login, unless it is tested.
    **dict.fromkeys(
        (
            *("--username", "--login", "--password-env", "--password-file", "--password-command"),
            *("--keyring", "--docker-login", "--from-file", "--ends", "--no-check-registry"),
        ),
        ("--test", ("plan",)),
    ),
}
_ROTATIONS = ("plan", "run", "resume", "undo")
_ALL_TENANTS = "; for several tenants write --profile once for each"


def idle(subcommand: str, given: Collection[str]) -> Iterator[str]:
    """Say of each of the *given* options of *subcommand* that would do nothing why that is so."""
    for each in BESIDE:
        for option in each.options:
            if each.other in given and option in given and subcommand in (each.only or (subcommand,)):
                yield f"{each.other} and {option} do not go together: {each.why}"
    for option, (needed, only) in NEEDS.items():
        if option in given and needed not in given and subcommand in (only or (subcommand,)):
            hint = _ALL_TENANTS if option == "--all" and subcommand in _ROTATIONS else ""
            yield f"{option} needs {needed}{hint}"
