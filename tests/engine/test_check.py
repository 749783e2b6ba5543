"""The check is checked: wrong gradients fail it, right ones pass it however hard the scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.networks import Form, problem
from unrolled.engine import check as checks
from unrolled.engine.cell import cell_from_document
from unrolled.engine.check import CENTRAL_LIMIT, COMPLEX_LIMIT, Problem, Report, check
from unrolled.engine.trace import Trace
from unrolled.scenes import lessons, run
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

Array = NDArray[Any]
Change = Callable[[Array], Array]
SMOOTH = Form("lstm", "bidirectional concat", 2, "mean", "squared_error")


def with_wrong(
    monkeypatch: pytest.MonkeyPatch, found: Problem, group: str, name: str, change: Change
) -> Report:
    """The check's report when one analytic gradient is changed."""
    right = Problem.run

    def wrong(self: Problem, network: Any, *, gradients: bool = False) -> Trace:
        traced = right(self, network, gradients=gradients)
        if not gradients:
            return traced
        if group == "inputs":
            assert traced.input_gradients is not None
            return replace(traced, input_gradients=change(traced.input_gradients))
        first = traced.layers[0][0]
        held = dict(getattr(first, group))
        held[name] = change(held[name])
        fields: dict[str, Any] = {group: held}
        layers = [[replace(first, **fields), *traced.layers[0][1:]], *traced.layers[1:]]
        return replace(traced, layers=layers)

    monkeypatch.setattr(Problem, "run", wrong)
    return check(found)


def entry_scaled(factor: float) -> Change:
    def change(array: Array) -> Array:
        other = array.copy()
        largest = np.unravel_index(np.abs(other).argmax(), other.shape)
        other[largest] *= factor
        return other

    return change


PLACES = [
    ("parameter_gradients", "U_f", "layers.0.forward.U_f"),
    ("parameter_gradients", "b_i", "layers.0.forward.b_i"),
    ("initial_gradients", "c", "layers.0.forward.initial.c"),
    ("inputs", "", "inputs"),
]


@pytest.mark.parametrize(("group", "name", "address"), PLACES)
@pytest.mark.parametrize("factor", [1 + 1e-8, 0.5, 0.0, -1.0])
def test_one_wrong_entry_fails_the_check_and_stands_last(
    monkeypatch: pytest.MonkeyPatch, group: str, name: str, address: str, factor: float
) -> None:
    report = with_wrong(monkeypatch, problem(SMOOTH, 3), group, name, entry_scaled(factor))
    assert not report.passed
    worst = report.rows[-1]
    assert worst.address == address
    assert worst.error > COMPLEX_LIMIT
    assert all(row.error <= COMPLEX_LIMIT for row in report.rows[:-1])


@pytest.mark.parametrize("factor", [1 + 1e-8, 0.5, -1.0])
@pytest.mark.parametrize("goal", ["cross_entropy classes", "binary_cross_entropy"])
def test_one_wrong_entry_fails_the_check_of_a_cross_entropy(
    monkeypatch: pytest.MonkeyPatch, goal: str, factor: float
) -> None:
    found = problem(Form("gru", goal=goal), 3)
    report = with_wrong(monkeypatch, found, "parameter_gradients", "U_u", entry_scaled(factor))
    assert not report.passed
    assert report.rows[-1].address == "layers.0.forward.U_u"


def test_an_answer_that_is_certain_and_right_passes() -> None:
    """Softmax and cross-entropy then subtract numbers that hardly differ, on both sides."""
    found = run.problem(plan(lessons.lesson("attention").scenes[2].scene, Limits()))
    report = check(found)
    assert report.passed, report.rows[-1]


@pytest.mark.parametrize("factor", [1 + 1e-4, 0.5, -1.0])
def test_one_wrong_entry_fails_the_check_by_central_differences_too(
    monkeypatch: pytest.MonkeyPatch, factor: float
) -> None:
    found = problem(Form("elman", depth=2), 4, options={"activation": "relu"})
    report = with_wrong(monkeypatch, found, "parameter_gradients", "U_h", entry_scaled(factor))
    assert report.method == "central differences"
    assert not report.passed
    assert report.rows[-1].error > CENTRAL_LIMIT


def test_an_undefined_gradient_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    found = problem(SMOOTH, 3)
    report = with_wrong(monkeypatch, found, "parameter_gradients", "W_o", entry_scaled(np.nan))
    assert not report.passed
    assert report.rows[-1].address == "layers.0.forward.W_o"


