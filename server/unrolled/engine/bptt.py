"""Backpropagation through time taken apart: what each use of a parameter adds to its gradient.

A parameter is used at every step k; dL/dW = Σ_t Σ_k (the part of dL_t/dW that comes from the use
at k), L_t the loss at step t (Werbos 1990; Goodfellow, Bengio & Courville 2016, equations 10.22 to
10.28, with W_(k) for the use at k). All losses go back side by side, each as a batch of its own;
what a use adds is the outer product of what arrives there and what the matrix multiplied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .addresses import Address
from .cotangent import Cotangent
from .errors import EngineError
from .expressions import Name
from .goal import Goal
from .layers import States
from .matrix_norms import lengths
from .network import Network, NetworkGradients, NetworkRun
from .pullback import Use, Window, uses
from .records import Gradients
from .way import reach, record

Array = NDArray[Any]
BATCH_BYTES = 32 * 1024 * 1024
"""What the records of the losses that go back together may take."""


@dataclass(frozen=True)
class Terms:
    """What every use adds: (losses, uses), or (losses, uses, *shape) for a whole parameter; and
    their sum, found by the plain backward pass."""

    terms: Array
    gradient: Array

    def document(self) -> dict[str, Any]:
        """The terms as they go over the wire."""
        return {"terms": self.terms, "gradient": self.gradient}


@dataclass
class ThroughTime:
    """One sequence through a network, and what it is judged by: the goal's rows, or without a goal
    the sum of the outputs at each row."""

    network: Network
    inputs: Array
    goal: Goal | None = None
    initial: Sequence[States] = ()
    static: Array | None = None
    _run: NetworkRun = field(init=False)

    def __post_init__(self) -> None:
        with np.errstate(all="ignore"):
            self._run = self.network.forward(self.inputs, self.initial, self.static)

    @property
    def losses(self) -> int:
        """How many rows of outputs there are, each with a loss of its own."""
        return len(self._run.outputs)

    def norms(self) -> dict[str, Array]:
        """For each parameter the Frobenius norms of its terms, (losses, uses)."""
        found = {
            address: np.zeros((self.losses, self._uses(address)), self.network.dtype)
            for address in self.network.parameters()
        }
        with np.errstate(all="ignore"):
            for rows, gradients in self._blocks():
                for part, held in self._parts(gradients):
                    for name, each in self._used(part, held, held.run.weights).items():
                        if each:  # nothing differentiable may use it, as with step(b)
                            found[f"{part}.{name}"][rows] = _norms(each)
        return {address: self._ordered(address, norms) for address, norms in found.items()}

    def terms(self, parameter: str, entry: Sequence[int] | None = None) -> Terms:
        """What every use adds to one entry of a parameter, or to all of it.

        Raises:
            EngineError: no such parameter or entry.
        """
        place, shape = self.place(parameter, entry)
        index = tuple(entry) if entry is not None else (slice(None),) * len(shape)
        tail = () if entry is not None else shape
        address = f"{place.part}.{place.name}"
        found = np.zeros((self.losses, self._uses(address), *tail), self.network.dtype)
        total = np.zeros(tail, self.network.dtype)
        with np.errstate(all="ignore"):
            for rows, gradients in self._blocks():
                held = dict(self._parts(gradients))[place.part]
                for use in self._used(place.part, held, [place.name])[place.name]:
                    found[rows] += _added(use, index)
                total += held.parameters[place.name][index]
        return Terms(self._ordered(address, found), total)

    def bytes(self, parameter: str | None = None, entry: Sequence[int] | None = None) -> int:
        """What the norms of all parameters take, or the terms of one or of an entry of it.

        Raises:
            EngineError: no such parameter or entry.
        """
        if parameter is None:
            numbers = sum(self._uses(address) for address in self.network.parameters())
        else:
            place, shape = self.place(parameter, entry)
            each = 1 if entry is not None else math.prod(shape)
            numbers = self._uses(f"{place.part}.{place.name}") * each
        return int(self.losses * numbers * self.network.dtype.itemsize)

    def place(self, parameter: str, entry: Sequence[int] | None) -> tuple[Address, tuple[int, ...]]:
        """A parameter's address in full and its shape.

        Raises:
            EngineError: no such parameter or entry.
        """
        address = Address.parse(parameter, "parameter")
        known = self.network.parameters()
        array = known.get(f"{address.part}.{address.name}")
        if array is None or address.unit is not None:
            raise EngineError(
                "parameter", "one of " + ", ".join(known)[:2000], repr(parameter)[:60]
            )
        if entry is not None and not (
            len(entry) == array.ndim
            and all(0 <= i < size for i, size in zip(entry, array.shape, strict=True))
        ):
            most = ", ".join(str(size - 1) for size in array.shape)
            raise EngineError("entry", f"indices from 0 up to [{most}]", repr(list(entry))[:60])
        return address, array.shape

    def _blocks(self) -> Iterator[tuple[slice, NetworkGradients]]:
        """(losses, gradients) with one loss for each member of a batch."""
        start = self._start()
        each = max(1, BATCH_BYTES // self._bytes())
        for first in range(0, self.losses, each):
            rows = range(first, min(first + each, self.losses))
            given = np.zeros((*start[0].shape, len(rows)), self.network.dtype)
            for column, row in enumerate(rows):
                given[row, :, column] = start[0][row]
            run = self._wide(len(rows))
            yield slice(first, rows.stop), self.network.backward(run, given, of_z=start[1])

    def _start(self) -> tuple[Array, bool]:
        if self.goal is None:
            return np.ones_like(self._run.outputs), False
        return self.goal.start(self._run)

    def _wide(self, count: int) -> NetworkRun:
        """The same sequence `count` times."""
        states = [
            {way: {name: np.asarray(value)[:, None] for name, value in held.items()}
             for way, held in layer.items()}
            for layer in self.initial
        ]  # fmt: skip
        wide = np.broadcast_to(self.inputs[..., None], (*self.inputs.shape, count))
        static = None if self.static is None else np.repeat(self.static[:, None], count, axis=1)
        return self.network.forward(wide, states, static)

    def _parts(self, found: NetworkGradients) -> Iterator[tuple[str, Gradients]]:
        for number, layer in enumerate(found.stack.layers):
            for name, gradients in layer.items():
                yield f"layers.{number}.{name}", gradients
        if found.readout is not None:
            yield "readout", found.readout

    def _used(
        self, part: str, gradients: Gradients, parameters: Sequence[str] | Mapping[str, Any]
    ) -> dict[str, list[Use]]:
        """The uses of parameters in one direction, cotangents (time, entries, losses)."""
        window = Window(record(self._run, part))
        wanted = {Name(name) for name in parameters}
        found: dict[str, list[Use]] = {name: [] for name in parameters}
        for equation in window.run.program.cell.equations:
            arriving = Cotangent(full=gradients.value(equation.name))
            for use in uses(equation, arriving, window, wanted):
                found[use.name.id].append(use)
        return found

    def _ordered(self, address: str, found: Array) -> Array:
        """Uses in the order of the sequence, 0 where one cannot reach a loss."""
        place = Address.parse(address)
        if dict(self.network.directions())[place.part].reversed:
            found = found[:, ::-1]
        there = reach(self.network, Address("readout", "y"), place, found.shape[:2])
        return np.where(there.reshape(*there.shape, *(1,) * (found.ndim - 2)), found, 0)

    def _uses(self, address: str) -> int:
        return record(self._run, address.rpartition(".")[0]).space.steps

    def _bytes(self) -> int:
        recorded = sum(d.program.layout.total for _, d in self.network.directions())
        return int(2 * recorded * len(self.inputs) * self.network.dtype.itemsize)


def _added(use: Use, index: tuple[Any, ...]) -> Array:
    """What one use adds to the entries at `index`, (losses, time, …)."""
    arriving = use.cotangent.dense()[:, index[0]]
    if use.operand is None:
        return np.asarray(np.moveaxis(arriving, -1, 0))
    held = np.broadcast_to(use.operand, (len(arriving), use.operand.shape[-1]))[:, index[1]]
    if arriving.ndim == 2:
        return np.asarray((arriving * held[:, None]).T)
    return np.asarray(np.einsum("trb,tc->btrc", arriving, held))


def _norms(each: Sequence[Use]) -> Array:
    """Norms of the sum of a parameter's uses at each step, (losses, time); none of the outer
    products is ever formed: ‖Σ a·bᵀ‖² = Σ Σ (a·a')(b·b')."""
    arriving = [use.cotangent.dense() for use in each]
    if each[0].operand is None:
        return lengths(sum(arriving[1:], arriving[0])).T
    held = [np.broadcast_to(use.operand, (len(arriving[0]), use.operand.shape[-1]))[..., None]
            for use in each if use.operand is not None]  # fmt: skip
    if len(each) == 1:
        return (lengths(arriving[0]) * lengths(held[0])).T
    return _joint(arriving, held).T


def _joint(arriving: Sequence[Array], held: Sequence[Array]) -> Array:
    """The norm of a sum of outer products, (time, losses), each side scaled by its largest."""
    left, right = _scaled(arriving), _scaled(held)
    squares = sum(
        (a * b).sum(axis=1) * (x * y).sum(axis=1)
        for a, x in zip(left[0], right[0], strict=True)
        for b, y in zip(left[0], right[0], strict=True)
    )
    return np.asarray(np.sqrt(np.maximum(squares, 0)) * left[1] * right[1])


def _scaled(parts: Sequence[Array]) -> tuple[list[Array], Array]:
    peak = np.max([np.abs(part).max(axis=1) for part in parts], axis=0)
    divisor = np.where((peak > 0) & np.isfinite(peak), peak, 1)
    return [part / divisor[:, None] for part in parts], divisor
