"""Planning a rotation: which secrets hold a login, by the record of this machine, and what they must pull."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_names import no_login_of, which_registry
from aicore_magics.actions.rotation_results import RotationPlanned
from aicore_magics.actions.rotation_scope import all_tenants, host_of, is_like, readable_record, refuse_apart
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.plural import are, count
from aicore_magics.errors import AICoreError, InvalidImage, RotationRefused
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.model.names import Registry, SecretName
from aicore_magics.next_steps import OR, Option, do
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from aicore_magics.templates.pull_needs import pull_needs

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.record import NotedLogin, Record
    from aicore_magics.ledger.state import Known
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.templates.pull_needs import PullNeed

MOST_NAMED = 10  # secrets in a line to copy


@dataclass(frozen=True)
class _Holder:
    """A secret of the record, with the login of it that is meant, and its other logins."""

    known: Known
    login: NotedLogin
    others: tuple[NotedLogin, ...]
    tenant: Connection | None

    @property
    def record(self) -> Record:
        return self.known.record

    @property
    def name(self) -> str:
        return self.record.secret

    @property
    def place(self) -> tuple[str, str, str]:
        return self.record.place

    def is_same(self, other: _Holder) -> bool:
        """Whether it holds the login of *other* for sure: by its fingerprint, and no write is in doubt."""
        mine, theirs = self.login.fingerprint, other.login.fingerprint
        return bool(mine) and mine == theirs and self.known.doubt is None

    def is_like(self, other: _Holder) -> bool:
        """Whether both may hold one login."""
        return is_like(self.login, other.login)


@bare_errors
def plan_rotation(  # noqa: PLR0913 - each narrows or widens what is planned
    tenants: Connection | Iterable[Connection],
    names: str | Iterable[str] = (),
    *,
    registry: str = "",
    leave_out: Iterable[str] = (),
    templates: Iterable[str | os.PathLike[str]] = (),
    images: Iterable[str] = (),
    profiles: Mapping[tuple[str, str], str] | None = None,
    timeout: float = TIME_LIMIT,
) -> RotationPlanned:
    """Return which secrets of *tenants* hold the login that the secrets *names* hold, and their turn.

    That is by the record of this machine. Without *names* it is the login that ends first, and is due.
    *registry* says which login is meant where a secret has several. *templates* are files and folders to
    search for templates: what these pull with a secret is tested, too, and so are *images*. *profiles* are
    the profiles of tenants, by name and host. AI Core is asked for names alone; nothing is changed.

    Raises RotationRefused where the record does not know a secret, or where others probably hold the same
    login, and were neither named nor in *leave_out*; InvalidName, InvalidRegistry, InvalidImage.
    """
    each = all_tenants(tenants)
    wanted = tuple(str(SecretName.typed(name)) for name in _several(names))
    without = {str(SecretName.typed(name)) for name in leave_out}
    host = str(Registry.typed(registry)) if registry else ""
    references = tuple(ImageReference.typed(image) for image in images)
    now = datetime.now(UTC)
    holders = [*_holders(each, host)]
    here = [holder for holder in holders if holder.tenant and holder.name not in without]
    _refuse_unknown(wanted, host, here, [each for each in holders if not each.tenant])
    first, named = _meant(here, wanted, now)
    chosen = {*map(id, named)}
    same = [each for each in here if id(each) not in chosen and any(each.is_same(one) for one in named)]
    chosen |= {*map(id, same)}
    for holder in (*named, *same):
        refuse_apart(holder.name, _held(holder.login), [*map(_held, holder.others)])
    there = {holder.place for holder in (*named, *same)}
    like = [
        each
        for each in here
        if id(each) not in chosen and each.place not in there and any(each.is_like(one) for one in named)
    ]
    if like:
        raise _only_probably([*named, *same], like)
    away = [holder for holder in holders if not holder.tenant and first.is_like(holder)]
    fresh, gone, silent = _there([*{each.place: each for each in (*named, *same)}.values()], timeout)
    if not fresh:
        raise RotationRefused(
            "the secrets of this login were deleted from their tenants", next=("see all names: ", do("list"))
        )
    needs, unread = pull_needs(templates)
    by_name = {need.secret: need for need in needs}
    planned = [_planned(each, by_name.get(each.name), references, profiles or {}) for each in fresh]
    return RotationPlanned(
        Plan.of(_host(first.login), first.login.username, planned),
        now,
        _soonest([each.login.expiry for each in fresh], now),
        elsewhere=tuple((each.name, each.record.tenant) for each in away),
        likely=tuple((each.name, each.record.tenant) for each in away if not each.is_same(first)),
        gone=gone,
        unread=unread,
        notes=silent,
        wanted=wanted,
        proven=len(fresh) == 1 or all(each.is_same(first) for each in fresh),
    )


def _several(names: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((names,) if isinstance(names, str) else names))


def _holders(tenants: Sequence[Connection], host: str) -> Iterator[_Holder]:
    """Each login that the record has, or those for *host* alone, with its secret."""
    by_place = {(tenant.host, tenant.tenant): tenant for tenant in tenants}
    ledger, _ = readable_record(tenants[0])
    for known in ledger.read().known():
        tenant = by_place.get(known.record.place[:2])
        for at, login in enumerate(known.record.logins):
            if login.registry and host in ("", _host(login)):
                others = (*known.record.logins[:at], *known.record.logins[at + 1 :])
                yield _Holder(known, login, others, tenant)


def _host(login: NotedLogin) -> str:
    """The registry of *login*, in the spelling that plans have."""
    return host_of(login.registry)


def _refuse_unknown(
    names: Iterable[str], host: str, here: Sequence[_Holder], away: Sequence[_Holder]
) -> None:
    """Raise RotationRefused for one of *names* that no secret of the plan's tenants has."""
    there = {holder.name for holder in here}
    for name in names:
        if name not in there:
            elsewhere = dict.fromkeys(each.record.tenant for each in away if each.name == name)
            raise no_login_of(name, host, there, [*elsewhere])


