"""A service key is read out of whatever people have it in, or that is named by what it is."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.actions import connect_with
from aicore_magics.aicore.credential_sources import find_service_key, read_service_key, service_key_of
from aicore_magics.aicore.key_shapes import find_key
from aicore_magics.aicore.service_key import ServiceKey
from aicore_magics.errors import (
    AICoreError,
    CredentialsIncomplete,
    CredentialsNotFound,
    InvalidFile,
    InvalidInput,
)
from tests.aicore.key_wrappings import WRAPPINGS, coded, secret

FIELD = Path(__file__).parents[1] / "data/field"
AUTH = "https://acme-dev.authentication.eu10.hana.ondemand.com"
API = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
# As XSUAA makes them; the other has every sign that a wrapping may change.
PLAIN = "0000" + "$abcDEF+/="
ODD = "".join(["p", "!$%&", '"', "\\", "'", chr(0xE4), chr(0x1F600), "w", "{x}", "=="])


def key_of(client_secret=PLAIN, **more):
    return {
        "clientid": "sb-1!b1000|aicore!b100",
        "clientsecret": client_secret,
        "url": AUTH,
        "identityzone": "acme-dev",
        "serviceurls": {"AI_API_URL": API},
        **more,
    }


def read(data):
    return service_key_of(data if isinstance(data, str) else json.dumps(data), "service key, file key.json")


def assert_is(key, client_secret):
    assert (key.client_id, key.proof.reveal()) == ("sb-1!b1000|aicore!b100", client_secret)
    assert (key.token_url, key.api_url, key.tenant) == (f"{AUTH}/oauth/token", f"{API}/v2", "acme-dev")


@pytest.mark.parametrize("file", sorted(path.name for path in FIELD.glob("K*")))
def test_keys_from_the_field(file):
    """Each text that people reported is read as the key that it is."""
    key = read_service_key(str(FIELD / file))
    assert (key.client_id, key.tenant) == ("sb-1234!b1|aicore!b540", "acme")
    assert key.proof.reveal().endswith("0123456789ABCDEF=")
    assert key.api_url == f"{API}/v2"


@pytest.mark.parametrize("client_secret", [PLAIN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("urls", [dict, json.dumps], ids=["object", "text"])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_every_wrapping(wrapping, urls, client_secret):
    """A key comes out of each wrapping letter by letter, with `serviceurls` as an object or as JSON text."""
    assert_is(
        read(WRAPPINGS[wrapping](json.dumps(key_of(client_secret, serviceurls=urls({"AI_API_URL": API}))))),
        client_secret,
    )


def outcome(text, client_secret):
    """Whether the key came back. All else is an error of ours that shows nothing of the key."""
    try:
        key = read(text)
    except InvalidInput as error:
        key = error
    if isinstance(key, ServiceKey):
        assert_is(key, client_secret)
        return True
    assert client_secret not in str(key)
    assert key.__cause__ is key.__context__ is None
    named = ("is not a service key: it is", "contains bindings of other services", "url")
    assert any(words in key.message for words in named)
    return False


def test_every_two_wrappings():
    """Of all pairs of wrappings nearly every one gives the key; the others are named by what they are."""
    text = json.dumps(key_of())
    pairs = list(itertools.product(WRAPPINGS.values(), repeat=2))
    given_back = sum(outcome(outer(inner(text)), PLAIN) for outer, inner in pairs)
    assert given_back >= 0.95 * len(pairs)


@given(st.lists(st.sampled_from(sorted(WRAPPINGS)), min_size=1, max_size=4), st.booleans())
def test_any_wrappings(names, odd):
    """However deep it lies, a key comes back whole or its text is named, and nothing of it is shown."""
    client_secret = ODD if odd else PLAIN
    text = json.dumps(key_of(client_secret))
    for name in names:
        text = WRAPPINGS[name](text)
    outcome(text, client_secret)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_how_the_file_is_written(coding, tmp_path):
    """A file that PowerShell wrote is read, with its byte order mark or without."""
    place = tmp_path / "key.json"
    place.write_bytes(json.dumps(key_of()).encode(coding))
    assert_is(read_service_key(str(place)), PLAIN)


@pytest.mark.parametrize(
    "wrapping", ["cf service-key", "a dict, printed", "single quotes", "Secret, YAML", "base64"]
)
def test_every_door(wrapping, tmp_path):
    """A file, the variable and the bindings of an application read the same wrappings."""
    text = WRAPPINGS[wrapping](json.dumps(key_of()))
    place = tmp_path / "key"
    place.write_text(text, "utf-8")
    assert_is(read_service_key(str(place)), PLAIN)
    assert_is(find_service_key(environ={"AICORE_SERVICE_KEY": text}), PLAIN)
    bound = json.dumps({"aicore": [{"credentials": text}]})
    assert_is(find_service_key(environ={"VCAP_SERVICES": bound}), PLAIN)


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_that_were_kept(quote):
    """Quotes that a reader of .env files left around variables do not count, and it is said."""
    names = {"ID": "sb-1!b1000|aicore!b100", "SECRET": PLAIN}
    values = {f"AICORE_CLIENT_{name}": f"{quote}{each}{quote}" for name, each in names.items()}
    key = find_service_key(
        environ={**values, "AICORE_AUTH_URL": AUTH, "AICORE_BASE_URL": f"{quote}{API}{quote}"}
    )
    assert (key.client_id, key.proof.reveal(), key.api_url) == (names["ID"], PLAIN, f"{API}/v2")
    named = "AICORE_CLIENT_ID and AICORE_CLIENT_SECRET and AICORE_BASE_URL"
    assert key.notes == (f"The quotes around {named} were removed.",)
    quoted = f"{quote}{json.dumps({'aicore': [{'credentials': key_of()}]})}{quote}"
    assert_is(find_service_key(environ={"VCAP_SERVICES": quoted}), PLAIN)


def test_the_configuration_of_saps_sdk():
    """A config file of SAP's SDK is read as a key, too, in its own words."""
    config = {
        "AICORE_CLIENT_ID": "sb-1!b1000|aicore!b100",
        "AICORE_CLIENT_SECRET": PLAIN,
        "AICORE_AUTH_URL": AUTH,
        "AICORE_BASE_URL": f"{API}/v2",
        "AICORE_RESOURCE_GROUP": "team-a",
    }
    lines = "\n".join(f"export {name}='{value}'" for name, value in config.items())
    for text in (json.dumps(config), lines, json.dumps([config])):
        key = read(text)
        assert_is(key, PLAIN)
        assert str(key.resource_group) == "team-a"
    del config["AICORE_CLIENT_SECRET"]
    with pytest.raises(CredentialsIncomplete, match="has no AICORE_CLIENT_SECRET"):
        read(config)


