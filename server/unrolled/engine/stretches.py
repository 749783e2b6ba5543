"""Truncated backpropagation through time: a stack that is run in stretches.

Values flow on from stretch to stretch as if nothing were between; gradients stop there.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .layers import LayerStack, StackGradients, StackRun, States
from .network import Model, Network

Array = NDArray[Any]


@dataclass
class StretchedRun(StackRun):
    """The runs of every stretch; `runs` are those of the last, `output` is the whole one."""

    stretches: list[StackRun] = field(default_factory=list)


class Stretched(LayerStack):
    """The layers of another stack, run `length` timesteps at a time."""

    def __init__(self, whole: LayerStack, length: int) -> None:
        self.layers = whole.layers
        self.length = length

    def forward(
        self, x: Array, initial: Sequence[States], batch: int | None, static: Array | None
    ) -> StretchedRun:
        """As the whole stack's, states handed on from stretch to stretch."""
        stretches: list[StackRun] = []
        for start in range(0, len(x), self.length):
            part = x[start : start + self.length]
            held = super().forward(part, initial, batch, static)
            stretches.append(held)
            initial = [{name: run.final for name, run in each.items()} for each in held.runs]
            static = None if static is None else np.zeros_like(static)
        output = np.concatenate([each.output for each in stretches])
        return StretchedRun(stretches[-1].runs, output, stretches)

    def backward(
        self, run: StackRun, output_gradients: Array,
        final: Sequence[States] = (), ends: Mapping[str, Array] | None = None,
    ) -> StackGradients:  # fmt: skip
        """Gradients of parameters, input and static; each stretch on its own, then added up.

        Values and initial states in the result are those of the first stretch.
        """
        assert isinstance(run, StretchedRun)
        found: list[StackGradients] = []
        stop = len(output_gradients)
        for stretch in reversed(run.stretches):
            start = stop - len(stretch.output)
            part = output_gradients[start:stop]
            found.append(super().backward(stretch, part, final, ends))
            stop, final, ends = start, (), None
        found.reverse()
        for other in found[1:]:
            _add(found[0], other)
        whole = np.concatenate([each.input for each in found])
        return StackGradients(found[0].layers, whole, found[0].static)


def stretched(network: Model, length: int) -> Network:
    """The same network, its weights shared, whose gradients reach back within stretches only.

    Raises:
        EngineError: a length below 1, a layer that is read backward, or a decoder.
    """
    if not isinstance(network, Network):
        raise EngineError("truncate", "null, a decoder needs all that was read", str(length)[:60])
    if isinstance(length, bool) or not isinstance(length, int) or length < 1:
        raise EngineError("truncate", "a whole number of at least 1", repr(length)[:60])
    if any(direction.reversed for _, direction in network.directions()):
        raise EngineError("truncate", "null, a layer is read backward and needs the whole sequence",
                          str(length))  # fmt: skip
    other = copy.copy(network)
    other.stack = Stretched(network.stack, length)
    return other


def _add(home: StackGradients, other: StackGradients) -> None:
    for here, there in zip(home.layers, other.layers, strict=True):
        for name, gradients in here.items():
            for parameter, array in gradients.parameters.items():
                array += there[name].parameters[parameter]
