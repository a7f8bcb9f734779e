import json
import os
import pickle
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.aicore.service_key import ENVIRONMENT, KEY_FIELDS, parse_service_key, service_key
from aicore_magics.base.files import open_to_others
from aicore_magics.base.redact import visible
from aicore_magics.errors import CredentialsIncomplete, InvalidAddress, InvalidFile, InvalidResourceGroup

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))
CANARY = CASES["canary"]
ROWS = [row for row in CASES["cases"] if row["area"] == "service_key"]
AUTH_OF = "https://{}.authentication.eu10.hana.ondemand.com"
AUTH = "https://acme-dev.authentication.eu10.hana.ondemand.com"
API = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
KEY = {
    "clientid": "sb-1!b1000|aicore!b100",
    "clientsecret": f"1111${CANARY}+/=",
    "url": AUTH,
    "identityzone": "acme-dev",
    "identityzoneid": "00000000-0000-4000-8000-0000000000aa",
    "appname": "1!b1000|aicore!b100",
    "serviceurls": {"AI_API_URL": API},
}
X509 = {
    **{name: value for name, value in KEY.items() if name != "clientsecret"},
    "certificate": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n",
    "key": f"-----BEGIN RSA PRIVATE KEY-----\n{CANARY}\n-----END RSA PRIVATE KEY-----\n",
    "certurl": "https://acme-dev.authentication.cert.eu10.hana.ondemand.com",
}
SOURCE = "service key, file key.json"


def read(data):
    return service_key_of(data if isinstance(data, str) else json.dumps(data), SOURCE)


def without(*names):
    return {name: value for name, value in KEY.items() if name not in names}


@pytest.mark.parametrize(
    "wrapped",
    [
        KEY,
        {"credentials": KEY},
        {"aicore": [{"name": "mine", "label": "aicore", "credentials": KEY}]},
        {"aicore": [{"credentials": KEY}, {"credentials": X509}], "xsuaa": [{"credentials": {}}]},
        {"aicore": KEY},
    ],
    ids=["plain", "cf service-key", "VCAP", "VCAP with two", "sap-aicore-cli"],
)
def test_wrappings(wrapped):
    """A key is the same in every wrapping that people get it in."""
    key = read(wrapped)
    assert (key.client_id, key.proof.reveal()) == (KEY["clientid"], KEY["clientsecret"])
    assert (key.token_url, key.api_url) == (f"{AUTH}/oauth/token", f"{API}/v2")
    assert (key.tenant, key.source, str(key.resource_group)) == ("acme-dev", SOURCE, "default")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_rows(row):
    """Each text ends as the case file says, with a message that names the source and never the secret."""
    if "accept" in row["expect"]:
        assert read(row["value"]).proof.reveal() == CANARY
        return
    with pytest.raises((InvalidFile, CredentialsIncomplete)) as caught:
        read(row["value"])
    error = caught.value
    assert SOURCE in error.message
    assert error.message.endswith(". Nothing was sent.")
    assert error.hint
    assert CANARY not in str(error)
    assert error.__cause__ is error.__context__ is None


def test_the_case_file_is_whole():
    """No row of the case file is left out unseen."""
    assert len(ROWS) == 6


@pytest.mark.parametrize(
    "tail", ["", "/", "//", "/oauth/token", "/oauth/token/", "/oauth/token//", " ", "/\n"]
)
def test_token_url(tail):
    """The token is asked for at one address, however its end was written down."""
    assert read({**KEY, "url": AUTH + tail}).token_url == f"{AUTH}/oauth/token"


@pytest.mark.parametrize("tail", ["", "/", "//", "/v2", "/v2/", "/v2//", " ", "/v2/ "])
def test_api_url(tail):
    """The API has one address, however its end was written down."""
    assert read({**KEY, "serviceurls": {"AI_API_URL": API + tail}}).api_url == f"{API}/v2"


def test_path_before_the_ending():
    """Only the ending is added or left out: a path in front of it stays, and so does one that ends alike."""
    key = read({**KEY, "url": f"{AUTH}/uaa/oauth/token/", "serviceurls": {"AI_API_URL": f"{API}/ai/xv2"}})
    assert (key.token_url, key.api_url) == (f"{AUTH}/uaa/oauth/token", f"{API}/ai/xv2/v2")


