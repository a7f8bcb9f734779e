"""What a scheduled run has left is read back as it was, or refused."""

from __future__ import annotations

import copy
import json

import pytest

from aicore_magics.actions.rotation_record import recorded_rotation
from aicore_magics.errors import InvalidFile
from tests.actions.rotation_examples import DONE_9, DONE_50, DONE_711, STOPPED, THE_SAME, UNDONE

DATA = DONE_711.to_dict()


def written(folder, data):
    path = folder / "rotation.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return str(path)


def places(data, at=()):
    """Each place in *data* at which something stands."""
    yield at
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from places(value, (*at, key))


@pytest.mark.parametrize("done", [DONE_9, DONE_50, DONE_711, STOPPED, THE_SAME, UNDONE])
def test_what_was_written_is_read(done, tmp_path):
    """The outcome of a run says the same, whether it was read back or not."""
    status = recorded_rotation(written(tmp_path, done.to_dict()))
    assert status.recorded.to_dict() == done.to_dict()
    assert status.recorded.report() == done.report()
    assert status.report().headline == f"Recorded run {done.outcomes.run}: {done.report().headline}"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"result": "SecretStored"}', "[" * 100_000, '{"result": "RotationDone"}'],
)
def test_what_is_no_record_is_refused(text, tmp_path):
    """Any other file is refused, and what to give is said."""
    with pytest.raises(InvalidFile, match="--format json"):
        recorded_rotation(written(tmp_path, text))


def test_a_file_that_is_not_there(tmp_path):
    """A file that cannot be read is refused with its reason."""
    with pytest.raises(InvalidFile):
        recorded_rotation(str(tmp_path / "none.json"))


@pytest.mark.parametrize("wrong", [None, 7, -1, True, "x", "x" * 3000, [], ["x"], {}, {"x": 1}], ids=repr)
def test_whatever_was_changed_in_it(wrong, tmp_path):
    """With one value replaced by another, it is read or refused, and what is read can be shown."""
    shown = 0
    for at in places(json.loads(json.dumps(DATA))):
        data = json.loads(json.dumps(DATA))
        if at:
            holder = data
            for key in at[:-1]:
                holder = holder[key]
            holder[at[-1]] = copy.deepcopy(wrong)
        else:
            data = wrong
        try:
            status = recorded_rotation(written(tmp_path, data))
        except InvalidFile:
            continue
        shown += bool(str(status))
    assert shown or wrong in (None, -1, [], {})
