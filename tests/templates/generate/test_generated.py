"""The two functions that make a template, and what they give back."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest
import yaml

from aicore_magics.errors import InvalidInput, InvalidTemplate
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.templates.generate import generated
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.parts import Container, Parameter, Scenario, WorkflowOptions
from aicore_magics.templates.generate.serving_parts import ServingOptions

IMAGE = "ghcr.io/acme/churn:1.4"
RUN = Container(args=["python train.py"])


def workflow(name="churn-train", image=IMAGE, scenario="churn", **more):
    return workflow_template(name, image=image, scenario=scenario, **{"container": RUN, **more})


def test_a_template_is_its_text():
    """`str()` gives the YAML, which names the secret where AI Core reads it."""
    made = workflow(secret="team-ghcr")
    assert str(made) == made.text
    document = yaml.safe_load(made.text)
    assert (document["kind"], document["metadata"]["name"]) == (made.kind, made.name)
    assert document["spec"]["imagePullSecrets"] == [{"name": "team-ghcr"}]


def test_a_scenario_is_an_id_or_more():
    """A text is the id; a Scenario has name and description as well."""
    document = yaml.safe_load(workflow(scenario=Scenario("churn", "Churn", "Who leaves")).text)
    assert document["metadata"]["labels"]["scenarios.ai.sap.com/id"] == "churn"
    assert document["metadata"]["annotations"]["scenarios.ai.sap.com/description"] == "Who leaves"


def test_the_report_has_the_yaml_and_what_to_do():
    """Its text says what was made, for which image, with which secret, and how to save it."""
    text = workflow(secret="team-ghcr", options=WorkflowOptions(comments=False)).shown(NOTEBOOK)
    assert text.startswith(
        "WorkflowTemplate churn-train.\n  image   ghcr.io/acme/churn:1.4\n  secret  team-ghcr\n"
    )
    assert "Next: save it, in a cell that begins with %%aicore_template save churn-train.yaml\n" in text
    assert "  apiVersion: argoproj.io/v1alpha1\n" in text


def test_a_saved_template_says_where():
    """Once it is written, what is next is another thing; the template is the same."""
    made = workflow()
    saved = made.saved_as("templates/churn.yaml")
    assert "file    templates/churn.yaml" in repr(saved)
    assert "%%aicore_template save" not in saved.shown(NOTEBOOK)
    assert (saved.text, made.saved) == (made.text, "")


def test_notes_are_warnings():
    """What may go wrong is said on top, and the template is there all the same."""
    made = workflow(image="churn:latest")
    assert made.report().state == "warning"
    assert len(made.notes) == 2
    assert workflow().report().state == "done"
    assert "none; the image must be public" in repr(workflow())


def test_its_data():
    """`to_dict` gives all of it, ready for JSON."""
    data = workflow(secret="team-ghcr").to_dict()
    assert json.loads(json.dumps(data)) == data
    assert (data["result"], data["kind"], data["secret"]) == (
        "GeneratedTemplate",
        "WorkflowTemplate",
        "team-ghcr",
    )


def test_a_result_does_not_change():
    """What was made stays as it was made."""
    with pytest.raises(FrozenInstanceError):
        workflow().text = ""


def test_a_parameter_may_stand_for_image_secret_and_plan():
    """Their defaults are looked at as the thing itself would be; without one, nothing is known yet."""
    parameters = [Parameter("image", "churn"), Parameter("secret", "team-ghcr"), Parameter("plan")]
    named = {each: f"{{{{inputs.parameters.{each}}}}}" for each in ("image", "secret", "plan")}
    made = serving_template(
        "churn-serve",
        image=named["image"],
        secret=named["secret"],
        scenario="churn",
        options=ServingOptions(parameters=parameters, plan=named["plan"]),
    )
    assert len(made.notes) == 2
    assert f'- name: "{named["secret"]}"\n' in made.text
    with pytest.raises(InvalidInput):
        serving_template(
            "churn-serve",
            image=IMAGE,
            secret=named["secret"],
            scenario="churn",
            options=ServingOptions(parameters=[Parameter("secret", "Default")]),
        )


@pytest.mark.parametrize("wrong", [{"image": 1}, {"secret": 5}, {"scenario": 7}, {"name": 3}])
def test_what_is_no_text_is_refused(wrong):
    """From Python, another kind of value is refused as input, and no TypeError comes out of the depths."""
    with pytest.raises(InvalidTemplate, match="string"):
        workflow(**wrong)


def test_serving_templates_have_no_value_of_a_parameter():
    """AI Core knows a default there, and nothing else."""
    with pytest.raises(InvalidTemplate, match="--param-value"):
        serving_template(
            "churn-serve",
            image=IMAGE,
            scenario="churn",
            options=ServingOptions(parameters=[Parameter("a", value="1")]),
        )


LIGHT = """
import sys
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.parts import Container
words = dict(image="ghcr.io/acme/churn:1.4", secret="team-ghcr", scenario="churn")
workflow_template("churn-train", container=Container(args=["python train.py"]), **words)
serving_template("churn-serve", **words)
heavy = ("yaml", "ruamel", "requests", "jsonschema")
print(*sorted(name for name in sys.modules if name.split(".")[0] in heavy))
print(*sorted(name for name in sys.modules if name.startswith("aicore_magics") and "templates" not in name))
"""


def test_a_template_is_made_with_few_modules():
    """No YAML library is imported to write one; of the rest only what tokens, placeholders, spaces are."""
    said = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True, check=True).stdout
    base = "aicore_magics aicore_magics.base aicore_magics.base."
    shapes = "aicore_magics.base.spaces aicore_magics.base.token_shapes"
    assert said.splitlines() == ["", f"{base}placeholders {shapes}"]


def test_spaces_around_names_do_not_count():
    """What is pasted with spaces around it makes the same template."""
    spaced = workflow_template(
        "\u00a0churn-train ",
        image=f" {IMAGE}\u200b",
        secret="\tteam-churn ",
        scenario=" churn\u00a0",
        container=Container(args=("python train.py",)),
    )
    plain = workflow_template(
        "churn-train",
        image=IMAGE,
        secret="team-churn",
        scenario="churn",
        container=Container(args=("python train.py",)),
    )
    assert (spaced.text, spaced.name, spaced.secret) == (plain.text, "churn-train", "team-churn")


def test_what_runs_in_a_serving_template_is_up_to_the_image():
    """Arguments alone go to its ENTRYPOINT: no command is made up. A workflow needs one, and gets a shell."""
    args = Container(args=["--model", "a/b"])
    made = serving_template("churn-serve", image=IMAGE, scenario="churn", container=args)
    (container,) = yaml.safe_load(yaml.safe_load(made.text)["spec"]["template"]["spec"])["predictor"][
        "containers"
    ]
    assert container["args"] == ["--model", "a/b"]
    assert "command" not in container
    (template,) = yaml.safe_load(workflow().text)["spec"]["templates"]
    assert template["container"]["command"] == ["/bin/sh", "-c"]
    for wrong in (["--model a/b"], [" -m x"], ["--model", "a/b"], ["a", "b"]):
        with pytest.raises(InvalidTemplate) as caught:
            workflow(container=Container(args=wrong))
        assert "--command" in caught.value.hint


def test_a_secret_in_the_open_is_noted():
    """A password as the text of a variable is a note of both kinds, as it will be in git."""
    container = Container(args=["run"], env={"DB_PASSWORD": "hunter2"})
    for made in (
        workflow(container=container),
        serving_template("churn-serve", image=IMAGE, scenario="churn", container=container),
    ):
        assert len(made.notes) == 1
        assert made.notes[0].startswith("DB_PASSWORD is now in the template")
        assert made.report().state == "warning"


def test_the_yaml_of_a_saved_template_stands_before_what_comes_next():
    """To commit is the last thing to do, and the YAML does not stand below it."""
    text = str(workflow().saved_as("churn.yaml").report())
    assert text.index("apiVersion: argoproj.io") < text.index("commit it to the repository")
    assert text.rstrip().endswith("AI Core application follows")


def test_what_is_missing_is_told_for_python_as_well():
    """Where there are no options, the hint says what to write."""
    with pytest.raises(InvalidTemplate, match="--args is missing") as caught:
        workflow_template("churn-train", image=IMAGE, scenario="churn")
    assert 'container=Container(args=["python train.py"])' in caught.value.hint


def test_a_fault_of_ours_stays_one(monkeypatch):
    """Where all parts are of their kind, an AttributeError is a bug, and keeps its name."""
    monkeypatch.setattr(generated, "check_placeholders", lambda *_: None.nothing)
    with pytest.raises(AttributeError):
        workflow()
