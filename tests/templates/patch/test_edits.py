import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.patch.edits import Edit, edited, entry_removal, filling, insertion, removal
from aicore_magics.templates.patch.scopes import Unsafe, scope_of
from aicore_magics.templates.yaml.marks import read_documents


def scope(body):
    return scope_of(read_documents(f"kind: WorkflowTemplate\nspec:{body}").documents[0])


def pair(one, key="imagePullSecrets"):
    return one.mapping.pair(key)


@given(
    st.text("abc", min_size=6, max_size=6),
    st.permutations([Edit(0, 1, "xx"), Edit(2, 2, "y"), Edit(4, 6, "")]),
)
def test_edits_may_come_in_any_order(text, edits):
    """All offsets are those of the text before any change."""
    assert edited(text, edits) == f"xx{text[1:2]}y{text[2:4]}"


@pytest.mark.parametrize(
    ("body", "indent"),
    [
        ("\n  a: b\n", "    "),
        ("\n  a:\n  - b\n", "  "),
        ("\n  a:\n  c:\n      - - d\n", "      "),
        ("\n  a:\n    - c:\n      - d\n", "    "),
        ("\n  a: [x]\n  b:\n    c:\n    - d\n", "  "),
        ("\n  a:\n                - b\n", "    "),
    ],
)
def test_a_list_is_indented_as_the_first_one_there(body, indent):
    """The entry stands as deep below its key as in the first list of lines, or two deeper."""
    new = insertion(scope(body), "team-ghcr").text
    assert new == f"  imagePullSecrets:\n{indent}- name: team-ghcr\n"


@pytest.mark.parametrize("body", [" {<<: {a: b}, c: d}\n", " { # c\n  a: b}\n", " !own\n  a: b\n"])
def test_where_a_key_cannot_be_put_none_is(body):
    """Before a merge or behind a comment in braces, or below a tag, no key is put."""
    with pytest.raises(Unsafe):
        insertion(scope(body), "x1")


@pytest.mark.parametrize(
    "body",
    [
        " {a: b, imagePullSecrets: }\n",
        "\n  a: b\n  ? imagePullSecrets\n",
    ],
)
def test_an_empty_key_where_no_list_can_be_put_is_refused(body):
    """Nothing is put below a key that does not begin and end a line."""
    one = scope(body)
    with pytest.raises(Unsafe, match="is empty"):
        filling(one, pair(one), "x1")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (" {a: b, # c\n imagePullSecrets: []}\n", "more than a comma"),
        ("\n  imagePullSecrets: [] \n", "would be empty"),
        ("\n  a: b\n  ? imagePullSecrets\n  : []\n", "one key a line"),
    ],
)
def test_what_cannot_be_cut_out_cleanly_is_refused(body, reason):
    """A cut would take something else along, or leave nothing: there is none."""
    one = scope(body)
    with pytest.raises(Unsafe, match=reason):
        removal(one, pair(one))


def test_an_entry_that_is_not_beside_its_hyphen_is_refused():
    """An entry of a list is cut out by its lines only if they are its own."""
    one = scope("\n  imagePullSecrets:\n  -\n    name: a1\n  - name: b1\n")
    listed = pair(one)[1]
    with pytest.raises(Unsafe, match="on the line of its hyphen"):
        entry_removal(one, listed, listed.items[0])
    assert edited("", []) == ""
