"""The words of other tools: each leads to the word that does it here, or to a plain refusal."""

from __future__ import annotations

import re

import pytest

from aicore_magics.cli import main
from aicore_magics.cli.commands import commands, template_commands
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.notebook_grammar import NOTEBOOK
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.synonyms import ANSWERS, KINDS, SYNONYMS_OF_OPTIONS, SYNONYMS_OF_SUBCOMMANDS
from aicore_magics.grammar.template_grammar import TEMPLATE

GRAMMARS = (SECRET, TEMPLATE, NOTEBOOK, ROTATE, commands(), template_commands())
NO_COMMAND = r"jupyter aicore has no (such command|command \S+); "
COMMANDS = {
    "did you mean list?": "ls|secret ls|secret list|docker-secret list|get secrets|get secret|names|--list",
    "did you mean show?": "get|get secret a1|describe a1|describe secret a1|inspect a1|cat a1|view a1",
    "did you mean delete?": "rm a1|remove a1|del a1|secret rm a1|delet a1|secrets delete a1|uninstall a1",
    "did you mean create?": "add a1|new a1|secret create a1|docker_secret create a1|crate a1|init",
    "did you mean update?": "edit a1|replace a1|patch a1 --image x/y|modify a1",
    "did you mean check?": "login ghcr.io|login -u anna|test|validate|pull ghcr.io/a/b:1|try",
    "did you mean template check?": "lint .|validate train.yaml|test a/b.YML|lint train.yaml",
    "did you mean template patch?": "patch train.yaml --secret x|fix train.yaml",
    "did you mean template workflow?": "workflow a1|train a1",
    "did you mean template serving?": "serving a1|deploy a1",
    "did you mean scan?": "notebook scan .|grep .|audit .|detect a.ipynb|search a.ipynb",
    "did you mean scrub?": "clean a.ipynb|redact .|sanitize .",
    "did you mean %aicore_notebook new?": "new a.ipynb|notebook new a.ipynb",
    "did you mean --version?": "version|-v|-V",
    "did you mean --help?": "-?|/?|man list",
    "did you mean completion?": "completions bash|autocomplete",
    "did you mean sandbox?": "demo|emulator",
    "did you mean due?": "expire|expires|expiry --soon|expired|expiration|dues",
    "did you mean note?": "remember a1|record a1|notes",
    "did you mean forget?": "untrack a1|prune|forgett a1",
    "no login is needed: name the tenant on each line, as in list --profile NAME.": "login|logout|auth login|"
    "connect|configure|config set x y|login --help-me",
    "choose one of check, create": "secret|uses|explain x|whoami|form|exit|undelete a1|uncheck|--json",
}
SECRET_OF_ALL = "leave it out: a secret belongs to the whole tenant"
OPTIONS = {
    "did you mean --format json?": "list --json|show a1 --json|quota --json|create a1 --json|rules --json|"
    "check --json|delete a1 --json|scan . --json|scrub . --json|verify --json|template check . --json|"
    "template workflow a1 --json",
    "did you mean --format sarif?": "scan . --sarif|template check . --sarif",
    "did you mean --format github?": "scan . --github",
    "did you mean --format?": "list -o json|list -ojson|list -o=json|list --output json|list --output=json|"
    "show a1 -o yaml|check -o json|scan . --output-format json|verify --output table",
    "did you mean --out?": "template workflow a1 -o a.yaml|template serving a1 --output a.yaml",
    "did you mean --yes?": "delete a1 -y|delete a1 -f|delete a1 --force|delete a1 --quiet|verify -y|"
    "delete a1 --no-prompt|delete a1 --assume-yes",
    "did you mean --username?": "create a1 --user anna|create a1 -u anna|check -uanna",
    "did you mean --registry?": "create a1 --docker-server ghcr.io|create a1 --server ghcr.io",
    "did you mean --image?": "check -i a/b|check --tag a/b|check --img a/b",
    "did you mean --from-file?": "create a1 -f config.json|create a1 --file=x.json|apply -f x.json",
    "did you mean --service-key?": "list --key key.json|list -f key.json|list --kubeconfig x",
    "did you mean --profile?": "list --context prod|list --tenant prod|quota --subscription x",
    "did you mean --write?": "scrub . -y|scrub . --force|template patch a.yaml --fix",
    "did you mean apply?": "create a1 --force|create a1 --overwrite",
    "did you mean --ends?": "create a1 --expires 2027-01-31|apply a1 --expiry x|update a1 --until x|"
    "note a1 --valid-until x|create a1 --expiration-date=x|note a1 --end x",
    "did you mean --ends-within?": "list --expires 30|list --within 30|list --days 7|list --ends 30",
    "did you mean --before?": "forget --older-than 2026-01-31|forget --until x",
    "did you mean --expiry-lookup?": "check --lookup|create a1 --expiri-lookup",
    "did you mean --no-expiry-lookup?": "create a1 --no-lookup|check --skip-expiry-lookup",
    "did you mean --from-templates?": "note --templates .|note --dir .",
    "did you mean note --from-templates?": "create --from-templates .",
    "leave it out: check stores nothing, note --ends does": "check --ends 2027-01-31|check --until x",
    "leave it out: name the secrets, or use --before DATE": "forget --all|forget -y|forget a1 --yes",
    "write names without an option: jupyter aicore forget NAME": "forget --name a1",
    "did you mean scrub --write?": "scan . --fix|scan . --write",
    "leave it out: create does not ask first": "create a1 --yes|create a1 -y",
    "leave it out: apply replaces an existing secret": "apply a1 --force",
    "leave it out: list shows all names": "list --all|list --limit 5|list --no-trunc|list -a",
    SECRET_OF_ALL: "list -n prod|list --namespace=prod|list -A|create a1 --namespace prod|"
    "delete a1 --resource-group prod|quota -g prod",
    "write the name without an option: jupyter aicore create NAME": "create --name a1|create -n a1",
    "write the name without an option: jupyter aicore show NAME": "show a1 -n prod",
    "a registry login needs no e-mail address: leave it out": "create a1 --docker-email a@b.example",
    "no option takes a password: use --password-env VAR": "create a1 --from-literal=a=b",
    "start it with jupyter aicore sandbox --service-key-file key.json, then use --service-key key.json": ""
    "list --sandbox|create a1 --sandbox",
    "": "list -q|list --quiet|list -w|list --watch|list --verbose|list -v|list --debug|list --region eu|"
    "list --query x|create a1 --interactive|verify --image x|scan . --quiet|show a1 --web",
}
WORDS = {
    "did you mean jupyter aicore create NAME?": "create docker-registry a1|create secret a1|"
    "create secret docker-registry a1",
    "did you mean --image REF?": "check ghcr.io/a/b:1",
    "did you mean template check?": "check train.yaml",
    "did you mean scan?": "check churn.ipynb",
    "did you mean --from-file PATH?": "create a1 config.json|create a1 ~/.docker/config.json|apply a1 s.yaml",
    "did you mean --service-key FILE?": "list key.json|delete a1 key.json",
    "did you mean --help?": "list help",
    "": "list extra|delete a1 b1",
}


