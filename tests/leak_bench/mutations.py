"""Safeguards taken out, one each: a bench that stays green without one sees nothing. For the kernel."""

from __future__ import annotations

import logging
import sys
from typing import Any

from tests.faults.mutations import bearer_as_a_header, redirects_followed, scrubbing_off

__all__ = ["bearer_as_a_header", "redirects_followed", "scrubbing_off"]


def repr_shows() -> None:
    """Let a Secret show itself."""
    from aicore_magics.base.redact import Secret

    Secret.__repr__ = lambda self: f"Secret({self.reveal()!r})"


def pickles() -> None:
    """Let a Secret be written down."""
    from aicore_magics.base.redact import Secret

    Secret.__reduce_ex__ = lambda self, _: (Secret, (self.reveal(),))


def password_printed() -> None:
    """Print the password when a login is made."""
    from aicore_magics.model import docker_secret

    check = docker_secret.password_fault

    def printed(password: Any) -> Any:
        sys.stdout.write(f"{password.reveal()}\n")
        return check(password)

    docker_secret.password_fault = printed


def password_logged() -> None:
    """Log what is sent."""
    from aicore_magics.http.http_session import HttpSession

    send = HttpSession.send

    def logged(self: Any, request: Any, deadline: Any) -> Any:
        logging.getLogger("aicore_magics").debug("%s", request.body and request.body.reveal())
        return send(self, request, deadline)

    HttpSession.send = logged


def field_not_blanked() -> None:
    """Let the password field be one as ipywidgets has it."""
    import ipywidgets

    from aicore_magics.jupyter.form.secret_field import SecretField

    keep = SecretField.set_state

    def kept(self: Any, sync_data: dict[str, Any]) -> None:
        typed = dict(sync_data)
        keep(self, sync_data)
        ipywidgets.Password.set_state(self, typed)

    SecretField.set_state = kept
    SecretField.get_state = ipywidgets.Password.get_state
    SecretField.value.metadata["echo_update"] = True


def frames_kept() -> None:
    """Let errors out with all that hangs on them, and let a frame hold what is stored."""
    from aicore_magics import errors
    from aicore_magics.aicore import secret_store
    from aicore_magics.base import calls
    from aicore_magics.jupyter import boundary

    def shown(act: Any, *door: Any) -> Any:
        try:
            return act()
        except errors.AICoreError as error:
            boundary.two_lines(error, *door)
            raise

    create = secret_store.create

    def holding(client: Any, secret: Any, deadline: Any, **how: Any) -> Any:
        text = secret.dockerconfigjson().reveal()
        return text and create(client, secret, deadline, **how)

    secret_store.create = holding
    # Before the actions are imported, which are wrapped in it.
    calls.bare_errors = lambda act: act
    boundary.shown = shown


def password_in_a_variable() -> None:
    """Put the password into the environment, and into a file."""
    import os
    from pathlib import Path

    from aicore_magics.model import docker_secret

    check = docker_secret.password_fault

    def exported(password: Any) -> Any:
        os.environ["REGISTRY_PASSWORD"] = password.reveal()
        Path("last-login").write_text(password.reveal(), "utf-8")
        return check(password)

    docker_secret.password_fault = exported
