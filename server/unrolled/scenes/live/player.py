"""A scene that stands somewhere: its steps taken, the vectors given to it, where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from unrolled.engine import trace as engine
from unrolled.engine.frames import Frame
from unrolled.engine.layers import States
from unrolled.engine.stepper import Stepper, forward_only
from unrolled.engine.trace import Trace
from unrolled.engine.whole import WholeSequence
from unrolled.scenes import build, reading
from unrolled.scenes.build import Array
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.live import edits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.messages import Step
from unrolled.scenes.plan import Plan, plan

CELL_NANOSECONDS = 25_000
"""About what one step of a small cell takes; a multiplication takes about one."""


class Player:
    """A checked scene, stepped.

    `t` is the step shown, None before the first; `recorded` how many steps there are to go
    through again; `history` the most it may come to.
    """

    def __init__(self, scene: Plan, limits: Limits, history: int) -> None:
        self.plan, self.limits, self.history = scene, limits, history
        self.t: int | None = None
        self.recorded = 0
        self._own: dict[int, list[float]] = {}
        self._network = build.network(scene)
        self._inputs = build.inputs(scene)
        self._initial: list[States] = list(build.initial(scene))
        self._static = build.static(scene)
        self._whole: WholeSequence | None = None
        self._stepper = (
            Stepper(self._network, self._initial, self._static)
            if forward_only(self._network)
            else None
        )

    @property
    def steps(self) -> int:
        """Steps there are: the scene's, and those taken past its end."""
        return max(self.plan.steps, self.recorded)

    def nanoseconds(self, steps: int) -> int:
        """About how long so many steps take."""
        cells = sum(len(layer.directions) for layer in self.plan.layers) + 1
        parameters = sum(layer.parameters() for layer in self.plan.layers)
        return steps * (cells * CELL_NANOSECONDS + parameters)

    def work(self, t: int) -> int:
        """About how long it takes to come to step `t`."""
        if self._stepper is not None:
            return self.nanoseconds(max(0, t + 1 - self._stepper.steps))
        return 0 if self._whole is not None else self.nanoseconds(self.plan.steps)

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
        if self._stepper is not None:
            self._stepper.forget()

    def edited(self, path: str, value: Any) -> Player:
        """The same place in the edited scene; this one stays. Raises `DocumentError`."""
        place = edits.parts(path)
        own = dict(self._own)
        made: Plan = self.plan
        if place[0] == "inputs" and len(place) > 1 and place[1] in own:
            number = int(place[1])
            row = edits.put(own[number], place[2:], value, path)
            checked = reading.model(Step, {"type": "step", "input": row})
            own[number] = checked.input or []
        else:
            made = plan(reading.scene(edits.edited(self.plan, path, value)), self.limits)
        width = len(made.inputs[0])
        if any(len(row) != width for row in own.values()):
            raise DocumentError.of(path, f"rows of {len(self.plan.inputs[0])} numbers", "another")
        return self.moved(made, own)

    def moved(self, made: Plan, own: dict[int, list[float]] | None = None) -> Player:
        """The same place in another scene of the same steps."""
        other = Player(made, self.limits, self.history)
        other._own = dict(self._own) if own is None else own
        other.recorded = self.recorded
        other._go(self.t)
        return other

    def frame(self) -> Frame:
        """What the step shows; only where `t` is not None."""
        assert self.t is not None
        return (
            self._whole_run().frame(self.t)
            if self._stepper is None
            else self._stepper.frame(self.t)
        )

    def states(self) -> list[dict[str, dict[str, Array]]]:
        """The initial states by layer and direction."""
        return self._whole_run().states() if self._stepper is None else self._stepper.states(0)

    def input(self, t: int) -> Array:
        """The vector that step `t` takes."""
        own = self._own.get(t)
        return self._inputs[t] if own is None else np.array(own, np.float64) + 0.0

    def gradients(self) -> Trace:
        """The trace of the steps so far with its gradients; raises `LiveError`."""
        if self.t is None:
            raise LiveError("range", "expected a step, nothing has gone forward yet")
        steps = self.t + 1
        if self._stepper is None and steps < self.plan.steps:
            raise LiveError(
                "needs_whole_sequence", f"expected the last step, t = {self.plan.steps - 1}"
            )
        targets, scene = self.plan.scene.targets, self.plan.scene
        if targets is not None and self._network.pool is None:
            targets = [*targets[:steps], *[None] * (steps - len(targets))]
        rows = np.stack([self.input(t) for t in range(steps)])
        found = engine.trace(
            self._network, rows, initial=self._initial, static=self._static,
            targets=targets, loss=scene.loss, gradients=True,
        )  # fmt: skip
        if self.plan.network.shape != "one-to-many" or self._own or found.input_gradients is None:
            return found
        # One row was given: what reaches its copies is its own.
        given = found.input_gradients if self.plan.network.repeat else found.input_gradients[:1]
        return replace(found, input_gradients=given.sum(axis=0, keepdims=True))

    def _take(self, following: int, vector: list[float]) -> None:
        """Write a vector of one's own down as the next input; what followed is dropped."""
        if self._stepper is None:
            raise LiveError(
                "needs_whole_sequence",
                "expected no input: a layer reads the sequence from its end, which must be known",
            )
        width = len(self.plan.inputs[0])
        if len(vector) != width:
            raise LiveError("bad_message", f"input: expected {width} numbers, got {len(vector)}")
        self._bound(following + 1)
        self._own = {t: row for t, row in self._own.items() if t < following}
        self._own[following] = vector
        self._stepper.forget(following)
        self.recorded = following + 1

    def _bound(self, steps: int) -> None:
        """Steps past the scene's end stay within what a session may hold."""
        each = sum(layer.recorded() for layer in self.plan.layers) + 2 * self.plan.width
        if steps > max(self.history, self.plan.steps):
            limit = f"{self.history} steps (UNROLLED_LIVE_HISTORY)"
            raise LiveError("limit", f"input: expected at most {limit}, got one more")
        error = self.limits.exceeded("values", "input", steps * each)
        if error is not None:
            raise LiveError("limit", str(error), [error])

    def _go(self, t: int | None) -> None:
        stepper = self._stepper
        if t is not None and stepper is not None:
            while stepper.steps <= t:
                stepper.step(self.input(stepper.steps))
        elif t is not None:
            self._whole_run()
        self.t = t
        self.recorded = max(self.recorded, 0 if t is None else t + 1)

    def _whole_run(self) -> WholeSequence:
        if self._whole is None:
            self._whole = WholeSequence(self._network, self._inputs, self._initial, self._static)
        return self._whole
