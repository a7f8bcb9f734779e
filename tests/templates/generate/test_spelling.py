"""How names, texts and numbers may be spelt."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.emit import Bare
from aicore_magics.templates.generate import spelling
from aicore_magics.templates.generate.parts import Parameter
from aicore_magics.templates.generate.spelling import check_placeholders

NAMES = st.text("aZ09-_.é٣\n", max_size=8)
# Built here, so that no source holds what looks like a token.
TOKENS = [
    *(
        "dckr_pat_" + "a" * 10,
        "dckr_oat_" + "a" * 10,
        "ghp_" + "a" * 20,
        "gho_" + "a" * 20,
        "ghr_" + "a" * 20,
    ),
    *("github_pat_" + "a" * 20, "glpat-" + "a" * 10, "gldt-" + "a" * 10, "glcbt-" + "a" * 10),
    *("AKIA" + "A" * 16, "ASIA" + "A" * 16, "eyJ" + "a" * 4 + ".eyJ" + "a" * 4 + ".a"),
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    "-".join(["0" * 8, "0" * 4, "0" * 4, "0" * 4, "0" * 12]) + "$" + "a" * 20,
    *("hf_" + "a" * 34, "sk-ant-" + "api03-" + "a" * 20, "sk-proj-" + "aB1_" * 8, "npm_" + "a" * 36),
    *("pypi-" + "aB1_" * 15, "xoxb-" + "1" * 12 + "-abcdefgh", "AIza" + "a" * 35),
]


def accepted(check, *args):
    """Whether *check* takes it; anything else than an InvalidTemplate is a fault of ours."""
    try:
        check(*args)
    except InvalidTemplate:
        return False
    return True


@given(NAMES)
def test_names_of_templates(name):
    """A template has the name of a Kubernetes object with hyphens alone, of 4 to 63 characters."""
    assert accepted(spelling.template_name, name) == bool(
        re.fullmatch(r"[a-z0-9][a-z0-9-]{2,61}[a-z0-9]", name)
    )


@given(NAMES)
def test_labels(value):
    """A label's value is what Kubernetes takes."""
    fits = re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?", value)
    assert accepted(spelling.label, value, "it") == bool(fits)


@given(NAMES)
def test_words(name):
    """A parameter or variable has ASCII letters and digits, at least one, and the signs named."""
    fits = re.fullmatch(r"(?=[_-]*[A-Za-z0-9])[A-Za-z0-9_-]+", name)
    assert accepted(spelling.word, name, "it") == (bool(fits) or (name.isidentifier() and name.isascii()))


@given(NAMES)
def test_serving_words(name):
    """In a serving template, a name is one that can stand in an expression."""
    assert accepted(spelling.serving_word, name, "it") == (name.isidentifier() and name.isascii())


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_refused_in_every_text(token):
    """A template is kept in git: a token in any text is refused, and not repeated."""
    assert token_kind(token)
    for value in (token, f"docker login -p {token}", f"a\n{token}\n"):
        with pytest.raises(InvalidTemplate, match="looks like") as caught:
            spelling.text(value, "--args")
        assert token not in str(caught.value)


@pytest.mark.parametrize("value", [TOKENS[0], TOKENS[2], TOKENS[6]])
def test_a_token_is_refused_as_a_name(value):
    """A token that could be a scenario, a version or a parameter is refused, too."""
    for check in (spelling.label, spelling.word):
        with pytest.raises(InvalidTemplate, match="looks like"):
            check(value, "it")


@pytest.mark.parametrize("value", [1, 1.0, True, None, b"a", ["a"]])
def test_what_is_no_text_is_said_to_be_none(value):
    """From Python, a number in place of a text gets an error that says so."""
    checks = (
        lambda: spelling.text(value, "it"),
        lambda: spelling.label(value, "it"),
        lambda: spelling.word(value, "it"),
        lambda: spelling.template_name(value),
    )
    for check in checks:
        with pytest.raises(InvalidTemplate, match="must be a string"):
            check()


@pytest.mark.parametrize("value", ["a\0b", "\ud800", "a" * 100_001])
def test_what_no_file_holds_is_refused(value):
    """NUL, half a character, and a text beyond all measure are refused."""
    assert not accepted(spelling.text, value, "it")


