"""The magics are plain line magics: their result can be assigned, and nothing on their line is expanded."""

from __future__ import annotations

import json


def test_a_result_can_be_assigned_and_is_data(connected):
    """X = %magic gives the result; nothing is printed, and to_dict is ready for JSON."""
    cell = connected.run("x = %aicore_docker_secret list\nimport json\nprint(json.dumps(x.to_dict()))")
    assert json.loads(cell.stream)["names"] == []
    assert cell.text == ""


def test_dollars_and_braces_are_left_alone(connected, sandbox):
    """Robot accounts have dollars in their names: IPython's own expansion is off."""
    connected.run("Xq7 = 'REPLACED'")
    cell = connected.run(
        "%aicore_docker_secret create team-ghcr --registry ghcr.io --username 'robot$Xq7+{Xq7}' "
        "--password-env GHCR_SECRET"
    )
    assert "user robot$Xq7+{Xq7}" in cell.text
    assert json.loads(sandbox.state.secrets["team-ghcr"])["auths"]["ghcr.io"]["username"] == "robot$Xq7+{Xq7}"


def test_a_word_in_braces_is_a_variable(connected, sandbox):
    """A word that is exactly {name} stands for that variable."""
    connected.run("secret_name = 'team-ghcr'")
    connected.run(
        "%aicore_docker_secret create {secret_name} --registry ghcr.io --username anna "
        "--password-env GHCR_SECRET"
    )
    assert list(sandbox.state.secrets) == ["team-ghcr"]


def test_the_question_mark_says_what_it_is(shell):
    """%magic? shows one line, and where to read on."""
    for magic in ("aicore_connect", "aicore_docker_secret"):
        doc = shell.find_line_magic(magic).__doc__
        assert len(doc.splitlines()) == 1
        assert f"%{magic} --help" in doc


def test_two_kernels_do_not_share(shell, connected):
    """What one kernel is connected to, another does not know."""
    assert "Not connected" in repr(shell.run_line_magic("aicore_connect", "--status"))
