"""What is compared with PyTorch: the cases, their numbers, and our side of each.

A case's numbers follow from its name alone, so that values recorded from PyTorch stay valid.
Results are flat: ``outputs``, ``loss``, ``0.forward.f`` (a named value of the first layer),
``final.0.forward.h`` and, each after ``d ``, gradients: of values, ``inputs``, parameters by
address, ``initial.0.forward.h``. Sequences are (time[, batch], entries).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.engine.networks import ACTIVATIONS, DIRECTIONS, POOLS, specs
from tests.engine.networks import Form as NetworkForm
from unrolled.engine.cell import catalogue
from unrolled.engine.compiled import ByLayer, Compiled
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.trace import trace

Array = NDArray[Any]
Results = dict[str, Array]

RECORDED = Path(__file__).with_name("reference") / "parity.npz"
LIMIT = 1e-10
LOOPS = ("elman", "jordan", "feed_forward", "lstm", "lstm_peephole", "lstm_peephole_ng",
         "lstm_coupled", "gru", "gru_reset_before", "gru_ng", "gru_simple", "mgu", "indrnn",
         "min_gru", "slstm", "diagonal_linear")  # fmt: skip
"""Cells whose formulas `torch_side` has from the papers. Cells added later are held against the
slow evaluation of their equations and by the check, as all are; they need no line here."""
FOUND: dict[str, dict[str, float]] = {}
"""Largest differences of values and of gradients, by what was compared; filled by the tests."""


@dataclass(frozen=True)
class Case:
    """`module` names PyTorch's own module, None where its autograd runs an explicit loop."""

    cell: str
    module: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    direction: str = "forward"
    depth: int = 1
    batch: bool = False
    pool: str | None = None
    goal: str | None = None

    @property
    def name(self) -> str:
        """All there is to the case; its numbers are drawn from it."""
        chosen = "+".join(f"{option}={primitive}" for option, primitive in self.options.items())
        parts = (self.module or self.cell, chosen, self.direction, self.depth,
                 "batch" if self.batch else "", self.pool, self.goal)  # fmt: skip
        return "-".join(str(part) for part in parts if part).replace(" ", "_")

    @cached_property
    def numbers(self) -> Numbers:
        """Sizes, weights, inputs, states, targets, gradients from outside."""
        return Numbers(self)


class Numbers:
    """Random numbers of a case; `network` holds the weights."""

    def __init__(self, case: Case) -> None:
        self._rng = rng = np.random.default_rng(zlib.crc32(case.name.encode()))
        width, units = int(rng.integers(1, 4)), int(rng.integers(1, 4))
        self.steps = int(rng.integers(2, 4))
        self.batch = 2 if case.batch else None
        form = NetworkForm(case.cell, case.direction, case.depth)
        layers = specs(form, width, units, case.options)
        loss = (case.goal or "").partition(" ")[0]
        readout = ReadoutSpec(3, ACTIVATIONS.get(loss, "identity")) if case.goal else None
        self.network = Network(layers, readout, case.pool)
        self.network.assign({n: self._random(*a.shape, batch=False)
                             for n, a in self.network.parameters().items()})  # fmt: skip
        self.x = self._random(self.steps, width)
        self.initial, self.final = self._states(), self._states()
        self.rows = 1 if case.pool else self.steps
        self.given = self._random(self.rows, self.network.outputs)
        self.targets = None if case.goal is None else self._targets(case.goal)
        self.loss = loss or None

    def _random(self, *shape: int, batch: bool = True) -> Array:
        if batch and self.batch is not None:
            shape = (*shape[:-1], self.batch, shape[-1])
        return self._rng.uniform(-0.9, 0.9, shape)

    def _states(self) -> ByLayer:
        return [
            {way: {name: self._random(direction.program.size(name))
                   for name in direction.cell.state}
             for way, direction in layer.directions.items()}
            for layer in self.network.stack.layers
        ]  # fmt: skip

    def _targets(self, goal: str) -> list[Any]:
        found: list[Any] = []
        for _ in range(self.rows):
            label = int(self._rng.integers(3))
            if goal == "cross_entropy classes":
                found.append(label)
            elif goal == "cross_entropy rows":
                found.append([float(n == label) for n in range(3)])
            elif goal == "binary_cross_entropy":
                found.append([float(n) for n in self._rng.integers(0, 2, 3)])
            else:
                found.append(list(self._random(3)))
        return [None, *found[1:]] if len(found) > 2 else found


