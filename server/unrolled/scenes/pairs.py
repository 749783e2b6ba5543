"""Tables over pairs of timesteps: Jacobians, and gradients by the use of a parameter."""

from __future__ import annotations

from collections.abc import Sequence

from unrolled.engine import jacobians as engine
from unrolled.engine.addresses import Address
from unrolled.engine.bptt import Array, Terms, ThroughTime
from unrolled.engine.goal import Goal
from unrolled.engine.jacobians import Jacobians
from unrolled.engine.network import Network
from unrolled.scenes import build, surfaces
from unrolled.scenes.errors import DocumentError, FieldError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import Plan

# Measured: nanoseconds of a multiplication in large products, of an entry of what is carried from
# step to step, of a singular value's cubed size, and of asking for one at all.
_PRODUCT, _CARRIED, _SINGULAR, _ASKED = 0.04, 1.0, 1.0, 20_000.0
_PASSES = 4  # forward, and backward at three times its cost


def jacobians(
    plan: Plan, of: str, with_respect_to: str, limits: Limits, *, spectral: bool = False
) -> Jacobians:
    """Norms of d(of)[t]/d(with_respect_to)[k] for every pair of steps of a scene.

    Raises:
        DocumentError: a shape that has no such table, or one beyond the limits.
        EngineError: an address that names no value.
    """
    network = build.network(plan)
    top = engine.place(network, of, "of")
    low = engine.place(network, with_respect_to, "with_respect_to")
    rows = plan.rows if top.layer is None else plan.steps
    size = rows * plan.steps * (1 + spectral) * network.dtype.itemsize
    _within(limits.exceeded("table", "scene", size))
    _within(limits.exceeded("pairs", "scene", _nanoseconds(plan, network, top, low, spectral)))
    return engine.jacobians(
        network, build.inputs(plan), of, with_respect_to,
        initial=build.initial(plan), static=build.static(plan), spectral=spectral,
    )  # fmt: skip


def norms(plan: Plan, limits: Limits) -> dict[str, Array]:
    """For each parameter the norms of what each use adds to each loss, (losses, uses).

    Raises:
        DocumentError: a shape that has no such table, or one beyond the limits.
    """
    through = _through_time(plan, limits)
    _within(limits.exceeded("table", "scene", through.bytes()))
    return through.norms()


def terms(plan: Plan, parameter: str, entry: Sequence[int] | None, limits: Limits) -> Terms:
    """What each use of a parameter adds to each loss: of one entry, or of all of them.

    Raises:
        DocumentError: a shape that has no such table, or one beyond the limits.
        EngineError: no such parameter or entry.
    """
    through = _through_time(plan, limits)
    _within(limits.exceeded("table", "entry", through.bytes(parameter, entry)))
    return through.terms(parameter, entry)


def _through_time(plan: Plan, limits: Limits) -> ThroughTime:
    scene, network = plan.scene, build.network(plan)
    took = surfaces.nanoseconds(plan, _PASSES * plan.rows, ())
    _within(limits.exceeded("pairs", "scene", took))
    judged = scene.loss is not None and scene.targets is not None
    goal = Goal.of(network, scene.loss or "", scene.targets or []) if judged else None
    return ThroughTime(
        network, build.inputs(plan), goal, build.initial(plan), build.static(plan)
    )  # fmt: skip


def _nanoseconds(plan: Plan, network: Network, top: Address, low: Address, spectral: bool) -> int:
    """About how long the table takes on one thread."""
    layers = plan.layers[low.layer or 0 : None if top.layer is None else top.layer + 1]
    sizes = [dict(network.directions())[p.part].program.size(p.name) for p in (top, low)]
    entry = sum(each.parameters() * _PRODUCT + each.recorded() * _CARRIED for each in layers)
    pair = sizes[0] * (entry + plan.width * sizes[0] * _PRODUCT)
    if spectral:
        pair += _ASKED + min(sizes) ** 3 * _SINGULAR
    return int(plan.steps * (plan.rows if top.layer is None else plan.steps) * pair)


def _within(error: FieldError | None) -> None:
    if error is not None:
        raise DocumentError([error])
