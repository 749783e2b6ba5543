"""A live session: a message in, an answer out. Knows no socket, no clock, no event loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from unrolled.engine.errors import EngineError
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages, wire
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.player import Player
from unrolled.scenes.live.players import player as player_of
from unrolled.scenes.live.train_messages import (
    Direct,
    Pause,
    Resume,
    Stop,
    Train,
    Update,
    Weights,
)
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

SMALL_NANOSECONDS = 1_000_000
"""Work up to this is done where the message is read; more would keep other sessions waiting."""

MOST_ORDERS = 100
"""Messages for a training that may wait until it comes to them."""

Document = dict[str, Any]
Answer = Document


@dataclass(frozen=True, slots=True)
class Order:
    """A message for the training; with `train` the scene to be trained."""

    message: Document
    scene: Document | None = None


class Session:
    """What one socket has open.

    `training` says whether a training goes on; `orders` is what it was asked and has not followed.

    `lesson` finds the scene of a lesson's name, None where there is none; `history` is how many
    steps a session may take past its scene's end.
    """

    def __init__(
        self, limits: Limits, lesson: Callable[[str], Scene | None], history: int = 10_000
    ) -> None:
        self._limits, self._lesson, self._history = limits, lesson, history
        self._player: Player | None = None
        self.training = False
        self.orders: deque[Order] = deque()

    def answer(self, message: object) -> Answer | None:
        """The answer to a message, as plain data with arrays in it.

        Where it is an error the session is as it was before. None where it is for the training:
        it then stands in `orders`, and the training answers.
        """
        try:
            read = messages.read(message)
            if isinstance(read, Train | Pause | Resume | Update | Weights | Stop):
                self._order(read, cast(Document, message))
                return None
            return self._follow(read)
        except LiveError as error:
            return error.document()
        except DocumentError as error:
            return LiveError.of("bad_message", error).document()
        except MemoryError:
            return LiveError("too_large", "there is not enough memory for this").document()

    def small(self, message: object) -> bool:
        """Whether the answer takes about a millisecond or less."""
        kind = message.get("type") if isinstance(message, dict) else None
        player = self._player
        if kind in ("open", "edit", "gradients", "train"):
            return False
        if player is None or not isinstance(message, dict):
            return True
        t = -1 if player.t is None else player.t
        if kind == "seek":
            wanted = message.get("t")
            t = min(wanted, player.steps) if isinstance(wanted, int) else -1
        elif kind == "step":
            t += 1
        return player.work(t) <= SMALL_NANOSECONDS

    def trained(self, answer: Answer) -> None:
        """The training has ended with this answer: its scene is the open one from here on."""
        assert self._player is not None
        self._player = self._player.moved(plan(reading.scene(answer["scene"]), self._limits))

    def untrained(self) -> list[Answer]:
        """The training has ended, or never began; the answers to what it can follow no more."""
        late = [str(order.message["type"]) for order in self.orders]
        self.training = False
        self.orders.clear()
        # The end itself is what answers `stop`, whatever it came from.
        return [_not_training(kind).document() for kind in late if kind not in ("train", "stop")]

    def _follow(self, message: messages.Stepping) -> Answer:
        if isinstance(message, messages.Open | messages.Edit):
            self._refuse_in_training(message.type)
        if isinstance(message, messages.Open):
            return self._open(message)
        player = self._opened()
        if isinstance(message, messages.Gradients):
            return _gradients(player)
        if isinstance(message, messages.Edit):
            self._player = player = _edited(player, message)
            return {**wire.frame(player), **wire.encoder(player)}
        _move(player, message)
        return wire.frame(player)

    def _order(self, message: Train | Direct, document: Document) -> None:
        """Something for the training; the first order of one is `train`, with the open scene."""
        if isinstance(message, Train):
            self._refuse_in_training(message.type)
            scene = self._opened().plan.scene.model_dump(mode="json")
            self.training = True
            self.orders.append(Order(document, scene))
        elif self.training:
            if len(self.orders) >= MOST_ORDERS:
                raise LiveError("busy", f"expected at most {MOST_ORDERS} messages that wait")
            self.orders.append(Order(document))
        else:
            raise _not_training(message.type)

    def _refuse_in_training(self, kind: str) -> None:
        if self.training:
            raise LiveError("training", f"expected stop before {kind}, a training goes on")

    def _opened(self) -> Player:
        if self._player is None:
            raise LiveError("not_open", "expected open with a scene or a lesson first")
        return self._player

    def _open(self, message: messages.Open) -> Answer:
        try:
            scene = self._scene(message)
            player = player_of(plan(scene, self._limits), self._limits, self._history)
            answer = wire.opened(player)
        except DocumentError as error:
            raise LiveError.of("bad_scene", error) from None
        except EngineError as error:
            raise _engine("bad_scene", error) from None
        self._player = player
        return answer

    def _scene(self, message: messages.Open) -> Scene:
        if (message.scene is None) == (message.lesson is None):
            got = "both" if message.scene is not None else "nothing"
            raise LiveError("bad_message", f"scene: expected a scene or a lesson, got {got}")
        if message.lesson is None:
            return reading.scene(message.scene)
        found = self._lesson(message.lesson)
        if found is None:
            raise DocumentError.of("lesson", "the id of a lesson", shown(message.lesson))
        return found


def _move(player: Player, message: messages.Move) -> None:
    match message:
        case messages.Step():
            player.step(message.input)
        case messages.Back():
            player.back()
        case messages.Seek():
            player.seek(message.t)
        case messages.Reset():
            player.reset()


def _edited(player: Player, message: messages.Edit) -> Player:
    try:
        return player.edited(message.path, message.value)
    except DocumentError as error:
        raise LiveError.of("bad_edit", error) from None
    except EngineError as error:
        raise _engine("bad_edit", error) from None


def _gradients(player: Player) -> Answer:
    try:
        return {"type": "gradients", "t": player.t, **player.gradients().document()}
    except EngineError as error:
        raise _engine("bad_scene", error) from None


def _engine(code: Any, error: EngineError) -> LiveError:
    return LiveError(code, str(error), [FieldError(error.field, error.expected, error.got)])


def _not_training(kind: str) -> LiveError:
    return LiveError("not_training", f"expected train before {kind}")
