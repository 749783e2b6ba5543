"""The form of a scene: what fields there are and of which type. Meaning is `plan.py`'s.

The models follow the project's scene document, version 1. They are strict (`true` is no number,
`"3"` neither), closed (an unknown field is an error) and frozen.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from unrolled.scenes.fields import (
    Closed,
    Count,
    FirstOnly,
    Line,
    Matrix,
    Name,
    Seed,
    Targets,
    Vector,
    Weights,
    few,
)

Merge = Literal["concat", "sum"]
Loss = Literal["squared_error", "cross_entropy", "binary_cross_entropy"]
Activation = Literal["identity", "tanh", "sigmoid", "softmax"]


class InlineCell(Closed):
    """A cell written into the scene, in the terms of a cell file."""

    id: Name
    state: Annotated[list[Name], FirstOnly(), Field(max_length=16)]
    output: Name
    equations: Annotated[str, StringConstraints(max_length=10_000)]
    options: Annotated[
        dict[Name, Annotated[list[Name], FirstOnly(), Field(min_length=1, max_length=32)]],
        few(16),
    ] = Field(default_factory=dict)
    sizes: Annotated[dict[Name, Name], few(16)] = Field(default_factory=dict)


def _cell_kind(value: Any) -> str:
    return "<cell>" if isinstance(value, dict | InlineCell) else "<id>"


CellReference = Annotated[
    Annotated[Name, Tag("<id>")] | Annotated[InlineCell, Tag("<cell>")],
    Discriminator(_cell_kind),
]


class Layer(Closed, extra="allow"):
    """One layer. Fields besides the declared ones are sizes that its cell asks for."""

    cell: CellReference
    units: Count
    direction: Literal["forward", "backward", "bidirectional"] = "forward"
    merge: Merge | None = None
    options: Annotated[dict[Name, Name], few(16)] = Field(default_factory=dict)
    weights: Weights = Field(default_factory=dict)
    backward_weights: Weights = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _fill_merge(cls, data: Any) -> Any:
        if (
            isinstance(data, dict)
            and data.get("direction") == "bidirectional"
            and data.get("merge") is None
        ):
            return {**data, "merge": "concat"}
        return data

    @property
    def sizes(self) -> dict[str, Any]:
        """The fields that are not declared: sizes of the cell, by name, as they were given."""
        return dict(self.model_extra or {})


Layers = Annotated[list[Layer], FirstOnly(), Field(min_length=1)]


class Readout(Closed):
    """z = V·h + b, y = activation(z)."""

    outputs: Count
    activation: Activation = "identity"
    weights: Weights = Field(default_factory=dict)


class Network(Closed):
    """Layers over one sequence, and what becomes of their outputs."""

    layers: Layers
    readout: Readout | None = None
    shape: Literal["many-to-many", "many-to-one", "one-to-many", "one-to-one"] = "many-to-many"
    pool: Literal["last", "mean"] | None = None
    steps: Count | None = None
    repeat: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_shape(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        shape = data.get("shape")
        if shape == "many-to-one" and data.get("pool") is None:
            return {**data, "pool": "last"}
        if shape == "one-to-many" and data.get("repeat") is None:
            return {**data, "repeat": False}
        return data


class Encoder(Closed):
    """The reading half of an encoder–decoder."""

    layers: Layers


class Decoder(Closed):
    """The writing half of an encoder–decoder."""

    layers: Layers
    readout: Readout | None = None


class Attention(Closed):
    """How the decoder looks back at the encoder; `size` is that of the additive form's v_a."""

    kind: Literal["dot", "general", "additive"]
    size: Count | None = None
    weights: Weights = Field(default_factory=dict)


def _named(schema: dict[str, Any]) -> None:
    """A kind of attention alone is taken too."""
    schema["anyOf"].insert(0, {"type": "string", "enum": ["dot", "general", "additive"]})


class EncoderDecoder(Closed):
    """Two stacks of layers: one reads `inputs`, the other writes."""

    shape: Literal["encoder-decoder"] = "encoder-decoder"
    encoder: Encoder
    decoder: Decoder
    attention: Attention | None = Field(default=None, json_schema_extra=_named)
    feedback: Literal["greedy"] | None = None
    steps: Count | None = None

    @model_validator(mode="before")
    @classmethod
    def _attention_by_name(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("attention"), str):
            return {**data, "attention": {"kind": data["attention"]}}
        return data

    @property
    def pool(self) -> None:
        """Every step of the decoder has an answer."""

    @property
    def repeat(self) -> None:
        """No input is repeated."""


def _network_kind(value: Any) -> str:
    if isinstance(value, dict):
        two = value.get("shape") == "encoder-decoder" or "encoder" in value
    else:
        two = isinstance(value, EncoderDecoder)
    return "<encoder-decoder>" if two else "<layers>"


AnyNetwork = Annotated[
    Annotated[Network, Tag("<layers>")] | Annotated[EncoderDecoder, Tag("<encoder-decoder>")],
    Discriminator(_network_kind),
]

Words = Annotated[list[Line], FirstOnly()]


class Labels(Closed):
    """Words for the reader: they change nothing in the numbers."""

    inputs: Words | None = None
    features: Words | None = None
    outputs: Words | None = None


class Encoding(Closed):
    """How `text` becomes input rows; `other` is one more entry for what is not in the list."""

    kind: Literal["word", "char", "trigram"]
    vocabulary: Annotated[list[Line], FirstOnly(), Field(min_length=1)]
    other: bool = False


States = Annotated[dict[Name, Vector], few(16)]


def _state_kind(value: Any) -> str:
    return "<backward>" if isinstance(value, dict) else "<state>"


StartingState = Annotated[
    dict[
        Name,
        Annotated[
            Annotated[Vector, Tag("<state>")] | Annotated[States, Tag("<backward>")],
            Discriminator(_state_kind),
        ],
    ],
    few(17),
]
"""Initial states of one layer by name; those of its backward direction under "backward"."""


def _beside(schema: dict[str, Any]) -> None:
    """What `_feedback_into_network` takes here as well."""
    schema["properties"] |= {
        "feedback": {"type": "string", "enum": ["greedy"], "description": "as `network.feedback`"},
        "steps": {"type": "integer", "minimum": 1, "description": "as `network.steps`"},
    }


class Scene(Closed, json_schema_extra=_beside):
    """A network, its weights, and the sequence that runs through it."""

    version: Annotated[int, Field(ge=1, le=1)]
    title: Line | None = None
    network: AnyNetwork
    inputs: Matrix | None = None
    decoder_inputs: Matrix | None = None
    static: Vector | None = None
    initial: Annotated[list[StartingState], FirstOnly()] | None = None
    targets: Targets | None = None
    loss: Loss | None = None
    seed: Seed = 0
    labels: Labels | None = None
    text: Annotated[str, StringConstraints(max_length=100_000)] | None = None
    encoding: Encoding | None = None

    @model_validator(mode="before")
    @classmethod
    def _feedback_into_network(cls, data: Any) -> Any:
        """`feedback` and its `steps` may stand beside `decoder_inputs`; their home is `network`."""
        if not isinstance(data, dict) or not isinstance(data.get("network"), dict):
            return data
        moved = {key: data[key] for key in ("feedback", "steps") if key in data}
        if not moved or "encoder" not in data["network"]:
            return data
        rest = {key: value for key, value in data.items() if key not in moved}
        return {**rest, "network": {**moved, **data["network"]}}
