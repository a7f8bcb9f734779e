from __future__ import annotations

import ast
import errno
import json
import os
import re
import sqlite3
import subprocess
from contextlib import closing
from difflib import SequenceMatcher
from itertools import cycle
from pathlib import Path

import nbformat
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat import v4

from aicore_magics.base.progress import Watch
from aicore_magics.errors import Stopped
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.leaks import scan
from aicore_magics.leaks.scan import scan_notebooks
from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
from tests.leaks.samples import (
    HEX,
    LOGIN,
    PASSWORD,
    SERVICE_KEY,
    STRUCTURES,
    TOKENS,
    code,
    made,
    notebook,
    private_key,
    written,
)
from tests.leaks.text_samples import ALL
from tests.leaks.wraps import CONFIG, SPLITS, VALUES, WRAPS, parts

STATE = {"state": {"a": {"model_name": "PasswordModel", "state": {"value": PASSWORD}}}}
KEY_LINES = "\n".join(f'    "{line}\\n"' for line in private_key().splitlines())
RUNNABLE = (
    *(f"a = {sample.text!r}\nassert isinstance(a, str)" for sample in TOKENS),
    *(f"import json\njson.loads({json.dumps(data)!r})" for data, _ in STRUCTURES),
    *(f"b = {data!r}" for data, _ in STRUCTURES),
    f'docker_password = "{PASSWORD}"',
    f"docker_password = '''{PASSWORD}'''",
    f'docker_password = r"{PASSWORD}"',
    f"key = (\n{KEY_LINES}\n)\nassert key",
    f"key = '''{private_key()}'''",
    f"%env DOCKER_PASSWORD={PASSWORD}",
    f"url = 'https://anna:{PASSWORD}@ghcr.io'",
    f"def login(password='{PASSWORD}', registry='ghcr.io'):\n    return password",
    f'f"docker login -p {PASSWORD} {{1 + 1}}"',
    f"x = b'Authorization: Basic {LOGIN}'",
    f'docker = {{"password": "{PASSWORD[:-2]}\\"{PASSWORD[-2:]}"}}',
    *(
        f"{WRAPS[wrap](CONFIG, 64)}\nassert isinstance(x, (str, bytes))"
        for wrap in ("literals in brackets", "literals on a line", "literals with comments")
    ),
    *(
        WRAPS[wrap](CONFIG, 64)
        for wrap in ("plus", "continued lines", "list that is joined", "three quotes", "repr", "comment")
    ),
)


def leaky():
    """A notebook with credentials in every place that a notebook has."""
    token = TOKENS[2].text
    outputs = [
        v4.new_output("stream", text=f"{SERVICE_KEY}\nä {token}\n"),
        v4.new_output(
            "execute_result", {"text/html": f"<b>{token}</b>", "application/json": {"a": SERVICE_KEY}}
        ),
        v4.new_output("error", ename="E", evalue=token, traceback=[f"\x1b[31m{token[:9]}\x1b[0m{token[9:]}"]),
    ]
    attached = v4.new_markdown_cell(
        f"see {token}", attachments={f"{token}.png": {"image/png": "AAAA"}}, metadata={"t": token}
    )
    cells = [code(source) for source in RUNNABLE]
    book = notebook(
        *cells, code("1", *outputs), attached, widgets={"application/vnd.jupyter.widget-state+json": STATE}
    )
    book.cells[1].outputs = [v4.new_output("stream", text=f"{PASSWORD}\n")]
    return book


def test_scrubbed_notebooks_are_valid_clean_and_run(tmp_path):
    """After scrubbing a notebook is valid, nothing is found in it any more, and every cell still runs."""
    path = written(tmp_path, leaky())
    plan = plan_scrub(path)
    done = scrub_notebooks(plan)
    assert [(one.path, one.number) for one in done.cleaned] == [(str(path), len(plan.leaks))]
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert scan_notebooks(path).leaks == ()
    raw = path.read_text("utf-8")
    assert [
        secret for secret in (PASSWORD, LOGIN, *(sample.text for sample in TOKENS)) if secret in raw
    ] == []
    NotebookClient(
        book,
        timeout=60,
        startup_timeout=180,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
    ).execute(cwd=tmp_path)


def test_scrubbing_again_changes_nothing(tmp_path):
    """A second run finds nothing to do, and touches no byte."""
    path = written(tmp_path, leaky())
    scrub_notebooks(plan_scrub(path))
    before = path.read_bytes()
    plan = plan_scrub(path)
    assert (plan.edits, scrub_notebooks(plan).cleaned) == ((), ())
    assert path.read_bytes() == before


