"""Logins out of a file that was named, with their keys as they stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.base.files import open_to_others, read_text
from aicore_magics.base.plural import SHOWN, first_of
from aicore_magics.base.report import Origin
from aicore_magics.errors import InvalidLogin, LoginNotFound
from aicore_magics.logins.file_formats import MAX_FILE_BYTES, FoundLogins, parse_logins
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from aicore_magics.logins.wish import LoginWish
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference


def file_logins(wish: LoginWish) -> tuple[tuple[RegistryLogin, ...], tuple[str, ...]]:
    """Give the logins of a file: its only one, those that were asked for by registry or image, or all.

    With them come notes. Raises InvalidFile, InvalidLogin where a choice is needed, InvalidRegistry, and
    LoginNotFound.
    """
    text = read_text(wish.from_file, what="the login file", limit=MAX_FILE_BYTES)
    file = parse_logins(text, registry=_named_registry(wish))
    chosen = _chosen(file, wish)
    article = "an" if file.kind.startswith("A") else "a"
    read = Origin(f"Read as {article} {file.kind}.")
    more = len(file.skipped) - SHOWN
    untold = (f"{more:,} more entries have no password in the file.",) if more > 0 else ()
    notes = (read, *_not_taken(len(chosen), len(file.logins)), *file.skipped[:SHOWN], *untold)
    return chosen, (*notes, *open_to_others(wish.from_file))


def _not_taken(taken: int, there: int) -> tuple[str, ...]:
    """One sentence on the logins that were not taken, if there are any."""
    if taken == there:
        return ()
    were = "was" if taken == 1 else "were"
    others = "the other stays" if there - taken == 1 else "the others stay"
    return (f"{taken} of {there} logins in the file {were} used; {others} on this machine.",)


def _named_registry(wish: LoginWish) -> Registry | None:
    """The registry for a file that names none; a key in the file may be spelt in its own way."""
    if not wish.registry:
        of_images = {image.registry for image in wish.images}
        return of_images.pop() if len(of_images) == 1 else None
    return Registry.find(wish.registry)


def _chosen(file: FoundLogins, wish: LoginWish) -> tuple[RegistryLogin, ...]:
    if wish.take_all or (len(file.logins) == 1 and not wish.registry):
        return file.logins
    stored = (login.stored() for login in file.logins)
    there = first_of([f"{login.key} as {login.username}" for login in stored])
    serving = () if wish.registry else _serving(file, wish.images)
    if serving:
        return serving
    if not wish.registry:
        raise InvalidLogin(
            f"the file holds {len(file.logins)} logins: {there}",
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
    # A key may be a pattern or hold a path: then it is no registry, but it chooses its login.
    exact = tuple(login for login in file.logins if login.key == wish.registry)
    if exact:
        return exact
    wanted = Registry.parse(wish.registry)
    chosen = tuple(login for login in file.logins if Registry.find(login.key) == wanted)
    if not chosen:
        raise LoginNotFound(
            f"the file has no login for {wanted}; it has {there}",
            next=(
                "choose one of these ",
                Option("registry", lead="with"),
                OR,
                "take ",
                Option("all"),
                ".",
            ),
        )
    return chosen


def _serving(file: FoundLogins, images: tuple[ImageReference, ...]) -> tuple[RegistryLogin, ...]:
    """The logins that the kubelet would use for *images*."""
    keys = [login.key for login in file.logins]
    used = {key for image in images for key in serving_keys(keys, image)}
    return tuple(login for login in file.logins if login.key in used)
