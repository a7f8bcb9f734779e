"""What a serving template alone is made of."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import astuple

from aicore_magics.templates.generate.serving_parts import Autoscaling, ServingOptions


def test_nothing_is_guessed():
    """What AI Core, Knative or Kubernetes decide by themselves is left to them."""
    options = ServingOptions()
    assert options.autoscaling == Autoscaling()
    assert not any(astuple(options.autoscaling))
    assert (options.concurrency, options.timeout, options.grace, options.readiness) == (None,) * 4


def test_a_workflow_is_made_without_them():
    """Who makes a workflow, as most do first, waits for nothing that only a server needs."""
    script = """
import sys
from aicore_magics import workflow_template
from aicore_magics.templates import Container

run = Container(args=["python train.py"])
workflow_template("churn", image="ghcr.io/acme/churn:1.4", scenario="churn", container=run)
print([name for name in sys.modules if "generate.serving" in name or "generate.predictor" in name])
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