def write_variants(book):
    text = nbformat.writes(book)
    data = json.loads(text)
    yield text
    yield json.dumps(data)
    yield json.dumps(data, ensure_ascii=True, indent=4).replace("\n", "\r\n")
    yield "\ufeff" + json.dumps(data, ensure_ascii=False, indent="\t", sort_keys=True)
    for cell in data["cells"]:
        cell["source"] = "".join(cell["source"])
    yield json.dumps(data, separators=(",", ":")) + "\n\n"


def test_all_other_bytes_stay(tmp_path):
    """Only what a finding names is replaced: line ends, escapes, order, spaces stay, byte by byte."""
    for number, text in enumerate(write_variants(leaky())):
        path = tmp_path / f"{number}.ipynb"
        path.write_bytes(text.encode())
        (edit,) = plan_scrub(path).edits
        scrub_notebooks(plan_scrub(path))
        expected = text
        for start, end, new in edit.replacements:
            expected = expected[:start] + new + expected[end:]
        assert path.read_bytes() == expected.encode()
        kept = sum(end - start for start, end, _ in edit.replacements)
        assert len(edit.replacements) >= len(edit.leaks)
        assert kept < len(text) / 2
        nbformat.validate(nbformat.reads(expected.removeprefix("\ufeff"), as_version=4))


def test_what_is_replaced_is_a_credential_and_no_more(tmp_path):
    """In a small notebook the difference is the token alone."""
    source = f'x = "é"\nlogin("ghcr.io", password="{TOKENS[2].text}")  # ok'
    path = written(tmp_path, notebook(code(source)))
    before = path.read_text("utf-8")
    scrub_notebooks(plan_scrub(path))
    after = path.read_text("utf-8")
    changes = [
        op for op in SequenceMatcher(None, before, after, autojunk=False).get_opcodes() if op[0] != "equal"
    ]
    start, end = changes[0][1], changes[-1][2]
    assert before[start:end] in TOKENS[2].text
    assert after == before.replace(TOKENS[2].text, "REMOVED_GITHUB_TOKEN")


@pytest.mark.parametrize("password", ['Tr0"ub4dor', 'Tr0",ub"4dor', "a'b\\\\9", 'x", "y": "z9'])
def test_a_config_with_quotes_in_its_password(tmp_path, password):
    """Of a docker config as a text nothing of the password is left, and the text is still JSON."""
    for write in (
        repr,
        lambda text: f"r'''{text}'''",
        lambda text: f'"{text}"'.replace(text, json.dumps(text)[1:-1]),
    ):
        text = json.dumps({"auths": {"ghcr.io": {"username": "anna", "password": password, "auth": LOGIN}}})
        path = written(tmp_path, notebook(code(f"x = {write(text)}")))
        scrub_notebooks(plan_scrub(path))
        value = ast.literal_eval(nbformat.read(path, as_version=4).cells[1].source.removeprefix("x = "))
        (login,) = json.loads(value)["auths"].values()
        assert login == {
            "username": "anna",
            "password": "REMOVED_REGISTRY_PASSWORD",
            "auth": "REMOVED_REGISTRY_LOGIN",
        }


def test_code_that_would_not_run_is_refused(tmp_path, monkeypatch):
    """Where code would be no Python without what was found, the notebook is left alone and the cell named."""
    path = written(tmp_path, notebook(code("x = 1"), code(f"docker_password = '{PASSWORD}'")))
    monkeypatch.setattr("aicore_magics.leaks.detectors.kinds.Kind.placeholder", "'")
    assert refused(path) == ("would be damaged by it: remove by hand what is found in cell 3, and scan again")


def test_a_plan_changes_nothing_and_shows_all(tmp_path):
    """The plan tells each place, what stands there then, and what to do first; the file stays."""
    path = written(tmp_path, notebook(code(f'login("ghcr.io", password="{TOKENS[2].text}")')))
    before = path.read_bytes()
    plan = plan_scrub(path)
    assert path.read_bytes() == before
    text = plan.shown(NOTEBOOK)
    assert text.startswith("1 credential to remove from 1 file.")
    for words in (
        "Nothing is changed yet.",
        "Revoke each",
        "cell 2, source, line 1",
        "REMOVED_GITHUB_TOKEN",
        "--password-env GHCR_TOKEN",
    ):
        assert words in text
    shown = f"{plan!r}{plan.to_dict()}{plan.edits}{scrub_notebooks(plan)!r}"
    assert TOKENS[2].text not in shown
    assert json.loads(json.dumps(plan.to_dict()))["edits"][0]["path"] == str(path)


