import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidInput, InvalidRegistry, InvalidResourceGroup
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, ResourceGroup, SecretName
from tests import processor

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))
CANARY = CASES["canary"]
HUB_TOKEN = "dckr_pat_" + "Ab1-" * 6
GITHUB_TOKEN = "ghp_" + "Ab1c" * 9
JWT = "eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl"
LONG = [
    "a" * 10**6,
    "a." * 500_000,
    "-" * 10**6,
    " " * 10**6,
    "eyJa" * 250_000,
    "1:" * 500_000,
    "https://" * 125_000,
    "é" * 10**6,
]
VALUES = (SecretName, ResourceGroup, Registry)


def rows(area):
    found = [row for row in CASES["cases"] if row["area"] == area]
    return [pytest.param(row, id=row["id"]) for row in found]


def value_of(row):
    return eval(row["value_expr"]) if "value_expr" in row else row["value"]


def tried(parse, text):
    """What *parse* gives or raises, and in how many milliseconds."""
    return processor.tried(lambda: parse(text), InvalidInput)


def refused(parse, text):
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    return caught.value


def assert_well_said(error, text):
    """Two lines of at most 100 columns that name the field and never hold the text."""
    assert error.field in error.message
    assert error.message.endswith(". Nothing was sent.")
    assert error.hint
    assert len(f"{type(error).__name__}: {error.message}") <= 100
    assert len(f"Next: {error.hint}") <= 100
    assert len(text) < 3 or text not in str(error)


def check_row(row, parse, kept):
    text = value_of(row)
    result, milliseconds = tried(parse, text)
    assert milliseconds < 50
    if isinstance(result, InvalidInput):
        assert "reject" in row["expect"]
        assert row["error_mentions"] in result.message
        assert_well_said(result, text)
        assert CANARY not in str(result)
    else:
        assert kept(text, str(result)) in row["expect"]


@pytest.mark.parametrize("row", rows("name"))
def test_name_rows(row):
    """Each name ends as the case file says, fast, and as it was typed."""
    check_row(row, SecretName.parse, lambda text, kept: "accept" if kept == text else "changed")


@pytest.mark.parametrize("row", rows("registry"))
def test_registry_rows(row):
    """Each registry ends as the case file says; another spelling is an accept_normalised."""
    check_row(row, Registry.parse, lambda text, kept: "accept" if kept == text else "accept_normalised")


def test_the_case_file_is_whole():
    """No row of the case file is left out unseen."""
    assert (len(rows("name")), len(rows("registry"))) == (30, 18)


@given(st.text(alphabet="ab1_.-A", max_size=10))
def test_names_agree_with_the_published_pattern(text):
    """A short name is taken exactly if SAP's published pattern takes it."""
    published = re.fullmatch(r"[a-z0-9](?:_?[a-z0-9\.\-]+)*[a-z0-9]", text)
    assert isinstance(tried(SecretName.parse, text)[0], SecretName) == bool(published)


TOKENS = st.sampled_from(["dckr_pat_", "ghp_", "github_pat_", "glpat-", "glcbt-", "gl-", "glass-", "_", ""])


@given(st.text(alphabet="ab1_.-A\n", max_size=30), TOKENS, st.text(alphabet="ab1_.-", max_size=30))
def test_the_quick_check_says_what_parse_does(before, token, after):
    """A text fits exactly if parse takes it: also where it is a token, or is nearly one."""
    text = before + token + after
    assert SecretName.fits(text) is isinstance(tried(SecretName.parse, text)[0], SecretName)


@given(st.text(alphabet="aZ1.-_\n", max_size=8))
def test_resource_groups_agree_with_the_published_pattern(text):
    """A short resource group is taken exactly if SAP's published pattern takes it."""
    published = re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9.-]{1,251}[a-zA-Z0-9]", text)
    assert isinstance(tried(ResourceGroup.parse, text)[0], ResourceGroup) == bool(published)


ALMOST = st.text(alphabet='ab1-._:/@[]#?%{}"\\ \nAé。。', max_size=30)
SPELLED = st.from_regex(
    r"(https?://)?(\[::[0-9a-f]\]|[a-zA-Z0-9.-]{1,12})(:[0-9]{1,6})?(/v[12])?/?", fullmatch=True
)


@pytest.mark.parametrize("value", VALUES)
@given(text=st.one_of(st.text(), ALMOST, SPELLED))
def test_any_text_is_a_value_or_an_error_of_ours(value, text):
    """Whatever the text, parse raises nothing but an InvalidInput, and what it gives parses to itself."""
    result, _ = tried(value.parse, text)
    assert isinstance(result, (value, InvalidInput))
    if isinstance(result, value):
        assert value.parse(str(result)) == result


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:8])
def test_long_text_is_refused_at_once(value, text):
    """A megabyte of anything is refused in less than 50 ms."""
    result, milliseconds = tried(value.parse, text)
    assert isinstance(result, InvalidInput)
    assert milliseconds < 50
    assert len(str(result)) < 200


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("token", [HUB_TOKEN, GITHUB_TOKEN, JWT, "glpat-abcdefgh12", "AKIA" + "Q7" * 8])
def test_a_token_is_refused_and_not_repeated(value, token):
    """A token where a name belongs is refused, legal or not, with the advice to revoke it."""
    error = refused(value.parse, token)
    assert " looks like a" in error.message
    assert error.hint.startswith("it is now in the notebook and its history: revoke it")
    assert token[9:] not in str(error)
    assert_well_said(error, token)


