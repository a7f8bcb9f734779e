from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules import walk as rules
from aicore_magics.templates.rules.workflow_keys import DOCUMENT


def test_a_walk_gives_texts_with_braces_and_keys_alike():
    """Each with the path: of a text itself, of a key that of its owner, and its value."""
    document = {"a": [{"imagePullSecret": 1, "b": "{{x}}"}], "c": "no"}
    walked = rules.walk(Findings(), document)
    assert walked.texts == [(("a", 0, "b"), "{{x}}")]
    assert walked.keys == [(("a", 0), "imagePullSecret", 1)]


def test_a_walk_ends(monkeypatch):
    """More values than the bound are told, not looked at."""
    monkeypatch.setattr(rules, "MAX_NODES", 3)
    found = Findings()
    rules.walk(found, {"a": {"b": 1, "c": 2, "d": 3}})
    assert [one.rule.id for one in found] == ["size"]


def test_a_walk_along_kinds_gives_what_is_of_another_kind():
    """Each value once, with its path and what is due; and the mappings with a key that nothing reads."""
    walked = rules.walk(Findings(), {"spec": {"parallelism": "x", "zzz": 1, "yyy": 2}}, DOCUMENT)
    assert [(path, value, kind.word) for path, value, kind in walked.wrong] == [
        (("spec", "parallelism"), "x", "a whole number")
    ]
    assert [(path, kind.owner) for path, _, kind in walked.unread] == [(("spec",), "spec")]


def test_below_what_is_of_another_kind_nothing_is_judged():
    """What stands in a list where a mapping is due has no kind."""
    walked = rules.walk(Findings(), {"spec": {"arguments": [{"zzz": 1, "parameters": "x"}]}}, DOCUMENT)
    assert [path for path, *_ in walked.wrong] == [("spec", "arguments")]
    assert walked.unread == []
