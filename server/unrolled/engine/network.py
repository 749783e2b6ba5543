"""A network: layers, how a sequence becomes answers, a readout. `Model` is what it has in common
with an encoder–decoder.

Outside, sequences are (time, entries) or (time, batch, entries), as PyTorch has them; inside, the
batch stands last (see `program.py`). Results are views in the outside order.
"""

from __future__ import annotations

import tomllib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .cell import Cell, cell_from_document
from .errors import EngineError
from .layers import Direction, LayerSpec, LayerStack, StackGradients, StackRun, States
from .program import compile_cell
from .records import Gradients, Run

Array = NDArray[Any]


@dataclass(frozen=True)
class ReadoutSpec:
    """z = V·h + b, y = activation(z) with `outputs` entries."""

    outputs: int
    activation: str = "identity"


@dataclass
class Outcome:
    """The answers of a forward pass, in the inside order (rows, entries[, batch]).

    `readout` is what the readout recorded; without one, what it would see are the answers.
    """

    readout: Run | None
    outputs: Array
    batch: int | None


@dataclass
class NetworkRun(Outcome):
    """What a forward pass recorded: one row of answers a timestep, or one where the shape pools."""

    stack: StackRun


@dataclass
class NetworkGradients:
    """Gradients of everything, in the inside order; `inputs` (time, entries[, batch])."""

    stack: StackGradients
    readout: Gradients | None

    @property
    def inputs(self) -> Array:
        """dL/dx in the order of the sequence."""
        return self.stack.input


@lru_cache(maxsize=2)
def readout_cell(name: str = "readout") -> Cell:
    """The readout is a cell without state; its equations stand in ``parts/readout.toml``, those of
    a decoder that looks back in ``readout_attention.toml``."""
    text = files(__package__).joinpath("parts", f"{name}.toml").read_text("utf-8")
    return cell_from_document(tomllib.loads(text))


class Model(ABC):
    """Stacks of layers and a readout: what has weights and gives rows of answers.

    `stacks` are by the beginning of their addresses: ``""``, or ``encoder.`` and ``decoder.``; the
    first is fed the inputs and the initial states, the last gives `x` to the readout, beside which
    it may see a context of so many entries.
    """

    def __init__(
        self, stacks: Mapping[str, LayerStack], readout: ReadoutSpec | None, dtype: Any,
        context: int = 0,
    ) -> None:  # fmt: skip
        self.dtype = np.dtype(dtype)
        self.stacks = stacks
        self.pool: str | None = None
        self.sees = {"x": [*stacks.values()][-1].outputs}
        if context:
            self.sees["context"] = context
        self.readout: Direction | None = None
        if readout is not None:
            cell = readout_cell("readout_attention" if context else "readout")
            sizes = {"input": self.sees["x"], "units": readout.outputs, "outputs": readout.outputs}
            sizes |= {"context": context} if context else {}
            program = compile_cell(cell, {"activation": readout.activation}, sizes)
            self.readout = Direction("readout", program, dtype)

    @property
    def outputs(self) -> int:
        """Entries of one row of outputs."""
        if self.readout is None:
            return sum(self.sees.values())
        return self.readout.program.size("y")

    @property
    def entrance(self) -> tuple[str, LayerStack]:
        """The stack that inputs and initial states are for, and the beginning of its addresses."""
        return next(iter(self.stacks.items()))

    def directions(self) -> Iterator[tuple[str, Direction]]:
        """Every cell that has weights, by the beginning of its addresses."""
        for prefix, stack in self.stacks.items():
            for number, layer in enumerate(stack.layers):
                for name, direction in layer.directions.items():
                    yield f"{prefix}layers.{number}.{name}", direction
        if self.readout is not None:
            yield "readout", self.readout

    def cells(self) -> Iterator[Cell]:
        """Every cell whose equations are computed, its options applied."""
        return (direction.cell for _, direction in self.directions())

    def parameters(self) -> dict[str, Array]:
        """Every parameter by address; the arrays are the network's own, edits take effect."""
        return {
            f"{address}.{name}": direction.weights[name]
            for address, direction in self.directions()
            for name in direction.weights
        }

    def assign(self, values: Mapping[str, ArrayLike]) -> None:
        """Set parameters by address.

        Raises:
            EngineError: an unknown address or a wrong shape.
        """
        known = self.parameters()
        for address, value in values.items():
            if address not in known:
                raise EngineError(address, "the address of a parameter", "none of this network")
            array = np.asarray(value)
            if array.shape != known[address].shape:
                raise EngineError(address, f"shape {known[address].shape}", f"shape {array.shape}")
            known[address][...] = array

    @abstractmethod
    def copy(self, dtype: Any = None) -> Model:
        """The same model with weights of its own, in another number type on request."""

    def answer(self, seen: Mapping[str, Array], batch: int | None) -> Outcome:
        """The answers to what the readout sees, (rows, entries[, batch]) each."""
        if self.readout is None:
            parts = list(seen.values())
            return Outcome(None, parts[0] if len(parts) == 1 else np.hstack(parts), batch)
        run = self.readout.forward(seen, {}, len(seen["x"]), batch)
        return Outcome(run, run.value("y"), batch)

    def answered(
        self, run: Outcome, output_gradients: Array, *, of_z: bool
    ) -> tuple[Gradients | None, dict[str, Array]]:
        """The readout's gradients, and those of what it sees."""
        if self.readout is None or run.readout is None:
            ends = np.cumsum(list(self.sees.values()))[:-1]
            return None, dict(zip(self.sees, np.split(output_gradients, ends, axis=1), strict=True))
        given = {"z" if of_z else "y": output_gradients}
        found = self.readout.program.backward(run.readout, given)
        return found, found.inputs


