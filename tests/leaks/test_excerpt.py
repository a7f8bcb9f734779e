from __future__ import annotations

import pytest

from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.excerpt import excerpt, instead_step
from tests.leaks.samples import LOGIN, PASSWORD, TOKENS, made


def excerpts(text):
    found = hits(text, "code", known=True)
    return [excerpt(text, hit, found) for hit in found]


def test_the_line_without_the_secret():
    """The excerpt is what stands around the secret on its line, with a mask of one length."""
    assert excerpts(f'a = 1\ndocker_password = "{PASSWORD}"  # mine\nb = 2') == [
        'docker_password = "***" # mine'
    ]
    assert excerpts(f'docker_password = "{PASSWORD}longer"') == ['docker_password = "***"']


def test_no_other_secret_is_seen():
    """A second credential on the line is masked in both excerpts, and so is a long word that may be one."""
    text = f'"password": "{PASSWORD}", "auth": "{LOGIN}", "x": "{made(40)}"'
    assert excerpts(text) == [
        '"password": "***", "auth": "***',
        '"password": "***", "auth": "***", "x": "***',
    ]


def test_an_excerpt_is_short():
    """A long line is cut on both sides."""
    (shown,) = excerpts(f'{200 * "a b "}docker_password = "{PASSWORD}" {200 * "c "}')
    assert len(shown) < 70
    assert shown[0] == shown[-1] == "…"


def test_what_moves_other_text_is_written_out():
    """Control and direction characters of the line are shown, not obeyed."""
    (shown,) = excerpts(f'\u202e\x1b[31m docker_password = "{PASSWORD}"')
    assert "\u202e" not in shown
    assert r"\x1b" in shown


HOSTS = (
    ("ghcr.io", "ghcr.io"),
    ("https://QUAY.io/v2", "quay.io"),
    ("index.docker.io", ""),
    ("acme.azurecr.io", "acme.azurecr.io"),
    ("eu-docker.pkg.dev/p", "eu-docker.pkg.dev"),
    ("123456789012.dkr.ecr.eu-west-1.amazonaws.com", "123456789012.dkr.ecr.eu-west-1.amazonaws.com"),
    ("x", ""),
)


@pytest.mark.parametrize(("host", "registry"), HOSTS)
def test_the_line_that_does_without(host, registry):
    """The magic that needs no password in the source names the registry that stands nearby."""
    text = f'login("{host}", password="{TOKENS[0].text}")'
    (hit,) = hits(text, "code")
    begin = f"%aicore_docker_secret create{f' --registry {registry}' if registry else ''}"
    step = instead_step(text, hit, "GHCR_TOKEN")
    assert NOTEBOOK.say(step) == f"{begin} --password-env GHCR_TOKEN"
