from __future__ import annotations

import contextlib
import json
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.actions.connections import connect, connect_with
from aicore_magics.aicore.service_key import service_key
from aicore_magics.aicore.trusted_hosts import refuse_untrusted
from aicore_magics.errors import AICoreError, InvalidAddress, InvalidFile
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.hosts import FORBIDDEN

TOKENS = "https://team-1.authentication.eu10.hana.ondemand.com"
API = "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"
# The fifteen regions of SAP's OpenAPI description of AI Core.
REGIONS = (
    "prod.eu-central-1.aws",
    "prodeuonly.eu-central-1.aws",
    "prod.us-east-1.aws",
    "prod.ap-northeast-1.aws",
    "prod-ap11.ap-southeast-1.aws",
    "prod-ap20.australiaeast.azure",
    "prod.ap-southeast-2.aws",
    "prod-eu20.westeurope.azure",
    "prod-ap30.australia-southeast1.gcp",
    "prod-in30.asia-south1.gcp",
    "prod-sa30.me-central2.gcp",
    "prod-us21.eastus.azure",
    "prod-eu30.europe-west3.gcp",
    "prod-us30.us-central1.gcp",
    "prod-br10.sa-east-1.aws",
)
# Spellings that a reader, or a careless comparison, may take for a host of SAP.
NOT_SAP = (
    "evilhana.ondemand.com",
    "hana.ondemand.com",
    "ondemand.com",
    "hana.ondemand.com.evil.example",
    "{}.evil.example",
    "evil.example",
    "{}-evil.example",
    "x.cfapps.eu10.hana.ondemand.com",
    "authentication.cfapps.eu10.hana.ondemand.com",
    "x.authentication.cfapps.eu10.hana.ondemand.com",
    "x.authentication.eu10.evilhana.ondemand.com",
    "x.authentication.eu10.hana-ondemand.com",
    "x.authentication.hana.ondemand.com",
    "authentication.eu10.hana.ondemand.com",
    "api.ai.evilml.hana.ondemand.com",
    "ml.hana.ondemand.com",
    "api.ai.ml-hana.ondemand.com",
    "{}:8443",
    "{}:444",
    "10.0.0.7",
    "[2001:db8::1]",
    "xn--hana-9za.ondemand.com",
    "common.repositories.cloud.sap",
    "x.authentication.cn40.platform.sapcloud.cn",
)
# What no address is, however it is meant: it is refused before anybody asks whose host it is.
NO_ADDRESS = (
    "{}.",
    "{}@evil.example",
    "evil.example@{}",
    "{}:443@evil.example",
    "{}#.evil.example",
    "{}?.evil.example",
    "evil.example\\.{}",
    "evil.example\t.{}",
    "{}%2eevil.example",
    "\uff54eam.{}",
    "\uff48ana.ondemand.com",
    "{}:0",
    "{}:99999",
    "..{}",
    "",
)


def key(tokens=TOKENS, api=API):
    return {"clientid": "c", "clientsecret": "s", "url": tokens, "serviceurls": {"AI_API_URL": api}}


def made(tokens=TOKENS, api=API):
    fields = {"client_id": "c", "client_secret": "s", "auth_url": tokens, "base_url": api}
    return service_key(fields, "service key, file key.json")


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    "zone", ["authentication.eu10", "authentication.cert.us10-001", "authentication.sap"]
)
@pytest.mark.parametrize("end", ["", ":443", "/", "/v2"])
def test_the_hosts_that_sap_documents(region, zone, end):
    """Every documented region, a certificate's host, an upper case letter, and the usual port are SAP's."""
    tokens = f"https://Team-1.{zone}.hana.ondemand.com{end.replace('v2', 'oauth/token')}"
    refuse_untrusted(made(tokens, f"https://API.ai.{region}.ml.hana.ondemand.com{end}"))


@pytest.mark.parametrize("place", ["tokens", "api"])
@pytest.mark.parametrize("spelling", NOT_SAP)
def test_a_host_that_is_not_saps(spelling, place):
    """A host that is no one of SAP's is refused, and taken as soon as it is named; so is its port."""
    host = spelling.format(urlsplit({"tokens": TOKENS, "api": API}[place]).hostname)
    with pytest.raises(InvalidAddress) as caught:
        refuse_untrusted(made(**{place: f"https://{host}"}))
    error = caught.value
    assert host in error.message
    assert error.message.endswith("Nothing was sent.")
    # Nobody should have but to copy the line that sends the client secret there.
    said = NOTEBOOK.say(error.next)
    assert said.startswith("your client secret would go there.")
    assert said.endswith("%aicore_connect --trust-host HOST")
    for trusted in ([host], [f"https://{host}/"], ["other.example", host.upper()], host):
        refuse_untrusted(made(**{place: f"https://{host}"}), trusted)
    for others in (["example"], [f"x.{host}"], [host.partition(".")[2] or "x.example"], [f"{host}.example"]):
        with pytest.raises(InvalidAddress):
            refuse_untrusted(made(**{place: f"https://{host}"}), others if "[" not in host else ["a.example"])


@pytest.mark.parametrize("place", ["tokens", "api"])
@pytest.mark.parametrize("spelling", NO_ADDRESS)
def test_a_host_that_two_readers_read_differently(spelling, place):
    """It is no address at all, neither in a key nor to be trusted."""
    host = spelling.format(urlsplit({"tokens": TOKENS, "api": API}[place]).hostname)
    with pytest.raises(AICoreError):
        made(**{place: f"https://{host}"})
    with pytest.raises(InvalidAddress, match=r"Nothing was sent"):
        refuse_untrusted(made(), [host])


