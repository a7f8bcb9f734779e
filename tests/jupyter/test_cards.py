"""A card is one piece of escaped HTML that reads in order even where style is dropped."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from aicore_magics.base.report import Code, Fact, Mark, Report, Step, Table
from aicore_magics.jupyter.cards import html_card

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