@pytest.mark.parametrize(
    ("value", "least", "number"), [(0, 0, 0), ("12", 1, 12), ("-1", -1, -1), (2**31 - 1, 0, 2**31 - 1)]
)
def test_numbers(value, least, number):
    """A number may be a number or its digits."""
    assert spelling.number(value, "it", least) == number


@pytest.mark.parametrize(
    "value", [True, 1.0, "1.0", "1_0", " 1", "٣", "", "-", "+1", 2**31, "9" * 5000, "0", None]
)
def test_what_is_no_number(value):
    """Anything else is none, and nothing is guessed."""
    assert not accepted(spelling.number, value, "it", 1)


def test_a_placeholder_may_stand_for_a_number():
    """It is written without quotes, so that a number is there when it is filled."""
    found = spelling.number_or_placeholder("{{inputs.parameters.n}}", "it")
    assert (type(found), found) == (Bare, "{{inputs.parameters.n}}")
    assert not accepted(spelling.number_or_placeholder, "{{a}}{{b}}", "it")


@given(st.text("ab-.{<A", max_size=6))
def test_generic_secrets(name):
    """A generic secret has the name of a Kubernetes object."""
    assert accepted(spelling.secret_name, name, "it") == bool(re.fullmatch(r"[ab](?:[ab.-]*[ab])?", name))


def test_a_parameter_may_name_a_generic_secret():
    """SAP's own example of certificates does so; whether it is declared is asked elsewhere."""
    name = "{{workflow.parameters.secret}}"
    assert spelling.secret_name(name, "it") == name
    assert not accepted(spelling.secret_name, f"{name}-x", "it")


def test_a_suggestion_is_short():
    """A long name is not repeated as a suggestion: it may be a token of a shape that nobody knows."""
    with pytest.raises(InvalidTemplate) as caught:
        spelling.serving_word("ab-" * 12 + "a", "it")
    assert "ab" not in caught.value.hint.lower().replace("able", "")


def test_two_of_one_name():
    """Parameters and artifacts are named once each."""
    assert accepted(spelling.unique, [Parameter("a"), Parameter("b")], "it")
    assert not accepted(spelling.unique, [Parameter("a"), Parameter("a")], "it")


def test_texts_for_people_hold_no_placeholder():
    """Where AI Core fills nothing in, a placeholder is refused."""
    assert spelling.plain_text("{a} }}", "it") == "{a} }}"
    assert not accepted(spelling.plain_text, "{{a}}", "it")


DECLARED = {"workflow.parameters.DEPTH", "inputs.artifacts.rows.path"}


@pytest.mark.parametrize(
    "text", ["", "{a} }} {%", "{{workflow.parameters.DEPTH}}", "a{{ inputs.artifacts.rows.path }}b }}"]
)
def test_what_is_declared_may_stand(text):
    """Declared ones, and braces that mean nothing, are fine."""
    check_placeholders(text, DECLARED)


@pytest.mark.parametrize(
    ("text", "reason", "hint"),
    [
        ("{{workflow.parameters.depth}}", "{{workflow.parameters.depth}} is not declared", "--param depth"),
        ("{{inputs.parameters.DEPTH}}", "is not declared", "write {{workflow.parameters.DEPTH}}"),
        ("{{DEPTH}}", "is not declared", "write {{workflow.parameters.DEPTH}}"),
        ("{{inputs.artifacts.rows}}", "is not declared", "write {{inputs.artifacts.rows.path}}"),
        ("{{workflow.parameters.DEPTH}} {{", "a value has {{ without }} after it", "space"),
        ("{{workflow.parameters.DEPTH}}{{x", "without }} after it", "space"),
        ("{{{{workflow.parameters.DEPTH}}}}", "does not name a parameter", "space"),
        ("{{=sprig.env('HOME')}}", "does not name a parameter", "space"),
        ("{{hunter2 Geheim&}}", "does not name a parameter", "space"),
        ("{{" + "a" * 42 + "}}", "does not name a parameter", "space"),
    ],
)
def test_what_is_not_declared_is_refused(text, reason, hint):
    """The error names the parameter, unless it may be something else, and the next thing to do."""
    with pytest.raises(InvalidTemplate) as caught:
        check_placeholders(text, DECLARED)
    assert reason in caught.value.message
    assert hint in caught.value.hint
    assert "Geheim" not in str(caught.value)
