"""What one timestep of a network shows: every named value, and the answer where there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Values = dict[str, Array]


class DirectionFrame(NamedTuple):
    """One direction of a layer at a step: where in the sequence it is, and its values there."""

    direction: str
    position: int
    values: Mapping[str, Array]


class Frame(NamedTuple):
    """One step of a network, by layer and direction.

    `output` and `readout` (its z and y) are those of row `t`, None where some direction has not
    come there yet. `reached` has the rows of outputs that are known since this step, by position;
    a network that pools has one answer only, and no rows. `attention` has a decoder's scores,
    alpha and context.
    """

    t: int
    layers: Sequence[Sequence[DirectionFrame]]
    readout: Mapping[str, Array] | None
    output: Array | None
    reached: Mapping[int, Array]
    attention: Mapping[str, Array] | None = None

    def finite(self) -> bool:
        """Whether no value is infinite or undefined."""
        held = [array for layer in self.layers for d in layer for array in d.values.values()]
        held += [*(self.readout or {}).values(), *(self.attention or {}).values()]
        return all(np.isfinite(array).all() for array in held)
