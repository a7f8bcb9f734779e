from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.file_names import why_no_name

DEVICES = ["con", "prn", "aux", "nul", "conin$", "conout$"]
DEVICES += [f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"]
FORMS = ["{}.yaml", "{}.tar.yaml", "{} .yaml", "sub/{}.yaml", "{}/a.yaml", "{}.d/a.yaml"]
NO_WINDOWS = "cannot be checked out on Windows"


def reason(path):
    return why_no_name(path, (".yaml",))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("device", DEVICES)
def test_the_devices_of_windows(device, form):
    """A name that is a device's on Windows is refused, with any ending, in any letters, also of a folder."""
    for name in (device, device.upper(), device.title()):
        assert reason(form.format(name)).startswith(NO_WINDOWS)


@pytest.mark.parametrize(
    "name",
    ["null", "nulls", "com", "com10", "lpt", "console", "auxiliary", "a-nul", "a.nul", "com-1"],
)
def test_what_only_looks_like_a_device(name):
    """Only the whole name before the first dot counts."""
    assert reason(f"{name}.yaml") == ""


@pytest.mark.parametrize("sign", '<>:"|?*')
def test_signs_that_windows_has_not(sign):
    """A sign that no name on Windows has is refused, wherever it stands."""
    for path in (f"ab{sign}c.yaml", f"ab{sign}/c.yaml"):
        assert reason(path) == f"{NO_WINDOWS}: a name there cannot have {sign}"


@pytest.mark.skipif(os.sep == "\\", reason="it stands between folders there")
def test_a_backslash():
    """A backslash would be a part of the name here, and a folder there."""
    assert reason("sub\\a.yaml") == f"{NO_WINDOWS}: a name there cannot have \\"


@pytest.mark.parametrize("path", ["a./b.yaml", "a /b.yaml", "a/b. /c.yaml"])
def test_what_windows_would_drop(path):
    """A dot or a space at the end of a name is refused: Windows drops it."""
    assert reason(path) == f"{NO_WINDOWS}: a name there cannot end in a dot or a space"


@pytest.mark.parametrize(
    "path",
    [
        *("", " ", "a\nb.yaml", "a\rb.yaml", "a\x00.yaml", "a\x85.yaml", "a\u2028.yaml"),
        *("a\ud800.yaml", "a\udcff.yaml", "\x1b[1ma.yaml"),
    ],
)
def test_what_is_no_text(path):
    """Control characters, line breaks, and bytes that are no UTF-8 stand in no name."""
    assert reason(path) == "has no usable name"


@pytest.mark.parametrize("path", ["a.yaml", "sub/a.yaml", "./a.yaml", "ä €.yaml", "-a.yaml", "A.YAML"])
def test_names_that_are_good_everywhere(path):
    """Other names are taken as they are."""
    assert reason(path) == ""


@given(st.text(max_size=40).map(lambda text: f"{text}.yaml"))
def test_any_text_is_a_name_or_none(text):
    """Whatever is given, there is an answer; what is accepted stays below its folder, on both systems."""
    if reason(text) == "":
        assert text.encode()
        assert not set(text) & set('<>:"|?*\\\0\n\r')
        assert ".." not in text.split("/")
