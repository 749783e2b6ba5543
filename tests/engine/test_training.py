"""Training: PyTorch's optimisers, exact resumption, minibatches, truncation, pausing."""

from __future__ import annotations

import importlib.util
import io
import json
import threading
from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
import pytest

from tests.engine import torch_training as oracle
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.examples import Examples
from unrolled.engine.goal import Goal
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.optimisers import OPTIMISERS
from unrolled.engine.packing import parameter_gradients
from unrolled.engine.stretches import stretched
from unrolled.engine.training import Trainer

HAS_TORCH = importlib.util.find_spec("torch") is not None
SIZES = {"input": oracle.INPUTS, "units": oracle.UNITS, "outputs": oracle.UNITS}


def network(
    cell: str = "lstm", *, activation: str | None = "softmax", pool: str | None = None,
    direction: str = "forward", layers: int = 1, dtype: Any = np.float64, seed: int = 1,
) -> Network:  # fmt: skip
    both = 2 if direction == "bidirectional" else 1
    specs = [
        LayerSpec(
            catalogue()[cell],
            SIZES if number == 0 else {**SIZES, "input": both * oracle.UNITS},
            direction=direction,
        )
        for number in range(layers)
    ]
    readout = None if activation is None else ReadoutSpec(oracle.OUTPUTS, activation)
    made = Network(specs, readout, pool, dtype)
    random = np.random.default_rng(seed)
    made.assign({name: random.uniform(-0.6, 0.6, a.shape) for name, a in made.parameters().items()})
    return made


def copied(found: Network) -> dict[str, Any]:
    return {name: np.array(array) for name, array in found.parameters().items()}


def through_json(state: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(state, default=lambda array: array.tolist()))


@pytest.mark.oracle
@pytest.mark.parametrize("name", oracle.CASES)
def test_fifty_updates_are_pytorchs(name: str) -> None:
    case = oracle.CASES[name]
    recorded = json.loads(oracle.RECORDED.read_text("utf-8"))[name]
    expected = oracle.trained(case) if HAS_TORCH else recorded
    ours = network()
    ours.assign(oracle.parameters())
    trainer = Trainer(
        ours, oracle.examples(), optimiser={"name": case.optimiser, **case.options},
        rate=case.rate, batch=case.batch, clip=case.clip, truncate=case.truncate, seed=case.seed,
    )  # fmt: skip
    found = list(trainer.run(oracle.UPDATES))
    rows = [[each.loss, each.gradient_norm, each.clipped_norm] for each in found]
    np.testing.assert_allclose(rows, expected["rows"], rtol=1e-9, atol=1e-12)
    for address, array in ours.parameters().items():
        np.testing.assert_allclose(array, expected["parameters"][address], rtol=1e-9, atol=1e-9)


def test_the_clipped_cases_were_clipped() -> None:
    recorded = json.loads(oracle.RECORDED.read_text("utf-8"))
    for name in ("clipped by norm", "clipped by value"):
        _, before, after = np.array(recorded[name]["rows"]).T
        assert (after < before).sum() > 10


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("form", ["json", "npz"])
def test_stopped_and_resumed_is_bit_for_bit_the_uninterrupted(
    optimiser: str, dtype: str, form: str
) -> None:
    settings: Any = {"optimiser": optimiser, "rate": 0.03, "batch": 3, "clip": {"norm": 0.5},
                     "truncate": 4, "seed": 11}  # fmt: skip
    through = network(dtype=dtype, layers=2)
    whole = list(Trainer(through, oracle.examples(), **settings).run(25))
    first = Trainer(network(dtype=dtype, layers=2), oracle.examples(), **settings)
    reports = list(first.run(10))
    first.stop()
    state = through_json(first.state()) if form == "json" else through_npz(first.state())
    resumed = Trainer.from_state(network(dtype=dtype, layers=2, seed=9), oracle.examples(), state)
    reports += list(resumed.run(15))
    assert reports == whole
    for address, array in through.parameters().items():
        assert array.tobytes() == resumed.network.parameters()[address].tobytes()


def through_npz(state: Mapping[str, Any]) -> Any:
    """Arrays as a .npz file without pickle, the rest as JSON."""
    arrays = {f"parameters/{name}": array for name, array in state["parameters"].items()}
    for slot, held in state["slots"].items():
        arrays |= {f"{slot}/{name}": array for name, array in held.items()}
    file = io.BytesIO()
    np.savez(file, **arrays)
    file.seek(0)
    read = np.load(file, allow_pickle=False)

    def group(prefix: str) -> dict[str, Any]:
        return {key.removeprefix(f"{prefix}/"): read[key] for key in read
                if key.startswith(f"{prefix}/")}  # fmt: skip

    plain = {key: value for key, value in state.items() if key not in ("parameters", "slots")}
    return {**through_json(plain), "parameters": group("parameters"),
            "slots": {slot: group(slot) for slot in state["slots"]}}  # fmt: skip


