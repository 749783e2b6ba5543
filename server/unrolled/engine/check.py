"""Analytic against numeric gradients, entry by entry.

Where every primitive is analytic the numeric side is the complex step, Im L(p + ih)/h, which has
no cancellation and is exact even for gradients that have all but vanished (Squire & Trapp 1998);
elsewhere central differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .expressions import Apply, walk
from .layers import States
from .network import Network
from .operations import OPERATIONS
from .trace import Trace, trace

Array = NDArray[Any]

COMPLEX_LIMIT = 1e-9
CENTRAL_LIMIT = 1e-5
_STEP = 1e-30
_FLOOR = 1e-12
_DIFFERENCE = float(np.cbrt(np.finfo(float).eps))


@dataclass(frozen=True)
class Row:
    """The worst entry of one parameter, input or initial state.

    `error` is relative to the larger of the two and 1e-12 of the network's largest gradient.
    """

    address: str
    entry: tuple[int, ...]
    analytic: float
    numeric: float
    error: float


@dataclass(frozen=True)
class Report:
    """Rows with the worst last, the method (``complex step`` or ``central differences``)."""

    rows: list[Row]
    method: str
    limit: float

    @property
    def passed(self) -> bool:
        """Whether every error is within the limit; an undefined one is not."""
        return all(row.error <= self.limit for row in self.rows)


@dataclass
class Problem:
    """What is differentiated: a network, a sequence, a goal. See `trace.trace`."""

    network: Network
    inputs: Array
    initial: Sequence[Mapping[str, Mapping[str, Array]]] = ()
    static: Array | None = None
    targets: Sequence[Any] | None = None
    loss: str | None = None

    def run(self, network: Network, *, gradients: bool = False) -> Trace:
        """Trace the problem on a network."""
        return trace(
            network, self.inputs, initial=self.initial, static=self.static,
            targets=self.targets, loss=self.loss, gradients=gradients,
        )  # fmt: skip


def analytic_everywhere(network: Network) -> bool:
    """Whether the complex step may be taken through every primitive of the network."""
    return all(
        OPERATIONS[node.operation].analytic
        for _, direction in network.directions()
        for equation in direction.cell.equations
        for node in walk(equation.expression)
        if isinstance(node, Apply)
    )


def check(problem: Problem, progress: Callable[[str], None] | None = None) -> Report:
    """Compare every entry of every parameter, input and initial state.

    `progress` is told each address as its turn comes.
    """
    exact = analytic_everywhere(problem.network)
    found = _analytic(problem)
    largest = max((float(np.abs(a).max(initial=0)) for a in found.values()), default=0.0)
    kind = np.complex128 if exact else np.float64
    network = problem.network.copy(kind)
    moved = Problem(
        network, np.array(problem.inputs, kind), _converted(problem, kind),
        None if problem.static is None else np.array(problem.static, kind),
        problem.targets, problem.loss,
    )  # fmt: skip
    rows = []
    for address, array in _places(moved):
        if progress is not None:
            progress(address)
        rows.append(_worst(moved, address, array, found[address], largest, exact=exact))
    method = "complex step" if exact else "central differences"
    rows.sort(key=lambda row: (np.nan_to_num(row.error, nan=np.inf), row.address))
    return Report(rows, method, COMPLEX_LIMIT if exact else CENTRAL_LIMIT)


def _analytic(problem: Problem) -> dict[str, Array]:
    traced = problem.run(problem.network, gradients=True)
    found: dict[str, Array] = {}
    for address, direction in traced.directions():
        for name, array in (direction.parameter_gradients or {}).items():
            found[f"{address}.{name}"] = array
        for name, array in (direction.initial_gradients or {}).items():
            found[f"{address}.initial.{name}"] = array
    assert traced.input_gradients is not None
    found["inputs"] = traced.input_gradients
    return found


def _converted(problem: Problem, kind: Any) -> list[States]:
    """Initial states of every direction, zero where none were given, in the other type."""
    states: list[States] = []
    for number, layer in enumerate(problem.network.stack.layers):
        given = problem.initial[number] if number < len(problem.initial) else {}
        states.append(
            {
                name: {
                    state: np.array(
                        given.get(name, {}).get(state, np.zeros(direction.program.size(state))),
                        kind,
                    )
                    for state in direction.cell.state
                }
                for name, direction in layer.directions.items()
            }
        )
    return states


def _places(problem: Problem) -> Iterator[tuple[str, Array]]:
    yield from problem.network.parameters().items()
    for number, layer in enumerate(problem.initial):
        for direction, states in layer.items():
            for name, array in states.items():
                yield f"layers.{number}.{direction}.initial.{name}", array
    yield "inputs", problem.inputs


def _worst(
    problem: Problem, address: str, array: Array, analytic: Array, largest: float, *, exact: bool
) -> Row:
    derive = _complex_step if exact else _central
    worst = Row(address, (), 0.0, 0.0, -1.0)
    for entry in np.ndindex(array.shape):
        numeric = derive(problem, array, entry)
        value = float(analytic[entry])
        scale = max(abs(value), abs(numeric), _FLOOR * largest)
        error = abs(value - numeric) / scale if scale else 0.0
        if not error <= worst.error:
            worst = Row(address, entry, value, numeric, error)
    return worst


def _goal(problem: Problem) -> Any:
    traced = problem.run(problem.network)
    steps = traced.outputs if traced.loss_steps is None else traced.loss_steps
    return steps.sum()


def _complex_step(problem: Problem, array: Array, entry: tuple[int, ...]) -> float:
    array[entry] += 1j * _STEP
    value = _goal(problem)
    array[entry] = array[entry].real
    return float(value.imag / _STEP)


def _central(problem: Problem, array: Array, entry: tuple[int, ...]) -> float:
    held = array[entry]
    step = _DIFFERENCE * max(1.0, abs(held))
    array[entry] = held + step
    above = _goal(problem)
    array[entry] = held - step
    below = _goal(problem)
    array[entry] = held
    return float((above - below) / (2 * step))