@pytest.mark.parametrize(
    ("zone", "url", "tenant"),
    [
        ("acme-prod", AUTH, "acme-prod"),
        (None, AUTH, "acme-dev"),
        ("", AUTH, "acme-dev"),
        (7, AUTH, "acme-dev"),
        (None, "https://login.acme.example:8443", "login.acme.example:8443"),
    ],
)
def test_tenant(zone, url, tenant):
    """The tenant is the identity zone; else the subdomain of the token service, or its host."""
    assert read({**KEY, "identityzone": zone, "url": url}).tenant == tenant


@pytest.mark.parametrize(
    ("data", "lacks"),
    [
        (without("clientid"), "clientid"),
        (without("clientsecret"), "clientsecret"),
        (without("url"), "url"),
        (without("serviceurls"), "serviceurls.AI_API_URL"),
        ({**KEY, "serviceurls": {}}, "serviceurls.AI_API_URL"),
        ({**KEY, "serviceurls": API}, "serviceurls.AI_API_URL"),
        ({**KEY, "clientsecret": ""}, "clientsecret"),
        ({**KEY, "clientsecret": None}, "clientsecret"),
        (without("url", "serviceurls"), "url and serviceurls.AI_API_URL"),
    ],
)
def test_half_a_key(data, lacks):
    """Half a key names the missing half in the key's own words, and its source."""
    with pytest.raises(CredentialsIncomplete) as caught:
        read(data)
    assert caught.value.message == f"the {SOURCE} has no {lacks}. Nothing was sent."


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (("client_id",), "ID is set, SECRET and AUTH and BASE are not"),
        (("client_id", "client_secret", "auth_url"), "ID and SECRET and AUTH are set, BASE is not"),
        ((), "the environment (AICORE_*) has no ID and SECRET and AUTH and BASE"),
    ],
)
def test_half_an_environment(there, said):
    """For variables it is told which are set and which are not, by their names."""
    names = {"client_id": "ID", "client_secret": "SECRET", "auth_url": "AUTH", "base_url": "BASE"}
    with pytest.raises(CredentialsIncomplete) as caught:
        service_key(dict.fromkeys(there, CANARY), ENVIRONMENT, names=names)
    assert caught.value.message == f"{said}. Nothing was sent."
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("name", ["clientid", "clientsecret", "url", "certurl", "certificate", "key"])
@pytest.mark.parametrize("value", [1, True, [CANARY], {"a": CANARY}])
def test_wrong_types(name, value):
    """A field that is no text is named, and its value is not."""
    with pytest.raises(InvalidFile, match=f"its {name} is not a string\\. Nothing was sent\\.") as caught:
        read({**KEY, name: value})
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "an empty list"),
        ('"x"', "not JSON"),
        ("null", "a single value"),
        ("1", "a single value"),
        ('{"aicore": []}', "an object with other fields"),
        ('{"aicore": [1]}', "a single value"),
        ('{"credentials": 1}', "an object with other fields"),
    ],
)
def test_no_key_at_all(text, what):
    """What holds none of a key's fields is named by what it is."""
    with pytest.raises(InvalidFile, match=f"is not a service key: it is {what}. Nothing was sent"):
        read(text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text[1:],
        lambda text: text.replace(":", "=", 1),
        lambda text: text.replace(",", ""),
        lambda text: text.replace("{", "(").replace("}", ")"),
    ],
)
def test_broken_json(spoil):
    """A text that is no JSON is never quoted: the secret stands in it."""
    text = spoil(json.dumps(KEY))
    with pytest.raises(InvalidFile, match="it is not JSON") as caught:
        read(text)
    assert CANARY not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("field", ["url", "serviceurls"])
def test_addresses_in_the_clear(field):
    """An address that a secret must not be sent to is refused, and nothing of the key is shown."""
    bad = "http://plain.example"
    with pytest.raises(InvalidAddress, match="is not https") as caught:
        read({**KEY, field: {"AI_API_URL": bad} if field == "serviceurls" else bad})
    assert CANARY not in str(caught.value)
    assert "plain" not in str(caught.value)


def test_resource_group():
    """A resource group given with the fields is read like any other text."""
    fields = {"client_id": "c", "client_secret": "s", "auth_url": AUTH, "base_url": API}
    assert str(service_key({**fields, "resource_group": "team-a"}, SOURCE).resource_group) == "team-a"
    with pytest.raises(InvalidResourceGroup):
        service_key({**fields, "resource_group": "a b"}, SOURCE)