def _meant(here: Sequence[_Holder], names: Sequence[str], now: datetime) -> tuple[_Holder, list[_Holder]]:
    """The login that is meant, and the secrets that were named for it."""
    if not names:
        first = _due(here, now)
        return first, [first]
    named = [holder for name in names for holder in here if holder.name == name]
    hosts_of: dict[str, list[str]] = {name: [] for name in names}
    for holder in named:
        if _host(holder.login) not in hosts_of[holder.name]:
            hosts_of[holder.name].append(_host(holder.login))
    of_all = [host for host in hosts_of[names[0]] if all(host in hosts for hosts in hosts_of.values())]
    if len(of_all) != 1:
        raise which_registry(hosts_of)
    chosen = [holder for holder in named if _host(holder.login) == of_all[0]]
    _refuse_different(chosen)
    return chosen[0], chosen


def _refuse_different(chosen: Sequence[_Holder]) -> None:
    """Raise RotationRefused where secrets that were named have different logins: one could not be undone."""
    chosen = [*{holder.record.place: holder for holder in chosen}.values()]  # one of each secret
    if all(holder.is_like(chosen[0]) for holder in chosen):
        return
    raise RotationRefused(
        f"the secrets named have different logins for {_host(chosen[0].login)}",
        next="plan those of one login at a time; name one tenant if both are called alike.",
        lines=tuple(
            f"{holder.name}, {holder.record.tenant}: user {holder.login.username}"
            + ("" if holder.is_like(chosen[0]) else ", another login than the first")
            for holder in chosen[:MOST_NAMED]
        ),
    )


def _due(here: Sequence[_Holder], now: datetime) -> _Holder:
    """The login that is due first; the only one, if there is one only."""
    due = [each for each in here if each.login.expiry.state(now) in ("expired", "soon")]
    if due:
        return min(due, key=lambda each: each.login.expiry.ends or now)
    if here and all(each.is_like(here[0]) for each in here):
        return here[0]
    if not here:
        raise RotationRefused(
            "the record of this machine has no login of this tenant",
            next=("note the login of a secret: ", do("note")),
        )
    raise RotationRefused("no login is due", next=("name a secret; see all ends: ", do("due")))


def _only_probably(sure: Sequence[_Holder], like: Sequence[_Holder]) -> RotationRefused:
    names = tuple(dict.fromkeys(holder.name for holder in (*sure, *like)))
    these = tuple(dict.fromkeys(holder.name for holder in like))
    lines = tuple(f"{holder.name}, {holder.record.tenant}" for holder in like)
    return RotationRefused(
        f"{count(len(like), 'secret')} {are(len(like))} only probably with the same login: "
        "registry and user are the same, but no fingerprint shows the token",
        next=(
            "name each that is meant: ",
            do("rotate-plan", name=names[0], names=names[:MOST_NAMED]),
            OR,
            Option("leave-out", these[0]),
            ".",
        ),
        lines=lines,
    )


def _there(
    holders: Sequence[_Holder], timeout: float
) -> tuple[list[_Holder], tuple[tuple[str, str], ...], tuple[str, ...]]:
    """Those of *holders* that may still be there, those that are gone, and which tenant did not answer."""
    fresh, gone, silent = [], [], []
    for tenant in dict.fromkeys(holder.tenant for holder in holders if holder.tenant):
        mine = [holder for holder in holders if holder.tenant is tenant]
        try:
            names = tenant.client.names(Deadline(timeout))
        except AICoreError as error:
            silent.append(f"Tenant {tenant.tenant} was not compared: {error.what}.")
            fresh += mine
            continue
        lost = [each for each in mine if names.complete and not names.hidden and each.name not in names.names]
        fresh += [each for each in mine if each not in lost]
        gone += [(each.name, tenant.tenant) for each in lost]
    return fresh, tuple(gone), tuple(silent)


def _planned(
    holder: _Holder,
    need: PullNeed | None,
    images: Sequence[ImageReference],
    profiles: Mapping[tuple[str, str], str],
) -> PlannedSecret:
    record = holder.record
    keys = [login.key or login.registry for login in record.logins]
    noted = [image.reference for image in record.images]
    known = map(_image, (*noted, *(need.images if need else ())))
    served = [each for each in known if each and serving_keys(keys, each)]
    return PlannedSecret(
        tenant=record.tenant,
        host=record.host,
        name=record.secret,
        login=_held(holder.login),
        others=tuple(map(_held, holder.others)),
        images=tuple(dict.fromkeys(str(each) for each in (*served, *images))),
        templates=need.files if need else (),
        profile=profiles.get((record.tenant, record.host), ""),
    )


def _image(text: str) -> ImageReference | None:
    try:
        return ImageReference.parse(text)
    except InvalidImage:  # a record may be of another version
        return None


def _held(login: NotedLogin) -> HeldLogin:
    return HeldLogin(_host(login), login.username, login.key)


def _soonest(ends: Sequence[Expiry], now: datetime) -> Expiry:
    known = [each for each in ends if each.ends]
    if known:
        return min(known, key=lambda each: each.ends or now)
    return ends[0] if ends else NOT_KNOWN
