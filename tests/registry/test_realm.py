"""A login goes to the registry's own host, a domain above it, a known host, or one that was named."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import urllib3
from hypothesis import example, given
from hypothesis import strategies as st
from urllib3.util import parse_url

from aicore_magics.registry.realm import Realm, realm_of

GOOD = [
    ("https://ghcr.io/token", "ghcr.io", "ghcr.io"),
    ("HTTPS://GHCR.IO/token", "ghcr.io", "ghcr.io"),
    ("https://ghcr.io", "GHCR.io", "ghcr.io"),
    ("https://ghcr.io:8443/token", "ghcr.io", "ghcr.io"),
    ("https://ghcr.io:/token", "ghcr.io", "ghcr.io"),
    ("https://reg.example.com/token?x=1#top", "reg.example.com:5000", "reg.example.com"),
    ("https://example.com/token", "reg.example.com:5000", "example.com"),
    ("https://example.com/token", "a.b.reg.example.com", "example.com"),
    ("https://gitlab.com/jwt/auth", "registry.gitlab.com", "gitlab.com"),
    ("https://auth.docker.io/token", "registry-1.docker.io", "auth.docker.io"),
    ("https://api.digitalocean.com/v2/registry/auth", "registry.digitalocean.com", "api.digitalocean.com"),
    ("https://10.1.2.3:8443/token", "10.1.2.3:5000", "10.1.2.3"),
    ("https://[2001:db8::1]:8443/token", "[2001:db8::1]:5000", "[2001:db8::1]"),
    ("http://127.0.0.1:5001/token", "127.0.0.1:5000", "127.0.0.1"),
    ("http://localhost/token", "localhost:5000", "localhost"),
    ("http://[::1]:5001/token", "[::1]:5000", "[::1]"),
]
FOREIGN = [
    ("https://auth.example/token", "ghcr.io", "auth.example"),
    ("https://auth.ghcr.io/token", "ghcr.io", "auth.ghcr.io"),
    ("https://evil-ghcr.io/token", "ghcr.io", "evil-ghcr.io"),
    ("https://ghcr.io.evil.example/token", "ghcr.io", "ghcr.io.evil.example"),
    ("https://hcr.io/token", "ghcr.io", "hcr.io"),
    ("https://ghcr.io./token", "ghcr.io", "ghcr.io."),
    ("https://io/token", "ghcr.io", "io"),
    ("https://com/token", "reg.example.com", "com"),
    ("https://ample.com/token", "reg.example.com", "ample.com"),
    ("https://other.example.com/token", "reg.example.com", "other.example.com"),
    ("https://auth.docker.io/token", "ghcr.io", "auth.docker.io"),
    ("https://auth.docker.io/token", "registry-1.docker.io.evil.example", "auth.docker.io"),
    ("https://1.2.3/token", "10.1.2.3:5000", "1.2.3"),
    ("https://2.3/token", "10.1.2.3", "2.3"),
    ("https://10.1.2.4/token", "10.1.2.3", "10.1.2.4"),
    ("https://[2001:db8::2]/token", "[2001:db8::1]", "[2001:db8::2]"),
    ("https://[::1]/token", "ghcr.io", "[::1]"),
    ("http://127.0.0.1/token", "ghcr.io", "127.0.0.1"),
    ("http://localhost:5000/token", "127.0.0.1:5000", "localhost"),
    ("https://169.254.169.254/token", "ghcr.io", "169.254.169.254"),
    ("https://2130706433/token", "127.0.0.1:5000", "2130706433"),
]
ODD = [
    "",
    "token",
    "/token",
    "//ghcr.io/token",
    "ghcr.io/token",
    "https:ghcr.io/token",
    "https:/ghcr.io/token",
    "https:///ghcr.io/token",
    "ftp://ghcr.io/token",
    "file:///etc/passwd",
    "https://ghcr.io@evil.example/token",
    "https://evil.example@ghcr.io/token",
    "https://anna:secret@ghcr.io/token",
    "https://@ghcr.io/token",
    "https://ghcr.io:443@evil.example/token",
    "https://evil.example\\@ghcr.io/token",
    "https://ghcr.io\\@evil.example/token",
    "https://ghcr.io\t/token",
    "https://gh\tcr.io/token",
    " https://ghcr.io/token",
    "https://ghcr.io/token ",
    "https://ghcr.io/\r\nHost: evil",
    "https://ghcr.io/tök",
    "https://ghcr\u3002io/token",
    "https://\u0261hcr.io/token",
    "https://ghcr%2eio/token",
    "https://ghcr.io%00.evil.example/token",
    "https://ghcr.io;evil.example/token",
    "https://ghcr.io:99999/token",
    "https://ghcr.io:0443/token",
    "https://ghcr.io:x/token",
    "https://ghcr.io:443:443/token",
    "https://[ghcr.io]/token",
    "https://[::1/token",
    "https://[fe80::1%25eth0]/token",
    "https://ghcr.io/" + "a" * 2048,
]
HOSTS = [
    "ghcr.io",
    "evil.example",
    "GHCR.IO",
    "io",
    "127.0.0.1",
    "[::1]",
    "registry.gitlab.com",
    "gitlab.com",
]
PIECES = st.sampled_from(
    [*HOSTS, *"@:/?#[]\\%.;&=+ \t\r\n", "443", "https://", "http://", "//", "%40", "ä", "。", "a"]
)


@pytest.mark.parametrize(("address", "registry", "host"), GOOD)
def test_what_belongs_to_a_registry(address, registry, host):
    """Its own host on any port, a domain above it, and the hosts of the well-known ones."""
    assert realm_of(address, registry) == Realm(address, host)


@pytest.mark.parametrize(("address", "registry", "host"), FOREIGN)
def test_what_does_not(address, registry, host):
    """Any other host is refused and named, however much it looks like the registry's own."""
    realm = realm_of(address, registry)
    assert (realm.host, realm.refusal) == (host, f"{registry} wants the login sent to {host}")


