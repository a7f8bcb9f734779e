"""What people type instead leads to the right word, a slip to the nearest, and nothing to its opposite."""

from __future__ import annotations

import pytest

from aicore_magics.grammar import meant
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.template_grammar import TEMPLATE
from aicore_magics.grammar.words import WrongUse

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK, ROTATE)
PARSERS = [connect_parser(), *(grammar.parser(name) for grammar in GRAMMARS for name in grammar.subcommands)]
SUBCOMMANDS = [(grammar, name) for grammar in GRAMMARS for name in grammar.subcommands]
OPTIONS = [(parser, option) for parser in PARSERS for option in parser.option_names()]


def refusal(read):
    with pytest.raises(WrongUse) as caught:
        read()
    return str(caught.value)


def of_subcommand(grammar, typed):
    return refusal(lambda: grammar.name([typed]))


def of_option(parser, *typed):
    """What is said of *typed* behind all that the command needs."""
    needed = ["x" for each in parser.arguments() if not each.option_strings and each.nargs in (None, "+")]
    return refusal(lambda: parser.read([*needed, *typed]))


@pytest.mark.parametrize(
    ("grammar", "typed", "right"),
    [
        (SECRET, "rm", "delete"),
        (SECRET, "remove", "delete"),
        (SECRET, "del", "delete"),
        (SECRET, "edit", "update"),
        (SECRET, "replace", "update"),
        (SECRET, "renew", "update"),
        (SECRET, "patch", "update"),
        (SECRET, "get", "show"),
        (SECRET, "describe", "show"),
        (SECRET, "ls", "list"),
        (SECRET, "add", "create"),
        (SECRET, "store", "create"),
        (SECRET, "put", "apply"),
        (SECRET, "test", "check"),
        (SECRET, "verify", "check"),
        (SECRET, "login", "check"),
        (SECRET, "limit", "quota"),
        (SECRET, "gui", "form"),
        (SECRET, "RM", "delete"),
        (SECRET, "sandbox", "%aicore_connect --sandbox"),
        (SECRET, "connect", "%aicore_connect"),
        (SECRET, "disconnect", "%aicore_connect --disconnect"),
        (SECRET, "status", "%aicore_connect --status"),
        (SECRET, "template", "%aicore_template"),
        (SECRET, "scan", "%aicore_notebook"),
        (TEMPLATE, "training", "workflow"),
        (TEMPLATE, "deploy", "serving"),
        (TEMPLATE, "lint", "check"),
        (TEMPLATE, "test", "check"),
        (TEMPLATE, "fix", "patch"),
        (TEMPLATE, "edit", "patch"),
        (TEMPLATE, "remove", "patch PATH --remove"),
        (TEMPLATE, "explain", "rules"),
        (TEMPLATE, "write", "save"),
        (NOTEBOOK, "create", "new"),
        (NOTEBOOK, "find", "scan"),
        (NOTEBOOK, "clean", "scrub"),
        (NOTEBOOK, "rm", "scrub"),
        (SECRET, "crate", "create"),
        (SECRET, "delet", "delete"),
        (TEMPLATE, "workflw", "workflow"),
        (NOTEBOOK, "scrubb", "scrub"),
    ],
)
def test_subcommands_by_other_names(grammar, typed, right):
    """The word of docker, kubectl or HTTP, and a slip, lead to the subcommand or magic that does it."""
    assert of_subcommand(grammar, typed).endswith(f"no subcommand {typed}; did you mean {right}?")


