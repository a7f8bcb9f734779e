from __future__ import annotations

import json

import pytest

from aicore_magics.leaks.detectors import hits
from tests.leaks.samples import PASSWORD, PLACEHOLDERS, STRUCTURES, base64_of, made

# Ways of writing a value under a name, all of them in Python source.
WRITTEN = (
    'docker_password = "{}"',
    "docker_password='{}'",
    'docker_password: str = "{}"',
    'DOCKER_PASSWORD="{}"',
    'dockerPassword = "{}"',
    'login("ghcr.io", password="{}")',
    '{{"registry": "quay.io", "password": "{}"}}',
    'os.environ["REGISTRY_PASSWORD"] = "{}"',
    'os.environ.setdefault("DOCKER_PASSWORD", "{}")',
    'os.getenv("GHCR_PASSWORD", "{}")',
    'if (docker_pwd := "{}"):',
    'docker_pass = r"{}"',
    'x = dict(docker_pwd="{}")',
    "docker_password = '''{}'''",
    "%env DOCKER_PASSWORD={}",
    "%env DOCKER_PASSWORD {}",
    "%set_env DOCKER_PASSWORD={}",
    "!export DOCKER_PASSWORD={}",
    "export DOCKER_PASSWORD={}",
    'registry = "ghcr.io"\npwd = "{}"',
    'docker_user, docker_password = "anna", "{}"',
    'docker_pw = "{}"',
    'DOCKER_PW = "{}"',
    'docker_password = ("{}")',
    "%%bash\nexport CR_PAT={}9\n".replace("9", ""),
    "%aicore_template workflow x --env PASSWORD={} --save y",
    '%aicore_template workflow x --env "DB_PASSWORD={}"',
    "get_ipython().run_line_magic('aicore_template', 'workflow x --env PASSWORD={}')",
    'Docker_Kennwort = "{}"',
    'docker_password = "{}"  # of the team',
    "ENV DOCKER_PASSWORD={}",
    "%%writefile .env\nDOCKER_PASSWORD={}\n",
    "%%writefile docker.yaml\npassword: {}\n",
    "%%bash\nDOCKER_PASSWORD={}\n",
    'docker = yaml.safe_load("""\nuser: anna\npassword: {}\n""")',
)
CODE = (
    "docker_password = other",
    'docker_password = os.environ["DOCKER_PASSWORD"]',
    "docker_password = getpass()",
    'docker_password = getpass.getpass("Password for docker: ")',
    "docker_password = f'{prefix}{name}'",
    "'{\"docker_password\": \"' + password + '\"}'",
    'client.login(registry="ghcr.io", password=password)',
    'ArgumentParser("docker").add_argument("--password", help="the password")',
    "docker_password = ''",
    "class Docker:\n    password: str\n    docker_token: Optional[str]\n    docker_password: typing.Any",
    "docker_password = other1",
    "docker_password: str = other1",
    'fields = ["docker_password", "something"]',
    "%env DOCKER_PASSWORD",
    'secret = "team-docker-secret"',
    "%aicore_docker_secret create team --registry ghcr.io --username anna --password-env GHCR_TOKEN",
    'print("docker password: " + word + "!")',
    "print('docker password: ', word, 'and so on')",
    "x = 'docker password: ' if word else 'none at all'",
    'raise ValueError("docker password: it is missing, give one of your own")',
    'bypass = "docker-hub"',
    'DOCKER = ("identitytoken", "identity_token")',
    'docker_user, docker_password = "anna", password',
    'docker_user, docker_password = read("anna"), read("other")',
    'tokenizer = "docker-bert-1"',
    'pad_token = "<pad>"',
    'token_url = "https://docker.example/token1"',
    'Secret.from_env("GHCR_TOKEN")',
    'Secret.ask("Password of docker: ")',
    'WRONG_DOCKER_PASSWORD = "of-yesterday"',
    'docker.login(username="anna", password="wrong")',
    'docker = {"username": "Benutzer", "password": "Passwort"}',
    'docker = {"password": "Zugangswort"}',
    "%aicore_template workflow x --secret-env PASSWORD=team:password",
    "%aicore_template workflow x --env PASSWORD_FILE=/run/secret1",
)


def texts(text, style="code", **options):
    return [text[hit.start : hit.end] for hit in hits(text, style, **options)]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_password_under_its_name(written):
    """A literal under a name for passwords of registries is found, and nothing beside it."""
    assert texts(written.format(PASSWORD)) == [PASSWORD]


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_a_placeholder_under_that_name(placeholder):
    """A placeholder is none, however it is written."""
    assert [written for written in WRITTEN if texts(written.format(placeholder))] == []


@pytest.mark.parametrize("code", CODE)
def test_code_without_a_password(code):
    """Code that fetches a password, names one or speaks of one holds none."""
    assert texts(code) == []


