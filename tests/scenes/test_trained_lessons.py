"""Lessons whose weights were learned: the script finds them again, and they do what is told."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from scripts import train_lessons
from unrolled.engine.trace import Trace
from unrolled.scenes import language, lessons, reading, run
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

EVERY = [(lesson, name) for lesson, scenes in train_lessons.SCENES.items() for name in scenes]


def held(lesson: str, name: str) -> Scene:
    found = lessons.scene(f"{lesson}/{name}")
    assert found is not None
    return found


def traced(scene: Scene) -> Trace:
    return run.trace(plan(scene, Limits()))


def without_weights(scene: Scene) -> dict[str, Any]:
    document = copy.deepcopy(scene.model_dump(mode="json"))
    document["network"]["layers"][0]["weights"] = document["network"]["readout"]["weights"] = None
    return document


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "name"), EVERY)
def test_training_again_finds_the_same_network(lesson: str, name: str) -> None:
    again = reading.scene(train_lessons.scene(lesson, name))
    assert without_weights(again) == without_weights(held(lesson, name))
    # Last digits depend on the machine, and hundreds of updates carry them on.
    expected = traced(held(lesson, name)).outputs
    np.testing.assert_allclose(traced(again).outputs, expected, atol=1e-3)


def test_words_and_characters_of_one_pattern_have_one_set_of_weights() -> None:
    words, letters = (held("language-model", name) for name in ("trained", "characters"))
    assert words.network == letters.network


@pytest.mark.parametrize(
    ("name", "settings"), [("greedy", {"temperature": 0}), ("drawn", {"seed": 4})]
)
def test_the_sentences_of_sampling_are_what_the_network_writes(
    name: str, settings: dict[str, Any]
) -> None:
    scene = held("sampling", name)
    written = language.sample(scene, 20, eos=language.EOS, **settings)
    assert written.ended == "eos"
    assert written.tokens == scene.targets


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("trained", 1.4, 1.5), ("characters", 1.4, 1.5), ("untrained", 9, 10)],
)
def test_perplexities_are_those_that_are_told(name: str, least: float, most: float) -> None:
    perplexity = traced(held("language-model", name)).perplexity
    assert perplexity is not None
    assert least < perplexity < most
