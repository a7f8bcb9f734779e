from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.leaks.files.gitignore import IgnoreLine
from aicore_magics.leaks.files.search_paths import PassedOver
from aicore_magics.leaks.scan_result import Leak
from aicore_magics.leaks.scrub_result import Cleaned, Edit, Left, Scrubbed, ScrubPlan
from tests.leaks.samples import LEAK

EDIT = Edit("a.ipynb", (LEAK,), b"digest", ((7, 99, "REMOVED_GITHUB_TOKEN"),), Path("/f/a.ipynb"), b"after")
HISTORY = Leak("h.sqlite", "session 1, input 2", 0, "", 1, "jwt", "a JWT", "y = ***", "there")
RUNNING = PassedOver("b.ipynb", "is running")


def test_a_plan():
    """A plan shows each place with what becomes of it, what is refused, and what to do first."""
    plan = ScrubPlan(
        *((EDIT,), (HISTORY,), (RUNNING,), (IgnoreLine("f", "/k.json"),)),
        values=(Secret("x"),),
        paths=(".",),
    )
    assert plan.shown(NOTEBOOK).split("\n") == [
        "2 credentials to remove from 2 files.",
        "Nothing is changed yet.",
        "Revoke each of them first: removing it from a file does not make it secret again.",
        "Close a notebook that is open in Jupyter first, or reload it afterwards.",
        "Left alone: b.ipynb is running.",
        "  file      place                       text       becomes",
        '  a.ipynb   cell 3, source, line 2      x = "***"  REMOVED_GITHUB_TOKEN',
        "  h.sqlite  session 1, input 2, line 1  y = ***    REMOVED_JWT",
        "Next: revoke each one where it was created",
        "  a GitHub token: github.com",
        "  a JWT: there",
        "then carry out the plan",
        "  %aicore_notebook scrub . --write",
        "keep the new one in a variable, and store it with",
        "  %line",
        "keep out of git, in f/.gitignore",
        "  /k.json",
    ]
    assert plan.report().state == "refused"
    assert plan.histories == ("h.sqlite",)
    assert ScrubPlan((EDIT,)).report().state == "warning"


def test_a_plan_tells_no_lengths():
    """The data of a plan are ready for JSON, and hold neither values nor where a credential ends."""
    plan = ScrubPlan((EDIT,), values=(Secret("x"),))
    data = json.loads(json.dumps(plan.to_dict()))
    assert data["edits"] == [
        {"path": "a.ipynb", "leaks": [json.loads(json.dumps(data["edits"][0]["leaks"][0]))]}
    ]
    assert data.keys() == {
        "result",
        "edits",
        "refused",
        "ignore_lines",
        "unsearched",
        "in_histories",
        "left",
        "possible",
        "notes",
    }
    assert "99" not in f"{data}{plan!r}{EDIT!r}"


def test_nothing_to_do():
    """A plan for clean files says so in a sentence or two."""
    assert str(ScrubPlan(())) == "0 credentials to remove from 0 files. Nothing is changed yet."
    assert ScrubPlan(()).report().state == "done"
    assert str(Scrubbed(())) == "0 credentials removed from 0 files."


def test_what_was_done():
    """The result tells how much was taken out of what, and what was left alone."""
    done = Scrubbed((Cleaned("a.ipynb", 2),), (RUNNING,), leaks=(LEAK,))
    assert str(done).split("\n")[:6] == [
        "2 credentials removed from 1 file.",
        "Revoke each of them first: removing it from a file does not make it secret again.",
        "Left alone: b.ipynb is running.",
        "  file     result      credentials",
        "  a.ipynb  cleaned     2",
        "  b.ipynb  left alone  is running",
    ]
    assert done.report().state == "refused"
    assert json.loads(json.dumps(done.to_dict()))["cleaned"] == [{"path": "a.ipynb", "number": 2}]


def test_what_was_not_read_is_told():
    """What was not read stands in the headline of plan and result, and makes their state unknown."""
    unread = (PassedOver("big.ipynb", "is too large"), PassedOver("c.ipynb", "is no JSON", partly=True))
    plan = ScrubPlan((), unsearched=unread).report()
    assert plan.headline == "0 credentials to remove from 0 files; 1 not read, 1 read incompletely"
    assert plan.state == "unknown"
    assert ScrubPlan((EDIT,), unsearched=unread).report().state == "warning"
    result = Scrubbed((Cleaned("a.ipynb", 1),), unsearched=unread).report()
    assert result.headline == "1 credential removed from 1 file; 1 not read, 1 read incompletely"
    assert result.state == "unknown"
    refused = Scrubbed((), (RUNNING,), unsearched=unread).report()
    assert refused.headline == "1 file left alone; 1 not read, 1 read incompletely"
    assert refused.state == "refused"
    assert ScrubPlan((), refused=(RUNNING,)).report().headline == "1 file left alone"
    assert Scrubbed((Cleaned("a.ipynb", 1),)).report().state == "done"


def test_what_is_left_is_told_with_its_lines():
    """A part that could not be removed is named with its file and lines, before and after; and it fails."""
    edit = replace(EDIT, left=(3, 8, 9, 10, 11, 12))
    plan = ScrubPlan((edit, EDIT))
    done = Scrubbed((Cleaned("a.ipynb", 1),), left=plan.left)
    words = (
        "Not all removed: a.ipynb keeps part of a credential in lines 3, 8, 9, 10, 11 and 1 more of the file."
    )
    for result in (plan, done):
        assert words in str(result)
        assert result.report().state == "refused"
    assert "in line 4 of the file" in str(Scrubbed((), left=(Left("a.ipynb", (4,)),)))
    assert json.loads(json.dumps(plan.to_dict()))["left"] == [{"path": "a.ipynb", "lines": list(edit.left)}]
