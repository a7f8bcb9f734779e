"""How a manifest was come by says whose it is: the login's, or everybody's."""

from __future__ import annotations

from typing import get_args

import pytest

from aicore_magics.http.messages import Response
from aicore_magics.registry.api import NOBODY
from aicore_magics.registry.manifest_answer import Entered, ManifestAnswer
from aicore_magics.registry.platforms import Platform
from tests.registry.test_verdict_texts import telling

PUBLIC = {"public", "public, any login", "public, not tried"}


@pytest.mark.parametrize("entered", get_args(Entered))
def test_whose_it_is(entered):
    """What anybody gets is nobody's in particular, and each way has its words: public, or can be pulled."""
    found = ManifestAnswer(Response(200, {}, b"{}", "ghcr.io"), NOBODY, entered, "/v2/")
    assert found.for_login is (entered not in PUBLIC)
    verdict = telling().fine(entered, Platform("linux", "amd64"), 1)
    assert verdict.outcome == ("public" if entered in PUBLIC else "ok")
    assert ("not checked" in verdict.reason) is ("any login" in entered)
