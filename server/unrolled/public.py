"""The Python interface: lessons and scenes in, traces and compiled networks out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from numpy.typing import DTypeLike, NDArray

from unrolled.engine.bptt import Terms
from unrolled.engine.compiled import Compiled
from unrolled.engine.compiled_pair import CompiledPair
from unrolled.engine.jacobians import Jacobians
from unrolled.figures.traced import DrawnPairTrace, DrawnTrace, drawn
from unrolled.scenes import build, language, pairs, reading, run
from unrolled.scenes import learned as learning
from unrolled.scenes.lessons import Lesson, lesson, lessons
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

__all__ = [
    "Lesson", "Scene", "bptt", "compile", "jacobians", "language", "learned", "lesson", "lessons",
    "trace",
]  # fmt: skip


def trace(scene: Scene | dict[str, Any], gradients: bool = False) -> DrawnTrace | DrawnPairTrace:
    """Every value of a scene's run, and with `gradients` every gradient.

    It draws itself: ``trace.figure("gates")`` is a Plotly figure.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    planned = plan(reading.scene(scene), Limits())
    return drawn(run.trace(planned, gradients), planned)


def compile(scene: Scene | dict[str, Any], dtype: DTypeLike = "float64") -> Compiled | CompiledPair:
    """The scene's network as arrays in, arrays out; its inputs are not used.

    An encoder–decoder is a `CompiledPair`, whose `forward` takes `decoder_inputs` besides.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    planned = plan(reading.scene(scene), Limits())
    if planned.decoder is not None:
        return CompiledPair(build.encoder_decoder(planned, dtype), build.static(planned))
    return Compiled(build.network(planned, dtype), build.static(planned))


def jacobians(
    scene: Scene | dict[str, Any], of: str, with_respect_to: str, spectral: bool = False
) -> Jacobians:
    """Norms of d(of)[t]/d(with_respect_to)[k] for every pair of timesteps, (t, k).

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
        unrolled.engine.errors.EngineError: an address that names no value.
    """
    planned = plan(reading.scene(scene), Limits())
    return pairs.jacobians(planned, of, with_respect_to, Limits(), spectral=spectral)


@overload
def bptt(scene: Scene | dict[str, Any]) -> dict[str, NDArray[Any]]: ...
@overload
def bptt(
    scene: Scene | dict[str, Any], parameter: str, entry: Sequence[int] | None = None
) -> Terms: ...
def bptt(
    scene: Scene | dict[str, Any], parameter: str | None = None, entry: Sequence[int] | None = None
) -> dict[str, NDArray[Any]] | Terms:
    """What the use of a parameter at step k adds to the gradient of the loss at step t, (t, k).

    Norms by address; of one parameter the terms themselves and the gradient they sum to.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
        unrolled.engine.errors.EngineError: no such parameter or entry.
    """
    planned = plan(reading.scene(scene), Limits())
    if parameter is None:
        return pairs.norms(planned, Limits())
    return pairs.terms(planned, parameter, entry, Limits())


def learned(scene: Scene | dict[str, Any], parameters: Mapping[str, NDArray[Any]]) -> Scene:
    """The scene with other weights, by address: those of a network that was trained.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    return reading.scene(learning.learned(reading.scene(scene), parameters))
