"""Completion in real shells: a line is typed, Tab is pressed, and the line is read back."""

from __future__ import annotations

import shutil
import subprocess

import pexpect
import pytest

from aicore_magics.cli.completion import SHELLS, script
from aicore_magics.grammar.grammar import WIDTH
from aicore_magics.grammar.words import WrongUse
from tests.waiting import PATIENCE, until

# What is typed before Tab, and what stands there after it. A file is completed to its end.
LINES = [
    ("jupyter aicore qu", "jupyter aicore quota "),
    ("jupyter-aicore qu", "jupyter-aicore quota "),
    ("jupyter aicore temp", "jupyter aicore template "),
    ("jupyter aicore template pat", "jupyter aicore template patch "),
    ("jupyter aicore template patch --repl", "jupyter aicore template patch --replace "),
    ("jupyter aicore create team-a --prof", "jupyter aicore create team-a --profile "),
    ("jupyter aicore list --profile dev", "jupyter aicore list --profile dev "),
    ("jupyter aicore list --service-key ke", "jupyter aicore list --service-key key.json "),
    ("jupyter aicore list --service-key a", "jupyter aicore list --service-key a.yaml "),
    ("jupyter aicore list --service-key-env MY_", "jupyter aicore list --service-key-env MY_KEY "),
    ("jupyter aicore list --profile def", "jupyter aicore list --profile default "),
    ("jupyter aicore help quo", "jupyter aicore help quota "),
    (
        "jupyter aicore create x1 --password-env ghcr.io=MY_",
        "jupyter aicore create x1 --password-env ghcr.io=MY_KEY ",
    ),
    ("jupyter aicore create x1 --login quay", "jupyter aicore create x1 --login quay.io="),
    ("jupyter aicore create x1 --image quay", "jupyter aicore create x1 --image quay.io/"),
    (
        "jupyter aicore template workflow x1 --request cp",
        "jupyter aicore template workflow x1 --request cpu=",
    ),
    ("jupyter aicore template serving x1 --plan star", "jupyter aicore template serving x1 --plan starter "),
    (
        "jupyter aicore template serving x1 --secret-env A",
        "jupyter aicore template serving x1 --secret-env A",
    ),
    (
        "jupyter aicore template serving x1 --secret-env A=",
        "jupyter aicore template serving x1 --secret-env A=",
    ),
    (
        "jupyter aicore template serving x1 --pull-policy Ne",
        "jupyter aicore template serving x1 --pull-policy Never ",
    ),
    ("jupyter aicore create x1 --as cu", "jupyter aicore create x1 --as curl "),
    ("jupyter aicore create x1 --password-env MY_", "jupyter aicore create x1 --password-env MY_KEY "),
    ("jupyter aicore check --for serv", "jupyter aicore check --for serving "),
    ("jupyter aicore check --registry quay", "jupyter aicore check --registry quay.io "),
    ("jupyter aicore scan --format sa", "jupyter aicore scan --format sarif "),
    ("jupyter aicore scan --format=sa", "jupyter aicore scan --format=sarif "),
    ("jupyter aicore list --format sa", "jupyter aicore list --format sa"),
    ("jupyter aicore template check a", "jupyter aicore template check a.yaml "),
    ("jupyter aicore template check k", "jupyter aicore template check k"),
    ("jupyter aicore template check fol", "jupyter aicore template check folder/"),
    ("jupyter aicore template workflow x1 --out a", "jupyter aicore template workflow x1 --out a.yaml "),
    ("jupyter aicore template workflow x1 --out k", "jupyter aicore template workflow x1 --out k"),
    ("jupyter aicore scan k", "jupyter aicore scan key.json "),
    ("jupyter aicore template check --disable image-t", "jupyter aicore template check --disable image-tag "),
    ("jupyter aicore rules image-t", "jupyter aicore rules image-tag "),
    ("jupyter aicore sandbox --service-key-f", "jupyter aicore sandbox --service-key-file "),
    ("jupyter aicore completion z", "jupyter aicore completion zsh "),
    ("jupyter aicore create --no-c", "jupyter aicore create --no-check "),
    ("jupyter aicore check --no-c", "jupyter aicore check --no-c"),
    ("jupyter aicore tut", "jupyter aicore tutorials "),
    ("jupyter aicore tutorials fol", "jupyter aicore tutorials folder/"),
    ("jupyter aicore tutorials k", "jupyter aicore tutorials k"),
    ("jupyter aicore verify --rem", "jupyter aicore verify --remove "),
    ("jupyter aico", "jupyter aicore "),
]
# Ctrl-X r writes the line to a file.
READ_BACK = {
    "bash": """bind -x '"\\C-xr": printf "%s|" "$READLINE_LINE" >line'""",
    "zsh": "read_back() { print -nr -- \"$BUFFER|\" >line }; zle -N read_back; bindkey '^Xr' read_back",
}
COMMAND = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}
READY = {"bash": "true", "zsh": "autoload -Uz compinit; compinit -D; unsetopt beep auto_menu list_ambiguous"}


