"""Templates beside a notebook: checked against the tenant, saved, and begun from a stored secret."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicore_magics.base.calls import bare_errors
from aicore_magics.base.files import place_of
from aicore_magics.base.plural import count
from aicore_magics.base.write_files import save_new
from aicore_magics.errors import AICoreError, InvalidFile, InvalidTemplate
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.next_steps import OR, Action, Effect, Option, do, pieces
from aicore_magics.templates.starters import EXAMPLE_ARGS, base_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.next_steps import Words
    from aicore_magics.templates.catalogue.listed import RuleList, RuleShown
    from aicore_magics.templates.check.check_result import TemplateSaved, TemplatesChecked
    from aicore_magics.templates.finding import Finding
    from aicore_magics.templates.generate.generated import GeneratedTemplate
    from aicore_magics.templates.patch.patch_options import PatchOptions
    from aicore_magics.templates.patch.patched import TemplatesPatched

ENDINGS = (".yaml", ".yml")
SHOWN_ERRORS = 10
NOT_CHECKED = "Nothing was checked."


@dataclass(frozen=True)
class Against:
    """What a check may compare templates with, beyond the files themselves.

    With *tenant*, its secret names are read; *auth_keys* are the keys of the logins in secrets, as far as
    they are known. *timeout* is in seconds.
    """

    tenant: Connection | None = None
    auth_keys: Mapping[str, Collection[str]] = field(default_factory=dict)
    timeout: float = TIME_LIMIT

    def names(self) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """Give the names of the tenant's secrets, None if they are not known, and what to say of that."""
        if self.tenant is None:
            return None, ()
        # At its first use: who checks files alone waits for no HTTP.
        from aicore_magics.actions.tenant_secrets import names_and_quota

        try:
            names, _ = names_and_quota(self.tenant, Deadline(self.timeout))
        except AICoreError as error:
            # The files can be judged without it.
            reason = error.message
        else:
            if names.complete:
                return names.names, ()
            reason = "AI Core did not list them all."
        return None, (f"The secrets of tenant {self.tenant.tenant} were not compared: {reason}",)

    def caution(self, secret: str) -> tuple[str, ...]:
        """Say that the tenant has no *secret*, where that is soon known: a template can be made before it."""
        if self.tenant is None or not secret or "{{" in secret:
            return ()
        from aicore_magics.aicore.looks import ASIDE, nearest_of

        names, _ = replace(self, timeout=min(self.timeout, ASIDE)).names()
        if names is None or secret in names:
            return ()
        near = "".join(f" Did you mean {name}?" for name in nearest_of(secret, names))
        return (f"Tenant {self.tenant.tenant} has no secret {secret} yet.{near}",)


_ALONE = Against()


@bare_errors
def check_templates(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    against: Against = _ALONE,
    strict: bool = False,
    disable: str | Iterable[str] = (),
) -> TemplatesChecked:
    """Find errors that AI Core would reject in the templates in *paths*, files and folders. Changes nothing.

    The findings are the result, whatever they are; with *strict* an error raises InvalidTemplate. What the
    rules with the ids in *disable* find is set apart; InvalidRule is raised for an id that no rule has.
    """
    from aicore_magics.templates.catalogue.index import disabled_rules
    from aicore_magics.templates.check.check_files import check_files

    rules = disabled_rules(disable, NOT_CHECKED)
    known, notes = against.names()
    tenant = against.tenant if known is not None else None
    checked = check_files(
        _several(paths),
        known_secrets=known,
        where=tenant.where if tenant else None,
        auth_keys=against.auth_keys,
        disable=rules,
    )
    if strict and not checked.ok:
        raise InvalidTemplate(
            f"{count(len(checked.errors), 'error')} in these templates",
            Effect.NONE,
            "fix them, then run this again.",
            lines=_lines(checked.errors),
        )
    return replace(checked, notes=(*checked.notes, *notes))


@bare_errors
def patch_template(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    secret: str | None,
    *,
    write: bool = False,
    options: PatchOptions | None = None,
) -> TemplatesPatched:
    """Make the templates in *paths*, files and folders, name *secret*, or none if it is None.

    Every other byte is kept. Without *write* nothing is written; the result shows what would be. A file that
    cannot be changed safely is refused with the reason, and does not stop the others.
    """
    from aicore_magics.templates.patch.patch_files import patch_files

    return patch_files(_several(paths), secret, write=write, options=options)