def refused(path, **options):
    before = path.read_bytes()
    done = scrub_notebooks(plan_scrub(path, **options))
    assert path.read_bytes() == before
    assert done.cleaned == ()
    assert "left alone" in str(done)
    return done.refused[0].reason


def test_the_running_notebook_is_refused(tmp_path, monkeypatch):
    """The notebook that runs is left alone, whatever path leads to it."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    assert refused(path, running=path).startswith("is running")
    monkeypatch.chdir(tmp_path)
    assert refused(path, running="churn.ipynb").startswith("is running")
    assert scrub_notebooks(plan_scrub(path, running="none.ipynb")).cleaned


def test_links_and_write_protected_files_are_refused(tmp_path):
    """A link, a file with two names and one that may not be written are left alone."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    assert refused(link).startswith("is a link")
    second = tmp_path / "second.ipynb"
    os.link(path, second)
    assert refused(path).startswith("has a second name")
    second.unlink()
    if os.geteuid():
        path.chmod(0o444)
        assert refused(path) == "is write-protected"


def test_broken_notebooks_are_refused(tmp_path):
    """What is no notebook of format 4 is left alone: nobody could say if it is still one afterwards."""
    path = tmp_path / "a.ipynb"
    path.write_text(f'{{"nbformat": 3, "x": "{TOKENS[0].text}"}}')
    assert refused(path).startswith("is a notebook of an old format")
    path.write_text(json.dumps(notebook(*(code(f"{TOKENS[0].text}{n}") for n in range(501)))))
    assert refused(path).startswith("has more than 500")


def test_only_notebooks_are_cleaned(tmp_path, history):
    """Another file that was named is left alone, and so is a history, unless that was asked for."""
    path = tmp_path / "notes.md"
    path.write_text(TOKENS[0].text)
    assert refused(path).startswith("is not a notebook")
    book = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    (left,) = plan_scrub([history, book]).refused
    assert (left.path, left.reason[:20]) == (str(history), "is IPython's history")
    assert scrub_notebooks(plan_scrub(written(tmp_path, notebook(code(TOKENS[0].text)), "A.IPYNB"))).cleaned


def test_a_file_changed_meanwhile_is_refused(tmp_path):
    """A file that is not as it was when it was planned for is left alone, and so is one that is gone."""
    one, two = (written(tmp_path, notebook(code(TOKENS[0].text)), name) for name in ("a.ipynb", "b.ipynb"))
    plan = plan_scrub([one, two])
    one.write_bytes(one.read_bytes() + b"\n")
    before = one.read_bytes()
    two.unlink()
    done = scrub_notebooks(plan)
    assert [entry.reason for entry in done.refused] == [
        "was changed meanwhile: plan again",
        "cannot be read (FileNotFoundError)",
    ]
    assert one.read_bytes() == before