@pytest.fixture(params=SHELLS)
def shell(request, tmp_path):
    """A shell that somebody types into, with the completion as the help says to set it up."""
    name = request.param
    if not shutil.which(name):
        pytest.skip(f"left out: it needs the program {name}")
    for file in ("key.json", "a.yaml"):
        (tmp_path / file).touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config_dev.json").touch()
    (tmp_path / "home" / "config.json").touch()
    (tmp_path / "completion").write_text(script([name]))
    env = {
        "PATH": "/usr/bin:/bin",
        "TERM": "dumb",
        "MY_KEY": "x",
        "AICORE_HOME": str(tmp_path / "home"),
        "LC_ALL": "C.UTF-8",
    }
    typed = pexpect.spawn(name, COMMAND[name], cwd=tmp_path, env=env, timeout=PATIENCE, encoding="utf-8")
    typed.delaybeforesend = None
    for line in (READY[name], READ_BACK[name], '. ./completion; echo "rea"dy'):
        typed.sendline(line)
    typed.expect("ready")
    yield typed, tmp_path / "line"
    typed.close(force=True)


def test_lines(shell):
    """Commands, options and values are completed, and nothing that cannot stand there."""
    typed, read = shell
    seen = []
    for line, _ in LINES:
        read.unlink(missing_ok=True)
        typed.send(f"{line}\t\x18r")
        text = until(lambda: read.exists() and read.read_text().endswith("|") and read.read_text())
        seen.append((line, text.removesuffix("|")))
        typed.send("\x05\x15")  # to the end, and away with it
    assert {line: text.rstrip() for line, text in seen if text.rstrip() != dict(LINES)[line].rstrip()} == {}


@pytest.mark.needs("bash")
def test_what_completed_jupyter_before(tmp_path):
    """Whoever completed Jupyter's other subcommands before goes on to do so, also after a second time."""
    (tmp_path / "completion").write_text(script(["bash"]))
    program = """
        _theirs() { COMPREPLY=(theirs); }
        complete -F _theirs jupyter
        . ./completion; . ./completion
        COMP_WORDS=(jupyter la) COMP_CWORD=1; _jupyter_aicore_or_other; echo "${COMPREPLY[@]}"
        COMP_WORDS=(jupyter aicore quo) COMP_CWORD=2; _jupyter_aicore_or_other; echo "${COMPREPLY[@]}"
    """
    ended = subprocess.run(
        ["bash", "--norc", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert (ended.stdout.split(), ended.stderr) == (["theirs", "quota"], "")


@pytest.mark.parametrize("words", [[], ["fish"], ["bash", "zsh"]])
def test_no_other_shell(words):
    """Another shell is refused with the two that there are."""
    with pytest.raises(WrongUse, match="completion takes bash or zsh"):
        script(words)


@pytest.mark.parametrize("ask", ["--help", "-h"])
def test_how_to_set_it_up(ask):
    """The help has the line for each shell, and is no wider than any other."""
    assert all(len(line) <= WIDTH for line in script([ask]).splitlines())
    assert all(f'eval "$(jupyter aicore completion {name})"' in script([ask]) for name in SHELLS)
