"""Texts are understood at the first reading: short sentences, easy words, and no riddles."""

from __future__ import annotations

from statistics import mean

import pytest

from tests.words.readability import (
    FEWEST_WORDS,
    glossary,
    listed,
    longest_sentence,
    reading_ease,
    riddle,
    sentences,
)
from tests.words.sources import labels, texts

EASY, HARD = 60, 30
LONGEST = 20
TEXTS = texts()
# Not in sentences for users: what a programmer reads, and pages whose sentences are measured by their ease.
OF_USERS = [name for name in TEXTS if name.startswith("texts of ") or name in ("cards", "help", "rules")]


@pytest.mark.parametrize("source", [name for name in TEXTS if TEXTS[name]])
def test_every_source_is_easy_to_read(source):
    """On Flesch's scale the mean is at least 60, and no text of eight words or more is under 30."""
    words = {sentences(text): text for text in TEXTS[source]}
    ease = {text: reading_ease(each) for each, text in words.items() if sum(map(len, each)) >= FEWEST_WORDS}
    assert not ease or mean(ease.values()) >= EASY
    assert [text for text, score in ease.items() if score < HARD] == []


@pytest.mark.parametrize("source", OF_USERS)
def test_no_sentence_is_long(source):
    """Nobody has to read more than twenty words up to a full stop, colon or semicolon."""
    assert [text for text in TEXTS[source] if longest_sentence(text) > LONGEST] == []


@pytest.mark.parametrize("source", OF_USERS)
def test_texts_are_no_riddles(source):
    """A text has the plain word for what it means: those of `riddles.txt` have one each."""
    assert [(riddle(text), text) for text in TEXTS[source] if riddle(text)] == []


def test_labels_are_of_known_words():
    """A label is made of words that are allowed in labels, and of the field's."""
    allowed = {*listed("labels.txt"), *glossary()}
    wrong = {
        label for label in labels() for word in label.split() if word.strip("(),").casefold() not in allowed
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (
            "the file 'a.yaml' cannot be read",
            "the file '/home/anna/very-long-identification.yaml' cannot be read",
        ),
        ("run %aicore_connect --service-key FILE first", "run %x --y PATH first"),
        ("ghcr.io refuses the password", "authentication.registry.example.com:5000 refuses the token"),
        ("at most 50 are allowed", "at most 1,000,000 are allowed"),
        ("{} of {} cannot be used", "nothing-known_yet of serviceurls.AI_API_URL cannot be used"),
    ],
)
def test_names_do_not_count(text, same):
    """How easy a text is does not depend on the names, commands, paths, numbers and field's words in it."""
    assert sentences(text) == sentences(same)


def test_these_rules_see_what_they_forbid():
    """A hard text is hard, a long sentence is long, a riddle is found, and what is quoted is none."""
    hard = "Unsatisfactory authorisational preconditions necessitate immediate reconsideration of everything."
    assert (
        reading_ease(sentences(hard)) < HARD < EASY < reading_ease(sentences("The login is wrong. Fix it."))
    )
    assert longest_sentence(f"It is so. {25 * 'word '}") == 25
    assert riddle("what mends it") == "mends"
    assert not riddle("the key 'stands' of the file")