@pytest.mark.parametrize("text", ["Team-GHCR", "My_Secret", "A_b", 12 * "Zk3"])
def test_capital_letters_are_refused(text):
    """A name with capital letters is refused, with an example of a right one."""
    error = refused(SecretName.parse, text)
    assert (error.message, error.hint) == (
        "capital letters are not allowed in a name. Nothing was sent.",
        "write it in small letters, as in team-ghcr.",
    )


@pytest.mark.parametrize("value", [*VALUES, ImageReference])
@given(text=st.from_regex(r"[A-Za-z0-9]{3}Zq7[A-Za-z0-9._-]{3,20}(/[A-Z][A-Za-z0-9]{0,9})?", fullmatch=True))
def test_nothing_is_made_of_what_is_refused(value, text):
    """A password in place of a name is not repeated, in small letters either: a log would keep it."""
    result, _ = tried(value.parse, text)
    if isinstance(result, InvalidInput):
        said = str(result).lower().replace("-", "_")
        assert text.partition("/")[0].lower().replace("-", "_") not in said


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a name is missing"),
        ("   ", "a name is missing"),
        ("-ab", "a name must begin and end with a letter or digit"),
        ("a", "a name must have 2 to 63 characters"),
        ("a" * 64, "a name must have 2 to 63 characters"),
        ("a/b", "a name can only have small letters, digits, dots, hyphens"),
        ("a__bc", "in a name, an underscore must be single, and not second to last"),
    ],
)
def test_a_name_is_refused_with_its_reason(text, reason):
    """The message says what is wrong with the name."""
    assert refused(SecretName.parse, text).message == f"{reason}. Nothing was sent."


@pytest.mark.parametrize(
    ("text", "words"),
    [("a_bc", "underscore"), ("a..b", "dot"), ("a.-b", "dot"), ("a-.b", "dot"), ("a.b", ""), ("a--b", "")],
)
def test_caution(text, words):
    """A name that AI Core takes and Kubernetes does not carries one sentence of caution, others none."""
    caution = SecretName.parse(text).caution
    assert words in caution
    assert caution.count(".") == bool(words)


@pytest.mark.parametrize("text", ["", "  ", "ab", "a" * 254, "-abc", "abc.", "a_c", "abc\n", "a\r\nX: y"])
def test_a_resource_group_is_refused_with_its_reason(text):
    """What would not be a resource group, or would split a header, is refused."""
    error = refused(ResourceGroup.parse, text)
    assert isinstance(error, InvalidResourceGroup)
    assert_well_said(error, text)


@pytest.mark.parametrize("text", ["default", "Team-A.1", "abc", "a" * 253])
def test_a_resource_group_is_kept_letter_by_letter(text):
    """A resource group is as it was typed, capital letters too."""
    assert str(ResourceGroup.parse(text)) == text


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("GHCR.io", "ghcr.io"),
        ("https://ghcr.io", "ghcr.io"),
        ("HTTP://ghcr.io//", "ghcr.io"),
        ("ghcr.io/v1/", "ghcr.io"),
        ("https://ghcr.io/v2", "ghcr.io"),
        ("registry.example.com:5000/", "registry.example.com:5000"),
        ("registry:5000", "registry:5000"),
        ("localhost", "localhost"),
        ("10.0.0.5", "10.0.0.5"),
        ("[2001:DB8::1]", "[2001:db8::1]"),
        ("http://[::1]:5000/v2/", "[::1]:5000"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("a" * 63 + ".io", "a" * 63 + ".io"),
    ],
)
def test_every_spelling_is_one_registry(text, host):
    """Scheme, slashes, /v1/, /v2/ and case do not matter."""
    assert str(Registry.parse(text)) == host


@pytest.mark.parametrize(
    "text",
    [
        "docker.io",
        "Docker.io",
        "index.docker.io",
        "registry-1.docker.io",
        "hub.docker.com",
        "registry.hub.docker.com",
        "www.docker.com",
        "docker.com",
        "https://index.docker.io",
        "https://index.docker.io/v1",
        "https://index.docker.io/v1/",
        "https://registry-1.docker.io:443/v2/",
    ],
)
def test_docker_hub_has_one_key(text):
    """Every name of Docker Hub ends at the key that SAP documents and the kubelet finds."""
    hub = Registry.parse(text)
    assert (hub.host, hub.auth_key, hub.api_host) == (
        "docker.io",
        "https://index.docker.io",
        "registry-1.docker.io",
    )


