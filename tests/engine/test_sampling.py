"""Sampling: what is drawn follows the distribution, what is fed back is what was drawn."""

from __future__ import annotations

import itertools
from math import exp, inf, log, nan
from typing import Any

import numpy as np
import pytest

from unrolled.engine import sampling, trace
from unrolled.engine.cell import catalogue
from unrolled.engine.errors import EngineError
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.stepper import Stepper
from unrolled.engine.tokens import shifted

WORDS = 5


def network(
    outputs: int = WORDS, activation: str = "softmax", direction: str = "forward",
    pool: str | None = None, readout: bool = True, layers: int = 2,
) -> Network:  # fmt: skip
    sizes = [WORDS, *[4] * (layers - 1)]
    specs = [
        LayerSpec(catalogue()["gru"], {"input": size, "units": 4}, direction=direction)
        for size in sizes
    ]
    made = Network(specs, ReadoutSpec(outputs, activation) if readout else None, pool)
    random = np.random.default_rng(1)
    made.assign({name: random.normal(size=a.shape) for name, a in made.parameters().items()})
    return made


def always(probabilities: list[float], end: int | None = None) -> Network:
    """A network that says the same at every step, and after `end` was read, `end` again."""
    size = len(probabilities)
    made = Network(
        [LayerSpec(catalogue()["elman"], {"input": size, "units": 1})], ReadoutSpec(size, "softmax")
    )
    made.assign({name: np.zeros_like(a) for name, a in made.parameters().items()})
    made.assign({"readout.b": [log(p) if p else -1e9 for p in probabilities]})
    return made


@pytest.mark.oracle
@pytest.mark.parametrize("temperature", [0.05, 0.7, 1.0, 3.0, 1000.0])
def test_a_temperature_divides_the_logits(temperature: float) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is the oracle here")
    z = np.random.default_rng(4).normal(size=30) * 20
    expected = torch.softmax(torch.tensor(z) / temperature, 0).numpy()
    np.testing.assert_allclose(sampling.tempered(z, temperature), expected, rtol=1e-12, atol=1e-300)


def test_temperatures_between_the_extremes_go_from_the_likeliest_to_indifference() -> None:
    z = np.array([1.0, 3.0, 2.0])
    assert sampling.tempered(z, 0).tolist() == [0, 1, 0]
    np.testing.assert_allclose(sampling.tempered(z, 1e-320), [0, 1, 0])
    np.testing.assert_allclose(sampling.tempered(z, 1e300), [1 / 3] * 3)
    assert sampling.tempered(np.array([1e308, -1e308]), 0.1).tolist() == [1, 0]


def test_of_equally_likely_ones_the_first_is_the_greedy_choice() -> None:
    assert sampling.tempered(np.array([1.0, 2.0, 2.0]), 0).tolist() == [0, 1, 0]


def test_draws_are_as_frequent_as_they_are_probable() -> None:
    probabilities = [0.5, 0.25, 0.0, 0.2, 0.05]
    count = 4000
    tokens = sampling.sample(always(probabilities), count, seed=6).tokens
    found = np.bincount(tokens, minlength=5)
    assert found[2] == 0
    possible = [place for place, p in enumerate(probabilities) if p]
    expected = count * np.array(probabilities)[possible]
    # The 99.9 % point of chi-square with three degrees of freedom.
    assert ((found[possible] - expected) ** 2 / expected).sum() < 16.27


@pytest.mark.parametrize("share", [0.0, 0.2, 0.2499, 0.25, 0.99, 1 - 2**-53])
def test_a_token_without_probability_is_never_drawn(share: float) -> None:
    assert sampling.drawn(np.array([0.0, 0.25, 0.0, 0.75, 0.0]), share) in (1, 3)


def test_what_was_drawn_is_the_next_input() -> None:
    found = sampling.sample(network(), 12, temperature=1.3, seed=2)
    x = shifted(found.tokens, WORDS)
    assert x[0].tolist() == [0] * WORDS
    assert x[1:].argmax(axis=1).tolist() == found.tokens[:-1]
    through = trace.trace(network(), x)
    assert through.readout is not None
    z = through.readout.values["z"]
    tempered = [np.exp(row / 1.3) / np.exp(row / 1.3).sum() for row in z]
    np.testing.assert_allclose(found.distributions, tempered, rtol=1e-12)
    own = through.outputs[np.arange(12), found.tokens]
    np.testing.assert_allclose(found.probabilities, own, rtol=1e-12)


def test_greedy_takes_the_likeliest_at_every_step() -> None:
    found = sampling.sample(network(), 9, temperature=0, seed=1)
    outputs = trace.trace(network(), shifted(found.tokens, WORDS)).outputs
    assert found.tokens == outputs.argmax(axis=1).tolist()
    assert found.tokens == sampling.sample(network(), 9, temperature=0, seed=2).tokens


