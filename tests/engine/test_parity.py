"""Values and gradients against PyTorch, or against what was recorded from it."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from tests.engine import parity
from tests.engine.parity import LIMIT, LOOPS, Case, Results, cases, differences, note, ours
from unrolled.engine.cell import catalogue

pytestmark = pytest.mark.oracle
CASES = {case.name: case for case in cases()}
TORCH = importlib.util.find_spec("torch") is not None


@pytest.fixture(scope="module")
def recorded() -> dict[str, Results]:
    return parity.recorded()


@pytest.fixture(scope="module")
def wanted(recorded: dict[str, Results]) -> dict[str, Results]:
    """PyTorch's side of every case: asked now where it is installed, else as recorded."""
    if not TORCH:
        return recorded
    from tests.engine.torch_side import theirs

    return {name: theirs(case) for name, case in CASES.items()}


def group(case: Case) -> str:
    return f"nn.{case.module}" if case.module else f"a loop of {case.cell}"


@pytest.mark.parametrize("name", CASES)
def test_values_and_gradients_are_those_of_pytorch(name: str, wanted: dict[str, Results]) -> None:
    worst = differences(ours(CASES[name]), wanted[name])
    note(group(CASES[name]), worst)
    assert max(worst.values()) <= LIMIT


@pytest.mark.parametrize("name", CASES)
def test_in_single_precision_they_agree_as_far_as_it_reaches(
    name: str, wanted: dict[str, Results]
) -> None:
    found = ours(CASES[name], np.float32)
    assert {array.dtype for key, array in found.items() if key != "loss"} == {np.dtype("f4")}
    largest = max(float(np.abs(array).max()) for array in wanted[name].values())
    worst = differences(found, wanted[name])
    note("the same in float32", worst)
    assert max(worst.values()) <= 1e-4 * max(1.0, largest)


@pytest.mark.skipif(not TORCH, reason="PyTorch is not installed; what was recorded stands in")
def test_what_was_recorded_is_what_pytorch_says(
    wanted: dict[str, Results], recorded: dict[str, Results]
) -> None:
    for name in CASES:
        assert recorded[name].keys() == wanted[name].keys()
        assert max(differences(recorded[name], wanted[name]).values()) <= LIMIT, name


def test_every_case_was_recorded(recorded: dict[str, Results]) -> None:
    assert recorded.keys() == CASES.keys(), "run scripts/record_reference.py"


def test_every_option_of_a_compared_cell_is_compared() -> None:
    compared = {(case.cell, *pair) for case in CASES.values() for pair in case.options.items()}
    wanted = {(name, option, primitive) for name in LOOPS
              for option, primitives in catalogue()[name].options.items()
              for primitive in primitives[1:]}  # fmt: skip
    assert wanted <= compared
    assert {case.cell for case in CASES.values()} == set(LOOPS)
