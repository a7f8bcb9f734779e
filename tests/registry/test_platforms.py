"""Which platforms a node for linux/amd64 takes: the spellings and the order of containerd/platforms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.registry.platforms import Platform

# As containerd/platforms spells them: database.go, `normalizeOS` and `normalizeArch`, in full.
SPELLINGS = {
    "linux/amd64": "linux/amd64",
    "Linux/AMD64": "linux/amd64",
    "LINUX/x86_64": "linux/amd64",
    "linux/x86-64": "linux/amd64",
    "linux/X86_64/v1": "linux/amd64",
    "linux/amd64/V1": "linux/amd64",
    "linux/amd64/v2": "linux/amd64/v2",
    "linux/x86_64/V3": "linux/amd64/v3",
    "linux/amd64/1": "linux/amd64/1",
    "linux/386": "linux/386",
    "linux/i386": "linux/386",
    "linux/I386/v6": "linux/386",
    "linux/386/v6": "linux/386/v6",
    "linux/i686": "linux/i686",
    "linux/aarch64": "linux/arm64",
    "linux/AArch64/v8": "linux/arm64",
    "linux/arm64/8": "linux/arm64",
    "linux/arm64/v8.0": "linux/arm64",
    "linux/arm64/v8.2": "linux/arm64/v8.2",
    "linux/arm64/9": "linux/arm64/v9",
    "linux/arm64/9.0": "linux/arm64/v9",
    "linux/arm64/v9.0": "linux/arm64/v9",
    "linux/armhf": "linux/arm/v7",
    "linux/armhf/v6": "linux/arm/v7",
    "linux/armel": "linux/arm/v6",
    "linux/arm": "linux/arm/v7",
    "linux/arm/7": "linux/arm/v7",
    "linux/arm/6": "linux/arm/v6",
    "linux/arm/5": "linux/arm/v5",
    "linux/arm/8": "linux/arm/v8",
    "linux/arm/v6": "linux/arm/v6",
    "macOS/aarch64": "darwin/arm64",
    "macos/x86_64": "darwin/amd64",
    "Windows/amd64": "windows/amd64",
    "linux/s390x": "linux/s390x",
    "linux/PPC64LE": "linux/ppc64le",
    "unknown/unknown": "unknown/unknown",
}
# What a node for linux/amd64 without a variant matches: compare.go, `platformVector`.
FITS = {
    "linux/amd64": "sure",
    "linux/x86_64/v1": "sure",
    "Linux/AMD64/": "sure",
    "linux/386": "32 bit",
    "linux/i386/x": "32 bit",
    "linux/amd64/v2": "unsure",
    "linux/x86-64/v3": "unsure",
    "linux/amd64/v4": "unsure",
    "linux/amd64/haswell": "unsure",
    "linux/386/v2": "none",
    "linux/arm64": "none",
    "linux/arm64/v8": "none",
    "linux/amd64p32": "none",
    "linux/i686": "none",
    "windows/amd64": "none",
    "macos/amd64": "none",
    "freebsd/amd64": "none",
    "unknown/unknown": "none",
    "linux/unknown": "none",
}


def made(text, **more):
    """The platform that *text* writes, as an index has it."""
    system, architecture, *variant = text.split("/")
    return {
        "os": system,
        "architecture": architecture,
        **({"variant": variant[0]} if variant else {}),
        **more,
    }


@pytest.mark.parametrize(("written", "meant"), SPELLINGS.items())
def test_spellings(written, meant):
    """However a platform is written, it is what containerd reads in it; and that is read the same again."""
    assert str(Platform.parse(made(written))) == meant
    assert str(Platform.parse(made(meant))) == meant


@pytest.mark.parametrize(("written", "fit"), FITS.items())
def test_what_fits(written, fit):
    """amd64 without a variant fits for sure, 386 in its place, a variant perhaps, nothing else."""
    assert Platform.parse(made(written)).fit == fit


@pytest.mark.parametrize(
    ("more", "fit"),
    [
        ({"os.version": "10.0.17763"}, "sure"),
        ({"os.features": []}, "sure"),
        ({"os.features": None}, "sure"),
        ({"os.features": ["sse4"]}, "unsure"),
        ({"features": ["sse4"]}, "sure"),
    ],
)
def test_version_and_features_of_the_system(more, fit):
    """On Linux a version of the system is not looked at; features are, by new releases."""
    assert Platform.parse(made("linux/amd64", **more)).fit == fit
    narrow = Platform.parse(made("linux/386", **more)).fit
    assert narrow == ("32 bit" if fit == "sure" else "unsure")


@pytest.mark.parametrize(
    "data",
    [
        None,
        "linux/amd64",
        [],
        {},
        {"os": "linux"},
        {"os": "linux", "architecture": ""},
        {"os": "linux", "architecture": 64},
        {"os": ["linux"], "architecture": "amd64"},
        {"os": "linux", "architecture": "amd64\n"},
        {"os": "linux", "architecture": "a" * 33},
        {"os": "linux", "architecture": "amd64", "variant": 3},
        {"os": "linux", "architecture": "amd64", "variant": "v 3"},
    ],
    ids=repr,
)
def test_what_is_no_platform(data):
    """What says no platform in plain words is none, fits nothing, and is not shown."""
    platform = Platform.parse(data, default_os="linux")
    assert (platform.known, platform.fit, str(platform)) == (False, "none", "")


def test_a_platform_without_a_system():
    """An entry that names no operating system is for the node's own; a config alone does not say so."""
    assert Platform.parse({"architecture": "amd64"}, default_os="linux").fit == "sure"
    assert Platform.parse({"os": "", "architecture": "x86_64"}, default_os="linux").fit == "sure"
    assert not Platform.parse({"architecture": "amd64"}).known


def test_an_unknown_word_stays_as_it_is():
    """What is no word of any platform is shown as it came: it may be a secret, which is masked as it is."""
    assert str(Platform.parse(made("Linux/HUNTER_Two/ARM_x"))) == "linux/HUNTER_Two/ARM_x"
    assert str(Platform.parse(made("Hunter/AMD64/Haswell"))) == "Hunter/amd64/Haswell"


@given(
    st.dictionaries(st.sampled_from(["os", "architecture", "variant", "os.features"]), st.none() | st.text())
)
def test_no_platform_is_too_odd(data):
    """Whatever stands in a platform, nothing but plain words comes out of it."""
    platform = Platform.parse(data, default_os="linux")
    assert all(part.isascii() for part in str(platform).split("/"))
    assert platform.fit in ("sure", "32 bit", "unsure", "none")
