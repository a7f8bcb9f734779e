"""What is offered behind an option: files where one is due, and what is known on this machine."""

from __future__ import annotations

import base64
import json
import socket
import subprocess

import pytest

from aicore_magics.cli.commands import commands, template_commands
from aicore_magics.grammar import values as module
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.values import Known, fixed_values, values

CONNECT = connect_parser()


def offered(parser, option, typed="", known=None):
    """What is offered behind *option*, or in place of an argument of that name."""
    argument = parser.argument(option) or next(each for each in parser.arguments() if each.dest == option)
    return values(parser.prog, argument, typed, known or Known())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder with files, a folder and a hidden file, and a home without logins."""
    for name in ("key.json", "train.yaml", "my key.json", ".env"):
        (tmp_path / name).touch()
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "serve.yaml").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("DOCKER_CONFIG", "REGISTRY_AUTH_FILE", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "AICORE_HOME"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("parser", "argument"),
    [
        (CONNECT, "--ca-file"),  # of which none is there by its usual name
        (SECRET.parser("check"), "--ca-file"),
        (SECRET.parser("create"), "--password-file"),
        (SECRET.parser("apply"), "--from-file"),
        (NOTEBOOK.parser("scan"), "paths"),
        (NOTEBOOK.parser("scrub"), "paths"),
    ],
)
def test_files_where_a_file_is_due(folder, parser, argument):
    """Files and folders of the working folder, folders with a slash, hidden ones behind a dot alone."""
    assert offered(parser, argument) == ["key.json", "my key.json", "templates/", "train.yaml"]
    assert offered(parser, argument, "t") == ["templates/", "train.yaml"]
    assert offered(parser, argument, "templates/") == ["templates/serve.yaml"]
    assert offered(parser, argument, "./templates/s") == ["./templates/serve.yaml"]
    assert offered(parser, argument, f"{folder}/k") == [f"{folder}/key.json"]
    assert offered(parser, argument, ".e") == [".env"]
    assert offered(parser, argument, "none/such") == []


@pytest.mark.parametrize(
    ("parser", "argument", "usual", "other"),
    [
        (CONNECT, "--service-key", ["key.json", "KEY2.JSON"], "key"),
        (CONNECT, "--ca-file", ["company.pem", "ca.crt"], "certificates"),
        (SECRET.parser("create"), "--ca-file", ["company.pem", "ca.crt"], "ca"),
        (
            SECRET.parser("create"),
            "--from-file",
            ["config.json", "pull.yaml", "x.dockerconfigjson"],
            "config",
        ),
        (NOTEBOOK.parser("scan"), "paths", ["a.ipynb", "settings.json", "b.env"], "notes.txt"),
        (NOTEBOOK.parser("scrub"), "paths", ["a.ipynb"], "a.json"),
    ],
)
def test_the_usual_files_come_alone(tmp_path, monkeypatch, parser, argument, usual, other):
    """Files with the usual ending are offered, with folders; where none is there, any other."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / other).touch()
    assert offered(parser, argument) == sorted([other, "folder/"])
    for name in usual:
        (tmp_path / name).touch()
    assert offered(parser, argument) == sorted([*usual, "folder/"])
    if not any(name.startswith(other) for name in usual):
        assert offered(parser, argument, other) == [other]


@pytest.mark.parametrize(
    ("parser", "argument", "file"),
    [
        (TEMPLATE.parser("workflow"), "--out", "train.yaml"),
        (TEMPLATE.parser("serving"), "--out", "train.yaml"),
        (TEMPLATE.parser("check"), "paths", "train.yaml"),
        (TEMPLATE.parser("patch"), "paths", "train.yaml"),
        (TEMPLATE.parser("save"), "path", "train.yaml"),
        (NOTEBOOK.parser("new"), "path", "churn.ipynb"),
    ],
)
def test_only_files_that_are_taken(folder, parser, argument, file):
    """Where the ending counts, no file with another one is offered; a folder is."""
    (folder / "churn.ipynb").touch()
    assert offered(parser, argument) == sorted([file, "templates/"])
    assert offered(parser, argument, "k") == []


def test_the_home_folder(folder):
    """What begins with a tilde is looked for at home, and keeps its tilde."""
    (folder / "home" / ".aicore").mkdir(parents=True)
    (folder / "home" / "key.json").touch()
    assert offered(CONNECT, "--service-key", "~/k") == ["~/key.json"]


def test_odd_names_of_files(folder):
    """A path with a zero byte leads nowhere; a name with a line break, or like a token, cannot be typed."""
    (folder / ("ghp_" + 6 * "ab1c")).touch()
    (folder / "k\ney").touch()
    assert offered(CONNECT, "--service-key", "\0") == []
    assert offered(CONNECT, "--service-key", "g") == []
    assert offered(CONNECT, "--service-key", "k") == ["key.json"]


