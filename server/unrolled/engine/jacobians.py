"""Norms of d(value)[t]/d(value)[k] for every pair of timesteps, every path followed.

Every unit of the one value at every step is a result whose gradient goes back through the network
(reverse mode; Pascanu, Mikolov & Bengio 2013, equation 5, for all states together). A block of
steps goes back side by side, so that one matrix product serves them all; norms are taken on the way
and the matrices themselves are never kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import far
from .addresses import Address
from .errors import EngineError
from .layers import States
from .matrix_norms import frobenius, largest_singular
from .network import Network
from .way import Way

Array = NDArray[Any]


@dataclass(frozen=True)
class Jacobians:
    """Norms, (steps of `of`, steps of `with_respect_to`); 0 where `reached` is False."""

    frobenius: Array
    spectral: Array | None
    reached: Array

    def document(self) -> dict[str, Any]:
        """The norms as they go over the wire, None where k cannot reach t."""
        spectral = None if self.spectral is None else self._rows(self.spectral)
        return {"frobenius": self._rows(self.frobenius), "spectral": spectral}

    def _rows(self, norms: Array) -> list[list[float | None]]:
        return [
            [float(norm) if there else None for norm, there in zip(row, reach, strict=True)]
            for row, reach in zip(norms, self.reached, strict=True)
        ]


def jacobians(
    network: Network, x: Array, of: str, with_respect_to: str, *,
    initial: Sequence[States] = (), static: Array | None = None, spectral: bool = False,
) -> Jacobians:  # fmt: skip
    """Norms of the Jacobians between two named values over x (time, entries).

    Raises:
        EngineError: an address that names no value of the network.
    """
    top, low = place(network, of, "of"), place(network, with_respect_to, "with_respect_to")
    with np.errstate(all="ignore"):
        way = Way(network, network.forward(x, initial, static), top, low)
        links, size = way.links(), way.size
        if links is not None and not spectral and far.pays(links, size, way.rows):
            found = far.norms(links, size, way.rows, network.dtype)
            ordered = found[::-1, ::-1] if way.reversed else found
            return Jacobians(ordered, None, way.reached())
        norms = np.zeros((1 + spectral, way.rows, way.columns), network.dtype)
        for steps, k, block in way.blocks():
            t = steps[: block.shape[1]]
            norms[0, t, k] = frobenius(block)
            if spectral:
                norms[1, t, k] = largest_singular(block)
    return Jacobians(norms[0], norms[1] if spectral else None, way.reached())


def place(network: Network, text: str, field: str) -> Address:
    """The value that an address names.

    Raises:
        EngineError: it names none, or a unit of one.
    """
    address = Address.parse(text, field)
    homes = dict(network.directions())
    if address.part not in homes or address.name not in homes[address.part].cell.by_name:
        known = [f"{part}.{name}" for part, home in homes.items() for name in home.cell.by_name]
        raise EngineError(field, "one of " + ", ".join(known[:40]), repr(text)[:60])
    if address.unit is not None:
        raise EngineError(field, "a value, all of its units", repr(text)[:60])
    return address
