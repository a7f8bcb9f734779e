import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import InvalidLogin
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.google_key import COMPACTED, JOINED, on_one_line
from aicore_magics.model.names import SecretName

HOST = "europe-west3-docker.pkg.dev"
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE+/=\nQ0FOQVJZ\n-----END PRIVATE KEY-----\n"
KEY = {"type": "service_account", "project_id": "acmé", "private_key": PEM, "client_email": "x@y.iam"}


def wrapped(text, width=76, line_break="\n"):
    whole = base64.b64encode(text.encode()).decode()
    return line_break.join(whole[at : at + width] for at in range(0, len(whole), width))


WRITTEN = {
    "as Google writes it": json.dumps(KEY, indent=2),
    "with a line break at its end": json.dumps(KEY, indent=2) + "\n",
    "with Windows' line breaks": json.dumps(KEY, indent=2).replace("\n", "\r\n"),
    "with tabs": json.dumps(KEY, indent="\t"),
    "on one line, with a line break at its end": json.dumps(KEY) + "\n",
    # A variable that was set with `echo -e`, or by a template of Jinja.
    "with the key's own line breaks as they are": json.dumps(KEY, indent=2).replace("\\n", "\n"),
    "not in ASCII": json.dumps(KEY, indent=2, ensure_ascii=False),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_key_on_several_lines(way):
    """A key for `_json_key` goes on one line however it was written, keeps its content, and says so."""
    login = RegistryLogin(HOST, "_json_key", Secret(WRITTEN[way], notes=("from a file",)))
    assert login.password.reveal().isprintable()
    assert json.loads(login.password.reveal()) == KEY
    assert login.password.notes == ("from a file", COMPACTED)
    stored = json.loads(DockerSecret(SecretName("team"), (login,)).dockerconfigjson().reveal())
    assert json.loads(stored["auths"][HOST]["password"]) == KEY


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\n  ", "\n\n"])
@pytest.mark.parametrize("width", [64, 76, 10_000])
def test_a_key_in_base64_on_several_lines(width, line_break):
    """The lines of base64 for `_json_key_base64` are joined, and that is said."""
    text = wrapped(json.dumps(KEY, indent=2), width, line_break) + line_break
    login = RegistryLogin(HOST, "_json_key_base64", Secret(text))
    assert login.password.reveal() == wrapped(json.dumps(KEY, indent=2), 10_000)
    assert login.password.notes == (JOINED,)


@pytest.mark.parametrize(
    ("user", "text"),
    [
        ("_json_key", json.dumps(KEY)),
        ("_json_key_base64", wrapped(json.dumps(KEY), 10_000)),
        ("anna", json.dumps(KEY)),
        ("anna", "pa55w0rd"),
        ("_json_key", "no key at all"),
    ],
)
def test_what_has_no_line_break_stays_as_it_is(user, text):
    """A password without line breaks is taken letter by letter, without a note."""
    login = RegistryLogin(HOST, user, Secret(text))
    assert (login.password.reveal(), login.password.notes) == (text, ())


@pytest.mark.parametrize(
    ("user", "text", "what", "then"),
    [
        ("anna", WRITTEN["as Google writes it"], "the password is a Google key", "use --username _json_key"),
        (
            "_json_key_base64",
            WRITTEN["with tabs"],
            "the password is a Google key",
            "use --username _json_key",
        ),
        (
            "_json_key",
            wrapped(json.dumps(KEY)),
            "the password is base64, in lines, of a Google key or other JSON",
            "use --username _json_key_base64",
        ),
        (
            "anna",
            wrapped(json.dumps(KEY)),
            "the password is base64, in lines, of a Google key or other JSON",
            "use --username _json_key_base64",
        ),
        (
            "anna",
            '{\n "auths": {}\n}',
            "the password is a whole JSON file",
            "give whole logins with --from-file PATH",
        ),
        (
            "anna",
            PEM,
            "the password is a whole key or certificate (PEM)",
            "give a token that the registry made.",
        ),
        (
            "_json_key",
            json.dumps(KEY, indent=2)[:-9],
            "the password of _json_key is no whole Google key",
            "download the key as JSON once more.",
        ),
        ("anna", "one\ntwo\nthree", "the password holds line breaks: 3 lines", "copy the password alone."),
        (
            "anna",
            "one\ttwo",
            "the password holds a control character",
            "copy it again without what surrounds it.",
        ),
        (
            "anna",
            json.dumps(KEY) + "\n",
            "the password holds a line break at its end",
            "copy it again without what surrounds it.",
        ),
    ],
)
def test_what_is_refused_is_called_what_it_is(user, text, what, then):
    """For every other user, or no key, line breaks are refused, and the text says what stands there."""
    with pytest.raises(InvalidLogin) as caught:
        RegistryLogin(HOST, user, Secret(text))
    assert (caught.value.what, NOTEBOOK.say(caught.value.next)) == (what, then)
    assert "Q0FOQVJZ" not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


@given(st.text(), st.sampled_from(["_json_key", "_json_key_base64", "anna"]))
def test_any_password(text, user):
    """Whatever the password is, it is given back; JSON and base64 of it without line breaks."""
    secret = on_one_line(user, Secret(text))
    assert secret == Secret(text) or (secret.notes and "\n" not in secret.reveal() and user != "anna")