def test_links_that_lead_nowhere(folder):
    """A link to itself, or to nothing, is a file like any other, and hides none."""
    (folder / "kloop").symlink_to("kloop")
    (folder / "knone").symlink_to("nowhere")
    (folder / "kfolder").symlink_to("templates")
    assert offered(SECRET.parser("create"), "--password-file", "k") == [
        "key.json",
        "kfolder/",
        "kloop",
        "knone",
    ]


def test_a_working_folder_that_is_gone(folder, monkeypatch):
    """Where there is no folder there are no files, and no traceback while one types."""
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    assert offered(CONNECT, "--service-key") == []


def test_a_huge_folder_is_not_read_whole(folder, monkeypatch):
    """Only so many entries are looked at: nobody waits for more."""
    monkeypatch.setattr(module, "MOST_ENTRIES", 2)
    assert len(offered(TEMPLATE.parser("check"), "paths")) <= 2


def docker_config(folder, auths, **more):
    (folder / "home" / ".docker").mkdir(parents=True)
    text = json.dumps({"auths": auths, **more})
    (folder / "home" / ".docker" / "config.json").write_text(text)


def test_registries(folder, canary):
    """Those of the sandbox, then those that docker has a login for, then the well-known; and no secret."""
    auth = base64.b64encode(f"anna:{canary}".encode()).decode()
    docker_config(
        folder,
        {"harbor.example.com": {"auth": auth}, "https://index.docker.io/v1/": {}},
        credHelpers={"r.io": "x"},
    )
    found = offered(SECRET.parser("create"), "--registry", known=Known(registries=("127.0.0.1:5000",)))
    assert found[:4] == ["127.0.0.1:5000", "harbor.example.com", "docker.io", "r.io"]
    assert {"ghcr.io", "quay.io"} < {*found}
    assert len(found) == len({*found})
    assert canary not in str(found)
    assert offered(SECRET.parser("create"), "--login", "ha") == ["harbor.example.com="]
    assert offered(SECRET.parser("create"), "--image", "ha") == ["harbor.example.com/"]


def test_a_broken_docker_config_hides_nothing_else(folder):
    """Whoever runs the line is told of it; while one types, the well-known registries are there."""
    docker_config(folder, [])
    assert "ghcr.io" in offered(SECRET.parser("create"), "--registry")


