"""What became of the secrets in a rotation, in words: names, states, counts, and rows of a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count, first_of, plural
from aicore_magics.base.report import Code, Lines, Mark, Said
from aicore_magics.next_steps import pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicore_magics.base.report import Cell, State
    from aicore_magics.next_steps import Piece, Words
    from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome, SecretState, Unseen
    from aicore_magics.rotation.plan import PlannedSecret

Row = tuple["Cell", ...]

MOST_ROWS = 12  # of secrets that are in one state
MOST_NAMES = 3  # in a sentence
MOST_TENANTS = 4  # in the last line
_NAMES_WIDE = 72  # characters of names in a line of text
RINGS: dict[SecretState, State] = {
    "waiting": "waiting",
    "testing": "running",
    "replacing": "running",
    "replaced": "done",
    "refused": "refused",
    "unknown": "unknown",
    "the same": "warning",
    "not begun": "waiting",
}
# The worst first: what nobody knows, what is not done, what is.
WORST_FIRST: tuple[SecretState, ...] = (
    *("unknown", "replacing", "refused", "testing"),
    *("not begun", "waiting", "replaced", "the same"),
)
_SEEN: dict[Unseen, str] = {
    "": "secret is there",
    "not looked": "accepted by AI Core; not looked for again",
    "not read": "accepted by AI Core; the list of secrets could not be read",
}
PROOF = "Replaced means: tested, accepted by AI Core, and still there. More cannot be seen from here."


@dataclass(frozen=True)
class Wording:
    """How a kind of run speaks of itself, of the login that it puts in, and of the one *before*.

    *stays* and *either* say what a secret has where it was not replaced, or where nobody knows. An undo of an
    undo puts the newer login back in, so an undo calls neither of them new or old.
    """

    run: str
    replaced: str
    put_in: str
    before: str
    stays: str
    either: str


ROTATION = Wording(
    *("Rotation", "replaced", "new", "old login"),
    "the old login stays",
    "it may have the old or the new login",
)
UNDO = Wording(
    *("Undo", "restored", "former", "login that was replaced"),
    "it keeps the login that it has",
    "it may have the former login, or still the one that it had",
)


def wording_of(kind: str) -> Wording:
    """Return how runs of this *kind* speak."""
    return UNDO if kind == "undo" else ROTATION


class Places:
    """What each of *secrets* is called: with its tenant where there are several, and its host if need be."""

    def __init__(self, secrets: Iterable[PlannedSecret]) -> None:
        each = tuple(secrets)
        self._tenants = tuple(dict.fromkeys((secret.tenant, secret.host) for secret in each))
        self._alike = len({tenant for tenant, _ in self._tenants}) < len(self._tenants)
        self._names = Counter(secret.name for secret in each)

    @property
    def single(self) -> bool:
        """Whether all are in one tenant."""
        return len(self._tenants) <= 1

    @property
    def footer(self) -> str:
        """The tenants and hosts, as a card ends."""
        hosts = tuple(dict.fromkeys(host for _, host in self._tenants))
        if len(self._tenants) > MOST_TENANTS:
            return f"{len(self._tenants)} tenants at {some(hosts)}"
        if len(hosts) > 1:
            return f"Tenants {', '.join(f'{tenant} at {host}' for tenant, host in self._tenants)}"
        names = in_words([tenant for tenant, _ in self._tenants])
        return f"{plural(len(self._tenants), 'Tenant')} {names} at {hosts[0]}" if hosts else ""

    def tenant(self, secret: PlannedSecret) -> str:
        """Its tenant; with the host where two are called alike."""
        return f"{secret.tenant} at {secret.host}" if self._alike else secret.tenant

    def name(self, secret: PlannedSecret) -> tuple[Piece, ...]:
        """Its name, in a row of its own."""
        return (Code(secret.name),) if self.single else (Code(secret.name), f", {self.tenant(secret)}")

    def in_sentence(self, secret: PlannedSecret) -> str:
        """Its name, with the tenant where others are called so too."""
        return f"{secret.name} in {self.tenant(secret)}" if self._names[secret.name] > 1 else secret.name

    def by_tenant(self, secrets: Iterable[PlannedSecret]) -> Iterator[tuple[str, list[PlannedSecret]]]:
        """Each tenant of *secrets*, with those that are in it."""
        groups: dict[str, list[PlannedSecret]] = {}
        for secret in secrets:
            groups.setdefault(self.tenant(secret), []).append(secret)
        return iter(groups.items())

    def listed(self, secrets: Iterable[PlannedSecret], *before: Words) -> Said:
        """All names of *secrets* by tenant, below the lines *before*; a text has lines of its own."""
        card: list[Piece] = []
        lines = [""]
        for tenant, each in self.by_tenant(secrets):
            lead = "" if self.single else f"{tenant}: "
            card += [f"{'; ' if card else ''}{lead}"] if card or lead else []
            if lines[-1]:
                lines[-1] += ";"
            for i, secret in enumerate(each):
                card += [", "] if i else []
                card.append(Code(secret.name))
                last = i == len(each) - 1
                _put(lines, f"{'' if i else lead}{secret.name}{'' if last else ','}")
        return Said(Lines((*before, tuple(card))), Lines((*before, *lines)))


def _put(lines: list[str], word: str) -> None:
    if lines[-1] and len(lines[-1]) + len(word) >= _NAMES_WIDE:
        lines.append(word)
    else:
        lines[-1] = f"{lines[-1]} {word}".strip()


def counted(outcomes: Outcomes, of: Wording, order: Sequence[SecretState] = WORST_FIRST) -> str:
    """Say how many secrets are in which state, those of *order* that there are, each but the first short."""
    total = count(len(outcomes.each), "secret")
    numbers = [(state, outcomes.count(state)) for state in order if outcomes.count(state)]
    if not numbers:
        return f"0 of {total} {of.replaced}"
    (state, first), *rest = numbers
    verb = plural_verb(first) if state == "the same" else ""
    opening = f"{first} of {total} {f'{verb} this login already' if verb else word(state, of)}"
    more = [f"{n} {f'{plural_verb(n)} it already' if s == 'the same' else word(s, of)}" for s, n in rest]
    return ", ".join([opening, *more])


def word(state: SecretState, of: Wording) -> str:
    """Return the word for *state*."""
    return of.replaced if state == "replaced" else state


def plural_verb(number: int) -> str:
    """Return what *number* things do that have something."""
    return "has" if number == 1 else "have"


def shows(outcome: SecretOutcome, of: Wording) -> tuple[Words, ...]:
    """What shows the state of a secret, line by line."""
    why, state = outcome.why, outcome.state
    fix: tuple[Words, ...] = (("Fix: ", *pieces(outcome.fix)),) if outcome.fix else ()
    if state == "replaced":
        return (why or f"{tested(outcome)}, {_seen(outcome)}",)
    if state == "refused" and outcome.has:
        return (why, *fix)
    if state == "refused":
        return (f"{why or 'AI Core refused it'}; {of.stays}", *fix)
    if state == "unknown":
        again = () if fix else ("sending it again does no harm",)
        return (f"{why or 'no answer'}; {of.either}", *fix, *again)
    if state == "the same":
        return (why or "it has this login already: nothing was sent", *fix)
    return (*((why,) if why else ()), *fix)


def tested(outcome: SecretOutcome) -> str:
    """What of the secret was tested with the login."""
    return f"{count(outcome.tested, 'image')} tested" if outcome.tested else "login tested"


def _seen(outcome: SecretOutcome) -> str:
    return _SEEN[outcome.unseen]


def ended_rows(outcomes: Outcomes, places: Places, of: Wording) -> tuple[Row, ...]:
    """The rows of a run that is over: what is unknown or refused one by one, then the rest by its state."""
    rows: list[Row] = []
    for state in WORST_FIRST:
        each = outcomes.of(state)
        alone = state in ("unknown", "refused") and len(each) <= MOST_ROWS
        rows += (row_of(outcome, places, of) for outcome in each) if alone else _groups(each, places, of)
    return tuple(rows)


def _groups(each: Sequence[SecretOutcome], places: Places, of: Wording) -> Iterator[Row]:
    """A row for those with one reason; and one for the last reasons, where they are many."""
    reasons: dict[tuple[str, Words, str], list[SecretOutcome]] = {}
    for outcome in each:
        reasons.setdefault((outcome.why, outcome.fix, outcome.unseen), []).append(outcome)
    groups = list(reasons.values())
    others: list[SecretOutcome] = []
    if len(groups) > MOST_ROWS:
        others = [outcome for group in groups[MOST_ROWS - 1 :] for outcome in group]
        groups = groups[: MOST_ROWS - 1]
    yield from (_group(group, places, of, *_reason(group[0], of)) for group in groups)
    if others:
        yield _group(others, places, of, "other reasons: .to_dict() has each of them")


def _reason(first: SecretOutcome, of: Wording) -> tuple[Words, ...]:
    """What is said above the names: nothing of what is as usual."""
    usual = first.state in ("replaced", "the same") and not (first.why or first.unseen)
    return () if usual else (_seen(first),) if first.unseen and not first.why else shows(first, of)


def row_of(outcome: SecretOutcome, places: Places, of: Wording) -> Row:
    """The row of one secret."""
    mark = Mark(places.name(outcome.secret), RINGS[outcome.state])
    return (mark, word(outcome.state, of), Lines(shows(outcome, of) or ("",)))


def _group(each: Sequence[SecretOutcome], places: Places, of: Wording, *why: Words) -> Row:
    """One row for *each* of one state, with all their names."""
    first = each[0]
    if len(each) == 1:
        return row_of(first, places, of)
    mark = Mark(count(len(each), "secret"), RINGS[first.state])
    return (mark, word(first.state, of), places.listed((outcome.secret for outcome in each), *why))


def have_it_too(elsewhere: Sequence[tuple[str, str]], likely: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Say which secrets *elsewhere*, each a name and its tenant, have a login too; the *likely* ones may."""
    sure = [f"{name} in {tenant}" for name, tenant in elsewhere if (name, tenant) not in likely]
    may = [f"{name} in {tenant}" for name, tenant in elsewhere if (name, tenant) in likely]
    has = f"{some(sure)} {plural_verb(len(sure))} it too" if sure else ""
    return tuple(filter(None, (has, f"{some(may)} may have it too" if may else "")))


def gone_words(gone: Sequence[tuple[str, str]]) -> str:
    """Say which secrets the record has, and their tenants no longer; each is a name and its tenant."""
    names = first_of([f"{name} in {tenant}" for name, tenant in gone])
    return f"In the record, but no longer in the tenant: {names}." if gone else ""


def coded(text: str) -> tuple[Piece, ...]:
    """Return *text*, with what stands between backticks as code, for a card."""
    parts = text.split("`")
    return tuple(Code(part) if i % 2 else part for i, part in enumerate(parts) if part)


def in_words(names: Sequence[str]) -> str:
    """Return *names* as a sentence has them.

    >>> in_words(["a"]), in_words(["a", "b"]), in_words(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def some(names: Sequence[str]) -> str:
    """Return three of *names* as a sentence has them, and how many more there are."""
    more = len(names) - MOST_NAMES
    return f"{', '.join(names[:MOST_NAMES])} and {more:,} more" if more > 0 else in_words(names)
