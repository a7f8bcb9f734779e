import os
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidName
from aicore_magics.templates.patch import patch
from aicore_magics.templates.patch.edits import Edit
from aicore_magics.templates.patch.patch import Patched, Refusal, set_pull_secret
from aicore_magics.templates.patch.patch_options import PatchOptions

NAME = "team-ghcr"
WORKFLOW = "kind: WorkflowTemplate\nmetadata:\n  name: train\nspec:\n"
SERVING = "kind: ServingTemplate\nspec:\n  template:\n    spec: |\n"


def patched(text, secret=NAME, **told):
    done = set_pull_secret(text, secret, PatchOptions(**told))
    assert isinstance(done, Patched), done
    return done


def refused(text, secret=NAME, **told):
    done = set_pull_secret(text, secret, PatchOptions(**told))
    assert isinstance(done, Refusal), done
    return done


def hidden(text):
    """*text* with every placeholder as a quotable word, for PyYAML."""
    return re.sub(r"\{\{.*?\}\}", lambda found: "x" * len(found[0]), text)


def meaning(text):
    """What PyYAML reads but for the secrets, with the text block of a ServingTemplate as data, and these."""
    data = [one for one in yaml.safe_load_all(hidden(text.removeprefix("\ufeff"))) if one is not None]
    secrets = []
    for one in data:
        spec = one["spec"]
        if one["kind"] == "ServingTemplate":
            spec["template"]["spec"] = yaml.safe_load(spec["template"]["spec"])
            spec = spec["template"]["spec"]["predictor"]
        secrets.append(spec.pop("imagePullSecrets", None))
    return data, secrets


def others(text):
    """The lines, with their line breaks, that are not about secrets."""
    lines = text.splitlines(keepends=True)
    return [line for line in lines if not re.search(r"imagePullSecrets|old-one|team-ghcr", line)]


@st.composite
def templates(draw):
    """A template of either kind, in one of the many ways in which people write them."""
    step, deep = draw(st.sampled_from([2, 4])), draw(st.sampled_from([0, 2, 4]))
    form = draw(st.sampled_from(["absent", "lines", "quoted", "flow"]))
    pull = {
        "absent": [],
        "lines": ["imagePullSecrets: # the secret", " " * deep + "- name: old-one"],
        "quoted": ["imagePullSecrets:", "# one", " " * deep + "- name: 'old-one' # mine"],
        "flow": ['imagePullSecrets: [ { "name": "old-one" } ]  # mine'],
    }[form]
    parts = [
        ["# about the entry", "entrypoint: main  # here", ""],
        ["arguments: {parameters: [{name: a, value: '{{b}}'}]}"],
        ["templates:", " " * deep + "- name: main", " " * deep + "  args: [ 'x',  'y' ]", "", "# end"],
        pull,
    ]
    body = [" " * step + line if line else line for part in draw(st.permutations(parts)) for line in part]
    if draw(st.booleans()):
        lines = ["kind: WorkflowTemplate", "spec: # below", *body]
    else:
        inner = ["", "# in the block", "predictor:", *body]
        lines = [
            "kind: ServingTemplate",
            "spec:",
            "  template:",
            "    spec: |",
            *("      " + one for one in inner),
        ]
    text = "\n".join(["# A template", *lines]) + "\n"
    if draw(st.booleans()):
        text += f"---\n{text}"
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    text = text.rstrip("\r\n") if draw(st.booleans()) else text
    return draw(st.sampled_from(["", "\ufeff"])) + text


@given(templates(), st.sampled_from([NAME, "1e3", "yes", "a.b"]))
def test_the_secret_is_set_and_nothing_else(text, name):
    """However a template is written: PyYAML reads the secret in its place, and all else as before."""
    done = patched(text, name)
    before, after = meaning(text), meaning(done.text)
    assert after[0] == before[0]
    assert after[1] == [[{"name": name}]] * len(before[1])
    assert done.changed