PARTS = (
    "docker_password = 'Tr0ub' + 'dor&3'",
    "docker_password = 'Tr0ub' 'dor&3'",
    "docker_password = 'Tr0ub' \"dor&3\"",
    "docker_password = ('Tr0ub'\n    'dor&3')\n'a text'",
    "login(registry='ghcr.io',\n  password='Tr0ub'\n    \"dor&3\",\n)",
    "docker_password = 'Tr0ub' + \\\n    'dor&3'",
    "docker_password = 'Tr0ub' + word + 'dor&3'",
    "docker_password = '''Tr0ub''' '''dor&3'''",
    "docker_password: 'Tr0ub''dor&3'",
    "client.login('anna', 'Tr0ub' + 'dor&3')  # docker",
    "!docker login -p 'Tr0ub'\"dor&3\" ghcr.io",
    "run(['docker', 'login', '-p', 'Tr0ub' 'dor&3'])",
    "word = 'Tr0ub' 'dor&3'\n!docker login -p {word}",
)


@pytest.mark.parametrize("source", PARTS)
def test_a_password_in_parts(source):
    """Of a password that is put together of texts every part is found."""
    assert texts(source) == ["Tr0ub", "dor&3"]


@pytest.mark.parametrize(
    "source",
    [
        "docker_password = 'Tr0ub4'\n'a text'",
        "x = 'docker_password=\"Tr0ub4\"' + ' --x'",
        "x = 'docker_password=\"Tr0ub4\" ' + y + ' --x'",
        'x = """\ndocker_password="Tr0ub4" """\ny = """z"""',
        "docker_password = 'Tr0ub4' + f'{word}'",
        "docker_password = 'Tr0ub4' + '\\n'",
        "!docker login -p 'Tr0ub4' 'ghcr.io'",
    ],
)
def test_what_is_no_part(source):
    """The next statement, the text around, what is filled in or the next word belongs to no password."""
    assert texts(source) == ["Tr0ub4"]


def test_several_passwords():
    """Each of a list of passwords is one, and so is each of several texts that one name is given."""
    source = "docker_passwords = ['Tr0ub4', 'other1']\ndocker_password = 'Tr0ub4', 'other1'"
    assert texts(source) == ["Tr0ub4", "other1", "Tr0ub4", "other1"]


def test_a_word_for_a_field_in_a_config():
    """In a docker config a password may be a word with a capital letter."""
    assert texts('{"auths": {"ghcr.io": {"username": "anna", "password": "Sommer"}}}') == ["Sommer"]


@pytest.mark.parametrize("password", ['Tr0"ub4dor', 'Tr0",ub4dor', '"quoted"', 'q",  "z4', 'a\\"b99'])
def test_a_quote_in_a_password_in_the_repr_of_json(password):
    """The repr of a docker config in JSON is found to the end of its password, a quote in it or not."""
    source = f"cfg = {json.dumps({'auths': {'ghcr.io': {'password': password, 'email': ''}}})!r}"
    (found,) = texts(source)
    assert source.replace(found, "x1") == 'cfg = \'{"auths": {"ghcr.io": {"password": "x1", "email": ""}}}\''


def test_a_password_of_something_else():
    """A password with no word for a registry anywhere near is only a possible one."""
    line = f'db_password = "{PASSWORD}"'
    for text, known, kind in (
        (line, False, "possible-password"),
        (line, True, "registry-password"),
        (f"{line}\n# docker", False, "registry-password"),
    ):
        assert [hit.kind_id for hit in hits(text, "code", known=known)] == [kind]


@pytest.mark.parametrize(("data", "kinds"), STRUCTURES)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_data_at_any_depth(data, kinds, depth):
    """Docker configs and keys are found as JSON, as JSON in a string, and as that in a string again."""
    text = json.dumps(data)
    for _ in range(depth):
        text = json.dumps(text)
    assert [hit.kind_id for hit in hits(text, "file")] == kinds


@pytest.mark.parametrize(("data", "kinds"), STRUCTURES)
def test_data_as_python_prints_it(data, kinds):
    """So they are where a dict was printed."""
    assert [hit.kind_id for hit in hits(str(data), "output")] == kinds


def test_a_token_under_its_name_is_no_word():
    """Under a name for tokens a value counts only if it looks random."""
    assert texts('quay_token = "of the robot account"') == []
    assert texts(f'quay_token = "{made(40)}"') == [made(40)]


def test_an_aws_secret():
    """Forty characters under their name are an AWS secret key, whatever else is near."""
    key = made(38, "abcXYZ019+/") + "a1"
    for line in (
        f'aws_secret_access_key = "{key}"',
        f"AWS_SECRET_ACCESS_KEY={key}\n",
        f'"SecretAccessKey": "{key}"',
    ):
        assert [hit.kind_id for hit in hits(line, "file")] == ["aws-secret-key"]
    assert texts('aws_secret_access_key = "from the vault"') == []


def test_identity_tokens():
    """What `docker login` leaves beside a password is found."""
    text = json.dumps({"auths": {"acme.azurecr.io": {"identitytoken": made(60)}}})
    assert [hit.kind_id for hit in hits(text, "file")] == ["identity-token"]