def cases() -> list[Case]:
    """Every case. Modules × directions × depths, and each cell of the catalogue as a loop."""
    modules = [("elman", "RNN", {"activation": "tanh"}), ("elman", "RNN", {"activation": "relu"}),
               ("lstm", "LSTM", {}), ("gru", "GRU", {})]  # fmt: skip
    goals = [None, "cross_entropy classes", "cross_entropy rows", "binary_cross_entropy",
             "squared_error"]  # fmt: skip
    found = []
    for number, ((cell, module, options), way, depth) in enumerate(
        product(modules, ("forward", "bidirectional concat"), (1, 2, 3))
    ):
        found.append(Case(cell, module, options, way, depth, batch=True))
        found.append(
            Case(cell, module, options, way, depth, pool=POOLS[number % 3], goal=goals[number % 5])
        )
    for number, cell in enumerate(LOOPS):
        found.append(Case(cell, None, {}, DIRECTIONS[number % 4], 1 + number % 2, batch=True))
        found.append(Case(cell, None, {}, DIRECTIONS[(number + 2) % 4], 1,
                          pool=POOLS[number % 3], goal=goals[1 + number % 4]))  # fmt: skip
    found += [Case(cell, None, {option: primitive}, batch=True)
              for cell in LOOPS
              for option, primitives in catalogue()[cell].options.items()
              for primitive in primitives[1:]]  # fmt: skip
    return found


def ours(case: Case, dtype: Any = np.float64) -> Results:
    """Our side of a case."""
    return _losing(case, dtype) if case.goal else _given(case, dtype)


def _given(case: Case, dtype: Any) -> Results:
    """Without a loss: gradients of the outputs and of the final states are given."""
    numbers = case.numbers
    made = Compiled(numbers.network.copy(dtype))
    run = made.forward(numbers.x, numbers.initial)
    found = made.backward(run, numbers.given, numbers.final)
    return {
        "outputs": run.outputs, "d inputs": found.inputs,
        **{f"d {address}": array for address, array in found.parameters.items()},
        **_flat("", run.values), **_flat("d ", found.values),
        **_flat("final.", run.final_states), **_flat("d initial.", found.initial_states),
    }  # fmt: skip


def _flat(prefix: str, layers: ByLayer) -> Results:
    return {
        f"{prefix}{number}.{way}.{name}": array
        for number, layer in enumerate(layers)
        for way, held in layer.items()
        for name, array in held.items()
    }


def _losing(case: Case, dtype: Any) -> Results:
    numbers = case.numbers
    found = trace(
        numbers.network.copy(dtype), numbers.x, initial=numbers.initial, targets=numbers.targets,
        loss=numbers.loss, gradients=True,
    )  # fmt: skip
    assert found.input_gradients is not None
    results = {"outputs": found.outputs, "loss": np.array(found.loss),
               "d inputs": found.input_gradients}  # fmt: skip
    for address, direction in found.directions():
        place = address.removeprefix("layers.")
        held = {"": direction.values, "d ": direction.gradients or {}}
        results |= {f"{kind}{place}.{name}": array
                    for kind, group in held.items() for name, array in group.items()}  # fmt: skip
        results |= {f"d {address}.{name}": array
                    for name, array in (direction.parameter_gradients or {}).items()}  # fmt: skip
        results |= {f"d initial.{place}.{name}": array
                    for name, array in (direction.initial_gradients or {}).items()}  # fmt: skip
    return results


def differences(found: Results, wanted: Results) -> dict[str, float]:
    """Largest differences of values and of gradients, relative to entries above 1."""
    worst = {"values": 0.0, "gradients": 0.0}
    for name, array in wanted.items():
        assert found[name].shape == array.shape, name
        apart = np.abs(found[name] - array) / np.maximum(1, np.abs(array))
        kind = "gradients" if name.startswith("d ") else "values"
        worst[kind] = max(worst[kind], float(apart.max(initial=0)))
        assert np.isfinite(apart).all(), name
    return worst


def note(group: str, worst: Mapping[str, float]) -> None:
    """Keep the largest differences of a group for the table."""
    held = FOUND.setdefault(group, {"values": 0.0, "gradients": 0.0, "cases": 0})
    held["cases"] += 1
    for kind, apart in worst.items():
        held[kind] = max(held[kind], apart)


def record(found: Mapping[str, Results]) -> None:
    """Write results of PyTorch's: one run of numbers, and an index of whose they are."""
    flat = [(f"{case}|{name}", array) for case, held in found.items()
            for name, array in held.items()]  # fmt: skip
    index = [f"{key}|{' '.join(map(str, array.shape))}" for key, array in flat]
    RECORDED.parent.mkdir(exist_ok=True)
    numbers = np.concatenate([array.ravel() for _, array in flat])
    np.savez_compressed(RECORDED, index=np.array("\n".join(index)), numbers=numbers)


def recorded() -> dict[str, Results]:
    """Results recorded from PyTorch, by case."""
    found: dict[str, Results] = {}
    with np.load(RECORDED, allow_pickle=False) as held:
        index, numbers = str(held["index"]), held["numbers"]
    start = 0
    for line in index.split("\n"):
        case, name, extents = line.split("|")
        shape = tuple(map(int, extents.split()))
        stop = start + int(np.prod(shape))
        found.setdefault(case, {})[name] = numbers[start:stop].reshape(shape)
        start = stop
    return found
