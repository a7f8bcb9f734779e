from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.command_lines import variables_in_commands
from tests.leaks.samples import LOGIN, PASSWORD, PLACEHOLDERS, made
from tests.leaks.text_samples import COMMANDS, PASSWORDS

LINES = (
    "!docker login -u anna -p {} ghcr.io",
    "!docker login -u anna --password {} ghcr.io",
    "!podman login --password={} quay.io",
    "docker login \\\n  -u anna \\\n  -p {}",
    '!docker login -p "{}"',
    "!docker login -p '{}'",
    "!docker --config /x --debug login -u anna -p {}",
    "!{{engine}} login -u anna -p {}",
    "!az acr login -n team -u anna -p {}",
    "!docker run --rm curlimages/curl -u anna:{} https://ghcr.io",
    "!podman push --creds anna:{} x",
    'subprocess.run(["docker", "login", "-u", "anna", "-p", "{}"])',
    'run([\n    "docker",\n    "login",\n    "-p", "{}",\n])',
    "!skopeo copy --src-creds anna:{} docker://a docker://b",
    "!skopeo inspect --creds=anna:{} docker://a",
    "!kubectl create secret docker-registry team --docker-username=anna --docker-password={}",
    "!helm registry login ghcr.io --password {}",
    "!echo {} | docker login --password-stdin ghcr.io",
    "!printf '%s' '{}' | docker login -u anna --password-stdin ghcr.io",
    "!printf %s {} | docker login -u anna --password-stdin ghcr.io",
    '!printf "%s\\n" "{}" | podman login -u anna --password-stdin',
    "!docker login -u anna --password-stdin ghcr.io <<< {}",
    '!docker login ghcr.io -u anna --password-stdin <<<"{}"',
    "%%bash\npodman login -u anna --password-stdin quay.io <<< '{}'\n",
    "%%bash\ndocker login -u anna --password-stdin ghcr.io <<EOF\n{}\nEOF\n",
    "%%bash\nhelm registry login ghcr.io --password-stdin <<-'END'\n\t{}\n\tEND\n",
    "!docker login -u anna -p{} ghcr.io",
    "!docker login -u anna -p'{}' ghcr.io",
    'run(["docker", "login", "--password-stdin"], input="{}", text=True)',
    'run(\n    ["docker", "login", "--password-stdin"],\n    input=b"{}",\n)',
    "!echo -n '{}' | docker login -u anna --password-stdin",
    "%aicore_docker_secret create team --password {}",
    '%aicore_docker_secret create team --password "{}"',
    "%aicore_docker_secret create team --password={}",
    "%aicore_docker_secret create team -p {}",
    "!curl -u anna:{} https://ghcr.io/token",
    "!curl --user 'anna:{}' https://a.io",
    "x = get_ipython().run_line_magic('aicore_docker_secret', 'create team --password {}')",
)
NONE = (
    "docker run -p 8080:80 image",
    '"docker login",\n"ssh -p 2222 host",',
    "docker login --password-stdin < token.txt",
    'docker login --password-stdin <<< "$(cat token.txt)"',
    'run("docker login -p" + word)',
    'run(["docker", "login", "--password-stdin"], input=word.encode())',
    'run(["docker", "login", "--password-stdin"], text=True)\nline = input("name1")',
    "ssh -p 2222 host",
    "mkdir -p some/folder",
    "docker login -u anna ghcr.io",
    "cat token | docker login --password-stdin",
    "docker run -u 1000:1000 image",
    "%aicore_docker_secret create team --password-env GHCR_TOKEN --registry ghcr.io",
    "%aicore_docker_secret create team --password-file token.txt",
    "docker login --password --username anna",
    "tokenizer --token-limit 500",
    "echo done | docker build -",
    "!podman run -u 1000:1000 x",
    "!podman run --user 1001:1001 x",
    "!docker run --name login-svc -p 8080:80 x",
    "!docker run --name login -p 8080:80 x",
    'run(["docker", "run", "--name", "login-svc", "-p", "abcd:efgh", "x"])',
    'run(["docker", "run", "--name", "login", "-p", "abcd:efgh", "x"])',
    "!docker run -u anna:staff curlimages/curl",
    "!docker run --network curl-net -u anna:staff x",
)


