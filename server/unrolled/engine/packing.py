"""All parameters of a network as one vector, which optimisers and norms work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .encoder_decoder import EncoderDecoderGradients
from .errors import EngineError
from .network import Model, NetworkGradients

Array = NDArray[Any]


class Packing:
    """The order of a network's parameters, by address, in a vector (entries,)."""

    def __init__(self, network: Model) -> None:
        self._shapes = {name: array.shape for name, array in network.parameters().items()}
        sizes = [array.size for array in network.parameters().values()]
        self._ends = np.cumsum(sizes)
        self.size = sum(sizes)

    def pack(self, arrays: Mapping[str, Any], dtype: Any = None) -> Array:
        """One vector of arrays (or nested lists) by address.

        Raises:
            EngineError: an address is missing or superfluous, or a shape is wrong.
        """
        if set(arrays) != set(self._shapes):
            different = sorted(set(arrays) ^ set(self._shapes))[0]
            raise EngineError(str(different)[:60], "the parameters of this network", "others")
        try:
            parts = [np.asarray(arrays[name], dtype) for name in self._shapes]
        except (TypeError, ValueError):
            raise EngineError("parameters", "numbers in rows of equal length", "others") from None
        for (name, shape), part in zip(self._shapes.items(), parts, strict=True):
            if part.shape != shape:
                raise EngineError(name, f"shape {shape}", f"shape {part.shape}")
        return np.concatenate([part.ravel() for part in parts])

    def unpack(self, vector: Array) -> dict[str, Array]:
        """Views of the vector by address."""
        parts = np.split(vector, self._ends[:-1])
        named = zip(self._shapes.items(), parts, strict=True)
        return {name: part.reshape(shape) for (name, shape), part in named}


def parameter_gradients(found: NetworkGradients | EncoderDecoderGradients) -> dict[str, Array]:
    """dL/d(parameter) by address, summed over time and batch."""
    if isinstance(found, NetworkGradients):
        stacks, attention = {"": found.stack}, None
    else:
        stacks, attention = {"encoder.": found.encoder, "decoder.": found.decoder}, found.attention
    places: list[tuple[str, Mapping[str, Array]]] = [
        (f"{prefix}layers.{number}.{name}", gradients.parameters)
        for prefix, stack in stacks.items()
        for number, layer in enumerate(stack.layers)
        for name, gradients in layer.items()
    ]
    if attention is not None:
        places.append(("decoder.attention", attention.parameters))
    if found.readout is not None:
        places.append(("readout", found.readout.parameters))
    return {f"{address}.{name}": array for address, held in places for name, array in held.items()}