def test_the_mode_stays_and_nothing_is_left_over(tmp_path, monkeypatch):
    """The file keeps its mode; a write that fails leaves it as it was, and no half of a file beside it."""
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    path.chmod(0o640)
    plan = plan_scrub(path)

    def full(_):
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        reason = "cannot be written (the disk is full): free some space, and run it again"
        assert scrub_notebooks(plan).refused[0].reason == reason
    assert scrub_notebooks(plan).cleaned
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_settings_get_a_line_in_gitignore(tmp_path):
    """A file of settings stays as it is, and git is told to ignore it; where it does, nothing is written."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    settings = tmp_path / "docker_secret.json"
    settings.write_text(json.dumps({"password": PASSWORD}))
    before = settings.read_bytes()
    written(tmp_path, notebook())
    done = scrub_notebooks(plan_scrub(tmp_path))
    assert (tmp_path / ".gitignore").read_text() == "/docker_secret.json\n"
    assert [str(line) for line in done.ignore_lines] == ["/docker_secret.json"]
    assert "/docker_secret.json" in str(done)
    assert settings.read_bytes() == before
    assert plan_scrub(tmp_path).ignore_lines == ()


def test_a_gitignore_that_cannot_be_written(tmp_path):
    """That is told, and stops nothing else."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").mkdir()
    (tmp_path / "docker_secret.json").write_text(json.dumps({"password": PASSWORD}))
    path = written(tmp_path, notebook(code(TOKENS[0].text)))
    done = scrub_notebooks(plan_scrub(tmp_path))
    assert [one.path for one in done.cleaned] == [str(path)]
    assert done.refused[0].path.endswith(".gitignore")


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A working folder, and a notebook with a token outside of it."""
    for name in ("work", "outside"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return written(tmp_path / "outside", notebook(code(TOKENS[0].text)), "a-checkpoint.ipynb")


def linked_checkpoints(outside):
    Path(".ipynb_checkpoints").symlink_to(outside.parent)
    return "a.ipynb"


def linked_checkpoints_of_a_folder(outside):
    linked_checkpoints(outside)
    return "."


def a_linked_checkpoint(outside):
    Path(".ipynb_checkpoints").mkdir()
    Path(".ipynb_checkpoints/a-checkpoint.ipynb").symlink_to(outside)
    return "a.ipynb"


def a_dangling_checkpoint(outside):
    Path(".ipynb_checkpoints").mkdir()
    Path(".ipynb_checkpoints/a-checkpoint.ipynb").symlink_to(outside.parent / "gone.ipynb")
    return "."


def looping_checkpoints(outside):
    Path(".ipynb_checkpoints").symlink_to(".ipynb_checkpoints")
    return "a.ipynb"


def a_named_file_in_linked_checkpoints(outside):
    linked_checkpoints(outside)
    return ".ipynb_checkpoints/a-checkpoint.ipynb"


def a_linked_folder(outside):
    Path("sub").symlink_to(outside.parent)
    return "."


def a_named_linked_folder(outside):
    a_linked_folder(outside)
    return "sub"


def a_named_file_in_a_linked_folder(outside):
    a_linked_folder(outside)
    return Path.cwd() / "sub" / outside.name


def back_out_of_a_linked_folder(outside):
    (outside.parent / "deep").mkdir()
    Path("sub").symlink_to(outside.parent / "deep")
    return f"sub/../{outside.name}"


def a_linked_file(outside):
    Path("b.ipynb").symlink_to(outside)
    return "b.ipynb"


@pytest.mark.parametrize(
    "kind",
    [
        *(linked_checkpoints, linked_checkpoints_of_a_folder, a_linked_checkpoint, a_dangling_checkpoint),
        *(looping_checkpoints, a_named_file_in_linked_checkpoints, a_linked_folder, a_named_linked_folder),
        *(a_named_file_in_a_linked_folder, back_out_of_a_linked_folder, a_linked_file),
    ],
)
def test_nothing_is_written_through_a_link_out_of_the_folder(outside, kind):
    """Whichever link leads out, what is behind it stays; that is told, and the real file can be named."""
    here = written(Path.cwd(), notebook(code(TOKENS[1].text)), "a.ipynb")
    before = outside.read_bytes()
    done = scrub_notebooks(plan_scrub(kind(outside)))
    assert outside.read_bytes() == before
    told = [*done.refused, *done.unsearched]
    assert told or kind is looping_checkpoints
    assert all("link" in one.reason and (": name " in one.reason or ": use " in one.reason) for one in told)
    assert str(outside) not in {one.path for one in done.cleaned}
    assert {one.path for one in done.cleaned} <= {"a.ipynb", str(here)}
    assert scrub_notebooks(plan_scrub(outside)).cleaned
    assert outside.read_bytes() != before


def test_settings_behind_a_link_get_no_line(outside):
    """No `.gitignore` is made in a folder that a link out of the working folder leads to."""
    subprocess.run(["git", "init", "-q"], cwd=outside.parent, check=True)
    (outside.parent / "docker_secret.json").write_text(json.dumps({"password": PASSWORD}))
    Path("sub").symlink_to(outside.parent)
    done = scrub_notebooks(plan_scrub("sub"))
    assert not (outside.parent / ".gitignore").exists()
    told = {one.path: one.reason for one in done.refused}
    real = outside.parent / ".gitignore"
    assert told["sub/.gitignore"] == f"is behind a link that leads out of the working folder: use {real}"
    assert done.ignore_lines == ()


@pytest.mark.parametrize("name", ["a\nb.json", "\n.json", "a\r.json", ".env.\n", ".env.a\r"])
def test_settings_whose_name_no_line_can_say(tmp_path, name):
    """A name with a line break gets no line, which would be two: that is told, and counts as left alone."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / name).write_text(TOKENS[0].text)
    written(tmp_path, notebook())
    plan = plan_scrub(tmp_path)
    assert "line break" in plan.refused[0].reason
    done = scrub_notebooks(plan)
    assert done.refused == plan.refused
    assert done.ignore_lines == ()
    assert not (tmp_path / ".gitignore").exists()


