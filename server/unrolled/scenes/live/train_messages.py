"""The messages of a training on a live socket, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from unrolled.scenes.fields import Closed, Count, FirstOnly, Matrix, Number, Seed, Targets, Vector
from unrolled.scenes.live.forms import Answer, Index, Out, Text

Token = Annotated[int, Field(strict=True, ge=0, lt=2**31)]


class Example(Closed):
    """A sequence and what is wanted of it, in the terms of a scene.

    Without `decoder_inputs` a decoder is fed zeros and then each target before; `static` is the
    example's own vector, that of the scene without.
    """

    inputs: Matrix
    targets: Targets
    decoder_inputs: Matrix | None = None
    static: Vector | None = None


class Sentence(Closed):
    """An example of a language model: tokens by number, the end of the sentence last."""

    tokens: Annotated[list[Token], FirstOnly(), Field(min_length=1)]


def _example_kind(value: Any) -> str:
    tokens = "tokens" in value if isinstance(value, dict) else isinstance(value, Sentence)
    return "<tokens>" if tokens else "<rows>"


AnyExample = Annotated[
    Annotated[Example, Tag("<rows>")] | Annotated[Sentence, Tag("<tokens>")],
    Discriminator(_example_kind),
]
OptimiserChoice = Text | Annotated[dict[str, Text | Number], Field(max_length=8)]
Rate = Annotated[Number, Field(gt=0)]
ClipChoice = Annotated[dict[str, Number], Field(max_length=1)] | None


class CheckpointSettings(Closed):
    """How a training was set up."""

    optimiser: OptimiserChoice
    rate: Rate
    batch: Count | None
    clip: ClipChoice
    truncate: Count | None
    seed: Seed
    loss: Text


class Checkpoint(Closed):
    """All that a training needs to go on exactly: settings, updates made, the mark of its
    examples, parameters and the optimiser's memory by address."""

    version: int
    settings: CheckpointSettings
    updates: Annotated[int, Field(strict=True, ge=0)]
    examples: Text
    parameters: dict[Text, Any]
    slots: dict[Text, dict[Text, Any]]


class Train(Closed):
    """Train the open scene; `progress` follows, and `trained` at the end.

    `optimiser` is a name or a name with options, `{"name": "adam", "beta1": 0.8}`; `batch` null
    takes all examples in every update, `truncate` null lets gradients reach back without end.
    `resume` goes on from a checkpoint, whose settings hold where none are given; `updates` counts
    from the training's beginning. With `paused` the first update waits; with `checkpoint`,
    `trained` has one.
    """

    type: Literal["train"]
    examples: Annotated[list[AnyExample], FirstOnly(), Field(min_length=1, max_length=10_000)]
    optimiser: OptimiserChoice = "sgd"
    rate: Rate = 0.1
    updates: Count
    batch: Count | None = None
    clip: ClipChoice = None
    truncate: Count | None = None
    seed: Seed = 0
    resume: Checkpoint | None = None
    paused: bool = False
    checkpoint: bool = False


class Pause(Closed):
    """Let the training rest after the update at hand; answered with its progress."""

    type: Literal["pause"]


class Resume(Closed):
    """Let the training go on; answered with its progress."""

    type: Literal["resume"]


class Update(Closed):
    """One update of a training that rests; answered with its progress."""

    type: Literal["update"]


class Weights(Closed):
    """The scene with the weights learned so far, and the training's checkpoint where wanted."""

    type: Literal["weights"]
    checkpoint: bool = False


class Stop(Closed):
    """End the training; answered with `trained`, with what was learned so far."""

    type: Literal["stop"]


Direct = Pause | Resume | Update | Weights | Stop
"""What a training follows."""


class Progress(Answer):
    """The last update of a training, counted from 1: the loss before it, the norm of its gradient
    before and after clipping. Before the first update these are null."""

    type: Literal["progress"]
    update: Index
    loss: Out | None
    gradient_norm: Out | None
    clipped_norm: Out | None
    state: Literal["running", "paused"]


class WeightsAnswer(Answer):
    """What was learned after so many updates."""

    type: Literal["weights"]
    update: Index
    scene: dict[str, Any]
    checkpoint: dict[str, Any] | None = None


class Trained(Answer):
    """The end of a training: the scene with the weights learned, which is open from now on."""

    type: Literal["trained"]
    scene: dict[str, Any]
    updates: Index
    stopped: Literal["updates", "stop", "non_finite"]
    checkpoint: dict[str, Any] | None = None