@pytest.mark.parametrize("address", ODD)
def test_an_address_that_could_be_read_twice(address):
    """What is no plain web address has no host, and cannot even be allowed."""
    realm = realm_of(address, "ghcr.io", ("ghcr.io", "evil.example", "ghcr.io;evil.example", "", "::1"))
    assert (realm.host, realm.refusal) == ("", "ghcr.io names no usable address for its tokens")


@pytest.mark.parametrize("registry", ["ghcr.io", "reg.example.com:5000", "10.1.2.3", "[2001:db8::1]:5000"])
def test_no_login_without_encryption(registry):
    """To another machine a login goes over TLS alone, even to the registry itself."""
    realm = realm_of(f"http://{registry}/token", registry, (registry,))
    assert realm.host
    assert realm.refusal == f"{registry} wants the login sent to {realm.host} without encryption"


@pytest.mark.parametrize("allowed", ["auth.example", "AUTH.example", "auth.example:8443", "auth.example:1"])
def test_a_host_that_the_user_has_named(allowed):
    """An allowed host may be written with a port and in capitals; its port and case do not matter."""
    assert not realm_of("https://auth.example:8443/token", "ghcr.io", ("other.example", allowed)).refusal
    assert realm_of("http://auth.example/token", "ghcr.io", (allowed,)).refusal.endswith("encryption")


@pytest.mark.parametrize("allowed", ["[2001:db8::1]", "[2001:DB8::1]:8443"])
def test_an_ipv6_address_that_the_user_has_named(allowed):
    """An allowed IPv6 address is written in brackets, as in an image."""
    assert not realm_of("https://[2001:db8::1]:8443/token", "ghcr.io", (allowed,)).refusal


@pytest.mark.parametrize(
    "allowed", ["", ".", "example", "auth", "h.example", "*.example", "https://auth.example"]
)
def test_to_name_a_host_allows_that_one_alone(allowed):
    """Neither a part of a host nor a pattern allows it, and a host above it does not, either."""
    assert realm_of("https://auth.example/token", "ghcr.io", (allowed,)).refusal


def test_a_host_below_an_allowed_one():
    """What is named is one host, not all below it."""
    assert realm_of("https://evil.auth.example/token", "ghcr.io", ("auth.example",)).refusal


@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from([*HOSTS, "127.0.0.1:5000"]))
@example("https://ghcr.io:/token", "ghcr.io")
def test_everybody_reads_the_same_host(address, registry):
    """Where a login may be sent, Python and the library that sends it read just the host that was judged."""
    realm = realm_of(address, registry, ("evil.example",))
    assert realm.url == address
    if realm.refusal:
        return
    bare = realm.host.strip("[]")
    assert urlsplit(address).hostname == bare
    assert parse_url(address).host == realm.host
    try:
        pool = urllib3.connection_from_url(address)
    except urllib3.exceptions.HTTPError:  # pragma: no cover
        pytest.fail("it cannot be sent to")
    assert pool.host.strip("[]") == bare
    assert urlsplit(address).scheme == "https" or bare in ("127.0.0.1", "::1")


@given(st.text(max_size=60), st.sampled_from(HOSTS))
def test_no_address_is_too_odd(address, registry):
    """Whatever a registry names, the answer is an address or a reason."""
    realm = realm_of(f"https://{address}", registry)
    assert realm.host or realm.refusal
