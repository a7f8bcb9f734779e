"""The password field, which keeps what is typed out of everything that is sent, stored or shown."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

import ipywidgets  # type: ignore[import-untyped]
from traitlets import Unicode

from aicore_magics.base.redact import Secret
from aicore_magics.base.tokens import MASK
from aicore_magics.jupyter.form.label import is_bad, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.jupyter.form.label import Label

RECEIVED = "Received. Kept in memory until stored or cleared. Type again to replace it."
EXPIRED = "Deleted from memory after 10 minutes. Enter it again."


class SecretField(ipywidgets.Password):  # type: ignore[misc]
    """A password field that hands what is typed to Python at once, and is blank from then on.

    When the user presses Enter or leaves it, the text becomes a Secret and every browser is told to blank the
    field: a browser may save its own copy of the value with the notebook. No state, message, repr or pickle
    holds it. It is kept for the next try until `forget`, `close`, or KEPT_SECONDS later.
    """

    KEPT_SECONDS: float = 600
    # Should a browser's value ever get past set_state, it is not told to the others.
    value = Unicode("").tag(sync=True, echo_update=False)
    _secret: Secret | None = None
    _timer: threading.Timer | None = None

    def __init__(self, label: Label, **options: Any) -> None:
        self.label = label
        self._acts: list[Callable[[], None]] = []
        # With an update at each key there would be messages with the beginnings of it.
        super().__init__(
            continuous_update=False, description=label.help(), description_allow_html=True, **options
        )
        # The package comm logs each message at DEBUG before anybody else has it.
        logging.getLogger("Comm").addFilter(self._unlogged)

    @property
    def received(self) -> bool:
        """Whether a secret is held."""
        return self._secret is not None

    def secret(self) -> Secret | None:
        """Give what is held, and keep it for the next try."""
        return self._secret

    def on_capture(self, act: Callable[[], None]) -> None:
        """Call *act* after each secret that the user enters."""
        self._acts.append(act)

    def hold(self, secret: Secret) -> None:
        """Keep *secret*, instead of what was held, for KEPT_SECONDS at most."""
        self._drop()
        self._secret = secret
        self._timer = threading.Timer(self.KEPT_SECONDS, self._expire, [secret])
        self._timer.daemon = True
        self._timer.start()
        self.show_resting()

    def forget(self) -> None:
        """Drop what is held, and the words that say so. An error below the field stays."""
        self._drop()
        if not is_bad(self):
            self.show_resting()

    def show_resting(self) -> None:
        """Say that a secret is held, or give the help."""
        put(self.label.note(RECEIVED) if self.received else self.label.help(), self)

    def close(self) -> None:
        """Take the field away, and forget."""
        self._drop()
        logging.getLogger("Comm").removeFilter(self._unlogged)
        super().close()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a browser sends. A password goes no further than here."""
        # Out of the message itself: a traceback may show the variables of every call.
        secret = Secret(sync_data.pop("value", ""))
        super().set_state(sync_data)
        if secret.reveal():
            self.send_state("value")
            self.hold(secret)
            for act in self._acts:
                act()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Give the state without a password, whoever may have set one."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        return {name: "" if name == "value" else value for name, value in state.items()}

    def _unlogged(self, record: logging.LogRecord) -> bool:
        """Let what is logged about a message to this field be without the message."""
        if isinstance(record.args, tuple) and record.args[:1] == (self.model_id,):
            record.args = (self.model_id, MASK)
        return True

    def _drop(self) -> None:
        self._secret = None
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _expire(self, secret: Secret) -> None:
        # The timer of an earlier secret may be too late to be cancelled.
        if self._secret is secret:
            self._drop()
            put(self.label.note(EXPIRED, warning=True), self)
