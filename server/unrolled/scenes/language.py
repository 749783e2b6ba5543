"""Language models as scenes: a text becomes tokens, a vocabulary, inputs and what should follow.

Every line of a text is a sentence. A model reads zeros at first and then each token of the
sentence, and is to foretell the token that follows, at the end the one that ends a sentence (Ng,
"Sequence Models", week 1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from unrolled.engine import sampling
from unrolled.engine.sampling import Sample
from unrolled.engine.tokens import shifted
from unrolled.scenes import build, encoding, reading
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan, plan
from unrolled.scenes.schema import Network, Scene

EOS, UNKNOWN = "<EOS>", "<UNK>"
NOTHING = "0"
"""How the first input is labelled, a row of zeros."""
MOST_LETTERS = 500
"""Of one token: a label of a scene is at most so long."""


def model(
    text: str, *, kind: str = "word", cell: Any = "lstm", units: int = 16,
    vocabulary_size: int | None = None, seed: int = 0, limits: Limits | None = None,
) -> Scene:  # fmt: skip
    """An untrained model of a text, before its first sentence.

    Args:
        kind: ``word`` (between spaces) or ``char``.
        cell: an id of the catalogue, or an inline cell.
        vocabulary_size: at most so many tokens, the most frequent ones, those for the end of a
            sentence and for what is unknown counted too; None for all.

    Raises:
        DocumentError: an empty text, a limit that is met, an unknown cell; names the field.
    """
    bounds = limits or Limits()
    found = sentences(text, kind)
    words = vocabulary(found, vocabulary_size)
    network = {
        "layers": [{"cell": cell, "units": units}],
        "readout": {"outputs": len(words), "activation": "softmax"},
    }
    _bound(bounds, found[0], len(words))
    made = _scene({"version": 1, "network": network, "seed": seed}, words, found[0])
    plan(made, bounds)
    return made


def reads(scene: Scene, text: str, *, kind: str = "word", limits: Limits | None = None) -> Scene:
    """The same model before the first sentence of another text.

    Raises:
        DocumentError: a scene without named outputs, a limit that is met; names the field.
    """
    bounds, words, found = limits or Limits(), names(scene), sentences(text, kind)
    _bound(bounds, found[0], len(words))
    made = _scene(scene.model_dump(mode="json"), words, found[0])
    plan(made, bounds)
    return made


def examples(scene: Scene, text: str, *, kind: str = "word") -> list[dict[str, list[int]]]:
    """Every sentence of a text as an example to train on, its tokens by their numbers."""
    words = names(scene)
    return [{"tokens": numbered(sentence, words)} for sentence in sentences(text, kind)]


def sentences(text: str, kind: str) -> list[list[str]]:
    """The tokens of every line that has any; raises `DocumentError` where there is none."""
    found = [encoding.tokens(line.strip(), kind) for line in text.splitlines()]
    held = [sentence for sentence in found if sentence]
    if not held:
        raise DocumentError.of("text", "at least one token", "none")
    longest = max((token for sentence in held for token in sentence), key=len)
    if len(longest) > MOST_LETTERS:
        raise DocumentError.of("text", f"words of at most {MOST_LETTERS} letters", shown(longest))
    return held


def vocabulary(found: Sequence[Sequence[str]], size: int | None) -> list[str]:
    """The tokens by frequency, of equal ones the earlier first; then the unknown and the end."""
    counts = Counter(token for sentence in found for token in sentence)
    own = [token for token, _ in counts.most_common() if token not in (EOS, UNKNOWN)]
    return [*own[: None if size is None else max(size - 2, 0)], UNKNOWN, EOS]


def numbered(sentence: Sequence[str], words: Sequence[str]) -> list[int]:
    """The places of a sentence's tokens in the vocabulary, that of the end at the end.

    Raises:
        DocumentError: a token that the vocabulary lacks, where it has none for the unknown.
    """
    place = {word: number for number, word in enumerate(words)}
    unknown, end = place.pop(UNKNOWN, None), place.pop(EOS, None)
    numbers = []
    for token in sentence:
        number = place.get(token, unknown)
        if number is None:
            raise DocumentError.of("text", "tokens of the vocabulary", shown(token))
        numbers.append(number)
    return numbers if end is None else [*numbers, end]


def names(scene: Scene) -> list[str]:
    """What a model's outputs are called; raises `DocumentError` where nothing says it."""
    readout = scene.network.readout if isinstance(scene.network, Network) else None
    if readout is None or readout.activation != "softmax":
        raise DocumentError.of("network.readout", "a softmax readout, which foretells tokens",
                               "none" if readout is None else readout.activation)  # fmt: skip
    found = labelled(scene)
    if found is None:
        raise DocumentError.of("labels.outputs", "the names of the tokens", "nothing")
    return found


