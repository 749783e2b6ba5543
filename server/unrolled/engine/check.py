"""Analytic against numeric gradients, entry by entry.

Where every primitive is analytic the numeric side is the complex step, Im L(p + ih)/h, which has
no cancellation and is exact even for gradients that have all but vanished (Squire & Trapp 1998);
elsewhere central differences, extrapolated (Ridders 1982). What rounding alone can make of the
numeric side is no error. Where a primitive stands on its edge (ReLU at 0) there is no derivative:
the analytic side must then lie between the slopes to the left and to the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import encoder_decoder_trace
from .encoder_decoder import EncoderDecoder
from .expressions import Apply, walk
from .layers import States
from .network import Model, Network
from .operations import OPERATIONS
from .trace import Trace, trace

Array = NDArray[Any]

COMPLEX_LIMIT = 1e-9
CENTRAL_LIMIT = 1e-5
_STEP = 1e-20
_UNDERFLOW = float(np.finfo(float).tiny) / _STEP
_FLOOR = 1e-12
_ROUNDING = 16 * float(np.finfo(float).eps)
_WIDEST = 1e-3
_ONE_SIDED = 1e-7


@dataclass(frozen=True)
class Row:
    """The worst entry of one parameter, input or initial state.

    `error` is relative to the larger of the two and 1e-12 of the network's largest gradient,
    infinite where one of the two is infinite or undefined.
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
        """Whether every error is within the limit."""
        return all(row.error <= self.limit for row in self.rows)


@dataclass
class Problem:
    """What is differentiated: a network, a sequence, a goal. See `trace.trace`.

    `decoder_inputs` are for an encoder–decoder; where it fed itself, the rows it took, which are
    held fixed.
    """

    network: Network | EncoderDecoder
    inputs: Array
    initial: Sequence[Mapping[str, Mapping[str, Array]]] = ()
    static: Array | None = None
    targets: Sequence[Any] | None = None
    loss: str | None = None
    decoder_inputs: Array | None = None

    def run(self, network: Network | EncoderDecoder, *, gradients: bool = False) -> Trace:
        """Trace the problem on a network."""
        rest: dict[str, Any] = {
            "initial": self.initial, "static": self.static,
            "targets": self.targets, "loss": self.loss, "gradients": gradients,
        }  # fmt: skip
        if isinstance(network, Network):
            return trace(network, self.inputs, **rest)
        given = self.decoder_inputs
        return encoder_decoder_trace.trace(network, self.inputs, decoder_inputs=given, **rest)


def analytic_everywhere(network: Model) -> bool:
    """Whether the complex step may be taken through every primitive of the network."""
    return all(
        OPERATIONS[node.operation].analytic
        for cell in network.cells()
        for equation in cell.equations
        for node in walk(equation.expression)
        if isinstance(node, Apply)
    )


def check(problem: Problem, progress: Callable[[str], None] | None = None) -> Report:
    """Compare every entry of every parameter, input and initial state.

    `progress` is told each address as its turn comes.
    """
    exact = analytic_everywhere(problem.network)
    found = _analytic(problem)
    largest = max(float(np.abs(a[np.isfinite(a)]).max(initial=0)) for a in found.values())
    kind = np.complex128 if exact else np.float64
    network = problem.network.copy(kind)
    moved = Problem(
        network, np.array(problem.inputs, kind), _converted(problem, kind),
        None if problem.static is None else np.array(problem.static, kind),
        problem.targets, problem.loss,
        None if problem.decoder_inputs is None else np.array(problem.decoder_inputs, kind),
    )  # fmt: skip
    rows = []
    for address, array in _places(moved):
        if progress is not None:
            progress(address)
        rows.append(_worst(moved, address, array, found[address], largest, exact=exact))
    method = "complex step" if exact else "central differences"
    rows.sort(key=lambda row: (row.error, row.address))
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
    if traced.static_gradients is not None:
        found["static"] = traced.static_gradients
    if isinstance(traced, encoder_decoder_trace.EncoderDecoderTrace):
        assert traced.decoder_input_gradients is not None
        found["decoder_inputs"] = traced.decoder_input_gradients
    return found


