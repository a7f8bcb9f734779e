import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from tests import processor

CASES = json.loads((Path(__file__).parents[1] / "data/image-refs.json").read_text("utf-8"))["cases"]
SHA256 = "sha256:" + "0123456789abcdef" * 4
GITHUB_TOKEN = "ghp_" + "Ab1c" * 9


def tried(text):
    """What parse gives or raises, and in how many milliseconds."""
    return processor.tried(lambda: ImageReference.parse(text), InvalidImage)


def refused(text):
    with pytest.raises(InvalidImage) as caught:
        ImageReference.parse(text)
    return caught.value


def assert_well_said(error, text):
    """Two lines of at most 100 columns that name the field and never hold the text."""
    assert "image" in error.message
    assert error.message.endswith(". Nothing was sent.")
    assert error.hint
    assert len(f"{type(error).__name__}: {error.message}") <= 100
    assert len(f"Next: {error.hint}") <= 100
    assert len(text) < 3 or text not in str(error)


def test_the_case_file_is_whole():
    """No row of the case file is left out unseen."""
    assert len(CASES) == 73


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in CASES])
def test_image_rows(row):
    """Each image reference is read as distribution/reference reads it, fast."""
    image, milliseconds = tried(row["input"])
    assert milliseconds < 50
    assert isinstance(image, ImageReference) == row["valid"]
    if row["valid"]:
        fields = ("domain", "path", "tag", "digest", "name", "familiar", "api_host")
        assert {field: getattr(image, field) for field in fields} == {field: row[field] for field in fields}
        assert ImageReference.parse(str(image)) == image
    else:
        assert_well_said(image, row["input"])


@pytest.mark.parametrize(
    ("text", "domain", "path"),
    [
        ("foo_bar.com/a", "", "foo_bar.com/a"),
        ("index.docker.io/a", "docker.io", "library/a"),
        ("Localhost/a", "Localhost", "a"),
        ("docker.io/foo.com/a", "docker.io", "foo.com/a"),
        ("library/distros/ubuntu", "docker.io", "library/distros/ubuntu"),
    ],
)
def test_the_odd_corners_of_the_grammar(text, domain, path):
    """Where distribution/reference is odd, so are we (each computed by running it)."""
    image = ImageReference.parse(text)
    assert (image.domain, image.path) == (domain, path)
    assert ImageReference.parse(str(image)) == image


@pytest.mark.parametrize("host", ["[1:2]", "a" * 64 + ".example.com", "example.com:99999", "1.2.3.4.5"])
def test_a_host_that_nobody_can_reach(host):
    """The grammar alone decides what is an image: that nobody can reach the host is found out at sending."""
    assert ImageReference.parse(f"{host}/a:1").domain == host


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("ubuntu", "docker.io"),
        ("ghcr.io/acme/churn:1.4", "ghcr.io"),
        ("GHCR.io/acme/churn", "GHCR.io"),
        ("MyHost/img", "MyHost"),
        ("example.com:65536/a", "example.com:65536"),
        ("foo_bar.com/a", "foo_bar.com"),
        ("[2001:db8::1]/img", "[2001:db8::1]"),
    ],
)
def test_registry(text, host):
    """The registry is the image's own host, odd or not, in the image's spelling."""
    assert ImageReference.parse(text).registry == Registry(host)


@pytest.mark.parametrize(
    ("text", "implied"),
    [
        ("churn", True),
        ("churn:1.4", True),
        ("acme/churn:1.4", True),
        ("library/churn", True),
        ("docker.io/acme/churn:1.4", False),
        ("index.docker.io/acme/churn:1.4", False),
        ("ghcr.io/acme/churn:1.4", False),
        ("localhost/churn", False),
        ("localhost:5000/churn", False),
    ],
)
def test_whether_the_registry_was_named(text, implied):
    """An image that names none is at Docker Hub, and is the same image as one that says so."""
    image = ImageReference.parse(text)
    assert image.implied is implied
    assert image == ImageReference.parse(str(image))