def labelled(scene: Scene) -> list[str] | None:
    """The labels of the outputs or features, or the vocabulary of a text; None without any."""
    labels = scene.labels
    if labels is not None and (found := labels.outputs or labels.features):
        return list(found)
    if scene.encoding is None:
        return None
    return [*scene.encoding.vocabulary, *[UNKNOWN] * scene.encoding.other]


def sample(
    scene: Scene | Plan, steps: int, *, temperature: float = 1.0, seed: int = 0,
    eos: int | str | None = None, limits: Limits | None = None,
    wanted: Callable[[], bool] = lambda: True,
) -> Sample:  # fmt: skip
    """What the scene's network writes by itself, from the scene's initial state.

    Args:
        temperature: 0 always takes the likeliest token.
        eos: the token that ends it, by number or name; None to go on through all steps.
        wanted: asked after every step; no longer being true ends it.

    Raises:
        DocumentError: a scene that cannot be run, a limit that is met, an unknown `eos`.
        EngineError: a network that cannot write; see `engine.sampling`.
    """
    bounds = limits or Limits()
    settled = scene if isinstance(scene, Plan) else plan(scene, bounds)
    _bound_sample(settled, steps, bounds)
    network = build.network(settled)
    sampling.check(network)
    end = _place(eos, settled.scene) if isinstance(eos, str) else eos
    return sampling.sample(
        network, steps, temperature=temperature, seed=seed, eos=end,
        initial=build.initial(settled), static=build.static(settled), wanted=wanted,
    )  # fmt: skip


def _scene(document: dict[str, Any], words: Sequence[str], sentence: Sequence[str]) -> Scene:
    tokens = numbered(sentence, words)
    read = [NOTHING, *(words[token] for token in tokens[:-1])]
    return reading.scene(
        {
            **document, "text": None, "encoding": None,
            "inputs": shifted(tokens, len(words)).tolist(), "targets": tokens,
            "loss": "cross_entropy",
            "labels": {"inputs": read, "features": list(words), "outputs": list(words)},
        }
    )  # fmt: skip


def _bound(limits: Limits, sentence: Sequence[str], width: int) -> None:
    """Judged before any row is made: a long sentence over many words is a lot of zeros."""
    steps = len(sentence) + 1
    _refuse(
        limits.exceeded("steps", "text", steps),
        limits.exceeded("units", "vocabulary_size", width),
        limits.exceeded("inputs", "vocabulary_size", width),
        limits.exceeded("values", "text", steps * width),
    )


def _bound_sample(settled: Plan, steps: int, limits: Limits) -> None:
    recorded = sum(layer.recorded() for layer in settled.layers) + 2 * settled.width
    parameters = sum(layer.parameters() for layer in settled.layers)
    _refuse(
        limits.exceeded("steps", "steps", steps),
        limits.exceeded("values", "steps", steps * (recorded + settled.width)),
        limits.exceeded("cost", "steps", steps * (parameters + settled.width)),
    )


def _refuse(*errors: FieldError | None) -> None:
    if mistakes := [error for error in errors if error is not None]:
        raise DocumentError(mistakes)


def _place(eos: str, scene: Scene) -> int:
    found = labelled(scene) or []
    if eos not in found:
        raise DocumentError.of("eos", "the number of a token, or a name of labels.outputs",
                               shown(eos))  # fmt: skip
    return found.index(eos)