@bare_errors
def save_template(
    path: str | os.PathLike[str],
    text: str,
    *,
    force: bool = False,
    check: bool = True,
    against: Against = _ALONE,
    disable: str | Iterable[str] = (),
) -> TemplateSaved:
    """Check the YAML *text*, and write it to the file *path* below the working folder, whole or not at all.

    Raises InvalidTemplate if the check finds an error, unless *check* is False or the error's rule is in
    *disable*; InvalidFile where nothing can be written, or another file exists already and
    *force* was not said.
    """
    from aicore_magics.templates.catalogue.index import disabled_rules
    from aicore_magics.templates.check.check_result import TemplateSaved

    rules = disabled_rules(disable, Effect.NOTHING_WRITTEN.sentence) if disable else frozenset[str]()
    path = os.fspath(_path(path, Effect.NOTHING_WRITTEN))
    text = _text(text).rstrip("\r\n") + "\n"
    checked = _checked(path, text, against, rules) if check else None
    if checked and not checked.ok:
        raise InvalidTemplate(
            f"{count(len(checked.errors), 'error')} in {path}",
            next=("fix it", OR, Option("no-check"), " to write it as it is."),
            lines=_lines(tuple(map(_in_words, checked.errors))),
        )
    place = place_of(path, Path())  # before: once it is written, nothing may come between that and saying so
    written = save_new(path, text, folder=Path(), endings=ENDINGS, force=force)
    return TemplateSaved(path, checked, place, unchanged=not written)


def starter_templates(secret: str, image: str) -> tuple[GeneratedTemplate, ...]:
    """Give a WorkflowTemplate and a ServingTemplate to begin with, for *secret* and *image*."""
    from aicore_magics.templates.generate.generated import serving_template, workflow_template
    from aicore_magics.templates.generate.parts import Container

    name = base_name(image)
    train = workflow_template(
        f"{name}-train", image=image, secret=secret, scenario=name, container=Container(args=(EXAMPLE_ARGS,))
    )
    return train, serving_template(f"{name}-serve", image=image, secret=secret, scenario=name)


@bare_errors
def template_rules(rule: str | None = None) -> RuleList | RuleShown:
    """List the rules that templates are checked by; with the id of a *rule*, why it is one, and samples.

    Raises InvalidRule, with the nearest ids, for an id that no rule has.
    """
    from aicore_magics.templates.catalogue.index import RULES, rule_named
    from aicore_magics.templates.catalogue.listed import RuleList, RuleShown

    if rule is not None:
        return RuleShown(rule_named(rule, "Nothing was shown."))
    return RuleList(tuple(sorted(RULES.values(), key=lambda listed: listed.id)))


def _checked(path: str, text: str, against: Against, rules: frozenset[str]) -> TemplatesChecked:
    from aicore_magics.templates.check.check_result import TemplatesChecked
    from aicore_magics.templates.check.text import read_and_check
    from aicore_magics.templates.rules.secret import Known

    known, notes = against.names()
    tenant = against.tenant if known is not None else None
    known_secrets = Known(known, tenant.tenant if tenant else "", against.auth_keys)
    read = read_and_check(text, path, known_secrets, meant=True, disable=rules)
    where = tenant.where if tenant else None
    return TemplatesChecked(
        read.findings,
        read.templates,
        files_read=1,
        paths=(path,),
        where=where,
        notes=notes,
        disabled=read.disabled,
    )


def _several(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> tuple[str | os.PathLike[str], ...]:
    """Give *paths* as several, none of them empty: to Python, that is the working folder."""
    several: tuple[Any, ...] = (paths,)
    if not isinstance(paths, (str, bytes, os.PathLike)) and isinstance(paths, Iterable):
        several = tuple(paths)
    return tuple(map(_path, several))


def _path(path: Any, effect: Effect = Effect.NOTHING_CHANGED) -> str | os.PathLike[str]:
    """Give *path*, if it is one; *effect* is what it means for the files if not."""
    if not isinstance(path, (str, os.PathLike)) or isinstance(os.fspath(path), bytes):
        hint = 'give a text or a pathlib.Path, such as "train.yaml", or several of them.'
        raise InvalidTemplate(f"{type(path).__name__} is not a path to a template", effect, hint)
    if not str(path).strip():
        raise InvalidFile("a path is empty", effect, "name a file or folder; the working folder is .")
    return path


def _text(text: object) -> str:
    """The text of a template, if it is one that a file can hold."""
    if not isinstance(text, str):
        raise InvalidTemplate("a template must be text", next="give it as str, read as UTF-8.")
    if re.search("[\ud800-\udfff]", text):
        raise InvalidTemplate("the text has half a character", next="remove it.")
    return text


def _in_words(finding: Finding) -> Finding:
    """The same with a fix that needs no file: what was given as text is in none yet."""
    from aicore_magics.templates.catalogue.pulling import SECRET_PLACE, SECRET_PLACEHOLDER

    if isinstance(finding.fix, Action) and finding.rule == SECRET_PLACEHOLDER:
        return replace(
            finding, fix=("replace it ", do("given-text"), " by the name of a secret of your tenant")
        )
    if isinstance(finding.fix, Action) and finding.rule == SECRET_PLACE:
        return replace(finding, fix=("move it there ", do("given-text"), ", with the list below it"))
    return finding


def _lines(errors: tuple[Finding, ...]) -> tuple[Words, ...]:
    """The errors, a line each: there is no file yet that a check could be asked about again."""
    lines: list[Words] = [
        (f"{error.where}  {error.message} ({error.rule.id}); ", *pieces(error.fix))
        for error in errors[:SHOWN_ERRORS]
    ]
    if len(errors) > SHOWN_ERRORS:
        lines.append(f"and {len(errors) - SHOWN_ERRORS} more")
    return tuple(lines)
