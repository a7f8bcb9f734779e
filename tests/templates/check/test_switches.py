"""Rules that are disabled: at a line by a comment, in a whole call by their ids, and never unseen."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicore_magics.next_steps import do
from aicore_magics.templates.catalogue.index import RULES
from aicore_magics.templates.check import switches
from aicore_magics.templates.check.check_files import check_files
from aicore_magics.templates.check.text import read_and_check
from aicore_magics.templates.finding import MAX_FINDINGS
from tests.templates.examples import GOOD

DISABLE = "# aicore-magics: disable="
WORKFLOW = (
    GOOD["workflow"].replace("churn:1.4", "churn:latest").replace('command: ["/bin/sh", "-c"]', "tty: no")
)
SERVING = GOOD["serving"].replace("{{inputs.parameters.image}}", "ghcr.io/acme/churn:latest")
IMAGE = "image: ghcr.io/acme/churn:latest"
VALUE = "ghcr.io/acme/churn:latest"
TAG = f"{DISABLE}image-tag"


def ids(findings):
    return sorted(one.rule.id for one in findings)


def check(text, **more):
    checked = read_and_check(text, "a.yaml", meant=True, **more)
    return ids(checked.findings), ids(checked.disabled)


def changed(text, old, new):
    assert text.count(old) == 1
    return text.replace(old, new)


# What stands in place of the line with the image of a workflow's container; whether that disables image-tag.
PLACES = [
    ("nothing", f"        {IMAGE}", False),
    ("the same line", f"        {IMAGE}  {TAG}", True),
    ("the line above", f"        {TAG}\n        {IMAGE}", True),
    ("the line above, in the first column", f"{TAG}\n        {IMAGE}", True),
    ("the line above, deeper", f"                {TAG}\n        {IMAGE}", True),
    ("above another comment", f"        {TAG}\n        # the team's own\n        {IMAGE}", True),
    ("above another switch", f"        {TAG}\n        {DISABLE}args\n        {IMAGE}", True),
    ("two lines above", f"        {TAG}\n\n        {IMAGE}", False),
    ("at the end of the line above", f"        stdin: false  {TAG}\n        {IMAGE}", False),
    ("the line below", f"        {IMAGE}\n        {TAG}", False),
    ("the key's line, the value below", f"        image:  {TAG}\n          {VALUE}", True),
    ("above the key, the value below", f"        {TAG}\n        image:\n          {VALUE}", True),
    ("the value's line, the key above", f"        image:\n          {VALUE}  {TAG}", True),
    ("between key and value", f"        image:\n          {TAG}\n          {VALUE}", True),
    ("behind a quoted value", f'        image: "{VALUE}"  {TAG}', True),
    ("behind an anchor", f"        image: &image {VALUE}  {TAG}", True),
    ("behind the > of a folded value", f"        image: >-  {TAG}\n          {VALUE}", True),
    ("behind the | of a literal value", f"        image: |-  {TAG}\n          {VALUE}", True),
    ("the line of a block, which is text", f"        image: >-\n          {VALUE}\n        {TAG}", False),
    ("in quotes", f'        image: "{VALUE}"\n        workingDir: "/x  {TAG}"', False),
    ("in a text over lines", f'        workingDir: "/x\n          {TAG}"\n        {IMAGE}', False),
    ("in a block", f"        workingDir: |\n          /x\n          {TAG}\n        {IMAGE}", False),
    ("without a blank before it", f"        {IMAGE}#aicore-magics:disable=image-tag", None),
    ("in a placeholder", f"        workingDir: '{{{{ {TAG} }}}}'\n        {IMAGE}", None),
    ("several ids", f"        {IMAGE}  {DISABLE}args,image-tag", True),
    ("several ids with blanks", f"        {IMAGE}  {DISABLE}args , image-tag", True),
    ("with a reason", f"        {IMAGE}  {TAG} the team builds it", True),
    ("with a reason behind several", f"        {IMAGE}  {DISABLE}args, image-tag because of x", True),
    ("without blanks", f"        {IMAGE} #aicore-magics:disable=image-tag", True),
    ("with many blanks", f"        {IMAGE}\t#  aicore-magics:   disable = image-tag  ", True),
    ("behind another comment", f"        {IMAGE}  # our own {TAG}", True),
    ("another id", f"        {IMAGE}  {DISABLE}image-host", False),
    ("the beginning of an id", f"        {IMAGE}  {DISABLE}image", None),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize(("row", "disabled"), [one[1:] for one in PLACES], ids=[one[0] for one in PLACES])
def test_where_a_comment_disables(row, disabled, line_break):
    """On the finding's line or its key's, or alone above it. None: it disables nothing, and is wrong."""
    text = changed(WORKFLOW, f"        {IMAGE}", row).replace("\n", line_break)
    findings, off = check(text)
    assert off == (["image-tag"] if disabled else [])
    if disabled is not None:
        assert findings == (["command"] if disabled else ["command", "image-tag"])
    assert {"command"} <= set(findings)


# The same for the container in the text block of a ServingTemplate.
INSIDE = [
    ("the same line", f"            {IMAGE}  {TAG}", True),
    ("the line above", f"            {TAG}\n            {IMAGE}", True),
    ("the line above, at the text's own margin", f"      {TAG}\n            {IMAGE}", True),
    ("the key's line", f"            image:  {TAG}\n              {VALUE}", True),
    ("in quotes", f"            workingDir: '/x {TAG}'\n            {IMAGE}", False),
    ("in a block of its own", f"            workingDir: |\n              {TAG}\n            {IMAGE}", False),
    ("another id", f"            {IMAGE}  {DISABLE}image-host", False),
]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=ascii)
@pytest.mark.parametrize(("row", "disabled"), [one[1:] for one in INSIDE], ids=[one[0] for one in INSIDE])
def test_where_a_comment_in_the_text_block_disables(row, disabled, line_break):
    """The text block is YAML itself: its comments count, and its lines are lines of the file."""
    text = changed(SERVING, f"            {IMAGE}", row).replace("\n", line_break)
    assert check(text) == (([], ["image-tag"]) if disabled else (["image-tag"], []))


def test_a_comment_before_the_text_block_is_not_about_what_is_in_it():
    """At spec: | it is about that line alone. All that is found in a quoted text stands at its line."""
    literal = changed(SERVING, "    spec: |\n", f"    spec: |  {TAG}\n")
    assert check(literal) == (["image-tag"], [])
    begin = SERVING.index("    spec: |\n")
    inner = "".join(f"{line[6:]}\n" for line in SERVING[begin:].splitlines()[1:])
    quoted = f"{SERVING[:begin]}    spec: {json.dumps(inner)}"
    assert check(quoted) == (["image-tag"], [])
    assert check(f"{quoted}  {TAG}") == ([], ["image-tag"])
    commented = json.dumps(changed(inner, IMAGE, f"{IMAGE}  {TAG}"))
    assert check(f"{SERVING[:begin]}    spec: {commented}") == (["image-tag"], [])


def test_labels_in_a_text_have_comments_as_well():
    """A plan in the labels of a ServingTemplate is disabled where it stands."""
    plan = "ai.sap.com/resourcePlan: starter"
    text = changed(GOOD["serving"], plan, f"ai.sap.com/resourcePlan: infer.xl {DISABLE}plan-unknown")
    assert check(text) == ([], ["plan-unknown"])


def test_a_comment_is_about_one_line():
    """The same finding on another line of the file stays."""
    twice = f"{changed(SERVING, IMAGE, f'{IMAGE}  {TAG}')}---\n{WORKFLOW}"
    assert check(twice) == (["command", "image-tag"], ["image-tag"])


@pytest.mark.parametrize(
    ("comment", "message", "fix"),
    [
        ("disable=imge-tag", "no rule is called imge-tag", "write image-tag"),
        ("disable=image-tag,nonsense", "no rule is called nonsense", do("rules")),
        ("disable=IMAGE-TAG", "no rule is called IMAGE-TAG", "write image-tag"),
        ("disable=yaml", "yaml cannot be disabled: nothing can be checked in such a file", "leave yaml out"),
        ("disable=", "the comment disables nothing: it does not name a rule", None),
        ("disable image-tag", "the comment disables nothing: it does not name a rule", None),
        ("disabled=image-tag", "the comment disables nothing: it does not name a rule", None),
        ("disable=,image-tag", "the comment disables nothing: it does not name a rule", None),
        ("", "the comment disables nothing: it does not name a rule", None),
    ],
)
@pytest.mark.parametrize("kind", GOOD)
def test_a_comment_that_is_wrong_is_found(kind, comment, message, fix):
    """Unknown ids, rules that cannot be disabled, and what names none: a warning at the comment."""
    text = changed(GOOD[kind], "  name: churn-", f"  # aicore-magics: {comment}\n  name: churn-")
    (finding,) = read_and_check(text, "a.yaml").findings
    assert (finding.rule.id, finding.severity) == ("disable-comment", "warning")
    assert finding.message == message
    assert finding.fix == (fix or "write # aicore-magics: disable=ID, with the id of a rule")
    assert (finding.line, finding.column) == (text[: text.index("# aic")].count("\n") + 1, 3)


def test_a_token_in_a_comment_is_not_repeated():
    """What stands in place of an id may be a token."""
    token = "ghp_" + 36 * "a"
    findings = read_and_check(f"{DISABLE}{token}\n{GOOD['workflow']}", "a.yaml").findings
    assert ids(findings) == ["disable-comment", "token"]
    assert token not in "".join(map(str, findings))


def test_what_is_disabled_is_not_looked_for_twice():
    """A token that is disabled is not found again as a line that holds one."""
    token = "ghp_" + 36 * "a"
    entry = f"- name: POD\n            value: {token}"
    text = changed(GOOD["workflow"], '- name: POD\n            value: "{{pod.name}}"', entry)
    assert check(text) == (["token"], [])
    assert check(f"{text.rstrip()}  {DISABLE}token\n") == ([], ["token"])


def test_a_call_disables_a_rule_everywhere():
    """In all templates of a text, whatever the comments say."""
    twice = f"{SERVING}---\n{WORKFLOW}"
    assert check(twice) == (["command", "image-tag", "image-tag"], [])
    assert check(twice, disable=frozenset({"image-tag"})) == (["command"], ["image-tag", "image-tag"])


@pytest.mark.parametrize("broken", ["a: [", f"a: [ {DISABLE}yaml", f"{DISABLE}yaml\na: ["])
def test_what_cannot_be_read_cannot_be_disabled(broken):
    """A fault in the YAML stays, in the file and in the text block."""
    findings, off = check(broken, disable=frozenset({"yaml"}))
    assert ("yaml" in findings, off) == (True, [])
    inside = changed(SERVING, IMAGE, f"image: [ {DISABLE}yaml,image-tag")
    assert check(inside, disable=frozenset({"yaml"})) == (["yaml"], [])


def test_two_templates_of_one_name_are_disabled_where_the_second_is_named(tmp_path):
    """A finding that comes from comparing files is disabled by a comment in the file where it stands."""
    for name, comment in (("a", ""), ("b", f"  {DISABLE}same-id")):
        text = changed(GOOD["workflow"], "name: churn-train\n", f"name: churn-train{comment}\n")
        (tmp_path / f"{name}.yaml").write_text(text)
    done = check_files([tmp_path])
    assert (ids(done.findings), ids(done.disabled)) == ([], ["same-id"])
    off = check_files([tmp_path], disable=frozenset({"same-id"}))
    assert (ids(off.findings), ids(off.disabled)) == ([], ["same-id"])
    (tmp_path / "b.yaml").write_text(GOOD["workflow"])
    assert ids(check_files([tmp_path]).findings) == ["same-id"]


def test_a_file_that_is_no_template_has_no_switches(tmp_path):
    """A comment in a file of another kind is nobody's business."""
    (tmp_path / "values.yaml").write_text(f"{DISABLE}nonsense\na: 1\n")
    done = check_files([tmp_path])
    assert (done.findings, done.disabled) == ((), ())