def test_x509():
    """A key with a certificate asks for its token at the certificate host, and shows the certificate."""
    key = read(X509)
    assert key.token_url == f"{X509['certurl']}/oauth/token"
    assert key.identity is not None
    assert CANARY not in repr(key)


def test_x509_without_a_certificate_host():
    """Without a certificate host, the certificate is shown at the address that the key names."""
    data = {name: value for name, value in X509.items() if name != "certurl"}
    assert read(data).token_url == f"{AUTH}/oauth/token"


def test_certificate_host_beside_a_secret():
    """With a client secret, the certificate host does not count."""
    key = read({**KEY, "certurl": X509["certurl"]})
    assert key.token_url == f"{AUTH}/oauth/token"
    assert key.identity is None


@pytest.mark.parametrize("write", [lambda text: text, lambda text: text.replace("\n", "\\n")])
def test_written_out_line_ends(write):
    """Line ends that stand there as two characters, as in many a variable, are line ends."""
    key = read({**X509, "certificate": write(X509["certificate"]), "key": write(X509["key"])})
    assert key.identity.chain == X509["certificate"]
    assert key.identity.key.reveal() == X509["key"]
    assert key.secrets == (key.identity.key,)


@pytest.mark.parametrize(
    ("gone", "lacks"),
    [
        (("certificate",), "certificate"),
        (("key",), "key"),
        (("clientid",), "clientid"),
        (("certurl", "url"), "url"),
        (("key", "serviceurls"), "key and serviceurls.AI_API_URL"),
        (("certificate", "key"), "clientsecret"),
    ],
)
def test_half_an_x509_key(gone, lacks):
    """Half a key with a certificate names the half that is missing, and shows nothing of the other."""
    with pytest.raises(CredentialsIncomplete) as caught:
        read({name: value for name, value in X509.items() if name not in gone})
    assert caught.value.message == f"the {SOURCE} has no {lacks}. Nothing was sent."
    assert CANARY not in str(caught.value)


FILES = {"cert_file_path": "FILE", "key_file_path": "KEYFILE", "cert_str": "CERT", "key_str": "KEY"}
CALLED = {"client_id": "ID", "client_secret": "SECRET", "auth_url": "AUTH", "base_url": "BASE", **FILES}


def of_fields(**fields):
    given = {"client_id": "c", "auth_url": AUTH, "base_url": API, **fields}
    return service_key(given, ENVIRONMENT, names=CALLED)


@pytest.mark.parametrize(
    ("fields", "both"),
    [
        (("client_secret", "cert_str", "key_str"), "SECRET and CERT"),
        (("client_secret", "key_str"), "SECRET and KEY"),
        (("client_secret", "cert_file_path", "key_file_path"), "SECRET and FILE"),
        (("cert_str", "key_file_path"), "CERT and KEYFILE"),
        (("client_secret", "cert_str", "key_str", "cert_file_path"), "SECRET and CERT and FILE"),
    ],
)
def test_two_proofs(fields, both):
    """More than one thing that proves who we are is refused: it is named, and not shown."""
    with pytest.raises(CredentialsIncomplete) as caught:
        of_fields(**dict.fromkeys(fields, CANARY))
    said = f"the {ENVIRONMENT} has {both}: only one of them is allowed. Nothing was sent."
    assert caught.value.message == said
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("there", "missing"),
    [("cert_str", "KEY"), ("key_str", "CERT"), ("cert_file_path", "KEYFILE"), ("key_file_path", "FILE")],
)
def test_half_a_certificate(there, missing):
    """A certificate without its key, or a key without it, names the missing one as its source does."""
    with pytest.raises(CredentialsIncomplete) as caught:
        of_fields(**{there: CANARY})
    said = f"ID and AUTH and BASE and {CALLED[there]} are set, {missing} is not. Nothing was sent."
    assert caught.value.message == said


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def files(authority, tmp_path):
    """Write certificate and key into files, and give their paths."""

    def files(mode=0o600, **more):
        own = authority.issue_cert("anna@acme.example", **more)
        chain, key = tmp_path / "cert.pem", tmp_path / "key.pem"
        own.cert_chain_pems[0].write_to_path(str(chain))
        own.private_key_pem.write_to_path(str(key))
        key.chmod(mode)
        return chain, key

    return files


def test_certificate_files(files):
    """Certificate and key may stand in files."""
    chain, key = files()
    made = of_fields(cert_file_path=str(chain), key_file_path=str(key))
    assert (made.identity.chain, made.identity.key.reveal()) == (chain.read_text(), key.read_text())
    assert made.notes == ()


