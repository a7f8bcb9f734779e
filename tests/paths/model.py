"""AI Core behind gateways, as far as one write of one secret meets it: what it does, says, and shows.

What is assumed of it, each a letter, and whether a path keeps to it is found while it runs:

a  A write that will be applied can be seen within 10 s of its being sent.
b  What AI Core says in its own form is so: a look shows what is there, what it refuses it did not do, an
   update that it accepts is made, and a name that it denies is not there.
c  Nobody else stores the name between our look and our write, or takes it away from under it.

Nothing is assumed of what stands in between: whatever AI Core does with a request, now, later or never, any
answer may come back, or none. A write that is applied but not to be seen yet, and one that is applied later,
are the same to whoever asks, so both are one choice here: the seconds until it can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import CertificateRefused, Response, ResponseLost
from tests.paths.answers import FOREIGN, GONE, NAME, TABLE, THERE, TOKEN, Answer

if TYPE_CHECKING:
    from collections.abc import Callable

VISIBLE_WITHIN = 10.0
SLOW_LOOK = 1.5  # seconds that a slow look takes
MOST_REQUESTS = 100  # nobody needs more: what comes here goes on for ever
API = "https://api.ai.example"
TOKENS = "https://tokens.example"

# What is there at first, by operation: who creates may find the name taken, who deletes may find nothing.
OPERATIONS = {
    "create": ("create", ""),
    "create-taken": ("create", "old"),
    "apply": ("apply", ""),
    "apply-taken": ("apply", "old"),
    "update": ("update", "old"),
    "update-missing": ("update", ""),
    "delete": ("delete", "old"),
    "delete-missing": ("delete", ""),
}
# When a write can be seen, in seconds after it was sent. The last breaks assumption a.
EFFECTS = {"never": None, "now": 0.0, "2": 2.0, "9.9": 9.9, "12": 12.0}


@dataclass(frozen=True, slots=True)
class Path:
    """All choices of one path; its text is one line, which `parse` reads.

    *tries* are answers with what AI Core did, `503-page+2`: a further try gets the last answer again, and is
    never applied. *looks* tells what looks see after the first write, *first* what they see before it.
    *stop* are the points at which Ctrl-C comes: there is one before and one after each request, and one in
    each pause. *seconds* is the time limit. *token*: the token request with that number fails so. *others*:
    what a colleague does between our look and our write. *full*: the tenant holds as many as it may.
    """

    operation: str = "create"
    tries: tuple[str, ...] = ("202-object+now",)
    looks: str = "right"
    first: str = "right"
    stop: tuple[int, ...] = ()
    seconds: float = 60.0
    token: str = ""
    others: str = ""
    full: bool = False

    def __str__(self) -> str:
        words = {
            "operation": self.operation,
            "tries": ",".join(self.tries),
            "looks": self.looks,
            "first": self.first,
            "stop": ",".join(map(str, self.stop)),
            "seconds": f"{self.seconds:g}",
            "token": self.token,
            "others": self.others,
            "full": "yes" if self.full else "",
        }
        usual = {"looks": "right", "first": "right", "seconds": "60"}
        return " ".join(
            f"{name}={value}" for name, value in words.items() if value and usual.get(name) != value
        )

    @classmethod
    def parse(cls, line: str) -> Path:
        """Give the path that *line* is the text of."""
        words = dict(word.split("=", 1) for word in line.split())
        given: dict[str, object] = {**words}
        if "tries" in words:
            given["tries"] = tuple(words["tries"].split(","))
        if "stop" in words:
            given["stop"] = tuple(map(int, words["stop"].split(",")))
        if "seconds" in words:
            given["seconds"] = float(words["seconds"])
        if "full" in words:
            given["full"] = True
        return cls(**given)  # type: ignore[arg-type]

    def but(self, **choices: object) -> Path:
        """Give the same path with other choices."""
        return replace(self, **choices)  # type: ignore[arg-type]


class Clock:
    """As much of the module `time` as is used, at the model's pace; Ctrl-C may come in a pause."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.in_pause: Callable[[float], None] = lambda _: None

    def monotonic(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let *seconds* pass, or half of them and then Ctrl-C."""
        self.in_pause(seconds)
        self.now += seconds


class Dice:
    """As much of the module `random` as is used."""

    @staticmethod
    def random() -> float:
        """The middle."""
        return 0.5


@dataclass(slots=True)
class Try:
    """One write that was sent: how it was answered, and from when to when."""

    method: str
    answer: Answer
    effect: str
    begun: float
    ended: float
    lies: bool = False


@dataclass(slots=True)
class Deed:
    """Something that happens to the secret, at a time: by us, or by a colleague."""

    due: float
    what: str


@dataclass
class World:
    """AI Core, its token service and what stands between, for one path. A transport: `send` is its door."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    tries: list[Try] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    heard: list[str] = field(default_factory=list)
    requests: int = 0
    points: int = 0
    tokens: int = 0
    seen: int = 0

    def __post_init__(self) -> None:
        self.began = self.clock.now
        self.old = OPERATIONS[self.path.operation][1]
        self.clock.in_pause = self._pause

    # What is true.

    def holds(self, time: float = float("inf")) -> str:
        """Give what the store holds at *time*, to who asks it then: nothing, `old`, `ours` or `theirs`."""
        return self._history(time)[0]

    @property
    def changed(self) -> bool:
        """Whether any write of ours changed anything, in the end."""
        return self._history(float("inf"))[1]

    def _history(self, time: float) -> tuple[str, bool]:
        holds, changed = self.old, False
        for deed in sorted(self.deeds, key=lambda deed: deed.due):
            if deed.due > time:
                break
            before = holds
            if deed.what in ("POST", "store") and not holds:
                holds = "ours" if deed.what == "POST" else "theirs"
            elif deed.what == "PATCH" and holds:
                holds = "ours"
            elif deed.what in ("DELETE", "remove"):
                holds = ""
            changed |= before != holds and deed.what not in ("store", "remove")
        return holds, changed

    # What is met.

    def send(
        self,
        method: str,
        url: str,
        *,
        auth: object,
        deadline: object,
        body: object = None,
        content_type: str = "",
    ) -> Response:
        """Answer one request as the path has it, or raise what a transport raises."""
        left = deadline.left()  # type: ignore[attr-defined]
        host = urlsplit(url).netloc
        if left <= 0:
            self._hear(f"{method} not sent: the time is over")
            raise _unreachable(host, again=True)
        self.requests += 1
        if self.requests > MOST_REQUESTS:
            raise AssertionError("it asks for ever")
        self._point(f"before {method}")
        if url.startswith(TOKENS):
            answer = self._token()
        elif method == "GET":
            answer = self._look(urlsplit(url).path)
        else:
            answer = self._write(method)
        took = left if answer.trouble == "timeout" else answer.seconds
        late = took > left or answer.trouble == "timeout"
        self.clock.now += min(took, left)
        self._hear(f"{method} {urlsplit(url).path[-30:]} -> {'no answer in time' if late else answer.id}")
        mine = None if method == "GET" or url.startswith(TOKENS) else self.tries[-1]
        if mine:
            # Until it is heard it is as good as lost.
            mine.ended, mine.answer = self.clock.now, TABLE["lost"]
        self._point(f"after {method}")
        if mine and not late:
            mine.answer = answer
            self.broken |= {"b"} if mine.lies else set()
        if late:
            raise ResponseLost("no answer came in time")
        _raise_trouble(answer, host)
        return Response(answer.status, answer.headers, answer.body, host)

    fetch = send

    def close(self) -> None:
        """Nothing is kept."""

    def _token(self) -> Answer:
        self.tokens += 1
        number, _, what = self.path.token.partition(":")
        if self.path.token and self.tokens >= int(number):
            return TABLE[what]
        return TOKEN_GIVEN

    def _write(self, method: str) -> Answer:
        number = len(self.tries)
        given = self.path.tries[min(number, len(self.path.tries) - 1)]
        id_, _, effect = given.partition("+")
        answer = TABLE[id_]
        if number >= len(self.path.tries) or not answer.sent:
            effect = "never"
        now = self.clock.now
        if not number and self.path.others:
            self.deeds.append(Deed(now, self.path.others))
            self.broken.add("c")
        mine = Try(method, answer, effect, now, now)
        mine.lies = self._lies(mine)
        self.tries.append(mine)
        after = EFFECTS[effect]
        if after is not None:
            before = self._history(float("inf"))
            self.deeds.append(Deed(now + after, method))
            if after > VISIBLE_WITHIN and self._history(float("inf")) != before:
                self.broken.add("a")
        return answer

    def _lies(self, mine: Try) -> bool:
        """Whether AI Core says something of this write in its own form that is not so."""
        answer, deed = mine.answer, mine.effect != "never"
        before = any(each.effect != "never" for each in self.tries)
        if mine.method == "DELETE" and answer.refuses("DELETE") and answer.status == 404:
            # True as well if it is gone already, and cannot be seen to be.
            return bool(self.holds(mine.begun)) and not before
        if mine.method == "PATCH" and answer.own and answer.status == 404:
            return bool(self.holds(mine.begun))
        if mine.method == "POST" and answer.says_taken:
            return not (deed or before or self.holds(mine.begun))
        if answer.refuses(mine.method):
            return deed
        if mine.method == "PATCH" and answer.accepts:
            return not deed or not self.holds(mine.begun)
        return False

    # What looks see.

    def _look(self, path: str) -> Answer:
        if not path.endswith(f"/{NAME}"):
            return self._list(path)
        kind = self.path.looks if self.tries else self.path.first
        self.seen += 1
        now = self.clock.now
        since = now - (self.tries[-1].ended if self.tries else self.began)
        if not _is_look(kind, since, self.seen):
            return _foreign(kind)
        there = bool(self.holds(now))
        if kind == "lying":
            # What it was before anything was sent, whatever became of it.
            self.broken |= {"b"} if there != bool(self.old) else set()
            there = bool(self.old)
        answer = THERE if there else GONE.get(kind, GONE["error"])
        return replace(answer, seconds=SLOW_LOOK) if kind == "slow" else answer

    def _list(self, path: str) -> Answer:
        if "resourceQuota" in path:
            return QUOTA_FULL if self.path.full else QUOTA
        return LIST_WITH if self.holds(self.clock.now) else LIST_WITHOUT

    # Ctrl-C.

    def _point(self, what: str) -> None:
        self.points += 1
        if self.points in self.path.stop:
            self._hear(f"Ctrl-C {what}")
            raise KeyboardInterrupt

    def _pause(self, seconds: float) -> None:
        if seconds > 3600:
            raise AssertionError("it sleeps for an hour")
        if self.points + 1 in self.path.stop:
            self.clock.now += seconds / 2
        self._point(f"in a pause of {seconds:.2f} s")
        self._hear(f"a pause of {seconds:.2f} s")

    def _hear(self, what: str) -> None:
        self.heard.append(f"{self.clock.now - self.began:7.2f} s  {what}")


TOKEN_GIVEN = Answer(
    "token",
    200,
    {"content-type": "application/json"},
    f'{{"access_token": "{TOKEN}", "expires_in": 43199}}'.encode(),
)
QUOTA = Answer("quota", 200, {}, b'{"usage": {"count": 3}, "quota": {"maxCount": 50}}')
QUOTA_FULL = Answer("full", 200, {}, b'{"usage": {"count": 50}, "quota": {"maxCount": 50}}')
LIST_WITH = Answer("list", 200, {}, f'{{"count": 1, "resources": [{{"name": "{NAME}"}}]}}'.encode())
LIST_WITHOUT = Answer("list", 200, {}, b'{"count": 1, "resources": [{"name": "team-ghcr-2"}]}')

# Kinds of looks. Right: AI Core's own, as things are; `kube` and `id` say no in another form of its own.
RIGHT = ("right", "kube", "id", "slow")
# Right for a part of the time, or every second time, and a gateway's page else.
SOMETIMES = {
    "blind-at-first": lambda _since, number: number > 2,
    "every-second": lambda _since, number: number % 2 == 0,
    "blind-for-3": lambda since, _number: since >= 3,
    "blind-for-9.5": lambda since, _number: since >= 9.5,
    "blind-after-3": lambda since, _number: since < 3,
}
TURNS = (0.0, 3.0, 9.5, VISIBLE_WITHIN)  # seconds at which that changes, or ends
LOOKS = (*RIGHT, *SOMETIMES, "lying", *FOREIGN)


def _is_look(kind: str, since: float, number: int) -> bool:
    """Whether a look of *kind* is AI Core's own, so many seconds after the last write."""
    return kind in RIGHT or kind == "lying" or (kind in SOMETIMES and SOMETIMES[kind](since, number))


def could_look(kind: str, since: float) -> bool:
    """Whether whoever looks at that time, again if need be, sees what AI Core itself says."""
    if kind in ("blind-at-first", "every-second"):
        return True
    return kind != "lying" and _is_look(kind, since, 0)


def _foreign(kind: str) -> Answer:
    return FOREIGN.get(kind, FOREIGN["gateway"])


def _unreachable(host: str, *, again: bool) -> Unreachable:
    error = Unreachable(f"{host} does not accept the connection")
    error.again = again
    return error


def _raise_trouble(answer: Answer, host: str) -> None:
    """Raise what a transport raises where no answer comes."""
    if answer.trouble == "lost":
        raise ResponseLost(f"no whole answer came from {host}")
    if answer.trouble == "certificate":
        raise CertificateRefused(f"{host} does not accept the certificate")
    if answer.trouble.startswith("unreachable"):
        raise _unreachable(host, again=answer.trouble == "unreachable")
    if answer.trouble == "untrusted":
        raise CertificateNotTrusted(f"this machine does not trust {host}")