def test_a_seed_is_a_sample_and_another_seed_another() -> None:
    one, again, other = (sampling.sample(network(), 40, seed=seed).tokens for seed in (3, 3, 4))
    assert one == again
    assert one != other


def test_the_end_token_is_the_last() -> None:
    found = sampling.sample(always([0.5, 0.3, 0.2]), 1000, seed=1, eos=2)
    assert found.ended == "eos"
    assert found.tokens.index(2) == len(found.tokens) - 1
    assert len(found.distributions) == len(found.tokens)


def test_without_the_end_token_all_steps_are_taken() -> None:
    found = sampling.sample(always([0.5, 0.5, 0.0]), 20, eos=2)
    assert (found.ended, len(found.tokens)) == ("steps", 20)


def test_it_ends_where_nobody_wants_more() -> None:
    asked = itertools.count()
    found = sampling.sample(network(), 10**9, wanted=lambda: next(asked) < 4)
    assert len(found.tokens) == 5


def test_no_step_is_computed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    usual = Stepper.step

    def counted(self: Stepper, x: Any) -> None:
        nonlocal steps
        steps += 1
        usual(self, x)

    monkeypatch.setattr(Stepper, "step", counted)
    sampling.sample(network(), 50)
    assert steps == 50


def test_initial_states_and_the_static_vector_are_where_it_begins() -> None:
    initial = [{"forward": {"h": np.array([3.0, -3.0, 3.0, -3.0])}}]
    found = sampling.sample(network(), 6, seed=5, initial=initial)
    outputs = trace.trace(network(), shifted(found.tokens, WORDS), initial=initial).outputs
    np.testing.assert_allclose(found.distributions, outputs, rtol=1e-12)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"activation": "sigmoid"}, "network.readout"),
        ({"readout": False}, "network.readout"),
        ({"outputs": 3}, "network.readout.outputs"),
        ({"pool": "last"}, "network.shape"),
        ({"direction": "backward"}, "network"),
    ],
)
def test_a_network_that_cannot_write_is_refused(form: dict[str, Any], field: str) -> None:
    with pytest.raises(EngineError) as caught:
        sampling.sample(network(layers=1, **form), 3)
    assert caught.value.field == field


@pytest.mark.parametrize("temperature", [-0.1, inf, nan])
def test_a_temperature_below_zero_or_without_end_is_refused(temperature: float) -> None:
    with pytest.raises(EngineError, match="temperature"):
        sampling.sample(network(), 3, temperature=temperature)


@pytest.mark.parametrize("eos", [-1, WORDS])
def test_an_end_token_that_is_no_output_is_refused(eos: int) -> None:
    with pytest.raises(EngineError, match="eos"):
        sampling.sample(network(), 3, eos=eos)


def test_outputs_that_are_no_numbers_are_not_drawn_from() -> None:
    broken = network()
    broken.assign({"readout.b": [inf, 0, 0, 0, 0]})
    with pytest.raises(EngineError, match="t = 0"):
        sampling.sample(broken, 3)


def test_a_sentence_is_as_probable_as_its_tokens_one_after_the_other() -> None:
    probabilities = [0.5, 0.25, 0.15, 0.1]
    sentence = [1, 0, 2, 3]
    found = trace.trace(
        always(probabilities), shifted(sentence, 4), targets=sentence, loss="cross_entropy"
    )
    expected = np.cumprod([probabilities[token] for token in sentence])
    assert found.probabilities is not None
    np.testing.assert_allclose(found.probabilities, expected, rtol=1e-12)
    assert found.perplexity == pytest.approx(expected[-1] ** (-1 / 4), rel=1e-12)


def test_a_model_that_knows_nothing_is_as_perplexed_as_there_are_words() -> None:
    found = trace.trace(
        always([0.25] * 4), shifted([0, 1, 2], 4), targets=[0, None, 2], loss="cross_entropy"
    )
    assert found.perplexity == pytest.approx(4, rel=1e-12)
    assert found.document()["loss"]["perplexity"] == found.perplexity


def test_perplexity_belongs_to_the_cross_entropy_of_some_step() -> None:
    x = shifted([0, 1], WORDS)
    none = trace.trace(network(), x, targets=[None, None], loss="cross_entropy")
    assert none.perplexity is None
    squared = trace.trace(network(), x, targets=[[0] * 5, [0] * 5], loss="squared_error")
    assert squared.perplexity is None
    assert set(squared.document()["loss"]) == {"total", "steps"}


def test_an_impossible_sentence_is_infinitely_perplexing() -> None:
    found = trace.trace(always([1.0, 0.0]), shifted([1, 1], 2), targets=[1, 1],
                        loss="cross_entropy")  # fmt: skip
    assert found.perplexity == inf
    assert found.probabilities is not None
    assert found.probabilities.tolist() == [exp(-1e9)] * 2
