from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat import v4

from aicore_magics.cli.formats import in_format
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.leaks import scan
from aicore_magics.leaks.detectors.kinds import BY_ID
from aicore_magics.leaks.scan import scan_notebooks
from tests.leaks.samples import LOGIN, PASSWORD, PLACEHOLDERS, STRUCTURES, TOKENS, code, notebook, written

ROOT = Path(__file__).parents[2]
ONE_LINE = [sample for sample in TOKENS if "\n" not in sample.text]
MIMES = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "application/javascript",
    "image/svg+xml",
)
SOURCES = (
    'token = "{}"',
    "token = '{}'",
    "login(token={!r})",
    "# {}",
    "%env GHCR_TOKEN={}",
    "%aicore_docker_secret create x --password {}",
    '%aicore_docker_secret create x --password "{}"',
    "!docker login ghcr.io -u anna -p {}",
    "!docker login -u anna -p '{}' ghcr.io",
    "headers = {{'Authorization': 'Bearer {}'}}",
    "url = 'https://anna:{}@ghcr.io/v2/'",
    'config = \'{{"auths": {{"ghcr.io": {{"password": "{}"}}}}}}\'',
    "%%bash\ndocker login -p {} ghcr.io",
    "print('a')\n\n\ntoken = '''{}'''",
    "f'{{x}} {}'",
)


def told(path, **options):
    found = scan_notebooks(path, **options)
    return [(leak.cell, leak.part, leak.line, leak.kind_id) for leak in found.leaks]


@pytest.mark.parametrize("sample", ONE_LINE, ids=lambda sample: sample.kind_id)
def test_every_token_in_every_source(tmp_path, sample):
    """A token is found in every way of writing it in a cell: once, in its cell, on its line."""
    sources = [source.format(sample.text) for source in SOURCES]
    path = written(tmp_path, notebook(*map(code, sources), v4.new_markdown_cell(f"a\n\n{sample.text}")))
    lines = [source[: source.index(sample.text)].count("\n") + 1 for source in sources]
    expected = [(number, "source", line, sample.kind_id) for number, line in enumerate([*lines, 3], 2)]
    assert told(path) == expected


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
def test_every_token_in_every_output(tmp_path, sample):
    """A token is found in outputs of every kind: once, with the number of the output and its line."""
    text = f"a\nb {sample.text}"
    outputs = [
        *(v4.new_output("display_data", {mime: text}) for mime in MIMES),
        v4.new_output("stream", text=text),
        v4.new_output("error", ename="E", evalue=text, traceback=[]),
        v4.new_output("error", ename="E", evalue="", traceback=["a", f"\x1b[31m{text}\x1b[0m"]),
    ]
    parts = [
        *(f"output {number}, {mime}" for number, mime in enumerate(MIMES, 1)),
        "output 7",
        "output 8, error",
    ]
    path = written(tmp_path, notebook(code("1", *outputs)))
    expected = [(2, part, 2, sample.kind_id) for part in parts] + [(2, "output 9, error", 3, sample.kind_id)]
    assert told(path) == expected


@pytest.mark.parametrize("sample", TOKENS, ids=lambda sample: sample.kind_id)
def test_every_token_in_data_and_metadata(tmp_path, sample):
    """A token is found in JSON outputs, metadata, states of widgets, names of attachments: once each."""
    data = {"a": ["x", {"b": sample.text}]}
    attached = v4.new_markdown_cell(
        "x", attachments={f"{sample.text}.png": {"image/png": "AAAA"}}, metadata=data
    )
    outputs = [v4.new_output("display_data", {"application/json": data}, metadata=data)]
    state = {"state": {"a": {"model_name": "TextModel", "state": {"value": sample.text}}}}
    book = notebook(
        attached, code("1", *outputs), widgets={"application/vnd.jupyter.widget-state+json": state}, x=data
    )
    found = scan_notebooks(written(tmp_path, book))
    places = sorted((leak.cell, leak.part) for leak in found.leaks)
    assert places == [
        (0, "notebook metadata"),
        (0, "notebook metadata"),
        (2, "attachment 1, name"),
        (2, "metadata"),
        (3, "output 1, application/json"),
        (3, "output 1, metadata"),
    ]
    assert {leak.kind_id for leak in found.leaks} == {sample.kind_id}


@pytest.mark.parametrize(("data", "kinds"), STRUCTURES)
@pytest.mark.parametrize(
    "write",
    [
        lambda data: code(f"data = {data!r}"),
        lambda data: code(f"data = '''{json.dumps(data)}'''"),
        lambda data: code(f"data = {json.dumps(data)!r}"),
        lambda data: code("1", v4.new_output("stream", text=f"{data}\n")),
        lambda data: code("1", v4.new_output("execute_result", {"text/plain": json.dumps(data, indent=2)})),
        lambda data: code("1", v4.new_output("display_data", {"application/json": data})),
        lambda data: v4.new_markdown_cell("x", metadata={"papermill": data}),
    ],
)
def test_configs_and_keys(tmp_path, data, kinds, write):
    """Docker configs and keys are found wherever they were pasted or printed, each part once."""
    found = scan_notebooks(written(tmp_path, notebook(write(data))))
    assert sorted(leak.kind_id for leak in found.leaks) == sorted(kinds)
    assert {leak.cell for leak in found.leaks} == {2}


