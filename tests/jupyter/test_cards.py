"""A card is one piece of escaped HTML that reads in order even where style is dropped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from aicore_magics.base.report import Bar, Code, Fact, Lines, Mark, Report, Said, Step, Table
from aicore_magics.jupyter.cards import html_card
from aicore_magics.next_steps import do

NASTY = "<img src=x onerror=alert(1)>\"'&\x1b[31m\u202e"


class Reader(HTMLParser):
    """What is left without style: text in order, and the tags."""

    def __init__(self):
        super().__init__()
        self.text, self.tags, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def read(report):
    reader = Reader()
    reader.feed(html_card(report))
    assert reader.open == []
    return reader


def full(text=NASTY):
    return Report(
        text,
        "warning",
        (text,),
        (
            Fact(text, (text, Code(text))),
            Fact("Seen", "html", only="html"),
            Fact("Unseen", "text", only="text"),
        ),
        Table((text, "b"), ((Code(text), text),)),
        (Step(text, (text,)), Step(text, (text,), "yaml")),
        text,
    )


def test_every_value_is_escaped():
    """Whatever stands in a result, the card holds no tag or attribute that is not its own."""
    reader = read(full())
    known = {
        "style",
        "div",
        "p",
        "span",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "pre",
    }
    assert {tag for tag, _ in reader.tags} == known
    assert {name for _, attrs in reader.tags for name in attrs} <= {
        "class",
        "role",
        "aria-hidden",
        "scope",
        "style",
    }
    assert "\x1b" not in html_card(full())
    assert "\u202e" not in html_card(full())


def test_order_of_reading_is_order_of_meaning():
    """Without any style: headline, sentence, facts, next steps, tenant."""
    report = Report(
        "Secret team-ghcr created",
        "done",
        ("One sentence.",),
        (Fact("Registry", "ghcr.io"),),
        steps=(Step("name it", ("%aicore_docker_secret show team-ghcr",)),),
        footer="Tenant acme-dev at api.ai",
    )
    words = re.sub(r"\s+", " ", " ".join(read(report).text)).strip()
    assert words == (
        "✓ Secret team-ghcr created One sentence. Registry ghcr.io "
        "Next: name it %aicore_docker_secret show team-ghcr Tenant acme-dev at api.ai"
    )


def test_a_command_is_copied_as_one_line():
    """The words of a command may wrap between them, never inside, and copy as one line."""
    html = html_card(Report("x", steps=(Step("run", ("%a --image ghcr.io/acme/churn:1.4",)),)))
    pre = re.search(r"<pre>(.*?)</pre>", html)[1]
    assert re.sub(r"<[^>]+>", "", pre) == "%a --image ghcr.io/acme/churn:1.4"
    assert pre.count('<span class="nw">') == 3


def test_state_is_a_ring_and_a_word_and_has_a_role():
    """Errors are announced as alerts, results as status; the glyph itself is not read out."""
    for state, kind, glyph, role in (
        ("done", "ok", "✓", "status"),
        ("refused", "er", "✕", "alert"),
        ("unknown", "wn", "?", "alert"),
    ):
        tags = read(Report("x", state)).tags
        assert ("span", {"class": f"g {kind}", "aria-hidden": "true"}) in tags
        assert ("p", {"class": "hd", "role": role}) in tags
        assert glyph in html_card(Report("x", state))


def test_dollars_are_not_typeset():
    """Robot accounts have dollars in their names; the card opts out of MathJax."""
    assert '<div class="aic mathjax_ignore">' in html_card(Report("robot$a and robot$b"))


def test_a_card_is_small():
    """A card carries its own style; both together stay under five kilobytes."""
    assert len(html_card(full("short")).encode()) < 5_000


def test_forms_differ_only_where_they_say():
    """A fact for one form does not show in the other."""
    assert "Seen" in html_card(full())
    assert "Unseen" not in html_card(full())
    assert "unseen" in str(full())
    assert "seen  " not in str(full()).replace("unseen", "")


def test_what_is_to_be_read_at_once():
    """A refusal interrupts a screen reader, and so does whatever is said to be as urgent."""
    assert 'role="alert"' in html_card(Report("No", "refused"))
    assert 'role="status"' in html_card(Report("Sure?", "warning"))
    assert 'role="alert"' in html_card(Report("Sure?", "warning"), alert=True)


def test_a_word_without_a_state_has_no_ring():
    """What is as it should be stands in a table as the word alone."""
    report = Report("Done", table=Table(("File", "Result"), ((Code("a.yaml"), Mark("already correct", "")),)))
    assert '<td class="bk" style="text-align:left">already correct</td>' in html_card(report)


def test_many_names_are_a_list():
    """A long table with one column is a list, which the style puts in columns; every name is escaped."""
    reader = read(Report("Names", table=Table(("Name",), ((Code(NASTY),),) * 12)))
    assert [tag for tag, _ in reader.tags].count("li") == 12
    assert "table" not in dict(reader.tags)
    assert read(Report("Names", table=Table(("Name",), ((Code(NASTY),),) * 11))).tags.count(("li", {})) == 0


def test_a_note_is_muted_and_has_its_command_inside():
    """A note is a sentence after the table; what is to be done in it stands in monospace, not as a block."""
    report = Report("x", notes=(("If you know it: ", do("show", name="a")), NASTY), footer="Tenant")
    html = html_card(report)
    inline = '<p class="lg q">If you know it: <code>%aicore_docker_secret show a</code></p>'
    assert inline in html
    assert html.index(inline) < html.index("Tenant</p>")
    assert str(report).splitlines()[1] == 'If you know it: show_docker_secret(tenant, "a")'


def test_more_style_goes_with_the_cards_that_need_it():
    """Notes and tables of ends bring their style; no other card grows by it."""
    ends = Table(("Login", "Ends", "From"), ((Code("a"), "b", Bar("c", 1, 2)),), kind="ends")
    plain, noted, ended = Report("x"), Report("x", notes=("y",)), Report("x", table=ends)
    assert [".aic .br" in html_card(report) for report in (plain, noted, ended)] == [False, True, True]
    assert len(html_card(noted)) - len(html_card(plain)) < 2_000


def test_a_cell_of_several_lines():
    """Lines stand below one another in both forms, each with its ring; a short one is never broken."""
    cell = Said(Lines((Mark((Code("a"), " ends"), "warning"), "b" * 30)), Lines(("c", "d")))
    report = Report("x", facts=(Fact("Due", cell),), table=Table(("A", "B"), (("e", cell), ("f", "g"))))
    ring = '<span class="g sm wn" aria-hidden="true">!</span> <code>a</code> ends'
    html = html_card(report)
    assert f'<td style="text-align:left">{ring}<br>{"b" * 30}</td>' in html
    assert f'<td class="bk" style="text-align:left"><span class="nw">{ring}</span><br>{"b" * 30}</td>' in html
    assert str(report) == "x.\n  due  c\n       d\n  a  b\n  e  c\n     d\n  f  g"


def test_a_long_name_may_be_broken_beside_dates():
    """A name that would leave no room for the other columns is broken."""
    rows = ((Code("a" * 25), Said("b", "b")), (Code("a" * 24), Said("b", "b")), (Code("a" * 25), "b"))
    html = html_card(Report("x", table=Table(("A", "B"), rows)))
    assert re.findall(r'<th scope="row" class="(\w+)"', html) == ["bk", "nw", "nw"]


def test_a_table_of_steps():
    """What runs spins and is strong, what waits is pale, all else is plain; without style the words stay."""
    rows = tuple(
        (Mark((Code(word), ", acme"), state), word, said)
        for state, word, said in (
            ("done", "replaced", "it is there"),
            ("running", "testing", "ghcr.io"),
            ("waiting", "waiting", ""),
        )
    )
    report = Report("x", table=Table(("Secret", "State", "What shows it"), rows, kind="steps"))
    html = html_card(report)
    assert '<table class="ls tl">' in html
    found = re.findall(r"<tr><th scope=\"row\".*?</tr>", html)
    assert ["strong" in row for row in found] == [False, True, False]
    assert ['class="q"' in row for row in found] == [False, False, True]
    assert [re.search(r'class="g sm ?(\w*)"', row)[1] for row in found] == ["ok", "run", ""]
    assert "@keyframes" in html
    text = "".join(read(report).text)
    assert "✓ replaced, acmereplacedit is there" in text
    assert "· waiting, acmewaiting" in text


def test_what_only_a_card_says():
    """A sentence with a time has one form for each; what is as of now is on the card alone."""
    report = Report("x", sentences=(Said("in 4 days.", "on 3 Dec."),), as_of=("As of 14:07. ", do("list")))
    html = html_card(report)
    assert "in 4 days." in html
    assert "As of 14:07. <code>%aicore_docker_secret list</code>" in html
    assert str(report) == "x. on 3 Dec."


def test_a_quiet_card():
    """What a screen reader has said before it is not told again."""
    report = Report("x", "refused")
    assert 'role="alert"' in html_card(report)
    assert "role=" not in html_card(report, quiet=True)


def test_a_line_more_of_a_fact_has_no_header():
    """A header without words would be read out as one."""
    html = html_card(Report("x", facts=(Fact("Tested", "a"), Fact("", "b"))))
    assert html.count("<th ") == 1
