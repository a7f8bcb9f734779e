"""The keys that Argo, KServe and AI Core read at the places that matter.

They stand in workflow_keys.py, serving_keys.py and beside these, with what may stand behind each. AI Core
runs versions of its own: a key beyond these is a warning, never an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.flow import SETTING
from aicore_magics.templates.catalogue.structure import UNKNOWN_KEY
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import artifact_keys, kubernetes_keys, serving_keys, workflow_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aicore_magics.templates.finding import Findings, Path

PULL_SECRETS = "imagePullSecrets"


def words(text: str) -> frozenset[str]:
    """Give the words of *text*, in no order."""
    return frozenset(text.split())


DOCUMENT = frozenset(workflow_keys.DOCUMENT.keys)
CONTAINER = frozenset(kubernetes_keys.CONTAINER.keys)
SCRIPT = frozenset(kubernetes_keys.SCRIPT.keys)
SET_CONTAINER = frozenset(kubernetes_keys.SET_CONTAINER.keys)
SIDECAR = frozenset(kubernetes_keys.SIDECAR.keys)
ENV = frozenset(kubernetes_keys.ENV.keys)
KEY_REFERENCE = frozenset(kubernetes_keys.KEY_REFERENCE.keys)
PORT = frozenset(kubernetes_keys.PORT.keys)
RESOURCES = frozenset(kubernetes_keys.RESOURCES.keys)
MOUNT = frozenset(kubernetes_keys.MOUNT.keys)
CONTAINER_SECURITY = frozenset(kubernetes_keys.SECURITY.keys)
WORKFLOW_SPEC = frozenset(workflow_keys.SPEC.keys)
ACTIONS = frozenset(workflow_keys.ACTIONS)
TEMPLATE = frozenset(workflow_keys.TEMPLATE.keys)
INPUTS = frozenset(artifact_keys.INPUTS.keys)
OUTPUTS = frozenset(artifact_keys.OUTPUTS.keys)
PARAMETER = frozenset(artifact_keys.PARAMETER.keys)
SERVING_SPEC = frozenset({"inputs", "template", "imagePullSecrets"})
SERVING_TEMPLATE = frozenset({"apiVersion", "kind", "metadata", "spec"})
SERVING_METADATA = frozenset({"annotations", "labels", "name"})  # real templates have a name there
SERVING_PARAMETER = frozenset({"default", "description", "name", "type"})
SERVERS = frozenset(serving_keys.SERVERS)
PREDICTOR = frozenset(serving_keys.PREDICTOR.keys)
# Where a name is due, whatever it is the name of.
NAMES = words("""
    claimName depends entrypoint globalName key name onExit podPriorityClassName prefix priorityClassName
    runtimeClassName schedulerName secretName serviceAccountName subPath target template
""")
INFERENCE_SPEC = frozenset(serving_keys.INFERENCE_SPEC.keys)
# Keys that need no second look: those above, but for the one that is looked for.
HARMLESS = DOCUMENT | CONTAINER | ENV | PORT | TEMPLATE | OUTPUTS | PARAMETER | WORKFLOW_SPEC
HARMLESS = (HARMLESS | {"labels", "none", "path", "template", "archive"}) - {PULL_SECRETS}
HARMLESS |= words("""
    ai.sap.com/resourcePlan ai.sap.com/version scenarios.ai.sap.com/id scenarios.ai.sap.com/name
    scenarios.ai.sap.com/description executables.ai.sap.com/name executables.ai.sap.com/description
""")
_LONGEST = 60  # a longer text is no misspelling, and comparing takes the square of its length
_OFFERED = 5  # names in a fix
_MOST = 300  # names to compare with
_SHORTEST_ALIKE, _LONGEST_ALIKE = 12, 30


def unknown_keys(
    found: Findings, mapping: dict[Any, Any], known: frozenset[str], path: Path, *, owner: str
) -> None:
    """Find the keys of *mapping* that nobody reads, with the nearest one that is read.

    Those that were meant to be imagePullSecrets have a rule of their own.
    """
    if known.issuperset(mapping):
        return
    for key in mapping:
        if key not in known and not (isinstance(key, str) and alike(key)):
            near = nearest(key, known)
            fix = (
                f"leave it out: {near[0]} is there already"
                if near and near[0] in mapping
                else f"write {near[0]}"
                if near
                else f"leave it out, or move it to its place: not in {owner}"
            )
            found.add(UNKNOWN_KEY, (*path, key), f"unknown key {shown(key)} in {owner}", fix)


def nearest(text: object, known: Collection[str]) -> list[str]:
    """The one of *known* that *text* may have been meant to be, if there is one.

    >>> nearest("comand", {"command", "args"}), nearest("fsGroup", {"command"})
    (['command'], [])
    """
    if not isinstance(text, str) or len(text) > _LONGEST or len(known) > _MOST:
        return []
    import difflib  # only a mistake needs it

    small = {each.lower(): each for each in sorted(known)}
    near = difflib.get_close_matches(text.lower(), small, n=1, cutoff=0.75)
    return [small[each] for each in near]


def some_of(names: Iterable[str]) -> str:
    """List *names* as a fix offers them, a few of many.

    >>> some_of({"main", "echo"}), some_of(map(str, range(9)))
    ('echo, main', '0, 1, 2, 3, 4, …')
    """
    ordered = sorted(names)
    return ", ".join([*map(shown, ordered[:_OFFERED]), *(["…"] if ordered[_OFFERED:] else [])])


def one_of(found: Findings, owner: dict[Any, Any], key: str, path: Path, *, known: tuple[str, ...]) -> None:
    """Find that the word under *key* is none of *known*, which are all that Argo takes."""
    value = owner.get(key)
    if isinstance(value, str) and value and value not in known and "{{" not in value:
        near = nearest(value, known)
        fix = f"write {near[0]}" if near else f"write one of {', '.join(known)}"
        found.add(SETTING, (*path, key), f"unknown {key} {shown(value)}", fix)


def alike(key: str) -> bool:
    """Whether *key* is imagePullSecrets, or was meant to be: another number, case or a letter wrong.

    >>> alike("imagePullSecret"), alike("image_pull_secrets"), alike("imagePullPolicy")
    (True, True, False)
    """
    if key[:1] not in ("i", "I"):  # most, and they are told first
        return False
    if key == PULL_SECRETS:
        return True
    if not _SHORTEST_ALIKE <= len(key) <= _LONGEST_ALIKE or key == "imagePullPolicy":
        return False
    letters = re.sub(r"[^a-z]", "", key.lower())
    return letters.startswith("im") and bool(nearest(letters, (PULL_SECRETS.lower(),)))
