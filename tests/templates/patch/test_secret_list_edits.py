import pytest

from aicore_magics.templates.patch.patch_options import PatchOptions
from aicore_magics.templates.patch.scopes import Unsafe, scope_of
from aicore_magics.templates.patch.secret_list_edits import changed, dropped
from aicore_magics.templates.yaml.marks import read_documents

NONE = PatchOptions()


def scope(listed, key="imagePullSecrets"):
    text = f"kind: WorkflowTemplate\nspec:\n  {key}: {listed}\n  a: b\n"
    return scope_of(read_documents(text).documents[0])


@pytest.mark.parametrize(
    ("listed", "entries"),
    [
        ("[{name: x}]", [{"name": "team-ghcr"}]),
        ("[{name: x, more: 1}]", [{"name": "team-ghcr", "more": 1}]),
        ("[x]", [{"name": "team-ghcr"}]),
        ("x", [{"name": "team-ghcr"}]),
        ("5", [{"name": "team-ghcr"}]),
        ("[]", [{"name": "team-ghcr"}]),
        ("", [{"name": "team-ghcr"}]),
        ("[{name: 123}]", [{"name": "team-ghcr"}]),
    ],
)
def test_the_entries_afterwards_are_planned(listed, entries):
    """Whatever stood there, the entry has the name afterwards, and what else it held."""
    change = changed(scope(listed), "team-ghcr", NONE)
    assert (change.entries, change.keys, len(change.edits)) == (entries, ("imagePullSecrets",), 1)


@pytest.mark.parametrize(
    ("listed", "name"), [("[{name: team-ghcr}]", "team-ghcr"), ("[]", None), ("", None), ("~", None)]
)
def test_what_is_so_already_is_left_alone(listed, name):
    """The right name, or none where none is wanted, needs no edit and no key that comes or goes."""
    change = changed(scope(listed), name, NONE)
    assert (change.edits, change.keys, change.notes) == ((), (), ())


def test_a_number_is_not_the_name_that_it_looks_like():
    """A name that YAML reads as a number is not there yet: it is written as text."""
    assert changed(scope("[{name: 123}]"), "123", NONE).edits[0].text == '"123"'


def test_a_repaired_key_takes_its_entries_along():
    """A misspelt key that is put right has two edits, and both keys change."""
    change = changed(scope("[{name: x}]", "imagePullSecret"), "x", PatchOptions(repair=True))
    assert change.keys == ("imagePullSecrets", "imagePullSecret")
    assert [edit.text for edit in change.edits] == ["imagePullSecrets"]
    assert changed(scope("[]", "imagePullSecret"), None, PatchOptions(repair=True)).entries == []


def test_a_misspelt_key_beside_the_right_one_is_taken_out():
    """Where the right key stands as well, the repair takes the misspelt one out, and it alone changes."""
    text = "kind: WorkflowTemplate\nspec:\n  imagePullSecret: x\n  imagePullSecrets: [{name: y1}]\n"
    both = scope_of(read_documents(text).documents[0])
    change = changed(both, "y1", PatchOptions(repair=True))
    assert (change.keys, [edit.text for edit in change.edits]) == (("imagePullSecret",), [""])
    with pytest.raises(Unsafe, match="misspelled"):
        changed(both, "y1", NONE)


def test_a_key_is_dropped_whatever_it_holds():
    """What nobody reads is taken out without a look at its names, if it is there."""
    for key in ("imagePullSecrets", "imagePullSecret"):
        change = dropped(scope("[{name: a1}, {name: b1}]", key))
        assert (change.entries, change.keys, len(change.edits)) == (None, (key,), 1)
    assert dropped(scope("x", "other")).edits == ()


@pytest.mark.parametrize(
    "listed", ["{name: x}", "[{nme: x}]", "[[x]]", "[{name: [x]}]", "[~]", "&a [x]", "[&a x]"]
)
def test_other_shapes_are_refused(listed):
    """An entry without a name, a mapping and anchors are not guessed at."""
    with pytest.raises(Unsafe):
        changed(scope(listed), "team-ghcr", NONE)
