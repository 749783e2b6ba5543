"""Training of a live scene: updates in short stretches, to be paused, gone on with, stopped."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from unrolled.engine.errors import EngineError
from unrolled.engine.training import Report, Trainer
from unrolled.scenes import build, sequences
from unrolled.scenes.decoder import Work
from unrolled.scenes.errors import DocumentError, FieldError
from unrolled.scenes.learned import learned
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.train_messages import (
    Direct,
    Example,
    Pause,
    Resume,
    Sentence,
    Stop,
    Train,
    Update,
    Weights,
)
from unrolled.scenes.plan import Plan

Stopped = Literal["updates", "stop", "non_finite"]
_SETTINGS = ("optimiser", "rate", "batch", "clip", "truncate", "seed")


class LiveTraining:
    """A network of its own that learns; the scene it came from stays as it is."""

    def __init__(self, plan: Plan, message: Train, limits: Limits) -> None:
        _check(plan, message, limits)
        self._plan, self._updates, self._checkpoint = plan, message.updates, message.checkpoint
        self._network = build.network(plan) if plan.decoder is None else build.encoder_decoder(plan)
        try:
            self._trainer = self._made(message)
        except EngineError as error:
            mistake = FieldError(error.field, error.expected, error.got)
            raise LiveError("bad_message", str(error), [mistake]) from None
        self._last: Report | None = None
        self.paused = message.paused
        self.ended: Stopped | None = None
        self._judge()

    def follow(self, message: Direct) -> dict[str, Any] | None:
        """The answer to a message; None to `stop`, whose answer is `trained`.

        Raises:
            LiveError: an update of a training that does not rest.
        """
        match message:
            case Stop():
                self.ended = self.ended or "stop"
                return None
            case Weights():
                return self._weights(message.checkpoint)
            case Update():
                if not self.paused:
                    raise LiveError("training", "expected pause before update, it is running")
                self._update()
            case Pause() | Resume():
                self.paused = isinstance(message, Pause)
        return self.progress()

    def advance(self, seconds: float) -> None:
        """Updates for about so long, at least one; none while paused or after the end."""
        end = time.monotonic() + seconds
        while not (self.paused or self.ended):
            self._update()
            if time.monotonic() >= end:
                return

    def progress(self) -> dict[str, Any]:
        """The last update's report as it goes over the wire; nothing in it before the first."""
        none = {"loss": None, "gradient_norm": None, "clipped_norm": None}
        report = none if self._last is None else self._last.document()
        state = "paused" if self.paused else "running"
        return {"type": "progress", "update": self._trainer.updates, **report, "state": state}

    def trained(self) -> dict[str, Any]:
        """The end of it as it goes over the wire."""
        held = self._weights(self._checkpoint)
        updates = held.pop("update")
        return {**held, "type": "trained", "updates": updates, "stopped": self.ended}

    def _made(self, message: Train) -> Trainer:
        examples, scene = _examples(self._plan, message), self._plan.scene
        initial, static = build.initial(self._plan), build.static(self._plan)
        settings = {name: getattr(message, name) for name in _SETTINGS}
        if message.resume is None:
            return Trainer(self._network, examples, **settings, loss=scene.loss,
                           initial=initial, static=static)  # fmt: skip
        state = message.resume.model_dump()
        given = {name: settings[name] for name in _SETTINGS if name in message.model_fields_set}
        made = Trainer.from_state(
            self._network, examples, {**state, "settings": state["settings"] | given},
            initial=initial, static=static,
        )  # fmt: skip
        if not self._finite():
            raise EngineError("resume.parameters", "finite numbers", "others")
        return made

    def _weights(self, checkpoint: bool) -> dict[str, Any]:
        scene = learned(self._plan.scene, self._network.parameters())
        held = {"type": "weights", "update": self._trainer.updates, "scene": scene}
        return {**held, "checkpoint": self._trainer.state()} if checkpoint else held

    def _update(self) -> None:
        if self.ended:
            return
        before = {name: array.copy() for name, array in self._network.parameters().items()}
        self._last = self._trainer.update()
        if self._finite():
            self._judge()
        else:
            self._network.assign(before)
            self.ended = "non_finite"

    def _judge(self) -> None:
        if self._trainer.updates >= self._updates:
            self.ended = "updates"

    def _finite(self) -> bool:
        return all(np.isfinite(array).all() for array in self._network.parameters().values())


def _examples(plan: Plan, message: Train) -> list[dict[str, Any]]:
    """The examples as the network sees them: one-to-many makes several rows of one."""
    found: list[dict[str, Any]] = []
    for number, example in enumerate(message.examples):
        if isinstance(example, Sentence):
            found.append({"tokens": example.tokens})
            continue
        try:
            rows = sequences.expanded(example.inputs, plan.network)
        except DocumentError as error:
            raise error.within(f"examples[{number}]") from None
        found.append({**example.model_dump(), "inputs": rows})
    return found


def _check(plan: Plan, message: Train, limits: Limits) -> None:
    """Refuse an update that costs or records more than a limit allows."""
    works = [_work(plan, example) for example in message.examples]

    def most(each: Iterable[int]) -> int:
        """Of one update: at most the largest examples of all come together in it."""
        return sum(sorted(each, reverse=True)[: message.batch])

    found = (
        limits.exceeded("cost", "examples", most(work.cost for work in works)),
        limits.exceeded("values", "examples", most(work.recorded for work in works)),
    )
    for error in found:
        if error is not None:
            raise LiveError("limit", str(error), [error])


def _work(plan: Plan, example: Example | Sentence) -> Work:
    """What a run over an example takes."""
    if isinstance(example, Sentence):
        reads = writes = len(example.tokens)
    else:
        reads, writes = len(example.inputs), len(example.targets)
    # A one-to-many network makes many rows of one; a decoder's are counted beside the encoder's.
    steps = reads * (plan.network.steps or 1) if plan.decoder is None else reads + writes
    parameters = sum(layer.parameters() for layer in plan.layers)
    recorded = sum(layer.recorded() for layer in plan.layers) + 2 * plan.width
    own = Work(parameters, steps * (recorded + len(plan.inputs[0])), steps * parameters)
    if plan.decoder is None or plan.decoder.attention is None:
        return own
    seen = plan.decoder.attention.work(reads, writes)
    return Work(parameters, own.recorded + seen.recorded, own.cost + seen.cost)
