"""The options that somebody typed go on into the line that is offered next, where that takes them."""

from __future__ import annotations

import pytest

from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.given_line import GivenLine
from aicore_magics.grammar.magics import grammar_of
from aicore_magics.grammar.words import words_of
from aicore_magics.jupyter.wording import MAGICS, Notebook
from aicore_magics.next_steps import do
from tests.test_next_steps import VALUES

SECRET = "aicore_docker_secret"
IMAGE = "ghcr.io/acme/churn:1.4"
# Of the login and of the check: each way to say it, as a user types it behind `create team-x`.
LOGINS = (
    "--registry ghcr.io --username anna",
    "--login ghcr.io=anna --login quay.io=bot --password-env ghcr.io=A --password-env quay.io=B",
    f"--image {IMAGE} --username anna --password-env GHCR_TOKEN",
    "--login ghcr.io=anna --password-command 'ghcr.io=gh auth token --x=y'",
    "--image {image} --username {user} --password-file 'my token.txt'",
    "--registry ghcr.io --username anna --keyring jupyter",
    f"--docker-login --image {IMAGE}",
    "--from-file config.json --all",
    "--registry=ghcr.io --username=anna --no-check --for serving --profile prod --timeout 90",
    "--registry ghcr.io --username anna --realm a.example --realm b.example --ca-file ca.pem",
)
OFFERED = {name: text for name, text in MAGICS.items() if text.startswith("%aicore_")}


def offered(given, action, /, **values):
    magic, *words = words_of(given)
    return Notebook(GivenLine(magic.removeprefix("%"), tuple(words))).say(do(action, **{**VALUES, **values}))


