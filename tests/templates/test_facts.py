import pytest

from aicore_magics.templates.facts import names_secret, stands_there

SECRETS = "PASSWORD DB_PASSWORD dbPassword TOKEN HF_TOKEN CLIENT_SECRET OPENAI_API_KEY apiKey GH_PAT PAT"
SECRETS += " AWS_SECRET_ACCESS_KEY MYSQL_PWD SMTP_PASS AWS_CREDENTIALS"
OTHERS = "MAX_TOKENS TOKENIZER PASSWORD_FILE TOKEN_URL SECRET_NAME PWD COMPAT PATH KEY BYPASS COMPASS"


@pytest.mark.parametrize("name", SECRETS.split())
def test_a_secret_is_known_by_its_name(name):
    """Its last word says what it is."""
    assert names_secret(name)


@pytest.mark.parametrize("name", [*OTHERS.split(), "", 3, None])
def test_what_only_speaks_of_one_is_none(name):
    """A count, a place or an address is no secret."""
    assert not names_secret(name)


@pytest.mark.parametrize(
    "value", ["", "{{inputs.parameters.x}}", "$(OTHER)", "<YOURS>", "/run/token", "EMPTY", "none"]
)
def test_what_stands_for_a_secret_is_none(value):
    """A parameter, a reference, a placeholder, a path, and the words for nothing."""
    assert not stands_there(value)
    assert stands_there("hunter2")
