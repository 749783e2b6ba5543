"""A scene is checked whole: what does not fit is named before anything runs."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.scenes.documents import Document, changed, layer
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan, plan

MINE = {"id": "mine", "state": ["h"], "output": "h", "equations": "h = tanh(W @ x + U @ h[t-1])"}


def planned(document: Document, limits: Limits | None = None) -> Plan:
    return plan(reading.scene(document), limits or Limits())


def mistakes(document: Document, limits: Limits | None = None) -> dict[str, str]:
    with pytest.raises(DocumentError) as caught:
        planned(document, limits)
    return {each.field: str(each) for each in caught.value.errors}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda d: layer(d).update(cell="lstn"), "network.layers[0].cell"),
        (lambda d: layer(d).update(options={"activation": "tanh"}), "network.layers[0].options"),
        (
            lambda d: layer(d).update(options={"input_activation": "sin"}),
            "network.layers[0].options.input_activation",
        ),
        (lambda d: layer(d).update(outputs=2), "network.layers[0].outputs"),
        (lambda d: layer(d).update(merge="sum"), "network.layers[0].merge"),
        (
            lambda d: layer(d).update(backward_weights={"b_f": [1, 1]}),
            "network.layers[0].backward_weights",
        ),
        (lambda d: layer(d)["weights"].update(W_q=[[1]]), "network.layers[0].weights.W_q"),
        (lambda d: layer(d)["weights"].update(b_f=[1]), "network.layers[0].weights.b_f"),
        (lambda d: layer(d)["weights"].update(W_f=[[1, 2, 3]]), "network.layers[0].weights.W_f"),
        (lambda d: layer(d)["weights"].update(W_f=[1, 2]), "network.layers[0].weights.W_f"),
        (lambda d: layer(d)["weights"].update(b_f=[[1, 2]]), "network.layers[0].weights.b_f"),
        (
            lambda d: layer(d)["weights"].update(W_f=[[1, 2, 3], [1, 2]]),
            "network.layers[0].weights.W_f[1]",
        ),
        (lambda d: d.update(inputs=[]), "inputs"),
        (lambda d: d.update(inputs=[[]]), "inputs[0]"),
        (lambda d: d.update(inputs=[[1, 2, 3], [1, 2]]), "inputs[1]"),
        (lambda d: d.pop("inputs"), "inputs"),
        (lambda d: d.update(text="a b"), "inputs"),
        (lambda d: (d.pop("inputs"), d.update(text="a b")), "encoding"),
        (lambda d: d.update(initial=[]), "initial"),
        (lambda d: d.update(initial=[{"h": [1, 2, 3]}]), "initial[0].h"),
        (lambda d: d.update(initial=[{"y": [1, 2]}]), "initial[0].y"),
        (lambda d: d.update(initial=[{"backward": {"h": [1, 2]}}]), "initial[0].backward"),
        (lambda d: d.update(targets=[[1, 2]]), "targets"),
        (lambda d: d.update(targets=[[1, 2], [1]]), "targets[1]"),
        (lambda d: d.update(targets=[1, 0]), "targets[0]"),
        (lambda d: d.update(loss="squared_error"), "targets"),
        (lambda d: d["network"].update(pool="mean"), "network.pool"),
        (lambda d: d["network"].update(steps=3), "network.steps"),
        (lambda d: d["network"].update(shape="one-to-many"), "network.steps"),
        (lambda d: d["network"].update(shape="one-to-one"), "inputs"),
        (
            lambda d: d["network"].update(readout={"outputs": 1, "weights": {"V": [[1]]}}),
            "network.readout.weights.V",
        ),
        (lambda d: d.update(decoder_inputs=[[1]]), "decoder_inputs"),
        (lambda d: d.update(labels={"inputs": ["one"]}), "labels.inputs"),
    ],
)
def test_what_does_not_fit_is_named(change: Any, field: str) -> None:
    assert field in mistakes(changed(change))


@pytest.mark.parametrize(
    ("limits", "change", "name"),
    [
        ({}, lambda d: layer(d).update(units=1_000_000, weights={}), "units"),
        ({"layers": 2}, lambda d: d["network"].update(layers=[layer(d)] * 3), "layers"),
        ({"steps": 1}, lambda d: d, "steps"),
        ({"inputs": 2}, lambda d: d, "inputs"),
        ({"parameters": 47}, lambda d: d, "parameters"),
        ({"values": 43}, lambda d: d, "values"),
        ({"cost": 95}, lambda d: d, "cost"),
        (
            {"units": 3},
            lambda d: d["network"].update(readout={"outputs": 4}),
            "units",
        ),
    ],
)
def test_going_over_a_limit_names_the_limit(limits: dict[str, int], change: Any, name: str) -> None:
    told = " ".join(mistakes(changed(change), replace(Limits(), **limits)).values())
    assert f"limit {name}, UNROLLED_MAX_{name.upper()}" in told


def test_a_scene_at_its_limits_is_taken() -> None:
    exactly = Limits(layers=1, units=2, inputs=3, steps=2, parameters=48, values=44, cost=96)
    assert planned(changed(lambda d: d), exactly).steps == 2


def test_the_largest_scene_within_single_limits_is_refused_at_once_by_their_product() -> None:
    many = [{"cell": "lstm", "units": 1024} for _ in range(32)]
    document = changed(lambda d: d["network"].update(layers=many))
    start = time.process_time()
    assert "limit parameters" in mistakes(document)["network"]
    assert time.process_time() - start < 0.5


def test_layers_feed_each_other_by_what_they_hand_on() -> None:
    document = changed(
        lambda d: d["network"].update(
            layers=[
                {"cell": "gru", "units": 3, "direction": "bidirectional"},
                {"cell": "jordan", "units": 2, "outputs": 5},
                {"cell": "elman", "units": 1},
            ]
        )
    )
    widths = [each.dimensions["input"] for each in planned(document).layers]
    assert widths == [3, 6, 5]


def test_a_cell_of_ones_own_runs_like_any_other() -> None:
    document = changed(lambda d: layer(d).update(cell=MINE, weights={}))
    assert set(planned(document).layers[0].shapes) == {"W", "U"}


def test_a_cell_of_ones_own_may_not_take_a_name_of_the_catalogue() -> None:
    document = changed(lambda d: layer(d).update(cell={**MINE, "id": "lstm"}))
    assert "network.layers[0].cell.id" in mistakes(document)


def test_a_mistake_in_typed_equations_tells_line_and_column() -> None:
    document = changed(lambda d: layer(d).update(cell={**MINE, "equations": "h = tanh(q q)"}))
    assert "line 1, column" in mistakes(document)["network.layers[0].cell.equations"]


def test_a_cell_that_uses_v_needs_a_static_vector() -> None:
    cell = {**MINE, "equations": "h = tanh(W @ x + W_v @ v)"}
    document = changed(lambda d: layer(d).update(cell=cell, weights={}))
    assert "static" in mistakes(document)
    document["static"] = [1, 2, 3, 4]
    assert planned(document).layers[0].shapes["W_v"] == (2, 4)


@pytest.mark.parametrize(
    ("loss", "activation"), [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid")]
)
def test_a_loss_asks_for_the_readout_it_belongs_to(loss: str, activation: str) -> None:
    readout = {"outputs": 2, "activation": "identity"}
    document = changed(lambda d: d.update(loss=loss, targets=[[0, 1], [1, 0]]))
    assert "network.readout" in mistakes(document)
    document["network"]["readout"] = readout
    assert "network.readout.activation" in mistakes(document)
    readout["activation"] = activation
    assert planned(document).rows == 2


def test_a_class_beyond_the_outputs_is_named() -> None:
    document = changed(lambda d: d.update(loss="cross_entropy", targets=[0, 2]))
    document["network"]["readout"] = {"outputs": 2, "activation": "softmax"}
    assert "targets[1]" in mistakes(document)
    document["targets"] = [0, None]
    assert planned(document).rows == 2


def test_one_row_becomes_many_steps() -> None:
    document = changed(lambda d: d.update(inputs=[[1, 2, 3]]))
    document["network"] |= {"shape": "one-to-many", "steps": 3}
    assert planned(document).inputs == [[1, 2, 3], [0, 0, 0], [0, 0, 0]]
    document["network"]["repeat"] = True
    assert planned(document).inputs == [[1, 2, 3]] * 3


def test_many_to_one_has_one_row_of_targets() -> None:
    document = changed(lambda d: d.update(targets=[[1, 2]]))
    document["network"]["shape"] = "many-to-one"
    assert planned(document).rows == 1


def test_words_become_rows_with_one_more_entry_for_the_others() -> None:
    document = changed(lambda d: (d.pop("inputs"), layer(d).pop("weights")))
    document |= {
        "text": "leave Taipei now",
        "encoding": {"kind": "word", "vocabulary": ["leave", "Taipei"], "other": True},
    }
    assert planned(document).inputs == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]


def test_trigrams_mark_every_run_of_three_letters_that_a_word_holds() -> None:
    document = changed(lambda d: (d.pop("inputs"), layer(d).pop("weights")))
    vocabulary = ["app", "ppl", "ple", "pen"]
    document |= {
        "text": "Apple pen",
        "encoding": {"kind": "trigram", "vocabulary": vocabulary},
    }
    assert planned(document).inputs == [[1, 1, 1, 0], [0, 0, 0, 1]]