@pytest.mark.parametrize(
    ("command", "typed", "says"),
    [
        ("create", ["-u", "anna"], "did you mean --username?"),
        ("create", ["-uanna"], "did you mean --username?"),
        ("create", ["--user=anna"], "did you mean --username?"),
        ("create", ["-username", "anna"], "did you mean --username?"),
        ("create", ["--docker-username", "anna"], "did you mean --username?"),
        ("create", ["--server", "ghcr.io"], "did you mean --registry?"),
        ("create", ["--docker-server", "ghcr.io"], "did you mean --registry?"),
        ("create", ["--host", "ghcr.io"], "did you mean --registry?"),
        ("create", ["--url", "ghcr.io"], "did you mean --registry?"),
        ("create", ["-i", "a/b"], "did you mean --image?"),
        ("create", ["--tag", "a/b"], "did you mean --image?"),
        ("create", ["-f", "config.json"], "did you mean --from-file?"),
        ("create", ["--key", "key.json"], "did you mean --password-file?"),
        ("create", ["--password_env", "X"], "did you mean --password-env?"),
        ("create", ["--passwordEnv", "X"], "did you mean --password-env?"),
        ("create", ["--env", "X"], "did you mean --password-env?"),
        ("create", ["--docker"], "did you mean --docker-login?"),
        ("create", ["--dryrun"], "did you mean --dry-run?"),
        ("create", ["--skip-check"], "did you mean --no-check?"),
        ("create", ["--kind", "serving"], "did you mean --for?"),
        ("create", ["--name", "team"], "write the name without an option: %aicore_docker_secret create NAME"),
        ("create", ["-n", "team"], "write the name without an option: %aicore_docker_secret create NAME"),
        (
            "create",
            ["--secret", "team"],
            "write the name without an option: %aicore_docker_secret create NAME",
        ),
        ("create", ["--force"], "did you mean apply?"),
        ("create", ["--overwrite"], "did you mean apply?"),
        ("apply", ["--force"], "leave it out: apply replaces an existing secret"),
        ("update", ["--force"], "leave it out: update replaces an existing secret"),
        ("create", ["--email", "a@b.example"], "a registry login needs no e-mail address: leave it out"),
        ("create", ["--password-stdin"], "leave it out: a prompt asks for the password"),
        ("create", ["--check"], "leave it out: the check runs anyway"),
        ("delete", ["--force"], "did you mean --yes?"),
        ("delete", ["-y"], "did you mean --yes?"),
        ("delete", ["-f"], "did you mean --yes?"),
        ("show", ["--until", "9"], "did you mean --wait?"),
        ("list", ["--tenant", "prod"], "did you mean --profile?"),
        ("list", ["-t", "9"], "did you mean --timeout?"),
        ("check", ["--usage"], "did you mean --help?"),
    ],
)
def test_options_of_secrets_by_other_names(command, typed, says):
    """What docker, kubectl and others call an option leads to ours, by the subcommand it stands on."""
    told = of_option(SECRET.parser(command), *typed)
    option = {"-uanna": "-u", "--user=anna": "--user"}.get(typed[0], typed[0])
    named = "no such option" if option == "--passwordEnv" else f"no option {option}"
    assert told.startswith(f"{named}; {says}")
    assert told.endswith(f" %aicore_docker_secret {command} --help shows how.")


@pytest.mark.parametrize(
    ("parser", "typed", "says"),
    [
        (connect_parser(), ["--key", "key.json"], "did you mean --service-key?"),
        (connect_parser(), ["-k", "key.json"], "did you mean --service-key?"),
        (connect_parser(), ["--file", "key.json"], "did you mean --service-key?"),
        (connect_parser(), ["--service_key", "key.json"], "did you mean --service-key?"),
        (connect_parser(), ["-g", "team"], "did you mean --resource-group?"),
        (connect_parser(), ["--tenant", "prod"], "did you mean --profile?"),
        (connect_parser(), ["--cacert", "ca.pem"], "did you mean --ca-file?"),
        (connect_parser(), ["--host", "proxy"], "did you mean --trust-host?"),
        (connect_parser(), ["--demo"], "did you mean --sandbox?"),
        (connect_parser(), ["--logout"], "did you mean --disconnect?"),
        (connect_parser(), ["--name", "prod"], "did you mean --profile?"),
        (
            TEMPLATE.parser("check"),
            ["--file", "a.yaml"],
            "write paths without an option: %aicore_template check",
        ),
        (TEMPLATE.parser("patch"), ["-f", "a.yaml"], "write paths without an option: %aicore_template patch"),
        (NOTEBOOK.parser("scan"), ["-r", "."], "leave it out: all subfolders are included"),
        (
            NOTEBOOK.parser("new"),
            ["--name", "a.ipynb"],
            "write the path without an option: %aicore_notebook new",
        ),
        (
            TEMPLATE.parser("save"),
            ["--out", "a.yaml"],
            "write the path without an option: %%aicore_template save",
        ),
        (TEMPLATE.parser("workflow"), ["--pull-secret", "a"], "did you mean --secret?"),
        (TEMPLATE.parser("workflow"), ["-o", "a.yaml"], "did you mean --out?"),
        (TEMPLATE.parser("workflow"), ["--cpu", "1"], "did you mean --request?"),
        (TEMPLATE.parser("workflow"), ["--overwrite"], "did you mean --force?"),
        (TEMPLATE.parser("serving"), ["--replicas", "2"], "did you mean --min-replicas?"),
        (TEMPLATE.parser("serving"), ["--outputs", "m"], "did you mean --out?"),
        (TEMPLATE.parser("patch"), ["--in-place"], "did you mean --write?"),
        (TEMPLATE.parser("patch"), ["--delete"], "did you mean --remove?"),
        (TEMPLATE.parser("patch"), ["--dry-run"], "leave it out: without --write nothing is written"),
        (TEMPLATE.parser("check"), ["--ignore", "plan-missing"], "did you mean --disable?"),
        (NOTEBOOK.parser("scrub"), ["--apply"], "did you mean --write?"),
        (NOTEBOOK.parser("new"), ["--user", "anna"], "did you mean --username?"),
    ],
)
def test_options_of_other_magics_by_other_names(parser, typed, says):
    """The same word means another option of another magic."""
    assert of_option(parser, *typed).removeprefix(f"no option {typed[0]}; ").startswith(says)


