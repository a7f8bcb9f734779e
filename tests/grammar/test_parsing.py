"""A line becomes options, or one plain red line that repeats nothing of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.parsing import Once
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import WrongUse, split

CASES = json.loads((Path(__file__).parents[1] / "data" / "bad-inputs.json").read_text())
MAGIC_ROWS = [row for row in CASES["cases"] if row["area"] == "magic"]


@pytest.mark.parametrize("row", MAGIC_ROWS, ids=lambda row: row["id"])
def test_magic_rows_of_the_case_file(connected, sandbox, row):
    """Each line of the case file ends as it says, in a real kernel, and the line is not repeated."""
    cell = connected.run(row["value"])
    assert CASES["canary"] not in cell.shown
    assert "Traceback" not in cell.shown
    if row["expect"] == ["usage"]:
        assert cell.text.startswith("usage: %aicore_docker_secret SUBCOMMAND")
    elif row["expect"] == ["ask_first"]:
        # Nothing happens without a yes: no secret can have a one-letter name, so it ends even earlier.
        assert cell.ename == "InvalidName"
        assert not [asked for asked in sandbox.state.requests if asked.method == "DELETE"]
    else:
        assert (cell.ename, len(cell.stream.splitlines())) == ("UsageError", 1)
    assert not sandbox.state.secrets


@pytest.mark.parametrize(
    "line",
    [
        "create s --password {}",
        "create s --password={}",
        "create s -p {}",
        "create s -p{}",
        "create s --pass {}",
        "create s --docker-password {}",
        "create s --api-key={}",
        "create s --pat {}",
        "create s --passwd {}",
        "create s --token {}",
        "create s --pasword {}",
        "create s {}",
        "create s --timeout {}",
        "list {}",
        "{}",
        "create s --registry ghcr.io --username anna --dry-run=nonsense-{}",
    ],
)
def test_a_password_on_the_line_is_refused_and_not_repeated(shell, line):
    """Wherever a password stands on the line, the message is one line and does not hold it."""
    word = "Hunter2" + "-" + "topsecret"
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("aicore_docker_secret", line.format(word))
    assert word not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert type(caught.value) is UsageError


def test_a_token_where_a_name_belongs_is_refused(shell):
    """Three of fifty public templates carry a token as the secret's name; here it never gets so far."""
    with pytest.raises(
        UsageError, match="the name looks like a Docker Hub token, now in the history: revoke it"
    ):
        shell.run_line_magic("aicore_docker_secret", "create dckr_pat_" + 27 * "a")
    with pytest.raises(UsageError, match="the value of --username looks like a GitHub token"):
        shell.run_line_magic("aicore_docker_secret", "create a1 --username ghp_" + 36 * "a")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("create a1 --username 'robot$ci+pull'", ["create", "a1", "--username", "robot$ci+pull"]),
        (
            r"create a1 --from-file C:\Users\anna\key.json",
            ["create", "a1", "--from-file", r"C:\Users\anna\key.json"],
        ),
        ('create a1 --username "it\'s"', ["create", "a1", "--username", "it's"]),
        ("create a1 # no comment", ["create", "a1", "#", "no", "comment"]),
        ("create {name} --username x{name}", ["create", "team-a", "--username", "x{name}"]),
        ("", []),
    ],
)
def test_a_line_is_split_as_a_shell_would(line, words):
    """POSIX quoting, the backslash left alone, no expansion but for a word that is exactly {name}."""
    assert split(line, {"name": "team-a"}) == words


