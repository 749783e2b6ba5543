"""The operations table row by row: values and slopes, in the middle and in both tails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.slow import FORMULAS, STEP
from unrolled.engine.cell import cell_from_document
from unrolled.engine.numeric import FUNCTIONS as NUMPY
from unrolled.engine.numeric import evaluate
from unrolled.engine.operations import FUNCTIONS, OPERATIONS
from unrolled.engine.program import Program

Array = NDArray[Any]

ONE = [name for name, row in OPERATIONS.items() if row.elementwise and row.arity == 1]
TWO = [name for name, row in OPERATIONS.items() if row.elementwise and row.arity == 2]
WRITTEN = {"add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "divide": "{} / {}",
           "negative": "-{}"}  # fmt: skip
ABOVE_ZERO = ("log", "sqrt")
EVERYWHERE = [-300.0, -110.0, -40.0, -20.0, -3.0, -1.0, -1e-3, -1e-9, 1e-9, 1e-3, 0.5, 2.0, 20.0,
              40.0, 110.0, 300.0]  # fmt: skip


def through(operation: str, given: Sequence[float] | Array) -> tuple[Array, Array]:
    """Values and slopes of an operation of one argument, one point a timestep."""
    text = WRITTEN.get(operation, operation + "({})").format("x")
    document = {"id": "one", "output": "h", "equations": f"h = {text}"}
    made = Program(cell_from_document(document), {"input": 1, "units": 1})
    steps = len(given)
    run = made.forward(made.weights(), {"x": np.array(given)[:, None]}, {}, steps)
    found = made.backward(run, {"h": np.ones((steps, 1))})
    return run.values["h"][:, 0].copy(), found.inputs["x"][:, 0].copy()


def points(operation: str) -> Array:
    rng = np.random.default_rng(1)
    found = np.concatenate([EVERYWHERE, rng.normal(0, 3, 40)])
    return np.abs(found) if operation in ABOVE_ZERO else found


def lanes(values: Array) -> Array:
    return np.asarray(values, complex)[:, None]


@pytest.mark.parametrize("operation", ONE)
def test_an_operation_of_one_argument_has_the_values_and_slopes_of_its_formula(
    operation: str,
) -> None:
    a = points(operation)
    values, slopes = through(operation, a)
    with np.errstate(all="ignore"):
        plain = FORMULAS[operation](a)
        moved = np.broadcast_to(FORMULAS[operation](lanes(a) + 1j * STEP)[:, 0], a.shape)
    np.testing.assert_allclose(values, plain, rtol=1e-13)
    np.testing.assert_allclose(slopes, moved.imag / STEP, rtol=1e-12)


@pytest.mark.parametrize("operation", ONE)
def test_an_operation_of_one_argument_has_the_slopes_of_central_differences(operation: str) -> None:
    a = np.random.default_rng(2).uniform(0.1, 3, 30)
    a = a if operation in ABOVE_ZERO else np.concatenate([a, -a])
    step = 1e-6
    values, slopes = through(operation, a)
    above, below = through(operation, a + step)[0], through(operation, a - step)[0]
    np.testing.assert_allclose(slopes, (above - below) / (2 * step), rtol=1e-7, atol=1e-8)
    assert np.isfinite(values).all()


@pytest.mark.parametrize("operation", TWO)
def test_an_operation_of_two_arguments_has_the_values_and_slopes_of_its_formula(
    operation: str,
) -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 2, 50), rng.normal(0, 2, 50)
    text = WRITTEN.get(operation, operation + "({}, {})").format("p", "q")
    document = {"id": "two", "output": "h", "equations": f"h = {text}\np = P @ x\nq = Q @ x"}
    made = Program(cell_from_document(document), {"input": 2, "units": 1})
    weights = made.weights()
    weights.assign({"P": [[1, 0]], "Q": [[0, 1]]})
    run = made.forward(weights, {"x": np.stack([a, b], axis=1)}, {}, 50)
    found = made.backward(run, {"h": np.ones((50, 1))})
    np.testing.assert_allclose(run.values["h"], FORMULAS[operation](a, b)[:, None], rtol=1e-14)
    nudge = 1j * STEP
    for place, moved in enumerate([(lanes(a) + nudge, lanes(b)), (lanes(a), lanes(b) + nudge)]):
        slopes = np.broadcast_to(np.imag(FORMULAS[operation](*moved)) / STEP, (50, 1))
        np.testing.assert_allclose(found.inputs["x"][:, place : place + 1], slopes, rtol=1e-12)


def exactly(formula: Callable[[Decimal], Decimal], a: float) -> float:
    with localcontext() as context:
        context.prec = 60
        context.Emin = -10_000
        context.Emax = 10_000
        return float(formula(Decimal(a)))


def sigma(a: Decimal) -> Decimal:
    return 1 / (1 + (-a).exp())


def squared_secant(a: Decimal) -> Decimal:
    return (2 / (a.exp() + (-a).exp())) ** 2


TAILS = [-300.0, -110.0, -40.0, -20.0, -10.0, 0.0, 10.0, 20.0, 40.0, 110.0, 300.0]


@pytest.mark.parametrize("a", TAILS)
def test_sigmoid_keeps_its_digits_in_both_tails(a: float) -> None:
    (value,), (slope,) = through("sigmoid", [a])
    assert value == pytest.approx(exactly(sigma, a), rel=1e-12, abs=0)
    assert slope == pytest.approx(exactly(lambda d: sigma(d) * sigma(-d), a), rel=1e-12, abs=0)


@pytest.mark.parametrize("a", TAILS)
def test_tanh_keeps_the_digits_of_its_slope_in_both_tails(a: float) -> None:
    (value,), (slope,) = through("tanh", [a])
    assert value == pytest.approx(np.tanh(a), rel=1e-14, abs=0)
    assert slope == pytest.approx(exactly(squared_secant, a), rel=1e-12, abs=0)


def test_sigmoid_of_minus_110_is_what_the_lecture_lives_by() -> None:
    value = through("sigmoid", [-110.0])[0][0]
    assert value == pytest.approx(1.6889e-48, rel=1e-4, abs=0)
    assert value == pytest.approx(exactly(sigma, -110), rel=1e-12, abs=0)


@pytest.mark.parametrize("a", [-1000.0, 1000.0])
@pytest.mark.parametrize("operation", ["sigmoid", "tanh", "softplus", "relu"])
def test_far_out_there_is_neither_an_overflow_nor_an_undefined_number(
    operation: str, a: float
) -> None:
    values, slopes = through(operation, [a])
    assert np.isfinite([*values, *slopes]).all()


@pytest.mark.parametrize(
    ("operation", "slope"), [("relu", 0), ("step", 0), ("sign", 0), ("absolute", 0)]
)
def test_on_an_edge_the_slope_is_that_of_pytorch(operation: str, slope: float) -> None:
    assert through(operation, [0.0])[1][0] == slope


@pytest.mark.parametrize("operation", ["maximum", "minimum"])
def test_at_a_tie_both_arguments_carry_half(operation: str) -> None:
    document = {"id": "tie", "output": "h", "equations": f"h = {operation}(x, p)"}
    made = Program(cell_from_document(document), {"input": 1, "units": 1})
    weights = made.weights()
    weights.assign({"p": [2]})
    found = made.backward(
        made.forward(weights, {"x": np.array([[2.0]])}, {}, 1), {"h": np.array([[1.0]])}
    )
    assert found.inputs["x"] == found.parameters["p"] == 0.5


def softmax(z: list[float], g: list[float]) -> tuple[Array, Array]:
    document = {"id": "s", "output": "y", "equations": "y = softmax(x)"}
    made = Program(cell_from_document(document), {"input": len(z), "units": 1})
    run = made.forward(made.weights(), {"x": np.array([z])}, {}, 1)
    found = made.backward(run, {"y": np.array([g])})
    return run.values["y"][0].copy(), found.inputs["x"][0].copy()


@pytest.mark.parametrize("gap", [0.5, 20.0, 40.0, 300.0])
def test_a_softmax_that_has_all_but_decided_keeps_its_digits(gap: float) -> None:
    y, slopes = softmax([gap, 0.0], [1.0, -2.0])
    assert y[1] == pytest.approx(exactly(sigma, -gap), rel=1e-12, abs=0)
    wanted = 3 * exactly(lambda d: sigma(d) * sigma(-d), gap)
    np.testing.assert_allclose(slopes, [wanted, -wanted], rtol=1e-12)


def test_a_softmax_whose_entries_all_matter_alike_has_no_slope_at_all() -> None:
    assert not softmax([0.3, -0.2, 1.7], [1.0, 1.0, 1.0])[1].any()


def test_a_softmax_does_not_overflow() -> None:
    y, _ = softmax([1e4, 1e4, -1e4], [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(y, [0.5, 0.5, 0])


@pytest.mark.parametrize("operation", ONE + TWO)
def test_on_plain_numbers_an_operation_is_the_same(operation: str) -> None:
    arguments = [0.7, 1.3][: OPERATIONS[operation].arity]
    wanted = FORMULAS[operation](*(np.array([a]) for a in arguments))[0]
    assert evaluate(operation, arguments) == pytest.approx(wanted, rel=1e-14)


def test_every_function_of_the_language_has_a_formula_here() -> None:
    missing = {*FUNCTIONS} - {*FORMULAS}
    assert not missing, "give new primitives a formula in tests/engine/slow.py"


USED = sorted({*NUMPY} - {"negative", "matmul"})


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", USED)
def test_the_numpy_function_of_a_row_is_right_for_every_stride(name: str, dtype: Any) -> None:
    """NumPy 2.4's own negation is not: inputs 64 bytes apart come out shifted."""
    rng = np.random.default_rng(4)
    count = getattr(np, name).nin
    for steps in range(1, 7):
        for rows in range(1, 20):
            for width in range(1, min(rows, 4) + 1):
                given = [rng.uniform(0.1, 2, (steps, rows)).astype(dtype)[:, -width:]
                         for _ in range(count)]  # fmt: skip
                room = np.zeros((steps, rows + steps), dtype)
                NUMPY[name](*given, room[:, :width])
                wanted = getattr(np, name)(*(np.ascontiguousarray(a) for a in given))
                np.testing.assert_allclose(room[:, :width], wanted, rtol=1e-6)