@given(templates())
def test_every_other_byte_stays(text):
    """All lines that are not about secrets stay as they are, with their line breaks and a BOM."""
    done = patched(text)
    assert others(done.text) == others(text)
    assert done.text.startswith("\ufeff") == text.startswith("\ufeff")
    assert done.text.endswith("\n") == text.endswith("\n")
    assert ("\r\n" in done.text) == ("\r\n" in text)
    assert "\n" not in done.text.replace("\r\n", "") or "\r\n" not in text


@given(templates())
def test_a_second_time_changes_nothing(text):
    """What has the secret already is given back as it is."""
    once = patched(text).text
    assert patched(once) == Patched(once, changed=False, serving="Serving" in text)


@given(templates())
def test_taking_the_secret_out_is_the_way_back(text):
    """Without the secret PyYAML reads all else as before; setting it and taking it out again is no change."""
    bare = patched(text, None).text
    assert meaning(bare) == (meaning(text)[0], [None] * len(meaning(text)[1]))
    # The comment between the key and its entry goes with them.
    kept = [line for line in others(text) if "# one" not in line]
    assert others(bare) == kept
    assert patched(patched(bare).text, None).text == bare


PIECES = [
    "kind: ServingTemplate\n",
    "spec:",
    "predictor:",
    "imagePullSecrets:",
    "imagePullSecret:",
    "- name: a1",
]
PIECES += [
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    " |",
    " [",
    "]",
    "{",
    "}",
    ", ",
    "{{x}}",
    " # c",
    " &a",
    " *a",
    "<<: *a",
]
PIECES += ["\r\n", "'", '"', "x", ": ", "template:", " >", "\x85", "\t", "---\n", "!x "]


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.sampled_from([NAME, None]), st.booleans()
)
def test_any_text_is_patched_or_refused(text, secret, told):
    """Whatever the text, there is an answer, and a text that was changed is as asked for from then on."""
    options = PatchOptions(placeholder=told, repair=told, move=told)
    for whole in (text, WORKFLOW + "  " + text, SERVING + "      predictor:\n        " + text):
        done = set_pull_secret(whole, secret, options)
        if isinstance(done, Patched):
            assert set_pull_secret(done.text, secret, options).text == done.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("  entrypoint: a\n", "  imagePullSecrets:\n    - name: team-ghcr\n  entrypoint: a\n"),
        (
            "    a: b\n    c:\n        - d\n",
            "    imagePullSecrets:\n        - name: team-ghcr\n    a: b\n    c:\n        - d\n",
        ),
        ("  a: b\n  c:\n  - d\n", "  imagePullSecrets:\n  - name: team-ghcr\n  a: b\n  c:\n  - d\n"),
        ("# c\n\n  a: b", "  imagePullSecrets:\n    - name: team-ghcr\n# c\n\n  a: b"),
        ("  imagePullSecrets:\n  a: b\n", "  imagePullSecrets:\n    - name: team-ghcr\n  a: b\n"),
        ("  a: b\n  imagePullSecrets:", "  a: b\n  imagePullSecrets:\n    - name: team-ghcr"),
        ("  imagePullSecrets: ~ # c\n  a: b\n", "  imagePullSecrets: [{name: team-ghcr}] # c\n  a: b\n"),
        ("  imagePullSecrets: []\n  a: b\n", "  imagePullSecrets: [{name: team-ghcr}]\n  a: b\n"),
        ("  imagePullSecrets: bare\n  a: b\n", "  imagePullSecrets: [{name: team-ghcr}]\n  a: b\n"),
        (
            "  imagePullSecrets:\n  - bare # c\n  a: b\n",
            "  imagePullSecrets:\n  - name: team-ghcr # c\n  a: b\n",
        ),
        ("  imagePullSecrets: ['bare']\n  a: b\n", "  imagePullSecrets: [{name: team-ghcr}]\n  a: b\n"),
        ("  imagePullSecrets:\n  - name:\n  a: b\n", "  imagePullSecrets:\n  - name: team-ghcr\n  a: b\n"),
        ("  imagePullSecrets:\n  - name: <YOURS>\n", "  imagePullSecrets:\n  - name: team-ghcr\n"),
        ("  imagePullSecrets: [{'name':'x'}]\n", "  imagePullSecrets: [{'name':'team-ghcr'}]\n"),
        (
            "  imagePullSecrets:\n  - more: 1\n    name: x\n",
            "  imagePullSecrets:\n  - more: 1\n    name: team-ghcr\n",
        ),
        ("  <<: {a: b}\n  c: d\n", "  imagePullSecrets:\n    - name: team-ghcr\n  <<: {a: b}\n  c: d\n"),
    ],
)
def test_forms_of_a_workflow_template(before, after):
    """A key is put in below spec, indented as lists are there; an entry of any shape becomes a right one."""
    assert patched(WORKFLOW + before).text == WORKFLOW + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{"kind": "WorkflowTemplate", "spec": {%s"a": "b"}}',
            '"imagePullSecrets": [{"name": "team-ghcr"}], ',
        ),
        (
            '{\n "kind": "WorkflowTemplate",\n "spec": {\n  %s"a": "b"\n }\n}\n',
            '"imagePullSecrets": [{"name": "team-ghcr"}],\n  ',
        ),
        ("kind: WorkflowTemplate\nspec: {%sa: b}\n", "imagePullSecrets: [{name: team-ghcr}], "),
        (f"{SERVING}      predictor: {{ %sa: b }}\n", "imagePullSecrets: [{name: team-ghcr}], "),
    ],
)
def test_braces_and_json(before, after):
    """In braces the key comes before the first one, in JSON with quotation marks; and it can be taken out."""
    assert patched(before % "").text == before % after
    assert patched(before % after, None).text == before % ""


