"""Every cell × direction × depth × shape × loss: analytic against numeric gradients."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.networks import DEPTHS, DIRECTIONS, GOALS, POOLS, Form, every_form, problem
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.check import Problem, analytic_everywhere, check

Array = NDArray[Any]
STEP = 1e-30
CELLS = sorted(catalogue())


def places(found: Problem) -> dict[str, Array]:
    """Everything that can be changed: parameters, inputs, initial states."""
    states = {
        f"layers.{number}.{direction}.initial.{name}": array
        for number, layer in enumerate(found.initial)
        for direction, held in layer.items()
        for name, array in held.items()
    }
    return {**found.network.parameters(), **states, "inputs": found.inputs}


def analytic(found: Problem) -> dict[str, Array]:
    traced = found.run(found.network, gradients=True)
    gradients = {"inputs": traced.input_gradients}
    for address, direction in traced.directions():
        for group, held in (("", direction.parameter_gradients),
                            ("initial.", direction.initial_gradients)):  # fmt: skip
            gradients |= {f"{address}.{group}{name}": a for name, a in (held or {}).items()}
    return {name: array for name, array in gradients.items() if array is not None}


def copied(found: Problem, kind: Any = None) -> Problem:
    """The same problem with numbers of its own, of another type on request."""
    kind = kind or found.network.dtype
    states = [{way: {n: a.astype(kind) for n, a in held.items()} for way, held in layer.items()}
              for layer in found.initial]  # fmt: skip
    return Problem(found.network.copy(kind), found.inputs.astype(kind), states, found.static,
                   found.targets, found.loss)  # fmt: skip


def in_complex_numbers(found: Problem) -> Problem:
    return copied(found, np.complex128)


def total(found: Problem) -> Any:
    traced = found.run(found.network)
    return (traced.outputs if traced.loss_steps is None else traced.loss_steps).sum()


def slope_along(found: Problem, ways: Mapping[str, Array]) -> float:
    """How fast the goal changes as everything moves along a way at once: by complex step, by
    central differences where a primitive has an edge."""
    if analytic_everywhere(found.network):
        return float(total(moved(in_complex_numbers(found), ways, 1j * STEP)).imag / STEP)
    ahead, back = moved(found, ways, 1e-6), moved(found, ways, -1e-6)
    return float((total(ahead) - total(back)) / 2e-6)


def moved(found: Problem, ways: Mapping[str, Array], step: complex) -> Problem:
    other = copied(found)
    for name, array in places(other).items():
        array += step * ways[name]
    return other


EVERY_STACK = list(itertools.product(CELLS, DIRECTIONS, DEPTHS))


@pytest.mark.parametrize(("cell", "direction", "depth"), EVERY_STACK)
def test_along_random_ways_the_goal_changes_as_its_gradient_says(
    cell: str, direction: str, depth: int
) -> None:
    """Each combination of shape and loss, everything moved at once in a random direction."""
    for number, (pool, goal) in enumerate(itertools.product(POOLS, GOALS)):
        found = problem(Form(cell, direction, depth, pool, goal), number)
        rng = np.random.default_rng(number)
        gradients = analytic(found)
        ways = {name: rng.uniform(-1, 1, array.shape) for name, array in gradients.items()}
        said = sum(float((ways[name] * array).sum()) for name, array in gradients.items())
        parts = sum(float(np.abs(ways[name] * array).sum()) for name, array in gradients.items())
        smooth = analytic_everywhere(found.network)
        far = 1e-13 * parts if smooth else 1e-6 * parts + 1e-12
        assert said == pytest.approx(slope_along(found, ways), rel=1e-10, abs=far)


def a_few() -> list[Form]:
    """Each cell, direction and depth once, shapes and losses taking turns."""
    turns = itertools.cycle(itertools.product(POOLS, GOALS))
    return [Form(cell, direction, depth, *next(turns)) for cell, direction, depth in EVERY_STACK]


@pytest.mark.parametrize("form", a_few(), ids=lambda form: form.name)
def test_every_entry_is_within_the_limits_of_the_check(form: Form) -> None:
    report = check(problem(form, 11, steps=2))
    assert report.passed, report.rows[-1]


def with_options() -> list[tuple[str, dict[str, str]]]:
    return [
        (name, {option: primitive})
        for name, cell in catalogue().items()
        for option, primitives in cell.options.items()
        for primitive in primitives
    ]


@pytest.mark.parametrize(("cell", "options"), with_options())
def test_every_option_of_a_cell_is_within_the_limits_of_the_check(
    cell: str, options: dict[str, str]
) -> None:
    report = check(problem(Form(cell), 5, options=options))
    assert report.passed, report.rows[-1]
    smooth = analytic_everywhere(problem(Form(cell), 5, options=options).network)
    assert report.method == ("complex step" if smooth else "central differences")


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_without_a_readout_too(direction: str, pool: str | None) -> None:
    report = check(problem(Form("gru", direction, 2, pool, None, readout=False), 3))
    assert report.passed, report.rows[-1]


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_a_static_vector_is_an_input_too(direction: str) -> None:
    """s_t = tanh(W x + U s[t-1] + W_v v), where v is there at the first step alone."""
    cell = cell_from_document(
        {"id": "captioning", "state": ["s"], "output": "s",
         "equations": "s = tanh(W_h @ x + U_h @ s[t-1] + W_v @ v)"}
    )  # fmt: skip
    found = problem(Form("", direction, 2), 3, cell=cell)
    report = check(found)
    assert report.passed, report.rows[-1]
    assert "static" in {row.address for row in report.rows}


def test_every_combination_is_there() -> None:
    assert sum(1 for _ in every_form()) == len(CELLS) * 4 * 3 * 3 * 5