@pytest.mark.parametrize("subcommand", ["create", "apply", "update"])
@pytest.mark.parametrize("wanted", ["apply", "update"])
@pytest.mark.parametrize("login", LOGINS)
def test_a_write_is_offered_with_all_that_was_typed(subcommand, wanted, login):
    """Whatever was said of login, tenant and check stands in the other write, letter by letter."""
    line = offered(f"%{SECRET} {subcommand} team-x {login}", wanted, name="team-x")
    assert words_of(line) == words_of(f"%{SECRET} {wanted} team-x {login}")


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("--registry ghcr.io", ""),
        ("--login ghcr.io=anna --login quay.io=bot --password-env ghcr.io=A --password-env quay.io=B",
         "--password-env ghcr.io=A"),
        ("--password-env GHCR_TOKEN --image x/y", "--password-env GHCR_TOKEN"),
        ("--password-file token.txt", "--password-file token.txt"),
        ("--password-command 'gh auth token --x=y'", "--password-command 'gh auth token --x=y'"),
        ("--password-command 'ghcr.io=gh auth token' --password-command 'quay.io=tell x'",
         "--password-command 'ghcr.io=gh auth token'"),
        ("--keyring jupyter", "--keyring jupyter"),
        ("--docker-login", "--docker-login"),
        ("--no-check --for serving --profile prod --timeout 90", "--for serving --profile prod --timeout 90"),
        ("--realm a.example --realm b.example --ca-file ca.pem",
         "--realm a.example --realm b.example --ca-file ca.pem"),
        ("--dry-run", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", [f"--image {IMAGE}", "--registry ghcr.io"])
def test_a_check_is_offered_with_where_the_password_is(login, more, of):
    """A check of one login or image takes its password from where that was said to be, and no other."""
    name = "check-image" if "--image" in of else "check-login"
    line = offered(f"%{SECRET} create team-x {login}", name, image=IMAGE, registry="ghcr.io", username="anna")
    assert line == f"%{SECRET} check {of} --username anna {more}".strip()


def test_a_file_has_its_own_users():
    """Behind --from-file no user stands: the check would be refused."""
    line = offered(f"%{SECRET} create team-x --from-file c.json --all", "check-image", image=IMAGE)
    assert line == f"%{SECRET} check --image {IMAGE} --from-file c.json"


@pytest.mark.parametrize(
    ("given", "name", "line"),
    [
        ("%aicore_docker_secret update x --profile prod", "list",
         "%aicore_docker_secret list --profile prod"),
        ("%aicore_docker_secret show x --wait 9", "show-wait", "%aicore_docker_secret show x --wait 60"),
        ("%aicore_docker_secret create x-y --docker-login", "create-taken",
         "%aicore_docker_secret create x-y --docker-login --registry x"),
        ("%aicore_docker_secret list --profile prod --timeout 9", "connect-ca",
         "%aicore_connect --ca-file x --profile prod"),
        ("%aicore_connect --service-key k.json --resource-group rg-a", "connect-trust",
         "%aicore_connect --trust-host x --service-key k.json --resource-group rg-a"),
        ("%aicore_connect --profile prod --timeout 9", "connect-key",
         "%aicore_connect --service-key x --timeout 9"),
        ("%aicore_connect --disconnect", "connect", "%aicore_connect"),
        ("%aicore_connect --status --timeout 9", "connect-sandbox", "%aicore_connect --sandbox --timeout 9"),
        ("%aicore_notebook scan . --strict --history", "plan-scrub",
         "%aicore_notebook scrub x --strict --history"),
        ("%aicore_notebook scrub . --notebooks-only", "scrub",
         "%aicore_notebook scrub x --write --notebooks-only"),
        ("%aicore_template patch . --secret x --replace old --move", "patch-write",
         "%aicore_template patch x --secret x --write --replace old --move"),
        ("%aicore_template check . --profile prod --strict", "create",
         "%aicore_docker_secret create x --image x --profile prod"),
        ("%aicore_template check . --profile prod", "rule", "%aicore_template rules x"),
        ("%aicore_docker_secret", "list", "%aicore_docker_secret list"),
        ("%aicore_docker_secret nonsense --profile p", "list", "%aicore_docker_secret list"),
    ],
)  # fmt: skip
def test_lines_of_every_magic(given, name, line):
    """What the next line takes and lacks goes on; what was only for this line, or is none of its own, not."""
    assert offered(given, name) == line


GIVEN = (
    "%aicore_rotate plan team-x --profile a --profile=b --out p.json",
    *(f"%{SECRET} {subcommand} team-x {login}" for subcommand in ("create", "update") for login in LOGINS),
    f"%{SECRET} check --image {IMAGE} --username anna --strict --profile p",
    f"%{SECRET} delete team-x --yes --profile p --timeout 3",
    "%aicore_connect --service-key k.json --ca-file c --trust-host h --resource-group abc --timeout 3",
    "%aicore_connect --sandbox --resource-group abc",
    "%aicore_template patch . --remove --repair --write",
    "%aicore_template workflow n --image i --out o --force --args x",
    "%aicore_notebook scan . --strict --history --notebooks-only",
)


@pytest.mark.parametrize("given", GIVEN)
def test_every_line_that_is_offered_can_be_run(given):
    """After any line, with any of its options, each line that may be offered is one that its magic takes."""
    for name in OFFERED:
        magic, *words = words_of(offered(given, name))
        grammar = grammar_of(magic[1:])
        parser = grammar.parser(words.pop(0)) if grammar else connect_parser()
        parser.read(words)


def test_the_value_of_a_variable_is_never_shown():
    """A word in braces stays one: its value may be anything, a token among it."""
    line = offered(f"%{SECRET} create {{name}} --username {{token}}", "update", name="team-x")
    assert line == f"%{SECRET} update team-x --username {{token}}"


@pytest.mark.parametrize(
    ("ran", "wanted"),
    [
        ("--profile dev", "run plan.json --profile dev"),
        ("--templates . --image x/y --registry ghcr.io --leave-out team-y", "run plan.json"),
        ("--profile dev --profile prod --templates=.", "run plan.json --profile dev --profile prod"),
    ],
)
def test_the_file_of_a_plan_needs_nothing_that_it_says_itself(ran, wanted):
    """Which secrets are meant, and what they pull, is in the file: the line to run it would be refused."""
    line = offered(
        f"%aicore_rotate plan team-x {ran} --out plan.json", "rotate-run", names=("plan.json",), variable=""
    )
    assert line == f"%aicore_rotate {wanted}"


def test_which_of_several_is_not_guessed():
    """A line for one tenant has none of the several that were named, unless its action names it."""
    ran = "%aicore_rotate plan team-x --profile dev --profile prod"
    assert offered(ran, "forget", name="team-x") == f"%{SECRET} forget team-x"
    assert offered("%aicore_rotate plan team-x --profile dev", "forget", name="team-x").endswith(
        "--profile dev"
    )
    plan = {"names": ("team-x",), "registry": "", "profiles": ("dev",)}
    assert offered(ran, "rotate-plan", **plan) == "%aicore_rotate plan team-x --profile dev"


@pytest.mark.parametrize("tenants", ["", " --profile dev", " --profile dev --profile=prod"])
def test_an_undo_is_offered_with_all_tenants_of_its_run(tenants):
    """A run of several tenants is undone in each of them; where the newer login is, its line must not say."""
    ran = f"%aicore_rotate run team-x{tenants} --password-env NEW_TOKEN"
    assert offered(ran, "rotate-undo", run="r1201-ghcr") == f"%aicore_rotate undo r1201-ghcr{tenants}"
