"""Completion offers what can stand there, in a notebook and a terminal, with Jedi and without."""

from __future__ import annotations

import pytest
from IPython.core.completer import provisionalcompleter, rectify_completions
from IPython.terminal.ptutils import IPythonPTCompleter
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

SUBCOMMANDS = ["create", "apply", "update", "list", "show", "delete"]
SUBCOMMANDS += ["quota", "check", "note", "forget", "form"]


def place(cell):
    """The text of *cell*, and where the cursor is: at the sign |, or at the end."""
    before, _, after = cell.partition("|")
    return before + after, len(before)


def in_notebook(shell, cell):
    """What a kernel answers to a front end."""
    text, offset = place(cell)
    with provisionalcompleter():
        found = list(rectify_completions(text, shell.Completer.completions(text, offset)))
    assert len({(each.start, each.end) for each in found}) <= 1
    return [each.text for each in found]


def in_terminal(shell, cell):
    """What the prompt of a terminal offers."""
    text, offset = place(cell)
    completer = IPythonPTCompleter(shell=shell, ipy_completer=shell.Completer)
    return [each.text for each in completer.get_completions(Document(text, offset), CompleteEvent())]


FRONT_ENDS = {"notebook": in_notebook, "terminal": in_terminal}


@pytest.fixture(params=[True, False], ids=["jedi", "no-jedi"])
def offered(request, shell, tmp_path, monkeypatch):
    """What is offered at the sign | of a cell, the same in a notebook as in a terminal."""
    shell.Completer.use_jedi = request.param
    shell.min_elide = 30  # which a shell in a terminal has
    for name in ("train.yaml", "key.json", "my key.json"):
        (tmp_path / name).touch()
    (tmp_path / "templates").mkdir()
    (tmp_path / "home").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "AICORE_HOME", "DOCKER_CONFIG", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.delenv("REGISTRY_AUTH_FILE", raising=False)
    (tmp_path / "home" / "config_prod.json").touch()

    def look(cell):
        notebook, terminal = in_notebook(shell, cell), in_terminal(shell, cell)
        assert terminal == [text for text in notebook if text]  # a terminal leaves out what changes nothing
        return notebook

    return look


MORE = ["--timeout", "--help"]
KEYS = ["home/", "key.json", "'my key.json'", "templates/"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("%aicore_docker_secret ", [*SUBCOMMANDS, "--help"]),
        ("%aicore_docker_secret cr", ["create"]),
        ("aicore_docker_secret cr", ["create"]),
        ("x = %aicore_docker_secret de", ["delete"]),
        ("%aicore_docker_secret c|  team", ["create", "check"]),
        ("%aicore_docker_secret create team --reg", ["--registry"]),
        ("%aicore_docker_secret create team --registry gh", ["ghcr.io"]),
        ("%aicore_docker_secret create team --registry=gh", ["ghcr.io"]),
        ("%aicore_docker_secret create team --registry ghcr.io --reg", ["--reg"]),
        ("%aicore_docker_secret create team --dry-run --as ", ["curl", "http"]),
        ("%aicore_docker_secret create team --as", ["--as"]),
        ("%aicore_docker_secret create team --docker-login --key", ["--key"]),
        ("%aicore_docker_secret apply team --for ", ["workflow", "serving"]),
        ("%aicore_docker_secret create team \\\n    --ima", ["--image"]),
        ("%aicore_docker_secret create team \\\n    --image ghcr.io/a/b \\\n    --registry g", ["ghcr.io"]),
        (
            "x = %aicore_docker_secret create team \\\n    --pass",
            ["--password-env", "--password-file", "--password-command"],
        ),
        ("for x in y:\n    %aicore_docker_secret create team --keyr", ["--keyring"]),
        ("%%time\n%aicore_docker_secret qu", ["quota"]),
        ("%aicore_docker_secret list --prof", ["--profile"]),
        ("%aicore_docker_secret list --profile ", ["prod"]),
        ("%aicore_docker_secret create team --expiry-lookup --no-e", ["--no-e"]),
        ("%aicore_docker_secret create team --ends=20", ["20"]),
        ("%aicore_docker_secret list --ends-w", ["--ends-within"]),
        ("%aicore_docker_secret note --from-templates ", ["home/", "templates/"]),
        ("%aicore_docker_secret note --from-templates templates --re", ["--re"]),
        ("%aicore_docker_secret forget --b", ["--before"]),
        ("%aicore_rotate d", ["due"]),
        ("%aicore_rotate due --profile ", ["prod"]),
        ("%aicore_docker_secret none-such ", [""]),
        ("%aicore_connect --s", ["--service-key", "--sandbox", "--status"]),
        ("%aicore_connect --sandbox --s", ["--s"]),
        ("%aicore_connect --profile ", ["prod"]),
        ("%aicore_connect --service-key ", KEYS),
        ("%aicore_connect --service-key=ke", ["key.json"]),
        ("%aicore_connect --service-key my", ["'my key.json'"]),
        ("%aicore_connect --service-key 'my", ["'my key.json'"]),
        ("%aicore_connect --service-key 'my|'", ["'my key.json"]),
        ("%aicore_connect \\\n    --service-key ke", ["key.json"]),
        ("%aicore_connect --service-key tr", ["train.yaml"]),
        ("%%time\n%aicore_connect --service-key ke", ["key.json"]),
        ("t = %aicore_template serving x --secret-env A=", ["A="]),
        ("%aicore_template serving x \\\n  --secret-env A=te", ["A=te"]),
        ("%aicore_template ", ["workflow", "serving", "check", "patch", "rules", "--help"]),
        ("%%aicore_template ", ["save", "--help"]),
        ("%%aicore_template save tr", ["train.yaml"]),
        ("%%aicore_template save x.yaml --disable plan-m", ["plan-missing"]),
        ("t = %aicore_template serving x --min", ["--min-replicas"]),
        ("%aicore_template serving x --pin", ["--pin-digest"]),
        ("%aicore_template workflow x --pin", ["--pin"]),
        ("%aicore_template workflow x --plan tr", ["train.l"]),
        ("%aicore_template workflow x \\\n  --out tem", ["templates/"]),
        ("%aicore_template check tr", ["train.yaml"]),
        ("%aicore_template check train.yaml tem", ["templates/"]),
        ("%aicore_template patch train.yaml --secret x --rem", ["--rem"]),
        ("%aicore_template rules image-t", ["image-tag"]),
        ("%aicore_template rules image-tag im", ["im"]),
        ("%aicore_notebook n", ["new"]),
        ("%aicore_notebook scan tem", ["templates/"]),
        ("%aicore_notebook scrub train.yaml --w", ["--write"]),
    ],
)
def test_what_can_stand_there(offered, cell, expected):
    """Only that: no option twice, none against another, files where one is due, no name of Python."""
    assert offered(cell) == expected


