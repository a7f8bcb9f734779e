"""How easy a text is to read: Flesch's reading ease of its ordinary words.

What a reader does not read as words is taken out first: what is in quotes or backticks, commands, options,
paths, addresses, numbers, names, and the words of the field (`glossary.txt`), which have no easier ones. So a
score does not depend on what is called how. `textstat` counts the syllables. Sentences are counted before
anything is taken out; `textstat.flesch_reading_ease` would leave those of one or two words out.
"""

from __future__ import annotations

import functools
import re
import warnings
from pathlib import Path

with warnings.catch_warnings():  # it imports pkg_resources, which warns of its end
    warnings.simplefilter("ignore")
    import textstat

FEWEST_WORDS = 8  # a shorter text is a label: no measure of texts says anything of it
QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|\{\{.*?\}\}|<[^<>\s]+>")
TAKEN_OUT = re.compile(
    r"""
    .*[_/\\@=$%*#|<>{}\[\]~^+]   # a path, an option's value, a placeholder
    | .*\d                       # a number, a version, a size
    | -.*                        # an option
    | .*\w[.:]\w                 # a file, a host, a key of YAML
    | .*[a-z][A-Z]               # camelCase
    | [A-Z]{2,}.*                # DNS, a word in capitals
    | (?:team|acme|anna|churn|hub|ghcr)\b.*  # a name of the samples
    """,
    re.VERBOSE,
)
ENDS = re.compile(r"(?<=[.?!…])[\"')\]]*\s+|\n+")
HERE = Path(__file__).parent
_PLURAL = ("", "s", "es")


def listed(name: str) -> list[str]:
    """The lines of the list *name* in this folder, without its comments."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@functools.cache
def glossary() -> frozenset[str]:
    """The words of the field, each also in its plural."""
    return frozenset(f"{word.casefold()}{end}" for word in listed("glossary.txt") for end in _PLURAL)


@functools.cache
def _riddle() -> re.Pattern[str]:
    patterns = (line.partition("  ")[0] for line in listed("riddles.txt"))
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


def riddle(text: str) -> str:
    """The first words of *text* that its readers would have to guess at, if any; quotes and code are none."""
    found = _riddle().search(QUOTED.sub(" ", text))
    return found[0] if found else ""


def longest_sentence(text: str) -> int:
    """The number of words in the longest sentence of *text*, names and commands counted as well."""
    return max(len(one.split()) for one in re.split(r"(?<=[.?!:;])\s+|\n", text))


def ordinary_words(sentence: str) -> list[str]:
    """The words of *sentence* that are no names, commands, numbers, or words of the field."""
    left = QUOTED.sub(" ", sentence)
    for phrase in sorted((word for word in glossary() if " " in word), key=len, reverse=True):
        left = re.sub(rf"\b{re.escape(phrase)}\b", " ", left, flags=re.IGNORECASE)
    words = []
    for token in left.split():
        bare = token.strip(".,;:!?…()[]\"'→—·")
        if TAKEN_OUT.match(bare) or bare.casefold().removesuffix("'s") in glossary():
            continue
        words += [part for part in re.split(r"[^A-Za-z']+", bare) if part.casefold() not in {*glossary(), ""}]
    return words


def sentences(text: str) -> tuple[tuple[str, ...], ...]:
    """The ordinary words of each sentence of *text* that has any."""
    each = (tuple(ordinary_words(one)) for one in ENDS.split(text))
    return tuple(filter(None, each))


def reading_ease(words: tuple[tuple[str, ...], ...]) -> float:
    """How easy sentences of these *words* are to read: 100 is easy, 30 hard, below 0 a riddle."""
    count = sum(map(len, words))
    syllables = sum(_syllables(word) for sentence in words for word in sentence)
    return 206.835 - 1.015 * count / len(words) - 84.6 * syllables / count


@functools.cache
def _syllables(word: str) -> int:
    return max(1, textstat.syllable_count(word.casefold()))