def test_an_unknown_variable_is_no_expansion(shell):
    """A word in braces that is no variable is refused, not passed on."""
    with pytest.raises(UsageError, match="none has that name"):
        shell.run_line_magic("aicore_docker_secret", "show {nowhere}")


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("crate a1", "did you mean create?"),
        ("create a1 --regstry ghcr.io", "did you mean --registry?"),
        (
            "xyzzy",
            "choose one of create, apply, update, list, show, delete, quota, check, note, forget, form.",
        ),
        ("show", "the following arguments are required: NAME"),
        ("list --timeout soon", "--timeout takes seconds"),
        ("create a1 --reg ghcr.io", "no option --reg"),
        ("create a1 --password-env A --password-file b", "not allowed with argument"),
    ],
)
def test_misuse_says_what_was_meant(shell, line, guess):
    """A mistyped subcommand or option gets the nearest one; abbreviations are not taken."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("aicore_docker_secret", line)
    assert guess in str(caught.value)


TOKEN = "ghp_" + 36 * "a"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("--regstry ghcr.io", "--regstry"),
        ("--foo=secretvalue", "--foo"),
        ("--Dry_Run", "--Dry_Run"),
        ("-xsecretvalue", "-x"),
        ("--Hunter2", ""),
        ("--hunTer", ""),
        ("--" + 9 * "abcdef", ""),
        ("--pass.word", ""),
        ("--a1b2c3", ""),
        (f"--{TOKEN}", ""),
        (f"--{TOKEN}=x", ""),
        (f"-{TOKEN}", ""),
        (f"--foo={TOKEN}", ""),
    ],
)
def test_an_option_that_nobody_has_is_named_unless_it_may_be_a_secret(shell, typed, named):
    """A made-up option is named, never its value; what looks like a password or a token is not."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("aicore_docker_secret", f"create team-x {typed}")
    said = str(caught.value)
    if TOKEN in typed:
        assert "looks like a GitHub token, now in the history: revoke it" in said
    else:
        assert said.startswith(f"no option {named}; " if named else "no such option; ")
    assert "secretvalue" not in said
    assert named or typed.lstrip("-").partition("=")[0] not in said


IMAGE = 'image = f"{host}/acme/churn:1.4"'
UNFILLED = "a variable inside a word is not filled in: first "


@pytest.mark.parametrize(
    ("magic", "line", "says"),
    [
        (
            "docker_secret",
            "check --image {host}/acme/x",
            'image = f"{host}/acme/churn:1.4", then --image {image}',
        ),
        (
            "docker_secret",
            "check --image=ghcr.io/{team}/x",
            'image = f"{host}/acme/churn:1.4", then --image {image}',
        ),
        ("docker_secret", "create x --registry {name}.azurecr.io", "then --registry {registry}"),
        ("docker_secret", "show team-{x}", 'name = f"team-{registry}", then {name} in its place'),
        ("template", "check {x}/a.yaml", "then {name} in its place"),
        ("connect", "--service-key {x}/key.json", "then --service-key {path}"),
        ("template", "workflow x --out={x}.yaml", "then --out {path}"),
        ("template", "workflow x --image {host}/a", "then --image {image}"),
        ("template", "patch x.yaml --secret team-{x}", "then --secret {secret}"),
        ("notebook", "new x.ipynb --image {host}/a", "then --image {image}"),
    ],
)
def test_a_variable_inside_a_word(shell, magic, line, says):
    """Two lines that work are told where a word holds a variable that nobody fills in."""
    shell.user_ns.update(host="ghcr.io", name="acme", x="y", team="acme")
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic(f"aicore_{magic}", line)
    assert str(caught.value).startswith(UNFILLED)
    assert str(caught.value).endswith(f"{says}.")


def test_the_two_lines_that_are_told_work(shell):
    """What is told of a variable inside a word can be typed."""
    host = "ghcr.io"
    image = f"{host}/acme/churn:1.4"
    assert split("check --image {image}", {"image": image}) == ["check", "--image", image]


@pytest.mark.parametrize(
    "line",
    [
        "workflow churn-x --image {{inputs.parameters.image}} --secret a --scenario b --args x",
        "workflow churn-x --image a.io/b/c:1 --secret team-a --scenario churn --args 'echo ${HOME} {x}'",
        "workflow churn-x --image a.io/b/c:1 --secret team-a --scenario churn --args x --env A={x}",
        "workflow churn-x --out none-{y}.yaml --env A={x}-{x} --title 'a {x} b'",
        "none-{y}",
    ],
)
def test_braces_that_are_meant(line):
    """Placeholders of a template, arguments, values of variables, and odd names keep their braces."""
    words = split(line, {"x": "1"})
    assert " ".join(words) == line.replace("'", "")