def test_a_plan_whose_folder_became_a_link(tmp_path):
    """Between plan and write the folder is swapped for a link: nothing is written behind it."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    path = written(tmp_path / "sub", notebook(code(TOKENS[0].text)), "a.ipynb")
    (path.parent / "docker_secret.json").write_text(json.dumps({"password": PASSWORD}))
    plan = plan_scrub(tmp_path)
    path.parent.rename(tmp_path / "moved")
    (tmp_path / "sub").symlink_to("moved")
    before = (tmp_path / "moved" / "a.ipynb").read_bytes()
    done = scrub_notebooks(plan)
    assert done.cleaned == ()
    assert len(done.refused) == 2
    assert all("is behind the link" in one.reason for one in done.refused)
    assert (tmp_path / "moved" / "a.ipynb").read_bytes() == before
    assert not (tmp_path / "moved" / ".gitignore").exists()


@pytest.mark.parametrize("late", [False, True])
def test_ctrl_c_between_two_notebooks(tmp_path, monkeypatch, late):
    """After Ctrl-C no further file is written; each is whole, and which were cleaned is told."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    books = [written(tmp_path, notebook(code(TOKENS[0].text)), f"{name}.ipynb") for name in "abc"]
    (tmp_path / "docker_secret.json").write_text(json.dumps({"password": PASSWORD}))
    before = [book.read_bytes() for book in books]
    plan = plan_scrub(tmp_path)
    real, calls = os.replace, []

    def and_ctrl_c(*arguments, **how):
        calls.append(arguments)
        if len(calls) == 2 and not late:
            raise KeyboardInterrupt
        real(*arguments, **how)
        if len(calls) == 2 and late:
            raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", and_ctrl_c)
    done = scrub_notebooks(plan)
    cleaned = 2 if late else 1
    assert [one.path for one in done.cleaned] == [str(book) for book in books[:cleaned]]
    assert [book.read_bytes() != old for book, old in zip(books, before, strict=True)] == [
        *[True] * cleaned,
        *[False] * (3 - cleaned),
    ]
    assert {one.reason for one in done.refused} == {"was not reached before you stopped: plan again"}
    assert len(done.refused) == 4 - cleaned
    assert done.ignore_lines == ()
    monkeypatch.setattr(os, "replace", real)
    assert not scrub_notebooks(plan_scrub(tmp_path)).refused


@pytest.fixture
def history(own_environment):
    """A history of IPython with a password in it."""
    place = own_environment / "ipython" / "profile_default" / "history.sqlite"
    place.parent.mkdir(parents=True)
    with closing(sqlite3.connect(place)) as base:
        base.execute("CREATE TABLE history (session integer, line integer, source text, source_raw text)")
        base.execute("INSERT INTO history VALUES (1, 1, ?, ?)", [f"x = '{PASSWORD}'", f"x = '{PASSWORD}'"])
        base.commit()
    return place


def test_the_history_is_cleaned_only_when_asked_for(tmp_path, history):
    """IPython's history is left alone unless it was said; then a value found elsewhere is taken out, too."""
    path = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    scrub_notebooks(plan_scrub(path))
    assert PASSWORD.encode() in history.read_bytes()
    path = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    plan = plan_scrub(path, history=True)
    assert plan.histories == (str(history),)
    done = scrub_notebooks(plan)
    assert [one.number for one in done.cleaned] == [1, 1]
    assert "Revoke each of them first" in str(done)
    assert PASSWORD.encode() not in history.read_bytes()


