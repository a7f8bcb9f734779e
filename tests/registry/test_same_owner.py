"""Two hosts belong to one owner if their names say so, and not because a user named one of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.model.names import Registry
from aicore_magics.registry.same_owner import host_of_owner


@pytest.mark.enumerates
@pytest.mark.parametrize(
    ("registry", "realm", "host"),
    [
        # The registry's own host, whatever its port
        ("gitlab.corp.example:5050", "gitlab.corp.example", "gitlab.corp.example"),
        ("gitlab.corp.example", "gitlab.corp.example", "gitlab.corp.example"),
        ("gitlab.corp.example:5050", "GitLab.corp.example:8443", "gitlab.corp.example:8443"),
        ("10.0.0.5:5000", "10.0.0.5", "10.0.0.5"),
        ("[fd00::5]:5000", "[fd00::5]", "[fd00::5]"),
        ("gitlab.example", "gitlab.example", "gitlab.example"),
        # A host beside it, and the domain above it
        ("registry.corp.example", "gitlab.corp.example", "gitlab.corp.example"),
        ("registry.corp.example:5000", "https://gitlab.corp.example", "gitlab.corp.example"),
        ("registry.gitlab.corp.example", "gitlab.corp.example", "gitlab.corp.example"),
        ("registry.corp.co.uk", "gitlab.corp.co.uk", "gitlab.corp.co.uk"),
        ("registry.sap.de", "gitlab.sap.de", "gitlab.sap.de"),
        ("registry.co.example", "gitlab.co.example", "gitlab.co.example"),
        # A stranger
        ("registry.corp.example", "gitlab.partner.example", ""),
        ("registry.partner-b.example", "auth.a.example", ""),
        ("registry.corp.example", "gitlab.corp.example.evil.example", ""),
        ("registry.corp.example", "gitlabcorp.example", ""),
        ("registry.corp.example", "corp.example.evil", ""),
        ("registry.corp.example", "a.b.corp.example", ""),
        ("registry.a.corp.example", "gitlab.b.corp.example", ""),
        ("registry.a.corp.example", "corp.example", ""),
        ("corp.example", "gitlab.corp.example", ""),
        # No owner in common
        ("registry.example", "gitlab.example", ""),
        ("registry.corp", "gitlab.corp", ""),
        ("registry.corp", "corp:443", ""),
        ("corp.co.uk", "evil.co.uk", ""),
        ("corp.co.uk", "co.uk", ""),
        ("corp.com.br:5000", "evil.com.br", ""),
        ("corp.or.jp", "evil.or.jp", ""),
        ("localhost:5000", "evil:5000", ""),
        ("10.0.0.5", "11.0.0.5", ""),
        ("10.0.0.5:5000", "0.0.5", ""),
        ("[fd00::5]:5000", "[fd00::6]", ""),
        # No host
        *(("registry.corp.example", odd, "") for odd in ("", "#", "gitlab.corp.example/x", "*.corp.example")),
        *(("registry.corp.example", f"{odd}.corp.example", "") for odd in ("a b", "a@b", "a#b", "a%2f")),
    ],
)  # fmt: skip
def test_who_belongs_together(registry, realm, host):
    """A realm belongs to a registry at its own host, above it, or beside it in a domain of one owner."""
    assert host_of_owner(realm, Registry.parse(registry)) == host


LABELS = st.lists(st.sampled_from(["a", "b", "co", "uk", "example", "7"]), min_size=1, max_size=4)


@given(LABELS, LABELS)
def test_one_label_differs_at_most(registry, realm):
    """What belongs together differs in the first label alone, and has two in common."""
    own, other = ".".join(registry), ".".join(realm)
    parsed = Registry.find(own)
    if parsed and host_of_owner(other, parsed) and own != other:
        assert registry[1:] in (realm, realm[1:])
        assert len(registry) > 2
        assert registry[1:] != ["co", "uk"]