def test_nothing_is_started_or_asked(folder, monkeypatch):
    """No helper of docker runs, and no connection is opened, for any value of any option."""
    docker_config(folder, {}, credsStore="desktop")

    def refuse(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(subprocess, "Popen", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    parsers = [
        CONNECT,
        *(g.parser(name) for g in (SECRET, TEMPLATE, NOTEBOOK, ROTATE) for name in g.subcommands),
    ]
    for parser in parsers:
        for argument in parser.arguments():
            values(parser.prog, argument, "", Known())


def test_profiles(folder, monkeypatch):
    """The names of the config files in SAP's folder, of which none is read."""
    home = folder / "aicore"
    home.mkdir()
    for name in ("config.json", "config_prod.json", "config_dev.json", "config_.json", "notes.json"):
        (home / name).write_text("{")
    monkeypatch.setenv("AICORE_HOME", str(home))
    assert offered(CONNECT, "--profile") == ["default", "dev", "prod"]
    assert offered(SECRET.parser("list"), "--profile", "p") == ["prod"]
    monkeypatch.setenv("AICORE_HOME", str(folder / "none"))
    assert offered(CONNECT, "--profile") == []


@pytest.mark.parametrize(
    ("parser", "option", "typed", "expected"),
    [
        (SECRET.parser("create"), "--as", "", ["curl", "http"]),
        (SECRET.parser("check"), "--for", "", ["workflow", "serving"]),
        (SECRET.parser("create"), "--password-env", "AICORE_TEST", ["AICORE_TEST_VARIABLE"]),
        (SECRET.parser("create"), "--password-env", "r.io=AICORE_TEST", ["r.io=AICORE_TEST_VARIABLE"]),
        (NOTEBOOK.parser("new"), "--password-env", "AICORE_TEST", ["AICORE_TEST_VARIABLE"]),
        (TEMPLATE.parser("workflow"), "--plan", "st", ["starter"]),
        (TEMPLATE.parser("serving"), "--plan", "infer.", ["infer.s", "infer.m", "infer.l"]),
        (TEMPLATE.parser("serving"), "--instance-type", "m", ["m5.xlarge"]),
        (TEMPLATE.parser("serving"), "--metric", "", ["concurrency", "rps"]),
        (TEMPLATE.parser("serving"), "--pull-policy", "N", ["Never"]),
        (TEMPLATE.parser("workflow"), "--request", "", ["cpu=", "memory=", "nvidia.com/gpu="]),
        (TEMPLATE.parser("workflow"), "--input", "rows", []),
        (TEMPLATE.parser("workflow"), "--input", "rows=/app/rows:d", ["rows=/app/rows:dataset"]),
        (TEMPLATE.parser("workflow"), "--output", "m=/app/m:m", ["m=/app/m:model"]),
        (TEMPLATE.parser("check"), "--disable", "plan-m", ["plan-missing"]),
        (TEMPLATE.parser("rules"), "rule", "image-t", ["image-tag"]),
        (CONNECT, "--resource-group", "", ["default"]),
        (SECRET.parser("create"), "--username", "", []),
        (CONNECT, "--trust-host", "", []),
        (TEMPLATE.parser("serving"), "--secret-env", "A=", []),
        (TEMPLATE.parser("serving"), "--env", "A=", []),
        (TEMPLATE.parser("workflow"), "--param", "A=", []),
    ],
)
def test_what_is_known_of_a_value(parser, option, typed, expected, monkeypatch):
    """The words that an option takes, all of them where there are few; nothing where nothing is known."""
    monkeypatch.setenv("AICORE_TEST_VARIABLE", "x")
    assert offered(parser, option, typed) == expected


KNOWN = Known(names=("team-ghcr", "team-hub"), images=("ghcr.io/acme/churn:1.4",), sandbox_tenants=("prod",))


@pytest.mark.parametrize(
    ("parser", "argument", "expected"),
    [
        *((SECRET.parser(name), "name", ["team-ghcr", "team-hub"]) for name in ("apply", "update", "show")),
        *((SECRET.parser(name), "name", ["team-ghcr", "team-hub"]) for name in ("delete", "note", "form")),
        (SECRET.parser("forget"), "names", ["team-ghcr", "team-hub"]),
        (SECRET.parser("create"), "name", []),
        (TEMPLATE.parser("workflow"), "name", []),
        (TEMPLATE.parser("workflow"), "--secret", ["team-ghcr", "team-hub"]),
        (TEMPLATE.parser("patch"), "--replace", ["team-ghcr", "team-hub"]),
        (NOTEBOOK.parser("new"), "--secret", ["team-ghcr", "team-hub"]),
    ],
)
def test_names_of_secrets(parser, argument, expected):
    """Names that are known stand where one that exists is meant, and not where a new one is."""
    assert offered(parser, argument, known=KNOWN) == expected
    assert offered(parser, argument, "team-h", KNOWN) == expected[1:]


def test_images_that_were_seen_come_first(folder):
    """An image of a check is offered as it is, before registries to begin one with."""
    found = offered(TEMPLATE.parser("serving"), "--image", "ghcr.io", KNOWN)
    assert found == ["ghcr.io/acme/churn:1.4", "ghcr.io/"]


# Values that nobody but the user knows: names of new things, texts, numbers, and names that only AI Core, a
# registry or a file knows, which are not asked while one types.
OPEN = {
    *("--ends", "--ends-within", "--before", "--every"),
    *(
        "--username",
        "--realm",
        "--trust-host",
        "--keyring",
        "--password-command",
        "--host",
        "--remove",
        "--scenario",
        "--template",
    ),
    *(
        "--position",
        "--timeout",
        "--wait",
        "--port",
        "--deadline",
        "--grace",
        "--request-timeout",
        "--window",
    ),
    *(
        "--burst",
        "--concurrency",
        "--target",
        "--min-replicas",
        "--max-replicas",
        "--shm-size",
        "--retention",
    ),
    *("--scale-down-delay", "--readiness", "--liveness", "--startup", "--args", "--command", "--description"),
    *("--title", "--version", "--step", "--scenario-name", "--scenario-description", "--label", "--env"),
    *("--artifact-description", "--artifact-label", "--param", "--param-description", "--param-value"),
    *("--env-from", "--secret-env", "--mount-secret"),  # generic secrets, whose names are not known here
}
# What goes before the part that is known.
BEGUN = {"--input": "rows=/app/rows:", "--output": "model=/app/model:"}
GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK, ROTATE, commands(), template_commands())
PARSERS = [CONNECT, *(grammar.parser(name) for grammar in GRAMMARS for name in grammar.subcommands)]


@pytest.mark.enumerates
@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_every_value_that_can_be_known_is_offered(folder, monkeypatch, parser):
    """Each option with a closed or knowable set of values completes; which are open, is a list."""
    monkeypatch.setenv("AICORE_HOME", str(folder))
    (folder / "config_dev.json").touch()
    (folder / "churn.ipynb").touch()
    for argument in parser.arguments():
        if argument.option_strings and argument.nargs != 0:
            option = argument.option_strings[0]
            found = values(parser.prog, argument, BEGUN.get(option, ""), KNOWN)
            assert bool(found) != (option in OPEN), option


def test_what_is_fixed_is_offered_everywhere():
    """What is the same on every machine, a shell's script has too, and a notebook no less."""
    for parser in PARSERS:
        for argument in parser.arguments():
            assert {*fixed_values(argument)} <= {*values(parser.prog, argument, "", Known())} or (
                argument.dest == "name"
            )
