import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.report import WIDTH, Code, Fact, Report, Step, Table, plain

TENANT = "Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
# The examples of the design's page on looks; the list is without the row that runs across its columns.
CREATED = """\
Secret team-ghcr created.
  registry  ghcr.io, user anna
  serves    ghcr.io/acme/churn:1.4 (key ghcr.io)
  checked   can be pulled: login accepted, linux/amd64, 412 MB
Next: name it in a template
  %aicore_template workflow churn-train --image ghcr.io/acme/churn:1.4 --secret team-ghcr …
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"""
CONNECTED = """\
Connected to tenant acme-dev.
  credentials     service key, file ~/.aicore/config.json, profile default
  API             https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2
  docker secrets  3 of 50 used"""
LISTED = """\
3 of 50 Docker registry secrets in tenant acme-dev.
  name        registry and user     stored       expires
  shared-hub  docker.io as acmebot  3 Jun 2026   does not expire
              quay.io as acme+pull
  team-ghcr   ghcr.io as anna       12 Sep 2026  29 Nov 2026, soon
Tenant acme-dev at api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"""
TEMPLATE = "%aicore_template workflow churn-train --image ghcr.io/acme/churn:1.4 --secret team-ghcr …"

EXAMPLES = [
    (
        CREATED,
        Report(
            "Secret team-ghcr created",
            "done",
            facts=(
                Fact("Registry", "ghcr.io, user anna"),
                Fact("Serves", (Code("ghcr.io/acme/churn:1.4"), " (key ", Code("ghcr.io"), ")")),
                Fact("Checked", "can be pulled: login accepted, linux/amd64, 412 MB"),
            ),
            steps=(Step("name it in a template", (TEMPLATE,)),),
            footer=TENANT,
        ),
    ),
    (
        CONNECTED,
        Report(
            "Connected to tenant acme-dev",
            "done",
            facts=(
                Fact("Credentials", "service key, file ~/.aicore/config.json, profile default"),
                Fact("API", Code("https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com/v2")),
                Fact("Token", "valid for 12 h", only="html"),
                Fact("Docker secrets", "3 of 50 used"),
            ),
        ),
    ),
    (
        LISTED,
        Report(
            "3 of 50 Docker registry secrets in tenant acme-dev",
            table=Table(
                ("Name", "Registry and user", "Stored", "Expires"),
                (
                    (Code("shared-hub"), "docker.io as acmebot", "3 Jun 2026", "does not expire"),
                    ("", ("quay.io", " as ", "acme+pull"), "", ""),
                    (Code("team-ghcr"), "ghcr.io as anna", "12 Sep 2026", "29 Nov 2026, soon"),
                ),
            ),
            footer=TENANT,
        ),
    ),
]


@pytest.mark.parametrize(("text", "report"), EXAMPLES, ids=["created", "connected", "listed"])
def test_the_examples_of_the_design(text, report):
    """The text of a report is what the design shows, letter by letter, whatever state it has."""
    assert str(report) == text
    assert str(dataclasses.replace(report, state="warning")) == text


def test_a_headline_alone():
    """A report needs no more than a headline, which ends in a full stop."""
    assert str(Report("Not connected to any tenant")) == "Not connected to any tenant."


@pytest.mark.parametrize("spare", [0, 1, -1])
def test_sentences_share_the_line_of_the_headline_where_they_fit(spare):
    """Headline and sentences stand on one line of at most 100 columns, else on a line each."""
    headline, first = "Secret team-ghcr created", "Nothing else was changed."
    second = (WIDTH - len(f"{headline}. {first} ") - spare) * "x"
    text = str(Report(headline, sentences=(first, second)))
    together, apart = f"{headline}. {first} {second}", f"{headline}.\n{first}\n{second}"
    assert text == (apart if spare < 0 else together)
    assert WIDTH == 100


def test_facts_stand_in_columns():
    """Labels are small but for abbreviations, values stand in one column; an empty label stays empty."""
    facts = (
        Fact("Registry", "ghcr.io"),
        Fact("", ("quay.io, key ", Code("q"))),
        Fact("API", "x"),
        Fact("URL id", ""),
    )
    assert str(Report("Done", facts=facts)).splitlines() == [
        "Done.",
        "  registry  ghcr.io",
        "            quay.io, key q",
        "  API       x",
        "  url id",
    ]


def test_facts_for_one_form_only():
    """A fact for cards alone leaves no trace in the text, not even in the width of its column."""
    with_clock = (Fact("Valid for how long", "11 h", only="html"), Fact("User", "anna", only="text"))
    assert str(Report("Done", facts=with_clock)) == "Done.\n  user  anna"


def test_a_table_of_one_column():
    """Where there is one column, its name would say nothing: the rows stand alone."""
    table = Table(("Name",), ((Code("shared-hub"),), (Code("team-ghcr"),)))
    assert str(Report("2 secrets", table=table)) == "2 secrets.\n  shared-hub\n  team-ghcr"


@pytest.mark.parametrize(
    ("columns", "text"), [(("Name",), "None."), (("Name", "User"), "None.\n  name  user")]
)
def test_an_empty_table(columns, text):
    """A table without rows is no more than its header."""
    assert str(Report("None", table=Table(columns, ()))) == text


