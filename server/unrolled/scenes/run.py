"""Scenes run: the trace of a scene, as the page, the command line and notebooks get it."""

from __future__ import annotations

from dataclasses import replace

from unrolled.engine import trace as engine
from unrolled.engine.trace import Trace
from unrolled.scenes import build
from unrolled.scenes.plan import Plan


def trace(plan: Plan, gradients: bool = False) -> Trace:
    """Every value of the scene, and with `gradients` every gradient."""
    scene = plan.scene
    found = engine.trace(
        build.network(plan),
        build.inputs(plan),
        initial=build.initial(plan),
        static=build.static(plan),
        targets=scene.targets,
        loss=scene.loss,
        gradients=gradients,
    )
    if plan.network.shape != "one-to-many" or found.input_gradients is None:
        return found
    # One row was given: what reaches its copies, one for each step, is its own.
    rows = found.input_gradients if plan.network.repeat else found.input_gradients[:1]
    return replace(found, input_gradients=rows.sum(axis=0, keepdims=True))
