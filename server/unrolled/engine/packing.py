"""All parameters of a network as one vector, which optimisers and norms work on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .network import Network, NetworkGradients

Array = NDArray[Any]


class Packing:
    """The order of a network's parameters, by address, in a vector (entries,)."""

    def __init__(self, network: Network) -> None:
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


def parameter_gradients(network: Network, found: NetworkGradients) -> dict[str, Array]:
    """dL/d(parameter) by address, summed over time and batch."""
    places = [
        (f"layers.{number}.{name}", gradients)
        for number, layer in enumerate(found.stack.layers)
        for name, gradients in layer.items()
    ]
    if found.readout is not None:
        places.append(("readout", found.readout))
    return {
        f"{address}.{name}": array
        for address, gradients in places
        for name, array in gradients.parameters.items()
    }
