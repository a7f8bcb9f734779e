"""What a browser makes of a widget."""

from __future__ import annotations


def classes(widget):
    """Give the CSS classes of *widget*."""
    return widget._dom_classes
