"""Only buttons that can be pressed are there."""

from __future__ import annotations

import pytest

from aicore_magics.jupyter.form_bar import Bar


def test_buttons():
    """What is offered can be pressed, in its order; what is not, or is disabled, cannot."""
    pressed = []
    bar = Bar({key: lambda key=key: pressed.append(key) for key in ("store", "check", "stop")})
    bar.offer("store", "check")
    assert [button.description for button in bar.widget.children] == ["Create", "Check"]
    bar.press("check")
    with pytest.raises(ValueError, match="Cancel"):
        bar.press("stop")
    bar.disable("store", disabled=True)
    with pytest.raises(ValueError, match="Create"):
        bar.press("store")
    bar.disable("store", disabled=False)
    bar.word("store", "Replace…")
    bar.press("store")
    assert pressed == ["check", "store"]
    assert bar.widget.children[0].description == "Replace…"
    assert "mod-primary" in bar.widget.children[0]._dom_classes
