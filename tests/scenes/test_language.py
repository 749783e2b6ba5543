"""Texts as language models: tokens, vocabulary, what is read and what should follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from unrolled.engine.training import Trainer
from unrolled.scenes import build, language, run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.learned import learned
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

TEXT = "the cat sat\nthe cat ran\n\n  the dog  sat \n"


def words_of(scene: Scene) -> list[str]:
    assert scene.labels is not None
    assert scene.labels.outputs is not None
    return scene.labels.outputs


def test_the_vocabulary_has_the_frequent_first_and_the_earlier_of_equals() -> None:
    assert words_of(language.model(TEXT)) == [
        "the", "cat", "sat", "ran", "dog", "<UNK>", "<EOS>",
    ]  # fmt: skip


def test_a_smaller_vocabulary_keeps_the_most_frequent_and_the_rest_is_unknown() -> None:
    scene = language.model(TEXT, vocabulary_size=5)
    assert words_of(scene) == ["the", "cat", "sat", "<UNK>", "<EOS>"]
    assert language.examples(scene, "the dog sat") == [{"tokens": [0, 3, 2, 4]}]


def test_a_sentence_is_read_behind_itself_and_foretold_to_its_end() -> None:
    scene = language.model(TEXT)
    assert scene.inputs is not None
    assert scene.labels is not None
    assert scene.targets == [0, 1, 2, 6]  # the cat sat <EOS>
    assert scene.inputs[0] == [0] * 7
    assert np.array(scene.inputs[1:]).argmax(axis=1).tolist() == [0, 1, 2]
    assert np.array(scene.inputs).sum() == 3
    assert scene.labels.inputs == ["0", "the", "cat", "sat"]
    assert scene.loss == "cross_entropy"


def test_every_line_is_an_example() -> None:
    scene = language.model(TEXT)
    assert [each["tokens"] for each in language.examples(scene, TEXT)] == [
        [0, 1, 2, 6], [0, 1, 3, 6], [0, 4, 2, 6],
    ]  # fmt: skip


def test_chinese_is_read_by_character() -> None:
    scene = language.model("猫吃饱了。\n狗吃了。", kind="char")
    assert words_of(scene) == ["吃", "了", "。", "猫", "饱", "狗", "<UNK>", "<EOS>"]
    assert scene.targets == [3, 0, 4, 1, 2, 7]
    assert language.examples(scene, "狗饿了", kind="char") == [{"tokens": [5, 6, 1, 7]}]


def test_spaces_are_characters_too() -> None:
    assert words_of(language.model("a a", kind="char")) == ["a", " ", "<UNK>", "<EOS>"]


def test_words_that_look_like_marks_are_unknown_words() -> None:
    scene = language.model("a <EOS> b <UNK>")
    assert words_of(scene) == ["a", "b", "<UNK>", "<EOS>"]
    assert scene.targets == [0, 2, 1, 2, 3]


def test_the_same_model_reads_another_sentence() -> None:
    scene = language.model(TEXT, cell="gru", units=5, seed=3)
    other = language.reads(scene, "the dog ran home")
    assert other.network == scene.network
    assert other.targets == [0, 4, 3, 5, 6]
    mine, same = (build.weights(plan(each, Limits())) for each in (scene, other))
    assert all(np.array_equal(mine[address], same[address]) for address in mine)


def test_the_probability_of_a_sentence_is_read_off_its_trace() -> None:
    scene = language.model(TEXT, seed=1)
    found = run.trace(plan(language.reads(scene, "the cat"), Limits()))
    p = [found.outputs[t, token] for t, token in enumerate([0, 1, 6])]
    assert found.probabilities is not None
    np.testing.assert_allclose(found.probabilities, np.cumprod(p), rtol=1e-12)
    assert found.perplexity == pytest.approx(np.prod(p) ** (-1 / 3))


def trained() -> Scene:
    """A model that has learned its text by heart."""
    scene = language.model(TEXT, units=8, seed=2)
    network = build.network(plan(scene, Limits()))
    trainer = Trainer(network, language.examples(scene, TEXT), optimiser="adam", rate=0.05)
    list(trainer.run(150))
    return Scene.model_validate(learned(scene, network.parameters()))


def test_a_trained_model_writes_sentences_of_its_text() -> None:
    scene = trained()
    known = [[*line.split(), "<EOS>"] for line in TEXT.splitlines() if line]
    words = words_of(scene)
    for seed in range(6):
        found = language.sample(scene, 10, seed=seed, eos="<EOS>", temperature=0.3)
        assert found.ended == "eos"
        assert [words[token] for token in found.tokens] in known
    perplexity = run.trace(plan(scene, Limits())).perplexity
    # One of three sentences, none of them longer than three words: cube root and less.
    assert perplexity is not None
    assert 1 < perplexity < 1.5


def test_the_end_is_named_by_number_or_name() -> None:
    scene = language.model(TEXT)
    for eos in ("dog", 4):
        found = language.sample(scene, 500, seed=1, eos=eos)
        assert (found.ended, found.tokens[-1]) == ("eos", 4)


@pytest.mark.parametrize(
    ("made", "field", "said"),
    [
        (lambda: language.model(" \n "), "text", "at least one token"),
        (lambda: language.model("a" * 501), "text", "500"),
        (lambda: language.model("a b", cell="lstmm"), "network.layers[0].cell", "lstm"),
        (lambda: language.model("a b c d", limits=Limits(steps=4)), "text", "UNROLLED_MAX_STEPS"),
        (lambda: language.model("a b c d", limits=Limits(values=20)), "text",
         "UNROLLED_MAX_VALUES"),
        (lambda: language.model("a b c d", limits=Limits(units=5)), "vocabulary_size",
         "UNROLLED_MAX_UNITS"),
        (lambda: language.model("a b c d", limits=Limits(inputs=5)), "vocabulary_size",
         "UNROLLED_MAX_INPUTS"),
        (lambda: language.sample(language.model(TEXT), 5, eos="bird"), "eos", "name"),
        (lambda: language.sample(language.model(TEXT), 11, limits=Limits(steps=10)), "steps",
         "UNROLLED_MAX_STEPS"),
        (lambda: language.sample(language.model(TEXT), 99, limits=Limits(values=9000)), "steps",
         "UNROLLED_MAX_VALUES"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(
    made: Callable[[], Any], field: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        made()
    assert caught.value.errors[0].field == field
    assert said in caught.value.errors[0].expected


def test_a_model_without_a_word_for_the_unknown_refuses_it() -> None:
    document = language.model("a b").model_dump(mode="json")
    document["labels"] = {"outputs": ["a", "b", "c", "<EOS>"]}
    with pytest.raises(DocumentError) as caught:
        language.reads(Scene.model_validate(document), "a z")
    assert (caught.value.errors[0].field, caught.value.errors[0].got) == ("text", '"z"')


def test_outputs_must_have_names() -> None:
    document = language.model("a b").model_dump(mode="json")
    document["labels"] = None
    with pytest.raises(DocumentError) as caught:
        language.examples(Scene.model_validate(document), "a")
    assert caught.value.errors[0].field == "labels.outputs"