def test_a_row_has_all_its_columns():
    """A row with a cell too few is a mistake of ours, and not hidden."""
    with pytest.raises((IndexError, ValueError)):
        str(Report("Done", table=Table(("Name", "User"), (("a",),))))


def test_only_the_first_step_is_next():
    """The first thing to do says Next, the others follow it; lines to copy stand alone, unwrapped."""
    long = "%aicore_docker_secret " + 200 * "x"
    steps = (
        Step("use it in a WorkflowTemplate", ("spec:", "  imagePullSecrets:"), "yaml"),
        Step("or look again", (long,)),
    )
    assert str(Report("Done", steps=steps, footer=TENANT)).splitlines() == [
        "Done.",
        "Next: use it in a WorkflowTemplate",
        "  spec:",
        "    imagePullSecrets:",
        "or look again",
        f"  {long}",
        TENANT,
    ]


def test_nothing_in_a_report_moves_other_text():
    """What a foreign file or server put into a name is written out wherever in the report it stands."""
    bad, told = "a\x1b[2J\n\u202e", r"a\x1b[2j\n\u202e"
    report = Report(
        bad,
        sentences=(bad,),
        facts=(Fact(bad, (bad, Code(bad))),),
        table=Table((bad, bad), ((bad, Code(bad)),)),
        steps=(Step(bad, (bad,)),),
        footer=bad,
    )
    text = str(report)
    assert text.lower().count(told) == 12
    assert {c for c in text if not c.isprintable()} == {"\n"}
    assert len(text.splitlines()) == 7


def test_what_need_not_be_said():
    """A report is of no state, a fact for both forms and a step a command, unless something else was said."""
    assert (Report("a").state, Fact("a", "b").only, Step("a", ()).kind) == ("", "", "command")


def test_code_is_text():
    """What is shown in monospace is a str like any other in the text."""
    assert plain(("key ", Code("ghcr.io"), "")) == "key ghcr.io"
    assert plain(Code("ghcr.io")) == "ghcr.io"
    assert not hasattr(Code("a"), "__dict__")


WORDS = st.text(st.sampled_from("abc xyz.:-_/äß"), min_size=1).map(str.strip).filter(bool)
REPORTS = st.builds(
    Report,
    headline=WORDS,
    state=st.sampled_from(["done", "refused", "unknown", "warning", "hint", ""]),
    sentences=st.lists(WORDS, max_size=3).map(tuple),
    facts=st.lists(st.builds(Fact, WORDS, WORDS, only=st.sampled_from(["", "text"])), max_size=4).map(tuple),
    table=st.none()
    | st.builds(Table, st.just(("Name", "User")), st.lists(st.tuples(WORDS, WORDS)).map(tuple)),
    steps=st.lists(st.builds(Step, WORDS, st.lists(WORDS, max_size=2).map(tuple)), max_size=3).map(tuple),
    footer=WORDS | st.just(""),
)


@given(REPORTS)
def test_every_report_says_all_it_holds_in_its_order(report):
    """Headline, sentences, facts, table, steps and tenant come in this order, and nothing is left out."""
    text, seen = str(report), 0
    pieces = [
        report.headline,
        *report.sentences,
        *(fact.value for fact in report.facts),
        *(cell for row in (report.table.rows if report.table else ()) for cell in row),
        *(piece for step in report.steps for piece in (step.what, *step.lines)),
        report.footer,
    ]
    for piece in pieces:
        assert piece in text[seen:]
        seen = text.index(piece, seen) + len(piece)
    assert text.endswith(report.footer)
    assert all(line == line.rstrip() for line in text.splitlines())
    assert text.count("\nNext: ") == bool(report.steps)


@pytest.mark.parametrize("value", [EXAMPLES[0][1], Fact("a", "b"), Step("a", ()), Table(("a",), ())])
def test_reports_are_values(value):
    """What was said is not changed afterwards."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(value, dataclasses.fields(value)[0].name, "else")


def test_what_stands_in_a_file_keeps_its_case():
    """A label is in small letters in text, but for an abbreviation, and for a place in a file."""
    facts = (Fact("Registry", "a"), Fact("API", "b"), Fact(Code("Serve.yaml:1:2"), "c"))
    lines = str(Report("Done", facts=facts)).splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["registry", "API", "Serve.yaml:1:2"]


@pytest.mark.parametrize("many", [11, 12, 50, 200])
def test_many_names_stand_side_by_side(many):
    """From a dozen on, names alone are in columns that are read downwards; none is lost or too wide."""
    names = [f"team-{i}{'-long' * (i % 7)}" for i in range(many)]
    report = Report("Names", table=Table(("Name",), tuple((name,) for name in names)))
    lines = str(report).splitlines()[1:]
    assert all(len(line) <= WIDTH for line in lines)
    rows = [line.split() for line in lines]
    columns = [[row[i] for row in rows if i < len(row)] for i in range(len(rows[0]))]
    assert [name for column in columns for name in column] == names
    assert (len(lines) == many) is (many == 11)


def test_one_name_may_be_wider_than_a_line():
    """A very long name stands alone, whole."""
    names = ["a" * 150, *(f"b{i}" for i in range(20))]
    lines = str(Report("Names", table=Table(("Name",), tuple((name,) for name in names)))).splitlines()[1:]
    assert [line.strip() for line in lines] == names
