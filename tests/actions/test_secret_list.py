import dataclasses

import pytest

from aicore_magics.actions.secret_list import SHOWN_NAMES, SecretList
from aicore_magics.aicore.name_list import HiddenName
from aicore_magics.base.report import plain
from aicore_magics.base.result import Where
from aicore_magics.base.tokens import MASK
from aicore_magics.jupyter.wording import NOTEBOOK
from tests.actions.ends_examples import KNOWN, LISTED, stored

WHERE = Where("acme-dev", "api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com")


@pytest.mark.parametrize(
    ("count", "quota", "headline"),
    [
        (0, 50, None),
        (0, None, None),
        (1, None, "1 Docker registry secret in tenant acme-dev"),
        (2, None, "2 Docker registry secrets in tenant acme-dev"),
        (1, 50, "1 of 50 Docker registry secrets in tenant acme-dev"),
        (2, 50, "2 of 50 Docker registry secrets in tenant acme-dev"),
        (51, 50, "51 of 50 Docker registry secrets in tenant acme-dev"),
    ],
)
def test_how_many_are_listed(count, quota, headline):
    """A list says how many names it has, of how many, one or more, or that there are none."""
    names = tuple(f"name-{i}" for i in range(count))
    result = SecretList(names, WHERE, quota)
    report = result.report()
    if headline:
        assert report.headline == headline
        assert len(report.table.rows) == count
        assert report.table.columns == ("Name",)
    else:
        assert report.headline.startswith("No Docker registry secrets in tenant acme-dev")
        assert (report.table, report.steps, report.state) == (None, (), "")
    assert len(result) == count
    assert tuple(result) == result.names == names


@pytest.mark.parametrize(
    ("count", "quota", "headline"),
    [
        (0, None, "At least 0 Docker registry secrets in tenant acme-dev"),
        (1, 50, "At least 1 of 50 Docker registry secrets in tenant acme-dev"),
        (3, None, "At least 3 Docker registry secrets in tenant acme-dev"),
    ],
)
def test_a_list_that_may_not_be_whole(count, quota, headline):
    """What is not known to be all is told as that much at least: in the headline, a sentence and the data."""
    result = SecretList(tuple(f"name-{i}" for i in range(count)), WHERE, quota, complete=False)
    assert (result.report().headline, result.report().state) == (headline, "warning")
    assert "Others may exist." in str(result)
    assert result.to_dict()["complete"] is False
    assert dataclasses.replace(result, complete=True).to_dict()["complete"] is True


@pytest.mark.parametrize("places", [(1,), (2,), (4,), (1, 2), (1, 4), (2, 3), (1, 2, 3, 4)], ids=str)
def test_a_name_that_is_hidden(places):
    """A hidden name has its place among the others, and stands in no list of names."""
    names = tuple(f"name-{i}" for i in range(1, 5) if i not in places)
    hidden = tuple(HiddenName(i, "looks like a GitHub token", "0a1b2c3d") for i in places)
    result = SecretList(names, WHERE, 50, hidden=hidden)
    report = result.report()
    rows = [plain(cell) for (cell,) in report.table.rows]
    assert [row.split()[0] for row in rows] == [f"name-{i}" if i not in places else MASK for i in range(1, 5)]
    assert all(f"position {i}, looks like a GitHub token" in rows[i - 1] for i in places)
    assert (report.headline[:7], report.state, tuple(result)) == ("4 of 50", "warning", names)
    assert result.to_dict()["hidden"][0] == dataclasses.asdict(hidden[0])
    assert f"%aicore_docker_secret delete --position {places[0]}" in result.shown(NOTEBOOK)


@pytest.mark.parametrize(
    ("more", "told"), [(0, ""), (1, "1 more is in .names."), (300, "300 more are in .names.")]
)
def test_a_long_list_is_cut(more, told):
    """At most 200 names are shown, and it is said how many more there are and where."""
    names = tuple(f"name-{i}" for i in range(SHOWN_NAMES + more))
    result = SecretList(names, WHERE, notes=("A note.",))
    report = result.report()
    assert SHOWN_NAMES == 200
    assert [plain(name) for (name,) in report.table.rows] == list(names[:200])
    assert report.sentences == ((told,) if told else ()) + ("A note.",)
    assert report.headline.startswith(f"{200 + more} Docker registry secrets")
    assert len(result.to_dict()["names"]) == 200 + more


@pytest.mark.parametrize(
    ("known", "ends_within", "columns"),
    [((), None, 1), (KNOWN, None, 4), (KNOWN[:1], None, 4), ((stored("gone"),), None, 1), (KNOWN, 30, 4)],
)
def test_what_the_record_knows_has_columns(known, ends_within, columns):
    """Where the record knows a listed name there are columns, and a note on where they are from."""
    report = SecretList(LISTED.names, WHERE, 50, known=known, ends_within=ends_within).report()
    assert len(report.table.columns) == columns
    assert bool(report.notes) is (columns > 1)
    assert ("Someone else may have replaced a login since." in report.sentences) is (
        columns > 1 and ends_within is None
    )


@pytest.mark.parametrize(
    ("days", "names", "headline"),
    [
        (0, ["batch-ecr"], "1 of 6 secrets has a login that ends within 0 days"),
        (1, ["batch-ecr"], "1 of 6 secrets has a login that ends within 1 day"),
        (4, ["batch-ecr", "team-ghcr"], "2 of 6 secrets have a login that ends within 4 days"),
        (38, ["batch-ecr", "eval-two", "team-ghcr"], "3 of 6 secrets have a login that ends within 38 days"),
    ],
)
def test_those_that_end_within_some_days(days, names, headline):
    """Only those are shown that end in time; all names are in the data, and it is said what is not known."""
    result = dataclasses.replace(LISTED, ends_within=days)
    report = result.report()
    assert (report.headline, list(result.ending)) == (headline, names)
    assert [plain(row[0]) for row in report.table.rows] == names
    assert "For 3 secrets it is not known when a login ends." in report.sentences
    assert len(result) == len(result.to_dict()["names"]) == 6
    assert SecretList(("a",), WHERE, ends_within=days).report().table is None


def test_hidden_names_have_a_row_of_their_own():
    """A hidden name is in its place in the table with ends, too, and nothing is known of it."""
    hidden = (HiddenName(2, "looks like a GitHub token", "0a1b2c3d"),)
    rows = dataclasses.replace(LISTED, hidden=hidden).report().table.rows
    assert (len(rows), plain(rows[1][0])) == (7, f"{MASK}  position 2, looks like a GitHub token")
    assert plain(rows[1][1]) == plain(rows[-1][1]) == "not known: not stored from this machine"