@pytest.mark.parametrize(
    ("told", "before", "after"),
    [
        ("b1", "[{name: a1}, {name: b1}]", "[{name: a1}]"),
        ("a1", "[{name: a1}, {name: b1}]", "[{name: b1}]"),
        ("a1", "\n  - name: a1\n  - name: b1", "\n  - name: b1"),
        ("b1", "\n  - name: a1\n  # c\n  - x: 1\n    name: b1", "\n  - name: a1\n  # c"),
    ],
)
def test_one_of_several_is_taken_out(told, before, after):
    """Where several secrets are named, the one that was told is taken out, and the others stay."""
    text = f"{WORKFLOW}  imagePullSecrets: %s\n  a: b\n"
    assert patched(text % before, None, replace=told).text == text % after


def test_one_of_several_is_changed_when_told():
    """Of several secrets none is changed but the one that was told; the wanted one may be there."""
    text = f"{WORKFLOW}  imagePullSecrets: [{{name: a1}}, {{name: b1}}]\n"
    assert patched(text, replace="b1").text == text.replace("b1", NAME)
    assert "names 2 secrets" in refused(text).reason
    assert "names 2 secrets" in refused(text, None).reason
    assert "does not have the secret" in refused(text, replace="c1").reason
    there = patched(text, "b1")
    assert (there.text, there.notes) == (text, ("Line 5: other secrets are also named there.",))


def test_a_placeholder_is_changed_only_when_told():
    """A parametrised name is somebody's plan: it stays unless told otherwise."""
    name = '"{{inputs.parameters.x}}"'
    text = f"{SERVING}      predictor:\n        imagePullSecrets:\n        - name: {name}\n"
    assert "placeholder" in refused(text).reason
    assert patched(text, placeholder=True).text == text.replace("{{inputs.parameters.x}}", NAME)


@pytest.mark.parametrize("secret", [NAME, None])
def test_a_secret_that_is_not_named_is_not_taken_for_done(secret):
    """Where --replace names none of those that are there, nothing is as it was asked for: it is refused."""
    text = f"{WORKFLOW}  imagePullSecrets: [{{name: a1}}, {{name: b1}}]\n"
    refusal = refused(text, secret, replace="zzz")
    assert "does not have the secret of --replace" in refusal.reason
    assert refusal.place.line == 5


