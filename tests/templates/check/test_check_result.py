import json

import pytest

from aicore_magics.base.report import Code, Line, Mark
from aicore_magics.base.result import Where
from aicore_magics.next_steps import do
from aicore_magics.templates.catalogue.identity import NAME_DOTS
from aicore_magics.templates.catalogue.pulling import IMAGE_TAG, SECRET_PLACE
from aicore_magics.templates.check.check_result import SHOWN_ERRORS, SHOWN_FINDINGS, TemplatesChecked
from aicore_magics.templates.check.text import TemplateRead
from aicore_magics.templates.finding import Finding

PLACE = Finding(
    SECRET_PLACE,
    "imagePullSecrets is at the outer spec, AI Core reads predictor",
    do("patch", file="FILE", secret="team-ghcr"),
).at("serve.yaml", 24, 9)
TAG = Finding(
    IMAGE_TAG,
    "churn:latest can change under a running deployment",
    "use a version or a digest",
).at("serve.yaml", 33, 18)
HINT = Finding(NAME_DOTS, "dots may be refused", "write a-b").at("a.yaml", 4, 9)
READ = tuple(TemplateRead(f"churn-{file}", "ServingTemplate", f"{file}.yaml", 4, 9) for file in "abcd")
SERVE = TemplateRead("churn", "ServingTemplate", "serve.yaml", 4, 9)
WHERE = Where("acme-dev", "api.ai.example.com")


def test_the_text_form_is_that_of_the_design():
    """A headline with counts, then each finding with place, severity and message, and its fix below."""
    done = TemplatesChecked((PLACE, TAG), (*READ, SERVE), 5, ("templates/",), WHERE)
    assert repr(done).split("\n") == [
        "1 error, 1 warning in 1 of 5 files. No file was changed.",
        f"  serve.yaml:24:9   error    {PLACE.message} (secret-place)",
        '                             fix: patch_template("serve.yaml", "team-ghcr", write=True)',
        "  serve.yaml:33:18  warning  churn:latest can change under a running deployment (image-tag)",
        "                             fix: use a version or a digest",
        "Tenant acme-dev at api.ai.example.com",
    ]


def test_without_findings_the_templates_are_counted():
    """Nothing found is said in one line."""
    assert repr(TemplatesChecked((), (*READ, SERVE), 5)) == "5 templates, no findings."
    assert repr(TemplatesChecked((), (SERVE,), 5)) == "1 template, no findings."


def test_without_templates_it_is_told_where_was_looked():
    """How many files were read, and that none is a template."""
    none = "No templates in templates/: 12 files read, none is a WorkflowTemplate or ServingTemplate."
    assert repr(TemplatesChecked((), (), 12, ("templates/",))) == none
    empty = TemplatesChecked((), (), 0, ("a/", "b/"))
    assert repr(empty) == "No templates in a/, b/: there is no YAML file."


def test_one_file_is_called_by_its_name():
    """Of a single file, the headline does not count files."""
    assert repr(TemplatesChecked((TAG,), (SERVE,), 1)).startswith("1 warning in serve.yaml. No file")


@pytest.mark.parametrize(
    ("findings", "ok", "state"),
    [
        ((), True, "done"),
        ((HINT,), True, "hint"),
        ((HINT, TAG), True, "warning"),
        ((PLACE,), False, "refused"),
    ],
)
def test_only_an_error_is_not_ok(findings, ok, state):
    """Warnings and hints leave it fine; the ring is that of the worst."""
    done = TemplatesChecked(findings, (SERVE,), 1)
    assert done.ok is ok
    assert done.report().state == state
    assert all(one.severity == "error" for one in done.errors)


def test_the_card_has_a_row_for_each_finding():
    """Severity with its ring, then place, message with its rule, and fix; a command can be copied."""
    table = TemplatesChecked((PLACE, TAG), (SERVE,), 1).report().table
    assert table.only == "html"
    first, second = table.rows
    assert first[0] == Mark("Error", "refused")
    assert first[1] == (
        Code("serve.yaml:24:9"),
        Line(f"{PLACE.message} ("),
        Code("secret-place"),
        ")",
        Line("fix:"),
        PLACE.fix,
    )
    assert second[1][-1] == "fix: use a version or a digest"


def test_very_many_findings_are_cut():
    """The first 200 are shown, the others are in the data."""
    done = TemplatesChecked((TAG,) * (SHOWN_FINDINGS + 3), (SERVE,), 1)
    assert len(done.report().table.rows) == SHOWN_FINDINGS
    assert "3 more are in .findings." in repr(done)
    assert "1 more is in .findings." in repr(TemplatesChecked((TAG,) * (SHOWN_FINDINGS + 1), (SERVE,), 1))


def test_notes_are_told():
    """What the check could not do is said beside what it found."""
    assert repr(TemplatesChecked((), (SERVE,), 1, notes=("Not connected.",))).endswith("Not connected.")


def test_the_result_is_data():
    """It goes through JSON, with everything that was found."""
    data = json.loads(json.dumps(TemplatesChecked((PLACE,), (SERVE,), 1, ("a/",), WHERE).to_dict()))
    assert data["result"] == "TemplatesChecked"
    assert data["ok"] is False
    assert data["findings"][0]["line"] == 24
    assert data["findings"][0]["rule"] == "secret-place"
    assert data["disabled"] == []
    assert data["templates"][0]["name"] == "churn"
    assert data["where"]["tenant"] == "acme-dev"


DISABLED = TemplatesChecked((TAG,), (SERVE,), 1, disabled=(HINT, PLACE, HINT))


def test_what_is_disabled_is_counted():
    """The headline counts it, a sentence names the rules, and it is told where AI Core sees an error."""
    assert repr(DISABLED).splitlines()[:4] == [
        "1 warning in serve.yaml, 3 disabled.",
        "No file was changed.",
        "Disabled: name-dots (2), secret-place (1).",
        "AI Core would still refuse or ignore what is at serve.yaml:24:9 (secret-place).",
    ]
    assert DISABLED.ok
    assert [one["rule"] for one in DISABLED.to_dict()["disabled"]] == [
        "name-dots",
        "secret-place",
        "name-dots",
    ]


def test_a_disabled_hint_is_no_error():
    """Only of errors it is said that AI Core sees them; all is well otherwise."""
    report = TemplatesChecked((), (SERVE,), 1, disabled=(HINT,)).report()
    assert str(report) == "1 template, no findings, 1 disabled. Disabled: name-dots (1)."
    assert report.state == "done"
    assert TemplatesChecked((), (SERVE,), 1, disabled=(PLACE,)).report().state == "warning"


def test_many_disabled_errors_are_cut():
    """A few places are named, and how many more there are."""
    places = tuple(PLACE.at("serve.yaml", line) for line in range(1, SHOWN_ERRORS + 3))
    told = TemplatesChecked((), (SERVE,), 1, disabled=places).about_disabled[1]
    assert told.count("secret-place") == SHOWN_ERRORS
    assert told.endswith(", 2 more.")
