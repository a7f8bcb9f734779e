"""%aicore_connect in a real kernel: what its card suggests is a line that works."""

from __future__ import annotations


def test_the_first_success(kernel):
    """Two short lines and the line of the card, as it stands, end with a stored secret that can pull."""
    card = kernel.run("%aicore_connect --sandbox")
    (line,) = [row.strip() for row in card.text.splitlines() if row.strip().startswith("%aicore_docker")]
    done = kernel.run(line)
    assert done.ename == ""
    assert done.text.startswith("Secret team-churn created.\n")
    assert "can be pulled: login accepted, linux/amd64" in done.text
    assert "can be pulled" in kernel.run(line.replace("create team-churn", "check")).text
    # What is there is not offered again; nor is anything where there is no room.
    (first, *_) = kernel.run("%aicore_connect --status").text.partition("Next: ")[2].splitlines()
    assert first == "use team-churn in a template"
    unchecked = kernel.run(line.replace("create", "update") + " --no-check").text
    (again,) = [row.strip() for row in unchecked.splitlines() if " check --image" in row]
    assert "Image can be pulled" in kernel.run(again).text


def test_the_registry_of_the_sandbox_is_a_value(kernel):
    """A notebook takes the image from the result, for its host has another port each time."""
    cell = kernel.run("sandbox = %aicore_connect --sandbox\nsandbox.registry.image")
    host, _, image = cell.text.strip("'").partition("/")
    assert host.startswith("127.0.0.1:")
    assert image == "acme/churn:1.4"
