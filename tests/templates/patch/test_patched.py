import json

import pytest

from aicore_magics.base.report import Mark
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.patch.patched import DEPLOY_ANEW, FilePatched, TemplatesPatched

WOULD = FilePatched("a.yaml", "changed", "--- a.yaml\n+++ a.yaml\n@@ -1 +1 @@\n-x\n+y")
CHANGED = FilePatched("a.yaml", "changed", WOULD.diff, written=True)
ALREADY = FilePatched("b.yaml", "already")
REFUSED = FilePatched("c.yaml", "refused", reason="it is no YAML", fix="fix it first.", line=3, column=7)


def test_what_would_change_is_shown_and_said_not_to_be_done():
    """Without a write: what would change, that nothing was, and the differences with how to write them."""
    assert str(TemplatesPatched("team-ghcr", (WOULD,))).split("\n") == [
        "1 file would change. No file was changed.",
        "  file    result",
        "  a.yaml  would change",
        "Next: review it",
        *("  --- a.yaml", "  +++ a.yaml", "  @@ -1 +1 @@", "  -x", "  +y"),
        "then write it",
        '  patch_template(["a.yaml"], "team-ghcr", write=True)',
    ]


@pytest.mark.parametrize(
    ("secret", "files", "said"),
    [
        ("team-ghcr", (WOULD,), "then write it\n  %aicore_template patch a.yaml --secret team-ghcr --write"),
        ("", (WOULD,), "then write it\n  %aicore_template patch a.yaml --remove --write"),
        ("team-ghcr", 6 * (WOULD,), "Next: review it, then add --write\n"),
    ],
)
def test_the_line_that_writes(secret, files, said):
    """What writes a few files is a line to copy; of many, the option that was left out is named."""
    assert said in TemplatesPatched(secret, files).shown(NOTEBOOK)


def test_what_was_changed_is_told_file_by_file():
    """After a write: how many files changed, and each with its outcome, reason and place."""
    done = TemplatesPatched("team-ghcr", (CHANGED, ALREADY, REFUSED), to_write=True)
    assert str(done).split("\n") == [
        "1 file changed, 1 refused, 1 names team-ghcr already.",
        "  file        result           remark",
        "  a.yaml      changed",
        "  b.yaml      already correct",
        "  c.yaml:3:7  refused          It is no YAML. Fix it first.",
    ]


@pytest.mark.parametrize(
    ("files", "secret", "headline"),
    [
        ((ALREADY,), "team-ghcr", "1 file names team-ghcr already"),
        ((ALREADY, ALREADY), "team-ghcr", "2 files name team-ghcr already"),
        ((ALREADY, ALREADY), "", "2 files name no secret already"),
        ((REFUSED,), "", "1 file refused"),
        ((CHANGED, CHANGED), "", "2 files changed"),
        ((), "", "No templates: 12 files read, none is a WorkflowTemplate or ServingTemplate"),
    ],
)
def test_the_headline_counts(files, secret, headline):
    """The headline counts files by what became of them, in plain words."""
    report = TemplatesPatched(secret, files, to_write=True, passed_over=12).report()
    assert report.headline == headline


@pytest.mark.parametrize(
    ("files", "write", "state", "ok"),
    [
        ((CHANGED, ALREADY), True, "done", True),
        ((ALREADY,), False, "done", True),
        ((WOULD, ALREADY), False, "hint", True),
        ((CHANGED, REFUSED), True, "warning", False),
        ((REFUSED, REFUSED), True, "refused", False),
        ((FilePatched("a", "already", notes=("Line 3: x.",)),), True, "warning", True),
        ((), False, "hint", True),
    ],
)
def test_the_state_is_that_of_the_whole(files, write, state, ok):
    """Done only if all is well, refused only if nothing is, a warning in between."""
    done = TemplatesPatched("team-ghcr", files, to_write=write)
    assert (done.report().state, done.ok) == (state, ok)


def test_running_deployments_are_spoken_of():
    """After a ServingTemplate was written, it is said that running deployments keep what they have."""
    serving = FilePatched("a.yaml", "changed", "x", written=True, serving=True)
    assert DEPLOY_ANEW in TemplatesPatched("x1", (serving,), to_write=True).report().sentences
    assert DEPLOY_ANEW not in TemplatesPatched("x1", (CHANGED,), to_write=True).report().sentences


def test_a_long_diff_is_cut():
    """Of many lines the first 200 are shown, and it is said that there are more."""
    long = FilePatched("a.yaml", "changed", "\n".join(f"+{i}" for i in range(500)))
    lines = TemplatesPatched("x1", (long,)).report().steps[0].lines
    assert (len(lines), lines[-1]) == (201, "(and 300 more lines, in .files)")


def test_each_file_has_a_ring():
    """In a card, each outcome is a word with its ring."""
    table = TemplatesPatched("x1", (WOULD, CHANGED, ALREADY, REFUSED)).report().table
    assert [row[1] for row in table.rows] == [
        Mark("would change", "hint"),
        Mark("changed", "done"),
        Mark("already correct", ""),
        Mark("refused", "refused"),
    ]


def test_it_is_data():
    """The result is plain data, ready for JSON."""
    done = TemplatesPatched("team-ghcr", (CHANGED, REFUSED), to_write=True)
    data = json.loads(json.dumps(done.to_dict()))
    assert (data["result"], data["ok"], data["secret"]) == ("TemplatesPatched", False, "team-ghcr")
    assert [file["state"] for file in data["files"]] == ["changed", "refused"]
    assert data["files"][1]["line"] == 3
