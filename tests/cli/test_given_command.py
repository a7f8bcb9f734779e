"""The options of the command that was run go on into the one that a shell offers next."""

from __future__ import annotations

import shlex

import pytest

from aicore_magics.cli.commands import read
from aicore_magics.cli.shell import COMMANDS
from aicore_magics.cli.tenant import door_of
from aicore_magics.next_steps import do
from tests.grammar.test_given_line import IMAGE, LOGINS
from tests.test_next_steps import VALUES

TENANT = ("", "--profile 'my prod'", "--service-key 'a b/key.json' --trust-host a.example")
OFFERED = [name for name, text in COMMANDS.items() if text.startswith("jupyter aicore ")]
# Without --profile, which is the tenant's here.
FROM = [each.replace(" --profile prod", "") for each in LOGINS]


def offered(given, action, /, **values):
    return door_of(read(shlex.split(given))[1]).say(do(action, **{**VALUES, **values}))


@pytest.mark.parametrize("tenant", TENANT)
@pytest.mark.parametrize("wanted", ["apply", "update"])
@pytest.mark.parametrize("login", [*FROM, "--password-file - --image 'a b'"])
def test_a_write_is_offered_with_all_that_was_typed(wanted, login, tenant):
    """Whatever was said of login, check and tenant stands in the other write, each option once."""
    line = offered(f"create team-x {login} {tenant}", wanted, name="team-x")
    named = shlex.split(tenant) or ["--profile", "NAME"]
    assert shlex.split(line) == ["jupyter", "aicore", wanted, "team-x", *named, *shlex.split(login)]


@pytest.mark.parametrize(
    ("login", "more"),
    [
        ("--password-file 'a b/pw' --no-check", "--password-file 'a b/pw'"),
        ("--password-env GHCR_TOKEN --image x/y --image a/b", "--password-env GHCR_TOKEN"),
        ("--login ghcr.io=anna --login quay.io=bot --password-env ghcr.io=A --password-env quay.io=B",
         "--password-env ghcr.io=A"),
        ("--keyring jupyter --dry-run", "--keyring jupyter"),
        ("--docker-login", "--docker-login"),
        ("--for serving --timeout=90 --format=json", "--for serving --timeout=90"),
        ("--realm a.example --realm b.example --ca-file ca.pem",
         "--realm a.example --realm b.example --ca-file ca.pem"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("of", [f"--image {IMAGE}", "--registry ghcr.io"])
def test_a_check_is_offered_with_where_the_password_is(login, more, of):
    """A check takes the password of its one registry from where that was said to be, and no tenant."""
    name = "check-image" if "--image" in of else "check-login"
    line = offered(f"create team-x {login} --profile p", name, image=IMAGE, registry="ghcr.io", username="bo")
    assert line == f"jupyter aicore check {of} --username bo {more}"


@pytest.mark.parametrize(
    ("given", "name", "line"),
    [
        ("create x-y --from-file 'a b' --all", "check-image", "check --image x --from-file 'a b'"),
        ("create x-y --docker-login --profile p", "create-taken",
         "create x-y --docker-login --registry x --profile p"),
        ("create x-y --username '{u}' --profile p", "update", "update x --profile p --username '{u}'"),
        ("create x-y --ca-file registry.pem --profile p", "list", "list --profile p"),
        ("list --ca-file sap.pem --profile p", "check-image", "check --image x --username x"),
        ("list --ca-file sap.pem --profile p", "show", "show x --profile p --ca-file sap.pem"),
        ("show x --wait 9 --timeout 5", "show-wait", "show x --wait 60 --timeout 5"),
        ("delete x --yes --profile p", "delete-hidden", "delete --position 2 --profile p"),
        ("scan . --strict --history --format sarif", "plan-scrub", "scrub x --strict --history"),
        ("scrub . --notebooks-only", "scrub", "scrub x --write --notebooks-only"),
        ("template check . --format github --disable r", "patch", "template patch x --secret x"),
        ("template check . --profile p --format json", "create", "create x --image x --profile p"),
        ("template patch . --secret x --replace old --move", "patch-write",
         "template patch x --secret x --write --replace old --move"),
        ("create x-y --image a/b --format json --profile p", "workflow",
         "template workflow x --image x --secret x --scenario x --args x --out x.yaml"),
        ("rules", "rule", "rules x"),
    ],
)  # fmt: skip
def test_lines_of_every_command(given, name, line):
    """What the next line takes and lacks goes on; consent, and what has another meaning there, does not."""
    values = {"position": "2"} if name == "delete-hidden" else {}
    assert offered(given, name, **values) == f"jupyter aicore {line}"


@pytest.mark.parametrize(
    "given",
    [
        *(f"{command} team-x {login} --profile p" for command in ("create", "update") for login in FROM),
        f"check --image {IMAGE} --username anna --service-key k.json --ca-file c --realm r",
        "delete team-x --yes --profile p --timeout 3",
        "list --service-key-env K --ca-file c --trust-host h --format json",
        "scan . --strict --history --notebooks-only --format github",
        "template patch . --remove --repair --write",
        "template workflow n --image i --out o --force --args x",
        "template check . --disable r --profile p --format sarif",
        "verify --profile p --remove a b --yes --timeout 100",
    ],
)
def test_every_line_that_is_offered_can_be_run(given):
    """After any command, with any of its options, each line that may be offered is one that is taken."""
    for name in OFFERED:
        words = shlex.split(offered(given, name))[2:]
        if words[0] != "sandbox":
            read(words)
