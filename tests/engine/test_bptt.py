"""What each use of a parameter adds to each loss: against PyTorch with weights untied, and sums."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engine.networks import DIRECTIONS, GOALS, Form, problem
from tests.engine.parity import LOOPS, Case
from tests.engine.random_cells import compiled, dimensions, documents, numbers
from unrolled.engine.bptt import ThroughTime
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.check import Problem
from unrolled.engine.errors import EngineError
from unrolled.engine.goal import Goal
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network

Array = NDArray[Any]
CASES = [
    *(Case(cell, direction=way, depth=2) for cell in LOOPS for way in DIRECTIONS),
    *(Case("lstm", direction=way, depth=3) for way in DIRECTIONS),
    *(Case("gru", direction=way, depth=2, pool=pool, goal="squared_error")
      for way in DIRECTIONS for pool in ("last", "mean")),
    *(Case("lstm_peephole", direction=way, goal=goal)
      for way in DIRECTIONS for goal in GOALS if goal),
]  # fmt: skip


def through(held: Problem) -> ThroughTime:
    goal = Goal.of(held.network, held.loss, held.targets) if held.loss and held.targets else None
    assert isinstance(held.network, Network)
    return ThroughTime(held.network, held.inputs, goal, held.initial, held.static)


def of_trace(held: Problem) -> dict[str, Array]:
    found = held.run(held.network, gradients=True)
    return {f"{part}.{name}": array for part, one in found.directions()
            for name, array in (one.parameter_gradients or {}).items()}  # fmt: skip


@pytest.mark.oracle
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_terms_and_norms_are_pytorchs_with_every_use_a_leaf_of_its_own(case: Case) -> None:
    pytest.importorskip("torch", reason="the oracle")
    from tests.engine.torch_time import Between

    between, held = Between(case), case.numbers
    goal = Goal.of(held.network, held.loss, held.targets or []) if held.loss else None
    ours = ThroughTime(held.network, held.x, goal, held.initial)
    norms = ours.norms()
    for address in (a for a in held.network.parameters() if a.startswith("layers")):
        expected = between.terms(address)
        entries = tuple(range(2, expected.ndim))
        np.testing.assert_allclose(ours.terms(address).terms, expected, 1e-10, 1e-14)
        length = np.sqrt((expected**2).sum(axis=entries))
        np.testing.assert_allclose(norms[address], length, 1e-10, 1e-14)
        place = tuple(size - 1 for size in expected.shape[2:])
        one = ours.terms(address, place)
        np.testing.assert_allclose(one.terms, expected[(..., *place)], 1e-10, 1e-14)


@pytest.mark.parametrize("pool", [None, "last", "mean"])
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("cell", list(catalogue()))
def test_the_terms_of_every_parameter_sum_to_its_gradient(
    cell: str, direction: str, pool: str | None
) -> None:
    for goal in ("cross_entropy classes", None):
        held = problem(Form(cell, direction, 2, pool, goal), 5, steps=4)
        ours, gradients = through(held), of_trace(held)
        for address, gradient in gradients.items():
            found = ours.terms(address)
            largest = np.abs(gradient).max()
            np.testing.assert_allclose(found.terms.sum((0, 1)), gradient, 1e-10, 1e-12 * largest)
            np.testing.assert_allclose(found.gradient, gradient, 1e-10, 1e-12 * largest)


@settings(max_examples=60)
@given(documents(), dimensions(), st.integers(0, 2**32 - 1))
def test_in_random_cells_they_sum_to_the_gradient_by_the_complex_step(
    document: dict[str, Any], sizes: dict[str, int], seed: int
) -> None:
    cell = cell_from_document(document)
    program = compiled(cell, sizes)
    case = numbers(program, seed, 3, everywhere=False, scale=0.6)
    for name in set(case.inputs) & {"v"}:
        case.inputs[name][1:] = 0
    case.given = {cell.output: np.ones((3, program.size(cell.output)))}
    case.final = {}
    assume(not case.values()[1])
    network = Network([LayerSpec(cell, {"outputs": sizes["units"], **sizes})])
    network.assign({f"layers.0.forward.{n}": a for n, a in case.parameters.items()})
    static = case.inputs["v"][0] if "v" in case.inputs else None
    ours = ThroughTime(network, case.inputs["x"], None, [{"forward": case.initial}], static)
    norms = ours.norms()
    expected = case.gradients()["parameters"]
    largest = max((float(np.abs(a).max()) for a in expected.values()), default=0.0)
    for name, gradient in expected.items():
        terms = ours.terms(name).terms
        np.testing.assert_allclose(terms.sum((0, 1)), gradient, 1e-9, 1e-11 * max(1, largest))
        length = np.linalg.norm(terms.reshape(3, 3, -1), axis=2)
        np.testing.assert_allclose(norms[f"layers.0.forward.{name}"], length, 1e-7, 1e-9)


def test_a_use_adds_nothing_to_a_loss_it_cannot_reach() -> None:
    held = problem(Form("gru", "backward", 1, None, "squared_error"), 2, steps=4)
    norms = through(held).norms()
    assert not norms["layers.0.backward.W_n"][np.tri(4, k=-1, dtype=bool)].any()
    assert not norms["readout.V"][~np.eye(4, dtype=bool)].any()
    # The second row of the goal has no target.
    assert not norms["layers.0.backward.W_n"][1].any()


def test_one_answer_has_one_row_of_losses_and_one_use_of_the_readout() -> None:
    norms = through(problem(Form("lstm", pool="last", goal="squared_error"), 2, steps=4)).norms()
    assert norms["layers.0.forward.U_f"].shape == (1, 4)
    assert norms["readout.V"].shape == (1, 1)


def test_losses_one_by_one_give_what_they_give_together(monkeypatch: pytest.MonkeyPatch) -> None:
    held = problem(Form("lstm_peephole", depth=2, goal="binary_cross_entropy"), 2, steps=5)
    together = through(held).norms()
    monkeypatch.setattr("unrolled.engine.bptt.BATCH_BYTES", 1)
    alone = through(held)
    for address, norms in alone.norms().items():
        np.testing.assert_allclose(norms, together[address], 1e-12)
    total = alone.terms("layers.0.forward.p_f", [0])
    np.testing.assert_allclose(total.terms.sum(), total.gradient, 1e-12)


def test_gradients_too_small_to_be_squared_are_not_lost() -> None:
    elman = LayerSpec(catalogue()["elman"], {"input": 1, "units": 1}, {"activation": "identity"})
    network = Network([elman])
    network.assign({"layers.0.forward.W_h": [[1]], "layers.0.forward.U_h": [[1e-60]]})
    norms = ThroughTime(network, np.ones((5, 1))).norms()["layers.0.forward.W_h"]
    np.testing.assert_allclose(norms[4], [1e-240, 1e-180, 1e-120, 1e-60, 1], 1e-12)


@pytest.mark.parametrize(
    ("parameter", "entry", "field"),
    [("W_q", [0, 0], "parameter"), ("h", [0], "parameter"), ("W_h[0]", [0], "parameter"),
     ("W_h", [0], "entry"), ("W_h", [0, 9], "entry"), ("b_h", [-1], "entry")],
)  # fmt: skip
def test_what_is_no_entry_is_refused_by_its_field(
    parameter: str, entry: list[int], field: str
) -> None:
    held = problem(Form("elman"), 7, steps=2)
    with pytest.raises(EngineError, match=f"^{field}: expected"):
        through(held).terms(parameter, entry)