def test_a_history_in_use_is_told(tmp_path, history, monkeypatch):
    """A history that a kernel writes is left alone, and the user told what to do."""
    monkeypatch.setattr("aicore_magics.leaks.files.history._WAIT", 0.05)
    path = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    with closing(sqlite3.connect(history, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = scrub_notebooks(plan_scrub(path, history=True))
    assert "shut down the kernels" in done.refused[0].reason


@pytest.mark.parametrize("linked", ["file", "profile"])
def test_a_linked_history_is_left_alone(tmp_path, history, linked):
    """A history behind a link is not written to; named by its real path it is."""
    real = tmp_path / "real" / "history.sqlite"
    real.parent.mkdir()
    history.rename(real)
    if linked == "file":
        history.symlink_to(real)
    else:
        history.parent.rmdir()
        history.parent.symlink_to(real.parent)
    path = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    done = scrub_notebooks(plan_scrub(path, history=True))
    assert [(one.path, one.reason) for one in done.refused] == [
        (str(history), f"is a link, or is behind one: name {real}")
    ]
    assert PASSWORD.encode() in real.read_bytes()
    path = written(tmp_path, notebook(code(f'docker_password = "{PASSWORD}"')))
    assert str(real) in {one.path for one in scrub_notebooks(plan_scrub([path, real], history=True)).cleaned}
    assert PASSWORD.encode() not in real.read_bytes()


def in_source(text):
    return v4.new_notebook(cells=[v4.new_code_cell(text)])


def in_prose(text):
    return v4.new_notebook(cells=[v4.new_markdown_cell(text)])


def in_stream(text):
    return v4.new_notebook(cells=[code("1", v4.new_output("stream", text=text))])


def in_result(text):
    data = {"text/plain": text, "text/html": f"<pre>{text}</pre>", "application/json": {"a": [text]}}
    return v4.new_notebook(cells=[code("1", v4.new_output("execute_result", data))])


def in_error(text):
    lines = text.split("\n")
    return v4.new_notebook(cells=[code("1", v4.new_output("error", ename="E", evalue=text, traceback=lines))])


def in_metadata(text):
    return v4.new_notebook(metadata={"papermill": {"parameters": {"x": text}}}, cells=[code("1")])


def in_outputs(text):
    """What one output begins and the next ones go on with, on another stream even."""
    third = len(text) // 3 + 1
    outputs = [
        v4.new_output("stream", text=text[:third]),
        v4.new_output("stream", name="stderr", text=text[third : 2 * third]),
        v4.new_output("execute_result", {"text/plain": text[2 * third :]}),
    ]
    return v4.new_notebook(cells=[code("1", *outputs)])


def in_widget(text):
    models = {"a": {"model_name": "TextModel", "state": {"value": text}}}
    state = {"state": models, "version_major": 2, "version_minor": 0}
    widgets = {"application/vnd.jupyter.widget-state+json": state}
    return v4.new_notebook(metadata={"widgets": widgets}, cells=[code("1")])


def in_attachment(text):
    return v4.new_notebook(cells=[v4.new_markdown_cell("x", attachments={"a.txt": {"text/plain": text}})])


PLACES = (in_source, in_prose, in_stream, in_result, in_error, in_metadata)
MORE_PLACES = (*PLACES, in_outputs, in_widget, in_attachment)


@settings(max_examples=25)
@given(
    st.sampled_from(VALUES),
    st.sampled_from(sorted(WRAPS)),
    st.integers(24, 100),
    st.sampled_from(PLACES),
    st.booleans(),
    st.sampled_from(["", "x = 1\n", "password = '<YOUR_TOKEN>'\n"]),
)
def test_nothing_is_left_of_a_broken_value(tmp_path_factory, value, wrap, width, place, windows, before):
    """Whatever breaks a value, wherever it stands: it is found, no 8 signs of it stay, all else does."""
    text = before + WRAPS[wrap](value[0], width) + "\nx = 2\n"
    if windows:
        text = text.replace("\r\n", "\n").replace("\n", "\r\n")
    path = tmp_path_factory.mktemp("any") / "a.ipynb"
    path.write_text(nbformat.writes(place(text)), "utf-8")
    assert scan_notebooks(path).leaks
    assert not scrub_notebooks(plan_scrub(path)).refused
    after = path.read_text("utf-8")
    assert [part for part in parts(value[0]) if part in after] == []
    assert after.count("REMOVED_") == after.count(f"REMOVED_{value[1].upper().replace('-', '_')}")
    assert "x = 2" in after
    nbformat.validate(nbformat.reads(after, as_version=4))
    assert scan_notebooks(path).leaks == ()


KNOWN = (
    *((one.text, f"x = {one.text!r}") for one in TOKENS if "\n" not in one.text),
    *(
        (password, f"docker_password = {password!r}")
        for password in ("Tr0ub4dor&3-xY9!qw", "Churn-model-Xk29qPz8vv", made(40, HEX, 3))
    ),
)


def is_python(source):
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


@settings(max_examples=30)
@given(st.sampled_from(KNOWN), st.sampled_from(sorted(SPLITS)), st.sampled_from(MORE_PLACES), st.booleans())
def test_nothing_is_left_of_a_known_value(tmp_path_factory, known, split, place, windows):
    """What one cell holds is gone from all others: however it is parted there, and all else stays valid."""
    value, source = known
    text = SPLITS[split](value)
    book = place(text.replace("\n", "\r\n") if windows else text)
    book.cells.insert(0, v4.new_code_cell(source))
    path = tmp_path_factory.mktemp("any") / "a.ipynb"
    path.write_text(nbformat.writes(book), "utf-8")
    done = scrub_notebooks(plan_scrub(path))
    assert (done.refused, done.left) == ((), ())
    after = path.read_text("utf-8")
    assert [part for part in parts(value) if part in after] == []
    new = nbformat.reads(after, as_version=4)
    nbformat.validate(new)
    for old, cleaned in zip(book.cells, new.cells, strict=True):
        assert is_python(cleaned.source) or not is_python(old.source)
    assert scan_notebooks(path).leaks == ()


@pytest.mark.parametrize("size", [9, 20, 35])
def test_a_token_cut_over_outputs(tmp_path, size):
    """A token that no output shows whole is found in several that follow each other, and taken out of all."""
    token = TOKENS[2].text
    chunks = [token[at : at + size] for at in range(0, len(token), size)]
    outputs = [
        v4.new_output("stream", name=name, text=text)
        for name, text in zip(cycle(("stdout", "stderr")), chunks)
    ]
    path = written(tmp_path, notebook(code("1", *outputs, v4.new_output("stream", text="\nDone"))))
    plan = plan_scrub(path)
    assert {leak.kind_id for leak in plan.leaks} == {"github-token"}
    scrub_notebooks(plan)
    after = path.read_text("utf-8")
    assert [chunk for chunk in chunks if chunk in after] == []
    assert "Done" in after
    assert "stderr" in after


def test_a_name_and_the_next_output_are_no_password(tmp_path):
    """What an output begins with is no value of a name that another one ends with."""
    outputs = [
        v4.new_output("stream", text="docker password: "),
        v4.new_output("stream", name="stderr", text="a1b2c3d4 steps"),
        v4.new_output("stream", text="x5y6z7w8\n"),
    ]
    assert plan_scrub(written(tmp_path, notebook(code("1", *outputs)))).leaks == ()


def test_what_cannot_be_removed_is_told(tmp_path):
    """Where a part stays, as in what Jupyter needs, file and line are told before and after."""
    token = TOKENS[2].text
    book = notebook(code(f"x = '{token}'"), kernelspec={"name": token[8:], "display_name": "x"})
    path = written(tmp_path, book)
    line = next(
        n for n, text in enumerate(path.read_text("utf-8").split("\n"), 1) if f'"{token[8:]}"' in text
    )
    plan = plan_scrub(path)
    done = scrub_notebooks(plan)
    assert [(one.path, one.lines) for one in done.left] == [(str(path), (line,))]
    for result in (plan, done):
        assert f"Not all removed: {path} keeps part of a credential in line {line} of the file." in str(
            result
        )


@pytest.mark.parametrize("between", ["", "\n", " ", "x\n", "\r\n"])
@pytest.mark.parametrize("line", ["docker_password = -p {}", "docker login -p {}", 'x = "-p {}"', "auth {}"])
def test_what_a_key_parted_from_its_command(tmp_path, between, line):
    """Once a key was taken out, what stood before it and behind it is one line: that is searched again."""
    text = f"docker login {between}{private_key()}{line.format(PASSWORD)}"
    path = written(tmp_path, notebook(code(text, v4.new_output("stream", text=text))))
    plan = plan_scrub(path)
    scrub_notebooks(plan)
    after = path.read_text("utf-8")
    if "-p" in line and "x =" not in line:
        assert PASSWORD not in after
    assert scan_notebooks(path).leaks == ()
    assert after.count("REMOVED") == len(plan.leaks)


def test_possible_passwords_stay(tmp_path):
    """What nothing says the use of stays in its notebook, unless it is asked to go."""
    path = written(tmp_path, notebook(code(f'db_password = "{PASSWORD}"'), code(f'x = "{TOKENS[0].text}"')))
    scrub_notebooks(plan_scrub(path))
    assert PASSWORD in path.read_text("utf-8")
    assert TOKENS[0].text not in path.read_text("utf-8")
    scrub_notebooks(plan_scrub(path, strict=True))
    assert 'db_password = \\"REMOVED_POSSIBLE_PASSWORD\\"' in path.read_text("utf-8")


def test_ctrl_c_while_it_is_planned(tmp_path, monkeypatch):
    """Then nothing was changed, and that is told with what was found."""
    book = written(tmp_path, notebook(code(TOKENS[0].text)), "a.ipynb")
    written(tmp_path, notebook(code(TOKENS[0].text)), "b.ipynb")
    before = book.read_bytes()
    real, calls = scan.read_document, []

    def and_ctrl_c(path):
        calls.append(path)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(path)

    monkeypatch.setattr(scan, "read_document", and_ctrl_c)
    with pytest.raises(Stopped, match="1 of 2 files searched, 1 credential found") as caught:
        plan_scrub(tmp_path)
    assert caught.value.__context__ is None
    assert "Nothing was changed." in str(caught.value)
    assert book.read_bytes() == before


QUOTES = st.sampled_from(['"', "'", '"""', "'''"])
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.tuples(QUOTES, TEXT), min_size=1, max_size=5), st.booleans())
def test_any_password_is_replaced_and_the_source_stays_python(tmp_path_factory, passwords, ascii_only):
    """Whatever a password literal holds, the source is Python afterwards, with as many assignments."""
    lines = []
    for quote, text in passwords:
        inner = text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"')
        lines.append(f"docker_password = {quote}{inner}{quote}")
    source = "\n".join(lines)
    book = v4.new_notebook(cells=[v4.new_code_cell(source)])
    path = tmp_path_factory.mktemp("any") / "a.ipynb"
    path.write_text(json.dumps(book, ensure_ascii=ascii_only), "utf-8")
    scrub_notebooks(plan_scrub(path))
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert len(ast.parse(book.cells[0].source).body) == len(passwords)
    assert scan_notebooks(path).leaks == ()


