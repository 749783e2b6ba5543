"""The forms that training examples have: tokens, vectors of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.engine import torch_training as oracle
from tests.engine.test_training import SIZES, network
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.training import Trainer


def sentences() -> list[dict[str, Any]]:
    return [{"tokens": [1, 2, 0]}, {"tokens": [2, 2, 1, 0]}, {"tokens": [0]}]


def reader(outputs: int = 3, pool: str | None = None, activation: str = "softmax") -> Network:
    made = Network([LayerSpec(catalogue()["gru"], {"input": 3, "units": 4})],
                   ReadoutSpec(outputs, activation), pool)  # fmt: skip
    random = np.random.default_rng(1)
    made.assign({name: random.uniform(-0.6, 0.6, a.shape) for name, a in made.parameters().items()})
    return made


def test_tokens_are_trained_on_as_the_rows_they_stand_for() -> None:
    one = np.eye(3).tolist()
    written_out = [
        {"inputs": [[0, 0, 0], one[1], one[2]], "targets": [1, 2, 0]},
        {"inputs": [[0, 0, 0], one[2], one[2], one[1]], "targets": [2, 2, 1, 0]},
        {"inputs": [[0, 0, 0]], "targets": [0]},
    ]
    ours, theirs = (
        Trainer(reader(), examples, optimiser="adam", batch=2, seed=3)
        for examples in (sentences(), written_out)
    )
    assert list(ours.run(9)) == list(theirs.run(9))


@pytest.mark.parametrize("tokens", [[], [0, 3], [-1], [0.0], "1", None, [[1]], [1, [2]]])
def test_tokens_that_are_none_are_refused(tokens: Any) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(reader(), [{"tokens": tokens}])
    assert caught.value.field == "examples[0].tokens"


@pytest.mark.parametrize("form", [{"outputs": 4}, {"pool": "last"}, {"activation": "sigmoid"}])
def test_tokens_are_for_networks_that_foretell_their_input(form: dict[str, Any]) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(reader(**form), sentences())
    assert caught.value.field == "examples[0].tokens"


def test_examples_may_have_static_vectors_of_their_own() -> None:
    cell = cell_from_document({
        "id": "captioner", "state": ["h"], "output": "h",
        "equations": "z_h = W_h @ x + U_h @ h[t-1] + W_v @ v\nh = tanh(z_h)",
    })  # fmt: skip
    vectors = ([1.0, -1.0], [0.0, 2.0], [0.5, 0.5])

    def made() -> Network:
        found = Network([LayerSpec(cell, {**SIZES, "static": 2})], ReadoutSpec(2, "softmax"))
        random = np.random.default_rng(2)
        found.assign({n: random.normal(size=a.shape) for n, a in found.parameters().items()})
        return found

    examples = [{"inputs": np.ones((3, 3)), "targets": [0, 1, 1], "static": v} for v in vectors[:2]]
    examples += [{"inputs": np.ones((3, 3)), "targets": [1, 1, 0]}]
    together = Trainer(made(), examples, static=vectors[2]).update()
    apart = [
        Trainer(made(), [{"inputs": e["inputs"], "targets": e["targets"]}], static=v).update().loss
        for e, v in zip(examples, vectors, strict=True)
    ]
    assert together.loss == pytest.approx(np.mean(apart), rel=1e-13)


@pytest.mark.parametrize("static", [[1.0], "1", [1.0, float("nan")], [[1.0, 2.0]]])
def test_a_static_vector_of_another_form_is_refused(static: Any) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(network(), [{**oracle.examples()[0], "static": static}])
    assert caught.value.field == "examples[0].static"
