"""Programs against the slow evaluation of the same equations: values, gradients, batches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engine.random_cells import compiled, dimensions, documents, numbers
from tests.engine.slow import Case
from unrolled.engine import joint
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.program import Program
from unrolled.engine.records import Gradients, Run

Array = NDArray[Any]
SEEDS = st.integers(0, 2**32 - 1)
JOINED = ("elman", "gru_simple", "jordan", "lstm", "lstm_coupled", "lstm_peephole",
          "lstm_peephole_ng", "slstm")  # fmt: skip
"""Cells all of whose recurrent sums see the input too."""


def run(program: Program, case: Case) -> Run:
    """The program over the case, one sequence."""
    weights = program.weights()
    weights.assign(case.parameters)
    inputs = {key: case.inputs[key] for key in program.cell.inputs}
    return program.forward(weights, inputs, case.initial, case.steps)


def gradients(program: Program, case: Case, of: Run | None = None) -> Gradients:
    return program.backward(of or run(program, case), case.given, case.final)


def groups(found: Gradients) -> dict[str, Mapping[str, Array]]:
    """Gradients by group, as the slow evaluation has them."""
    return {
        "parameters": found.parameters, "inputs": found.inputs,
        "initial": found.initial, "values": found.values,
    }  # fmt: skip


def assert_same(found: Mapping[str, Any], expected: Mapping[str, Any], what: str) -> None:
    largest = max((float(np.abs(a).max(initial=0)) for g in expected.values() for a in g.values()),
                  default=0.0)  # fmt: skip
    for group, arrays in expected.items():
        for name, array in arrays.items():
            if group == "inputs" and name not in found[group]:
                assert not array.any(), f"{what}: {name} is used"
                continue
            np.testing.assert_allclose(
                found[group][name], array, rtol=1e-9, atol=1e-11 * largest,
                err_msg=f"{what}: {group}.{name}",
            )  # fmt: skip


def is_plain(case: Case) -> bool:
    """Whether no number stands right beside an edge and none is enormous."""
    values, near_edge = case.values()
    return not near_edge and all(np.abs(array).max() < 1e3 for array in values.values())


def assert_right(program: Program, case: Case) -> None:
    made, what = run(program, case), case.cell.text
    values, _ = case.values()
    assert_same({"values": made.values}, {"values": values}, what)
    assert_same(groups(gradients(program, case, made)), case.gradients(), what)


def assert_random_cell_is_right(
    document: dict[str, Any], sizes: dict[str, int], seed: int, steps: int, every: bool
) -> None:
    program = compiled(cell_from_document(document), sizes)
    case = numbers(program, seed, steps, everywhere=every)
    assume(is_plain(case))
    assert_right(program, case)


@settings(max_examples=150)
@given(documents(), dimensions(), SEEDS, st.integers(1, 4), st.booleans())
def test_any_cell_has_the_values_and_gradients_of_its_equations(
    document: dict[str, Any], sizes: dict[str, int], seed: int, steps: int, every: bool
) -> None:
    assert_random_cell_is_right(document, sizes, seed, steps, every)


@settings(max_examples=150)
@given(documents(smooth=True), dimensions(), SEEDS, st.integers(1, 4), st.booleans())
def test_any_smooth_cell_has_the_values_and_gradients_of_its_equations(
    document: dict[str, Any], sizes: dict[str, int], seed: int, steps: int, every: bool
) -> None:
    assert_random_cell_is_right(document, sizes, seed, steps, every)


@pytest.mark.parametrize("identifier", sorted(catalogue()))
def test_a_cell_too_large_for_a_joint_matrix_is_right_as_well(
    identifier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"input": 2, "units": 3, "static": 1, "outputs": 3}
    cell = catalogue()[identifier].with_options({})
    small = Program(cell, sizes)
    monkeypatch.setattr(joint, "JOINT_ENTRIES", 0)
    large = Program(cell, sizes)
    assert large.plan.joint is None
    assert (small.plan.joint is not None) == (identifier in JOINED)
    assert_right(large, numbers(large, 3, 4))


@pytest.mark.parametrize("every", [True, False])
@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("identifier", sorted(catalogue()))
def test_a_cell_of_the_catalogue_has_the_values_and_gradients_of_its_equations(
    identifier: str, steps: int, every: bool
) -> None:
    sizes = {"input": 2, "units": 3, "static": 1}
    program = compiled(catalogue()[identifier].with_options({}), sizes)
    assert_right(program, numbers(program, steps, steps, everywhere=every))