def test_values_of_a_secret_with_line_ends():
    """What `echo` put behind the values of a Secret does not count."""
    fields = {name: each if isinstance(each, str) else json.dumps(each) for name, each in key_of().items()}
    assert_is(read(secret({"data": {name: coded(f"{each}\n") for name, each in fields.items()}})), PLAIN)


def test_the_data_of_a_secret_alone():
    """What kubectl prints of a Secret's data alone is still in base64, and is read."""
    fields = {name: each if isinstance(each, str) else json.dumps(each) for name, each in key_of().items()}
    assert_is(read({name: coded(each) for name, each in fields.items()}), PLAIN)
    flat = {**key_of(), "AI_API_URL": API}
    del flat["serviceurls"]
    assert_is(read(flat), PLAIN)


def test_several_bindings_of_an_application():
    """Of several bindings of AI Core the first is taken, as SAP's SDK does, and it is said."""
    others = [{"label": "aicore", "credentials": key_of()}, {"label": "aicore", "credentials": key_of("x")}]
    key = read({"aicore": others})
    assert_is(key, PLAIN)
    assert key.notes == ("There are 2 bindings of AI Core. The first was used, as SAP's SDK does.",)


def test_bindings_in_the_environment():
    """In VCAP_SERVICES the first binding of AI Core counts, as for SAP's SDK; in a file, any of them."""
    two = [{"label": "aicore", "credentials": key_of()}, {"label": "aicore", "credentials": key_of("x")}]
    key = find_service_key(environ={"VCAP_SERVICES": json.dumps({"aicore": two})})
    assert_is(key, PLAIN)
    assert key.notes == ("There are 2 bindings of AI Core. The first was used, as SAP's SDK does.",)
    own = {"user-provided": [{"label": "user-provided", "credentials": key_of()}]}
    with pytest.raises(CredentialsNotFound):
        find_service_key(environ={"VCAP_SERVICES": json.dumps(own)})
    assert_is(read(own), PLAIN)