def test_files_come_before_options(offered):
    """Where a path may stand, files are not hidden by options, nor options by files."""
    found = offered("%aicore_template check ")
    assert found == [
        "home/",
        "templates/",
        "train.yaml",
        "--disable",
        "--strict",
        "--profile",
        "--timeout",
        "--help",
    ]


def test_variables(offered, shell):
    """A word in braces is a variable with a text or a path; a brace that the editor closed stays one."""
    shell.user_ns.update(image="ghcr.io/acme/churn:1.4", images=["x"], _hidden="x")
    assert offered("%aicore_docker_secret check --image {im") == ["{image}"]
    assert offered("%aicore_docker_secret check --image {im|}") == ["{image"]
    assert offered("%aicore_docker_secret create {im") == ["{image}"]
    assert offered("%aicore_docker_secret create team --username ") == ["{image}"]
    assert offered("%aicore_docker_secret create team --username an") == ["an"]
    assert "{image}" not in offered("%aicore_docker_secret create ")
    assert "{image}" not in offered("%aicore_docker_secret create team --registry ")


def test_variables_that_are_numbers(offered, shell):
    """Where a number is due, only a variable that is one is offered."""
    given = {"image": "x", "path": "1/2", "whole": 30, "text": "30", "half": 0.5, "none": 0, "yes": True}
    shell.user_ns.update(given, minus="-1", zero="0.0")
    places = {"list --timeout": {"half"}, "show team-a --wait": {"half"}, "delete --position": set()}
    for option, more in places.items():
        found = offered(f"%aicore_docker_secret {option} ")
        assert {word for word in found if word.startswith("{")} == {
            f"{{{name}}}" for name in {"whole", "text"} | more
        }


def test_known_names_are_offered_where_a_name_belongs(offered, shell, sandbox, key_file):
    """A name seen in a list, or shown, is offered where one that is there is meant; nobody is asked."""
    sandbox.state.secrets.update(dict.fromkeys(("team-ghcr", "team-hub"), '{"auths":{"ghcr.io":{}}}'))
    shell.run_line_magic("aicore_connect", f"--service-key {key_file}")
    shell.run_line_magic("aicore_docker_secret", "show team-hub")
    asked = len(sandbox.state.requests)
    assert offered("%aicore_docker_secret delete te") == ["team-hub"]
    assert len(sandbox.state.requests) == asked
    shell.run_line_magic("aicore_docker_secret", "list")
    asked = len(sandbox.state.requests)
    assert offered("%aicore_docker_secret show te") == ["team-ghcr", "team-hub"]
    assert offered("%aicore_docker_secret create te") == ["te"]
    assert offered("%aicore_template serving x --secret team-g") == ["team-ghcr"]
    assert offered("%aicore_docker_secret --profile prod show te") == ["te"]
    assert offered("%aicore_docker_secret show --profile prod te") == ["te"]
    assert offered("%aicore_docker_secret show --profile=prod te") == ["te"]
    assert len(sandbox.state.requests) == asked
    shell.run_line_magic("aicore_connect", "--disconnect")
    assert offered("%aicore_docker_secret show te") == ["te"]


