"""Error surfaces of scenes: what is to be computed, and what it would cost."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.engine.goal import Goal
from unrolled.engine.surface import Axis, Descent, Surface, Task, surface
from unrolled.scenes import build
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan

# Measured: nanoseconds of a multiplication within a product, of a recorded value, and of a layer's
# step whatever its size; a backward pass costs twice as much again as the forward pass.
_PRODUCT, _VALUE, _STEP, _BACKWARD = 0.25, 4.0, 5_000.0, 3.0


def of_scene(plan: Plan, axes: tuple[Axis, Axis], descents: Sequence[Descent]) -> Surface:
    """The loss of a scene over two entries of its weights; `check` it first."""
    scene = plan.scene
    assert scene.loss is not None
    assert scene.targets is not None
    network = build.network(plan)
    goal = Goal.of(network, scene.loss, scene.targets)
    task = Task(network, build.inputs(plan), goal, build.initial(plan), build.static(plan))
    return surface(task, axes, descents)


def check(plan: Plan, points: int, descents: Sequence[Descent], limits: Limits) -> None:
    """Refuse a surface of two stacks, without a loss or beyond the limits; computes nothing.

    Raises:
        DocumentError: names the field, and the limit where one was met.
    """
    build.one_stack(plan)
    if plan.scene.loss is None:
        raise DocumentError.of("loss", "a loss, which the surface shows", "nothing")
    took = nanoseconds(plan, points, descents)
    errors = [limits.exceeded("grid", "axes", points), limits.exceeded("surface", "axes", took)]
    if mistakes := [error for error in errors if error is not None]:
        raise DocumentError(mistakes)


def nanoseconds(plan: Plan, points: int, descents: Sequence[Descent]) -> int:
    """About how long the surface takes on one thread."""
    parameters = sum(layer.parameters() for layer in plan.layers)
    values = sum(layer.recorded() for layer in plan.layers) + len(plan.inputs[0])
    directions = sum(len(layer.directions) for layer in plan.layers)
    if plan.readout is not None:
        parameters += plan.width * (plan.readout.width + 1)
        values += 2 * plan.width
        directions += 1
    point = parameters * _PRODUCT + values * _VALUE
    step = directions * _STEP
    passes = max((descent.updates + 1 for descent in descents), default=0)
    walked = passes * _BACKWARD * (step + len(descents) * point)
    return int(plan.steps * (step + points * point + walked))
