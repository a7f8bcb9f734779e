"""The table of ends: no name is ever left out, and each bar is as long as it may be."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.actions.ends_table import MOST_ROWS, one_each, table_of_ends
from aicore_magics.base.report import Bar, Code, Report, plain
from aicore_magics.jupyter.cards import html_card
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from tests.actions.ends_examples import DUE_8, DUE_50, DUE_MIXED, EIGHT, FIFTY, NOW, PROD, WHERE, ends, login
from tests.jupyter.test_cards import Reader

DAY = timedelta(days=1)
HOME = (WHERE.tenant, WHERE.host)


def drawn(rows):
    return [row[2] for row in table_of_ends(rows, NOW).rows]


def said(rows):
    """The cells of each row in text."""
    return [tuple(map(plain, row)) for row in table_of_ends(rows, NOW, HOME).rows]


def test_the_html_is_that_of_the_design():
    """A row has its name, its end, and from when on to replace it; the bar is hidden from screen readers."""
    left = 'style="text-align:left"'
    row = (
        f'<tr><th scope="row" {left}><span class="nw"><code>train-gitlab</code></span></th>'
        f'<td class="nw" {left}>in 38 days, 6 Jan 2027</td>'
        f'<td {left}><span class="fr">13 Dec</span> <span class="br" aria-hidden="true">'
        '<i style="width:15.6%"></i><b style="left:15.6%;width:26.7%"></b></span></td></tr>'
    )
    head = (
        f'<th scope="col" {left}><span class="fr">Replace from</span> '
        '<span class="ax" aria-hidden="true"><i></i><i></i><i></i></span></th>'
    )
    html = html_card(DUE_8.report())
    assert '<table class="ls tl en"><thead>' in html
    assert head in html
    assert row in html


@pytest.mark.parametrize(
    ("expiry", "bar"),
    [
        (ends(-1), "<b></b>"),
        (ends(0.001), '<b style="left:0.0%;width:0.0%"></b>'),
        (ends(9), '<b style="left:0.0%;width:10.0%"></b>'),
        (ends(59), '<i style="width:50.0%"></i><b style="left:50.0%;width:15.6%"></b>'),
        (ends(90), '<i style="width:84.4%"></i><b style="left:84.4%;width:15.6%"></b>'),
        (ends(91), '<i style="width:85.6%"></i><b class="far" style="left:85.6%;width:14.4%"></b>'),
        (ends(104), '<i style="width:100.0%"></i>'),
        (ends(9000), '<i style="width:100.0%"></i>'),
        (Expiry(endless=True), '<i style="width:100.0%"></i>'),
        (NOT_KNOWN, ""),
    ],
)
def test_each_bar(expiry, bar):
    """Thin until it is time to replace the login, then thick, and a tick where it ends within 90 days."""
    html = html_card(Report("x", table=table_of_ends([login("a", expiry)], NOW)))
    found = re.search(r'<span class="br" aria-hidden="true">(.*?)</span>', html)
    assert (found[1] if found else "") == bar.replace(' style="left:0.0%;width:0.0%"', "")


def test_fifty_logins_share_rows():
    """Of more than twenty, those of a day share a row; what is later, endless or unknown has one each."""
    rows = said(FIFTY)
    assert [row[1] for row in rows[:3]] == ["expired", "2 Dec 2026, soon", "8 Dec 2026, soon"]
    assert [row[1] for row in rows[-3:]] == ["first 3 Apr 2027", "do not end", "not known"]
    assert len(rows) == 12 < len(DUE_50.rows)
    assert len(said(FIFTY[:MOST_ROWS])) == MOST_ROWS
    assert rows[0][0] == "team-01, team-02"


def test_weeks_where_days_are_too_many():
    """Where each day has a login of its own, those of a week share a row, and it says which is the first."""
    rows = said([login(f"a-{i:02}", ends(i + 0.5)) for i in range(80)])
    assert len(rows) <= MOST_ROWS
    assert (rows[3][1], rows[-1][1]) == ("first 20 Dec 2026", "first 14 Feb 2027")


def test_names():
    """A row has as much of the name as it takes: tenant, registry, user; equal fingerprints are one login."""
    names = [row[0] for row in said(DUE_MIXED.rows)]
    assert names == [
        "batch-ecr, acme-dev",
        "team-ghcr, acme-prod",
        "service key of acme-dev",
        "team-ghcr, acme-dev",
        "vision-acr, acme-dev",
        "shared-hub at quay.io, acme-dev",
        "eval-a, eval-b in acme-dev",
        "train-gitlab, acme-dev",
        "shared-hub at docker.io, acme-dev",
    ]
    users = [login("a", ends(1), username="anna"), login("a", ends(2), username="bob")]
    assert [row[0] for row in said(users)] == ["a at ghcr.io as anna", "a at ghcr.io as bob"]
    hosts = [login("a", ends(1)), login("a", ends(2), host=PROD)]
    assert [row[0] for row in said(hosts)][1] == f"a, acme-dev at {PROD}"


def test_a_name_is_in_one_piece():
    """No line begins with a comma, and no name is torn."""
    html = html_card(DUE_50.report())
    assert (
        '<span class="nw"><code>team-01</code>,</span> <span class="nw"><code>team-02</code></span>' in html
    )


NAMES = st.from_regex(r"[a-z][a-z0-9-]{1,12}[a-z0-9]", fullmatch=True)
ENDS = st.one_of(
    st.just(NOT_KNOWN),
    st.just(Expiry(endless=True)),
    st.builds(ends, st.integers(-400, 400), st.none() | st.integers(0, 400)),
    st.builds(Expiry, st.floats(-1, 120).map(lambda days: NOW + days * DAY)),
)
ROWS = st.lists(
    st.builds(
        login,
        NAMES | st.just(""),
        ENDS,
        tenant=st.sampled_from(["acme-dev", "acme-prod", "later"]),
        host=st.sampled_from(["api.a", "api.b"]),
        registry=st.sampled_from(["ghcr.io", "quay.io", ""]),
        fingerprint=st.sampled_from(["", "", "f1"]),
    ),
    max_size=90,
)


@given(ROWS)
def test_no_name_is_ever_left_out(rows):
    """Every secret and service key is in the text and on the card; each bar is within its line."""
    table = table_of_ends(rows, NOW)
    report = Report("x", table=table)
    reader = Reader()
    reader.feed(html_card(report))
    card, text = "".join(reader.text), str(report)
    for row in rows:
        name = row.secret or f"service key of {row.tenant}"
        assert name in card
        assert name in text
    named = [piece for row in table.rows for piece in row[0].card if isinstance(piece, Code)]
    assert sorted(named) == sorted(row.secret for row in rows if row.secret)
    for *_, bar in table.rows:
        assert isinstance(bar, Bar)
        assert 0 <= bar.thin <= 100
        assert 0 <= bar.thick <= 100
        assert bar.thin + bar.thick <= 100.001
    for width in re.findall(r"(?:width|left):([^;%]*)%", html_card(report).partition("</style>")[2]):
        assert re.fullmatch(r"\d{1,3}\.\d", width)
        assert float(width) <= 100
    assert len(table.rows) <= len(one_each(rows))


@given(ROWS)
def test_rows_are_in_their_order(rows):
    """What has an end comes first, in its order; then what does not end, then what is not known."""
    logins = [each[0] for each in one_each(rows)]
    ranks = [{"does not end": 1, "not known": 2}.get(row.state, 0) for row in logins]
    times = [row.expiry.ends for row in logins if row.expiry.ends]
    assert ranks == sorted(ranks)
    assert times == sorted(times)


def test_a_row_of_its_own_up_to_twenty():
    """Eight logins are eight rows, whatever their order was."""
    assert said(EIGHT) == said(EIGHT[::-1])
    assert len(drawn(EIGHT)) == len(EIGHT)
