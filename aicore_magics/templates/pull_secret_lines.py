"""Where a secret is named in templates: the `imagePullSecrets` lines, and the local files that have them."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from aicore_magics.templates.emit import scalar
from aicore_magics.templates.template_files import MAX_BYTES, yaml_files

if TYPE_CHECKING:
    from pathlib import Path


def workflow_lines(name: str) -> tuple[str, ...]:
    """Give the lines that name the secret in a WorkflowTemplate: in its `spec`."""
    return ("spec:", "  imagePullSecrets:", f"    - name: {scalar(name)}")


def serving_lines(name: str) -> tuple[str, ...]:
    """Give the lines that name the secret in a ServingTemplate: inside `predictor`, in the text block."""
    inner = ("predictor:", "  imagePullSecrets:", f"    - name: {scalar(name)}")
    return ("spec:", "  template:", "    spec: |", *(f"      {line}" for line in inner))


def files_naming(name: str, folder: Path) -> tuple[str, ...]:
    """List the YAML files below *folder* that name the secret as an image pull secret, by relative path.

    A look, not a proof: at most 2,000 files of at most 1 MB are read, among 20,000 files and folders. Hidden
    folders are left out.
    """
    entry = _entry(name)
    found = (place for place in yaml_files(folder) if _names(place, entry))
    return tuple(sorted(place.relative_to(folder).as_posix() for place in found))


def _entry(name: str) -> re.Pattern[str]:
    """The pattern of `name: NAME` as a list has it: in lines, in braces, or as JSON.

    No two repetitions stand beside each other that could share a text: so it takes linear time.
    """
    before = r"""(?:^[ \t]*(?:-[ \t]+)*|[{,]\s*)["']?name["']?"""
    after = r"(?=[ \t\r]*(?:[,}\]]|$)|[ \t]+#)"
    return re.compile(rf"""{before}[ \t]*:[ \t]*["']?{re.escape(name)}["']?{after}""", re.MULTILINE)


def _names(place: Path, entry: re.Pattern[str]) -> bool:
    try:
        # A pipe or a device would keep us waiting.
        if not stat.S_ISREG(place.stat().st_mode):
            return False
        with place.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError:
        return False
    text = raw.decode("utf-8", errors="replace")
    start = text.find("imagePullSecrets")
    return len(raw) <= MAX_BYTES and start >= 0 and entry.search(text, start) is not None
