import copy

import pytest

from aicore_magics.templates.check.text import check_document
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import SERVING

DOCUMENT = read_documents(SERVING).documents[0]


def found_in(change):
    data, inner = copy.deepcopy(DOCUMENT.data), copy.deepcopy(DOCUMENT.inner)
    change(data["spec"], inner)
    return [(one.rule.id, one.severity, one.path) for one in check_document(data, inner=inner)]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("example-artifact-key", "exampleArtifactKey"),
        ("my.model", "myModel"),
        ("2nd-model", "a2ndModel"),
        ("5", "a5"),
        ("1:30", "a130"),
        ("é", "name"),
        ("-", "name"),
    ],
)
def test_a_name_with_a_hyphen_is_told_with_the_one_to_write(name, fix):
    """AI Core reads a hyphen between braces as minus, so names are in camel case."""
    data = copy.deepcopy(DOCUMENT.data)
    data["spec"]["inputs"]["artifacts"].append({"name": name})
    (found,) = check_document(data, inner=DOCUMENT.inner)
    assert (found.rule.id, found.severity) == ("artifact-name", "error")
    assert found.fix.startswith(f"write {fix},")


@pytest.mark.parametrize("name", ["modelName", "MLOPS_MODEL_ID", "x1", "_y"])
def test_letters_digits_and_underscores_are_fine(name):
    """Real templates have underscores, and they work."""
    assert found_in(lambda spec, _: spec["inputs"]["parameters"].append({"name": name})) == []


@pytest.mark.parametrize("text", ["", "  ", None])
def test_a_template_without_an_inner_spec(text):
    """An empty text block is an error, as is none."""
    data = copy.deepcopy(DOCUMENT.data)
    data["spec"]["template"]["spec"] = text
    assert [one.rule.id for one in check_document(data)] == ["spec"]


@pytest.mark.parametrize("inner", [["predictor"], "predictor", 3, {}, {"predictor": None}, {"predictor": []}])
def test_an_inner_spec_without_a_predictor(inner):
    """Whatever else stands there, it is an error."""
    data = copy.deepcopy(DOCUMENT.data)
    found = check_document(data, inner=inner)
    assert [one.severity for one in found] == ["error"]


def test_a_mapping_in_place_of_the_text_is_looked_at_as_well():
    """That it is no text is one error; what is wrong inside has findings with a path through the mapping."""
    data = copy.deepcopy(DOCUMENT.data)
    data["spec"]["template"]["spec"] = inner = copy.deepcopy(DOCUMENT.inner)
    inner["predictor"]["minReplicas"] = "1"
    wanted = [("not-text-block", ()), ("replicas", ("predictor", "minReplicas"))]
    for given in (inner, None):
        assert [(one.rule.id, one.path[3:]) for one in check_document(data, inner=given)] == wanted


@pytest.mark.parametrize("missing", ["template", "inputs"])
def test_parts_that_are_missing(missing):
    """Without a template there is nothing to serve; without inputs, no braces can be filled."""
    data = copy.deepcopy(DOCUMENT.data)
    del data["spec"][missing]
    found = {one.rule.id for one in check_document(data, inner=DOCUMENT.inner)}
    assert found == ({"spec", "undeclared"} - ({"spec"} if missing == "inputs" else {"undeclared"}))


def test_braces_in_labels_and_annotations_are_filled_from_the_inputs_too():
    """The texts beside the spec are filled in the same way."""

    def braced(spec, _):
        spec["template"]["metadata"]["annotations"] = 'x: "{{inputs.parameters.y}}"'

    place = ("spec", "template", "metadata", "annotations")
    assert found_in(braced) == [("undeclared", "error", place)]


def test_a_misspelt_predictor_is_to_be_spelt_right():
    """Every finding that follows from it has that as its fix, and none has a patch that would be refused."""
    text = SERVING.replace("      predictor:", "      predictors:")
    found = check_document(read_documents(text).documents[0].data)
    fixes = {one.rule.id: one.fix for one in found}
    assert fixes == {
        "unknown-key": "write predictor",
        "predictor": "write predictor instead of predictors",
        "secret-place": "write predictor instead of predictors",
    }


@pytest.mark.parametrize(
    ("key", "fixes"), [("lables", ["write labels"]), ("label", ["write labels"]), ("name", [])]
)
def test_a_key_of_the_inner_metadata_that_nothing_reads(key, fixes):
    """What is served has labels and annotations; a name is left alone, real templates have one."""
    data = copy.deepcopy(DOCUMENT.data)
    metadata = data["spec"]["template"]["metadata"]
    metadata[key] = metadata["labels"]
    found = [one for one in check_document(data, inner=DOCUMENT.inner) if one.rule.id == "unknown-key"]
    assert [one.path[-1] for one in found] == [key for _ in fixes]
    assert all(one.fix == "leave it out: labels is there already" for one in found)
    del metadata["labels"]
    found = [one for one in check_document(data, inner=DOCUMENT.inner) if one.rule.id == "unknown-key"]
    assert [one.fix for one in found] == fixes
