from __future__ import annotations

import ast
from pathlib import Path

import pytest

import aicore_magics
from aicore_magics.model.hosts import (
    is_address,
    is_forbidden,
    is_inside_name,
    is_loopback,
    is_private_address,
)

NEVER = [
    "169.254.169.254",
    "[fe80::1]",
    "fe80::1%eth0",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "fd20:ce::254",
    "168.63.129.16",
    "[::ffff:168.63.129.16]",
    "[::169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::a9fe:a9fe",
    "64:ff9b::100.100.100.200",
    "[2002:a9fe:a9fe::1]",
    "2002:a9fe:1::",
    "0xA9FEA9FE",
    "2852039166",
    "169.254.43518",
    "0251.0376.0251.0376",
    "100.100.100.200",
    "instance-data",
    "instance-data.ec2.internal",
    "metadata.google.internal",
    "METADATA.google.internal.",
]
MAYBE = ["127.0.0.1", "::1", "10.0.0.1", "ghcr.io", "169.254.example", "100.100.100.201"]
MAYBE += [
    "64:ff9b::808:808",
    "2002:808:808::1",
    "fd20:ce::253",
    "168.63.129.17",
    "2130706433",
    "",
    "\ud800",
    "a\0",
]
MAYBE += ["2001:db8::a9fe:a9fe", "metadata.example", "instance-data.example", "::"]


@pytest.mark.parametrize("host", NEVER)
def test_hosts_that_are_never_asked(host):
    """Link-local addresses and the metadata services of clouds, in every spelling."""
    assert is_forbidden(host)


@pytest.mark.parametrize("host", MAYBE)
def test_hosts_that_may_be_asked(host):
    """Everything else may be asked, private addresses too."""
    assert not is_forbidden(host)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("::1", True),
        ("localhost", True),
        ("127.9.9.9", True),
        ("0.0.0.0", False),
        ("LOCALHOST.", False),
        ("", False),
    ],
)
def test_loopback(host, own):
    """Only this machine's own names and numbers are loopback."""
    assert is_loopback(host) is own


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("10.1.2.3", True),
        ("192.168.0.1", True),
        ("fc00::1", True),
        ("fe80::1%eth0", True),
        ("8.8.8.8", False),
        ("ghcr.io", False),
        ("", False),
    ],
)
def test_private_addresses(address, inside):
    """An address that other networks do not reach is private, whatever its zone; a name is none."""
    assert is_private_address(address) is inside


@pytest.mark.parametrize(
    ("host", "inside"),
    [("registry", True), ("a.corp", True), ("a.internal", True), ("corp.example", False), ("::1", False)],
)
def test_names_of_a_company(host, inside):
    """One word, and an end that no DNS of the world has, is a name inside."""
    assert is_inside_name(host) is inside


@pytest.mark.parametrize(
    ("host", "local"),
    [("169.254.1.1", True), ("fe80::1", True), ("::ffff:a9fe:1", True), ("10.0.0.1", False), ("a.io", False)],
)
def test_link_local(host, local):
    """An address of the machine's own network is told in each of its spellings."""
    assert is_forbidden(host) is local
    assert is_address(host) is not host.endswith(".io")


def test_no_other_module_judges_addresses():
    """Outside the sandbox, this module alone takes addresses apart."""
    root = Path(aicore_magics.__file__).parent
    readers = set()
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if "ipaddress" in names:
                readers.add(path.relative_to(root).as_posix())
    assert {reader for reader in readers if not reader.startswith("sandbox/")} == {"model/hosts.py"}