class Network(Model):
    """Layers, pooling (None, ``last`` or ``mean`` over time) and a readout, with weights."""

    def __init__(
        self, layers: Sequence[LayerSpec], readout: ReadoutSpec | None = None,
        pool: str | None = None, dtype: Any = np.float64,
    ) -> None:  # fmt: skip
        self.stack = LayerStack(layers, dtype)
        super().__init__({"": self.stack}, readout, dtype)
        self._specs = (tuple(layers), readout)
        self.pool = pool

    def copy(self, dtype: Any = None) -> Network:
        """The same network with weights of its own, in another number type on request."""
        layers, readout = self._specs
        other = Network(layers, readout, self.pool, self.dtype if dtype is None else dtype)
        other.assign(self.parameters())
        return other

    def forward(
        self, x: Array, initial: Sequence[States] = (), static: Array | None = None
    ) -> NetworkRun:
        """Run over x: (time, entries) or (time, entries, batch), the inside order."""
        batch = None if x.ndim == 2 else x.shape[2]
        stack = self.stack.forward(x, initial, batch, static)
        found = self.answer({"x": self._pooled(stack)}, batch)
        return NetworkRun(found.readout, found.outputs, batch, stack)

    def backward(
        self, run: NetworkRun, output_gradients: Array, *, of_z: bool = False,
        final: Sequence[States] = (),
    ) -> NetworkGradients:  # fmt: skip
        """Gradients, given dL/d(outputs) (rows, entries[, batch]).

        With `of_z` they are given with respect to the readout's z, before its activation.
        """
        readout, above = self.answered(run, output_gradients, of_z=of_z)
        spread, ends = self.spread(above["x"], len(run.stack.output))
        return NetworkGradients(self.stack.backward(run.stack, spread, final, ends), readout)

    def _pooled(self, run: StackRun) -> Array:
        if self.pool == "mean":
            return np.asarray(run.output.mean(axis=0, keepdims=True))
        if self.pool == "last":
            layer = self.stack.layers[-1]
            lasts = [
                run.runs[-1][name].value(direction.cell.output)[-1:]
                for name, direction in layer.directions.items()
            ]
            return np.ascontiguousarray(layer.merge(lasts))
        return run.output

    def spread(self, gradient: Array, steps: int) -> tuple[Array, dict[str, Array] | None]:
        """What pooling does backwards: spread over time, or to each direction's last output."""
        if self.pool is None:
            return gradient, None
        shape = (steps, *gradient.shape[1:])
        if self.pool == "mean":
            return np.broadcast_to(gradient / steps, shape), None
        layer = self.stack.layers[-1]
        ends = {
            name: part[0]
            for name, part in zip(layer.directions, layer.split(gradient), strict=True)
        }
        return np.zeros(shape, gradient.dtype), ends
