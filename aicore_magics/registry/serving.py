"""What serving would meet and a workflow would not, as far as keys and the registries' answers tell.

The answers come from the same checks: a login that only Knative would begin with is tried beside the others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count
from aicore_magics.model.pullers import Difference, broken_key_caution, caution_of, compare, hub_key_caution

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.model.pullers import Pullers, ServingCaution
    from aicore_magics.registry.verdict import Verdict

    Answers = Mapping[tuple[str, str], Verdict]  # by image and key

MOST_BESIDE = 4  # logins that are tried beside for one image: several spellings of one place
_SEVERAL_LOGINS = (Difference.OTHER_LOGIN, Difference.ONE_OF_SEVERAL)


def logins_beside(pullers: Pullers, by_key: Mapping[str, RegistryLogin]) -> tuple[RegistryLogin, ...]:
    """Give the logins that Knative may ask with, where the kubelet begins with another user or password."""
    if pullers.difference not in _SEVERAL_LOGINS:
        return ()
    first = by_key[pullers.kubelet[0]]
    others = (by_key[key] for key in pullers.controller.keys)
    return tuple(login for login in others if not _same(login, first))[:MOST_BESIDE]


def serving_cautions(
    logins: Iterable[RegistryLogin],
    images: Iterable[ImageReference],
    verdicts: Iterable[Verdict] = (),
    answers: Answers | None = None,
) -> tuple[ServingCaution, ...]:
    """Give what may fail in serving alone; of several images with the same trouble, the first is named.

    Without *images* it is what can be said of the keys whatever the image. *verdicts* are about the *images*
    in their order, *answers* what a registry said to one login about one image; without them nothing was
    checked.
    """
    by_key = {login.key: login for login in logins}
    broken = broken_key_caution(by_key)
    if broken:
        return (broken,)
    named = tuple(images)
    if not named:
        of_hub = hub_key_caution(by_key)
        return (of_hub,) if of_hub else ()
    about = dict(zip(named, verdicts, strict=False)) or dict.fromkeys(named)
    told: dict[object, list[ServingCaution]] = {}
    for image, verdict in about.items():
        pullers = compare(by_key, image)
        caution = _caution(pullers, by_key, verdict, answers or {})
        if caution:
            same = (caution.difference, pullers.kubelet, pullers.controller.keys)
            told.setdefault(same, []).append(caution)
    return tuple(map(_of_several, told.values()))


def _caution(
    pullers: Pullers, by_key: Mapping[str, RegistryLogin], verdict: Verdict | None, answers: Answers
) -> ServingCaution | None:
    """What to say about one image, if anything is left of the difference once the registry has answered."""
    difference, image = pullers.difference, str(pullers.image)
    if difference is Difference.NO_LOGIN:
        return None if verdict and verdict.outcome == "public" else caution_of(pullers)
    if difference in _SEVERAL_LOGINS:
        others = [login.key for login in logins_beside(pullers, by_key)]
        first = [key for key in pullers.kubelet[:1] if others and key in pullers.controller.keys]
        found = [answers.get((image, key)) for key in (*first, *others)]
        refused = next((each for each in found if each and each.refused), None)
        if refused and (verdict is None or refused.outcome != verdict.outcome):
            return caution_of(pullers, refused.reason)
        return caution_of(pullers) if any(each is None or each.not_checked for each in found) else None
    if difference is Difference.FIRST_ALONE:
        answer = answers.get((image, pullers.kubelet[0]))
        works = verdict and verdict.ok and answer and answer.refused
        return caution_of(pullers, answer.reason) if works and answer else None
    return caution_of(pullers)


def _of_several(cautions: list[ServingCaution]) -> ServingCaution:
    first, more = cautions[0], len(cautions) - 1
    return replace(first, image=f"{first.image} and {count(more, 'more image')}") if more else first


def _same(one: RegistryLogin, other: RegistryLogin) -> bool:
    return one.username == other.username and one.password == other.password