def _converted(problem: Problem, kind: Any) -> list[States]:
    """Initial states of every direction, zero where none were given, in the other type."""
    states: list[States] = []
    _, stack = problem.network.entrance
    for number, layer in enumerate(stack.layers):
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
    prefix, _ = problem.network.entrance
    for number, layer in enumerate(problem.initial):
        for direction, states in layer.items():
            for name, array in states.items():
                yield f"{prefix}layers.{number}.{direction}.initial.{name}", array
    yield "inputs", problem.inputs
    if problem.decoder_inputs is not None:
        yield "decoder_inputs", problem.decoder_inputs
    if problem.static is not None:
        yield "static", problem.static


def _worst(
    problem: Problem, address: str, array: Array, analytic: Array, largest: float, *, exact: bool
) -> Row:
    derive = _complex_step if exact else _central
    worst = Row(address, (), 0.0, 0.0, -1.0)
    for entry in np.ndindex(array.shape):
        value = float(analytic[entry])
        numeric, rounding = derive(problem, array, entry)
        row = _row(address, entry, value, numeric, rounding, largest)
        if not exact and row.error > CENTRAL_LIMIT:
            numeric = _between(problem, array, entry, value, numeric)
            row = _row(address, entry, value, numeric, rounding, largest)
        if row.error > worst.error:
            worst = row
    return worst


def _row(
    address: str, entry: tuple[int, ...], value: float, numeric: float, rounding: float,
    largest: float,
) -> Row:  # fmt: skip
    scale = max(abs(value), abs(numeric), _FLOOR * largest)
    error = abs(value - numeric) / scale if scale else 0.0
    if not np.isfinite(error):
        error = np.inf
    elif abs(value - numeric) <= rounding:
        error = min(error, _ROUNDING)
    return Row(address, entry, value, numeric, error)


def _goal(problem: Problem) -> Array:
    """What is summed, see `_summed`."""
    return _summed(problem.run(problem.network))


def _summed(traced: Trace) -> Array:
    """The losses of all rows, or all outputs."""
    return traced.outputs if traced.loss_steps is None else traced.loss_steps


def _complex_step(problem: Problem, array: Array, entry: tuple[int, ...]) -> tuple[float, float]:
    """The slope, and what rounding may have left of its terms where they cancel or vanish."""
    array[entry] += 1j * _STEP
    traced = problem.run(problem.network)
    array[entry] = array[entry].real
    slopes = _summed(traced).imag / _STEP
    terms = float(np.abs(slopes).sum() + np.abs(_before(traced).imag).sum() / _STEP)
    return float(slopes.sum()), _ROUNDING * terms + _UNDERFLOW


def _before(traced: Trace) -> Array:
    """What cross-entropies subtract from each other, the readout's z: of an answer that is certain
    and right hardly anything is left."""
    if traced.readout is None or traced.loss_name not in ("cross_entropy", "binary_cross_entropy"):
        return np.zeros(0)
    return np.asarray(traced.readout.values["z"])


def _central(problem: Problem, array: Array, entry: tuple[int, ...]) -> tuple[float, float]:
    """The slope extrapolated from ever smaller steps, and the rounding of the step it rests on."""
    held = array[entry]
    step = _WIDEST * max(1.0, abs(held))
    table: list[float] = []
    best, doubt, rounding = float("nan"), float("inf"), 0.0
    for _ in range(6):
        above = _moved(problem, array, entry, held, step)
        below = _moved(problem, array, entry, held, -step)
        row = [float((above - below).sum() / (2 * step))]
        for order, earlier in enumerate(table, start=1):
            row.append(row[-1] + (row[-1] - earlier) / (16.0**order - 1))
            apart = max(abs(row[-1] - row[-2]), abs(row[-1] - earlier))
            if apart <= doubt:
                best, doubt = row[-1], apart
                rounding = _ROUNDING * float(np.abs(above).sum()) / step
        table, step = row, step / 4
    return best, rounding


def _moved(
    problem: Problem, array: Array, entry: tuple[int, ...], held: float, step: float
) -> Array:
    array[entry] = held + step
    rows = _goal(problem)
    array[entry] = held
    return rows


def _between(
    problem: Problem, array: Array, entry: tuple[int, ...], value: float, numeric: float
) -> float:
    """On an edge, the slope between left and right that is nearest to the analytic one."""
    held = array[entry]
    step = _ONE_SIDED * max(1.0, abs(held))
    here = _moved(problem, array, entry, held, 0.0)
    right = float((_moved(problem, array, entry, held, step) - here).sum() / step)
    left = float((here - _moved(problem, array, entry, held, -step)).sum() / step)
    if abs(right - left) <= 1e-3 * max(abs(right), abs(left)):
        return numeric
    return float(np.clip(value, min(left, right), max(left, right)))
