"""Scenes as Hypothesis makes them: always right, of any cell, depth and direction."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from unrolled.engine.cell import catalogue

numbers = st.integers(-5, 5) | st.floats(-5, 5, allow_subnormal=False)


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """A layer with seeded weights."""
    cell = catalogue()[draw(st.sampled_from(sorted(catalogue())))]
    document: dict[str, Any] = {"cell": cell.id, "units": draw(st.integers(1, 4))}
    if draw(st.booleans()):
        document["direction"] = draw(st.sampled_from(["forward", "backward", "bidirectional"]))
    if document.get("direction") == "bidirectional" and draw(st.booleans()):
        document["merge"] = draw(st.sampled_from(["concat", "sum"]))
    if draw(st.booleans()):
        document["options"] = {
            option: draw(st.sampled_from(allowed)) for option, allowed in cell.options.items()
        }
    return document


@st.composite
def scenes(draw: st.DrawFn) -> dict[str, Any]:
    """A whole scene: one to three layers, perhaps a readout, an input of a few steps."""
    width, steps = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    row = st.lists(numbers, min_size=width, max_size=width)
    network: dict[str, Any] = {"layers": draw(st.lists(layers(), min_size=1, max_size=3))}
    document: dict[str, Any] = {
        "version": 1,
        "network": network,
        "inputs": draw(st.lists(row, min_size=steps, max_size=steps)),
    }
    if draw(st.booleans()):
        network["shape"] = draw(st.sampled_from(["many-to-many", "many-to-one"]))
    if draw(st.booleans()):
        activation = draw(st.sampled_from(["identity", "tanh", "sigmoid", "softmax"]))
        network["readout"] = {"outputs": draw(st.integers(1, 3)), "activation": activation}
    if draw(st.booleans()):
        document["seed"] = draw(st.integers(0, 1000))
    if draw(st.booleans()):
        document["title"] = draw(st.text(max_size=20))
    return document
