"""Logins out of a file that was named, with their keys as they stand there.

What was asked for is chosen first, by the keys, and only that is judged: an odd entry beside it spoils
nothing, and is not told. With `--all` an odd one refuses the whole: a secret that silently lacks one of "all"
logins would fail much later, when an image of that registry is pulled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.files import open_to_others, read_text
from aicore_magics.base.plural import SHOWN, first_of
from aicore_magics.base.redact import scrub, shown_key
from aicore_magics.base.report import Origin
from aicore_magics.errors import InvalidFile, InvalidLogin, LoginNotFound
from aicore_magics.logins.file_entries import Unusable
from aicore_magics.logins.file_formats import MAX_FILE_BYTES, LoginFile, open_logins
from aicore_magics.logins.shapes.found import article
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import OR, Option, capitalised, closed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.logins.file_entries import FileEntry
    from aicore_magics.logins.wish import LoginWish
    from aicore_magics.model.image_reference import ImageReference

_Taken = tuple[tuple[RegistryLogin, ...], tuple[str, ...]]  # with notes


def file_logins(wish: LoginWish) -> _Taken:
    """Give the logins of a file: its only one, those that were asked for by registry or image, or all.

    With them come notes. Raises InvalidFile, InvalidLogin where a choice is needed, InvalidRegistry, and
    LoginNotFound.
    """
    file = _opened(wish)
    logins, notes = _chosen(file, wish)
    _refuse_other_users(logins, wish.username)
    read = Origin(f"Read as {article(file.kind)}.")
    return logins, (read, *file.notes, *notes, *open_to_others(wish.from_file))


def _refuse_other_users(logins: tuple[RegistryLogin, ...], username: str) -> None:
    """A user who was named is the one to store: what the file has of another is not taken in silence."""
    other = next((login.stored() for login in logins if username not in ("", login.username)), None)
    if other:
        raise LoginNotFound(
            f"the login for {other.registry} in the file is of {other.username}, not of {scrub(username)}",
            next=("leave out ", Option("username"), OR, "give the file with that login."),
        )


def _opened(wish: LoginWish) -> LoginFile:
    return open_logins(
        read_text(wish.from_file, what="the login file", limit=MAX_FILE_BYTES, utf_16=True),
        registry=_named_registry(wish),
        every=wish.take_all,
    )


def _named_registry(wish: LoginWish) -> Registry | None:
    """The registry for a file that names none; a key in the file may be spelt in its own way."""
    if not wish.registry:
        of_images = {image.registry for image in wish.images}
        return of_images.pop() if len(of_images) == 1 else None
    return Registry.find(wish.registry)


def _chosen(file: LoginFile, wish: LoginWish) -> _Taken:
    if wish.take_all or file.login:
        return _all(file)
    if wish.registry:
        return _of_registry(file, wish.registry)
    return _of_images(file, wish.images) or _only(file)


def _all(file: LoginFile) -> _Taken:
    """Every login, unless something is wrong with an entry; one that docker emptied is only told."""
    found = file.judged()
    odd = [each for each in found.unusable if each.odd]
    if odd:
        raise InvalidFile(
            f"{len(odd):,} of {len(file.entries):,} entries in the file cannot be used: "
            f"{first_of([shown_key(each.key) for each in odd])}",
            next=(
                "fix or remove that",
                OR,
                "choose ",
                Option("registry", lead="with"),
                " or ",
                Option("image"),
                f". {_sentence(odd[0].reason)}",
            ),
        )
    return found.logins, _told(found.unusable)


def _only(file: LoginFile) -> _Taken:
    """The only login in the file; where there are several, one has to be chosen."""
    found = file.judged()
    if len(found.logins) == 1:
        return found.logins, _told(found.unusable)
    raise InvalidLogin(
        f"the file has {len(found.logins)} logins: {_there(found.logins)}",
        next=(
            "choose one ",
            Option("registry", lead="with"),
            ", name ",
            Option("image", lead="an"),
            OR,
            "take ",
            Option("all"),
            ".",
        ),
    )


def _of_registry(file: LoginFile, text: str) -> _Taken:
    """The logins under the key *text*, or of the registry that it is."""
    # A key may be a pattern or hold a path: then it is no registry, but it chooses its login.
    chosen = [entry for entry in file.entries if entry.key == text]
    if not chosen:
        wanted = Registry.parse(text)
        chosen = [entry for entry in file.entries if Registry.find(entry.key) == wanted]
    if chosen:
        return _judged(file, chosen)
    raise LoginNotFound(
        f"the file has no login for {wanted}; it has {_there(file.judged().logins)}",
        next=(
            "choose one of these ",
            Option("registry", lead="with"),
            OR,
            "take ",
            Option("all"),
            ".",
        ),
    )


def _of_images(file: LoginFile, images: tuple[ImageReference, ...]) -> _Taken | None:
    """The logins that the kubelet would use for *images*, or None if there is no entry for any of them."""
    keys = [entry.key for entry in file.entries]
    of_each = [set(serving_keys(keys, image)) for image in images]
    chosen = [entry for entry in file.entries if any(entry.key in keys for keys in of_each)]
    if not chosen:
        return None
    taken, notes = _judged(file, chosen)
    usable = {login.key for login in taken}
    for keys_of_image in filter(None, of_each):
        if not keys_of_image & usable:
            lost = next(entry for entry in chosen if entry.key in keys_of_image)
            _judged(file, [lost])
    return taken, notes


def _judged(file: LoginFile, chosen: Sequence[FileEntry]) -> _Taken:
    """The logins among the *chosen* entries, and what to know. Raises if there is none."""
    read = [entry.judged() for entry in chosen]
    logins = tuple(each for each in read if isinstance(each, RegistryLogin))
    unusable = [each for each in read if isinstance(each, Unusable)]
    if not logins:
        kind = InvalidFile if unusable[0].odd else LoginNotFound
        raise kind(unusable[0].reason, next=unusable[0].next)
    return logins, (*_not_taken(len(chosen), len(file.entries)), *_told(unusable))


def _told(unusable: Sequence[Unusable]) -> tuple[str, ...]:
    more = len(unusable) - SHOWN
    untold = (f"{more:,} more entries have no login that can be used.",) if more > 0 else ()
    return (*(_sentence(each.reason) for each in unusable[:SHOWN]), *untold)


def _sentence(reason: str) -> str:
    """The *reason* with a capital, unless it begins with a key, which stays as it stands."""
    return closed(
        capitalised(reason) if reason.startswith(("the `auth`", "the entry", "user or")) else reason
    )


def _not_taken(taken: int, there: int) -> tuple[str, ...]:
    """One sentence on the entries that were not chosen, if there are any."""
    if taken == there:
        return ()
    were = "was" if taken == 1 else "were"
    others = "the other was" if there - taken == 1 else "the others were"
    return (f"{taken} of {there:,} entries in the file {were} used; {others} not checked.",)


def _there(logins: Sequence[RegistryLogin]) -> str:
    stored = (login.stored() for login in logins)
    return first_of([f"{login.key} as {login.username}" for login in stored])
