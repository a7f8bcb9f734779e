import pytest

from tests.templates.workflows import ALONE, fixes, one, steps, tasks, told, workflow

MAIN = ALONE + "  args: [x]\n"
FROM = "'{{steps.a.outputs.artifacts.model}}'"


def reads(location):
    """A container that reads an artifact from *location*."""
    return workflow(MAIN + f"inputs: {{artifacts: [{{name: x, path: /x, {location}}}]}}\n")


@pytest.mark.parametrize(
    "location",
    [
        "git: {repo: 'https://github.com/acme/churn'}",
        "http: {url: 'https://host/x'}",
        "raw: {data: x}",
        "s3: {key: x}",
        "hdfs: {addresses: [host:8020], path: /data, hdfsUser: root}",
        "hdfs: {addresses: [host:8020], path: '{{workflow.name}}', hdfsUser: root}",
        "optional: true",
    ],
)
def test_a_location_with_what_it_needs(location):
    """A repo, a url, data; a key may be relative to the repository of artifacts."""
    assert told(reads(location)) == []


@pytest.mark.parametrize(
    "location",
    [
        *("§git: {revision: main}", "§git: {repo: ''}", "§git: {}", "§http: {}", "§raw: {}"),
        "§artifactory: {usernameSecret: {name: a, key: b}}",
        "§hdfs: {path: /x, hdfsUser: root}",
        "§hdfs: {addresses: [host:8020], path: x, hdfsUser: root}",
        "§hdfs: {addresses: [host:8020], path: /x}",
    ],
)
def test_a_location_without_what_it_needs(location):
    """The finding stands at the key of the location."""
    assert told(reads(location)) == [("output@", "error")]


def test_an_argument_and_an_archive_have_a_location_as_well():
    """What is handed to a step, and where a template keeps its files."""
    given = "arguments: {artifacts: [{name: x, §git: {revision: main}}]}"
    assert told(workflow(steps(one("a", more=given)))) == [("output@", "error")]
    assert told(workflow(MAIN + "archiveLocation: {§http: {}}\n")) == [("output@", "error")]


@pytest.mark.parametrize("path", ["/app/../x", "/app/..", "/a/b/../c", "/a/../a"])
def test_a_path_stays_in_its_folder(path):
    """Argo refuses a path that leads out of the folder that it begins with."""
    assert told(workflow(MAIN + f"inputs: {{artifacts: [{{name: x, path: §{path}}}]}}\n")) == [
        ("output@", "error")
    ]


@pytest.mark.parametrize("path", ["/app/x..y", "/a/../a/x", "../x", "/app/{{workflow.name}}"])
def test_other_dots_are_fine(path):
    """Two dots in a name, or a path that comes back."""
    assert told(workflow(MAIN + f"inputs: {{artifacts: [{{name: x, path: '{path}'}}]}}\n")) == []


@pytest.mark.parametrize("source", [f"from: {FROM}", "fromExpression: x"])
def test_steps_hand_on_an_artifact(source):
    """Of a step, by its name or by an expression."""
    outputs = f"outputs: {{artifacts: [{{name: x, globalName: x, {source}}}]}}\n"
    assert told(workflow(steps(one("a", "makes")) + outputs)) == []


@pytest.mark.parametrize("main", [steps(one("a", "makes")), tasks(one("a", "makes"))])
def test_an_artifact_from_nowhere_is_left_out(main):
    """Argo takes the template, and the artifact never comes."""
    text = workflow(main + "outputs: {artifacts: [§{name: x, globalName: x}]}\n")
    assert told(text) == [("output@", "warning")]
    assert fixes(text.replace("§", "")) == ["write from: with an output of a step or task below its name"]