def texts(text):
    return [text[hit.start : hit.end] for hit in hits(text, "code")]


@pytest.mark.parametrize("line", LINES)
def test_a_password_on_a_command_line(line):
    """A password given to a program or magic is found, quoted or not, and nothing beside it."""
    assert texts(line.format(PASSWORD)) == [PASSWORD]


@pytest.mark.parametrize("sample", COMMANDS, ids=repr)
def test_a_password_of_a_command(sample):
    """In a variable, an option or an address of a command a password is found, and nothing beside it."""
    for password in PASSWORDS:
        assert sample.found(password) == [password]


@pytest.mark.parametrize("placeholder", [text for text in PLACEHOLDERS if " " not in text])
def test_a_placeholder_on_a_command_line(placeholder):
    """A placeholder there is none."""
    assert [line for line in LINES if texts(line.format(placeholder))] == []


@pytest.mark.parametrize("line", NONE)
def test_options_that_take_no_password(line):
    """Ports, folders, names of variables and files are no passwords."""
    assert texts(line) == []


@pytest.mark.parametrize(
    "command",
    [
        "!docker login -p {word} ghcr.io",
        "!docker login -u anna -p $word",
        "!docker login -u anna -p$word",
        "!docker login --password-stdin <<< $word",
        "docker login --password-stdin <<EOF\n$word\nEOF\n",
        "!printf '%s' \"$word\" | docker login --password-stdin",
        "!docker login --password={word}",
        'subprocess.run(["docker", "login", "-p", word])',
        'subprocess.run(f"docker login -p {word}", shell=True)',
        "!skopeo inspect --creds anna:{word} docker://a",
        "!echo {word} | docker login --password-stdin",
        "!echo '$word' | docker login --password-stdin",
    ],
)
def test_the_variable_that_a_command_takes(command):
    """A text in a variable of any name is a password where a command takes it for one."""
    assert variables_in_commands(command) == {"word"}
    assert texts(f'word = "{PASSWORD}"\nother = "{PASSWORD}2"\n{command}') == [PASSWORD]
    assert texts(f"word = input()\n{command}") == []


@pytest.mark.parametrize("line", [*NONE, *(line.format(PASSWORD) for line in LINES)])
def test_commands_without_a_variable(line):
    """Where a command takes no variable for a password there is none to look for."""
    assert variables_in_commands(line) == set()


@pytest.mark.parametrize(
    "url",
    [
        "https://anna:{}@ghcr.io/v2/",
        "docker://anna:{}@a.io",
        "pip install --index-url https://:{}@a.jfrog.io/x",
    ],
)
def test_a_password_in_a_url(url):
    """A password in the user info of a URL is found; the user and the host stay."""
    assert texts(url.format(PASSWORD)) == [PASSWORD]


@pytest.mark.parametrize(
    "url",
    [
        "https://anna:<token>@a.io",
        "https://$USER:$TOKEN@a.io",
        "https://{user}:{password}@a.io",
        "https://user:password@a.io",
        "http://a.io:8080/@x",
        "https://a.io/b:c@sha256:" + made(64),
    ],
)
def test_a_url_without_one(url):
    """A placeholder, a port or a digest is no password."""
    assert texts(url) == []


@pytest.mark.parametrize(
    "header",
    [
        '{{"Authorization": "Basic {}"}}',
        "-H 'Authorization: Basic {}'",
        'headers["Authorization"] = "Basic {}"',
    ],
)
def test_a_login_in_a_header(header):
    """The base64 in a Basic header is found if it holds a login."""
    assert texts(header.format(LOGIN)) == [LOGIN]
    assert texts(header.format("bm90aGluZw==")) == []


def test_a_bearer_token():
    """A bearer token is found if it looks random; one that is filled in later is none."""
    assert texts(f'{{"Authorization": "Bearer {made(30)}"}}') == [made(30)]
    for other in ("$TOKEN", "{token}", "<token>", "YOUR_TOKEN", "tokenhere", "' + token"):
        assert texts(f"Authorization: Bearer {other}") == []