def test_what_leaks_never_shows(tmp_path):
    """No form of the result holds a secret, a part of one, or how long it is."""
    cells = [code(f'docker_password = "{sample.text}"') for sample in TOKENS]
    config = {"auths": {"a.io": {"auth": LOGIN, "password": PASSWORD}}}
    found = scan_notebooks(written(tmp_path, notebook(*cells, code(f"x = {config}"))))
    assert len(found) == len(TOKENS) + 2
    shown = "".join(
        [repr(found), str(found.to_dict()), *(in_format(found, name) for name in ("text", "json", "sarif"))]
    )
    for secret in (PASSWORD, LOGIN, *(sample.text for sample in TOKENS)):
        pieces = {secret[at : at + 7] for at in range(len(secret) - 6)}
        assert [piece for piece in pieces if piece in shown and piece not in "PRIVATE KEY-----"] == []


def test_placeholders_are_nothing(tmp_path):
    """No placeholder in any of the ways of writing a token is found."""
    cells = [code(source.replace("{}", text)) for source in SOURCES for text in PLACEHOLDERS]
    found = scan_notebooks(written(tmp_path, notebook(*cells)))
    assert [leak.excerpt for leak in found.leaks] == []


def test_our_own_notebooks_and_readme_are_clean():
    """This project's tutorials and README hold nothing that is taken for a credential."""
    found = scan_notebooks([ROOT / "notebooks", ROOT / "README.md"])
    assert found.searched >= 3
    assert (found.leaks, found.unsearched) == ((), ())
    assert str(found) == f"No known credentials found in {found.searched} files."


def test_a_folder_as_people_leave_it(tmp_path):
    """Notebook, checkpoint and settings are searched; what was printed is known by its value."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("mine.json\n")
    login = {
        "name": "team",
        "data": {".dockerconfigjson": json.dumps({"auths": {"a.io": {"password": PASSWORD}}})},
    }
    for name in ("docker_secret.json", "mine.json"):
        (tmp_path / name).write_text(json.dumps(login))
    book = notebook(code("print(password)", v4.new_output("stream", text=f"{PASSWORD}\n")))
    written(tmp_path, book)
    written(tmp_path, book, ".ipynb_checkpoints/churn-checkpoint.ipynb")
    found = scan_notebooks(tmp_path)
    assert [(Path(leak.path).name, leak.kind_id) for leak in found.leaks] == [
        ("churn-checkpoint.ipynb", "same-value"),
        ("churn.ipynb", "same-value"),
        ("docker_secret.json", "registry-password"),
    ]
    assert (found.searched, found.ignored) == (3, 1)
    assert [str(line) for line in found.ignore_lines] == ["/docker_secret.json"]
    assert "git rm" not in str(found)


def test_a_file_that_git_keeps_already(tmp_path):
    """A file with a login that git has is told as one for which a line in .gitignore is too late."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "docker.env").write_text(f"PASSWORD={PASSWORD}\n")
    subprocess.run(["git", "add", "docker.env"], cwd=tmp_path, check=True)
    assert "git has" in scan_notebooks(tmp_path).notes[0]


def test_the_history_of_ipython(tmp_path, own_environment):
    """IPython's history is searched when asked for, and told by session and line."""
    place = own_environment / "ipython" / "profile_default" / "history.sqlite"
    place.parent.mkdir(parents=True)
    with closing(sqlite3.connect(place)) as base:
        base.execute("CREATE TABLE history (session integer, line integer, source text, source_raw text)")
        base.execute("INSERT INTO history VALUES (3, 7, '', ?)", [f"a\n%env DOCKER_PASSWORD={PASSWORD}"])
        base.commit()
    path = written(tmp_path, notebook())
    assert told(path) == []
    found = scan_notebooks(path, history=True)
    (leak,) = found.leaks
    assert (leak.path, leak.place) == (str(place), "session 3, input 7, line 2")
    assert leak.kind_id == "registry-password"
    assert found.leaks[0].excerpt == "%env DOCKER_PASSWORD=***"


def test_a_variable_that_another_cell_takes(tmp_path):
    """A password in a variable is found where a command in another cell takes it."""
    cells = code(f'word = "{PASSWORD}"'), code("!docker login -p {word} ghcr.io")
    assert told(written(tmp_path, notebook(*cells))) == [(2, "source", 1, "registry-password")]


