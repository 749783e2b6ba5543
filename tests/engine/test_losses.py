"""Losses: values as the formulas say, slopes as the values say, digits kept at certainty."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from unrolled.engine.losses import LOSSES

Array = NDArray[Any]
STEP = 1e-20


def softmax(z: Array) -> Array:
    raised = np.exp(z - z.real.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def sigma(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


ANSWERS = {"squared_error": lambda z: z, "cross_entropy": softmax, "binary_cross_entropy": sigma}
FORMULAS = {
    "squared_error": lambda y, goal: ((y - goal) ** 2 / 2).sum(),
    "cross_entropy": lambda y, goal: -(goal * np.log(y)).sum(),
    "binary_cross_entropy": lambda y, goal: -(goal * np.log(y) + (1 - goal) * np.log(1 - y)).sum(),
}
TARGETS = {
    "squared_error": [[0.5, -1, 2], [0, 0, 0]],
    "cross_entropy": [[0, 1, 0], [0.2, 0.3, 0.5]],
    "binary_cross_entropy": [[0, 1, 1], [0.25, 0, 1]],
}


def arrays(name: str) -> tuple[Array, Array]:
    z = np.random.default_rng(1).normal(0, 2, (2, 3))
    return z, np.array(TARGETS[name], float)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_has_the_value_of_its_formula(name: str) -> None:
    z, goal = arrays(name)
    y = ANSWERS[name](z)
    wanted = [FORMULAS[name](*pair) for pair in zip(y, goal, strict=True)]
    np.testing.assert_allclose(LOSSES[name].value(z, y, goal), wanted, rtol=1e-13)


@pytest.mark.parametrize("name", LOSSES)
def test_its_slopes_are_those_of_its_formula(name: str) -> None:
    z, goal = arrays(name)
    y, row = ANSWERS[name](z), LOSSES[name]
    of_y, of_z = row.of_y(z, y, goal), row.of_z(z, y, goal) if row.of_z else None
    for entry in np.ndindex(z.shape):
        moved = y.astype(complex)
        moved[entry] += 1j * STEP
        assert of_y[entry] == pytest.approx(FORMULAS[name](moved, goal).imag / STEP, rel=1e-12)
        moved = z.astype(complex)
        moved[entry] += 1j * STEP
        slope = FORMULAS[name](ANSWERS[name](moved), goal).imag / STEP
        if of_z is not None:
            assert of_z[entry] == pytest.approx(slope, rel=1e-10, abs=1e-15)


@pytest.mark.parametrize("z", [20.0, 40.0, 300.0])
@pytest.mark.parametrize("right", [True, False])
def test_binary_cross_entropy_keeps_its_digits_at_certainty(z: float, right: bool) -> None:
    """At z = 40 y is 1 to the last digit; 1 − y, taken from y, would be 0."""
    row, goal = LOSSES["binary_cross_entropy"], np.array([[float(right)]])
    logits, y = np.array([[z]]), sigma(np.array([[z]]))
    assert row.of_y(logits, y, goal)[0, 0] == pytest.approx(
        -1 - np.exp(-z) if right else 1 + np.exp(z), rel=1e-12
    )
    assert row.value(logits, y, goal)[0] == pytest.approx(
        np.log1p(np.exp(-z)) + (0 if right else z), rel=1e-12, abs=1e-15
    )


@pytest.mark.parametrize("name", ["cross_entropy", "binary_cross_entropy"])
def test_an_answer_that_is_surely_wrong_costs_a_finite_amount(name: str) -> None:
    z, goal = np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]])
    row, y = LOSSES[name], ANSWERS[name](np.array([[50.0, -50.0]]))
    assert np.isfinite(row.value(z, y, goal)).all()
    assert row.of_z is not None
    assert np.isfinite(row.of_z(z, y, goal)).all()
