"""Single steps: the same numbers as the whole sequence, at a cost that does not grow."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.stepper import Stepper
from unrolled.engine.whole import WholeSequence

Array = NDArray[Any]
STEPS, INPUT, UNITS = 6, 3, 4
SIZES = {"units": UNITS, "outputs": UNITS, "static": 2}
EVERY_CELL = pytest.mark.parametrize("identifier", sorted(catalogue()))
CAPTION = {
    "id": "caption",
    "state": ["h"],
    "output": "h",
    "equations": "z_h = W_h @ x + U_h @ h[t-1] + W_v @ v\nh = tanh(z_h)",
}


def network(
    *cells: Any, direction: str = "forward", pool: str | None = None, readout: bool = True
) -> Network:
    """Layers of these cells with random weights."""
    specs, width = [], INPUT
    for cell in cells:
        specs.append(LayerSpec(cell, {"input": width, **SIZES}, direction=direction))
        width = UNITS * (2 if direction == "bidirectional" else 1)
    made = Network(specs, ReadoutSpec(2, "softmax") if readout else None, pool)
    rng = np.random.default_rng(5)
    for array in made.parameters().values():
        array[...] = rng.uniform(-0.6, 0.6, array.shape)
    return made


def sequence(steps: int = STEPS) -> Array:
    return np.random.default_rng(7).uniform(-1, 1, (steps, INPUT))


def taken(stepper: Stepper, x: Array) -> Stepper:
    for row in x:
        stepper.step(row)
    return stepper


def close(came: Array | None, expected: Array) -> bool:
    """Equal but for the order in which a product adds up."""
    return came is not None and np.allclose(came, expected, rtol=1e-12, atol=1e-14)


@EVERY_CELL
def test_steps_of_every_cell_record_what_the_whole_sequence_records(identifier: str) -> None:
    made, x = network(catalogue()[identifier], catalogue()["gru"]), sequence()
    states = [{"forward": {name: np.full(UNITS, 0.3) for name in catalogue()[identifier].state}}]
    run, stepper = made.forward(x, states), taken(Stepper(made, states), x)
    for t in range(STEPS):
        frame = stepper.frame(t)
        assert close(frame.output, run.outputs[t])
        for runs, (direction,) in zip(run.stack.runs, frame.layers, strict=True):
            assert direction.position == t
            for name, array in runs["forward"].values.items():
                assert close(direction.values[name], array[t]), (name, t)


@pytest.mark.parametrize("pool", ["last", "mean"])
@pytest.mark.parametrize("readout", [True, False])
def test_a_network_that_pools_answers_for_the_steps_so_far(pool: str, readout: bool) -> None:
    made, x = network(catalogue()["lstm"], pool=pool, readout=readout), sequence()
    stepper = taken(Stepper(made), x)
    for t in range(STEPS):
        frame = stepper.frame(t)
        assert close(frame.output, made.forward(x[: t + 1]).outputs[0])
        assert frame.reached == {}


def test_a_static_vector_is_seen_at_the_first_step_alone() -> None:
    made, x, v = network(cell_from_document(CAPTION)), sequence(), np.array([0.5, -2.0])
    run, stepper = made.forward(x, static=v), taken(Stepper(made, static=v), x)
    for t in range(STEPS):
        assert close(stepper.frame(t).output, run.outputs[t])


def test_what_a_frame_shows_stays_when_the_stepper_goes_on() -> None:
    stepper, x = Stepper(network(catalogue()["lstm"])), sequence()
    stepper.step(x[0])
    values = stepper.frame(0).layers[0][0].values
    before = {name: array.copy() for name, array in values.items()}
    taken(stepper, x[1:])
    stepper.forget()
    taken(stepper, x[::-1])
    assert all(np.array_equal(values[name], array) for name, array in before.items())


def test_steps_that_are_forgotten_leave_no_mark() -> None:
    made, x = network(catalogue()["gru"], pool="mean"), sequence()
    stepper = taken(Stepper(made), x)
    stepper.forget(2)
    assert stepper.steps == 2
    taken(stepper, x[2:][::-1])
    other = taken(Stepper(made), np.concatenate([x[:2], x[2:][::-1]]))
    assert np.array_equal(stepper.frame(5).output, other.frame(5).output)  # type: ignore[arg-type]


def test_two_steppers_of_one_network_do_not_disturb_each_other() -> None:
    made, x = network(catalogue()["lstm"]), sequence()
    one, two = Stepper(made), Stepper(made)
    for row in x:
        one.step(row)
        two.step(-row)
    assert close(one.frame(5).output, made.forward(x).outputs[5])
    assert close(two.frame(5).output, made.forward(-x).outputs[5])


def test_an_edit_in_place_takes_effect_at_the_next_step() -> None:
    made, x = network(catalogue()["lstm"]), sequence()
    stepper = taken(Stepper(made), x)
    made.parameters()["layers.0.forward.W_f"][1, 2] = 3.0
    stepper.forget()
    taken(stepper, x)
    assert close(stepper.frame(5).output, made.forward(x).outputs[5])


def test_a_vector_of_another_length_is_refused() -> None:
    with pytest.raises(EngineError, match="a vector of 3"):
        Stepper(network(catalogue()["lstm"])).step(np.zeros(2))


def test_a_network_with_a_backward_direction_is_refused() -> None:
    with pytest.raises(EngineError, match="backward"):
        Stepper(network(catalogue()["lstm"], direction="bidirectional"))


def test_a_late_step_costs_what_an_early_one_costs() -> None:
    stepper, x = Stepper(network(catalogue()["lstm"])), sequence()[0]

    def quickest() -> float:
        best = float("inf")
        for _ in range(10):
            start = time.perf_counter()
            for _ in range(100):
                stepper.step(x)
            best = min(best, time.perf_counter() - start)
        return best

    early = quickest()
    for _ in range(8000):
        stepper.step(x)
    assert quickest() < 3 * early


@pytest.mark.parametrize("direction", ["backward", "bidirectional"])
def test_a_backward_direction_begins_at_the_end(direction: str) -> None:
    made, x = network(catalogue()["lstm"], catalogue()["gru"], direction=direction), sequence()
    run, shown = made.forward(x), WholeSequence(made, x)
    for t in range(STEPS):
        for layer, runs in zip(shown.frame(t).layers, run.stack.runs, strict=True):
            for part in layer:
                backward = part.direction == "backward"
                assert part.position == (STEPS - 1 - t if backward else t)
                values = runs[part.direction].value("h")
                assert np.array_equal(part.values["h"], values[t])


@pytest.mark.parametrize("steps", [1, 2, 5, 6])
@pytest.mark.parametrize("direction", ["backward", "bidirectional"])
def test_an_output_comes_when_every_direction_has_been_there(direction: str, steps: int) -> None:
    made, x = network(catalogue()["elman"], direction=direction), sequence(steps)
    outputs, shown = made.forward(x).outputs, WholeSequence(made, x)
    known: dict[int, Array] = {}
    for t in range(steps):
        frame = shown.frame(t)
        assert not known.keys() & frame.reached.keys()
        known |= frame.reached
        been = {t for t in range(steps) if t in known}
        both = set(range(steps - 1 - t, steps))
        assert been == (both if direction == "backward" else both & set(range(t + 1)))
        assert (frame.output is None) == (t not in known)
        assert frame.output is None or np.array_equal(frame.output, outputs[t])
    assert all(np.array_equal(known[p], outputs[p]) for p in range(steps))


def test_a_pooled_answer_of_both_directions_comes_with_the_last_step() -> None:
    made, x = network(catalogue()["elman"], direction="bidirectional", pool="mean"), sequence()
    shown = WholeSequence(made, x)
    assert [shown.frame(t).output is None for t in range(STEPS)] == [True] * 5 + [False]
    assert np.array_equal(shown.frame(5).output, made.forward(x).outputs[0])  # type: ignore[arg-type]