@pytest.mark.parametrize(
    "data",
    [
        [key_of(), key_of("x")],
        [key_of(), {"credentials": key_of("x")}, 1],
        {"requires": {"a": {"credentials": key_of()}, "[prod]": {"a": {"credentials": key_of("x")}}}},
        {"user-provided": [{"credentials": key_of()}, {"credentials": key_of("x")}]},
        {"a": key_of(), "b": json.dumps(key_of("x"))},
        json.dumps(key_of()) + "\n" + json.dumps(key_of("x")),
    ],
)
def test_several_keys(data):
    """Several different keys are told, and none is guessed."""
    with pytest.raises(InvalidFile, match="contains 2 service keys, not one") as caught:
        read(data)
    assert PLAIN not in str(caught.value)
    assert "a separate file" in caught.value.hint


def test_the_same_key_twice():
    """The same key in two places is one key."""
    assert_is(read([key_of(), {"credentials": key_of()}]), PLAIN)
    assert_is(read({"requires": {"a": {"credentials": key_of()}, "b": {"credentials": key_of()}}}), PLAIN)


@pytest.mark.parametrize("more", [[{"xsuaa": [{"credentials": {"clientid": "x", "xsappname": "x"}}]}], []])
def test_other_things_beside_it(more):
    """What is beside the only key of AI Core is no matter."""
    assert_is(read([*more, {"deep": [{"er": key_of()}]}]), PLAIN)


@pytest.fixture(scope="module")
def own():
    made = trustme.CA().issue_cert("anna@acme.example")
    return made.cert_chain_pems[0].bytes().decode(), made.private_key_pem.bytes().decode()


@pytest.mark.parametrize(
    "written",
    [
        lambda pem: pem,
        lambda pem: pem.replace("\n", "\\n"),
        lambda pem: pem.replace("\n", "\\r\\n"),
        lambda pem: pem.replace("\n", "\\\\n"),
        lambda pem: pem.replace("\n", " "),
        lambda pem: pem.replace("\n", "\r\n"),
        coded,
    ],
    ids=["as it is", "\\n", "\\r\\n", "\\\\n", "spaces", "CRLF", "base64"],
)
@pytest.mark.parametrize(
    "wrapping", ["plain", "Secret, YAML", "single quotes", "a dict, printed", ".env, quoted"]
)
def test_certificates_in_every_spelling(wrapping, written, own):
    """Certificate and key are read with the line ends that they lost on their way, and can be used."""
    from aicore_magics.http.tls import context

    data = {name: each for name, each in key_of().items() if name != "clientsecret"}
    data |= {"certificate": written(own[0]), "key": written(own[1])}
    identity = read(WRAPPINGS[wrapping](json.dumps(data))).identity
    assert identity.chain.split() == own[0].split()
    assert context(identity=identity)


CLIENT = {"clientid": key_of()["clientid"], "clientsecret": PLAIN}
URLS = {"serviceurls": {"AI_API_URL": API}}
ZONE = {"identityzone": "acme-dev"}


def renamed(**names):
    """The key with other names for its fields."""
    return {names.get(name, name): each for name, each in key_of().items()}


@pytest.mark.parametrize(
    "data",
    [
        renamed(clientid="clientId", clientsecret="clientSecret"),
        renamed(clientid="client_id", clientsecret="client_secret"),
        renamed(clientid="ClientID", clientsecret="ClientSecret", url="URL") | {"url": AUTH},
        renamed(clientid="client-id", clientsecret="client-secret", serviceurls="serviceUrls"),
        renamed(serviceurls="service_urls"),
        {"uaa": {**CLIENT, "url": AUTH, **ZONE}, **URLS},
        {"uaa": {**CLIENT, "url": AUTH}, **URLS, **ZONE, "plan": "extended"},
        {"client_id": CLIENT["clientid"], "client_secret": PLAIN, "auth_url": AUTH, "base_url": API, **ZONE},
        {**CLIENT, "url": AUTH, **ZONE, "serviceurls": {"ai_api_url": API}},
        {**CLIENT, "token_url": f"{AUTH}/oauth/token", **ZONE, "AI_API_URL": API},
    ],
)
@pytest.mark.parametrize("deep", [False, True])
def test_other_names_of_the_fields(data, deep):
    """A key whose fields are spelt in another way, or whose client is under `uaa`, is the same key."""
    assert_is(read({"a": {"b": data}} if deep else data), PLAIN)


