"""The logins of the sandbox's registry: several users, each with several logins that may end or overlap."""

from __future__ import annotations

import re
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from aicore_magics.sandbox.oauth import same
from aicore_magics.sandbox.registry_passwords import (
    SHAPES,
    Claims,
    Shape,
    default_life,
    fitting,
    fixed_user,
    password,
)

if TYPE_CHECKING:
    from collections.abc import Callable

USER = "anna"
MOST_LOGINS = 1000
ROBOT = "robot$"

Standing = Literal["valid", "expired", "revoked", "not yet valid"]

# A colon would end the name in a Basic header.
_NAME = re.compile(r"[^\x00-\x1f\x7f:\ud800-\udfff]{1,255}")
_PAST_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Login:
    """A user and a password, good from *begins* up to *ends*, in UTC; None: it does not end."""

    id: str
    username: str
    password: str = field(repr=False)
    begins: datetime
    ends: datetime | None
    shape: Shape


@dataclass(frozen=True, slots=True)
class ListedLogin:
    """A login as a list shows it: without its password, and with what it is good for now."""

    id: str
    username: str
    begins: datetime
    ends: datetime | None
    shape: Shape
    standing: Standing


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when a login is to be good. What is None follows from the others, or is left open.

    Without anything a login begins now and does not end. One whose end is past begins 30 days before that.
    """

    life: timedelta | None = None
    begins: datetime | None = None
    ends: datetime | None = None

    def settled(self, now: datetime, shape: Shape) -> tuple[datetime, datetime | None]:
        """Give both ends, as *shape* can have them. Raises ValueError if there is no such time."""
        if any(each is not None and each.tzinfo is None for each in (self.begins, self.ends)):
            raise ValueError("a time needs an offset, such as 2030-01-31T12:00+00:00")
        if self.life is not None and self.life <= timedelta(0):
            raise ValueError("life must be above 0; for an expired login, give its end")
        if None not in (self.life, self.begins, self.ends):
            raise ValueError("give at most two of life, begins and ends")
        try:
            return self._settled(now, shape)
        except OverflowError:
            raise ValueError("a time must be between the years 1 and 9999") from None

    def _settled(self, now: datetime, shape: Shape) -> tuple[datetime, datetime | None]:
        begins = self.begins and self.begins.astimezone(UTC)
        ends = self.ends and self.ends.astimezone(UTC)
        life = self.life if self.life or self.ends else default_life(shape)
        if ends is not None and life is not None:
            begins = ends - life
        elif life is not None:
            ends = (begins or now) + life
        ends = ends and fitting(shape, ends)
        if begins is None:
            begins = now if ends is None or ends > now else ends - _PAST_LIFE
        begins = begins.replace(microsecond=0)
        if ends is not None and ends <= begins:
            midnight = "; a gitlab login ends at 00:00 UTC" if shape == "gitlab" else ""
            raise ValueError(f"the end must be after the beginning{midnight}")
        return begins, ends


class RegistryLogins:
    """All logins that were made. The *first* is anna's, and does not end."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._clock = clock
        self._lock = threading.Lock()
        self._logins: dict[str, Login] = {}
        self._revoked: set[str] = set()
        self.first = self.make(USER, "opaque", Period())

    @property
    def all(self) -> tuple[ListedLogin, ...]:
        """Every login that was made, the first one first."""
        with self._lock:
            logins = tuple(self._logins.values())
        return tuple(map(self.listed, logins))

    def make(self, username: str, shape: Shape, period: Period) -> Login:
        """Make one more login of *username*; its others stay good. Raises ValueError if there is no such."""
        if shape not in SHAPES:
            raise ValueError(f"shape must be one of {', '.join(SHAPES)}")
        user = fixed_user(shape)
        if user and username != user:
            raise ValueError(f"the user of a login of shape {shape} is {user}")
        if not _NAME.fullmatch(username):
            raise ValueError("a user name has 1 to 255 characters and no colon or control character")
        begins, ends = period.settled(datetime.fromtimestamp(self._clock(), UTC), shape)
        text = password(shape, Claims(self._issuer, username, begins, ends))
        login = Login(uuid.uuid4().hex, username, text, begins, ends, shape)
        with self._lock:
            if len(self._logins) >= MOST_LOGINS:
                raise ValueError(f"the limit of {MOST_LOGINS} logins is reached")
            self._logins[login.id] = login
        return login

    def revoke(self, id_: str) -> ListedLogin:
        """Refuse the login from now on, for good. Twice is like once. Raises LookupError if there is none."""
        with self._lock:
            login = self._logins.get(id_)
            if login is None:
                raise LookupError("no such login")
            self._revoked.add(id_)
        return self.listed(login)

    def listed(self, login: Login) -> ListedLogin:
        """Show *login* as it is now."""
        shown = (login.id, login.username, login.begins, login.ends, login.shape)
        return ListedLogin(*shown, self._standing(login))

    def find(self, username: str, given: str) -> Login | None:
        """Give the login that has this name and password, good or not; None if none has."""
        return self._matching(lambda login: login.username == username, given)

    def find_token(self, given: str, shape: Shape) -> Login | None:
        """Give the login of this *shape* whose password this is, good or not; None if it is none's."""
        return self._matching(lambda login: login.shape == shape, given)

    def is_valid(self, login: Login) -> bool:
        """Whether *login* opens anything now."""
        return self._standing(login) == "valid"

    def is_expired_robot(self, username: str) -> bool:
        """Whether *username* is a robot's that has a login which expired, and none that is valid."""
        standings = {each.standing for each in self.all if each.username == username}
        return username.startswith(ROBOT) and "expired" in standings and "valid" not in standings

    def _matching(self, wanted: Callable[[Login], bool], given: str) -> Login | None:
        with self._lock:
            logins = tuple(self._logins.values())
        for login in filter(wanted, logins):
            if same((given,), (login.password,)):
                return login
        return None

    def _standing(self, login: Login) -> Standing:
        now = self._clock()
        with self._lock:
            is_revoked = login.id in self._revoked
        if is_revoked:
            return "revoked"
        if login.ends is not None and login.ends.timestamp() <= now:
            return "expired"
        return "valid" if login.begins.timestamp() <= now else "not yet valid"
