"""Jacobians between values at two steps: PyTorch's autograd, the complex step, special cases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engine.networks import DIRECTIONS, Form, problem
from tests.engine.parity import LOOPS, Case
from tests.engine.random_cells import compiled, dimensions, documents, numbers
from tests.engine.slow import STEP, Slow
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.jacobians import Jacobians, jacobians
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec

Array = NDArray[Any]
DEEP = [Case(cell, direction=way, depth=depth)
        for cell in LOOPS for way in DIRECTIONS for depth in (1, 2, 3)
        if depth < 3 or cell in ("lstm", "gru")]  # fmt: skip

CARRYING = [case for case in DEEP if case.depth == 1 and case.cell != "feed_forward"]


def assert_norms(found: Jacobians, blocks: Array, rtol: float = 1e-10) -> None:
    """`blocks` (t, k, units, units) are the Jacobians themselves."""
    largest = float(np.abs(blocks).max(initial=0))
    # Where all paths cancel, as in the stabiliser of an sLSTM, rounding is what is left.
    atol = 1e-14 * max(1.0, largest)
    np.testing.assert_allclose(found.frobenius, np.linalg.norm(blocks, axis=(2, 3)), rtol, atol)
    if found.spectral is not None:
        expected = np.linalg.norm(blocks, 2, axis=(2, 3))
        np.testing.assert_allclose(found.spectral, expected, rtol, atol)
    assert not blocks[~found.reached].any()


@pytest.mark.oracle
@pytest.mark.parametrize("case", DEEP, ids=lambda case: case.name)
def test_every_cell_direction_and_depth_agrees_with_pytorch(case: Case) -> None:
    pytest.importorskip("torch", reason="the oracle")
    from tests.engine.torch_time import Between

    between, held = Between(case), case.numbers
    layers = held.network.stack.layers
    for high, top in layers[-1].directions.items():
        of = top.cell.output
        for base, low in layers[0].directions.items():
            for name in low.cell.by_name:
                found = jacobians(
                    held.network, held.x, f"layers.{len(layers) - 1}.{high}.{of}",
                    f"layers.0.{base}.{name}", initial=held.initial, spectral=True,
                )  # fmt: skip
                place = f"{len(layers) - 1}.{high}.{of}"
                assert_norms(found, between.jacobian(place, f"0.{base}.{name}"))


@pytest.mark.oracle
@pytest.mark.parametrize("case", CARRYING, ids=lambda case: case.name)
def test_over_steps_between_they_agree_as_well(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch", reason="the oracle")
    from tests.engine.torch_time import Between

    monkeypatch.setattr("unrolled.engine.far.pays", lambda *_: True)
    monkeypatch.setattr("unrolled.engine.far._length", lambda *_: 1)
    between, held = Between(case), case.numbers
    for way, direction in held.network.stack.layers[0].directions.items():
        for of in (direction.cell.output, *direction.cell.state):
            for name in direction.cell.by_name:
                place = f"layers.0.{way}"
                found = jacobians(held.network, held.x, f"{place}.{of}", f"{place}.{name}",
                                  initial=held.initial)  # fmt: skip
                assert_norms(found, between.jacobian(f"0.{way}.{of}", f"0.{way}.{name}"))


@pytest.mark.oracle
@pytest.mark.parametrize("pool", ["last", "mean", None])
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_is_answered_agrees_with_pytorch(direction: str, pool: str | None) -> None:
    pytest.importorskip("torch", reason="the oracle")
    from tests.engine.torch_time import Between

    case = Case("lstm", direction=direction, depth=2, pool=pool)
    plain = case.numbers.network
    # A readout that hands on what it is given, so that the case's answers are its own.
    specs = [layer.spec for layer in plain.stack.layers]
    network = Network(specs, ReadoutSpec(plain.outputs, "identity"), pool)
    network.assign({**plain.parameters(), "readout.V": np.eye(plain.outputs)})
    between = Between(case)
    for way in plain.stack.layers[0].directions:
        found = jacobians(network, case.numbers.x, "readout.y", f"layers.0.{way}.c",
                          initial=case.numbers.initial)  # fmt: skip
        assert_norms(found, between.of_outputs(f"0.{way}.c"))


@settings(max_examples=60)
@given(documents(smooth=True), dimensions(), st.integers(0, 2**32 - 1), st.data())
def test_random_cells_agree_with_the_complex_step(
    document: dict[str, Any], sizes: dict[str, int], seed: int, data: st.DataObject
) -> None:
    cell = cell_from_document(document)
    program = compiled(cell, sizes)
    case = numbers(program, seed, 3, scale=0.6)
    for name in set(case.inputs) & {"v"}:
        case.inputs[name][1:] = 0  # it enters once
    network = Network([LayerSpec(cell, {"outputs": sizes["units"], **sizes})])
    network.assign({f"layers.0.forward.{n}": a for n, a in case.parameters.items()})
    of, low = (data.draw(st.sampled_from(list(cell.by_name))) for _ in "ab")
    static = case.inputs["v"][0] if "v" in case.inputs else None
    found = jacobians(network, case.inputs["x"], of, low, static=static,
                      initial=[{"forward": case.initial}])  # fmt: skip
    assert_norms(found, moved(case, of, low), rtol=1e-9)


def moved(case: Any, of: str, low: str) -> Array:
    """(t, k, units, units) from small imaginary changes of `low`, one a lane."""
    places = list(np.ndindex(case.steps, case.sizes[low]))
    nudge = np.zeros((len(places), case.steps, case.sizes[low]), complex)
    for lane, place in enumerate(places):
        nudge[(lane, *place)] = 1j * STEP

    def lanes(arrays: Any) -> dict[str, Array]:
        return {k: np.repeat(np.asarray(a, complex)[None], len(places), 0)
                for k, a in arrays.items()}  # fmt: skip

    slow = Slow(case.cell, case.sizes, lanes(case.parameters), lanes(case.inputs),
                lanes(case.initial), {low: nudge})  # fmt: skip
    slopes = slow.values(of).imag / STEP
    return slopes.reshape(case.steps, case.sizes[low], case.steps, -1).transpose(2, 0, 3, 1)


def test_long_sequences_of_large_layers_agree_with_the_products_themselves() -> None:
    cell = LayerSpec(catalogue()["gru"], {"input": 3, "units": 40}, {}, "backward")
    network, rng = Network([cell]), np.random.default_rng(4)
    network.assign({name: rng.uniform(-0.4, 0.4, array.shape)
                    for name, array in network.parameters().items()})  # fmt: skip
    h = "layers.0.backward.h"
    x = rng.normal(size=(50, 3))
    quick, exact = (jacobians(network, x, h, h, spectral=spectral) for spectral in (False, True))
    np.testing.assert_allclose(quick.frobenius, exact.frobenius, 1e-10)
    assert exact.frobenius[0, 49] < 1e-3 * exact.frobenius[0, 0]


def test_where_both_sides_are_all_but_orthogonal_no_digit_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("unrolled.engine.far.pays", lambda *_: True)
    turning = np.array([[0, 1], [1e-9, 0]])
    found = plain(2, turning, 24, spectral=False).frobenius
    for t, k in ((23, 0), (23, 1), (23, 9), (16, 2)):
        power = np.linalg.matrix_power(turning, t - k)
        np.testing.assert_allclose(found[t, k], np.linalg.norm(power * 1e80) / 1e80, 1e-12)


def plain(
    units: int, weight: Array | float, steps: int, dtype: Any = float, *, spectral: bool = True
) -> Jacobians:
    """h[t] = U h[t-1] + x without anything else: the Jacobian is a power of U."""
    document = {"id": "plain", "state": ["h"], "output": "h",
                "equations": "h = U_h @ h[t-1] + W_h @ x"}  # fmt: skip
    network = Network([LayerSpec(cell_from_document(document), {"input": 1, "units": units})],
                      dtype=dtype)  # fmt: skip
    whole = weight if isinstance(weight, np.ndarray) else np.eye(units) * weight
    network.assign({"layers.0.forward.U_h": whole})
    return jacobians(network, np.zeros((steps, 1), dtype), "h", "h", spectral=spectral)


def test_norms_whose_squares_leave_the_range_of_numbers_are_exact() -> None:
    for weight, steps in ((1e-60, 5), (1e60, 5)):
        found = plain(2, weight, steps)
        expected = [float(weight) ** (steps - 1 - k) for k in range(steps)]
        np.testing.assert_allclose(found.frobenius[-1], np.multiply(expected, np.sqrt(2)), 1e-14)
        assert found.spectral is not None
        np.testing.assert_allclose(found.spectral[-1], expected, 1e-14)


def test_what_overflows_is_infinite_and_what_is_undefined_is_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = plain(1, 1e200, 4)
    assert found.document()["frobenius"][3] == [np.inf, np.inf, 1e200, 1]
    mixed = plain(2, np.array([[1e200, 1], [0, 1]]), 4)
    assert not np.isfinite(mixed.frobenius[3, 0])
    monkeypatch.setattr("unrolled.engine.far.pays", lambda *_: True)
    monkeypatch.setattr("unrolled.engine.far._length", lambda *_: 1)
    assert plain(1, 1e200, 4, spectral=False).document() == {**found.document(), "spectral": None}


def test_memory_no_larger_than_a_block_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    held = problem(Form("lstm", "bidirectional concat", 3), 3, steps=7)
    network = held.network
    assert isinstance(network, Network)

    def found() -> Array:
        return jacobians(network, held.inputs, "layers.2.backward.h", "c",
                         initial=held.initial).frobenius  # fmt: skip

    whole = found()
    monkeypatch.setattr("unrolled.engine.way.BLOCK_BYTES", 1)
    monkeypatch.setattr("unrolled.engine.carried.WINDOW_BYTES", 1)
    monkeypatch.setattr("unrolled.engine.carried.WINDOWS_KEPT", 1)
    np.testing.assert_allclose(found(), whole, rtol=1e-12)


def test_single_precision_stays_single() -> None:
    found = plain(3, 0.5, 6, np.float32)
    assert found.frobenius.dtype == np.float32
    np.testing.assert_allclose(found.frobenius[5, 0], np.sqrt(3) / 32, rtol=1e-6)


@pytest.mark.parametrize("address", ["q", "layers.9.forward.h", "readout.h", "h[0]", "W_h", "x"])
def test_an_address_of_no_value_is_refused_by_its_field(address: str) -> None:
    held = problem(Form("elman"), 7, steps=2)
    assert isinstance(held.network, Network)
    with pytest.raises(EngineError, match=r"^with_respect_to: expected"):
        jacobians(held.network, held.inputs, "h", address)
