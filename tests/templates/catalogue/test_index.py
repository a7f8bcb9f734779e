"""The catalogue is whole: each rule has its reason, its source, and two samples that prove it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics.errors import InvalidRule
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.catalogue.index import RULES, TOPICS, alike, disabled_rules, rule_named
from aicore_magics.templates.check.check_files import check_files
from aicore_magics.templates.finding import SEVERITIES
from tests.templates.catalogue.wholes import texts

_KINDS = "(?:SAP|Argo|Kubernetes|KServe|Knative|Docker|POSIX|HTTP|YAML|Observed|Inferred)"
SOURCE = re.compile(rf"{_KINDS}(?:, {_KINDS})*(?: [\d.]+)?: [^:]+\.\Z")
TREE = Path(aicore_magics.__file__).parent


def check(text):
    """What is found in a file with *text*, in a tenant with one secret, which opens docker.io."""
    Path("sample.yaml").write_text(text, encoding="utf-8")
    return check_files(["sample.yaml"], known_secrets=("team-hub",), auth_keys={"team-hub": ("docker.io",)})


@pytest.mark.parametrize(
    "rule", [one for one in RULES.values() if one.place != "path"], ids=lambda one: one.id
)
def test_both_samples_prove_the_rule(rule, tmp_path, monkeypatch):
    """The bad sample has findings of this rule alone, as grave as it says; the good one has none."""
    monkeypatch.chdir(tmp_path)
    bad, good = map(check, texts(rule))
    assert {(one.rule, one.severity) for one in bad.findings} == {(rule, rule.severity)}
    assert (good.findings, good.disabled, bool(good.templates)) == ((), (), True)


@pytest.mark.parametrize("rule", [one for one in RULES.values() if not one.always], ids=lambda one: one.id)
def test_what_every_rule_finds_can_be_disabled(rule, tmp_path, monkeypatch):
    """By its id in a call: what is found then is the same, and all of it is disabled."""
    monkeypatch.chdir(tmp_path)
    bad, _ = texts(rule)
    found = check(bad).findings
    off = check_files(
        ["sample.yaml"],
        known_secrets=("team-hub",),
        auth_keys={"team-hub": ("docker.io",)},
        disable=disabled_rules(rule.id, ""),
    )
    assert (off.findings, off.disabled) == ((), found)


def test_a_path_as_a_sample_proves_its_rule_as_well(tmp_path, monkeypatch):
    """A path that leads nowhere is found, one that leads to a template is not."""
    monkeypatch.chdir(tmp_path)
    (rule,) = (one for one in RULES.values() if one.place == "path")
    Path("train.yaml").write_text(texts(RULES["no-template"])[1])
    bad, good = (check_files([path]) for path in (rule.bad, rule.good))
    assert ([one.rule for one in bad.findings], good.findings) == ([rule], ())


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda one: one.id)
def test_a_rule_tells_what_why_and_where_that_is_from(rule):
    """Ids, severities and sources are of the known kinds, and no text is long."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.severity in SEVERITIES
    assert not rule.finds.endswith(".")
    assert all(len(each.split()) <= 20 for each in re.split(r"(?<=[.:]) ", rule.why)), rule.why
    assert rule.why.endswith(".")
    assert rule.source.endswith(".")
    parts = re.split(r"(?<=\.) (?=[A-Z][\w ]*[:.,])", rule.source)
    assert [one for one in parts if not SOURCE.match(one)] == []
    assert rule.bad != rule.good
    json.dumps(rule.to_dict())


def test_no_rule_stands_outside_the_catalogue():
    """Each rule is in one topic, under one id; nothing else in the package makes one."""
    made = [
        (path.relative_to(TREE).as_posix(), name)
        for path in TREE.rglob("*.py")
        for name in re.findall(r"(\w+) = Rule\(", path.read_text("utf-8"))
    ]
    assert len(made) == len(RULES) == len({name for _, name in made})
    assert {path for path, _ in made} == {
        f"templates/catalogue/{topic.__name__.rpartition('.')[2]}.py" for topic in TOPICS.values()
    }
    assert {name for _, name in made} == {one.upper().replace("-", "_") for one in RULES}


def test_every_rule_is_used():
    """Somewhere outside the catalogue it is imported."""
    files = (path for path in TREE.rglob("*.py") if "catalogue" not in path.parts)
    used = {word for path in files for word in re.findall(r"\b[A-Z_]+\b", path.read_text("utf-8"))}
    assert {one.upper().replace("-", "_") for one in RULES} <= used


def test_a_rule_is_found_by_its_id():
    """An unknown id raises, with the nearest ones, what was or was not done, and how to see all."""
    assert rule_named("image-tag", "x") is RULES["image-tag"]
    with pytest.raises(InvalidRule) as caught:
        rule_named("imge-tag", "Nothing was written.")
    assert caught.value.message == "no rule has this name. Nothing was written."
    assert caught.value.hint.startswith("did you mean image-tag or ")
    assert NOTEBOOK.say(caught.value.next).endswith("? see all rules: %aicore_template rules")
    with pytest.raises(InvalidRule) as caught:
        rule_named("ghp_" + 36 * "a", "Nothing was checked.")
    assert NOTEBOOK.say(caught.value.next) == "see all rules: %aicore_template rules"
    assert "ghp_" not in str(caught.value)
    assert alike(10**6 * "image-tag ") == alike(None) == []


def test_what_a_call_disables_is_known():
    """One id or several; not one that does not exist, nor one without which nothing can be checked."""
    assert disabled_rules((), "x") == frozenset()
    assert disabled_rules("image-tag", "x") == {"image-tag"}
    assert disabled_rules(["image-tag", "name"], "x") == {"image-tag", "name"}
    with pytest.raises(InvalidRule, match="no rule has this name"):
        disabled_rules(["image-tag", "nmae"], "x")
    for name in ("yaml", "file"):
        with pytest.raises(InvalidRule, match=f"{name} cannot be disabled") as caught:
            disabled_rules(name, "Nothing was checked.")
        assert caught.value.hint == f"leave {name} out."
