"""A scene with one stack of layers, stepped: one timestep at a time, or seen in a whole run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from unrolled.engine import trace as engine
from unrolled.engine.frames import Frame
from unrolled.engine.layers import States
from unrolled.engine.stepper import Stepper, forward_only
from unrolled.engine.trace import Trace
from unrolled.engine.whole import WholeSequence
from unrolled.scenes import build
from unrolled.scenes.build import Array
from unrolled.scenes.limits import Limits
from unrolled.scenes.live.errors import LiveError
from unrolled.scenes.live.player import Player
from unrolled.scenes.plan import Plan

CELL_NANOSECONDS = 25_000
"""About what one step of a small cell takes; a multiplication takes about one."""


class StackPlayer(Player):
    """Steps a network whose layers all read forward; one that does not is run whole."""

    def __init__(self, scene: Plan, limits: Limits, history: int) -> None:
        super().__init__(scene, limits, history)
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
    def width(self) -> int:
        """Numbers in an input row."""
        return len(self.plan.inputs[0])

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

    def frame(self) -> Frame:
        """What the step shows; only where `t` is not None."""
        assert self.t is not None
        return (
            self._whole_run().frame(self.t)
            if self._stepper is None
            else self._stepper.frame(self.t)
        )

    def states(self) -> Sequence[Mapping[str, Mapping[str, Array]]]:
        """The initial states by layer and direction."""
        return self._whole_run().states() if self._stepper is None else self._stepper.states(0)

    def input(self, t: int) -> Array:
        """The vector that step `t` takes."""
        own = self._given(t)
        return self._inputs[t] if own is None else own

    def gradients(self) -> Trace:
        """The trace of the steps so far with its gradients; raises `LiveError`."""
        steps = self._so_far()
        if self._stepper is None and steps < self.plan.steps:
            raise LiveError(
                "needs_whole_sequence", f"expected the last step, t = {self.plan.steps - 1}"
            )
        pools = self._network.pool is not None
        found = engine.trace(
            self._network, np.stack([self.input(t) for t in range(steps)]),
            initial=self._initial, static=self._static, loss=self.plan.scene.loss,
            targets=self.plan.scene.targets if pools else self._targets(steps), gradients=True,
        )  # fmt: skip
        if self.plan.network.shape != "one-to-many" or self._own or found.input_gradients is None:
            return found
        # One row was given: what reaches its copies is its own.
        given = found.input_gradients if self.plan.network.repeat else found.input_gradients[:1]
        return replace(found, input_gradients=given.sum(axis=0, keepdims=True))

    def _refusal(self) -> LiveError | None:
        if self._stepper is not None:
            return None
        return LiveError(
            "needs_whole_sequence",
            "expected no input: a layer reads the sequence from its end, which must be known",
        )

    def _forget(self, steps: int) -> None:
        if self._stepper is not None:
            self._stepper.forget(steps)

    def _reach(self, t: int) -> None:
        stepper = self._stepper
        if stepper is None:
            self._whole_run()
            return
        while stepper.steps <= t:
            stepper.step(self.input(stepper.steps))

    def _whole_run(self) -> WholeSequence:
        if self._whole is None:
            self._whole = WholeSequence(self._network, self._inputs, self._initial, self._static)
        return self._whole