@pytest.mark.parametrize(
    "text", ["anna:", ":x", "anna", "anna:<password>", "anna:$TOKEN", "anna:***", "\x00a:b"]
)
def test_auth_without_a_login(text):
    """An `auth` that holds no user and password, or a placeholder, is none."""
    assert texts(json.dumps({"auths": {"a.io": {"auth": base64_of(text)}}})) == []


def texts_of_bare(text, style):
    return [text[hit.start : hit.end] for hit in hits(text, style)]


@pytest.mark.parametrize(
    "line",
    [
        "DOCKER_PASSWORD={}",
        "docker_password: {}",
        "docker:\n  password: {}  # of the team",
        "- docker_password: {}",
    ],
)
def test_settings_without_quotes(line):
    """In a file of settings a value needs no quotes, and may be a word."""
    assert texts_of_bare(line.format("letmein"), "file") == ["letmein"]


@pytest.mark.parametrize("value", ['p!$%&"x', "$ecret!", "%w1&", "a'b;c"])
def test_settings_with_signs(value):
    """Without quotes a value may hold them, and begin with a sign."""
    assert texts_of_bare(f"DOCKER_PASSWORD={value}\n", "file") == [value]


def test_an_answer_that_was_echoed():
    """What stands behind a prompt in an output is found if it looks like no word."""
    assert texts_of_bare(f"Docker password: {PASSWORD}\n", "output") == [PASSWORD]
    assert texts_of_bare("Docker password: refused\n", "output") == []


@pytest.mark.parametrize(
    "text",
    [
        "password:\n  valueFrom: docker",
        "docker_password: *anchor",
        "docker_password: |",
        "docker_password: $OTHER",
        "docker_password: &a",
        "docker_password: !vault x",
        "docker password again",
        "docker_password:",
    ],
)
def test_settings_that_hold_none(text):
    """A name with nothing behind it, or a tag, is no password."""
    assert texts_of_bare(text, "file") == []


@pytest.mark.parametrize(
    "name",
    [
        *("NEXUS_PASSWORD", "ocir_auth_token", "OCIR_PASSWORD", "HARBOR_ROBOT_SECRET", "harbor_robot_token"),
        *("acr_password", "acrPassword", "NGC_API_KEY", "nvcr_password", "nvidia_api_key", "SCW_SECRET_KEY"),
        *("icr_apikey", "IBMCLOUD_API_KEY", "gar_password", "GITEA_TOKEN", "gitea_pat", "forgejo_token"),
        *("aliyun_password", "alibaba_secret", "scaleway_secret", "quay_robot_secret", "nexusPassword"),
    ],
)
def test_every_registry_by_its_name(name):
    """A variable, a setting or an entry that is called after a registry holds a password of one, anywhere."""
    secret = made(32)
    for line, style in (
        (f'{name} = "{secret}"', "code"),
        (f"{{'{name}': '{secret}'}}", "code"),
        (f'os.environ["{name}"] = "{secret}"', "code"),
        (f"%env {name}={secret}", "code"),
        (f"{name}={secret}\n", "file"),
        (f"{name}: {secret}\r\n", "file"),
    ):
        assert [(line[hit.start : hit.end], hit.kind_id) for hit in hits(line, style)] == [
            (secret, "registry-password")
        ]
        assert hits(line.replace(secret, "<YOUR_TOKEN>"), style) == []


@pytest.mark.parametrize("option", ["-p", "--password", "-p=", "--token", "-password"])
def test_an_option_behind_a_name(option):
    """What stands behind an option there is the value."""
    for style in ("code", "output", "file"):
        text = f"docker_password = {option} {PASSWORD}".replace("= Hunter", "=Hunter")
        assert [text[hit.start : hit.end] for hit in hits(text, style)] == [PASSWORD]


@pytest.mark.parametrize(
    "line",
    [
        *(
            'pwd = "/home/anna/work"',
            'secret = "team-ghcr-2"',
            'image_pull_secret = "ghcr2"',
            'token = "[CLS]"',
        ),
        *(
            'special_token = "<|end|>"',
            'password = "changeme"',
            'token = os.environ["TOKEN1"]',
            "pwd = os.getcwd()",
        ),
    ],
)
def test_what_is_not_even_possible(line):
    """A path, the name of a secret, a placeholder and code are no password, in a text about docker even."""
    assert hits(f"{line}  # docker", "code") == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, "possible-password") for name in ("first_pass", "test_pass", "n_pass", "forward_pass")),
        *((name, "possible-password") for name in ("glob_pat", "date_pat", "search_pat", "metric_pw")),
        *(
            (name, "registry-password")
            for name in ("docker_pass", "user_pass", "db_pass", "MY_PASS", "admin_pw")
        ),
        *(
            (name, "registry-password")
            for name in ("github_pat", "GITLAB_PAT", "azure_pat", "root_pw", "GHCR_PAT")
        ),
    ],
)
def test_a_noun_that_stands_for_other_things(name, kind):
    """The pass of a training and the pattern of a file are no password: whose it is tells them apart."""
    for text in (f'{name} = "{PASSWORD}"  # docker', f"docker pull x\n{name} = '{PASSWORD}'"):
        assert [hit.kind_id for hit in hits(text, "code", known=True)] == [kind]