def test_other_registries_are_their_own_key():
    """Everywhere else the host with its port is key and API host."""
    registry = Registry.parse("https://registry.example.com:5000/v2/")
    assert registry.auth_key == registry.api_host == "registry.example.com:5000"


@pytest.mark.parametrize(
    ("text", "loopback"),
    [
        ("localhost", True),
        ("LOCALHOST:5000", True),
        ("127.0.0.1:5000", True),
        ("127.8.9.10", True),
        ("[::1]", True),
        ("[::1]:5000", True),
        ("128.0.0.1", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("[2001:db8::1]:5000", False),
        ("ghcr.io", False),
    ],
)
def test_loopback(text, loopback):
    """Only localhost, 127.0.0.0/8 and [::1] are this machine."""
    assert Registry.parse(text).is_loopback is loopback


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "a registry is missing"),
        ("https:///", "a registry is missing"),
        (":5000", "a registry is missing"),
        ("ftp://ghcr.io", "only https:// is allowed in front of a registry"),
        ("oci://ghcr.io", "only https:// is allowed in front of a registry"),
        ("anna@ghcr.io", "a user name or password is not allowed in a registry"),
        ("ghcr.io:0", "the port of a registry must be a number from 1 to 65535"),
        ("ghcr.io:", "the port of a registry must be a number from 1 to 65535"),
        ("ghcr.io:0443", "the port of a registry must be a number from 1 to 65535"),
        ("[::1]:99999", "the port of a registry must be a number from 1 to 65535"),
        ("[1.2.3.4]", "a registry in brackets is an IPv6 address"),
        ("[::ffff:1.2.3.4]", "a registry in brackets is an IPv6 address"),
        ("[::2", "a registry in brackets is an IPv6 address"),
        ("ghcr.io.", "a registry has 1 to 63 letters, digits, hyphens between its dots"),
        (".ghcr.io", "a registry has 1 to 63 letters, digits, hyphens between its dots"),
        ("-a.io", "a registry has 1 to 63 letters, digits, hyphens between its dots"),
        ("foo_bar.com", "a registry has 1 to 63 letters, digits, hyphens between its dots"),
        ("::1", "a registry has 1 to 63 letters, digits, hyphens between its dots"),
        (".".join(["a" * 60] * 5), "a registry can have at most 253 characters"),
        ("1.10.0", "a registry must not end in a number, unless it is an IP address"),
        ("127.1", "a registry must not end in a number, unless it is an IP address"),
        ("ghcr.io?x=1", "? and # are not allowed in a registry"),
        ("ghcr.io#x", "? and # are not allowed in a registry"),
        ("'ghcr.io'", "a registry can only have letters, digits, dots, hyphens"),
        ("ghcr.io\x00", "a registry has no spaces, line breaks, control characters"),
        ("my-ci-token", "a registry must have a dot or a port, like ghcr.io"),
        ("http://registry", "a registry must have a dot or a port, like ghcr.io"),
    ],
)
def test_a_registry_is_refused_with_its_reason(text, reason):
    """The message says what is wrong with the registry, and does not repeat it."""
    error = refused(Registry.parse, text)
    assert isinstance(error, InvalidRegistry)
    assert error.message == f"{reason}. Nothing was sent."
    assert_well_said(error, text)


@pytest.mark.parametrize(
    "text",
    [
        "ghcr.io/acme/churn:1.4",
        "https://GHCR.io/acme/churn",
        "localhost:5000/img@sha256:" + "a" * 64,
        "https://hub.docker.com/r/acme/churn",
        "acme/churn",
        "foo_bar.com/churn",
    ],
)
def test_an_image_is_not_a_registry(text):
    """An image in place of a registry is refused, and no part of it is repeated."""
    error = refused(Registry.parse, text)
    assert (error.message, error.hint) == (
        "this is an image, not a registry. Nothing was sent.",
        "give only its host, such as ghcr.io or docker.io.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "https://anna:PASS@ghcr.io",
        "anna:PASS@ghcr.io",
        "https://PASS@ghcr.io/v2/",
        "https://PASS/x@ghcr.io",
        "https://anna:5000/PASS@ghcr.io/img@sha256:aa",
        "ghcr.io/PASS",
        "ghcr.io?token=PASS",
        "ghcr.io#PASS",
        "anna:PASS",
        "PASS://ghcr.io",
    ],
)
@pytest.mark.parametrize("password", [CANARY, "hunter2", "Ab1c2D.e"])
def test_a_password_is_never_repeated(text, password):
    """Neither message nor hint holds what may be a password, in any case."""
    error = refused(Registry.parse, text.replace("PASS", password))
    assert password.lower() not in str(error).lower()
    assert "anna" not in str(error)