def test_a_hidden_name_is_not_offered(offered, shell, sandbox, key_file):
    """A name that looks like a token is not offered where names are."""
    token = "ghp_" + 6 * "ab1c"
    sandbox.state.secrets.update(dict.fromkeys((token, "team-ghcr"), '{"auths":{"ghcr.io":{}}}'))
    shell.run_line_magic("aicore_connect", f"--service-key {key_file}")
    shell.run_line_magic("aicore_docker_secret", "list")
    for command in ("show", "delete", "update", "apply"):
        names = offered(f"%aicore_docker_secret {command} ")
        assert "team-ghcr" in names
        assert not {token, "***"} & {*names}


def test_the_sandbox_offers_its_own_image_and_registry(offered, shell):
    """In the sandbox the first image that is offered is one that can be pulled."""
    connected = shell.run_line_magic("aicore_connect", "--sandbox")
    host = connected.registry.host
    assert offered("%aicore_docker_secret check --image ")[0] == f"{host}/acme/churn:1.4"
    assert offered("%aicore_docker_secret create x --registry 127")[0] == host


def test_tenants_of_the_sandbox(offered, shell):
    """Those that were asked for in this kernel are offered where one can stand, beside the config files."""
    assert offered("%aicore_connect --sandbox ") == ["--resource-group", *MORE]
    shell.run_line_magic("aicore_docker_secret", "list --profile sandbox:dev")
    shell.run_line_magic("aicore_connect", "--sandbox prod")
    assert offered("%aicore_connect --sandbox ")[:2] == ["dev", "prod"]
    assert offered("%aicore_connect --sandbox d") == ["dev"]
    assert offered("%aicore_connect --profile ") == ["prod", "sandbox:dev", "sandbox:prod"]
    for magic in ("connect", "docker_secret list", "template check ."):
        assert offered(f"%aicore_{magic} --profile sandbox:") == ["sandbox:dev", "sandbox:prod"]
        assert offered(f"%aicore_{magic} --profile=sandbox:p") == ["sandbox:prod"]


def test_what_the_record_has(offered, shell, monkeypatch, tmp_path):
    """Names of secrets and runs come from the record of the sandbox; what was not cut off cannot go on."""
    monkeypatch.setattr("aicore_magics.jupyter.completion.READ_WITHIN", 30)
    monkeypatch.setenv("AICORE_MAGICS_STATE", str(tmp_path / "key.json"))  # no folder: nothing can be read
    assert offered("%aicore_rotate undo r") == ["r"]
    shell.run_line_magic("aicore_connect", "--sandbox")
    assert "--profile" in offered("%aicore_rotate resume ")
    session = shell.__dict__["_aicore_magics"][0].session
    sandbox = session.sandbox()
    for variable in ("OLD", "NEW"):
        monkeypatch.setenv(variable, sandbox.registry.make_login("bot").password)
    login = f"--registry {sandbox.registry.host} --username bot --password-env OLD"
    shell.run_line_magic("aicore_docker_secret", f"create team-a {login}")
    run = shell.run_line_magic("aicore_rotate", "run team-a --password-env NEW").outcomes.run
    session.seen_by().names = ()
    assert offered("%aicore_rotate plan te") == ["team-a"]
    assert offered("%aicore_rotate plan x --leave-out ") == ["team-a"]
    assert (offered("%aicore_rotate undo r"), offered("%aicore_rotate resume r")) == ([run], ["r"])


def test_other_lines_are_left_alone(offered):
    """Python, other magics and the YAML of a cell complete as before."""
    assert "import" in offered("impor")
    assert "'my key.json'" not in offered("%aicore_connect --service-key key.json\nopen('my")
    assert "%aicore_connect" in offered("%aicore_c")
    for magic in ("%aicore_of_somebody_else", "%%aicore_connect", "%%aicore_docker_secret"):
        assert "pri" not in offered(f"{magic} pri")  # which is how ours would keep others away
    for cell in ("%%aicore_template save x.yaml", "%%bash", "%%writefile a.py", "\n%%sh"):
        assert "create" not in offered(f"{cell}\n%aicore_docker_secret cr")
