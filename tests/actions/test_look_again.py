"""Where a check gave no answer, the lines that look again are right at every door."""

from __future__ import annotations

import typing

import pytest

from aicore_magics.actions.look_again import MOST_LINES, again_steps, first_steps
from aicore_magics.base.tokens import MASK
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.words import split
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import StoredLogin
from aicore_magics.next_steps import PYTHON, Beside, Option
from aicore_magics.registry.verdict import Outcome, Verdict

CHURN, CHECK = "ghcr.io/acme/churn:1.4", "%aicore_docker_secret check"
REALM = (Option("realm", "auth.example.com"), Beside("if that host belongs to the registry"), ".")


def verdict(outcome, image=CHURN, registry="ghcr.io", user="anna", fix=""):
    return Verdict(outcome, registry, user, image, "A reason.", fix)


def said(steps, door=NOTEBOOK):
    return [(step.what, [door.say(line) for line in step.lines]) for step in steps]


OF_IMAGE, OF_LOGIN = f"--image {CHURN} --username anna", "--registry ghcr.io --username anna"
KINDS = [
    ("rate-limited", "", "check again once the registry allows it", ""),
    ("unreachable", "", "check again once the registry answers", ""),
    ("unclear", "", "check again", ""),
    ("uncertain", "", "check again once the image is changed", ""),
    ("tls", "", "check again with your company's CA", " --ca-file FILE"),
    ("other-realm", REALM, "check again, if that host belongs to the registry", " --realm auth.example.com"),
    # Nobody could name that host: it is never asked, or not encrypted, or none at all.
    ("other-realm", "", "check again", ""),
]
PYTHONS = {"": "", " --ca-file FILE": ', checking=CheckOptions(ca_file="FILE")'}
PYTHONS |= {" --realm auth.example.com": ', checking=CheckOptions(realms=["auth.example.com"])'}


@pytest.mark.parametrize(("outcome", "fix", "when", "option"), KINDS)
@pytest.mark.parametrize("image", [CHURN, ""], ids=["image", "login"])
def test_each_kind_of_no_answer(outcome, fix, when, option, image):
    """Each says when, or with which option, another look may tell more; a notebook and Python alike."""
    steps = again_steps([verdict(outcome, image, fix=fix)])
    assert said(steps) == [(when, [f"{CHECK} {OF_IMAGE if image else OF_LOGIN}{option}"])]
    what = f'"{CHURN}"' if image else "()"
    assert said(steps, PYTHON) == [(when, [f"check_image({what}, logins{PYTHONS[option]})"])]


@pytest.mark.parametrize(
    "outcome", ["ok", "public", "bad-credentials", "tag-missing", "not-served", "wrong-platform"]
)
def test_an_answer_needs_no_other(outcome):
    """What was answered, good or bad, is not asked again."""
    assert again_steps([verdict(outcome)], sandbox=True) == ()


def test_another_host_has_the_image():
    """Where the way leads to another host, no option helps: the image is checked as it is called there."""
    for image in (CHURN, ""):
        steps = again_steps([verdict("other-realm", image, fix="Use the image's name at B.")])
        assert said(steps) == [("check it under that name", [f"{CHECK} --image REF --username anna"])]


GIVEN = [
    ("unclear", "", "/etc/ca.pem", (), " --ca-file /etc/ca.pem"),
    ("tls", "", "/etc/ca.pem", (), " --ca-file /etc/ca.pem"),
    ("rate-limited", "", "", ("auth.example.com",), " --realm auth.example.com"),
    ("unclear", "", "a b.pem", ("auth.example.com",), " --ca-file 'a b.pem' --realm auth.example.com"),
    ("tls", "", "", ("auth.example.com",), " --ca-file FILE --realm auth.example.com"),
    ("other-realm", REALM, "ca.pem", ("b.example.com",), " --ca-file ca.pem --realm auth.example.com"),
]


@pytest.mark.parametrize(("outcome", "fix", "ca_file", "realms", "options"), GIVEN)
@pytest.mark.parametrize("image", [CHURN, ""], ids=["image", "login"])
def test_what_was_given_is_given_again(outcome, fix, ca_file, realms, options, image):
    """The line has the CA file and the host of the check before it: without them it would not get as far."""
    steps = again_steps([verdict(outcome, image, fix=fix)], ca_file=ca_file, realms=realms)
    ((_, (line,)),) = said(steps)
    assert line == f"{CHECK} {OF_IMAGE if image else OF_LOGIN}{options}"
    ((_, (call,)),) = said(steps, PYTHON)
    assert all(f'"{each}"' in call for each in (ca_file or "ghcr", *realms[: not fix]) if each != "ghcr")