def test_what_to_do_is_told(tmp_path):
    """The report says to revoke first, where, what to clean, and the magic without a password in a cell."""
    source = f'login("ghcr.io", "anna", password="{TOKENS[2].text}")'
    path = written(tmp_path, notebook(code(source)))
    text = scan_notebooks(path).shown(NOTEBOOK)
    assert text.startswith("1 credential in 1 of 1 file.")
    assert "Revoke each of them first" in text
    assert "cell 2, source, line 1" in text
    assert f"a GitHub token: {BY_ID['github-token'].revoke}" in text
    assert f"%aicore_notebook scrub {path}\n" in text
    assert "create --registry ghcr.io --password-env GHCR_TOKEN" in text


@pytest.mark.parametrize(
    ("around", "reason"),
    [
        ("{{{}", "is not a valid notebook: it is not JSON"),
        ('{{"nbformat": 3, "x": "{}"}}', "is a notebook of an old format: open it in Jupyter and save it"),
    ],
)
def test_a_broken_notebook_is_searched_as_text(tmp_path, around, reason):
    """What is no notebook of format 4 is searched all the same, and the reason is told."""
    path = tmp_path / "a.ipynb"
    path.write_text(around.format(TOKENS[0].text))
    found = scan_notebooks(path)
    assert [leak.kind_id for leak in found.leaks] == [TOKENS[0].kind_id]
    assert [one.reason for one in found.unsearched] == [f"{reason}; it was searched as plain text"]
    assert f"\n{path} {reason}; it was searched as plain text.\n" in str(found)
    assert "Not searched" not in f"{found}{in_format(found, 'sarif')}"


def test_cells_and_lines_of_a_large_notebook(tmp_path):
    """In a notebook of many cells each token is told with its own cell, its line there and in the file."""
    rng = random.Random(3)
    cells = [code("\n".join(["x = 1"] * rng.randrange(9))) for _ in range(200)]
    places = sorted(rng.sample(range(200), 20))
    lines = []
    for place in places:
        lines.append(rng.randrange(5))
        cells[place] = code("\n".join([*(["é = '\\n'"] * lines[-1]), f"t = '{TOKENS[0].text}'", "y = 2"]))
    path = written(tmp_path, notebook(*cells))
    found = scan_notebooks(path)
    text = path.read_text("utf-8").split("\n")
    assert [(leak.cell, leak.line) for leak in found.leaks] == [
        (p + 2, n + 1) for p, n in zip(places, lines, strict=True)
    ]
    for leak in found.leaks:
        assert text[leak.file_line - 1][leak.file_column - 1 :].startswith(TOKENS[0].text)


def test_more_than_can_be_told(tmp_path):
    """Of a file full of credentials five hundred are told, and that there are more."""
    path = tmp_path / "a.env"
    path.write_text("".join(f"T={TOKENS[0].text}{number}\n" for number in range(600)))
    found = scan_notebooks(path)
    assert len(found) == 500
    assert found.unsearched[0].reason == "has more than 500 credentials: the rest is not listed"


@given(st.binary(), st.sampled_from([".ipynb", ".json", ".env", ".yaml"]))
def test_any_file(tmp_path_factory, raw, ending):
    """No content of a file makes the search fail."""
    path = tmp_path_factory.mktemp("any") / f"a{ending}"
    path.write_bytes(raw)
    assert scan_notebooks(path).searched == 1


BITS = st.sampled_from([*SOURCES, "docker", '"', "\\", "\n", "é", TOKENS[0].text, PASSWORD, LOGIN]) | st.text(
    max_size=5
)


@given(st.lists(st.lists(BITS, max_size=6).map("".join), max_size=4))
def test_any_notebook(tmp_path_factory, sources):
    """Whatever stands in the cells, each credential is told with a cell and a line that exist."""
    book = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    path = tmp_path_factory.mktemp("any") / "a.ipynb"
    try:
        path.write_text(nbformat.writes(book), "utf-8")
    except UnicodeEncodeError:
        return
    for leak in scan_notebooks(path).leaks:
        assert 1 <= leak.cell <= len(sources)
        assert 1 <= leak.line <= sources[leak.cell - 1].count("\n") + 1


def test_paths_of_every_type(tmp_path):
    """One path or many, as text or as a path: all the same."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    assert told(str(path)) == told(path) == told([path]) == told(iter([os.fspath(path)]))


def test_a_value_is_sought_where_it_stands(tmp_path, monkeypatch):
    """Many notebooks with a secret each are each searched once: the time grows as their number."""
    looked = []
    real = scan.detect

    def counted(document, *values):
        looked.append(document.path.name)
        return real(document, *values)

    monkeypatch.setattr(scan, "detect", counted)
    for number in range(8):
        token = f"{TOKENS[2].text[:-1]}{number}"
        written(tmp_path, notebook(code(f't = "{token}"')), f"{number}.ipynb")
    assert len(scan_notebooks(tmp_path).leaks) == 8
    assert sorted(looked) == [f"{number}.ipynb" for number in range(8)]
    written(tmp_path, notebook(code(f'print("{TOKENS[2].text[:-1]}3")')), "8.ipynb")
    assert len(scan_notebooks(tmp_path).leaks) == 9