@pytest.mark.parametrize("typed", ["$GHCR", "${GHCR}", "$env:GHCR", "%GHCR%", "ghcr.io=$GHCR", "'$GHCR'"])
@pytest.mark.parametrize(
    ("magic", "line"),
    [
        ("docker_secret", "create x --registry ghcr.io --username anna --password-env {}"),
        ("docker_secret", "check --registry ghcr.io --username anna --password-env {}"),
        ("notebook", "new x.ipynb --sandbox --password-env {}"),
    ],
)
def test_a_variable_of_a_shell_where_its_name_belongs(shell, magic, line, typed):
    """--password-env $T says to leave out the sign, and repeats nothing: it may be a password."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic(f"aicore_{magic}", line.format(typed))
    assert str(caught.value) == (
        "--password-env takes the name of a variable, without $: --password-env GHCR_TOKEN."
    )


def test_a_value_that_begins_with_a_hyphen(shell):
    """Taken for an option, it is told how to write it; the value itself is not repeated."""
    with pytest.raises(UsageError, match=r"written with =, as in --args=--model") as caught:
        shell.run_line_magic("aicore_template", "serving churn-serve --args --hunter2")
    assert "hunter2" not in str(caught.value)


def with_values(parser, single):
    """The options of *parser* that take a value and may be given once, or else several times."""
    return [
        action.option_strings[0]
        for action in parser.arguments()
        if action.option_strings and action.nargs != 0 and isinstance(action, Once) == single
    ]


PARSERS = [
    connect_parser(),
    *(each.parser(name) for each in (SECRET, TEMPLATE, NOTEBOOK, ROTATE) for name in each.subcommands),
]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_a_value_is_given_once(parser):
    """Of two values of one option none wins in silence: it is named, however they are written."""
    for option in with_values(parser, single=True):
        for again in ([option, "b"], [f"{option}=b"], [f"{option}=a"]):
            with pytest.raises(WrongUse, match=f"^{option} is given twice; give it once; "):
                parser.read([f"{option}=a", *again])


def test_an_option_may_be_given_again():
    """What is repeatable stays so, each line is read anew, and a switch says the same twice."""
    parser = SECRET.parser("create")
    several = with_values(parser, single=False)
    assert several == [
        *("--login", "--image", "--password-env", "--password-command", "--ends", "--realm"),
    ]
    for option in several:
        for _ in range(2):
            options = vars(parser.read(["a1", option, "b", option, "c", "--timeout", "9"]))
            assert options[option[2:].replace("-", "_")] == ["b", "c"]
            assert all(map(str.isidentifier, options))
    assert parser.read(["a1", "--no-check", "--no-check"]).no_check


@pytest.mark.parametrize("option", ["--timeout", "--wait"])
@pytest.mark.parametrize("value", ["0", "0.001", "0.999", "-1", "3601", "nan", "inf", "1e9", "x", ""])
def test_seconds_are_held_to_what_is_told(option, value):
    """The limits that the refusal names are those that are held."""
    parser = SECRET.parser("show")
    with pytest.raises(WrongUse, match=f"^{option} takes seconds from 1 to 3600, such as 60"):
        parser.read(["a1", f"{option}={value}"])
    for right in ("1", "1.5", "3600"):
        assert getattr(parser.read(["a1", option, right]), option[2:]) == float(right)


@pytest.mark.parametrize("option", ["--ca-file", "--trust-host"])
def test_a_sandbox_tenant_takes_no_way_to_a_server(option):
    """Named by --profile or by --sandbox, it is on this machine; beside another profile the option stays."""
    for tenant in (["--profile", "sandbox:dev"], ["--profile=sandbox:dev"], ["--sandbox", "dev"]):
        with pytest.raises(WrongUse, match=f" and {option} do not go together: the sandbox is on this mach"):
            connect_parser().read([*tenant, option, "x.y"])
    assert connect_parser().read(["--profile", "dev", option, "x.y"])
    assert SECRET.parser("create").read(["a1", "--profile", "sandbox:dev", "--ca-file", "x"])