def test_the_numeric_side_is_what_an_independent_difference_gives() -> None:
    """Fourth-order differences of the loss, taken here, against every row of the report."""
    found = problem(Form("gru", "bidirectional sum", 1, "last", "cross_entropy classes"), 5)
    parameters = found.network.parameters()
    for row in check(found).rows:
        if row.address not in parameters:
            continue
        array, losses = parameters[row.address], {}
        held, step = array[row.entry], 1e-3
        for times in (-2, -1, 1, 2):
            array[row.entry] = held + times * step
            losses[times] = found.run(found.network).loss or 0.0
        array[row.entry] = held
        slope = (8 * (losses[1] - losses[-1]) - (losses[2] - losses[-2])) / (12 * step)
        assert row.numeric == pytest.approx(slope, rel=1e-6, abs=1e-10)
        assert row.analytic == pytest.approx(slope, rel=1e-6, abs=1e-10)


def test_the_check_leaves_the_problem_as_it_was() -> None:
    found = problem(SMOOTH, 6)
    before = {name: array.copy() for name, array in found.network.parameters().items()}
    inputs = found.inputs.copy()
    check(found)
    np.testing.assert_array_equal(found.inputs, inputs)
    for name, array in found.network.parameters().items():
        np.testing.assert_array_equal(array, before[name])


def test_every_parameter_input_and_initial_state_has_a_row() -> None:
    found = problem(SMOOTH, 7)
    told: list[str] = []
    addresses = [row.address for row in check(found, told.append).rows]
    wanted = {*found.network.parameters(), "inputs"}
    wanted |= {
        f"layers.{layer}.{way}.initial.{state}"
        for layer in range(2)
        for way in ("forward", "backward")
        for state in "hc"
    }
    assert sorted(addresses) == sorted(told) == sorted(wanted)


def scaled(found: Problem, factor: float) -> Problem:
    for array in found.network.parameters().values():
        array *= factor
    return found


@pytest.mark.parametrize("factor", [100.0, 2000.0])
@pytest.mark.parametrize("cell", ["lstm", "gru", "lstm_coupled", "elman", "mgu"])
def test_gates_far_out_in_their_tails_pass(cell: str, factor: float) -> None:
    report = check(scaled(problem(Form(cell, depth=2), 8), factor))
    assert report.passed, report.rows[-1]


def test_vanishing_gradients_pass_to_the_last_digit() -> None:
    found = scaled(problem(Form("elman", pool="last", goal="squared_error"), 9, steps=30), 0.05)
    report = check(found)
    assert report.passed
    early = next(row for row in report.rows if row.address == "layers.0.forward.initial.h")
    assert 0 < abs(early.analytic) < 1e-20


@pytest.mark.parametrize("pool", [None, "mean"])
def test_a_softmax_summed_without_a_loss_has_no_gradient_and_passes(pool: str | None) -> None:
    cell = cell_from_document(
        {"id": "soft", "state": ["h"], "output": "y",
         "equations": "h = tanh(W @ x + U @ h[t-1] + b)\ny = softmax(h)"}
    )  # fmt: skip
    report = check(problem(Form("", pool=pool, readout=False), 10, cell=cell))
    assert report.passed, report.rows[-1]
    assert all(abs(row.analytic) < 1e-15 for row in report.rows)


def test_a_wrong_gradient_of_such_a_softmax_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    cell = cell_from_document(
        {"id": "soft", "state": ["h"], "output": "y",
         "equations": "h = tanh(W @ x + U @ h[t-1] + b)\ny = softmax(h)"}
    )  # fmt: skip
    found = problem(Form("", readout=False), 10, cell=cell)
    report = with_wrong(monkeypatch, found, "parameter_gradients", "W", lambda a: a + 1e-3)
    assert not report.passed


@pytest.mark.parametrize("cell", ["elman", "lstm"])
def test_relu_at_its_edge_passes(cell: str) -> None:
    """Nothing but zeros goes in: every ReLU stands at 0, where it has no derivative."""
    option = {"elman": "activation", "lstm": "input_activation"}[cell]
    found = problem(Form(cell), 12, options={option: "relu"})
    found.inputs[...] = 0
    for layer in found.initial:
        for states in layer.values():
            for array in states.values():
                array[...] = 0
    for name, array in found.network.parameters().items():
        if name.split(".")[-1].startswith("b_"):
            array[...] = 0
    report = check(found)
    assert report.passed, report.rows[-1]


def test_central_differences_see_gradients_of_very_different_sizes() -> None:
    """Gates with weights of 100, as the lecture has them, and a ReLU that forbids complex steps."""
    found = problem(Form("lstm"), 13, options={"input_activation": "relu"}, steps=4)
    found.network.parameters()["layers.0.forward.W_f"][...] = 100
    found.network.parameters()["layers.0.forward.W_o"][...] = -30
    report = check(found)
    assert report.method == "central differences"
    assert report.passed, report.rows[-1]


def test_the_limits_are_those_of_the_contract() -> None:
    assert (checks.COMPLEX_LIMIT, checks.CENTRAL_LIMIT) == (1e-9, 1e-5)