def test_a_state_is_a_copy() -> None:
    trainer = Trainer(network(), oracle.examples(), optimiser="adam")
    trainer.update()
    state = trainer.state()
    held = through_json(state)
    trainer.update()
    assert through_json(state) == held


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda s: s.update(version=2), "version"),
        (lambda s: s.update(examples="0"), "examples"),
        (lambda s: s["slots"].pop("mean"), "slots"),
        (lambda s: s["parameters"].pop("readout.V"), "readout.V"),
        (lambda s: s["parameters"].update({"readout.b": [1]}), "readout.b"),
        (lambda s: s.update(updates=-1), "updates"),
        (lambda s: s["settings"].update(rate=0), "rate"),
    ],
)
def test_a_state_of_another_training_is_refused(change: Any, field: str) -> None:
    state = through_json(Trainer(network(), oracle.examples(), optimiser="adam").state())
    change(state)
    with pytest.raises(EngineError) as caught:
        Trainer.from_state(network(), oracle.examples(), state)
    assert caught.value.field == field


def test_a_minibatch_is_the_mean_of_its_examples() -> None:
    found, examples = network(), oracle.examples()
    losses: list[float] = []
    total: Any = 0
    for example in examples:
        run = found.forward(np.array(example["inputs"]))
        goal = Goal.of(found, "cross_entropy", example["targets"])
        losses.append(float(goal.value(run)))
        gradients = parameter_gradients(goal.backward(found, run))
        total = total + np.concatenate([array.ravel() for array in gradients.values()])
    report = Trainer(found, examples).update()
    assert report.loss == pytest.approx(np.mean(losses), rel=1e-13)
    assert report.gradient_norm == pytest.approx(np.linalg.norm(total / 7), rel=1e-13)
    assert report.clipped_norm == report.gradient_norm
    assert report.examples == 7


def test_an_epoch_takes_every_example_once_in_an_order_of_its_seed() -> None:
    def drawn(seed: int) -> list[list[int]]:
        examples = Examples(network(), oracle.examples(), "cross_entropy")
        return [examples.batch(update, 3, seed) for update in range(6)]

    first = drawn(1)
    assert [len(each) for each in first] == [3, 3, 1, 3, 3, 1]
    epochs = [[*chain(*first[:3])], [*chain(*first[3:])]]
    assert all(sorted(each) == list(range(7)) for each in epochs)
    assert epochs[0] != epochs[1]
    assert drawn(1) == first
    assert drawn(2) != first


@pytest.mark.parametrize("pool", [None, "last", "mean"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "jordan"])
def test_stretches_compute_the_same_values_and_stop_gradients(pool: Any, cell: str) -> None:
    whole = network(cell, pool=pool, layers=2, activation="identity")
    x = np.random.default_rng(3).normal(size=(7, oracle.INPUTS, 2))
    parts = stretched(whole, 3)
    run, other = whole.forward(x), parts.forward(x)
    np.testing.assert_allclose(other.outputs, run.outputs, rtol=1e-13)
    above = np.random.default_rng(4).normal(size=run.outputs.shape)
    found = parts.backward(other, above)
    # Only the last step is asked: its gradient reaches back to where its stretch begins.
    if pool != "mean":
        above[:-1] = 0
        found = parts.backward(parts.forward(x), above)
        assert (found.inputs[:6] == 0).all()
        assert (found.inputs[6] != 0).all()
    same = stretched(whole, 7)
    one = parameter_gradients(same.backward(same.forward(x), above))
    two = parameter_gradients(whole.backward(whole.forward(x), above))
    for address in two:
        np.testing.assert_allclose(one[address], two[address], rtol=1e-12, atol=1e-15)


def test_a_layer_that_is_read_backward_cannot_be_truncated() -> None:
    for direction in ("backward", "bidirectional"):
        with pytest.raises(EngineError, match="truncate"):
            Trainer(network(direction=direction), oracle.examples(), truncate=2)


@pytest.mark.parametrize("cell", catalogue())
def test_every_cell_learns(cell: str) -> None:
    reports = list(Trainer(network(cell), oracle.examples(), optimiser="adam", rate=0.03).run(40))
    assert reports[-1].loss < 0.95 * reports[0].loss


@pytest.mark.parametrize("pool", ["last", "mean"])
def test_both_directions_layers_and_pooling_learn(pool: str) -> None:
    examples = [{**each, "targets": [number % 2]} for number, each in enumerate(oracle.examples())]
    found = network("gru", direction="bidirectional", layers=2, pool=pool)
    reports = list(Trainer(found, examples, optimiser="adam", rate=0.03).run(60))
    assert reports[-1].loss < 0.5 * reports[0].loss


