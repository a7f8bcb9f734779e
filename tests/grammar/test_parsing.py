"""A line becomes options, or one plain red line that repeats nothing of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from IPython.core.error import UsageError

from aicore_magics.grammar import parsing

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
        ("create {name} --image x{name}", ["create", "team-a", "--image", "x{name}"]),
        ("", []),
    ],
)
def test_a_line_is_split_as_a_shell_would(line, words):
    """POSIX quoting, the backslash left alone, no expansion but for a word that is exactly {name}."""
    assert parsing.split(line, {"name": "team-a"}) == words


def test_an_unknown_variable_is_no_expansion(shell):
    """A word in braces that is no variable is refused, not passed on."""
    with pytest.raises(UsageError, match="there is none of that name"):
        shell.run_line_magic("aicore_docker_secret", "show {nowhere}")


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("crate a1", "did you mean create?"),
        ("create a1 --regstry ghcr.io", "did you mean --registry?"),
        ("xyzzy", "there are create, apply, update, list, show, delete, quota, check, form."),
        ("show", "the following arguments are required: NAME"),
        ("list --timeout soon", "--timeout takes seconds"),
        ("create a1 --reg ghcr.io", "no such option"),
        ("create a1 --password-env A --password-file b", "not allowed with argument"),
    ],
)
def test_misuse_says_what_was_meant(shell, line, guess):
    """A mistyped subcommand or option gets the nearest one; abbreviations are not taken."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("aicore_docker_secret", line)
    assert guess in str(caught.value)


def test_a_value_that_begins_with_a_hyphen(shell):
    """Taken for an option, it is told how to write it; the value itself is not repeated."""
    with pytest.raises(UsageError, match=r"written with =, as in --args=--model") as caught:
        shell.run_line_magic("aicore_template", "serving churn-serve --args --hunter2")
    assert "hunter2" not in str(caught.value)
