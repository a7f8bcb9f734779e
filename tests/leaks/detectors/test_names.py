from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.names import group_of, is_doubtful, is_plural


@pytest.mark.parametrize(
    ("name", "group"),
    [
        *((name, "password") for name in ("password", "docker_pw", "DB_PASSWORD2", "dockerPassword", "pwds")),
        *((name, "token") for name in ("token", "tokens", "api_key", "apiKeys", "GHCR_PAT", "bot_token")),
        *((name, "secret") for name in ("secret", "robot_secrets")),
        *((name, "client") for name in ("client_secret", "clientsecret")),
        *((name, None) for name in ("bypass", "compass", "password_file", "tokenizer", "Oauth", "user", "")),
        *((name, None) for name in ("wrong_password", "cmap_pwd", "label_password", "col_token")),
        *((name, None) for name in ("pad_token", "eos_token", "stop_token", "next_page_token", "nlp_token")),
    ],
)
def test_what_a_name_says(name, group):
    """The end of a name tells what it holds, but for tokens of a language model and parts of a plot."""
    assert group_of(name) == group


@pytest.mark.parametrize(
    ("name", "doubtful"),
    [("first_pass", True), ("glob_pat", True), ("user_pass", False), ("pass", False), ("password", False)],
)
def test_a_doubtful_name(name, doubtful):
    """A pass and a pattern are a password's only if the name says whose."""
    assert is_doubtful(name) is doubtful


@pytest.mark.parametrize(
    ("name", "plural"), [("passwords", True), ("API_KEYS", True), ("pass", False), ("keys", False)]
)
def test_several(name, plural):
    """A name may be of several passwords."""
    assert is_plural(name) is plural