WAYS = (
    "docker_password = ",
    "-p ",
    "docker login ",
    "auth: ",
    '"auth": "',
    "pass=",
    "https://a:",
    "@a.io",
    "Secret(",
)
SIGNS = ('"', "'", "\\", "\n", "é", " ", "{", "}", "%env ")
SECRETS = (TOKENS[0].text, TOKENS[2].text, PASSWORD, LOGIN, private_key())
BITS = st.sampled_from([*WAYS, *SIGNS, *SECRETS])


@given(st.lists(st.lists(BITS, max_size=12).map("".join), max_size=3), st.booleans(), st.booleans())
def test_any_notebook_is_clean_afterwards(tmp_path_factory, texts, joined, ascii_only):
    """Whatever stands in a notebook, scrubbed it is valid, and a second look finds nothing."""
    cells = [v4.new_code_cell(text, outputs=[v4.new_output("stream", text=text)]) for text in texts]
    data = json.loads(nbformat.writes(v4.new_notebook(cells=cells)))
    for cell in data["cells"] if joined else ():
        cell["source"] = "".join(cell["source"])
    path = tmp_path_factory.mktemp("any") / "a.ipynb"
    path.write_text(json.dumps(data, ensure_ascii=ascii_only), "utf-8")
    scrub_notebooks(plan_scrub(path))
    nbformat.validate(nbformat.read(path, as_version=4))
    assert scan_notebooks(path).leaks == ()