@pytest.mark.parametrize(
    "trusted", ["*", "*.example.com", "a.example/path", "http://a.example", "a b", "a,b"]
)
def test_what_is_no_host_to_trust(trusted):
    """One host is named as it is: no pattern, no path, no list."""
    with pytest.raises(InvalidAddress) as caught:
        refuse_untrusted(made(), [trusted])
    assert "such as aicore.example.com" in caught.value.hint


METADATA = (
    *(str(network.network_address) for network in FORBIDDEN),
    "169.254.169.254",
    "metadata.google.internal",
    "metadata.goog",
    "2852039166",
    "0xa9fea9fe",
    "::ffff:169.254.169.254",
)


@pytest.mark.parametrize("host", METADATA)
@pytest.mark.parametrize("place", ["tokens", "api"])
def test_a_clouds_own_addresses_are_never_trusted(host, place):
    """Where only a cloud's machines may read, no key may lead, whatever is said."""
    written = f"[{host}]" if ":" in host else host
    with pytest.raises(InvalidAddress):
        refuse_untrusted(made(**{place: f"https://{written}"}), [written])
    with pytest.raises(InvalidAddress):
        refuse_untrusted(made(), [written])


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:1", "[::1]:9"])
def test_this_machine_needs_no_trust(host):
    """A sandbox is reached as before."""
    refuse_untrusted(made(f"http://{host}", f"http://{host}/v2"))


def test_both_hosts_are_told_at_once():
    """Who connects through a proxy for both names both in one go."""
    with pytest.raises(InvalidAddress) as caught:
        refuse_untrusted(made("https://a.example", "https://b.example"))
    assert "authentication url is at a.example and API url is at b.example" in caught.value.message
    assert "trust each host" in NOTEBOOK.say(caught.value.next)
    refuse_untrusted(made("https://a.example", "https://b.example"), ["a.example", "b.example"])


LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
ENDS = st.sampled_from(["hana.ondemand.com", "ml.hana.ondemand.com", "authentication.eu10.hana.ondemand.com"])


@given(st.lists(LABELS, min_size=1, max_size=4).map(".".join), ENDS, st.sampled_from([".", "-", ""]))
def test_whatever_ends_as_saps_hosts_do(front, end, joint):
    """A host is SAP's by whole labels: what is only a longer word at its end is not."""
    host = f"{front}{joint}{end}"
    labels = host.split(".")
    for what, given_host in (
        ("tokens", made(tokens=f"https://{host}")),
        ("api", made(api=f"https://{host}")),
    ):
        if what == "api":
            is_sap = labels[-4:] == ["ml", "hana", "ondemand", "com"] and len(labels) > 4
        else:
            middle = labels[1:-3]
            is_sap = labels[-3:] == ["hana", "ondemand", "com"] and (
                (len(middle) == 2 and middle[0] == "authentication")
                or (len(middle) == 3 and middle[:2] == ["authentication", "cert"])
            )
        if is_sap:
            refuse_untrusted(given_host)
        else:
            with pytest.raises(InvalidAddress):
                refuse_untrusted(given_host)


def test_every_source_is_asked(own_environment, monkeypatch, tmp_path):
    """Wherever the credentials come from, such a host is refused before anything is sent."""
    evil = key(tokens="https://sap.example")
    flat = {
        "AICORE_CLIENT_ID": "c",
        "AICORE_CLIENT_SECRET": "s",
        "AICORE_AUTH_URL": "https://sap.example",
        "AICORE_BASE_URL": API,
    }
    folder = own_environment / ".aicore"
    folder.mkdir()
    place = tmp_path / "key.json"
    place.write_text(json.dumps(evil))
    (folder / "config_dev.json").write_text(json.dumps(flat))
    ways = {
        "file": lambda: connect(service_key=str(place)),
        "profile": lambda: connect(profile="dev"),
        "mapping": lambda: connect_with(evil),
        "mapping of a sandbox": lambda: connect_with(evil, sandbox=True),
    }
    for variables in (
        {"AICORE_SERVICE_KEY": json.dumps(evil)},
        flat,
        {"VCAP_SERVICES": json.dumps({"aicore": [{"credentials": evil}]})},
    ):
        ways[str(list(variables))] = lambda variables=variables: _with(variables, monkeypatch)
    for way, enter in ways.items():
        with pytest.raises(
            InvalidAddress, match=r"points to a host that is not SAP's: .* sap\.example"
        ) as caught:
            enter()
        assert caught.value.__context__ is None, way


def _with(variables, monkeypatch):
    with monkeypatch.context() as patched:
        for name, value in variables.items():
            patched.setenv(name, value)
        return connect()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_to_trust(text):
    """Whatever is to be trusted is one host, or InvalidAddress."""
    with contextlib.suppress(InvalidAddress):
        refuse_untrusted(made(), [text])


def test_no_trust_opens_what_is_no_key(tmp_path):
    """A host that is trusted makes no key of what is none."""
    place = tmp_path / "key.json"
    place.write_text("{}")
    with pytest.raises(InvalidFile):
        connect(service_key=str(place), trust_hosts=["a.example"])
