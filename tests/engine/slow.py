"""A second opinion: cells evaluated straight from their expression trees, one name at a time.

Nothing of the compiler is used. Every array has a leading axis of lanes; lane k of a complex run
may carry a small imaginary change of one number, so that one evaluation differentiates with
respect to all of them. Operations with an edge follow the side that the real part is on; on the
edge itself relu, step and sign are 0 and maximum and minimum stand half way, as PyTorch has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from unrolled.engine.cell import Cell
from unrolled.engine.expressions import Apply, Expression, Name, Number

Array = NDArray[Any]
STEP = 1e-30


def _real(a: Array) -> Array:
    """The real part; what only the square of a small imaginary change left there is nothing."""
    return np.where(np.abs(np.real(a)) < 1e-25, 0, np.real(a))


def _chosen(a: Array, b: Array, sign: int) -> Array:
    apart = np.sign(sign * (_real(a) - _real(b)))
    return np.where(apart > 0, a, np.where(apart < 0, b, (a + b) / 2))


def _softplus(a: Array) -> Array:
    above = _real(a) > 0
    raised = np.exp(np.where(above, -a, a))
    one_more = np.log(1 + raised) if np.iscomplexobj(a) else np.log1p(raised)
    return np.asarray(one_more + np.where(above, a, 0))


def _softmax(a: Array) -> Array:
    raised = np.exp(a - _real(a).max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


FORMULAS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "relu": lambda a: a * (_real(a) > 0),
    "identity": lambda a: a,
    "exp": np.exp,
    "cosh": np.cosh,
    "sinh": np.sinh,
    "log": np.log,
    "sqrt": np.sqrt,
    "softplus": _softplus,
    "absolute": lambda a: a * np.sign(_real(a)),
    "step": lambda a: 1.0 * (_real(a) > 0),
    "sign": lambda a: np.sign(_real(a)),
    "maximum": lambda a, b: _chosen(a, b, 1),
    "minimum": lambda a, b: _chosen(a, b, -1),
    "softmax": _softmax,
    "concat": lambda *parts: np.concatenate(parts, axis=1),
}
EDGES = ("relu", "absolute", "step", "sign", "maximum", "minimum")


@dataclass
class Slow:
    """One cell over one sequence.

    `parameters` are (lanes, *shape), `inputs` (lanes, time, entries) by name, `initial`
    (lanes, entries) by state, `nudges` what is added to a named value, (lanes, time, entries).
    """

    cell: Cell
    sizes: Mapping[str, int]
    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    initial: Mapping[str, Array]
    nudges: Mapping[str, Array] = field(default_factory=dict)
    near_edge: bool = False
    _known: dict[tuple[str, int], Array] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Timesteps."""
        return int(next(iter(self.inputs.values())).shape[1])

    @property
    def lanes(self) -> int:
        """Evaluations side by side."""
        return int(next(iter(self.inputs.values())).shape[0])

    def value(self, name: str, t: int) -> Array:
        """A named value at a step, (lanes, entries)."""
        if t < 0:
            return self.initial[name]
        if (name, t) not in self._known:
            found = self._expression(self.cell.by_name[name].expression, t)
            whole = np.broadcast_to(found, (self.lanes, self.sizes[name]))
            if name in self.nudges:
                whole = whole + self.nudges[name][:, t]
            self._known[name, t] = whole
        return self._known[name, t]

    def values(self, name: str) -> Array:
        """A named value at every step, (lanes, time, entries)."""
        for t in range(self.steps):
            self.value(name, t)
        return np.stack([self.value(name, t) for t in range(self.steps)], axis=1)

    def _expression(self, node: Expression, t: int) -> Array:
        match node:
            case Number(value=value):
                return np.array([[value]])
            case Name(id=name, previous=previous):
                if name in self.cell.by_name:
                    return self.value(name, t - previous)
                return self.inputs[name][:, t] if name in self.inputs else self.parameters[name]
            case Apply(operation="matmul", arguments=(Name(id=matrix), operand)):
                vector = self._expression(operand, t)
                return np.asarray((self.parameters[matrix] * vector[:, None, :]).sum(axis=2))
        arguments = [self._expression(a, t) for a in node.arguments]
        if node.operation in EDGES:
            gap = _real(arguments[0]) - (_real(arguments[1]) if len(arguments) > 1 else 0)
            self.near_edge |= bool(((gap != 0) & (np.abs(gap) < 1e-9)).any())
        if node.operation == "concat":
            arguments = [np.broadcast_to(a, (self.lanes, a.shape[1])) for a in arguments]
        return np.asarray(FORMULAS[node.operation](*arguments))


@dataclass
class Case:
    """Real numbers for one cell: parameters, inputs (time, entries), initial states, and the
    gradients given from outside: of values (time, entries) and of final states (entries,)."""

    cell: Cell
    sizes: Mapping[str, int]
    parameters: Mapping[str, Array]
    inputs: Mapping[str, Array]
    initial: Mapping[str, Array]
    given: Mapping[str, Array] = field(default_factory=dict)
    final: Mapping[str, Array] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """Timesteps."""
        return len(next(iter(self.inputs.values())))

    def values(self) -> tuple[dict[str, Array], bool]:
        """Every named value, (time, entries), and whether one stands beside an edge."""
        slow = self._slow({}, 1, float)
        return {name: slow.values(name)[0] for name in self.cell.by_name}, slow.near_edge

    def gradients(self) -> dict[str, dict[str, Array]]:
        """dL/d(everything) by group (parameters, inputs, initial, values), by complex step."""
        groups = {
            "parameters": dict(self.parameters),
            "inputs": dict(self.inputs),
            "initial": dict(self.initial),
            "values": {n: np.zeros((self.steps, self.sizes[n])) for n in self.cell.by_name},
        }
        places = [
            (group, name, entry)
            for group, arrays in groups.items()
            for name, array in arrays.items()
            for entry in np.ndindex(array.shape)
        ]
        lanes = {(g, n): np.repeat(np.asarray(a, complex)[None], len(places), axis=0)
                 for g, arrays in groups.items() for n, a in arrays.items()}  # fmt: skip
        for lane, (group, name, entry) in enumerate(places):
            lanes[group, name][(lane, *entry)] += 1j * STEP
        slopes = self._goal(self._slow(lanes, len(places), complex)).imag / STEP
        found = {g: {n: np.zeros(a.shape) for n, a in arrays.items()}
                 for g, arrays in groups.items()}  # fmt: skip
        for slope, (group, name, entry) in zip(slopes, places, strict=True):
            found[group][name][entry] = slope
        return found

    def _slow(self, lanes: Mapping[tuple[str, str], Array], count: int, kind: Any) -> Slow:
        def group(name: str, plain: Mapping[str, Array]) -> dict[str, Array]:
            whole = {k: np.repeat(np.asarray(a, kind)[None], count, axis=0)
                     for k, a in plain.items()}  # fmt: skip
            return whole | {n: a for (g, n), a in lanes.items() if g == name}

        return Slow(
            self.cell, self.sizes, group("parameters", self.parameters),
            group("inputs", self.inputs), group("initial", self.initial), group("values", {}),
        )  # fmt: skip

    def _goal(self, slow: Slow) -> Array:
        total = np.zeros(slow.lanes, complex)
        for name, gradient in self.given.items():
            total += (slow.values(name) * gradient).sum(axis=(1, 2))
        for name, gradient in self.final.items():
            total += (slow.value(name, slow.steps - 1) * gradient).sum(axis=1)
        return total