def test_a_cell_of_ones_own_learns_with_initial_states_and_a_static_vector() -> None:
    cell = cell_from_document(
        {"id": "own", "state": ["h"], "output": "h",
         "equations": "h = tanh(W @ x + U @ h[t-1] + W_v @ v)"}
    )  # fmt: skip
    found = Network([LayerSpec(cell, {**SIZES, "static": 2})], ReadoutSpec(2, "softmax"))
    found.assign({name: np.full(a.shape, 0.1) for name, a in found.parameters().items()})
    given: Any = {"initial": [{"forward": {"h": np.full(4, 0.5)}}], "static": [1.0, -1.0]}
    trainer = Trainer(found, oracle.examples(), rate=0.1, truncate=3, **given)
    reports = list(trainer.run(30))
    assert reports[-1].loss < reports[0].loss
    assert (found.parameters()["layers.0.forward.W_v"] != 0.1).all()


def test_pausing_ends_a_run_and_resuming_goes_on() -> None:
    trainer = Trainer(network(), oracle.examples())
    seen = []
    for report in trainer.run(100):
        seen.append(report.update)
        if report.update == 3:
            trainer.pause()
    assert seen == [1, 2, 3]
    assert list(trainer.run(5)) == []
    assert trainer.update().update == 4  # by hand, one at a time
    trainer.resume()
    assert [each.update for each in trainer.run(2)] == [5, 6]


def test_stopping_from_another_thread_ends_the_training() -> None:
    trainer = Trainer(network(), oracle.examples())
    runner = threading.Thread(target=lambda: [*trainer.run(10**9)])
    runner.start()
    trainer.stop()
    runner.join(timeout=30)
    assert not runner.is_alive()
    assert trainer.stopped
    with pytest.raises(EngineError, match="stopped"):
        trainer.update()


def test_a_training_that_diverges_reports_it() -> None:
    found = network("elman", activation="identity")
    examples = [{"inputs": [[1, 1, 1]] * 9, "targets": [[1e200, -1e200]] * 9}]
    reports = list(Trainer(found, examples, rate=1e300).run(3))
    assert not np.isfinite(reports[-1].loss)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"optimiser": "adamw"}, "optimiser"),
        ({"optimiser": {"name": "sgd", "momentum": 0.9}}, "optimiser.momentum"),
        ({"optimiser": {"name": "adam", "beta1": 1}}, "optimiser.beta1"),
        ({"optimiser": {"name": "adam", "epsilon": 0}}, "optimiser.epsilon"),
        ({"optimiser": 3}, "optimiser"),
        ({"rate": 0}, "rate"),
        ({"rate": True}, "rate"),
        ({"rate": float("nan")}, "rate"),
        ({"batch": 0}, "batch"),
        ({"batch": 1.5}, "batch"),
        ({"clip": {"norm": -1}}, "clip.norm"),
        ({"clip": {"length": 1}}, "clip"),
        ({"truncate": 0}, "truncate"),
        ({"seed": -1}, "seed"),
        ({"loss": "absolute"}, "loss"),
        ({"loss": "binary_cross_entropy"}, "loss"),
    ],
)
def test_a_wrong_argument_is_named(arguments: Any, field: str) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(network(), oracle.examples(), **arguments)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("examples", "field"),
    [
        ([], "examples"),
        ([{"inputs": [[1, 2, 3]]}], "examples[0]"),
        ([3], "examples[0]"),
        ([{"inputs": [[1, 2]], "targets": [0]}], "examples[0].inputs"),
        ([{"inputs": [], "targets": []}], "examples[0].inputs"),
        ([{"inputs": [[1, 2, "a"]], "targets": [0]}], "examples[0].inputs"),
        ([{"inputs": [[1, 2, float("inf")]], "targets": [0]}], "examples[0].inputs"),
        ([{"inputs": [[1, 2, 3]], "targets": [0, 1]}], "examples[0].targets"),
        ([{"inputs": [[1, 2, 3]], "targets": 0}], "examples[0].targets"),
        ([{"inputs": [[1, 2, 3]], "targets": [2]}], "examples[0].targets[0]"),
        ([{"inputs": [[1, 2, 3]], "targets": [[1, 0, 0]]}], "examples[0].targets[0]"),
        ([{"inputs": [[1, 2, 3]], "targets": ["no"]}], "examples[0].targets[0]"),
        ([{"inputs": [[1, 2, 3]], "targets": [[float("nan"), 0]]}], "examples[0].targets"),
    ],
)
def test_a_wrong_example_is_named(examples: Any, field: str) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(network(), examples)
    assert caught.value.field == field


def test_a_network_without_weights_cannot_be_trained() -> None:
    cell = cell_from_document(
        {"id": "still", "state": ["h"], "output": "h", "equations": "h = tanh(h[t-1] + x)"}
    )
    sizes = {"input": 1, "units": 1}
    with pytest.raises(EngineError, match="parameters to train"):
        Trainer(Network([LayerSpec(cell, sizes)]), [{"inputs": [[1]], "targets": [[1]]}])


def test_training_leaves_a_copy_alone() -> None:
    found = network()
    other, before = found.copy(), copied(found)
    Trainer(found, oracle.examples()).update()
    for address, array in other.parameters().items():
        assert (array == before[address]).all()
        assert (array != found.parameters()[address]).any()