@pytest.mark.parametrize(
    "data",
    [
        {"client_id": "x", "client_secret": PLAIN},
        {"installed": {"client_id": "x", "client_secret": PLAIN, "auth_uri": "https://a.example"}},
        {"clientId": "x", "clientSecret": PLAIN, "tenantId": "t"},
        {"uaa": CLIENT},
        {"base_url": API, "api_key": PLAIN},
    ],
)
def test_clients_of_other_services(data):
    """Client and secret alone do not make a key: AI Core's address has to be there, too."""
    with pytest.raises(InvalidInput) as caught:
        read(data)
    assert PLAIN not in str(caught.value)


LINES = json.dumps(key_of(), indent=2)


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"> {line}\n" for line in LINES.splitlines()),
        "".join(f">{line}\r\n" for line in LINES.splitlines()),
        "> here it is:\n>\n" + "".join(f"> {line}\n" for line in LINES.splitlines()),
        LINES.replace("{", "{\n  // made in the cockpit", 1),
        f"// key\n{LINES}",
        LINES.replace(",\n", ", // comment\n", 1),
        LINES.replace("{", "{ // begin", 1),
        f"$key = @'\n{LINES}\n'@",
    ],
)
def test_a_key_in_a_mail_or_with_comments(text):
    """The signs of a quoted mail and the comments of an editor's JSON are taken off."""
    assert_is(read(text), PLAIN)


def test_what_go_prints():
    """What Go prints of an object cannot be taken apart for sure, and is named."""
    with pytest.raises(InvalidFile, match="it is an object as Go prints it"):
        read(f"map[clientid:x clientsecret:{PLAIN}]")


@pytest.mark.parametrize("field", ["clientid", "clientsecret"])
@pytest.mark.parametrize(
    "text", ["<CLIENT_SECRET>", "YOUR_CLIENT_ID", "${SECRET}", "{{ secret }}", "your-client-secret"]
)
def test_placeholders_in_a_key(field, text):
    """A key of documentation is refused for its placeholder, by the field's name."""
    with pytest.raises(CredentialsIncomplete, match=f"the {field} of .* is only a placeholder"):
        read(key_of(**{field: text}))


@pytest.mark.parametrize("field", ["clientid", "clientsecret"])
@pytest.mark.parametrize("text", ["********", "***", "••••••", "●●●●", "......"])
def test_masks_in_a_key(field, text):
    """A key whose secret was hidden, as a cockpit shows it, is refused, and nothing of it is sent."""
    with pytest.raises(CredentialsIncomplete, match=f"the {field} of .* is only a (mask|placeholder)"):
        read(key_of(**{field: text}))


@pytest.mark.parametrize(
    "url",
    [
        "https://your-subaccount.authentication.eu10.hana.ondemand.com",
        "https://<subdomain>.authentication.eu10.hana.ondemand.com",
        "https://your-tenant.authentication.sap.hana.ondemand.com",
        "https://{subdomain}.authentication.eu10.hana.ondemand.com",
        "https://${SUBACCOUNT}.authentication.eu10.hana.ondemand.com/oauth/token",
        "<AUTH_URL>",
    ],
)
def test_placeholders_in_the_address_of_a_key(url):
    """An address that documentation has is refused before anything goes to it, of either service."""
    with pytest.raises(CredentialsIncomplete, match=r"the url of .* is only a placeholder"):
        read(key_of(url=url))
    with pytest.raises(
        CredentialsIncomplete, match=r"the serviceurls\.AI_API_URL of .* is only a placeholder"
    ):
        read(key_of(serviceurls={"AI_API_URL": url}))


def test_a_key_in_python():
    """A mapping is read as a file is."""
    with pytest.raises(AICoreError, match="given in Python is not a service key: it is a docker config"):
        connect_with({"auths": {}})


def test_nothing_is_evaluated():
    """Code in the text of a dict is no data, and is not run."""
    text = "{'clientid': __import__('os').getcwd(), 'clientsecret': 's'}"
    assert find_key(text).data["clientid"] == "__import__('os').getcwd()"
