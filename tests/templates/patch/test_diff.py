from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.patch.diff import unified


def test_nothing_where_nothing_differs():
    """Equal texts have no diff."""
    assert unified("a: 1\n", "a: 1\n", "x.yaml") == ""


def test_lines_that_differ_stand_between_three_others():
    """What goes and what comes, with three lines before and after it, under the path."""
    before = "".join(f"k{i}: {i}\n" for i in range(10))
    lines = unified(before, before.replace("k5: 5", "k5: x"), "dir/x.yaml").split("\n")
    assert lines == [
        *("--- dir/x.yaml", "+++ dir/x.yaml", "@@ -3,7 +3,7 @@"),
        *(" k2: 2", " k3: 3", " k4: 4", "-k5: 5", "+k5: x", " k6: 6", " k7: 7", " k8: 8"),
    ]


def test_a_line_break_at_the_end_is_seen():
    """A last line that only lost or got its line break, and a CRLF for an LF, count as changes."""
    assert "-a: 1" in unified("a: 1\n", "a: 1", "x")
    assert "-a: 1" in unified("a: 1\r\n", "a: 1\n", "x")


def test_a_token_is_never_shown():
    """A token that somebody pasted in place of a name is said to be there, and not repeated."""
    token = "ghp_" + 36 * "Q7"
    shown = unified(f"a: 1\n- name: {token}\nb: 2\n", "a: 1\n- name: team-ghcr\nb: 2\n", "x.yaml")
    assert token not in shown
    assert "-(this line contains what looks like a GitHub token)" in shown
    assert "+- name: team-ghcr" in shown


@given(st.text(alphabet="ab\n\r", max_size=30), st.text(alphabet="ab\n\r", max_size=30))
def test_each_line_is_one_line(before, after):
    """Whatever the line breaks, each line of the diff begins with what it means."""
    lines = unified(before, after, "x").split("\n")
    assert bool(lines[0]) == (before != after)
    assert all(line[0] in " +-@" for line in lines if before != after)
    assert not any("\r" in line for line in lines)