def test_docker_hub_images_find_the_key_of_docker_hub():
    """An image without a host asks for the key under which a Docker Hub login is stored."""
    assert ImageReference.parse("acme/churn").registry.auth_key == Registry.parse("hub.docker.com").auth_key


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an image is missing"),
        ("https://ghcr.io/acme/churn", "https:// is not allowed in front of an image"),
        ("docker://ghcr.io/acme/churn", "https:// is not allowed in front of an image"),
        ("ghcr.io/acme churn", "spaces and line breaks are not allowed in an image"),
        ("ghcr.io/acme/churn:${TAG}", "{…} or $… in an image is not filled in"),
        ("ghcr.io/acme/chürn", "an image can only have ASCII characters"),
        ("a" * 64, "this is the id of an image, not its name"),
        ("-foo.example.com/a", "the registry in front of this image is not a host"),
        ("anna:hunter2@ghcr.io/a", "a user name or password is not allowed in an image"),
        ("anna@ghcr.io/a", "a user name or password is not allowed in an image"),
        ("https://anna:hunter2@ghcr.io/acme/x:1", "a user name or password is not allowed in an image"),
        ("https://anna:hun/ter2@ghcr.io/acme/x:1", "a user name or password is not allowed in an image"),
        ("docker://anna:hunter2@ghcr.io/x", "a user name or password is not allowed in an image"),
        ("anna:hunter2@localhost:5000/x@", "a user name or password is not allowed in an image"),
        ("churn@1.4", "the digest of an image must be sha256: and 64 small hex digits"),
        ("https://ghcr.io/acme/churn@" + SHA256, "https:// is not allowed in front of an image"),
        ("ghcr.io/Acme/churn", "capital letters are not allowed in the path of an image"),
        ("ghcr.io/acme//churn", "an image has small letters and digits, joined by . _ __ - or /"),
        ("ghcr.io/acme/churner:", "the tag of an image has up to 128 letters, digits, dots, - or _"),
        ("ghcr.io/acme/churn:-1", "the tag of an image has up to 128 letters, digits, dots, - or _"),
        (
            "ghcr.io/acme/churn@" + SHA256.upper(),
            "the digest of an image must be sha256: and 64 small hex digits",
        ),
        (
            "ghcr.io/acme/churn@sha1:" + "a" * 40,
            "the digest of an image must be sha256: and 64 small hex digits",
        ),
        ("ghcr.io/" + "a" * 256, "an image can have at most 255 characters after its registry"),
        ("ghcr.io/" + "a" * 5000, "an image can have at most 255 characters after its registry"),
    ],
)
def test_an_image_is_refused_with_its_reason(text, reason):
    """The message says what is wrong with the image, and does not repeat it."""
    error = refused(text)
    assert error.message == f"{reason}. Nothing was sent."
    assert_well_said(error, text)


def test_a_scheme_brings_the_right_form():
    """An image copied from a browser is refused with the form that is right."""
    assert refused("https://ghcr.io/acme/churn").hint == "use ghcr.io/…"


@pytest.mark.parametrize("text", [GITHUB_TOKEN, "glpat-abcdefgh12", "anna:" + GITHUB_TOKEN])
def test_a_token_is_refused_and_not_repeated(text):
    """A token in place of an image is refused even where the grammar would take it."""
    error = refused(text)
    assert error.message.startswith("the image looks like a Git")
    assert "revoke it" in error.hint
    assert_well_said(error, text)


def test_a_repository_may_be_named_like_a_token():
    """Behind a host, a token's prefix is no reason to refuse a repository."""
    assert ImageReference.parse("registry.gitlab.com/tools/glpat-rotator").path == "tools/glpat-rotator"


@pytest.mark.parametrize(
    "unit", ["a", "a/", "a.", "a-", "a_", "-", ":", "@", "/", " ", "é", "eyJa", "A.", "[::"]
)
@pytest.mark.parametrize("length", [4096, 10**6])
def test_long_text_is_never_slow(unit, length):
    """Whatever repeats, and however long, the answer comes in less than 50 ms."""
    result, milliseconds = tried((unit * length)[:length])
    assert isinstance(result, InvalidImage)
    assert milliseconds < 50
    assert len(str(result)) < 200


PARTS = ["a", "b1", "A", "ghcr.io", "docker.io", "localhost", "foo_bar.com", "[::1]", ":5000", ":", "/", "/"]
PIECES = st.lists(st.sampled_from([*PARTS, ".", "_", "__", "--", "@", SHA256, "library", "é"]), max_size=8)


@given(text=st.one_of(st.text(), PIECES.map("".join)))
def test_any_text_is_an_image_or_an_error_of_ours(text):
    """Whatever the text, parse raises nothing but InvalidImage, and what it gives parses to itself."""
    result, _ = tried(text)
    if isinstance(result, ImageReference):
        assert ImageReference.parse(str(result)) == result
        assert result.api_host
    else:
        assert isinstance(result, InvalidImage)


@pytest.mark.parametrize(
    "text", ["https://anna:PASS@ghcr.io/a", "anna:PASS@ghcr.io/a", "anna:PASS@ghcr.io", "PASS"]
)
@pytest.mark.parametrize("password", ["Qm4-canary-dev!k", "Hunter-2/", "hunter 2"])
def test_a_password_is_never_repeated(text, password):
    """Neither message nor hint holds what may be a password."""
    error = refused(text.replace("PASS", password))
    assert password.lower() not in str(error).lower()
    assert "anna" not in str(error)
