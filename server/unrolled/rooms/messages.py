"""The messages that clients send to a room, as models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Secret = Annotated[str, StringConstraints(strict=True, max_length=200)]
Question = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=500)
]
Choice = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=160)
]
Address = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
Step = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Vote = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)] | Number


class Message(BaseModel):
    """A message: no field but the declared ones, types taken as they are."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Hello(Message):
    """The first message of a socket; with a token the presenter's."""

    type: Literal["hello"]
    token: Secret | None = None
    viewer: Secret | None = None
    rev: Annotated[int, Field(strict=True)] | None = None
    takeover: bool = False


class Set(Message):
    """Change the state by a merge patch."""

    type: Literal["set"]
    state: dict[str, Any]


class Control(Message):
    """Keep everybody with the lecturer, or turn their screens dark."""

    type: Literal["control"]
    locked: bool | None = None
    blank: bool | None = None


class Gather(Message):
    """Bring everybody back who went ahead."""

    type: Literal["gather"]


class Asked(Message):
    """A question: choices, or a number; its answer given, or bound to a value of the scene."""

    question: Question
    choices: Annotated[list[Choice], Field(min_length=2, max_length=10)] | None = None
    address: Address | None = None
    t: Step | None = None
    answer: Vote | None = None
    tolerance: Annotated[Number, Field(ge=0)] = 0.01

    @model_validator(mode="after")
    def _one_answer(self) -> Asked:
        if (self.address is None) != (self.t is None):
            raise _wrong("address and t together", "one of them")
        if self.address is not None and (self.choices or self.answer is not None):
            raise _wrong("address and t, or choices, or an answer", "several of them")
        if self.choices and self.answer is not None and self.answer not in range(len(self.choices)):
            raise _wrong("the index of a choice as the answer", "another number")
        return self


class PollOpen(Message):
    """Ask; whatever poll was there before is over."""

    type: Literal["poll.open"]
    poll: Asked


class PollLock(Message):
    """Take no more votes."""

    type: Literal["poll.lock"]


class PollReveal(Message):
    """Show the result."""

    type: Literal["poll.reveal"]


class PollAgain(Message):
    """Ask the same once more, with no votes yet."""

    type: Literal["poll.again"]


class PollClose(Message):
    """Take the poll off the screens."""

    type: Literal["poll.close"]


class PollVote(Message):
    """A viewer's vote; the last one before the lock counts."""

    type: Literal["poll.vote"]
    value: Vote


class End(Message):
    """Close the room for all."""

    type: Literal["end"]


Change = Set | Control | Gather | PollOpen | PollLock | PollReveal | PollAgain | PollClose | End
"""What the presenter alone may send."""
Client = Hello | Change | PollVote
CLIENT: tuple[type[Client], ...] = (
    Hello, Set, Control, Gather, PollOpen, PollLock, PollReveal, PollAgain, PollClose, PollVote,
    End,
)  # fmt: skip


def name(kind: type[BaseModel]) -> str:
    """The `type` by which a message is known."""
    value: str = kind.model_fields["type"].annotation.__args__[0]  # type: ignore[union-attr]
    return value


BY_NAME: dict[str, type[Client]] = {name(kind): kind for kind in CLIENT}


def _wrong(expected: str, got: str) -> PydanticCustomError:
    return PydanticCustomError("poll", "poll", {"expected": expected, "got": got})
