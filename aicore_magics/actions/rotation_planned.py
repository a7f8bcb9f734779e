"""What the plan of a rotation says: which secret comes when, and what it must be able to pull."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from aicore_magics.actions.ends_words import When
from aicore_magics.actions.rotation_words import Places, coded, gone_words, have_it_too
from aicore_magics.base.plural import count, first_of
from aicore_magics.base.report import Code, Fact, Lines, Mark, Report, Said, Step, Table, warns
from aicore_magics.next_steps import do, pieces, uncapitalised
from aicore_magics.registry.renewal import renewal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicore_magics.actions.rotation_results import RotationPlanned
    from aicore_magics.base.report import Cell, State
    from aicore_magics.next_steps import Piece, Words
    from aicore_magics.rotation.plan import HeldLogin, PlannedSecret

MOST_GROUPS = 20  # rows; above, those of a tenant share one
MOST_IMAGES, MOST_FILES = 3, 3
MOST_NAMED = 6  # secrets in a line to copy
_FEWEST = 3  # names that make "a to c"
_DIGITS, _LONGEST = "0123456789", 9  # so many are counted on
_SMALL = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def planned_report(planned: RotationPlanned) -> Report:
    """Say what would be replaced, in which turn, and what each secret must pull."""
    return _Said(planned).report()


@dataclass(frozen=True)
class _Said:
    """The parts of the report on *of*."""

    of: RotationPlanned

    def report(self) -> Report:
        plan, secrets = self.of.plan, self.of.plan.secrets
        places = Places(secrets)
        tenants = count(len(plan.tenants), "tenant")
        return Report(
            f"Plan: replace the login {plan.username} at {plan.registry} in {count(len(secrets), 'secret')} "
            f"of {tenants}",
            self._state(),
            tuple(self._sentences()),
            self._facts(),
            Table(
                ("Secret", "Turn", "Must pull, and templates"),
                tuple(_rows(secrets, places)),
            ),
            steps=self._steps(),
            footer=places.footer,
            notes=tuple(self._notes()),
        )

    def _state(self) -> State:
        """No ring, unless the new login was tested and would not do."""
        if any(verdict.refused for verdict in self.of.verdicts):
            return "refused"
        if any(verdict.not_checked for verdict in self.of.verdicts):
            return "unknown"
        return "warning" if warns(self.of.notes) else ""

    def _sentences(self) -> Iterator[str | Said]:
        ends = self._ends()
        yield Said(*(f"Nothing was changed yet. {said}" for said in (ends.card, ends.text)))
        tested = "Each image is tested with the new login first; if one fails, nothing is replaced."
        many = len(self.of.plan.secrets) > 1
        yield f"{tested} If the first secret fails, the run stops there." if many else tested
        if self.of.elsewhere:
            have = have_it_too(self.of.elsewhere, self.of.likely)
            yield f"Keep the old login for now: outside of this plan, {', '.join(have)}."
        yield from self.of.notes

    def _ends(self) -> Said:
        """When the login ends that is to be replaced: a text has the date alone."""
        expiry, when = self.of.expiry, When(self.of.now)
        if expiry.ends is None:
            words = "The login does not end." if expiry.endless else "When the login ends is not known."
            return Said(words, words)
        verb = "expired" if expiry.state(self.of.now) == "expired" else "ends"
        left = when.left(expiry).removeprefix("expired ")
        return Said(f"The login {verb} {left}.", f"The login {verb} on {when.date(expiry.ends, year=True)}.")

    def _facts(self) -> tuple[Fact, ...]:
        """How the new login is made, or what its test has found: what can be pulled is a number."""
        verdicts = self.of.verdicts
        if not verdicts:
            renewal = renewal_of(self.of.plan.registry, self.of.plan.username)
            lines = tuple(filter(None, (renewal.make, renewal.kills, renewal.limit)))
            return (Fact("New login", Said(Lines(tuple(map(coded, lines))), Lines(lines))),)
        images = [verdict for verdict in verdicts if verdict.image] or verdicts
        fine = sum(verdict.ok for verdict in images)
        what = "image" if images[0].image else "login"
        number = f"{fine} of {count(len(images), what)} {'can be pulled' if what == 'image' else 'accepted'}"
        wrong = [verdict for verdict in verdicts if not verdict.ok]
        return (
            Fact("New login", number),
            *(Fact("", (Code(v.subject), ": ", *pieces(v.told))) for v in wrong),
        )

    def _notes(self) -> Iterator[Words]:
        secrets, of = self.of.plan.secrets, self.of
        many = len(secrets)
        number = _SMALL[many] if many < len(_SMALL) else f"{many:,}"
        all_of_them = "Both" if many == 2 else f"All {number}"  # noqa: PLR2004
        if many > 1 and not of.proven:
            named = uncapitalised(all_of_them)
            yield f"You say that {named} have the same login; the record does not show that."
        else:
            they = f"{all_of_them} have the same login" if many > 1 else "The secret has this login"
            yield f"{they}, by the record of this machine; secrets stored elsewhere are not known."
        if of.gone:
            yield gone_words(of.gone)
        if of.unread:
            yield f"{count(len(of.unread), 'file')} cannot be read: {first_of(of.unread)}."

    def _steps(self) -> tuple[Step, ...]:
        of = self.of
        names = of.wanted if len(of.wanted) <= MOST_NAMED else ()
        given = (of.saved,) if of.saved else names
        run = do("rotate-run", names=given, file=of.saved)
        variable = renewal_of(of.plan.registry, of.plan.username).variable
        if of.verdicts:
            if self._state() == "refused":
                return (Step("fix what the test found, then run the plan", (run,)),)
            return (Step("keep the old login, then run the plan", (run,)),)
        second = "make a second login, keep the old one, then run the plan"
        if variable:
            return (Step(second, (run.with_(variable=variable),)),)
        return (Step(f"{second}; it asks for the login", (run,)),)


def _rows(secrets: Sequence[PlannedSecret], places: Places) -> Iterator[tuple[Cell, ...]]:
    """A row for each secret, or for several in a row that differ in name only."""
    turns = list(enumerate(secrets, 1))
    groups = [[each] for each in turns[:1]]
    groups += [list(each) for _, each in groupby(turns[1:], key=lambda turn: _alike(turn[1], places))]
    if len(groups) > MOST_GROUPS:
        groups = groups[:1] + [
            list(each) for _, each in groupby(turns[1:], key=lambda turn: places.tenant(turn[1]))
        ]
    for group in groups:
        each = [secret for _, secret in group]
        yield (_names(each, places), _turn(group, len(secrets)), Lines(tuple(_must(each))))


def _alike(secret: PlannedSecret, places: Places) -> tuple[object, ...]:
    """What secrets of one row have in common: all but their names, and which templates these are."""
    return (places.tenant(secret), replace(secret, name="", templates=()), len(secret.templates))


def _turn(group: Sequence[tuple[int, PlannedSecret]], total: int) -> str:
    first, last = group[0][0], group[-1][0]
    if first < last:
        return f"{first} to {last}"
    which = {1: ", canary", total: ", last"}.get(first, "") if total > 1 else ""
    return f"{first}{which}"


def _names(secrets: Sequence[PlannedSecret], places: Places) -> Cell:
    """Their names, and the tenant where there are several."""
    if len(secrets) == 1:
        return places.name(secrets[0])
    after = "" if places.single else f", {places.tenant(secrets[0])}"
    return (*in_runs([secret.name for secret in secrets]), after)


def _must(secrets: Sequence[PlannedSecret]) -> Iterator[Words | Mark]:
    """What they must pull, what else they have, and who names them, line by line."""
    images = list(dict.fromkeys(image for secret in secrets for image in secret.images))
    yield from (Code(image) for image in images[:MOST_IMAGES])
    if len(images) > MOST_IMAGES:
        yield f"and {count(len(images) - MOST_IMAGES, 'image')} more"
    if not images:
        yield "no image known: the login alone is tested"
    others = dict.fromkeys(other for secret in secrets for other in secret.others)
    yield from (Mark(_other(other), "warning") for other in others)
    yield _templates(dict.fromkeys(file for secret in secrets for file in secret.templates))


def _other(login: HeldLogin) -> str:
    return f"also has a login for {login.registry}, user {login.username}: needed as well"


def _templates(files: Iterable[str]) -> Words:
    each = list(files)
    if not each:
        return "no template that was read uses it"
    names: list[Piece] = []
    for file in each[:MOST_FILES]:
        names += [", " if names else "", Code(file)]
    more = f" and {len(each) - MOST_FILES:,} more" if len(each) > MOST_FILES else ""
    return (f"{count(len(each), 'template')}: ", *names, more)


def in_runs(names: Sequence[str]) -> tuple[Piece, ...]:
    """Return *names*, each three or more that count on by one as the first to the last of them.

    >>> "".join(in_runs(["team-a", "team-b", "team-c", "x"])), "".join(in_runs(["v9", "v10", "v11"]))
    ('team-a to team-c, x', 'v9 to v11')
    >>> "".join(in_runs(["a", "b", "c"]))
    'a, b, c'
    """
    numbered = [(_counter(name), i) for i, name in enumerate(names)]
    runs = [
        [names[i] for _, i in run]
        for _, run in groupby(numbered, key=lambda each: (each[0][0], each[0][1] - each[1]))
    ]
    said: list[Piece] = []
    for run in runs:
        said += [", "] if said else []
        if len(run) >= _FEWEST and (len({*map(len, run)}) == 1 or not any(map(_is_padded, run))):
            said += [Code(run[0]), " to ", Code(run[-1])]
        else:
            said += [piece for name in run for piece in (", ", Code(name))][1:]
    return tuple(said)


def _counter(name: str) -> tuple[str, int]:
    """What *name* begins with, and the number or letter that it counts on by; there may be none."""
    stem = name.rstrip(_DIGITS)
    digits = name[len(stem) :]
    if digits and len(digits) <= _LONGEST:
        return f"{stem}#", int(digits)
    if name[-2:-1] in ("-", ".") and name[-1].isalpha() and name.isascii():
        return name[:-1], ord(name[-1])
    return name, 0


def _is_padded(name: str) -> bool:
    return name[len(name.rstrip(_DIGITS)) :].startswith("0")
