"""What a room says, as models: nothing is made of them but the schema, and the tests' judgement."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from unrolled.rooms import messages
from unrolled.rooms.errors import Code

Index = Annotated[int, Field(ge=0)]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Out = Finite | Literal["NaN", "Infinity", "-Infinity"]


class Answer(BaseModel):
    """A message of the server's; fields may be added."""

    model_config = ConfigDict(extra="allow", strict=True)


class Cursor(Answer):
    """Where the class stands; t counts from 0, null before the first step."""

    pass_: Literal["forward", "backward"] = Field(alias="pass")
    t: Index | None
    node: str | None = None


class State(Answer):
    """The page's whole state."""

    scene: str | dict[str, Any]
    cursor: Cursor
    view: dict[str, Any]


class Controls(Answer):
    """What the lecturer does to the class; `gather` counts the calls to come back."""

    locked: bool
    blank: bool
    gather: Index


class StateAnswer(Answer):
    """The whole state as it is now."""

    type: Literal["state"]
    rev: Index
    state: State
    controls: Controls


class Asked(Answer):
    """A question, and nothing of its answer."""

    id: Index
    question: str
    choices: list[str] | None
    address: str | None
    t: Index | None


class Poll(Asked):
    """A poll that takes votes."""

    type: Literal["poll"]


class PollLocked(Asked):
    """A poll that takes no more votes."""

    type: Literal["poll.locked"]


class Bar(Answer):
    """So many gave this answer."""

    value: Finite
    votes: Index


class PollResult(Asked):
    """What the votes came to."""

    type: Literal["poll.result"]
    votes: Index
    histogram: list[Bar]
    others: Index
    answer: Out | None
    correct: Index | None


class PollClosed(Answer):
    """There is no poll any more."""

    type: Literal["poll.closed"]


class Welcome(Answer):
    """The answer to a hello: all that a newcomer needs. `poll` has `vote`, and `votes` for the
    presenter, besides."""

    type: Literal["welcome"]
    role: Literal["viewer", "presenter"]
    rev: Index
    state: State
    controls: Controls
    viewers: Index
    viewer: str
    offline: bool
    poll: Poll | PollLocked | PollResult | None


class Viewers(Answer):
    """So many are here; to the presenter."""

    type: Literal["viewers"]
    viewers: Index


class PollCount(Answer):
    """So many have voted; to the presenter."""

    type: Literal["poll.count"]
    id: Index
    votes: Index


class PollVoted(Answer):
    """This viewer's vote was taken."""

    type: Literal["poll.voted"]
    id: Index
    value: Finite


class Demoted(Answer):
    """Another device presents now."""

    type: Literal["demoted"]


class Offline(Answer):
    """The broker cannot be reached."""

    type: Literal["offline"]


class Online(Answer):
    """The broker can be reached again."""

    type: Literal["online"]


class Ended(Answer):
    """The room is closed."""

    type: Literal["end"]


class Error(Answer):
    """A message that could not be followed; the room goes on."""

    type: Literal["error"]
    code: Code
    detail: str


SERVER: tuple[type[Answer], ...] = (
    Welcome, StateAnswer, Poll, PollLocked, PollResult, PollClosed, PollVoted, Viewers, PollCount,
    Demoted, Offline, Online, Ended, Error,
)  # fmt: skip


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of every message, those of either side under `$defs`."""
    sides: dict[str, tuple[type[BaseModel], ...]] = {"Client": messages.CLIENT, "Server": SERVER}
    models = [(model, "validation") for kinds in sides.values() for model in kinds]
    references, held = models_json_schema(models)  # type: ignore[arg-type]
    defs = held["$defs"]
    for side, kinds in sides.items():
        defs[side] = {"oneOf": [references[kind, "validation"] for kind in kinds]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages of /api/v1/rooms/CODE",
        "anyOf": [{"$ref": "#/$defs/Client"}, {"$ref": "#/$defs/Server"}],
        "$defs": defs,
    }
