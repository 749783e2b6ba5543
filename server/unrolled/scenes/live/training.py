"""Training of a live scene: updates in short stretches, to be paused, gone on with, stopped."""

from __future__ import annotations

import time
from typing import Any, Literal

import numpy as np

from unrolled.engine.errors import EngineError
from unrolled.engine.training import Report, Trainer
from unrolled.scenes import build, sequences
from unrolled.scenes.errors import DocumentError, FieldError
from unrolled.scenes.learned import learned
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.messages import Train
from unrolled.scenes.plan import Plan

Stopped = Literal["updates", "stop", "non_finite"]


class LiveTraining:
    """A network of its own that learns; the scene it came from stays until `scene` is taken.

    `advance` may run in another thread while `pause`, `resume` and `stop` are called.
    """

    def __init__(self, plan: Plan, message: Train, limits: Limits) -> None:
        _check(plan, message, limits)
        self._plan, self._updates = plan, message.updates
        self._network = build.network(plan)
        try:
            self._trainer = Trainer(
                self._network, _examples(plan, message),
                optimiser=message.optimiser, rate=message.rate, batch=message.batch,
                clip=message.clip, truncate=message.truncate, seed=message.seed,
                loss=plan.scene.loss, initial=build.initial(plan), static=build.static(plan),
            )  # fmt: skip
        except EngineError as error:
            mistake = FieldError(error.field, error.expected, error.got)
            raise LiveError("bad_message", str(error), [mistake]) from None
        self._last: Report | None = None
        self._ended: Stopped | None = None
        self._stop = self.paused = False

    @property
    def ended(self) -> Stopped | None:
        """Why it came to its end: all updates done, `stop`, or weights that left the numbers."""
        return "stop" if self._ended is None and self._stop else self._ended

    def pause(self) -> None:
        """Let `advance` end after the update at hand."""
        self.paused = True

    def resume(self) -> None:
        """Let `advance` go on."""
        self.paused = False

    def stop(self) -> None:
        """End it after the update at hand."""
        self._stop = True

    def advance(self, seconds: float) -> None:
        """Updates for about so long, at least one; none while paused or after the end."""
        end = time.monotonic() + seconds
        while not (self.paused or self._stop or self._ended):
            self._update()
            if time.monotonic() >= end:
                return

    def progress(self) -> dict[str, Any]:
        """The last update's report as it goes over the wire; update 0 before the first."""
        none = {"update": 0, "loss": None, "gradient_norm": None, "clipped_norm": None}
        report = none if self._last is None else self._last.document()
        return {"type": "progress", **report, "state": "paused" if self.paused else "running"}

    def scene(self) -> dict[str, Any]:
        """The scene's document with the weights learned."""
        return learned(self._plan.scene, self._network.parameters())

    def _update(self) -> None:
        before = {name: array.copy() for name, array in self._network.parameters().items()}
        self._last = self._trainer.update()
        if not all(np.isfinite(array).all() for array in self._network.parameters().values()):
            self._network.assign(before)
            self._ended = "non_finite"
        elif self._last.update >= self._updates:
            self._ended = "updates"


def _examples(plan: Plan, message: Train) -> list[dict[str, Any]]:
    """The examples as the network sees them: one-to-many makes several rows of one."""
    found = []
    for number, example in enumerate(message.examples):
        try:
            rows = sequences.expanded(example.inputs, plan.network)
        except DocumentError as error:
            raise error.within(f"examples[{number}]") from None
        found.append({"inputs": rows, "targets": example.targets})
    return found


def _check(plan: Plan, message: Train, limits: Limits) -> None:
    """Refuse an update that costs or records more than a limit allows."""
    longer = plan.network.steps or 1
    steps = [len(example.inputs) * longer for example in message.examples]
    # The batch that is looked at in one update is at most the longest examples of all.
    most = sum(sorted(steps, reverse=True)[: message.batch])
    parameters = sum(layer.parameters() for layer in plan.layers)
    recorded = sum(layer.recorded() for layer in plan.layers) + 2 * plan.width
    found = (
        limits.exceeded("cost", "examples", most * parameters),
        limits.exceeded("values", "examples", most * recorded),
    )
    for error in found:
        if error is not None:
            raise LiveError("limit", str(error), [error])
