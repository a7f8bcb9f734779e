"""Media types are read as containerd reads them: letter for letter, up to the parameters."""

from __future__ import annotations

import pytest

from aicore_magics.http.messages import Response
from aicore_magics.registry.media_types import OCI_MANIFEST, are_attestations, odd_layer, sent_type, type_of

LAYER = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"}
IN_TOTO = {"mediaType": "application/vnd.in-toto+json"}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ({}, ""),
        ({"content-type": ""}, ""),
        ({"content-type": OCI_MANIFEST}, OCI_MANIFEST),
        ({"content-type": f"{OCI_MANIFEST};charset=utf-8"}, OCI_MANIFEST),
        ({"content-type": f"{OCI_MANIFEST} ;charset=utf-8"}, f"{OCI_MANIFEST} "),
        ({"content-type": ";"}, ""),
    ],
)
def test_the_type_that_is_sent(header, kind):
    """Of the header counts what stands before the first semicolon, with its spaces."""
    assert sent_type(Response(200, header, b"", "ghcr.io")) == kind


@pytest.mark.parametrize(
    ("layers", "odd"),
    [
        ([], None),
        (None, None),
        ("layers", None),
        ([LAYER, LAYER], None),
        ([LAYER, {"mediaType": "x"}, IN_TOTO], "x"),
        ([LAYER, {}], ""),
        ([None], ""),
        ([{"mediaType": 1}], ""),
        ([{"mediaType": LAYER["mediaType"].upper()}], LAYER["mediaType"].upper()),
        ([{"mediaType": LAYER["mediaType"] + "\n"}], LAYER["mediaType"] + "\n"),
    ],
)
def test_a_layer_of_another_type(layers, odd):
    """The first layer that is no plain or packed tar gives its type, also if that is empty."""
    assert odd_layer(layers) == odd


@pytest.mark.parametrize("layers", [[], None, {}, [LAYER, IN_TOTO], [None], [{"mediaType": "x"}]])
def test_what_is_no_attestation(layers):
    """Only where there is something, and nothing but attestations, it is one."""
    assert not are_attestations(layers)
    assert are_attestations([IN_TOTO])


@pytest.mark.parametrize("part", [None, [], "x", {}, {"mediaType": None}, {"mediaType": ["x"]}])
def test_a_part_without_a_type(part):
    """What has no type that is a text has none."""
    assert type_of(part) == ""
