"""Runs: batches, stretches, number types, memory that is used again, several threads."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.engine.random_cells import compiled, dimensions, documents, numbers
from unrolled.engine import program as programs
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network
from unrolled.engine.program import Program
from unrolled.engine.records import Gradients, Run
from unrolled.engine.spaces import Pool, Space
from unrolled.engine.trace import trace
from unrolled.engine.weights import Weights

Array = NDArray[Any]
SIZES = {"input": 2, "units": 3, "static": 2, "outputs": 3}
EVERY_CELL = pytest.mark.parametrize("identifier", sorted(catalogue()))


def fresh(identifier: str) -> Program:
    """A program of its own, with a pool of memory of its own."""
    return Program(catalogue()[identifier].with_options({}), SIZES)


def random_weights(program: Program, seed: int, dtype: Any = np.float64) -> Weights:
    weights = program.weights(dtype)
    weights.assign(numbers(program, seed, 1).parameters)
    return weights


def random_run(
    program: Program, weights: Weights, seed: int, steps: int, batch: int | None = None
) -> tuple[Run, dict[str, Array], dict[str, Array]]:
    """A run over random numbers, gradients of every value and of final states."""
    rng = np.random.default_rng(seed)
    tail = () if batch is None else (batch,)

    def random(*shape: int) -> Array:
        return np.asarray(rng.uniform(-1, 1, (*shape, *tail)), weights.dtype)

    cell = program.cell
    run = program.forward(
        weights,
        {key: random(steps, program.size(key)) for key in cell.inputs},
        {name: random(program.size(name)) for name in cell.state},
        steps,
        batch,
    )
    outside = {name: random(steps, program.size(name)) for name in cell.by_name}
    return run, outside, {name: random(program.size(name)) for name in cell.state}


def flat(run: Run, found: Gradients) -> dict[str, Array]:
    """Everything a run and its gradients hand out."""
    groups: dict[str, Mapping[str, Array]] = {
        "value": run.values, "final": run.final, "input": run.inputs, "d": found.values,
        "d parameter": found.parameters, "d input": found.inputs, "d initial": found.initial,
    }  # fmt: skip
    return {f"{group} {name}": array for group, held in groups.items()
            for name, array in held.items()}  # fmt: skip


def everything(program: Program, weights: Weights, seed: int, steps: int) -> dict[str, Array]:
    run, outside, final = random_run(program, weights, seed, steps)
    return {name: array.copy() for name, array in
            flat(run, program.backward(run, outside, final)).items()}  # fmt: skip


def assert_close(
    found: Mapping[str, Array], wanted: Mapping[str, Array], *, rtol: float, atol: float
) -> None:
    assert found.keys() == wanted.keys()
    for name, array in wanted.items():
        np.testing.assert_allclose(found[name], array, rtol=rtol, atol=atol, err_msg=name)


def assert_batch_is_its_sequences(program: Program, seed: int, steps: int, batch: int) -> None:
    weights = random_weights(program, seed)
    run, outside, final = random_run(program, weights, seed, steps, batch)
    together = flat(run, program.backward(run, outside, final))
    summed: dict[str, Array] = {}
    for b in range(batch):
        given = {name: array[..., b] for name, array in outside.items()}
        ends = {name: array[..., b] for name, array in final.items()}
        one = program.forward(
            weights, {k: a[..., b] for k, a in run.inputs.items()},
            {n: run.record[0, slice(*program.layout.rows[i]), b]
             for n, i in program.layout.states.items()}, steps,
        )  # fmt: skip
        alone = flat(one, program.backward(one, given, ends))
        for name, array in alone.items():
            if name.startswith("d parameter"):
                summed[name] = summed.get(name, 0) + array
            else:
                np.testing.assert_allclose(
                    together[name][..., b], array, rtol=1e-9, atol=1e-10, err_msg=name
                )
    for name, array in summed.items():
        np.testing.assert_allclose(together[name], array, rtol=1e-9, atol=1e-10, err_msg=name)


@EVERY_CELL
def test_a_batch_is_its_sequences_side_by_side(identifier: str) -> None:
    assert_batch_is_its_sequences(fresh(identifier), 1, 4, 3)


@settings(max_examples=100)
@given(documents(), dimensions(), st.integers(0, 1000), st.integers(1, 3), st.integers(1, 3))
def test_a_batch_of_any_cell_is_its_sequences_side_by_side(
    document: dict[str, Any], sizes: dict[str, int], seed: int, steps: int, batch: int
) -> None:
    assert_batch_is_its_sequences(compiled(cell_from_document(document), sizes), seed, steps, batch)


@EVERY_CELL
def test_a_long_sequence_worked_through_in_stretches_is_the_same(
    identifier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = everything(fresh(identifier), random_weights(fresh(identifier), 2), 3, 50)
    monkeypatch.setattr(programs, "SPAN_BYTES", 1)
    monkeypatch.setattr(programs, "SPAN_SHARE", 0)
    program = fresh(identifier)
    weights = random_weights(program, 2)
    run, _, _ = random_run(program, weights, 3, 50)
    assert run.space.arrays["span"].shape[0] == 16
    assert_close(everything(program, weights, 3, 50), whole, rtol=1e-10, atol=1e-12)


@settings(max_examples=40)
@given(documents(), dimensions(), st.integers(0, 1000))
def test_a_long_sequence_of_any_cell_in_stretches_is_the_same(
    document: dict[str, Any], sizes: dict[str, int], seed: int
) -> None:
    cell = cell_from_document(document)
    found = []
    with pytest.MonkeyPatch.context() as patch:
        for size, share in ((programs.SPAN_BYTES, programs.SPAN_SHARE), (1, 0)):
            patch.setattr(programs, "SPAN_BYTES", size)
            patch.setattr(programs, "SPAN_SHARE", share)
            program = Program(cell, {"outputs": 1, **sizes})
            weights = program.weights()
            weights.assign(numbers(program, seed, 1, scale=0.3).parameters)
            found.append(everything(program, weights, seed, 35))
    if all(np.abs(array).max(initial=0) < 1e6 for array in found[0].values()):
        assert_close(found[1], found[0], rtol=1e-8, atol=1e-7)


@EVERY_CELL
@pytest.mark.parametrize("batch", [None, 2])
def test_single_precision_agrees_with_double(identifier: str, batch: int | None) -> None:
    program = fresh(identifier)
    found = {}
    for dtype in (np.float32, np.float64):
        run, outside, final = random_run(program, random_weights(program, 4, dtype), 5, 8, batch)
        found[dtype] = flat(run, program.backward(run, outside, final))
        assert {array.dtype for array in found[dtype].values()} == {np.dtype(dtype)}
    largest = max(float(np.abs(array).max()) for array in found[np.float64].values())
    assert_close(found[np.float32], found[np.float64], rtol=2e-4, atol=2e-5 * max(1, largest))


@EVERY_CELL
def test_what_a_run_handed_out_never_changes(identifier: str) -> None:
    program = fresh(identifier)
    weights = random_weights(program, 6)
    rng = np.random.default_rng(7)
    held: list[tuple[Array, Array]] = []
    for seed in range(12):
        run, outside, final = random_run(program, weights, seed, 3)
        found = program.backward(run, outside, final)
        again = program.backward(run, {program.cell.output: outside[program.cell.output]})
        views = [*flat(run, found).values(), *flat(run, again).values()]
        for view in rng.permutation(len(views))[:3]:
            # A view of a view: the run, its gradients and the first view may all be gone.
            held.append((views[view][..., :1], views[view][..., :1].copy()))
        del run, found, again, views
    for view, copy in held:
        np.testing.assert_array_equal(view, copy)


def test_memory_that_nobody_looks_at_is_used_again() -> None:
    program = fresh("lstm")
    weights = random_weights(program, 8)
    first, _, _ = random_run(program, weights, 1, 5)
    space = first.space
    del first
    second, _, _ = random_run(program, weights, 2, 5)
    assert second.space is space


def test_memory_that_somebody_looks_at_is_not() -> None:
    program = fresh("lstm")
    weights = random_weights(program, 8)
    first, _, _ = random_run(program, weights, 1, 5)
    space, view = first.space, first.values["c"]
    copy = view.copy()
    del first
    second, _, _ = random_run(program, weights, 2, 5)
    assert second.space is not space
    np.testing.assert_array_equal(view, copy)


@pytest.mark.parametrize("identifier", ["elman", "lstm", "lstm_peephole"])
def test_a_run_takes_little_more_memory_than_it_hands_out(identifier: str) -> None:
    """Values, inputs, parameters, and the gradient of each; 200 steps of 128 units."""
    program = Program(catalogue()[identifier].with_options({}), {"input": 64, "units": 128})
    weights = program.weights(np.float32)
    output = program.cell.output
    x, given = np.ones((200, 64), np.float32), {output: np.ones((200, 128), np.float32)}
    program.backward_plan((output,))
    tracemalloc.start()
    run = program.forward(weights, {"x": x}, {}, 200)
    found = program.backward(run, given)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    held = [*run.values.values(), *run.inputs.values(), *weights.values(),
            *found.values.values(), *found.inputs.values(), *found.parameters.values()]  # fmt: skip
    assert peak < 1.2 * sum(array.nbytes for array in held)


def test_threads_that_share_a_program_do_not_disturb_each_other() -> None:
    program = fresh("lstm")
    weights = [random_weights(program, seed) for seed in range(3)]
    jobs = [(weights[n % 3], n % 7, 3 + n % 2) for n in range(240)]
    alone = [everything(program, *job) for job in jobs]
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda job: everything(program, *job), jobs))
    for found, wanted in zip(together, alone, strict=True):
        for name, array in wanted.items():
            np.testing.assert_array_equal(found[name], array, err_msg=name)


def test_threads_that_share_a_run_do_not_disturb_each_other() -> None:
    program = fresh("gru")
    run, outside, final = random_run(program, random_weights(program, 1), 2, 20)
    other = {name: -array for name, array in outside.items()}
    wanted = [flat(run, program.backward(run, given, final)) for given in (outside, other)]
    copies = [{name: array.copy() for name, array in one.items()} for one in wanted]

    def again(number: int) -> bool:
        given = (outside, other)[number % 2]
        found = flat(run, program.backward(run, given, final))
        return all(np.array_equal(found[n], a) for n, a in copies[number % 2].items())

    with ThreadPoolExecutor(6) as threads:
        assert all(threads.map(again, range(300)))


def test_a_run_collected_while_memory_is_handed_out_does_not_wait_for_itself() -> None:
    pool, given = Pool(), threading.Event()
    space = Space(1, None, {"record": np.zeros((2, 1))})

    def give() -> None:
        pool.give("key", space)
        given.set()

    with pool._lock:
        threading.Thread(target=give, daemon=True).start()
        assert given.wait(10)


def test_a_final_state_that_no_equation_reads_is_the_last_value() -> None:
    cell = cell_from_document(
        {"id": "plain", "state": ["h"], "output": "h", "equations": "h = tanh(W @ x)"}
    )
    program = Program(cell, SIZES)
    weights = random_weights(program, 1)
    x = np.random.default_rng(1).uniform(-1, 1, (3, 2))
    run = program.forward(weights, {"x": x}, {}, 3)
    last = np.zeros((3, 3))
    last[-1] = [1, 2, 3]
    as_value = program.backward(run, {"h": last})
    as_final = program.backward(run, {"h": np.zeros((3, 3))}, {"h": np.array([1.0, 2, 3])})
    alone = program.backward(run, {}, {"h": np.array([1.0, 2, 3])})
    for found in (as_final, alone):
        np.testing.assert_array_equal(found.parameters["W"], as_value.parameters["W"])
        np.testing.assert_array_equal(found.values["h"], as_value.values["h"])


def test_an_edit_of_a_weight_takes_effect_in_the_next_run() -> None:
    program = fresh("elman")
    weights = random_weights(program, 1)
    before, _, _ = random_run(program, weights, 2, 3)
    first = before.values["h"].copy()
    del before
    weights["W_h"][0, 1] += 1
    weights["b_h"][0] -= 1
    after, _, _ = random_run(program, weights, 2, 3)
    changed = program.weights()
    changed.assign(dict(weights))
    wanted, _, _ = random_run(fresh("elman"), changed, 2, 3)
    assert not np.array_equal(after.values["h"], first)
    np.testing.assert_array_equal(after.values["h"], wanted.values["h"])


def test_a_network_that_explodes_says_where_it_began() -> None:
    """h = 3·h[t-1] over 1,000 steps: past 3^646 there is no number of 64 bits."""
    spec = LayerSpec(catalogue()["elman"], {"input": 1, "units": 1}, {"activation": "identity"})
    network = Network([spec])
    network.assign({"layers.0.forward.U_h": [[3]]})
    found = trace(network, np.zeros((1000, 1)), initial=[{"forward": {"h": np.ones(1)}}],
                  gradients=True)  # fmt: skip
    h = found.layers[0][0].values["h"][:, 0]
    (first,) = np.flatnonzero(np.isinf(h))[:1]
    assert np.isfinite(h[:first]).all()
    np.testing.assert_allclose(h[:600], 3.0 ** np.arange(1, 601), rtol=1e-12)
    said = found.non_finite()
    assert said is not None
    assert (said["t"], said["name"], said["direction"]) == (first, "z_h", "forward")
    gradients = found.layers[0][0].gradients
    assert gradients is not None
    assert np.isinf(gradients["h"][0])
