"""Registry logins of a running sandbox, for a notebook: make, list and revoke them. No password is printed.

`logins()` finds the sandbox of this kernel. For one in a terminal, set LOGINS_URL and REGISTRY_PASSWORD,
which it prints. With https, set SSL_CERT_FILE to the CA of its certificate.

>>> import os
>>> from aicore_magics.sandbox import start
>>> from aicore_magics.sandbox.logins import Logins
>>> with start() as sandbox:
...     logins = Logins(sandbox.registry.logins_url, sandbox.registry.password)
...     token = logins.make("anna", days=40, shape="jwt", variable="NEW_TOKEN")
...     _ = logins.revoke(token)
...     [login.standing for login in logins.list()], len(os.environ.pop("NEW_TOKEN")) > 100
(['valid', 'revoked'], True)
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import os
import re
import socket
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from aicore_magics.sandbox.registry_logins import USER

# The variables of a kernel, and those that a sandbox in a terminal prints.
_VARIABLES = (("SANDBOX_LOGINS_URL", "SANDBOX_REGISTRY_PASSWORD"), ("LOGINS_URL", "REGISTRY_PASSWORD"))
_NAME = re.compile("[A-Z][A-Z0-9_]*")
_TIME_LIMIT = 10.0
_LONGEST = 2_000_000


def logins() -> Logins:
    """Return the logins of the sandbox that this process knows of. Raises LookupError if it knows none."""
    for url, password in _VARIABLES:
        if os.environ.get(url) and os.environ.get(password):
            return Logins(os.environ[url], os.environ[password])
    raise LookupError(
        "no sandbox found: connect to one in this kernel, or set LOGINS_URL and REGISTRY_PASSWORD, "
        "which a sandbox in a terminal prints"
    )


@dataclass(frozen=True, slots=True, repr=False)
class ShownLogin:
    """A login of the sandbox's registry, good from *begins* up to *ends* (None: it does not end).

    Its password is in the environment variable *variable*, if it was made here.
    """

    id: str
    username: str
    shape: str
    begins: datetime
    ends: datetime | None
    standing: str
    variable: str = ""

    def __repr__(self) -> str:
        ends = f"ends {_told(self.ends)}" if self.ends else "does not end"
        where = f", password in {self.variable}" if self.variable else ""
        return f"{self.username}: {self.standing}, begins {_told(self.begins)}, {ends}{where}"


class ShownLogins(tuple[ShownLogin, ...]):
    """Logins, shown one a line."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "\n".join(map(repr, self))


@dataclass(frozen=True, slots=True)
class Logins:
    """The desk of a sandbox at *url*, for whoever has the *password* of its first login."""

    url: str
    password: str = field(repr=False)

    def make(
        self,
        username: str,
        *,
        variable: str,
        days: float | None = None,
        begins: datetime | str | None = None,
        ends: datetime | str | None = None,
        shape: str = "opaque",
    ) -> ShownLogin:
        """Make one more login of *username* and set the environment variable *variable* to its password.

        `days=4` ends in four days, `days=-1` ended yesterday. Or give *begins* and *ends*, with an offset.
        Without an end it does not end. *shape* is the kind of password: opaque, jwt, ecr, google, github,
        gitlab or harbor. Raises ValueError if the sandbox refuses it, OSError if none answers.
        """
        if not _NAME.fullmatch(variable):
            raise ValueError("variable takes capital letters, digits and underscores, such as NEW_TOKEN")
        wanted: dict[str, object] = {"username": username, "shape": shape, "days": days}
        times = {"begins": begins, "ends": ends}
        wanted |= {name: time and f"{time}".replace(" ", "T") for name, time in times.items()}
        made = self._ask("POST", "", json.dumps(wanted))
        os.environ[variable] = made["password"]
        return _login(made, variable)

    def list(self) -> ShownLogins:
        """Return every login that was made, the first one first. Raises as `make` does."""
        return ShownLogins(map(_login, self._ask("GET")["logins"]))

    def revoke(self, login: ShownLogin) -> ShownLogin:
        """Let the sandbox refuse *login* from now on, and return it as it is then. Raises as `make` does."""
        if not isinstance(login, ShownLogin):
            raise TypeError("revoke takes a login, as `make` and `list` return it")
        return _login(self._ask("DELETE", f"/{login.id}"), login.variable)

    def _ask(self, method: str, path: str = "", body: str | None = None) -> dict[str, Any]:
        answer = self._answer(method, path, body)
        # Raised here: no frame of a traceback holds the header with the password.
        if isinstance(answer, str):
            raise OSError(f"no sandbox answers at {self.url}: {answer}")
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer

    def _answer(self, method: str, path: str, body: str | None) -> dict[str, Any] | str:
        """Give what the desk says, or as a text why there is nothing from it."""
        connection, place = self._connection()
        login = base64.b64encode(f"{USER}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {login}", "Content-Type": "application/json"}
        try:
            connection.request(method, place + path, body, headers)
            answer = json.loads(connection.getresponse().read(_LONGEST))
        except OSError as error:
            return str(error)
        except (http.client.HTTPException, ValueError, RecursionError):
            answer = None
        finally:
            connection.close()
        known = isinstance(answer, dict) and answer.keys() & {"error", "logins", "id"}
        return answer if known else "another server does"

    def _connection(self) -> tuple[http.client.HTTPConnection, str]:
        # No library that would send this through a proxy.
        parts = urlsplit(self.url)
        kinds = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        # The variable has a common name: a password must not leave because something else has set it.
        if parts.scheme not in kinds or not _is_this_machine(parts.hostname or ""):
            raise ValueError("LOGINS_URL is an address on this machine, as the sandbox has printed it")
        return kinds[parts.scheme](parts.netloc, timeout=_TIME_LIMIT), parts.path


def _login(told: dict[str, Any], variable: str = "") -> ShownLogin:
    begins, ends = (told[name] and datetime.fromisoformat(told[name]) for name in ("begins", "ends"))
    return ShownLogin(told["id"], told["username"], told["shape"], begins, ends, told["standing"], variable)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(socket.gethostbyname(host)).is_loopback
    except (OSError, ValueError):
        return False


def _told(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"
