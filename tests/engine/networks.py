"""Networks, numbers and goals for the tests that compare gradients."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.engine.cell import Cell, catalogue
from unrolled.engine.check import Problem
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec

Array = NDArray[Any]
DIRECTIONS = ("forward", "backward", "bidirectional concat", "bidirectional sum")
DEPTHS = (1, 2, 3)
POOLS = (None, "last", "mean")
GOALS = (None, "squared_error", "cross_entropy rows", "cross_entropy classes",
         "binary_cross_entropy")  # fmt: skip
ACTIVATIONS = {"cross_entropy": "softmax", "binary_cross_entropy": "sigmoid"}


@dataclass(frozen=True)
class Form:
    """What is built: `goal` is a loss and, for cross-entropy, how its targets are written."""

    cell: str
    direction: str = "forward"
    depth: int = 1
    pool: str | None = None
    goal: str | None = None
    readout: bool = True

    @property
    def name(self) -> str:
        """The form in a few words, for the name of a test."""
        parts = (self.cell, self.direction, self.depth, self.pool, self.goal)
        return "-".join(str(part) for part in parts).replace(" ", "_")


def every_form() -> Iterator[Form]:
    """Every cell × direction × depth × shape × goal."""
    for each in itertools.product(catalogue(), DIRECTIONS, DEPTHS, POOLS, GOALS):
        yield Form(*each)


def specs(
    form: Form, width: int, units: int, options: Mapping[str, str] | None = None,
    cell: Cell | None = None, static: int = 2,
) -> list[LayerSpec]:  # fmt: skip
    """Layers one upon the other; the static vector is for all of them."""
    made = cell or catalogue()[form.cell]
    way, _, merge = form.direction.partition(" ")
    layers = []
    for _ in range(form.depth):
        sizes = {"input": width, "units": units, "outputs": units, "static": static}
        layers.append(LayerSpec(made, sizes, options or {}, way, merge or "concat"))
        width = _outputs(layers[-1])
    return layers


def _outputs(layer: LayerSpec) -> int:
    return Network([layer]).outputs


def network(
    form: Form, seed: int, *, scale: float = 0.8, options: Mapping[str, str] | None = None,
    cell: Cell | None = None,
) -> Network:  # fmt: skip
    """A network of random small sizes with random weights."""
    rng = np.random.default_rng(seed)
    layers = specs(form, int(rng.integers(1, 3)), int(rng.integers(1, 4)), options, cell)
    loss = (form.goal or "").partition(" ")[0]
    activation = ACTIVATIONS.get(loss, "identity" if loss else "tanh")
    readout = ReadoutSpec(int(rng.integers(2, 4)), activation) if form.readout else None
    made = Network(layers, readout, form.pool)
    made.assign({name: rng.uniform(-scale, scale, array.shape)
                 for name, array in made.parameters().items()})  # fmt: skip
    return made


def initial(made: Network, seed: int) -> list[dict[str, dict[str, Array]]]:
    """Random states before the first step of every direction."""
    rng = np.random.default_rng([seed, 1])
    return [
        {
            name: {state: rng.uniform(-1, 1, direction.program.size(state))
                   for state in direction.cell.state}
            for name, direction in layer.directions.items()
        }
        for layer in made.stack.layers
    ]  # fmt: skip


def targets(form: Form, made: Network, rows: int, seed: int) -> list[Any] | None:
    """Targets in the form of the goal; where there are several rows, one has none."""
    if form.goal is None:
        return None
    rng = np.random.default_rng([seed, 2])
    found: list[Any] = []
    for row in range(rows):
        label = int(rng.integers(made.outputs))
        if row == 1:
            found.append(None)
        elif form.goal == "cross_entropy classes":
            found.append(label)
        elif form.goal == "cross_entropy rows":
            found.append([float(n == label) for n in range(made.outputs)])
        elif form.goal == "binary_cross_entropy":
            found.append([float(n) for n in rng.integers(0, 2, made.outputs)])
        else:
            found.append(list(rng.uniform(-1, 1, made.outputs)))
    return found


def problem(
    form: Form, seed: int, *, steps: int = 3, options: Mapping[str, str] | None = None,
    cell: Cell | None = None,
) -> Problem:  # fmt: skip
    """A network with random numbers, to be differentiated."""
    made = network(form, seed, options=options, cell=cell)
    rng = np.random.default_rng([seed, 3])
    width = made.stack.layers[0].spec.dimensions["input"]
    return Problem(
        made, rng.uniform(-1, 1, (steps, width)), initial(made, seed), _static(made, rng),
        targets(form, made, 1 if form.pool else steps, seed),
        form.goal.partition(" ")[0] if form.goal else None,
    )  # fmt: skip


def _static(made: Network, rng: np.random.Generator) -> Array | None:
    uses = any("v" in d.cell.inputs for _, d in made.directions())
    return rng.uniform(-1, 1, 2) if uses else None
