"""Check the templates in files and folders, and whether two of them would be one executable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import NotText, at_home, text_or_fault, unread
from aicore_magics.templates import template_files as templates_template_files
from aicore_magics.templates.catalogue.reading import FILE, SAME_ID
from aicore_magics.templates.check.check_result import TemplatesChecked
from aicore_magics.templates.check.text import TextChecked, check_document, check_text, read_and_check
from aicore_magics.templates.finding import Finding, shown
from aicore_magics.templates.rules.secret import Known
from aicore_magics.templates.template_files import MAX_BYTES, is_folder, template_files

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from aicore_magics.base.result import Where
    from aicore_magics.templates.check.text import TemplateRead

__all__ = ["check_document", "check_files", "check_text"]


def check_files(
    paths: Iterable[str | os.PathLike[str]],
    *,
    known_secrets: Collection[str] | None = None,
    tenant: str = "",
    where: Where | None = None,
    auth_keys: Mapping[str, Collection[str]] | None = None,
    disable: frozenset[str] = frozenset(),
) -> TemplatesChecked:
    """Check the templates in *paths*: files, and folders with all below them that is YAML.

    Of a folder, at most 2,000 files are read, hidden folders are left out, and files that hold no template
    are passed over; a file that was named and holds none is a finding, as is one that cannot be read.
    *known_secrets* are the names in the tenant: with them, a secret must be one. *auth_keys* are the keys
    that a secret has logins for: with them, one must serve the image. *disable* are the ids of rules.
    """
    given = tuple(Path(path) for path in paths)
    known = Known(known_secrets, tenant or (where.tenant if where else ""), auth_keys)
    unread: list[OSError] = []
    files = {
        place.as_posix(): _file(place, known, named=named, disable=disable)
        for place, named in template_files(given, unread)
    }
    templates = tuple(one for file in files.values() for one in file.templates)
    findings = [finding for file in files.values() for finding in file.findings]
    disabled = [finding for file in files.values() for finding in file.disabled]
    findings += map(_not_listed, unread)
    for finding in _same_ids(templates):
        (disabled if files[finding.file].switches.cover(finding) else findings).append(finding)
    read = len(files)
    notes = (
        (f"Only the first {templates_template_files.MAX_FILES:,} files were read.",)
        if read >= templates_template_files.MAX_FILES
        else ()
    )
    told = tuple(_told(path) for path in given)
    return TemplatesChecked(
        tuple(sorted(findings)), templates, read, told, where, notes, disabled=tuple(sorted(disabled))
    )


def _told(path: Path) -> str:
    """A path as a headline names it: a folder with a slash at its end."""
    text = path.as_posix()
    return f"{text}/" if is_folder(at_home(path)) and not text.endswith("/") else text


def _file(place: Path, known: Known, *, named: bool, disable: frozenset[str]) -> TextChecked:
    file = place.as_posix()
    text, fault = text_or_fault(place, MAX_BYTES)
    if fault:
        fix = "save it as UTF-8" if isinstance(fault, NotText) else "check the path"
        reason = unread(place, fault, what="the template")
        return TextChecked((Finding(FILE, reason, fix, file),), ())
    return read_and_check(text, file, known, meant=named, disable=disable)


def _not_listed(error: OSError) -> Finding:
    reason = f"the folder cannot be read ({type(error).__name__}): its templates were not checked"
    return Finding(FILE, reason, "make the folder readable", Path(error.filename).as_posix())


def _same_ids(templates: Iterable[TemplateRead]) -> Iterator[Finding]:
    """Tell of templates with one name: of several executables with one id, a tenant can have one."""
    first: dict[str, TemplateRead] = {}
    for one in templates:
        other = first.setdefault(one.name, one)
        if one.name and other is not one:
            message = (
                f"{shown(one.name)} is also the name in {other.file}, but each id must be unique in a tenant"
            )
            finding = Finding(SAME_ID, message, "give one of them another name")
            yield finding.at(one.file, one.line, one.column)
