"""A live session: a message in, an answer out. Knows no socket, no clock, no event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from unrolled.engine.errors import EngineError
from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError, FieldError, shown
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import messages, wire
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.player import Player
from unrolled.scenes.live.training import LiveTraining
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

SMALL_NANOSECONDS = 1_000_000
"""Work up to this is done where the message is read; more would keep other sessions waiting."""

Answer = dict[str, Any]


class Session:
    """What one socket has open.

    `lesson` finds the scene of a lesson's name, None where there is none; `history` is how many
    steps a session may take past its scene's end.
    """

    def __init__(
        self, limits: Limits, lesson: Callable[[str], Scene | None], history: int = 10_000
    ) -> None:
        self._limits, self._lesson, self._history = limits, lesson, history
        self._player: Player | None = None
        self.training: LiveTraining | None = None

    def answer(self, message: object) -> Answer | None:
        """The answer to a message, as plain data with arrays in it.

        Where it is an error the session is as it was before. None where a training began or was
        stopped: its own answers follow, see `trained`.
        """
        try:
            return self._follow(messages.read(message))
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

    def trained(self) -> Answer:
        """The end of the training: its scene is the open one from here on."""
        training, player = self.training, self._player
        assert training is not None
        assert player is not None
        document, self.training = training.scene(), None
        self._player = player.moved(plan(reading.scene(document), self._limits))
        updates = training.progress()["update"]
        return {"type": "trained", "scene": document, "updates": updates,
                "stopped": training.ended}  # fmt: skip

    def _follow(self, message: messages.Client) -> Answer | None:
        alone = isinstance(message, messages.Open | messages.Edit | messages.Train)
        if alone and self.training is not None:
            raise LiveError("training", f"expected stop before {message.type}, a training goes on")
        if isinstance(message, messages.Open):
            return self._open(message)
        if isinstance(message, messages.Pause | messages.Resume | messages.Stop):
            return self._direct(message)
        if self._player is None:
            raise LiveError("not_open", "expected open with a scene or a lesson first")
        if isinstance(message, messages.Train):
            self.training = LiveTraining(self._player.plan, message, self._limits)
            return None
        if isinstance(message, messages.Gradients):
            return _gradients(self._player)
        if isinstance(message, messages.Edit):
            self._player = _edited(self._player, message)
        else:
            _move(self._player, message)
        return wire.frame(self._player)

    def _direct(self, message: messages.Pause | messages.Resume | messages.Stop) -> Answer | None:
        training = self.training
        if training is None:
            raise LiveError("not_training", f"expected train before {message.type}")
        if isinstance(message, messages.Stop):
            training.stop()
            return None
        if isinstance(message, messages.Pause):
            training.pause()
        else:
            training.resume()
        return training.progress()

    def _open(self, message: messages.Open) -> Answer:
        try:
            scene = self._scene(message)
            player = Player(plan(scene, self._limits), self._limits, self._history)
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
