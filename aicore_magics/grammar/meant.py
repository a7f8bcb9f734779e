"""What was meant by a word that is none of ours: the word of docker, kubectl or another tool, or a slip.

A slip never leads to the opposite: who types `--no-sandbox` is not asked whether `--sandbox` was meant.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from aicore_magics.grammar.synonyms import (
    ANSWERS,
    KINDS,
    LOGINS,
    SYNONYMS_OF_OPTIONS,
    SYNONYMS_OF_SUBCOMMANDS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

HELP_OPTIONS = ("--help", "-h")
HELP = (*HELP_OPTIONS, "help", "?")

_NEGATIONS = ("no", "not", "non", "un", "dis", "de", "in", "dont", "never", "without", "skip")
_POLES = (
    *(("enable", "disable"), ("input", "output"), ("min", "max"), ("up", "down"), ("read", "write")),
    *(("create", "delete"), ("connect", "disconnect"), ("add", "remove"), ("show", "hide")),
    *(("start", "stop"), ("allow", "deny"), ("keep", "remove"), ("include", "exclude"), ("all", "none")),
)
_NEAR = 0.8  # of 1, by difflib's measure: one letter of five may differ
_LIKE = 0.7  # two words that are less alike are two words: `uses` is no slip of `rules`
_TEMPLATE, _NOTEBOOK, _KEY = (".yaml", ".yml"), (".ipynb",), (".json", ".txt")
_SHELL = "jupyter aicore"
_IN_SHELL = {"aicore_template": "template ", "aicore_notebook": ""}
_WITH_KINDS = (_SHELL, "aicore_docker_secret")  # where a kind of thing may be named first

# What a word without an option in front was meant for, the option that the command must have for it, and what
# such a word looks like. The first that fits counts.
_FITTING: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("--from-file PATH", "--from-file", lambda word: word.lower().endswith(("config.json", *_TEMPLATE))),
    ("--service-key FILE", "--service-key", lambda word: word.lower().endswith(_KEY)),
    ("--from-file PATH", "--from-file", lambda word: word.lower().endswith(_KEY)),
    ("--image REF", "--image", lambda word: "/" in word and "://" not in word),
    ("--registry HOST", "--registry", lambda word: "." in word),
    ("--username USER", "--username", str.isidentifier),
    ("--sandbox", "--sandbox", lambda word: word.lower() in ("demo", "local", "test")),
    ("--disconnect", "--disconnect", lambda word: word.lower() in ("logout", "close", "stop")),
    ("--profile NAME", "--sandbox", str.isidentifier),
)


def subcommand_meant(magic: str, words: Sequence[str], known: Collection[str]) -> str:
    """Return what to say of a subcommand of *magic* that it does not have, the first of *words*.

    Empty if nothing is known.
    """
    typed, *behind = words
    small = typed.lower().replace("_", "-")
    if magic in _WITH_KINDS and behind and small in KINDS.split():
        return f"did you mean {behind[0]}?" if behind[0] in known else subcommand_meant(magic, behind, known)
    if magic == _SHELL and small in LOGINS.split() and not any(map(_of_registry_login, behind)):
        return "no login is needed: name the tenant on each line, as in list --profile NAME."
    meant = _of_a_file(magic, small, behind)
    for right, others in SYNONYMS_OF_SUBCOMMANDS.get(magic, {}).items():
        there = right.startswith(("%", "-")) or right.partition(" ")[0] in known
        if not meant and there and small in others.split():
            meant = right
    if meant == "show" and behind and all(word.lower() in KINDS.split() for word in behind):
        meant = "list"  # as in `get secrets`
    meant = meant or nearest(small, known)
    return f"did you mean {meant}?" if meant else ""


def _of_registry_login(word: str) -> bool:
    """Whether *word* behind `login` is one of docker's, which means a registry: a host, or a user."""
    return "." in word or word.partition("=")[0] in ("-u", "--username")


def _of_a_file(magic: str, typed: str, behind: Sequence[str]) -> str:
    """What *typed* means where a template or a notebook stands behind it."""
    for ends, other in ((_TEMPLATE, "aicore_template"), (_NOTEBOOK, "aicore_notebook")):
        if magic in _WITH_KINDS and any(word.lower().endswith(ends) for word in behind):
            for right, words in SYNONYMS_OF_SUBCOMMANDS[other].items():
                if typed in (right, *words.split()) and not right.startswith("%"):
                    in_notebook = magic != _SHELL or right in ("new", "save")
                    return f"%{other} {right}" if in_notebook else _IN_SHELL[other] + right
    return ""


def option_meant(command: str, typed: str, known: Collection[str]) -> str:
    """Return what to say of the option *typed*, which *command* does not have; empty if nothing is known.

    *known* are the options of the command, some with a value, and the names of its arguments.
    """
    options = [each for each in known if each.startswith("-") and " " not in each]
    same = (option for option in options if _letters(option) == _letters(typed))
    others = (
        right for right, words in SYNONYMS_OF_OPTIONS.items() if right in known and typed in words.split()
    )
    meant = next(same, "") or next(others, "")
    if not meant:
        there = {*known, command.rpartition(" ")[2]}
        for words, needs, answer in ANSWERS:
            if needs in there and typed in words.split():
                return answer.format(command=command)
        meant = nearest(typed, options)
    return f"did you mean {meant}?" if meant else ""


def word_meant(command: str, words: Sequence[str], known: Collection[str]) -> str:
    """Return what was meant by *words* too many behind *command*, as it is written; else nothing."""
    if f"--{words[0].lower()}" in known:
        tenant = " NAME" if words[1:] and words[0].lower() == "sandbox" else ""
        return f"--{words[0].lower()}{tenant}"
    magic, _, name = command.lstrip("%").rpartition(" ")
    return _of_a_file(magic, name, words) or next(
        (meant for meant, needs, fits in _FITTING if needs in known and fits(words[0])), ""
    )


def nearest(typed: str, known: Iterable[str]) -> str:
    """Return the word of *known* that is nearest to *typed*; empty if none is near, or it is the opposite."""
    words = {word.strip("-"): word for word in known}  # hyphens would make all options alike
    near = difflib.get_close_matches(typed.lower().strip("-"), words, n=1, cutoff=_LIKE)
    return words[near[0]] if near and not opposite(typed.lower(), near[0]) else ""


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
