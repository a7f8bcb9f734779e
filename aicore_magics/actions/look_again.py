"""How to look again where a check gave no answer: the lines that ask the registry once more.

AI Core does not give a login back, so the check takes it anew: the line names the user, and the password is
asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.report import Step
from aicore_magics.base.tokens import MASK
from aicore_magics.model.hosts import is_loopback
from aicore_magics.model.kubelet import can_match
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import NO_TENANT, do
from aicore_magics.registry.verdict import realm_wanted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.model.docker_secret import StoredLogin
    from aicore_magics.next_steps import Action
    from aicore_magics.registry.verdict import Outcome, Verdict

MOST_LINES = 3
# When, or with what, another look may tell more.
_WHEN: dict[Outcome, str] = {
    "rate-limited": "check again once the registry allows it",
    "unreachable": "check again once the registry answers",
    "tls": "check again with your company's CA",
    "other-realm": "check again, if that host belongs to the registry",
    "uncertain": "check again once the image is changed",
}
_AGAIN, _WITH_IMAGE, _OUTSIDE = "check again", "check it with an image", "check it outside the sandbox"
_ELSEWHERE = "check it under that name"


def again_steps(
    verdicts: Iterable[Verdict], *, sandbox: bool = False, ca_file: str = "", realms: tuple[str, ...] = ()
) -> tuple[Step, ...]:
    """Return what checks again those of *verdicts* without an answer, at most three lines in all.

    In the *sandbox*, only registries on this machine are asked, so the way leads out of it. *ca_file* and
    *realms* were given for the check, and are for the next one.
    """
    lines: dict[str, list[Action]] = {}
    for verdict in verdicts:
        when = _when(verdict, sandbox=sandbox)
        if when and sum(map(len, lines.values())) < MOST_LINES:
            lines.setdefault(when, []).append(_line(verdict, ca_file, realms))
    return tuple(
        Step(when, _way_out(dict.fromkeys(each)) if when == _OUTSIDE else tuple(dict.fromkeys(each)))
        for when, each in lines.items()
    )


def first_steps(images: Iterable[tuple[str, str]], logins: Iterable[StoredLogin]) -> tuple[Step, ...]:
    """Give what looks for the first time, where no check was wanted.

    That is for each of *images*, which come with the user whose login serves them, or else for each login.
    """
    lines = [_check(image, _user(user)) for image, user in images]
    if not lines:
        there = (login for login in logins if Registry.find(login.registry))
        lines = [_check_login(login.registry, _user(login.username)) for login in there]
    return (Step("check it", tuple(lines[:MOST_LINES])),) if lines else ()


def _when(verdict: Verdict, *, sandbox: bool) -> str:
    """The words above the line for *verdict*; empty where no look from here would tell more."""
    if not verdict.not_checked:
        return ""
    if verdict.outcome == "other-realm":
        host = realm_wanted(verdict)
        if sandbox and verdict.fix and not is_loopback(host):
            return _OUTSIDE
        # Without any fix, whoever runs the registry has to change something first.
        return _WHEN[verdict.outcome] if host else _ELSEWHERE if verdict.fix else _AGAIN
    if verdict.outcome != "not-asked":
        return _WHEN.get(verdict.outcome, _AGAIN)
    if not verdict.image and Registry.find(verdict.registry) is None:
        return _WITH_IMAGE if can_match(verdict.registry) else ""
    return _OUTSIDE if sandbox else ""


def _line(verdict: Verdict, ca_file: str, realms: tuple[str, ...]) -> Action:
    user = _user(verdict.username)
    host = realm_wanted(verdict)
    elsewhere = verdict.outcome == "other-realm" and bool(verdict.fix) and not host
    pattern = not verdict.image and Registry.find(verdict.registry) is None
    host = host or next(iter(realms), "")
    how = f"{'-ca' if ca_file or verdict.outcome == 'tls' else ''}{'-realm' if host else ''}"
    file = ca_file
    if verdict.image or pattern or elsewhere:
        image = "" if pattern or elsewhere else verdict.image
        return _check(image, user, how=how, file=file, host=host)
    return _check_login(verdict.registry, user, how=how, file=file, host=host)


def _way_out(lines: Iterable[Action]) -> tuple[Action, ...]:
    """The same *lines* outside the sandbox: for no tenant, as that of the line before is one of it."""
    leave = do("leave-sandbox")
    return (leave, *(line.with_(tenant=NO_TENANT) for line in lines))


def _check(image: str, user: str, *, how: str = "", file: str = "", host: str = "") -> Action:
    return do(f"check-image{how}", image=image, username=user, file=file, host=host)


def _check_login(registry: str, user: str, *, how: str = "", file: str = "", host: str = "") -> Action:
    return do(f"check-login{how}", registry=registry, username=user, file=file, host=host)


def _user(username: str) -> str:
    """The user to put into a line, or none where it is a token: then the user is asked for."""
    return "" if MASK in username else username
