"""The messages of a live session as models, and the JSON Schema that is made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import models_json_schema

from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.fields import Closed, Count, FirstOnly, Matrix, Number, Seed, Targets, Vector
from unrolled.scenes.live.errors import Code

Text = Annotated[str, StringConstraints(strict=True, max_length=200)]


class Open(Closed):
    """Open a scene document, or a lesson's first scene (`lesson/scene` for another)."""

    type: Literal["open"]
    scene: dict[str, Any] | None = None
    lesson: Text | None = None


class Step(Closed):
    """The next step: the scene's next input, the recorded one after `back`, or `input`."""

    type: Literal["step"]
    input: Vector | None = None


class Back(Closed):
    """One step back; nothing is forgotten."""

    type: Literal["back"]


class Seek(Closed):
    """Go to any step of the scene or of those taken; null is before the first."""

    type: Literal["seek"]
    t: Annotated[int, Field(strict=True)] | None


class Reset(Closed):
    """Before the first step, vectors of one's own forgotten; edits stay."""

    type: Literal["reset"]


class Edit(Closed):
    """Put a value in the place of another: a number, a row, a matrix, an option's name."""

    type: Literal["edit"]
    path: Text
    value: Any


class Gradients(Closed):
    """Every gradient of the steps so far."""

    type: Literal["gradients"]


class Example(Closed):
    """A sequence and what is wanted of it, in the terms of a scene."""

    inputs: Matrix
    targets: Targets


class Train(Closed):
    """Train the open scene; `progress` follows, and `trained` at the end.

    `optimiser` is a name or a name with options, `{"name": "adam", "beta1": 0.8}`; `batch` null
    takes all examples in every update, `truncate` null lets gradients reach back without end.
    """

    type: Literal["train"]
    examples: Annotated[list[Example], FirstOnly(), Field(min_length=1, max_length=10_000)]
    optimiser: Text | Annotated[dict[str, Text | Number], Field(max_length=8)] = "sgd"
    rate: Annotated[Number, Field(gt=0)] = 0.1
    updates: Count
    batch: Count | None = None
    clip: Annotated[dict[str, Number], Field(max_length=1)] | None = None
    truncate: Count | None = None
    seed: Seed = 0


class Pause(Closed):
    """Let the training rest after the update at hand; answered with its progress."""

    type: Literal["pause"]


class Resume(Closed):
    """Let the training go on; answered with its progress."""

    type: Literal["resume"]


class Stop(Closed):
    """End the training; answered with `trained`, with what was learned so far."""

    type: Literal["stop"]


Move = Step | Back | Seek | Reset
Client = Open | Move | Edit | Gradients | Train | Pause | Resume | Stop
CLIENT: tuple[type[Client], ...] = (
    Open, Step, Back, Seek, Reset, Edit, Gradients, Train, Pause, Resume, Stop,
)  # fmt: skip
_KINDS: dict[str, type[Client]] = {kind.__name__.lower(): kind for kind in CLIENT}


def read(message: object) -> Client:
    """The message that plain data is; raises `DocumentError`."""
    if not isinstance(message, dict):
        raise DocumentError.of("(message)", "an object", shown(message))
    name = message.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise DocumentError.of("type", "one of " + ", ".join(_KINDS), shown(name))
    return reading.model(kind, message)


class Answer(BaseModel):
    """What the server says; fields may be added."""

    model_config = ConfigDict(extra="allow", strict=True)


Out = Annotated[float, Field(allow_inf_nan=False)] | Literal["NaN", "Infinity", "-Infinity"]
"""A number; JSON has no sign for those that are not finite."""
Row = list[Out]
Rows = list[Row]
Index = Annotated[int, Field(ge=0)]


class Opened(Answer):
    """The scene is open and stands before its first step."""

    type: Literal["opened"]
    steps: Index
    network: dict[str, Any]


class FrameDirection(Answer):
    """Where one direction stands in the sequence, and the values of its cell there.

    Before the first step `position` is null, `values` is empty and `initial` has the states.
    """

    direction: Literal["forward", "backward"]
    position: Index | None
    values: dict[str, Row]
    initial: dict[str, Row] | None = None


class FrameLayer(Answer):
    """One layer, a direction after the other."""

    directions: list[FrameDirection]


class FrameReadout(Answer):
    """The readout's z and y of the row `t`."""

    values: dict[str, Row]


class Reached(Answer):
    """A row of outputs known since this step."""

    position: Index
    output: Row


class Frame(Answer):
    """One step: every named value, and the answer where there is one."""

    type: Literal["frame"]
    t: Index | None
    layers: list[FrameLayer]
    readout: FrameReadout | None
    output: Row | None
    outputs: list[Reached]
    input: Row | None


class GradientsAnswer(Answer):
    """A trace of the steps so far, gradients included, without an id."""

    type: Literal["gradients"]
    t: Index
    steps: Index
    layers: list[dict[str, Any]]
    readout: dict[str, Any] | None
    outputs: Rows
    loss: dict[str, Any] | None
    input_gradients: Rows


class Progress(Answer):
    """The last update of a training, counted from 1: the loss before it, the norm of its gradient
    before and after clipping. Before the first update these are null."""

    type: Literal["progress"]
    update: Index
    loss: Out | None
    gradient_norm: Out | None
    clipped_norm: Out | None
    state: Literal["running", "paused"]


class Trained(Answer):
    """The end of a training: the scene with the weights learned, which is open from now on."""

    type: Literal["trained"]
    scene: dict[str, Any]
    updates: Index
    stopped: Literal["updates", "stop", "non_finite"]


class Mistake(Answer):
    """One wrong field of a document or a message."""

    field: str
    expected: str
    got: str


class Error(Answer):
    """A refusal; the session goes on from where it was."""

    type: Literal["error"]
    code: Code
    detail: str
    errors: list[Mistake] | None = None


SERVER: tuple[type[Answer], ...] = (Opened, Frame, GradientsAnswer, Progress, Trained, Error)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of every message, those of either side under `$defs`."""
    models: list[type[BaseModel]] = [*CLIENT, *SERVER]
    _, held = models_json_schema([(model, "validation") for model in models])
    defs = held["$defs"]
    sides: dict[str, tuple[type[BaseModel], ...]] = {"Client": CLIENT, "Server": SERVER}
    for side, kinds in sides.items():
        defs[side] = {"oneOf": [{"$ref": f"#/$defs/{kind.__name__}"} for kind in kinds]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of /api/v1/live",
        "anyOf": [{"$ref": "#/$defs/Client"}, {"$ref": "#/$defs/Server"}],
        "$defs": defs,
    }