def rows(table):
    return [(line, says) for says, lines in table.items() for line in lines.split("|")]


def told(line, capsys):
    """What is said of a *line* that cannot be used: its first line on standard error."""
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err.splitlines()[0]


@pytest.mark.parametrize(("line", "says"), rows(COMMANDS))
def test_commands_of_other_tools(line, says, capsys):
    """A command of docker, kubectl, gh, aws or az leads to the one that does it here, or to all of them."""
    assert re.match(f"{NO_COMMAND}{re.escape(says)}", told(line, capsys))


@pytest.mark.parametrize(("line", "says"), rows(OPTIONS))
def test_options_of_other_tools(line, says, capsys):
    """An option of another tool leads to ours; where there is none, it is plainly refused."""
    text = told(line, capsys)
    assert re.match(rf"no (such option|option \S+); {re.escape(says)}", text)
    assert says or "did you mean" not in text


@pytest.mark.parametrize(("line", "says"), rows(WORDS))
def test_words_without_an_option(line, says, capsys):
    """A word too many leads to the option or the command that it was meant for."""
    text = told(line, capsys)
    assert re.search(f"unexpected words?; {re.escape(says)}", text)
    assert says or "did you mean" not in text


@pytest.mark.parametrize("line", ["--version", "--version --json", "-h", "help", "help create", "create -h"])
def test_what_is_the_same_everywhere(line, capsys):
    """--version, -h, and help before a command do what they do everywhere."""
    assert main(line.split()) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("grammar", GRAMMARS, ids=lambda grammar: grammar.magic)
def test_the_words_agree_with_the_grammars(grammar):
    """Each word leads to one that exists; no word stands twice for one magic, or is one of its own."""
    table = SYNONYMS_OF_SUBCOMMANDS[grammar.magic]
    if grammar.mark:  # a shell shares its rows, some of which are for magics alone
        assert all(right.startswith("%") or right.split()[0] in grammar.subcommands for right in table)
        assert not {word for row in table.values() for word in row.split()} & {*grammar.subcommands}
    words = [word for right, row in table.items() for word in row.split()]
    assert len(words) == len({*words})
    assert not {*KINDS.split()} & {*grammar.subcommands}


def test_the_options_agree_with_the_grammars():
    """Each option that is named is one of some subcommand, and so is each that an answer is bound to."""
    parsers = [connect_parser()]
    parsers += [grammar.parser(name) for grammar in GRAMMARS for name in grammar.subcommands]
    options = {option for parser in parsers for option in parser.option_names()}
    assert {right.split()[0] for right in SYNONYMS_OF_OPTIONS} <= options
    assert {needs for _, needs, _ in ANSWERS if needs.startswith("-")} <= options
