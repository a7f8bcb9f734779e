import json

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import do
from aicore_magics.templates.finding import (
    INNER,
    MAX_FINDINGS,
    Finding,
    Findings,
    Rule,
    TooMany,
    counted,
    dotted,
    shown,
)


def rule(name, severity):
    return Rule(name, severity, "finds", "why", "source", "file", "bad", "good")


ERROR, WARNING, HINT = rule("b", "error"), rule("image-tag", "warning"), rule("a", "hint")
FOUND = Finding(WARNING, "churn:latest can change", "use a version", path=("spec", 0))


def test_a_place_is_written_as_editors_take_it():
    """File, line and column with colons; the path alone where there is no line."""
    assert FOUND.at("serve.yaml", 24, 9).where == "serve.yaml:24:9"
    assert FOUND.at("", 24, 9).where == "24:9"
    assert FOUND.at("serve.yaml").where == "serve.yaml"
    assert FOUND.where == "spec[0]"


def test_str_is_one_line():
    """As text, a finding is its place, severity, message with its rule, and fix."""
    told = "serve.yaml:24:9  warning  churn:latest can change (image-tag); fix: use a version"
    assert str(FOUND.at("serve.yaml", 24, 9)) == told


def test_a_command_names_the_file_it_is_about():
    """FILE in a fix that is a command becomes the file, quoted where a shell needs it; other words stay."""
    found = Finding(ERROR, "…", do("patch", file="FILE", secret="NAME"))
    assert (
        NOTEBOOK.say(found.at("my serve.yaml").fix) == "%aicore_template patch 'my serve.yaml' --secret NAME"
    )
    assert found.at("").fix == found.fix
    assert Finding(ERROR, "…", "name a FILE with").at("a.yaml").fix == "name a FILE with"


def test_findings_are_sorted_by_place_and_then_by_severity():
    """File, line, column; at one place an error comes before a hint."""
    places = [("b", 1, 1), ("a", 10, 1), ("a", 9, 2), ("a", 9, 1)]
    assert [one.where for one in sorted(FOUND.at(*place) for place in places)] == [
        *("a:9:1", "a:9:2", "a:10:1", "b:1:1"),
    ]
    hint, error = Finding(HINT, "", ""), Finding(ERROR, "", "")
    assert sorted([hint, error]) == [error, hint]


def test_a_finding_is_frozen_and_json_ready():
    """It cannot be changed, and its data goes through JSON, whatever the keys on its path are."""
    with pytest.raises(AttributeError):
        FOUND.message = "x"
    odd = Finding(ERROR, "m", "f", path=("a", 1, None, 2.5))
    assert json.loads(json.dumps(odd.to_dict()))["path"] == ["a", 1, "None", "2.5"]
    assert FOUND.to_dict()["rule"] == "image-tag"


def test_what_is_shown_is_short_visible_and_no_token():
    """A name in a message is cut, written out where it cannot be seen, quoted where it would blur."""
    assert shown("team-ghcr") == "team-ghcr"
    assert shown("a b") == "'a b'"
    assert shown("") == "''"
    assert shown(1.0) == "1.0"
    assert "\u202e" not in shown("a\u202eb")
    assert len(shown("a" * 10**6)) == 60
    assert shown("ghp_" + "Ab1c" * 9) == "a GitHub token"


def test_a_text_block_is_no_step_of_its_own():
    """The path reads as if the text block were a part of the document."""
    assert dotted(("spec", "template", "spec", INNER, "predictor", 0)) == "spec.template.spec.predictor[0]"
    assert dotted(()) == ""


def test_findings_end_somewhere():
    """At one more than 500 the rules are told to stop."""
    found = Findings()
    for _ in range(MAX_FINDINGS):
        found.add(HINT, (), "m", "f")
    with pytest.raises(TooMany):
        found.add(ERROR, (), "m", "f")
    assert len(found) == MAX_FINDINGS


def test_the_count_names_what_there_is():
    """Only the kinds that occur are counted, in the order of their weight."""
    hint, error = Finding(HINT, "", ""), Finding(ERROR, "", "")
    assert counted((hint, error, hint)) == "1 error, 2 hints"
    assert counted(()) == ""


def test_a_finding_is_as_grave_as_its_rule():
    """The severity is that of the rule, unless the finding says otherwise: in its text and data, too."""
    found = Findings()
    found.add(ERROR, (), "m", "f")
    found.add(ERROR, (), "m", "f", severity="warning")
    assert [one.severity for one in found] == ["error", "warning"]
    assert [one.to_dict()["severity"] for one in found] == ["error", "warning"]
    assert "  warning  " in str(found[1])
    assert sorted(found) == list(found)


def test_a_file_name_moves_nothing():
    """A name with an escape code in it is written out where a terminal would obey it."""
    found = FOUND.at("a\x1b[31m.yaml", 1, 2)
    assert found.where == "a\\x1b[31m.yaml:1:2"
