"""The defaults of a serving template are AI Core's own, as far as it has any."""

from __future__ import annotations

import pytest

from aicore_magics.templates.making.serving_parts import Autoscaling, Probe, ServingOptions


@pytest.mark.parametrize("part", [Autoscaling(), Probe("/"), ServingOptions()])
def test_parts_do_not_change(part):
    """A part is a value: what was made with it does not change behind one's back."""
    with pytest.raises(AttributeError):
        setattr(part, part._fields[0], "other")


def test_nothing_is_guessed():
    """What AI Core, Knative or Kubernetes decide by themselves is left to them."""
    options = ServingOptions()
    assert options.autoscaling == Autoscaling()
    assert not any(options.autoscaling)
    assert (options.concurrency, options.timeout, options.grace, options.readiness) == (None,) * 4
