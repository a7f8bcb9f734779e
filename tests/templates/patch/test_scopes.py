import pytest

from aicore_magics.templates.finding import INNER
from aicore_magics.templates.patch.scopes import IN_THE_WAY, Unsafe, outer_spec, own, scope_of
from aicore_magics.templates.yaml.marks import read_documents

SERVING = (
    "kind: ServingTemplate\nspec:\n  template:\n    spec: |\n      # c\n      predictor:\n        a: b # c\n"
)


def template(text):
    return read_documents(text).documents[0]


def test_the_spec_of_a_workflow_template_is_its_scope():
    """In a WorkflowTemplate the key belongs in spec, and offsets are those of the file."""
    scope = scope_of(template("kind: WorkflowTemplate\nspec:\n  a: b\n"))
    assert (scope.name, scope.path, scope.mapping.data) == ("spec", ("spec",), {"a": "b"})
    assert (scope.row(scope.mapping.start), scope.before(scope.mapping.start)) == (2, "  ")
    assert scope.after(scope.owner.end) == ":"


@pytest.mark.parametrize("text", [SERVING, SERVING.replace("\n", "\r\n")])
def test_the_predictor_in_the_text_block_is_that_of_a_serving_template(text):
    """In a ServingTemplate it is predictor, and offsets inside the text become those of the file."""
    scope = scope_of(template(text))
    assert (scope.name, scope.path) == ("predictor", ("spec", "template", "spec", INNER, "predictor"))
    start = scope.mapping.pairs[0][1].start
    assert text[scope.at(start)] == "b"
    assert (scope.row(start), scope.before(start), scope.after(start)) == (6, "        a: ", "b # c")


def test_the_outer_spec_is_a_scope_too():
    """For what stands there by mistake, the outer spec of a ServingTemplate can be had."""
    assert outer_spec(template(SERVING)).path == ("spec",)


def test_a_key_of_its_own_is_not_one_that_an_alias_brings_in():
    """A key counts if it stands in the mapping itself; through a merge or an alias it is refused."""
    root = template("m: &m {a: 1}\n<<: *m\nb: *m\nc: 1\n").tree.root
    assert own(root, "c", abs)[1].data == 1
    assert own(root, "d", abs) is None
    for key in ("a", "b"):
        with pytest.raises(Unsafe) as caught:
            own(root, key, abs)
        assert caught.value.reason == IN_THE_WAY


def test_a_key_that_stands_twice_is_told_in_a_readable_way():
    """The key is named, without what would move other text about, and not at any length."""
    key = "k\u202e" + "x" * 200
    with pytest.raises(Unsafe) as caught:
        scope_of(template(f"kind: WorkflowTemplate\nspec:\n  {key}: 1\n  {key}: 2\n"))
    assert caught.value.reason.startswith("the key k\\u202exxx")
    assert len(caught.value.reason) < 100
    assert caught.value.offset > 200