@pytest.mark.parametrize("gone", [0, 1])
def test_certificate_file_that_is_missing(gone, files):
    """A file that is missing is named."""
    both = files()
    both[gone].unlink()
    with pytest.raises(InvalidFile, match=rf"{both[gone].name}' does not exist\. Nothing was sent"):
        of_fields(cert_file_path=str(both[0]), key_file_path=str(both[1]))


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_key_file_open_to_others(mode, files):
    """A key file that others can read is used, and noted with the command that mends it."""
    chain, key = files(mode)
    chain.chmod(0o644)
    made = of_fields(cert_file_path=str(chain), key_file_path=str(key))
    assert made.notes == open_to_others(key)


@pytest.mark.parametrize(
    ("days", "verb"),
    [(-400, "expired"), (-1, "expired"), (1, "expires"), (1.99, "expires"), (2.01, ""), (3, "")],
)
def test_certificate_that_ends_soon(days, verb, files):
    """A certificate that has ended, or does within two days, is noted with its end."""
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    begin = end - timedelta(days=7)
    chain, key = files(not_before=begin, not_after=end)
    made = read({**X509, "certificate": chain.read_text(), "key": key.read_text()})
    at = f"{end.astimezone().day} {end.astimezone():%b at %H:%M}"
    note = f"The certificate of the {SOURCE} {verb} on {at}: create a new service key."
    assert made.notes == ((note,) if verb else ())


@pytest.mark.parametrize("name", ["clientid", "clientsecret", "url", "certificate", "key", "certurl"])
def test_half_a_character(name):
    """A field with half a character, as a variable that is not UTF-8 has them, is named and not shown."""
    with pytest.raises(InvalidFile, match=f"its {name} is not a string") as caught:
        read({**(KEY if name == "clientsecret" else X509), name: f"{CANARY}\udc80"})
    assert CANARY not in str(caught.value)


def test_certificate_beside_the_secret():
    """A key that has both is refused, as SAP's SDK does: only one can prove who we are."""
    with pytest.raises(CredentialsIncomplete, match="has clientsecret and certificate: only one"):
        read({**X509, "clientsecret": "s"})


def test_the_secret_stays_inside():
    """Neither text forms nor a pickle give the secret away."""
    key = read(KEY)
    assert CANARY not in f"{key!r} {key} {key.proof!r}"
    with pytest.raises(TypeError):
        pickle.dumps(key)


NAMES = [*(name for path in KEY_FIELDS.values() for name in path), "aicore", "credentials", "identityzone"]
LEAF = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.sampled_from([AUTH, API]))
DATA = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.sampled_from(NAMES), inner, max_size=7)
    ),
    max_leaves=12,
)


@given(st.one_of(st.text(), DATA.map(json.dumps)))
def test_any_text(text):
    """Any text is read as fields that are texts, or refused as InvalidFile."""
    try:
        fields = parse_service_key(text, SOURCE)
    except InvalidFile:
        return
    assert fields
    assert fields.keys() <= {*KEY_FIELDS, "tenant"}
    assert all(isinstance(value, str) for value in fields.values())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
@pytest.mark.parametrize("part", ["zone", "subdomain"])
def test_a_tenants_name_is_short_and_can_be_seen(part, text):
    """Wherever it comes from, at most 60 characters of it are shown, on one line, none of them hidden."""
    label = re.sub(r"[^a-z0-9]", "t", text.lower())[:63]
    given_key = (
        {**KEY, "identityzone": text}
        if part == "zone"
        else {**KEY, "identityzone": "", "url": AUTH_OF.format(label)}
    )
    tenant = read(given_key).tenant
    assert 0 < len(tenant) <= 60
    assert visible(tenant) == tenant
    whole = (visible(text) or "acme-dev") if part == "zone" else label
    assert tenant == whole if len(whole) <= 60 else tenant == f"{whole[:59]}…"


def test_a_key_that_is_too_large_or_too_deep():
    """Beyond 256 KiB and 50 levels nothing is read, wherever the key comes from."""
    for text, reason in (
        (json.dumps({**KEY, "more": 262_144 * "x"}), "it is larger than 256 KiB"),
        ('{"credentials":' * 51 + "{}" + "}" * 51, "it is nested more than 50 levels deep"),
    ):
        with pytest.raises(InvalidFile, match=reason):
            parse_service_key(text, SOURCE)
