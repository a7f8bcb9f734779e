"""Nothing is decided by words: with every wording of ours replaced by x, everything else stays the same."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from aicore_magics import actions, cli, next_steps
from aicore_magics.aicore import looks
from aicore_magics.aicore.write_outcome import Doubt
from aicore_magics.base.progress import Watch
from aicore_magics.base.report import Fact, Mark, Report, Step
from aicore_magics.errors import AICoreError
from aicore_magics.jupyter import wording
from aicore_magics.jupyter.boundary import run_line
from aicore_magics.jupyter.form import lookup
from aicore_magics.jupyter.form import words as form_words
from aicore_magics.jupyter.form.form import DockerSecretForm
from aicore_magics.jupyter.run_connect import run_connect
from aicore_magics.jupyter.run_notebook import run_notebook
from aicore_magics.jupyter.run_secret import run_secret
from aicore_magics.jupyter.run_template import run_template, run_template_cell
from aicore_magics.jupyter.session import Session
from aicore_magics.leaks.files.search_paths import PassedOver
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import Action, Beside, Effect, Guess, Option, Sign, pieces
from aicore_magics.registry import verdict
from aicore_magics.sandbox import start
from aicore_magics.templates.finding import Finding
from tests.leaks.samples import TOKENS
from tests.waiting import until

WAIT = 20


def wordless(words):
    """The same *words*, each text in them an x of its own kind; what is no word stays."""

    def one(piece):
        if isinstance(piece, str):
            return type(piece)("x" if piece else "")
        return dataclasses.replace(piece, words="x") if isinstance(piece, Beside) else piece

    return tuple(map(one, words)) if isinstance(words, tuple) else one(words)


def silence(monkeypatch, kind, *names):
    """Let each new *kind* have an x in place of the texts called *names*."""
    made = kind.__init__
    fields = [field.name for field in dataclasses.fields(kind)]

    def init(self, *args, **kwargs):
        given = {**dict(zip(fields, args, strict=False)), **kwargs}
        for name in given.keys() & set(names):
            given[name] = wordless(given[name])
        made(self, **given)

    monkeypatch.setattr(kind, "__init__", init)


def take_words_away(monkeypatch):
    """Replace every wording of ours by x, where it is made."""
    made = AICoreError.__init__

    def init(self, what, effect=None, next="", *, words=None, lines=()):
        made(self, wordless(what), effect, wordless(next), words=wordless(words or words), lines=lines)

    monkeypatch.setattr(AICoreError, "__init__", init)
    monkeypatch.setattr(Effect, "sentence", property(lambda effect: "x" if effect.value else ""))
    silence(monkeypatch, verdict.Verdict, "reason", "fix")
    monkeypatch.setattr(verdict.Verdict, "word", property(lambda _: "x"))
    silence(monkeypatch, Doubt, "what")
    silence(monkeypatch, Finding, "message", "fix")
    silence(monkeypatch, PassedOver, "reason")
    silence(monkeypatch, Report, "headline", "sentences", "footer")
    silence(monkeypatch, Fact, "label", "value")
    silence(monkeypatch, Step, "what")
    silence(monkeypatch, Mark, "word")
    for table in (next_steps.CALLS, wording.MAGICS):
        for name in table:
            monkeypatch.setitem(table, name, "x")
    monkeypatch.setattr(form_words, "_text", lambda text: "x" if text else "")
    watching = Watch.__init__

    def watch(self, tell=None):
        watching(self, *([lambda step, state, _word: tell(step, state, "x")] if tell else []))

    monkeypatch.setattr(Watch, "__init__", watch)


def values(words):
    """What stands in *words* beside texts: actions, options, guesses, signs."""
    return [piece for piece in pieces(words) if isinstance(piece, (Action, Option, Guess, Sign))]


def facts_of(result):
    """All that a result says but for its words."""
    report = result.report()
    rows = report.table.rows if report.table else ()
    marks = [cell.state for row in rows for cell in row if isinstance(cell, Mark)]
    return (
        type(result).__name__,
        report.state,
        marks,
        len(report.facts),
        len(report.sentences),
        [values(line) for step in report.steps for line in step.lines],
    )


def outcome_of(act):
    """What came of *act*: its result or its error, without a word."""
    try:
        return facts_of(act())
    except UsageError:
        return "UsageError"
    except AICoreError as error:
        return (
            type(error).__name__,
            error.effect,
            error.status,
            values(error.next),
            len(error.lines),
            len(error._render_traceback_()),
        )


class World:
    """A sandbox, a session connected to it, and what one types in a cell."""

    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.registry = sandbox.registry
        self.session = Session()
        self.session.use(actions.connect_with(sandbox.service_key, sandbox=True))
        self.screens = []

    def close(self):
        for screen in self.screens:
            screen.form.close()
        self.session.disconnect()

    def screen(self, name=""):
        self.screens.append(Screen(self, name))
        return self.screens[-1]

    def secret(self, line):
        return outcome_of(lambda: run_line(run_secret, line, self.session, {}))

    def template(self, line):
        return outcome_of(lambda: run_line(run_template, line, self.session, {}))

    def login(self, variable="RIGHT", image="acme/churn:1.4"):
        return f"--username anna --password-env {variable} --image {self.registry.host}/{image}"


def nobody(_prompt=""):
    """Answer nothing, as where no cell can ask."""
    raise EOFError


@pytest.fixture
def twice(monkeypatch, tmp_path_factory):
    """Run a scenario in a world of its own, with words and then without; both come to the same."""
    monkeypatch.setattr(looks, "VISIBLE_WITHIN", 0.3)
    monkeypatch.setattr(lookup, "PAUSE", 0.01)
    for asks in ("builtins.input", "getpass.getpass"):
        monkeypatch.setattr(asks, nobody)

    def once(scenario):
        monkeypatch.chdir(tmp_path_factory.mktemp("world"))
        with start() as sandbox:
            world = World(sandbox)
            monkeypatch.setenv("RIGHT", sandbox.registry.password)
            monkeypatch.setenv("WRONG", "of-" + "yesterday")
            try:
                found = scenario(world)
            finally:
                world.close()
            return found, str(found).replace(sandbox.registry.host, "REGISTRY")

    def twice(scenario):
        found, with_words = once(scenario)
        take_words_away(monkeypatch)
        _, without = once(scenario)
        assert without == with_words
        return found

    return twice


IMAGES = ("acme/churn:1.4", "acme/churn-gpu:2.0", "acme/churn:none", "acme/nothing:1", "acme/hello:1.0")


def test_checks_come_to_the_same(twice):
    """Each verdict of a registry, as a result and as a refusal."""

    def scenario(world):
        found = [
            world.secret(f"{what} {world.login(variable, image)}")
            for what in ("check", "check --strict", "create team-a --dry-run", "create team-a")
            for variable in ("RIGHT", "WRONG", "UNSET")
            for image in IMAGES
        ]
        elsewhere = "--username anna --password-env RIGHT --image ghcr.io/acme/churn:1"
        found += [world.secret(f"check {elsewhere}"), world.secret(f"create team-b {elsewhere}")]
        found += [world.secret(f"create team-c {world.login()} --registry quay.io")]
        return found

    found = twice(scenario)
    assert len({str(each) for each in found}) > 10


FAULTS = (
    {"drop": ["before", "before", "before", "before"]},
    {"drop": ["after"]},
    {"drop": ["after"], "never_visible": True},
    {"never_visible": True},
    {"next_statuses": [0, 500, 500, 500]},
    {"next_statuses": [0, 503, 503, 503], "apply_anyway": True},
    {"next_statuses": [0, 400]},
    {"next_statuses": [401, 401, 401, 401]},
    {"next_statuses": [418]},
    {"quota": 1},
    {"duplicate": "409"},
    {"forbidden": "text"},
    {"forbidden": "json", "forbidden_reads": True},
    {"html": True},
    {"redirect_to": "https://login.corp.example/x"},
)


@pytest.mark.parametrize("faults", FAULTS, ids=str)
def test_writes_come_to_the_same(twice, faults, clock):
    """Each way of AI Core to fail, for each way to write."""

    def scenario(world):
        found = []
        for line in (
            "create team-a {login} --no-check --timeout 3",
            "create team-a {login} --no-check --timeout 3",
            "update team-a {login} --no-check --timeout 3",
            "update team-b {login} --no-check --timeout 3",
            "apply team-a {login} --no-check --timeout 3",
            "delete team-a --yes --timeout 3",
            "delete team-a --yes --timeout 3",
            "show team-a --timeout 3",
            "list --timeout 3",
            "quota --timeout 3",
        ):
            for name, value in faults.items():
                setattr(world.sandbox.faults, name, list(value) if isinstance(value, list) else value)
            found.append(world.secret(line.format(login=world.login())))
        return found

    assert len(twice(scenario)) == 10


LINES = (
    "create Team-A --registry ghcr.io --username anna --password-env RIGHT",
    "create team-a --registry ghcr.io/x --username anna --password-env RIGHT",
    "create team-a --registry ghcr.io --username a:b --password-env RIGHT",
    "create team-a --registry ghcr.io --username anna --password-env NOT_SET",
    "create team-a --registry ghcr.io --username anna --password-file none.txt",
    "create team-a --registry ghcr.io --docker-login",
    "create team-a --from-file none.json",
    "create team-a --from-file bad.json",
    "create team-a --from-file two.json --no-check",
    "create team-a --from-file two.json --registry quay.io --no-check",
    "create team-a --image https://ghcr.io/acme/churn --username anna --password-env RIGHT",
    "create team-a --login ghcr.io --password-env RIGHT",
    "create team-a --docker-login --keyring x --registry ghcr.io",
    "check --docker-login",
    "create",
)


def test_wrong_input_comes_to_the_same(twice):
    """What cannot be used is refused by the same class, with the same effect, and the same way on."""

    def scenario(world):
        Path("bad.json").write_text("{")
        auths = {name: {"auth": "YW5uYTp4"} for name in ("ghcr.io", "docker.io")}
        Path("two.json").write_text(str({"auths": auths}).replace("'", '"'))
        found = [world.secret(line) for line in LINES]
        alone = Session()
        found += [outcome_of(lambda: run_line(run_secret, LINES[0], alone, {}))]
        found += [
            outcome_of(lambda line=line: run_line(run_connect, line, alone, {}))
            for line in ("", "--service-key none.json", "--service-key bad.json", "--status", "--profile x")
        ]
        return found

    assert len({str(each) for each in twice(scenario)}) > 8


BAD_TEMPLATE = """\
apiVersion: ai.sap.com/v1alpha1
kind: ServingTemplate
metadata:
  name: churn.serve
  annotations:
    scenarios.ai.sap.com/name: "churn"
    executables.ai.sap.com/name: "churn"
  labels:
    scenarios.ai.sap.com/id: "churn"
    ai.sap.com/version: "1.0"