@pytest.mark.parametrize(
    "key",
    ["imagePullSecret", "imagepullsecrets", "ImagePullSecrets", "image_pull_secrets", "imagePullSecerts"],
)
def test_a_misspelt_key_is_refused_and_repaired_when_told(key):
    """A key that was meant to be the right one gets no second one beside it; it is put right when told."""
    text = f'{WORKFLOW}  "{key}":\n  - name: x\n  a: b\n'
    for secret in (NAME, None):
        refusal = refused(text, secret)
        assert refusal.reason == f"the key {key} is misspelled, so it has no effect"
        assert "--repair" in refusal.fix
        assert (refusal.place.line, refusal.place.column) == (5, 3)
    repaired = patched(text, repair=True)
    assert repaired.text == text.replace(key, "imagePullSecrets").replace("name: x", f"name: {NAME}")
    assert patched(text, None, repair=True).text == f"{WORKFLOW}  a: b\n"


def test_a_repair_leaves_no_misspelt_key():
    """What is misspelt goes where the right key is there, as does a second one that is misspelt."""
    right = f"  imagePullSecrets:\n  - name: {NAME}\n"
    beside = f"{WORKFLOW}  imagePullSecret:\n  - name: x\n{right}  a: b\n"
    assert "misspelled" in refused(beside).reason
    assert patched(beside, repair=True).text == f"{WORKFLOW}{right}  a: b\n"
    assert patched(beside, None, repair=True).text == f"{WORKFLOW}  a: b\n"
    two = f"{WORKFLOW}  imagePullSecret:\n  - name: x\n  image_pull_secrets: []\n  a: b\n"
    assert patched(two, repair=True).text == f"{WORKFLOW}{right}  a: b\n"
    empty = f"{WORKFLOW}  imagePullSecret:\n  imagePullSecrets:\n  a: b\n"
    assert patched(empty, None, repair=True).text == f"{WORKFLOW}  imagePullSecrets:\n  a: b\n"
    alone = f"{WORKFLOW}  imagePullSecret:\n  a: b\n"
    assert patched(alone, None, repair=True).text == f"{WORKFLOW}  a: b\n"


OUTER = "kind: ServingTemplate\nspec:\n%s  template:\n    spec: |\n      predictor:\n%s        a: b\n"


@pytest.mark.parametrize("key", ["imagePullSecrets", "imagePullSecret"])
def test_a_key_at_the_outer_spec_is_refused_and_moved_when_told(key):
    """In a ServingTemplate the outer spec is the wrong place: it is refused, and mended only when told."""
    dead, alive = (
        f"  {key}:\n  - name: x\n",
        "        imagePullSecrets:\n          - name: team-ghcr\n",
    )
    for inside in ("", alive):
        refusal = refused(OUTER % (dead, inside))
        assert refusal.reason.startswith(f"the key {key} at the outer spec has no effect")
        assert "--move" in refusal.fix
        assert (refusal.place.line, refusal.place.column) == (3, 3)
        moved = patched(OUTER % (dead, inside), move=True)
        assert (moved.text, moved.notes) == (OUTER % ("", alive), ())
    assert patched(OUTER % (dead, alive), None, move=True).text == OUTER % ("", "")


def test_a_misspelt_predictor_is_named():
    """Where the predictor is only misspelt, the refusal says how it is spelt."""
    refusal = refused(f"{SERVING}      predictors:\n        a: b\n")
    assert (refusal.reason, refusal.fix) == (
        "it has no predictor",
        "write predictor instead of predictors.",
    )


def test_a_name_that_is_a_text_block_is_told_as_such():
    """A block scalar is no name on one line; that is said, and not that there is none."""
    refusal = refused(f"{WORKFLOW}  imagePullSecrets:\n  - name: |-\n      x\n")
    assert "is a text block" in refusal.reason
    assert refusal.place.line == 6


