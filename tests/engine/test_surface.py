"""Networks whose entries vary along a batch, surfaces over them, descents across them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from unrolled.engine import surface as surfaces
from unrolled.engine.cell import catalogue
from unrolled.engine.clipping import Clip
from unrolled.engine.errors import EngineError
from unrolled.engine.goal import Goal
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.packing import parameter_gradients
from unrolled.engine.surface import Axis, Descent, Landscape, Task, surface

STEPS, INPUTS, UNITS, OUTPUTS = 6, 3, 2, 2


def task(
    cell: str, *, direction: str = "forward", pool: str | None = None, layers: int = 1,
    activation: str | None = "softmax", loss: str = "cross_entropy",
    options: Any = None,
) -> Task:  # fmt: skip
    """A network with random weights, initial states and targets, some rows without."""
    width = UNITS * (2 if direction == "bidirectional" else 1)
    specs = [
        LayerSpec(
            catalogue()[cell],
            {"input": width if number else INPUTS, "units": UNITS, "outputs": UNITS},
            options or {},
            direction,
        )
        for number in range(layers)
    ]
    network = Network(specs, ReadoutSpec(OUTPUTS, activation) if activation else None, pool)
    random = np.random.default_rng(2)
    network.assign(
        {name: random.uniform(-1, 1, array.shape) for name, array in network.parameters().items()}
    )
    rows = STEPS if pool is None else 1
    targets: list[Any] = [random.dirichlet(np.ones(network.outputs)) for _ in range(rows)]
    if rows > 1:
        targets[2] = None
    initial = [
        {name: {state: random.normal(size=each.program.size(state)) for state in each.cell.state}
         for name, each in layer.directions.items()}
        for layer in network.stack.layers
    ]  # fmt: skip
    inputs = random.normal(size=(STEPS, INPUTS))
    return Task(network, inputs, Goal.of(network, loss, targets), initial)


def one_by_one(given: Task, axes: Sequence[tuple[str, tuple[int, ...]]], points: Any) -> Any:
    """Loss and gradient at points (2, count), a network with these weights for each."""
    losses, slopes = [], []
    for point in points.T:
        network = given.network.copy()
        for (address, entry), value in zip(axes, point, strict=True):
            network.parameters()[address][entry] = value
        run = network.forward(given.inputs, given.initial, given.static)
        losses.append(float(given.goal.value(run)))
        found = parameter_gradients(given.goal.backward(network, run))
        slopes.append([found[address][entry] for address, entry in axes])
    return np.array(losses), np.array(slopes).T


def compare(given: Task, axes: Sequence[tuple[str, tuple[int, ...]]]) -> None:
    landscape = Landscape(given, axes)
    points = np.random.default_rng(8).normal(size=(2, 5)) * 2
    losses, slopes = one_by_one(given, axes, points)
    np.testing.assert_allclose(landscape.loss(points), losses, rtol=1e-12)
    found, gradients = landscape.slope(points)
    np.testing.assert_allclose(found, losses, rtol=1e-12)
    np.testing.assert_allclose(gradients, slopes, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("cell", catalogue())
def test_every_parameter_of_every_cell_may_vary(cell: str) -> None:
    given = task(cell)
    entries = [
        (address, tuple(extent - 1 for extent in array.shape))
        for address, array in given.network.parameters().items()
    ]
    for first, second in zip(entries, entries[1:] + entries[:1], strict=True):
        compare(given, [first, second])


@pytest.mark.parametrize("direction", ["forward", "backward", "bidirectional"])
@pytest.mark.parametrize("pool", [None, "last", "mean"])
def test_entries_may_lie_in_any_layer_direction_and_the_readout(direction: str, pool: Any) -> None:
    given = task("gru", direction=direction, pool=pool, layers=2)
    reading = "backward" if direction == "backward" else "forward"
    axes = [
        (f"layers.0.{reading}.U_n", (1, 0)), (f"layers.1.{reading}.W_u", (0, 1)),
        ("readout.V", (1, 1)), ("readout.b", (0,)),
    ]  # fmt: skip
    if direction == "bidirectional":
        axes.append(("layers.0.backward.b_r", (1,)))
    for first, second in pairwise(axes):
        compare(given, [first, second])


@pytest.mark.parametrize(
    "entries", [((0, 0), (0, 1)), ((0, 0), (1, 0)), ((0, 1), (1, 0)), ((1, 1), (0, 1))]
)
def test_two_entries_of_one_matrix_may_vary(entries: Any) -> None:
    given = task("lstm_peephole", activation=None, loss="squared_error")
    compare(given, [("layers.0.forward.U_f", entry) for entry in entries])


def test_two_entries_of_one_vector_may_vary() -> None:
    given = task("lstm_peephole", activation="sigmoid", loss="binary_cross_entropy")
    compare(given, [("layers.0.forward.p_o", (0,)), ("layers.0.forward.p_o", (1,))])


def test_the_network_itself_is_left_alone() -> None:
    given = task("lstm")
    before = {name: array.copy() for name, array in given.network.parameters().items()}
    compare(given, [("layers.0.forward.U_f", (0, 0)), ("readout.V", (0, 0))])
    for name, array in given.network.parameters().items():
        assert (array == before[name]).all()


def test_a_grid_in_several_batches_is_the_same_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    given = task("lstm")
    axes = (
        Axis("layers.0.forward.U_f", (0, 0), np.linspace(-3, 3, 7)),
        Axis("readout.b", (1,), np.linspace(-1, 1, 5)),
    )
    whole = surface(given, axes)
    assert whole.loss.shape == (7, 5)
    monkeypatch.setattr(surfaces, "BATCH_BYTES", 1)
    np.testing.assert_allclose(surface(given, axes).loss, whole.loss, rtol=1e-13)
    points = np.array([[axes[0].values[2]], [axes[1].values[3]]])
    losses, _ = one_by_one(given, [(axis.parameter, axis.entry) for axis in axes], points)
    assert whole.loss[2, 3] == pytest.approx(losses[0], rel=1e-12)


@pytest.mark.parametrize("clip", [None, Clip("norm", 0.2), Clip("value", 0.1)])
def test_a_descent_is_gradient_descent_on_the_two_entries(clip: Clip | None) -> None:
    given = task("gru")
    axes = [("layers.0.forward.U_n", (0, 1)), ("layers.0.forward.b_u", (1,))]
    landscape = Landscape(given, axes)
    long, short = surfaces.descend(
        landscape, [Descent((0.5, -0.5), 0.4, 12, clip), Descent((-1.0, 1.0), 0.1, 3)]
    )
    place = np.array([0.5, -0.5])
    for point in long.points:
        np.testing.assert_allclose(point[:2], place, rtol=1e-9)
        losses, slopes = one_by_one(given, axes, place[:, None])
        assert point[2] == pytest.approx(losses[0], rel=1e-9)
        place = place - 0.4 * (slopes[:, 0] if clip is None else clip(slopes[:, 0]))
    assert (len(long.points), long.stopped) == (13, "updates")
    assert (len(short.points), short.stopped) == (4, "updates")


def test_descents_that_meet_nothing_finite_end_there_and_leave_the_others_be() -> None:
    linear = {"activation": "identity"}
    given = task("elman", activation=None, loss="squared_error", options=linear)
    landscape = Landscape(given, [("layers.0.forward.U_h", (0, 0)), ("layers.0.forward.b_h", (0,))])
    wild, calm = surfaces.descend(
        landscape, [Descent((0.1, 0.1), 1e308, 50), Descent((0.1, 0.1), 0.01, 5)]
    )
    assert wild.stopped == "non_finite"
    assert 1 <= len(wild.points) < 51
    assert np.isfinite(wild.points[:, :2]).all()
    assert (len(calm.points), calm.stopped) == (6, "updates")


def test_no_descents_are_no_paths() -> None:
    axes = (Axis("readout.b", (0,), np.zeros(1)), Axis("readout.b", (1,), np.zeros(1)))
    assert surface(task("elman"), axes).descents == []


def test_an_entry_may_not_vary_twice() -> None:
    with pytest.raises(EngineError, match="axes\\[1\\]"):
        Landscape(task("elman"), [("W_h", (0, 0)), ("layers.0.forward.W_h", (0, 0))])
