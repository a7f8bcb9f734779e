"""What CONTRIBUTING.md says about adding something is done here, in a copy, and works."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import aicore_magics
from tests.documents import ROOT

PACKAGE = Path(aicore_magics.__file__).parent
# For each of them: the file, the line that it goes behind, and what to add.
HOW_TO = {
    "a registry preset": [
        (
            "registry/presets.py",
            "PRESETS = (\n",
            """\
    Preset(
        "Tea",
        ("127.0.0.1:*",),
        "tea.example",
        user="a leaf",
        token="a cup",
        where="the kitchen",
        lives="5 minutes",
        refused="Tea wants a leaf and a cup.",
    ),
""",
        ),
        (
            "registry/renewal.py",
            "RENEWALS = (\n",
            """    Renewal("Tea", make="the kitchen, a second cup", end="in the kitchen: drink it"),\n""",
        ),
    ],
    "a rule for templates": [
        (
            "templates/catalogue/running.py",
            "from aicore_magics.templates.finding import Rule\n",
            """
DEBUG_ENV = Rule(
    "debug-env",
    "hint",
    "DEBUG in env",
    "It slows the run.",
    "Inferred: a habit.",
    "container of a WorkflowTemplate",
    "env: [{name: DEBUG, value: x}]",
    "env: []",
)
""",
        ),
        (
            "templates/rules/container_rules.py",
            "    env_findings(found, container, path)\n",
            """\
    env = container.get("env")
    entries = [each for each in env if isinstance(each, dict)] if isinstance(env, list) else []
    if any(each.get("name") == "DEBUG" for each in entries):
        from aicore_magics.templates.catalogue.running import DEBUG_ENV

        found.add(DEBUG_ENV, (*path, "env"), "the container sets DEBUG", "leave it out")
""",
        ),
    ],
    "an option": [
        (
            "templates/generate/option_table.py",
            "OPTIONS: tuple[Option, ...] = (\n",
            '    Option("--queue", "NAME", "where it waits", only="workflow", field="queue"),\n',
        ),
        ("templates/generate/parts.py", '    step: str = ""\n', '    queue: str = ""\n'),
        (
            "templates/generate/workflow.py",
            '    spec["entrypoint"] = MAIN\n',
            '    spec["queue"] = options.queue\n',
        ),
        (
            "grammar/secret_grammar.py",
            '    """Add how the registries are asked."""\n',
            '    parser.add_argument("--hurry", action="store_true", help="do not wait")\n',
        ),
        ("grammar/secret_options.py", "    return CheckOptions(\n", "        hurry=options.hurry,\n"),
        ("actions/docker_secrets.py", "    skip: bool = False\n", "    hurry: bool = False\n"),
    ],
    "a kind of credential": [
        (
            "base/token_shapes.py",
            "TOKEN_SHAPES: tuple[TokenShape, ...] = (\n",
            """\
    TokenShape("tea-token", "a tea token", "pour it away", _START + r"tea_[a-z]{16,}", ("tea_",)),
""",
        )
    ],
    "a switch of the sandbox": [
        ("sandbox/faults.py", "class Faults(Guesses):\n", "    teapot: bool = False\n"),
        (
            "sandbox/trouble.py",
            "def interception(request: Request, faults: Faults) -> Answer | None:\n",
            """\
    if faults.teapot:
        return Answer.text(418, "I am a teapot")
""",
        ),
    ],
}
# What a user meets then, as JSON on the last line.
USE = """
import json, urllib.error, urllib.request
from pathlib import Path
from aicore_magics import RegistryLogin, Secret, check_image, check_templates
from aicore_magics import scan_notebooks, workflow_template
from aicore_magics.base.redact import scrub
from aicore_magics.registry.renewal import renewal_of
from aicore_magics.cli.commands import read
from aicore_magics.grammar.secret_options import check_options
from aicore_magics.grammar.template_options import workflow_arguments
from aicore_magics.sandbox import start

said = {}
with start() as sandbox:
    login = RegistryLogin(sandbox.registry.host, "anna", Secret("wrong"))
    image = f"{sandbox.registry.host}/{sandbox.registry.images[0]}"
    said["a registry preset"] = f"{check_image([image], [login])} {renewal_of(login.registry).end}"
    sandbox.faults.teapot = True
    try:
        urllib.request.urlopen(sandbox.service_key["serviceurls"]["AI_API_URL"])
    except urllib.error.HTTPError as error:
        said["a switch of the sandbox"] = f"{error.code} {error.read().decode()}"
words = "template workflow t-run --image docker.io/a/b:1 --scenario churn --args x --queue fast"
_, options = read(f"{words} --env DEBUG=x".split())
text = str(workflow_template(**workflow_arguments(options)))
_, options = read(["check", "--hurry"])
said["an option"] = f"{text} hurry: {check_options(options).hurry}"
Path("t.yaml").write_text(text)
found = check_templates("t.yaml"), check_templates("t.yaml", disable=["debug-env"])
said["a rule for templates"] = [[f.rule.id for f in each.findings if f.line] for each in found]
token = "tea_" + "abcdefgh" * 3
Path("a.env").write_text(f"X={token}")
kinds = [leak.kind for leak in scan_notebooks(".").leaks]
said["a kind of credential"] = f"{kinds} {scrub(token)}"
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What a copy of the package says, after all five were done in it."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "aicore_magics", ignore=shutil.ignore_patterns("__pycache__"))
    for file, behind, more in (change for changes in HOW_TO.values() for change in changes):
        path = folder / "aicore_magics" / file
        text = path.read_text("utf-8")
        assert text.count(behind) == 1, file
        path.write_text(text.replace(behind, f"{behind}{more}"), "utf-8")
    (folder / "work").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{USE}"],
        cwd=folder / "work",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("a registry preset", "Tea wants a leaf and a cup."),
        ("a registry preset", "in the kitchen: drink it"),
        ("an option", "queue: fast"),
        ("an option", "hurry: True"),
        ("a kind of credential", "a tea token"),
        ("a kind of credential", "***"),
        ("a switch of the sandbox", "418 I am a teapot"),
    ],
)
def test_it_works_as_the_how_to_says(said, what, expected):
    """What was added in those places, and in no other, is met by a user."""
    assert expected in said[what]


def test_an_added_rule_is_found_and_can_be_disabled(said):
    """A rule that was added is found, and by its id it is not shown."""
    found, disabled = said["a rule for templates"]
    assert "debug-env" in found
    assert "debug-env" not in disabled


@pytest.mark.parametrize("what", HOW_TO)
def test_the_how_to_names_each_place(what):
    """CONTRIBUTING.md names every file that was changed here, and at most three steps."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition(f"### … {what}\n")[2].partition("\n#")[0]
    places = {file for file, _, _ in HOW_TO[what]}
    assert [file for file in places if not names(section, file)] == []
    assert all(int(number) <= 3 for number in re.findall(r"(?m)^(\d+)\. ", section))


def names(section, file):
    """Whether *section* names *file*, or the folder that it is in."""
    folder, name = str(Path(file).parent), Path(file).name
    return f"{folder}/" in section and (name in section or f"{folder}/`" in section)
