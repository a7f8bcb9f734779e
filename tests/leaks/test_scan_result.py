from __future__ import annotations

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.leaks.files.gitignore import IgnoreLine
from aicore_magics.leaks.files.search_paths import PassedOver
from aicore_magics.leaks.scan_result import SHOWN_LEAKS, Leak, LeaksFound
from tests.leaks.samples import LEAK


def test_the_report():
    """The report gives counts, what to do first, each place, and the steps in their order."""
    same = Leak(
        "a.ipynb",
        "output 1",
        3,
        "",
        1,
        "same-value",
        "the same value as in another place",
        "***",
        "see there",
    )
    found = LeaksFound(
        *((LEAK, same), 4, 1, (PassedOver("b.ipynb", "is a folder"),), (IgnoreLine("f", "/k.json"),)),
        paths=("a.ipynb", "my folder"),
    )
    assert found.shown(NOTEBOOK).split("\n") == [
        "2 credentials in 1 of 4 files; 1 not read.",
        "Revoke each of them first: removing it from a file does not make it secret again.",
        "Not searched: b.ipynb is a folder.",
        "1 file that git ignores: not searched.",
        "  file     place                     kind                                text",
        '  a.ipynb  cell 3, source, line 2    a GitHub token                      x = "***"',
        "  a.ipynb  cell 3, output 1, line 1  the same value as in another place  ***",
        "Next: revoke each one where it was created",
        "  a GitHub token: github.com",
        "remove them from the notebooks",
        "  %aicore_notebook scrub a.ipynb 'my folder'",
        "keep the new one in a variable, and store it with",
        "  %line",
        "keep out of git, in f/.gitignore",
        "  /k.json",
    ]
    assert found.report().state == "warning"


def test_nothing_found():
    """Where nothing was found that is one sentence, and its state is done."""
    assert str(LeaksFound((), 1)) == "No known credentials found in 1 file."
    assert LeaksFound((), 1).report().state == "done"
    assert LeaksFound((), 1).all_read


def test_nothing_to_search():
    """Where there was no file to search, that is not called a search without credentials."""
    assert str(LeaksFound((), 0)) == "Nothing to search: no notebook, no settings."
    assert LeaksFound((), 0).report().state == "hint"


UNREAD, IN_PART = PassedOver("b", "is too large"), PassedOver("c", "is no JSON", partly=True)


@pytest.mark.parametrize(
    ("unsearched", "told"),
    [
        ((UNREAD,), "1 not read"),
        ((UNREAD, UNREAD), "2 not read"),
        ((IN_PART,), "1 read incompletely"),
        ((UNREAD, IN_PART), "1 not read, 1 read incompletely"),
    ],
)
def test_not_all_was_read(unsearched, told):
    """What was not read stands in the headline, and without leaks the state is unknown: it may hold some."""
    nothing = LeaksFound((), 3, unsearched=unsearched)
    assert nothing.report().headline == f"Scan not complete: {told}; no known credentials found in 3 files"
    assert (nothing.report().state, nothing.all_read) == ("unknown", False)
    some = LeaksFound((LEAK,), 3, unsearched=unsearched)
    assert some.report().headline == f"1 credential in 1 of 3 files; {told}"
    assert some.report().state == "warning"


def test_settings_alone_are_not_scrubbed():
    """Where only settings hold a credential, no notebook is said to be cleaned."""
    leak = Leak("k.json", "", 0, "", 1, "client-secret", "an XSUAA client secret", "***", "cockpit")
    text = str(LeaksFound((leak,), 1))
    assert "scrub" not in text
    assert "k.json  line 1  an XSUAA" in text


def test_long_results_are_cut():
    """Of many credentials and files not searched the first are shown, and it is told where the others are."""
    found = LeaksFound((SHOWN_LEAKS + 3) * (LEAK,), 1, unsearched=30 * (PassedOver("b", "is a folder"),))
    text = str(found)
    assert "3 more are in .leaks and .possible." in text
    assert "10 more are in .unsearched." in text
    assert text.count("cell 3") == SHOWN_LEAKS
