"""Names that give away what they hold: `docker_password`, `ghcr_pat`; and those of other things."""

from __future__ import annotations

import re
from typing import NamedTuple

from aicore_magics.leaks.detectors.keywords import small_letters, word_starts

# What a name ends in, in small letters, and what its value is then.
_CORES = {
    "client": ("clientsecret", "client_secret", "client-secret"),
    "aws": ("secretaccesskey", "secret_access_key"),
    "identity": ("identitytoken", "identity_token", "registrytoken", "registry_token"),
    "password": (
        *(
            "password",
            "passwd",
            "passwort",
            "kennwort",
            "passphrase",
            "passcode",
            "pwd",
            "pswd",
            "pass",
            "pw",
        ),
        *("userpw", "user_pw", "usrpw"),
    ),
    "token": (
        *("token", "api_key", "apikey", "api-key", "_pat", "pat", "secret_key", "secretkey", "secret-key"),
        *("docker_key", "registry_key", "artifactory_key"),
    ),
    "secret": ("secret",),
    "auth": ("auth",),
}
_GROUPS = {word: group for group, words in _CORES.items() for word in words}
# `WRONG_PASSWORD` says itself that it opens nothing.
_NOT_MEANT = re.compile(r"(?i)wrong|fake|dummy|invalid|example")
# What a plot, a form or a table has for each of its fields: `cmap_pwd`, `label_password`.
_OF_DISPLAY = re.compile(
    r"(?i)(?:\A|[_.-])(?:cmap|colou?r|label|title|axis|col|column|feature|fmt|marker|style|legend|unit|hint|help"
    r"|placeholder|caption|icon)[_.-]\Z"
)
# Tokens that a language model reads, and places in a long list: `pad_token`, `next_page_token`.
_OF_TEXT = re.compile(
    r"(?i)(?:\A|[_.-])(?:pad|padding|eos|bos|sos|eot|eod|eom|sep|cls|mask|unk|oov|blank|stop|start|end|begin|nlp|special"
    r"|word|subword|image|img|audio|video|prompt|fim|delimiter|separator|vocab|spacy|trigger|control|think|thinking"
    r"|instance|concept|first|last|next|prev|previous|page|continuation|placeholder)_?\Z"
)
_MAY_FOLLOW = frozenset("0123456789\"'\\& \t:=*`<")  # the end of a name
_HEAD = re.compile(r"[\w.-]*\Z")
_LONGEST_HEAD = 40
_SHORT_CORES = ("pwd", "pswd", "pw", "pass", "auth", "token", "pat")
# Names end in these for other things, too: `first_pass`, `glob_pat`. Whose it is tells them apart.
_OTHER_NOUNS = ("pass", "pw", "_pat")
_OWNER = re.compile(
    r"(?i)(?:user|admin|root|login|account|my|our|own|robot|bot|ci|svc|service|tech|client|server|host|db"
    r"|database|sql|smtp|mail|ftp|git|github|gitlab|gh|gl|azure|devops|hub|pull|push|reg|repo)[_.-]?\Z"
)
_NUMBER = re.compile(r"[0-9]{1,3}\Z")
_PLURAL = re.compile(r"(?i)(?:password|passwd|passwort|pwd|pw|token|secret|api_?key|_pat)s\Z")


class Core(NamedTuple):
    """The end of a name, and what it is the name of."""

    start: int
    end: int
    group: str


def cores_in(small: str) -> list[Core]:
    """All in order. Of those that meet the longest: of `client_secret` the whole counts."""
    every = [
        Core(start, start + len(word), _GROUPS[word])
        for start, word in word_starts(small, _GROUPS)
        if small[start + len(word) : start + len(word) + 1] in _MAY_FOLLOW
    ]
    kept: list[Core] = []
    for core in sorted(every, key=lambda core: (core.start, -core.end)):
        if not kept or core.start >= kept[-1].end:
            kept.append(core)
    return kept


def whole_name(text: str, core: Core) -> str:
    """Give the name that *core* ends, or nothing if that is another thing: `bypass`, `pad_token`."""
    first = max(0, core.start - _LONGEST_HEAD)
    before = _HEAD.search(text[first : core.start])
    head, word = before[0] if before else "", text[core.start : core.end]
    inside = head[-1:].isalnum() and not (word[0].isupper() and head[-1].islower())
    escaped = text[max(0, core.start - 2) : core.start] in (r"\n", r"\t")
    part = inside and not escaped and word.lower() in _SHORT_CORES
    other = (
        _NOT_MEANT.search(head)
        or _OF_DISPLAY.search(head)
        or (core.group == "token" and _OF_TEXT.search(head))
    )
    return "" if part or other else head + word


def is_other_noun(name: str, core: Core) -> bool:
    """Whether *name* ends in a word that stands for other things as well, and names no owner."""
    length = core.end - core.start
    head, word = name[:-length], name[-length:].lower()
    return word in _OTHER_NOUNS and bool(head) and _OWNER.search(head) is None


def group_of(name: str) -> str | None:
    """Tell what the value of a variable, an argument or an entry *name* is; None if that says nothing.

    >>> group_of("DOCKER_PASSWORD"), group_of("tokens"), group_of("pad_token"), group_of("password_file")
    ('password', 'token', None, None)
    """
    core = core_of(name)
    return core.group if core else None


def group_of_label(label: str) -> str:
    """Tell what a value is that stands under *label*, as in a table; nothing if that says no such thing.

    >>> group_of_label("Docker password"), group_of_label("Host"), group_of_label("tokens")
    ('password', '', '')
    """
    return "" if is_plural(label) else group_of(label) or ""


def core_of(name: str) -> Core | None:
    """Give the end of *name* that gives away what it holds."""
    bare = _NUMBER.sub("", name)
    if is_plural(bare):
        bare = bare[:-1]
    last = cores_in(small_letters(bare) + "=")[-1:]
    return last[0] if last and last[0].end == len(bare) and whole_name(bare, last[0]) else None


def is_doubtful(name: str) -> bool:
    """Whether *name* is of another thing in most code, as `first_pass` of a training."""
    core = core_of(name)
    return core is not None and is_other_noun(name, core)


def is_plural(name: str) -> bool:
    """Whether *name* is of several: `passwords`."""
    return _PLURAL.search(name) is not None