def test_many_wrong_comments_are_cut():
    """The first 500 are findings, each as good as another, and that there are more is one as well."""
    many = "".join(f"{DISABLE}image-tagg{i}\n" for i in range(MAX_FINDINGS + 5))
    findings, _ = check(many + GOOD["workflow"])
    assert (len(findings), findings.count("disable-comment")) == (MAX_FINDINGS + 1, MAX_FINDINGS)
    assert findings[-1] == "size"


def test_very_many_comments_take_little(monkeypatch):
    """Each comment is looked at once, and the nearest id is looked for a few times only."""
    asked = []
    monkeypatch.setattr(switches, "alike", lambda name: asked.append(name) or [])
    many = "".join(f"{DISABLE}x{i},image-tag\n" for i in range(20_000))
    text = changed(WORKFLOW, f"        {IMAGE}", f"{many}        {IMAGE}")
    findings, off = check(text)
    assert off == ["image-tag"]
    assert findings.count("disable-comment") == MAX_FINDINGS
    assert len(asked) < 100


SOME = st.lists(st.sampled_from(sorted(RULES)), max_size=4, unique=True).map(frozenset)


@settings(max_examples=60, deadline=None)
@given(disable=SOME, row=st.integers(0, 60), kind=st.sampled_from(["workflow", "serving"]))
def test_no_finding_is_lost(disable, row, kind):
    """Whatever is disabled, by a call or a comment: shown and disabled together are what was found before."""
    text = {"workflow": WORKFLOW, "serving": SERVING}[kind].replace("team-ghcr", "Default")
    rows = text.splitlines()
    row %= len(rows)
    indent = len(rows[row]) - len(rows[row].lstrip())
    comment = DISABLE + ",".join(sorted(disable)) if disable else "# nothing"
    rows.insert(row, indent * " " + comment)
    every = read_and_check("\n".join(rows).replace("aicore-magics", "others"), "a.yaml")
    checked = read_and_check("\n".join(rows), "a.yaml", disable=disable)
    wrong = [one for one in checked.findings if one.rule.id == "disable-comment"]
    found = sorted([*checked.findings, *checked.disabled])
    assert [one for one in found if one.rule.id != "disable-comment"] == list(every.findings)
    always = {one for one in disable if RULES[one].always}
    assert len(wrong) == (0 if "disable-comment" in disable else len(always))
    assert all(one.rule.id in disable for one in checked.disabled)
    assert not any(one.rule.id in disable - always for one in checked.findings)
