"""What came of a case: what the client said, what was true, and which rules it broke."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.browser.traces import forms
from tests.faults.world import NAME, OLD, QUOTA, SECRETS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.faults.cases import Case
    from tests.faults.hosts import Asked
    from tests.faults.world import World

PATIENCE = 30.0  # seconds that a case may take, as the case file has it
LARGEST, LARGEST_AFTER_A_HUGE_ANSWER = 200_000, 20_000  # bytes
TRACEBACKS, VERBOSE, AFTER_VERBOSE = b"---- Plain\n", b"---- Verbose\n", b"---- Minimal\n"


@dataclass(frozen=True)
class Verdict:
    """What came of one case. *broken* names every rule that the client broke, and how."""

    case: Case
    outcome: str
    kind: str = ""
    seconds: float = 0.0
    broken: tuple[str, ...] = ()

    @property
    def survived(self) -> bool:
        """Whether no rule was broken."""
        return not self.broken

    def broke(self, rule: str) -> bool:
        """Tell whether that *rule* was broken."""
        return any(each.startswith(rule) for each in self.broken)


def judged(case: Case, world: World, said: dict[str, Any] | None, home: Path) -> Verdict:
    """Give the verdict on what the client *said*; None: it said nothing in time."""
    broken = [*_leaks(world, home), *_strayed(world), *_too_much(case, home)]
    if said is None:
        return Verdict(case, "none", broken=("hangs: it said nothing in time", *broken))
    outcome = said["outcome"]
    if outcome not in case.allowed:
        broken.append(f"outcome: {outcome} is not right here")
    if not _true(case, world, outcome, said.get("names")):
        broken.append(f"untruthful: it says {outcome}")
    kind = said.get("type", "")
    if not said.get("documented", True):
        broken.append(f"undocumented: {kind}")
    if said["seconds"] > PATIENCE:
        broken.append("hangs: it took too long")
    return Verdict(case, outcome, kind, said["seconds"], tuple(broken))


def _true(case: Case, world: World, outcome: str, names: list[str] | None) -> bool:
    """Whether what was said agrees with what the API now has."""
    if outcome == "ok" and names is not None and sorted(names) != sorted(world.truth):
        return False
    if outcome == "unknown" or case.op == "list":
        return True
    if case.op.startswith("delete"):
        changed = case.setting.there and NAME not in world.truth
    else:
        changed = world.password in _passwords(world.truth.get(NAME, OLD))
    # The error of a list says nothing about the create before it.
    return changed == (outcome == "ok") or (outcome == "error" and case.op.startswith("create_list"))


def _passwords(config: str) -> list[str]:
    return [entry["password"] for entry in json.loads(config)["auths"].values()]


def _leaks(world: World, home: Path) -> list[str]:
    """Where something hidden was seen: in what was printed, logged and raised, in a file, at another host."""
    ours = ("key.json", ".netrc")
    places = {str(path.relative_to(home)): path for path in home.rglob("*") if path.is_file()}
    seen = {name: path.read_bytes() for name, path in places.items() if name not in ours}
    before, _, rest = seen.pop("said", b"").partition(VERBOSE)
    verbose, _, after = rest.partition(AFTER_VERBOSE)
    seen |= {"what it said": before + after, "the other host": world.other_host.bytes}
    found = []
    for what, text in world.hidden().items():
        every = every_form(text)
        found += [
            f"leak: {what} in {place}"
            for place, content in seen.items()
            if any(form in content for form in every)
        ]
        found += [f"verbose leak: {what}"] if any(form in verbose for form in every) else []
    return found


def every_form(text: str) -> set[bytes]:
    """Give the forms of *text* that the browser's tests look for, and percent codes in small letters."""
    written = forms(text)
    small = {re.sub(rb"%[0-9A-F]{2}", lambda code: code[0].lower(), form) for form in written}
    return written | small


def _strayed(world: World) -> list[str]:
    """What was asked that should not have been."""
    strays = ["other host: it was asked"] if world.other_host.bytes else []
    for host, asked in world.heard:
        if not (_is_token_path(asked) if host == "token" else _is_api_path(asked)):
            strays.append(f"path: {asked.method} {asked.path}")
        kind, _, token = asked.headers.get("authorization", "").partition(" ")
        if host == "api" and (kind != "Bearer" or token not in world.tokens):
            strays.append(f"no bearer: {kind or 'nothing'} with {asked.method}")
    if world.created > 1:
        strays.append(f"creates: {world.created} were applied")
    return list(dict.fromkeys(strays))


def _is_token_path(asked: Asked) -> bool:
    return (asked.method, asked.path) == ("POST", "/oauth/token")


def _is_api_path(asked: Asked) -> bool:
    path = unquote(urlsplit(asked.path).path)
    secrets = path == SECRETS or (path.startswith(f"{SECRETS}/") and ".." not in path.split("/"))
    return secrets or (asked.method, path) == ("GET", QUOTA)


def _too_much(case: Case, home: Path) -> list[str]:
    """Whether more was printed and logged than anybody reads; the tracebacks are the bench's own."""
    said = home / "said"
    size = len(said.read_bytes().partition(TRACEBACKS)[0]) if said.exists() else 0
    limit = LARGEST_AFTER_A_HUGE_ANSWER if case.id == "A33" else LARGEST
    return [f"output: {size} bytes"] if size > limit else []
