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
        ("anna", "pa55w0rd"),
        ("anna", '{"Tr0ub4dor": 3}'),
        ("anna", '{"type":"service_account"}'),
        ("anna", "{Tr0ub4dor}"),
        ("anna", "\"Tr0ub4dor'"),
        ("anna", '"'),
        ("anna", '{\\"a'),
        ("anna", wrapped('{"payload": "x", "datakey": "y"}', 10_000)),
        ("json_key", '{"id": "aje", "private_key": "x"}'),
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
            "the password is base64 of a Google key",
            "use --username _json_key_base64",
        ),
        (
            "anna",
            wrapped(json.dumps(KEY)),
            "the password is base64 of a Google key",
            "use --username _json_key_base64",
        ),
        (
            "anna",
            '{\n "auths": {}\n}',
            "the password is a whole docker config",
            "give whole logins with --from-file PATH",
        ),
        (
            "anna",
            PEM,
            "the password is a whole key or certificate (PEM)",
            "give a token that was created at the registry.",
        ),
        (
            "_json_key",
            json.dumps(KEY, indent=2)[:-9],
            "the password of _json_key is not a complete Google key",
            "download the key as JSON again.",
        ),
        ("anna", "one\ntwo\nthree", "the password has line breaks: 3 lines", "copy only the password."),
        (
            "anna",
            "one\ttwo",
            "the password contains a control character",
            "copy only the password again.",
        ),
        (
            "anna",
            "Tr0ub4dor\n",
            "the password contains a line break at its end",
            "copy only the password again.",
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


ONE_LINE = json.dumps(KEY)
CODED = wrapped(ONE_LINE, 10_000)
CONFIG = '{"auths":{"ghcr.io":{"auth":"YTpi"}}}'
AS_JSON, AS_CODED, WHOLE_LOGINS = (
    "use --username _json_key",
    "use --username _json_key_base64",
    ("give whole logins with --from-file PATH"),
)
AS_IT_WAS, OTHER = (
    "give the JSON from Google unchanged: it begins with {.",
    ("give a token that was created at the registry."),
)


@pytest.mark.parametrize(
    ("user", "text", "what", "then"),
    [
        ("anna", ONE_LINE, "a Google key", AS_JSON),
        ("oauth2accesstoken", f" {ONE_LINE}\n", "a Google key", AS_JSON),
        ("_json_key_base64", ONE_LINE, "a Google key", AS_JSON),
        ("AWS", '{"type":"service_account","private_key":"x"}', "a Google key", AS_JSON),
        ("_json_key", CODED, "base64 of a Google key", AS_CODED),
        ("anna", CODED, "base64 of a Google key", AS_CODED),
        ("oauth2accesstoken", CODED.rstrip("="), "base64 of a Google key", AS_CODED),
        ("_json_key", json.dumps(ONE_LINE), "a Google key in quotes", AS_IT_WAS),
        ("_json_key", f"'{ONE_LINE}'", "a Google key in quotes", AS_IT_WAS),
        ("_json_key", f'"{ONE_LINE}"', "a Google key in quotes", AS_IT_WAS),
        ("_json_key", json.dumps(ONE_LINE)[1:-1], "a Google key with escaped quotes", AS_IT_WAS),
        ("anna", f"'{ONE_LINE}'", "a Google key in quotes", AS_JSON),
        ("anna", CONFIG, "a whole docker config", WHOLE_LOGINS),
        ("anna", f"'{CONFIG}'", "a whole docker config in quotes", WHOLE_LOGINS),
        ("_json_key", wrapped(CONFIG, 10_000), "base64 of a whole docker config", WHOLE_LOGINS),
        ("anna", f'{{".dockerconfigjson": {json.dumps(CONFIG)}}}', "a whole docker config", WHOLE_LOGINS),
        ("anna", '{"kind": "Secret", "data": {}}', "a whole Kubernetes Secret", WHOLE_LOGINS),
        ("anna", '{"name": "team", "data": {}}', "a whole body for AI Core", WHOLE_LOGINS),
        ("anna", '{"clientid": "sb", "clientsecret": "x"}', "a service key", OTHER),
        ("anna", '{\n"a": 1\n}', "a whole JSON file", WHOLE_LOGINS),
        ("anna", wrapped('{\n"a": 1\n}', 8), "base64 of a whole JSON file", WHOLE_LOGINS),
    ],
)
def test_a_whole_file_on_one_line(user, text, what, then):
    """A key or a file that another user or option is for is refused on one line, too, in any quotes."""
    with pytest.raises(InvalidLogin) as caught:
        RegistryLogin(HOST, user, Secret(text))
    assert (caught.value.what, NOTEBOOK.say(caught.value.next)) == (f"the password is {what}", then)


@pytest.mark.parametrize(
    "private_key",
    [
        *("<PRIVATE_KEY>", "...", "YOUR_PRIVATE_KEY", "${KEY}", "xxxx"),
        *(f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n" for body in ("...", "<key>")),
    ],
)
@pytest.mark.parametrize("user", ["_json_key", "_json_key_base64"])
def test_a_key_without_its_private_key(private_key, user):
    """A key of Google that was copied from documentation is refused for the placeholder in it."""
    text = json.dumps({**KEY, "private_key": private_key}, indent=2)
    with pytest.raises(InvalidLogin) as caught:
        RegistryLogin(HOST, user, Secret(text if user == "_json_key" else wrapped(text)))
    assert caught.value.what == "the Google key has a placeholder instead of its private key"


def test_a_key_of_yandex():
    """The JSON key of Yandex, for its user `json_key`, goes on one line."""
    key = {"id": "aje", "service_account_id": "ajf", "private_key": PEM}
    login = RegistryLogin("cr.yandex", "json_key", Secret(json.dumps(key, indent=2)))
    assert json.loads(login.password.reveal()) == key
    assert login.password.notes == (COMPACTED,)
    assert "\n" not in login.password.reveal()


@given(st.text(), st.sampled_from(["_json_key", "_json_key_base64", "anna"]))
def test_any_password(text, user):
    """Whatever the password is, it is given back; JSON and base64 of it without line breaks."""
    secret = on_one_line(user, Secret(text))
    assert secret == Secret(text) or (secret.notes and "\n" not in secret.reveal() and user != "anna")
