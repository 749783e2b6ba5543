"""A scene that stands somewhere: its steps taken, the vectors given to it, where it is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unrolled.engine.frames import Frame
from unrolled.engine.trace import Trace
from unrolled.scenes import reading
from unrolled.scenes.build import Array
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import edits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.messages import Step
from unrolled.scenes.plan import Plan, plan


class Player(ABC):
    """A checked scene, stepped; how its network takes steps is for the two kinds of player.

    `t` is the step shown, None before the first; `recorded` how many steps there are to go
    through again; `history` the most it may come to. `fed` is the field of the scene that has the
    rows of its steps, `prefix` the beginning of its layers' addresses.
    """

    fed = "inputs"
    prefix = ""

    def __init__(self, scene: Plan, limits: Limits, history: int) -> None:
        self.plan, self.limits, self.history = scene, limits, history
        self.t: int | None = None
        self.recorded = 0
        self._own: dict[int, list[float]] = {}

    @property
    def steps(self) -> int:
        """Steps there are: the scene's, and those taken past its end."""
        return max(self.plan.steps, self.recorded)

    @property
    @abstractmethod
    def width(self) -> int:
        """Numbers in the vector that a step takes."""

    @abstractmethod
    def work(self, t: int) -> int:
        """About how many nanoseconds it takes to come to step `t`."""

    @abstractmethod
    def frame(self) -> Frame:
        """What the step shows; only where `t` is not None."""

    @abstractmethod
    def states(self) -> Sequence[Mapping[str, Mapping[str, Array]]]:
        """The initial states by layer and direction."""

    @abstractmethod
    def input(self, t: int) -> Array:
        """The vector that step `t` took or takes."""

    @abstractmethod
    def gradients(self) -> Trace:
        """The trace of the steps so far with its gradients; raises `LiveError`."""

    def encoder(self) -> dict[str, Any] | None:
        """The whole run of an encoder, None where there is none."""
        return None

    @abstractmethod
    def _reach(self, t: int) -> None:
        """Take all steps up to `t` that are not taken yet."""

    @abstractmethod
    def _forget(self, steps: int) -> None:
        """Keep the first `steps` steps, drop what followed."""

    def _refusal(self) -> LiveError | None:
        """Why no vector of one's own can be taken, None where it can."""
        return None

    def step(self, vector: list[float] | None) -> None:
        """Take the next step; raises `LiveError`."""
        following = 0 if self.t is None else self.t + 1
        if vector is not None:
            self._take(following, vector)
        elif following >= self.steps:
            raise LiveError(
                "end", f"expected an input, the scene ends after {self.plan.steps} steps"
            )
        self._go(following)

    def back(self) -> None:
        """Go one step back; raises `LiveError`."""
        if self.t is None:
            raise LiveError("range", "expected a step to go back to, this is before the first")
        self.t = self.t - 1 if self.t else None

    def seek(self, t: int | None) -> None:
        """Go to a step; raises `LiveError`."""
        if t is not None and not 0 <= t < self.steps:
            raise LiveError("range", f"t: expected null or 0 to {self.steps - 1}, got {t}")
        self._go(t)

    def reset(self) -> None:
        """Before the first step again, vectors of one's own forgotten."""
        self.t, self.recorded, self._own = None, 0, {}
        self._forget(0)

    def edited(self, path: str, value: Any) -> Player:
        """The same place in the edited scene; this one stays. Raises `DocumentError`."""
        place = edits.parts(path)
        own = dict(self._own)
        made: Plan = self.plan
        if place[0] == self.fed and len(place) > 1 and place[1] in own:
            number = int(place[1])
            row = edits.put(own[number], place[2:], value, path)
            checked = reading.model(Step, {"type": "step", "input": row})
            own[number] = checked.input or []
        else:
            made = plan(reading.scene(edits.edited(self.plan, path, value)), self.limits)
        other = type(self)(made, self.limits, self.history)
        if any(len(row) != other.width for row in own.values()):
            raise DocumentError.of(path, f"rows of {self.width} numbers", "another")
        return self._placed(other, own)

    def moved(self, made: Plan) -> Player:
        """The same place in another scene of the same steps."""
        return self._placed(type(self)(made, self.limits, self.history), dict(self._own))

    def _placed(self, other: Player, own: dict[int, list[float]]) -> Player:
        other._own, other.recorded = own, self.recorded
        other._go(self.t)
        return other

    def _so_far(self) -> int:
        """How many steps are shown; raises `LiveError` before the first."""
        if self.t is None:
            raise LiveError("range", "expected a step, nothing has gone forward yet")
        return self.t + 1

    def _targets(self, steps: int) -> list[Any] | None:
        """The scene's targets for so many steps, none past its end."""
        targets = self.plan.scene.targets
        return None if targets is None else [*targets[:steps], *[None] * (steps - len(targets))]

    def _given(self, t: int) -> Array | None:
        """A vector of one's own."""
        own = self._own.get(t)
        return None if own is None else np.array(own, np.float64) + 0.0

    def _take(self, following: int, vector: list[float]) -> None:
        """Write a vector of one's own down as the next input; what followed is dropped."""
        if refusal := self._refusal():
            raise refusal
        if len(vector) != self.width:
            raise LiveError(
                "bad_message", f"input: expected {self.width} numbers, got {len(vector)}"
            )
        self._bound(following + 1)
        self._own = {t: row for t, row in self._own.items() if t < following}
        self._own[following] = vector
        self._forget(following)
        self.recorded = following + 1

    def _bound(self, steps: int) -> None:
        """Steps past the scene's end stay within what a session may hold."""
        if steps > max(self.history, self.plan.steps):
            limit = f"{self.history} steps (UNROLLED_LIVE_HISTORY)"
            raise LiveError("limit", f"input: expected at most {limit}, got one more")
        error = self.limits.exceeded("values", "input", steps * self._recorded())
        if error is not None:
            raise LiveError("limit", str(error), [error])

    def _recorded(self) -> int:
        """Numbers that one step records."""
        return sum(layer.recorded() for layer in self.plan.layers) + 2 * self.plan.width

    def _go(self, t: int | None) -> None:
        if t is not None:
            self._reach(t)
        self.t = t
        self.recorded = max(self.recorded, 0 if t is None else t + 1)
