import pytest
import yaml

from aicore_magics.templates.yaml.scalars import other_reading, plain

DATES = [
    "2024-01-01",
    "2024-1-1",
    "2024-01-01T10:00:00Z",
    "2024-01-01 10:00:00",
    "2024-01-01t1:00:00.5 +02:00",
]
BASE_60 = ["12:30", "12:30:45", "1:0", "190:20:30.15"]
TEXTS = [
    "1.2.3",
    "2024-01",
    "2024-01-01-x",
    "99:99",
    "1:2:",
    "x",
    "",
    "12:30:45:x",
    "20240101T1",
    "0:1 x",
    "a:1",
]


@pytest.mark.parametrize("text", [*DATES, *BASE_60])
def test_what_other_readers_take_for_something_else(text):
    """PyYAML, a reader of YAML 1.1, gives no text; Kubernetes' reader does."""
    assert plain(text) == text
    assert other_reading(text) == ("a date" if text in DATES else "a number")
    if text != "2024-1-1":  # a date by the letter of YAML 1.1 is not one to PyYAML
        assert not isinstance(yaml.safe_load(text), str)


@pytest.mark.parametrize("text", TEXTS)
def test_what_all_take_for_a_text(text):
    """Versions, halves of dates, and hours that there are not."""
    assert other_reading(text) == ""


def test_a_long_text_is_no_date():
    """It takes no time."""
    assert other_reading("1" + ":1" * 10_000) == ""