def test_how_far_a_plan_is(tmp_path):
    """A watch is told of the files that are planned, behind those that are searched."""
    for name in "ab":
        written(tmp_path, notebook(code(f'x = "{TOKENS[0].text}"')), f"{name}.ipynb")
    words = []
    plan_scrub(tmp_path, watch=Watch(lambda _step, _state, word: words.append(word)))
    assert words[-3:] == [
        "2 of 2 files searched, 2 credentials found",
        "0 of 2 files planned",
        "1 of 2 files planned",
    ]


def cell_of(sample, text):
    """A cell with *text* in the place that *sample* has it."""
    if sample.place == "markdown":
        return v4.new_markdown_cell(text)
    if sample.place == "html":
        return code("df", v4.new_output("display_data", {"text/html": text}))
    if sample.place == "output":
        return code("print(x)", v4.new_output("stream", text=text))
    return code(text if sample.place == "code" else f"%%writefile settings\n{text}")


def structure(text):
    """What has to stay of *text*: its tags, the bars of its lines, its JSON and YAML without values."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError:
        data = None
    keys = re.findall(r"'[\w-]+':", str(data)) if isinstance(data, dict) else []
    return re.findall(r"</?\w+", text), [line.count("|") for line in text.splitlines()], keys


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_passwords_in_commands_and_texts(tmp_path, ends):
    """However a password stands in commands, prose and tables, it goes, and all around it stays as it was."""
    passwords = [f"Zq{number:03}wX!7b" for number, _ in enumerate(ALL)]
    texts = [
        sample.text.format(password).replace("\r\n", "\n").replace("\n", ends)
        for sample, password in zip(ALL, passwords, strict=True)
    ]
    book = notebook(*map(cell_of, ALL, texts))
    path = written(tmp_path, book)
    before = nbformat.read(path, as_version=4)
    scrubbed = scrub_notebooks(plan_scrub(path))
    assert [each.number for each in scrubbed.cleaned] == [len(ALL)]
    after = path.read_text("utf-8")
    assert [password for password in passwords if password in after] == []
    nbformat.validate(nbformat.reads(after, as_version=4))
    assert scan_notebooks(path, strict=True).leaks == ()
    for old, new, password in zip(
        before.cells[1:], nbformat.reads(after, as_version=4).cells[1:], passwords, strict=True
    ):
        had, has = (
            cell.outputs[0].get("text") or cell.outputs[0].data["text/html"]
            if cell.get("outputs")
            else cell.source
            for cell in (old, new)
        )
        assert re.sub("REMOVED_[A-Z_]+", password, has) == had
        assert structure(has) == structure(had)
