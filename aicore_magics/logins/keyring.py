"""Passwords in the keyring of the operating system, through the package `keyring` if it is installed."""

from __future__ import annotations

import importlib
from typing import Any

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.errors import LoginNotFound
from aicore_magics.next_steps import OR, Command, Option

# Parts of the package that only look like a keyring: they hold nothing, or fail whatever is asked.
_NO_KEYRINGS = ("keyring.backends.fail", "keyring.backends.null")
# What this package adds keeps passwords in plain text, or may do so.
_UNSAFE = "keyrings.alt"
_INSTEAD = (Option("password-env", "VAR"), " or ", Option("password-file", "PATH"))
_NEEDS_NONE = (*_INSTEAD, " needs no keyring.")


def keyring_password(service: str, username: str) -> Secret:
    """Give the password that the keyring keeps for *username* under *service*.

    Raises LoginNotFound if there is none, or no keyring that keeps passwords safely.
    """
    password, fault = _first_password(_backends(), service, username)
    if password is None:
        reason = fault or f"has no password of {scrub(username)} for this service"
        raise LoginNotFound(
            f"the keyring {reason}",
            next=(Command(f"keyring set SERVICE {scrub(username)}"), "  in a terminal", OR, *_INSTEAD),
        )
    return password


def _backends() -> list[Any]:
    """The keyrings that may be asked, in their order. Raises LoginNotFound if there is none."""
    backends, fault = _set_up()
    if fault:
        raise LoginNotFound(f"the keyring {fault}", next=_NEEDS_NONE)
    if backends is None:
        raise LoginNotFound(
            "the package keyring is not installed",
            next=(Command("pip install keyring"), OR, *_INSTEAD),
        )
    safe = [backend for backend in backends if not _is_of(backend, *_NO_KEYRINGS, _UNSAFE)]
    if safe:
        return safe
    if any(_is_of(backend, _UNSAFE) for backend in backends):
        raise LoginNotFound(
            "the keyring is one of keyrings.alt, which may keep passwords in plain text",
            next=_NEEDS_NONE,
        )
    raise LoginNotFound(
        "this machine has no keyring that keeps passwords",
        next=_NEEDS_NONE,
    )


def _set_up() -> tuple[list[Any] | None, str]:
    """The keyring that is set up, or the members of a chain; None if the package is not installed."""
    try:
        backend = importlib.import_module("keyring").get_keyring()
        chained = _is_of(backend, "keyring.backends.chainer")
        return list(backend.backends) if chained else [backend], ""
    except ModuleNotFoundError as error:
        return None, "" if error.name == "keyring" else _trouble(error)
    except Exception as error:  # noqa: BLE001  a keyring is a plug-in, and may raise anything
        return None, _trouble(error)


def _first_password(backends: list[Any], service: str, username: str) -> tuple[Secret | None, str]:
    """The first password there is, or why there is none."""
    try:
        for backend in backends:
            password = backend.get_password(service, username)
            if isinstance(password, str) and password:
                return Secret(password), ""
    except Exception as error:  # noqa: BLE001  as above; what it says may hold anything, so only its kind is told
        return None, _trouble(error)
    return None, ""


def _trouble(error: Exception) -> str:
    return f"could not be read ({type(error).__name__})"


def _is_of(backend: object, *modules: str) -> bool:
    """Whether *backend* is a class of one of *modules*, or one made from it."""
    names = [kind.__module__ for kind in type(backend).__mro__]
    return any(name == module or name.startswith(f"{module}.") for name in names for module in modules)