def test_a_mapping_where_text_is_due_is_patched_and_told():
    """A spec that is a mapping gets the secret, with a note that AI Core wants text."""
    text = f"{SERVING}      predictor:\n        a: b\n".replace(" |", "")
    done = patched(text)
    assert yaml.safe_load(done.text)["spec"]["template"]["spec"]["predictor"]["imagePullSecrets"] == [
        {"name": NAME}
    ]
    assert done.notes == (
        "Line 4: spec.template.spec is a mapping, AI Core needs a string: begin it with |.",
    )


BAD = {
    "it is not YAML": [WORKFLOW + "\ta: b\n", WORKFLOW + "  a: b: c\n", WORKFLOW + "  a:\n---\na: @\n"],
    "it has no WorkflowTemplate": ["", "a: 1\n", "- kind: ServingTemplate\n", "kind: [ServingTemplate]\n"],
    "it has no spec": [
        "kind: WorkflowTemplate\n",
        "kind: ServingTemplate\nspec:\n  a: b\n",
        "kind: ServingTemplate\n",
    ],
    "is empty": [WORKFLOW, WORKFLOW + "  {}\n", f"{SERVING}      predictor:\n"],
    "is there twice": [
        WORKFLOW + "  a: b\n  a: c\n",
        f"{SERVING}      predictor:\n        a: b\n        a: c\n",
    ],
    "in the way": [
        "kind: WorkflowTemplate\nspec: &s\n  a: b\n",
        "x: &s\n  a: b\nkind: WorkflowTemplate\nspec: *s\n",
        "x: &s {imagePullSecrets: [{name: q}]}\nkind: WorkflowTemplate\nspec:\n  <<: *s\n  a: b\n",
        "x: &s q\nkind: WorkflowTemplate\nspec:\n  imagePullSecrets: [{name: *s}]\n",
        "kind: WorkflowTemplate\nspec:\n  imagePullSecrets: [{name: &s q}]\n  a: *s\n",
        "kind: WorkflowTemplate\nspec:\n  imagePullSecrets: &s [{name: q}]\n  a: *s\n",
        "kind: WorkflowTemplate\nspec:\n  imagePullSecrets: [{name: !own q}]\n",
    ],
    "it has no predictor": [f"{SERVING}      default:\n        predictor:\n          a: b\n"],
    "its text block is not YAML": [f"{SERVING}      predictor:\n        a:b\n        c: d\n"],
    "is a folded text": [f"{SERVING}      predictor:\n        a: b\n".replace("|", ">")],
    "is a quoted text": ['kind: ServingTemplate\nspec: {template: {spec: "predictor: {a: b}"}}\n'],
    "its text block is not a mapping": [
        f"{SERVING}      - a\n",
        f"{SERVING}      a: b\n      ---\n      c: d\n",
    ],
    "is a mapping, not a list": [WORKFLOW + "  imagePullSecrets:\n    name: x\n"],
    "is a string, not a list": [WORKFLOW + "  imagePullSecrets: |\n    - name: x\n"],
    "has no name": [
        WORKFLOW + "  imagePullSecrets:\n  - nme: x\n",
        WORKFLOW + "  imagePullSecrets:\n  - [a]\n",
    ],
    "does not begin with a key": ["kind: WorkflowTemplate\nspec: { # c\n  a: b}\n"],
}


@pytest.mark.parametrize(
    ("reason", "text"), [(reason, text) for reason, texts in BAD.items() for text in texts]
)
def test_what_is_not_safe_is_refused_with_the_reason(reason, text):
    """Where a byte-exact change is not sure there is none: the reason, the place and what to do are told."""
    refusal = refused(text)
    assert reason in refusal.reason
    assert refusal.fix
    assert refusal.place is None or refusal.place.line <= len(text.splitlines()) + 1


def test_the_last_key_of_a_spec_is_not_taken_out():
    """A spec would be empty without its only key, which is something else."""
    assert "would be empty" in refused(f"{WORKFLOW}  imagePullSecrets:\n  - name: a1\n", None).reason


