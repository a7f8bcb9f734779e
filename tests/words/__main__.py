"""`python -m tests.words [NUMBER [SOURCE]]` prints how readable each source is, and its hardest texts."""

from __future__ import annotations

import sys
from statistics import mean
from typing import TYPE_CHECKING

from tests.words.readability import FEWEST_WORDS, reading_ease, riddle, sentences
from tests.words.sources import texts

if TYPE_CHECKING:
    from collections.abc import Iterator

HARDEST, HARD = 30, 30


def scores() -> dict[str, list[tuple[float, str]]]:
    """The reading ease of each text that is long enough, worst first; each once, whatever was filled in."""
    found = {}
    for source, each in texts().items():
        by_words = {sentences(text): text for text in each}
        found[source] = sorted(
            (reading_ease(words), text)
            for words, text in by_words.items()
            if sum(map(len, words)) >= FEWEST_WORDS
        )
    return found


def lines(shown: int, only: str) -> Iterator[str]:
    """The figures of each source that has *only* in its name, and its *shown* hardest texts."""
    every = texts()
    found = {source: each for source, each in scores().items() if only in source}
    yield f"{'source':<28} texts  mean   min  under {HARD}  riddles"
    for source, each in found.items():
        low = [score for score, _ in each]
        hard = sum(score < HARD for score in low)
        riddles = sum(bool(riddle(text)) for text in {*every[source]})
        if low:
            yield f"{source:<28} {len(low):5} {mean(low):5.1f} {low[0]:5.1f} {hard:9} {riddles:8}"
    yield ""
    everything = sorted((score, source, text) for source, each in found.items() for score, text in each)
    yield from (f"{score:6.1f}  {source}: {text}" for score, source, text in everything[:shown])


if __name__ == "__main__":
    shown, only = (*sys.argv[1:], *(str(HARDEST), "")[len(sys.argv) - 1 :])
    sys.stdout.write("\n".join(lines(int(shown), only)) + "\n")
