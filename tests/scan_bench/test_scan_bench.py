"""What holds of the notebooks that the bench plants, and of how it judges them."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import nbformat
import pytest

from tests.leaks.samples import made
from tests.scan_bench import __main__ as bench
from tests.scan_bench import planted
from tests.scan_bench.clean import write_clean
from tests.scan_bench.scanners import Found, ours


@pytest.fixture
def few(monkeypatch):
    """Of each group of plants the first two."""
    every = list(planted.plants())
    groups = dict.fromkeys(plant.group for plant in every)
    some = [plant for group in groups for plant in islice((p for p in every if p.group == group), 2)]
    monkeypatch.setattr(planted, "plants", lambda: some)
    return some


def test_each_is_another():
    """No two plants of a group go by one name."""
    names = Counter((plant.group, plant.name) for plant in planted.plants())
    assert names
    assert max(names.values()) == 1


def test_both_kinds_of_line_ends(tmp_path, few):
    """Each plant is a valid notebook with the value in it, once with each kind of line ends."""
    plants = planted.write_planted(tmp_path)
    assert len(plants) == 2 * len(few)
    for path in plants:
        nbformat.validate(nbformat.read(path, as_version=4))
        assert (b"\r\n" in path.read_bytes()) == path.stem.endswith("windows")


def test_what_is_found_is_counted_by_file(tmp_path, few):
    """The scanner gives how many leaks each file has: here each has some."""
    plants = planted.write_planted(tmp_path)
    assert set(ours(tmp_path).leaks) == set(plants)


def test_clean_ones_are_the_same_each_time(tmp_path):
    """Two runs write the same bytes, and valid notebooks."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write_clean(tmp_path / name, 3)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
        nbformat.validate(nbformat.read(path, as_version=4))


def test_what_is_left(tmp_path):
    """Of a long value any eight signs behind its beginning are left of it; a short one is left as a whole."""
    path, value = tmp_path / "x.ipynb", made(40)
    for text, left in ((value, True), (value[20:28], True), (value[:16], False), ("clean", False)):
        path.write_text(text)
        assert bench.has_left(path, value) is left
    path.write_text(value[:20])
    assert bench.has_left(path, value[:20])
    assert not bench.has_left(path, value[1:22])


def test_the_figures_of_a_scanner(tmp_path):
    """What is found is that of the first round, the seconds are the medians of all."""
    rounds = [
        (Found(Counter({tmp_path: 2}), 0, seconds), Found(Counter(), 4, 10 * seconds))
        for seconds in (3, 1, 2)
    ]
    told = bench.figures("x", rounds, 5)
    assert told == "x: found 1 of 5; in 300 clean ones false 0, possible 4; 2.0 s planted, 20.0 s clean"
