"""Scenes run: the trace of a scene, as the page, the command line and notebooks get it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from unrolled.engine import encoder_decoder_trace
from unrolled.engine import trace as engine
from unrolled.engine.check import Problem
from unrolled.engine.decoding import greedy
from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace
from unrolled.engine.trace import Trace
from unrolled.scenes import build
from unrolled.scenes.plan import Plan


def trace(plan: Plan, gradients: bool = False) -> Trace:
    """Every value of the scene, and with `gradients` every gradient."""
    if plan.decoder is not None:
        return _two_stacks(plan, gradients)
    found = engine.trace(
        build.network(plan), build.inputs(plan), gradients=gradients, **_surroundings(plan)
    )
    if plan.network.shape != "one-to-many" or found.input_gradients is None:
        return found
    # One row was given: what reaches its copies, one for each step, is its own.
    rows = found.input_gradients if plan.network.repeat else found.input_gradients[:1]
    return replace(found, input_gradients=rows.sum(axis=0, keepdims=True))


def _two_stacks(plan: Plan, gradients: bool) -> EncoderDecoderTrace:
    return encoder_decoder_trace.trace(
        build.encoder_decoder(plan), build.inputs(plan), steps=plan.steps, gradients=gradients,
        decoder_inputs=build.decoder_inputs(plan), **_surroundings(plan),
    )  # fmt: skip


def problem(plan: Plan) -> Problem:
    """The scene as something to differentiate; a decoder that feeds itself is given its rows."""
    if plan.decoder is None:
        return Problem(build.network(plan), build.inputs(plan), **_surroundings(plan))
    network, x = build.encoder_decoder(plan), build.inputs(plan)
    given, rest = build.decoder_inputs(plan), _surroundings(plan)
    if given is None:
        given = greedy(network, x, plan.steps, rest["initial"], rest["static"])
    return Problem(network, x, decoder_inputs=given, **rest)


def _surroundings(plan: Plan) -> dict[str, Any]:
    return {
        "initial": build.initial(plan),
        "static": build.static(plan),
        "targets": plan.scene.targets,
        "loss": plan.scene.loss,
    }