spec:
  imagePullSecrets:
    - name: team-a
  template:
    apiVersion: "serving.kserve.io/v1beta1"
    spec: |
      predictor:
        imagePullSecrets:
          - name: <secret>
        containers:
          - name: kserve-container
            image: hub.docker.com/r/acme/churn
            ports:
              - containerPort: "8080"
"""


def test_templates_come_to_the_same(twice):
    """The same findings by rule, severity and place; the same refusals when one is saved."""

    def scenario(world):
        Path("bad.yaml").write_text(BAD_TEMPLATE)
        Path("latin.yaml").write_bytes(b"kind: \xe4")
        options = "--image ghcr.io/acme/churn:1 --secret team-a --scenario churn"
        lines = (
            "check bad.yaml latin.yaml none.yaml",
            "check --strict bad.yaml",
            "patch bad.yaml --secret team-a",
            "patch bad.yaml --secret team-a --move",
            f"workflow churn-train {options}",
            f'workflow churn-train {options} --args "python x.py" --out a.yaml',
            f'workflow churn-train {options} --args "python x.py" --out a.yaml',
            f"serving churn-serve {options} --out ../b.yaml",
            "serving churn-serve --image https://x --secret <x> --scenario churn",
        )
        found = [world.template(line) for line in lines]
        found += [
            outcome_of(lambda line=line: run_line(run_template_cell(BAD_TEMPLATE), line, world.session, {}))
            for line in (
                "save bad2.yaml",
                "save bad2.yaml --no-check",
                "save bad2.yaml --no-check",
                "save x.txt",
            )
        ]
        checked = actions.check_templates(["bad.yaml", "latin.yaml", "none.yaml"])
        found.append(
            [(one.rule, one.severity, one.line, one.column, values(one.fix)) for one in checked.findings]
        )
        return found

    assert len(twice(scenario)[-1]) > 5


def test_scans_come_to_the_same(twice, capsys):
    """The exit status of a scan, what it found, and what a cleaning would do."""

    def scenario(world):
        Path("leak.env").write_text(f"TOKEN={TOKENS[0].text}\n")
        Path("clean.env").write_text("A=1\n")
        found = []
        for path in ("leak.env", "clean.env", "none.ipynb", "", "."):
            found += [(cli.main(["scan", path]), cli.main(["scan", "--format", "json", path]))]
        found += [
            outcome_of(lambda line=line: run_line(run_notebook, line, world.session, {}))
            for line in (
                "scan leak.env",
                "scrub .",
                "scan none.ipynb",
                "new a.ipynb",
                "new a.ipynb --sandbox",
            )
        ]
        leaks = actions.scan_notebooks(["leak.env"]).leaks
        found.append([(leak.kind_id, leak.file_line, leak.file_column) for leak in leaks])
        capsys.readouterr()
        return found

    found = twice(scenario)
    assert [statuses[0] for statuses in found[:4]] == [1, 0, 2, 2]


# The form


class Screen:
    """One form, and what can be seen of it but for its words."""

    def __init__(self, world, name=""):
        self.world = world
        self.form = DockerSecretForm(world.session, name)
        self.seen = []

    def fill(self, *, name="team-a", image="acme/churn:1.4", password=None):
        fields = self.form.fields
        if not fields.name.disabled:
            fields.name.value = name
        fields.images.value = f"{self.world.registry.host}/{image}" if image else ""
        fields.user.value = "anna"
        fields.password.widget.set_state({"value": password or self.world.registry.password})

    def press(self, key):
        self.form.bar.press(key)
        assert self.form.wait(WAIT)
        self.look()

    def look(self):
        """Note the buttons that can be pressed, the rings, the roles, and what is kept."""
        form, page = self.form, self.form.message.value
        self.seen.append(
            (
                sorted(form.bar.offered),
                form.bar.says("store"),
                re.findall(r'class="g ([a-z ]+)"', page),
                re.findall(r'role="(\w+)"', page),
                page.count("<pre>"),
                len(form.fields.wrong),
                form.fields.password.value is None,
                type(form.result).__name__,
            )
        )

    def note_rings(self):
        """Note from now on which rings each step has had, one after the other."""
        had = {}
        self.seen.append(had)

        def stepped(change):
            rings = re.findall(r'class="g ([a-z ]+)"', change.new)
            for number, ring in enumerate(rings):
                if had.setdefault(number, [ring])[-1] != ring:
                    had[number].append(ring)

        self.form.message.observe(stepped, "value")


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
def test_the_form_checks_and_stores_the_same(twice, image, right):
    """Check, then Create: rings of steps, rings of cards, buttons, and whether the password stays."""

    def scenario(world):
        one = world.screen()
        one.note_rings()
        password = "" if right else "of-" + "yesterday"
        one.fill(image=image, password=password)
        one.press("check")
        if not right:  # a refused one is not kept
            one.fill(image=image, password=password)
        one.press("store")
        return one.seen

    rings, *seen = twice(scenario)
    assert len(rings) == 3
    assert len(seen) == 2


def test_the_form_replaces_the_same(twice):
    """Taken: Replace is offered, asks, is kept or done. Gone: Create is offered again."""

    def scenario(world):
        world.secret(f"create team-a {world.login()} --no-check")
        one = world.screen()
        one.fill()
        one.press("store")
        until(lambda: one.form.bar.says("store") == "Replace…")
        for key in ("store", "keep", "store", "replace"):
            one.press(key)
        two = world.screen("team-b")
        two.fill()
        two.press("store")
        two.press("replace")
        return [*one.seen, *two.seen]

    assert twice(scenario)[0][0] == ["check", "clear", "store"]


@pytest.mark.parametrize("faults", FAULTS, ids=str)
def test_the_form_fails_the_same(twice, faults):
    """Each way of AI Core to fail: what is offered next, and the ring of the message."""

    def scenario(world):
        one = world.screen()
        one.fill()
        world.sandbox.faults.quota = 1
        world.secret(f"create team-z {world.login()} --no-check")
        world.sandbox.faults.quota = 50
        for name, value in faults.items():
            setattr(world.sandbox.faults, name, list(value) if isinstance(value, list) else value)
        one.press("store")
        return one.seen

    assert len(twice(scenario)) == 1


def test_wrong_fields_are_the_same(twice):
    """As many fields are marked, whatever stands below them."""

    def scenario(world):
        one = world.screen()
        for name, image in (("A B", "x y"), ("", ""), ("team-a", "https://x")):
            one.fill(name=name, image=image)
            one.press("store")
        return one.seen

    assert all(seen[5] for seen in twice(scenario))


def test_no_word_is_left(monkeypatch):
    """Without words an error reads x: else this whole file would show nothing."""
    take_words_away(monkeypatch)
    with pytest.raises(AICoreError) as caught:
        SecretName.parse("Team-A")
    assert str(caught.value) == "x. x\nNext: x"