@pytest.mark.parametrize(
    ("host", "when"),
    [
        ("auth.example.com", "check it outside the sandbox"),
        ("127.0.0.2", "check again, if that host belongs to the registry"),
    ],
)
def test_another_host_in_the_sandbox(host, when):
    """In the sandbox a host elsewhere is not asked, whatever option there is; one on this machine is."""
    fix = (Option("realm", host), Beside("if that host belongs to the registry"), ".")
    ((what, _),) = said(again_steps([verdict("other-realm", fix=fix)], sandbox=True))
    assert what == when


def test_in_the_sandbox():
    """In the sandbox the check asks no registry elsewhere: the way leads out of it first."""
    steps = again_steps([verdict("not-asked"), verdict("not-asked", "")], sandbox=True)
    lines = ["%aicore_connect --disconnect", f"{CHECK} {OF_IMAGE}", f"{CHECK} {OF_LOGIN}"]
    assert said(steps) == [("check it outside the sandbox", lines)]


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_key_that_is_a_pattern(sandbox):
    """A login for a pattern is checked with an image, which its registry is taken from."""
    steps = again_steps([verdict("not-asked", "", "*.example.com")], sandbox=sandbox)
    assert said(steps) == [("check it with an image", [f"{CHECK} --image REF --username anna"])]


@pytest.mark.parametrize("key", ["reg:*", "reg.example.com:abc", "%zz", "oci://ghcr.io"])
def test_a_key_that_is_no_address(key):
    """A key that no image can match is not checked with one."""
    assert again_steps([verdict("not-asked", "", key)]) == ()


def test_what_no_check_would_ask():
    """Outside of the sandbox an image that is not asked for is never: no line would change that."""
    assert again_steps([verdict("not-asked", "localhost/churn", "localhost")]) == ()


@pytest.mark.parametrize("outcome", typing.get_args(Outcome))
def test_every_outcome_that_is_no_answer_has_a_line(outcome):
    """Whatever outcomes there are: those that were not checked have a line, and no other has one."""
    of_image, of_login = verdict(outcome), verdict(outcome, "")
    assert bool(again_steps([of_image], sandbox=True)) is of_image.not_checked
    assert bool(again_steps([of_login], sandbox=True)) is of_login.not_checked


@pytest.mark.parametrize(
    ("user", "shown"), [("robot$team", " --username 'robot$team'"), (f"x{MASK}", ""), ("", "")]
)
def test_the_user_of_the_line(user, shown):
    """A user is quoted as the magic needs it; one that is masked or not known is asked for."""
    ((_, (line,)),) = said(again_steps([verdict("unclear", user=user)]))
    assert line == f"{CHECK} --image {CHURN}{shown}"


def test_several():
    """Verdicts of one kind share their words, and three lines are enough."""
    many = [verdict("unreachable", f"ghcr.io/a/{i}:1") for i in range(5)]
    steps = said(again_steps([verdict("tls"), *many]))
    assert [what for what, _ in steps] == [
        "check again with your company's CA",
        "check again once the registry answers",
    ]
    assert sum(len(lines) for _, lines in steps) == MOST_LINES
    assert len(said(again_steps([many[0], many[0]]))[0][1]) == 1


HUB = StoredLogin("https://index.docker.io", "docker.io", "bot")


@pytest.mark.parametrize(
    ("images", "logins", "lines"),
    [
        ([(CHURN, "anna")], [HUB], [f"{CHECK} {OF_IMAGE}"]),
        ([(CHURN, ""), ("acme/a:1", "bot")], [HUB],
         [f"{CHECK} --image {CHURN}", f"{CHECK} --image acme/a:1 --username bot"]),
        ([], [HUB], [f"{CHECK} --registry docker.io --username bot"]),
        ([], [StoredLogin("*.a.io", "*.a.io", "x"), HUB], [f"{CHECK} --registry docker.io --username bot"]),
        ([], [StoredLogin("*.a.io", "*.a.io", "x")], []),
    ],
)  # fmt: skip
def test_where_no_check_was_wanted(images, logins, lines):
    """The lines check for the first time: the images, or else each login whose registry is known."""
    assert [line for _, each in said(first_steps(images, logins)) for line in each] == lines


@pytest.mark.parametrize(("outcome", "fix", "_when", "_option"), KINDS)
def test_the_magic_takes_its_lines(outcome, fix, _when, _option):
    """Each line is one that the magic takes."""
    for image in (CHURN, ""):
        ((_, (line,)),) = said(again_steps([verdict(outcome, image, fix=fix)]))
        _, *words = split(line, {})
        options = SECRET.parser("check").read(words[1:])
        assert (options.image, options.username) == ([image] if image else [], "anna")
