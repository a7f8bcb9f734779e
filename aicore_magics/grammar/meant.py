"""What was meant by a word that is none of ours: the word of docker, kubectl or another tool, or a slip.

A slip never leads to the opposite: who types `--no-sandbox` is not asked whether `--sandbox` was meant.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

HELP_OPTIONS = ("--help", "-h")
HELP = (*HELP_OPTIONS, "help", "?")

# The word that is right, and those that people type.
_SECRETS = {
    "create": "add new make post store save register insert push init",
    "apply": "put upsert recreate create-or-update set ensure",
    "update": "edit replace rotate modify patch change renew refresh overwrite",
    "list": "ls all names index secrets",
    "show": "get describe exists view info cat read inspect find lookup",
    "delete": "rm remove del erase drop destroy unset uninstall",
    "quota": "count usage limit limits used",
    "check": "test verify try validate pull probe ping login",
    "form": "gui ui widget dialog wizard",
}
_TEMPLATES = {
    "workflow": "training train job batch workflowtemplate workflow-template argo",
    "serving": "deployment deploy serve inference servingtemplate serving-template kserve",
    "check": "lint validate test verify audit scan inspect diagnose",
    "patch": "fix repair set edit update modify change add",
    "rules": "rule explain codes catalogue catalog",
    "save": "write store dump",
    "patch PATH --remove": "remove unpatch unset rm",
}
_NOTEBOOKS = {
    "new": "create make generate init write add",
    "scan": "search find check detect grep audit look leaks",
    "scrub": "clean redact remove strip sanitize sanitise mask erase wipe rm",
}
# By what stands before the subcommand; a right word with a percent sign is another magic.
SYNONYMS_OF_SUBCOMMANDS: dict[str, dict[str, str]] = {
    "aicore_docker_secret": {
        **_SECRETS,
        "%aicore_connect --sandbox": "sandbox demo",
        "%aicore_connect": "connect logon",
        "%aicore_connect --status": "status whoami",
        "%aicore_connect --disconnect": "disconnect logout",
        "%aicore_template": "template workflow serving",
        "%aicore_notebook": "notebook scan scrub",
    },
    "aicore_template": {
        **_TEMPLATES,
        "%aicore_docker_secret": "secret secrets docker-secret",
        "%aicore_notebook scrub": "scrub",
    },
    "aicore_notebook": {
        **_NOTEBOOKS,
        "%aicore_template": "template workflow serving",
        "%aicore_docker_secret": "secret secrets docker-secret",
    },
    "jupyter aicore": {
        **_SECRETS,
        "scan": "leaks grep audit",
        "scrub": "clean redact sanitize",
        "tutorials": "tutorial lessons learn",
    },
    "jupyter aicore template": _TEMPLATES,
}

# The option that is right, and what people type for it. The first that the subcommand has counts.
SYNONYMS_OF_OPTIONS: dict[str, str] = {
    "--username": "-u --user --usr --uname --docker-username --account --robot --user-name --login-name",
    "--registry": "-r --host --hostname --server --docker-server --url --repo --repository --registry-url "
    "--endpoint --address --domain",
    "--image": "-i --img --images --ref --tag --uri --image-name --image-ref --container",
    "--from-file": "-f --file --config --json --docker-config --from-json --filename --config-file",
    "--service-key": "-f -k --file --key --sk --key-file --keyfile --credentials --creds --json --from-file",
    "--password-file": "--key --key-file --keyfile --token-file --credentials --password-path",
    "--password-env": "--env --env-var --from-env --variable --var --token-env --password-variable",
    "--docker-login": "--docker --podman --from-docker --from-docker-config --podman-login",
    "--keyring": "--keychain --keyring-service --vault",
    "--out": "-o -f --output-file --outfile --to --dest --path --file --filename --save --write",
    "--yes": "-y -f --force --no-prompt --no-confirm --assume-yes --confirm --quiet",
    "--force": "-f --overwrite --replace --yes",
    "--dry-run": "--dryrun --dry --simulate --what-if --preview --print",
    "--no-check": "--skip-check --unchecked --no-verify --no-validate --no-test --skip-verify --offline",
    "--as": "--format --as-curl --as-http --script --curl",
    "--for": "--kind --type --template-kind --pulled-by --used-by",
    "--resource-group": "-g --group --rg",
    "--profile": "--tenant --config --config-profile --environment --account",
    "--ca-file": "--cacert --ca --cert --ca-bundle --ca-cert --certificate --ca-path",
    "--trust-host": "--host --trust --trusted-host --allow-host --proxy",
    "--sandbox": "--local --offline --fake --demo --mock --test --try",
    "--status": "--info --show --whoami --state --current",
    "--disconnect": "--logout --close --forget --off --stop --reset",
    "--wait": "--until --wait-for --poll",
    "--timeout": "-t --time-out --seconds --max-time",
    "--help": "-? --usage --man --options --h --?",
    "--secret": "--pull-secret --image-pull-secret --image-pull-secrets --imagepullsecrets --secret-name "
    "--docker-secret --registry-secret",
    "--request": "--cpu --memory --gpu --requests --resources --ram",
    "--limit": "--limits --max-memory",
    "--plan": "--resource-plan --size",
    "--instance-type": "--instance --machine --machine-type --vm",
    "--command": "--cmd --entrypoint --exec",
    "--args": "--arg --arguments --argument",
    "--env": "-e --environment --envs --variable --var",
    "--param": "--params --parameter --parameters --set",
    "--min-replicas": "--replicas --scale --min --min-scale",
    "--max-replicas": "--max --max-scale",
    "--input": "--inputs --dataset --in",
    "--output": "--outputs --artifact --model",
    "--readiness": "--health --readiness-probe --probe --health-check",
    "--liveness": "--liveness-probe",
    "--startup": "--startup-probe",
    "--write": "-w --inplace --in-place --apply --fix --save --do --yes --force",
    "--remove": "--delete --unset --rm --clear",
    "--disable": "--ignore --skip --exclude --noqa --suppress --without",
    "--scenario": "--scenario-id --id",
    "--pin-digest": "--digest --pin --pinned",
    "--history": "--ipython --shell-history",
    "--all": "--every --all-logins",
    "--realm": "--auth-host --token-host --auth-server",
}
# What people type, what the command has (an option, an argument or its own name), and what is said then.
_ANSWERS = (
    (
        "--email --docker-email --mail",
        "--username",
        "a registry login needs no e-mail address: leave it out",
    ),
    (
        "--password-stdin --stdin --prompt --ask",
        "--password-env",
        "leave it out: the password is asked for",
    ),
    ("--name -n --secret --secret-name", "name", "write the name without an option: {command} NAME"),
    ("--name -n --path --file -f -o --out", "path", "write the path without an option: {command} PATH"),
    (
        "--path --paths --file --files --folder --dir -f",
        "paths",
        "write paths without an option: {command} PATH",
    ),
    ("--name -n", "--sandbox", "did you mean --profile?"),
    ("--recursive --all -r -R", "paths", "leave it out: a folder is taken with all below it"),
    ("--force --overwrite --replace --update -f", "create", "did you mean apply?"),
    ("--force --overwrite --replace -f", "apply", "leave it out: apply replaces a secret that is there"),
    ("--force --overwrite --replace -f", "update", "leave it out: update replaces a secret that is there"),
    ("--dry-run", "--write", "leave it out: without --write nothing is written"),
    ("--check", "--no-check", "leave it out: the check is done unless --no-check is given"),
)
_NEGATIONS = ("no", "not", "non", "un", "dis", "de", "in", "dont", "never", "without", "skip")
_POLES = (
    *(("enable", "disable"), ("input", "output"), ("min", "max"), ("up", "down"), ("read", "write")),
    *(("create", "delete"), ("connect", "disconnect"), ("add", "remove"), ("show", "hide")),
    *(("start", "stop"), ("allow", "deny"), ("keep", "remove"), ("include", "exclude"), ("all", "none")),
)
_NEAR = 0.8  # of 1, by difflib's measure: one letter of five may differ
_FILE = re.compile(r".*\.(?:json|ya?ml|txt)", re.IGNORECASE | re.DOTALL)

# What a word without an option in front was meant for, the option that the command must have for it, and what
# such a word looks like. The first that fits counts.
_FITTING: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("--service-key FILE", "--service-key", lambda word: bool(_FILE.fullmatch(word))),
    ("--from-file PATH", "--from-file", lambda word: bool(_FILE.fullmatch(word))),
    ("--image REF", "--image", lambda word: "/" in word and "://" not in word),
    ("--registry HOST", "--registry", lambda word: "." in word),
    ("--username USER", "--username", str.isidentifier),
    ("--sandbox", "--sandbox", lambda word: word.lower() in ("demo", "local", "test")),
    ("--disconnect", "--disconnect", lambda word: word.lower() in ("logout", "close", "stop")),
    ("--profile NAME", "--sandbox", str.isidentifier),
)


def subcommand_meant(magic: str, typed: str, known: Collection[str]) -> str:
    """Return the subcommand of *magic*, or the other magic, that is meant by *typed*; empty if none is."""
    small = typed.lower().replace("_", "-")
    for right, words in SYNONYMS_OF_SUBCOMMANDS.get(magic, {}).items():
        there = right.startswith("%") or right.partition(" ")[0] in known
        if there and small in words.split():
            return right
    return nearest(small, known)


def option_meant(command: str, typed: str, known: Collection[str]) -> str:
    """Return what to say of the option *typed*, which *command* does not have; empty if nothing is known.

    *known* are the options of the command, and the names of its arguments.
    """
    same = (option for option in known if _letters(option) == _letters(typed) and option.startswith("-"))
    others = (
        right for right, words in SYNONYMS_OF_OPTIONS.items() if right in known and typed in words.split()
    )
    meant = next(same, "") or next(others, "")
    if not meant:
        there = {*known, command.rpartition(" ")[2]}
        for words, needs, answer in _ANSWERS:
            if needs in there and typed in words.split():
                return answer.format(command=command)
        meant = nearest(typed, [option for option in known if option.startswith("-")])
    return f"did you mean {meant}?" if meant else ""


def word_meant(word: str, known: Collection[str]) -> str:
    """Return the option that was meant by a *word* too many, as it is written; empty if none was."""
    if f"--{word.lower()}" in known:
        return f"--{word.lower()}"
    return next((meant for meant, needs, fits in _FITTING if needs in known and fits(word)), "")


def nearest(typed: str, known: Iterable[str]) -> str:
    """Return the word of *known* that is nearest to *typed*; empty if none is near, or it is the opposite."""
    near = difflib.get_close_matches(typed.lower(), list(known), n=1)
    return near[0] if near and not opposite(typed.lower(), near[0]) else ""


def opposite(typed: str, word: str) -> bool:
    """Tell whether *typed* says the contrary of *word*, with or without a slip in it.

    >>> opposite("--no-sandbox", "--sandbox"), opposite("--enable", "--disable")
    (True, True)
    >>> opposite("--unsername", "--username")
    False
    """
    one, other = typed.strip("-"), word.strip("-")
    return (
        _negates(one, other)
        or (other.startswith(("no-", "dis")) and _negates(other, one))
        or any(
            _at_pole(one, p, q) and q in other.split("-") for pair in _POLES for p, q in (pair, pair[::-1])
        )
    )


def _negates(word: str, plain: str) -> bool:
    """Whether *word* is *plain* behind a negation; not where its first letters are a slip of their own."""
    whole = _alike(word, plain)
    rests = (word[len(no) :].lstrip("-") for no in _NEGATIONS if word.startswith(no))
    return any(_alike(rest, plain) >= _NEAR and _alike(rest, plain) > whole for rest in rests)


def _at_pole(text: str, pole: str, other: str) -> bool:
    return any(
        _alike(part, pole) >= _NEAR and _alike(part, pole) > _alike(part, other) for part in text.split("-")
    )


def _alike(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _letters(option: str) -> str:
    return re.sub(r"[-_]", "", option).lower()