def test_one_template_of_several_can_be_chosen():
    """In a file of several templates all are patched, or the one whose name was told; others never are."""
    one, two = f"{WORKFLOW}  a: b\n", f"{WORKFLOW}  a: b\n".replace("train", "other")
    text = f"{one}---\n{two}---\nkind: ConfigMap\nspec:\n  a: b\n"
    assert patched(text).text.count("imagePullSecrets") == 2
    chosen = patched(text, template="other").text
    assert chosen.startswith(one)
    assert chosen.count("imagePullSecrets") == 1
    assert "no template nobody" in refused(text, template="nobody").reason


def test_one_that_is_refused_keeps_the_whole_file():
    """If one of several templates cannot be changed safely, the file is not changed in part."""
    assert "is empty" in refused(f"{WORKFLOW}  a: b\n---\n{WORKFLOW}").reason


def test_a_name_that_ai_core_does_not_take_is_no_name():
    """The name is checked before the text is looked at."""
    with pytest.raises(InvalidName):
        set_pull_secret("a: @", "Team-GHCR")


@pytest.mark.parametrize(
    "wrong",
    [
        Edit(0, 0, "x"),
        Edit(0, 0, "other: 1\n"),
        Edit(len(WORKFLOW), len(WORKFLOW), "  b: c\n"),
        Edit(len(WORKFLOW), len(WORKFLOW), "  imagePullSecrets: [{name: other}]\n"),
        Edit(0, len(WORKFLOW), ""),
        Edit(0, 0, "---\na: 1\n---\n"),
    ],
)
def test_a_change_that_is_not_what_was_planned_is_never_given(wrong, monkeypatch):
    """Should a plan and its edits ever differ, reading it back finds out, and the change is refused."""
    planned = patch.changed

    def spoilt(*arguments):
        change = planned(*arguments)
        return type(change)(change.entries, (wrong,), change.notes, change.keys)

    monkeypatch.setattr(patch, "changed", spoilt)
    assert refused(f"{WORKFLOW}  a: b\n").reason == "the change would alter other lines too"


def corpus():
    folder = os.environ.get("AICORE_TEMPLATE_CORPUS", "")
    return sorted(Path(folder).glob("*.yaml")) if folder else []


def corpus_forms(text):
    bare = text.replace("\r\n", "\n").removeprefix("\ufeff")
    return {
        text,
        bare.replace("\n", "\r\n"),
        "\ufeff" + bare,
        bare.rstrip("\n"),
        bare.rstrip("\n").replace("\n", "\r\n"),
    }


@pytest.mark.needs("template-corpus")
def test_real_templates_are_patched():
    """Each template that people published gets the secret, in every form of file, or a reason."""
    refusals = 0
    for file in corpus():
        for text in corpus_forms(file.read_bytes().decode()):
            done = set_pull_secret(text, NAME, PatchOptions(placeholder=True))
            if isinstance(done, Refusal) and "--move" in done.fix:
                moved = patched(text, placeholder=True, move=True)
                assert (meaning(moved.text)[1]) == [[{"name": NAME}]]
                assert "imagePullSecrets" not in yaml.safe_load(hidden(moved.text.lstrip("\ufeff")))["spec"]
                continue
            if isinstance(done, Refusal):
                assert done.place or "holds no" in done.reason
                refusals += 1
                continue
            if done.notes and "mapping" in done.notes[0]:
                continue
            before, after = meaning(text), meaning(done.text)
            assert (after[0], after[1]) == (before[0], [[{"name": NAME}]])
            old, new = text.splitlines(keepends=True), done.text.splitlines(keepends=True)
            changed = [line for line in new if line not in old]
            assert all(re.search(r"imagePullSecrets:|team-ghcr", line) for line in changed)
            assert len(new) - len(old) in (0, 2)
            assert set_pull_secret(done.text, NAME).text == done.text
            assert meaning(set_pull_secret(done.text, None).text) == (before[0], [None])
    assert refusals <= 5 * max(1, len(corpus()) // 20)
