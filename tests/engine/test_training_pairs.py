"""Training an encoder–decoder: gradients of batches, what the decoder is fed, learning."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unrolled.engine.attention import AttentionSpec
from unrolled.engine.cell import catalogue
from unrolled.engine.decoding import greedy
from unrolled.engine.encoder_decoder import EncoderDecoder
from unrolled.engine.errors import EngineError
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import ReadoutSpec
from unrolled.engine.training import Trainer

WORDS = 4
KINDS = [None, "dot", "general", "additive"]


def network(kind: str | None = None, outputs: int = WORDS) -> EncoderDecoder:
    units = 6
    encoder = LayerSpec(catalogue()["gru"], {"input": WORDS, "units": units})
    decoder = LayerSpec(catalogue()["gru"], {"input": WORDS, "units": units})
    attention = None if kind is None else AttentionSpec(kind, units, units, 3)
    made = EncoderDecoder([encoder], [decoder], ReadoutSpec(outputs, "softmax"), attention)
    random = np.random.default_rng(5)
    made.assign({name: random.normal(size=a.shape) * 0.5 for name, a in made.parameters().items()})
    return made


def rows(words: list[int]) -> Any:
    return np.eye(WORDS)[words]


def examples() -> list[dict[str, Any]]:
    """Words and the same words from the end, of three lengths; the last row says nothing."""
    said = [[1, 2], [2, 3, 1], [3, 1], [1, 1, 2, 3], [2, 1, 3]]
    return [{"inputs": rows(each), "targets": [*each[::-1], 0, None]} for each in said]


def loss(found: EncoderDecoder, given: list[dict[str, Any]]) -> float:
    """The mean of −Σ ln y[target], each sequence by itself, the targets before it fed."""
    total = 0.0
    for each in given:
        before = [0 if target is None else target for target in each["targets"][:-1]]
        fed = np.concatenate([np.zeros((1, WORDS)), rows(before)])
        y = found.forward(each["inputs"], decoder_inputs=each.get("decoder_inputs", fed)).outputs
        total -= sum(np.log(y[t, w]) for t, w in enumerate(each["targets"]) if w is not None)
    return float(total / len(given))


@pytest.mark.parametrize("kind", KINDS)
def test_an_update_goes_down_the_slope_of_the_mean_loss(kind: str | None) -> None:
    found, rate = network(kind), 1e-3
    before = {name: array.copy() for name, array in found.parameters().items()}
    report = Trainer(found, examples(), rate=rate).update()
    after = {name: array.copy() for name, array in found.parameters().items()}
    found.assign(before)
    assert report.loss == pytest.approx(loss(found, examples()), rel=1e-12)
    random = np.random.default_rng(1)
    for name, array in found.parameters().items():
        place = tuple(int(random.integers(size)) for size in array.shape)
        middle, step = array[place], 1e-6
        array[place] = middle + step
        above = loss(found, examples())
        array[place] = middle - step
        slope = (above - loss(found, examples())) / (2 * step)
        array[place] = middle
        moved = (before[name][place] - after[name][place]) / rate
        assert moved == pytest.approx(slope, rel=1e-5, abs=1e-8), name


def test_given_inputs_of_the_decoder_stand_in_place_of_the_targets() -> None:
    given = [{**each, "decoder_inputs": np.random.default_rng(2).random((len(each["targets"]),
              WORDS))} for each in examples()]  # fmt: skip
    found = network()
    expected = loss(found, given)
    assert Trainer(found, given).update().loss == pytest.approx(expected, rel=1e-12)


def test_it_learns_to_say_words_from_the_end() -> None:
    found = network("dot")
    list(Trainer(found, examples(), optimiser="adam", rate=0.03).run(200))
    for each in examples():
        wanted = each["targets"][:-1]
        fed = greedy(found, each["inputs"], len(wanted), (), None)
        answers = found.forward(each["inputs"], decoder_inputs=fed).outputs
        assert answers.argmax(axis=1).tolist() == wanted


@pytest.mark.parametrize(
    ("changed", "settings", "field"),
    [
        ({"targets": []}, {}, "examples[0].targets"),
        ({"targets": 1}, {}, "examples[0].targets"),
        ({"decoder_inputs": [[0, 0]]}, {}, "examples[0].targets"),
        ({"decoder_inputs": [[0, 0], [1, 1], [2, 2], [3, 3]]}, {}, "examples[0].decoder_inputs"),
        ({}, {"truncate": 2}, "truncate"),
    ],
)
def test_an_example_that_does_not_fit_is_refused(
    changed: dict[str, Any], settings: dict[str, Any], field: str
) -> None:
    with pytest.raises(EngineError) as caught:
        Trainer(network(), [{**examples()[0], **changed}], **settings)
    assert caught.value.field == field


def test_tokens_are_no_examples_of_a_translation() -> None:
    with pytest.raises(EngineError, match="tokens"):
        Trainer(network(), [{"tokens": [1, 2]}])


def test_targets_of_another_width_cannot_be_fed() -> None:
    with pytest.raises(EngineError, match="decoder_inputs"):
        Trainer(network(outputs=5), examples())