@pytest.mark.parametrize(
    ("parser", "word", "says"),
    [
        (connect_parser(), "sandbox", "did you mean --sandbox?"),
        (connect_parser(), "Sandbox", "did you mean --sandbox?"),
        (connect_parser(), "status", "did you mean --status?"),
        (connect_parser(), "logout", "did you mean --disconnect?"),
        (connect_parser(), "key.json", "did you mean --service-key FILE?"),
        (connect_parser(), "~/Downloads/key.json", "did you mean --service-key FILE?"),
        (connect_parser(), "prod", "did you mean --profile NAME?"),
        (SECRET.parser("create"), "ghcr.io/acme/churn:1.4", "did you mean --image REF?"),
        (SECRET.parser("create"), "ghcr.io", "did you mean --registry HOST?"),
        (SECRET.parser("create"), "config.json", "did you mean --from-file PATH?"),
        (SECRET.parser("create"), "anna", "did you mean --username USER?"),
    ],
)
def test_words_without_their_option(parser, word, says):
    """A word too many is told which option goes before it, by what it looks like; it is not repeated."""
    name = ["team"] if parser is not connect_parser() else []
    assert refusal(lambda: parser.read([*name, word])).startswith(f"1 unexpected word; {says}")


@pytest.mark.parametrize("words", [["sandbox", "dev"], ["Sandbox", "prod"], ["SANDBOX", "a-1"]])
def test_a_tenant_of_the_sandbox_without_its_option(words):
    """Who names a tenant is not led to another one; its name is not repeated."""
    assert refusal(lambda: connect_parser().read(words)).startswith(
        "2 unexpected words; did you mean --sandbox NAME?"
    )


NEGATIONS = ("no-", "no", "un", "dis", "de", "non-", "not-", "dont-", "without-", "skip-", "never-")


@pytest.mark.enumerates
@pytest.mark.parametrize(("grammar", "name"), SUBCOMMANDS, ids=lambda value: getattr(value, "magic", value))
def test_a_subcommand_is_not_meant_by_its_negation(grammar, name):
    """`undelete`, `discheck` and the like never lead to delete and check."""
    for negation in NEGATIONS:
        assert not of_subcommand(grammar, negation + name).endswith(f"mean {name}?"), negation


@pytest.mark.enumerates
@pytest.mark.parametrize(("parser", "option"), OPTIONS, ids=lambda value: getattr(value, "prog", value))
def test_an_option_is_not_meant_by_its_negation(parser, option):
    """`--no-sandbox` does not lead to --sandbox, and `--check` not to --no-check."""
    plain = option.removeprefix("--")
    contrary = {f"--{negation}{plain}" for negation in NEGATIONS} - {*parser.option_names()}
    contrary |= {f"--{plain.removeprefix(no)}" for no in ("no-", "dis") if plain.startswith(no)}
    for typed in contrary - {*parser.option_names()}:
        assert f"mean {option}?" not in of_option(parser, typed), typed


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("--enable", "--disable"),
        ("--enabel", "--disable"),
        ("--output", "--input"),
        ("--ouput", "--input"),
        ("--input", "--output"),
        ("--min-replica", "--max-replicas"),
        ("--scale-up-delay", "--scale-down-delay"),
        ("--read", "--write"),
        ("--connect", "--disconnect"),
        ("--comments", "--no-comments"),
        ("--uncheck", "--check"),
        ("undelete", "delete"),
        ("undelte", "delete"),
        ("discheck", "check"),
        ("disconnect", "connect"),
        ("connect", "disconnect"),
        ("create", "delete"),
        ("--keep", "--remove"),
    ],
)
def test_opposites(typed, word):
    """Pairs whose words are alike and whose meaning is the contrary, also with a slip in them."""
    assert meant.opposite(typed, word)
    assert meant.nearest(typed, [word]) == ""


@pytest.mark.enumerates
def test_slips_are_still_told_from_opposites():
    """A letter left out or doubled leads to the word it was meant for, but for a few that are too short."""
    missed, tried = [], 0
    for parser, option in OPTIONS:
        for at in range(3, len(option)):
            for typed in (option[:at] + option[at + 1 :], option[:at] + option[at - 1] + option[at:]):
                if typed in parser.option_names() or typed == "--":
                    continue
                tried += 1
                if meant.nearest(typed, parser.option_names()) != option:
                    missed.append((typed, option))
    assert tried > 2000
    assert len(missed) < tried / 100, missed


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.prog)
def test_nothing_typed_is_repeated(parser):
    """What stands behind a wrong option, or alone, may be a secret: no message holds it."""
    secret = "Zq7" + "-horse-" + "battery"
    lines = ([f"--{secret}"], [f"--user={secret}"], ["--nothing", secret], ["-z" + secret], [secret, secret])
    for words in lines:
        assert secret not in of_option(parser, *words, "--none-such")
