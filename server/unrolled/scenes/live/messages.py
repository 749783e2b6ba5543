"""The messages of a live session as models, and the JSON Schema that is made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, shown
from unrolled.scenes.fields import Closed, Vector
from unrolled.scenes.live.errors import Code
from unrolled.scenes.live.forms import Answer, Index, Row, Rows, Text
from unrolled.scenes.live.train_messages import (
    Direct,
    Pause,
    Progress,
    Resume,
    Stop,
    Train,
    Trained,
    Update,
    Weights,
    WeightsAnswer,
)


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


Move = Step | Back | Seek | Reset
Stepping = Open | Move | Edit | Gradients
Client = Stepping | Train | Direct
CLIENT: tuple[type[Client], ...] = (
    Open, Step, Back, Seek, Reset, Edit, Gradients, Train, Pause, Resume, Update, Weights, Stop,
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


class EncoderDirection(Answer):
    """One direction of an encoder's layer: a row for each of its steps."""

    direction: Literal["forward", "backward"]
    values: dict[str, Rows]
    initial: dict[str, Row]


class EncoderLayer(Answer):
    """One layer of the encoder, `layer` its address."""

    layer: str
    directions: list[EncoderDirection]


class EncoderRun(Answer):
    """The whole run of an encoder."""

    steps: Index
    layers: list[EncoderLayer]


class Opened(Answer):
    """The scene is open and stands before its first step."""

    type: Literal["opened"]
    steps: Index
    network: dict[str, Any]
    encoder: EncoderRun | None = None


class FrameDirection(Answer):
    """Where one direction stands in the sequence, and the values of its cell there.

    Before the first step `position` is null, `values` is empty and `initial` has the states.
    """

    direction: Literal["forward", "backward"]
    position: Index | None
    values: dict[str, Row]
    initial: dict[str, Row] | None = None


class FrameLayer(Answer):
    """One layer, a direction after the other; of a decoder `layer` is its address."""

    layer: str | None = None
    directions: list[FrameDirection]


class FrameReadout(Answer):
    """The readout's z and y of the row `t`."""

    values: dict[str, Row]


class FrameAttention(Answer):
    """Attention's scores, alpha and context at the step."""

    values: dict[str, Row]


class Reached(Answer):
    """A row of outputs known since this step."""

    position: Index
    output: Row


class Frame(Answer):
    """One step: every named value, and the answer where there is one.

    `encoder` answers an edit, which may have changed its whole run.
    """

    type: Literal["frame"]
    t: Index | None
    layers: list[FrameLayer]
    attention: FrameAttention | None = None
    encoder: EncoderRun | None = None
    readout: FrameReadout | None
    output: Row | None
    outputs: list[Reached]
    input: Row | None


class GradientsAnswer(Answer):
    """A trace of the steps so far, gradients included, without an id.

    An encoder–decoder has `encoder`, `decoder` and `attention` in place of `layers`.
    """

    type: Literal["gradients"]
    t: Index
    steps: Index
    layers: list[dict[str, Any]] | None = None
    encoder: dict[str, Any] | None = None
    decoder: dict[str, Any] | None = None
    attention: dict[str, Any] | None = None
    readout: dict[str, Any] | None
    outputs: Rows
    loss: dict[str, Any] | None
    input_gradients: Rows


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


SERVER: tuple[type[Answer], ...] = (
    Opened, Frame, GradientsAnswer, Progress, WeightsAnswer, Trained, Error,
)  # fmt: skip


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
