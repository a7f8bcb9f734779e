import json

import pytest

from aicore_magics.sandbox import registry_answers as answers


def entry(answer):
    (only,) = json.loads(answer.body)["errors"]
    return only


def test_document():
    """A document is JSON as Go writes it: no spaces, and a line end."""
    answer = answers.document({"name": "\xe4", "tags": [1, 2]})
    assert answer.body.decode() == '{"name":"\xe4","tags":[1,2]}\n'
    assert (answer.status, answer.content_type) == (200, "application/json; charset=utf-8")


def test_error():
    """An error has the status and the words of its code, and says nothing else unless it is told to."""
    answer = answers.error("NAME_UNKNOWN", detail={"name": "x"})
    said = {"code": "NAME_UNKNOWN", "message": "repository name not known to registry"}
    assert (answer.status, entry(answer)) == (404, {**said, "detail": {"name": "x"}})
    assert "detail" not in entry(answers.error("NAME_UNKNOWN"))
    assert entry(answers.error("NAME_UNKNOWN", message="other words", detail=None)) == {
        "code": "NAME_UNKNOWN",
        "message": "other words",
        "detail": None,
    }


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "UNAUTHORIZED"),
        (403, "DENIED"),
        (405, "UNSUPPORTED"),
        (429, "TOOMANYREQUESTS"),
        (500, "UNKNOWN"),
        (503, "UNAVAILABLE"),
        (404, "UNKNOWN"),
        (418, "UNKNOWN"),
    ],
)
def test_ordered(status, code):
    """An error that was ordered has the code that goes with its status, or none in particular."""
    answer = answers.ordered(status, ("Retry-After", "5"))
    assert (answer.status, entry(answer)["code"], answer.headers) == (status, code, (("Retry-After", "5"),))


def test_unauthorized():
    """Whoever is turned away hears how to ask, and what for."""
    answer = answers.unauthorized("Basic x", "acme/churn")
    assert (answer.status, answer.headers) == (401, (("WWW-Authenticate", "Basic x"),))
    assert entry(answer)["detail"] == [
        {"Type": "repository", "Class": "", "Name": "acme/churn", "Action": "pull"}
    ]
    assert entry(answers.unauthorized("Basic x", ""))["detail"] is None


def test_unsupported():
    """A write is told that there are none."""
    answer = answers.unsupported()
    assert (answer.status, entry(answer)["code"], answer.headers) == (
        405,
        "UNSUPPORTED",
        (("Allow", "GET, HEAD"),),
    )


def test_nowhere():
    """What is no address of a registry gets no JSON."""
    answer = answers.nowhere()
    assert (answer.status, answer.body, answer.content_type) == (
        404,
        b"404 page not found\n",
        "text/plain; charset=utf-8",
    )
