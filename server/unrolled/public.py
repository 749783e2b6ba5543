"""The Python interface: lessons and scenes in, traces and compiled networks out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import DTypeLike, NDArray

from unrolled.engine.compiled import Compiled
from unrolled.engine.trace import Trace
from unrolled.scenes import build, language, reading, run
from unrolled.scenes import learned as learning
from unrolled.scenes.lessons import Lesson, lesson, lessons
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

__all__ = ["Lesson", "Scene", "compile", "language", "learned", "lesson", "lessons", "trace"]


def trace(scene: Scene | dict[str, Any], gradients: bool = False) -> Trace:
    """Every value of a scene's run, and with `gradients` every gradient.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    return run.trace(plan(reading.scene(scene), Limits()), gradients)


def compile(scene: Scene | dict[str, Any], dtype: DTypeLike = "float64") -> Compiled:
    """The scene's network as arrays in, arrays out; its inputs are not used.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    planned = plan(reading.scene(scene), Limits())
    return Compiled(build.network(planned, dtype), build.static(planned))


def learned(scene: Scene | dict[str, Any], parameters: Mapping[str, NDArray[Any]]) -> Scene:
    """The scene with other weights, by address: those of a network that was trained.

    Raises:
        unrolled.scenes.errors.DocumentError: what is wrong with the scene, by field.
    """
    return reading.scene(learning.learned(reading.scene(scene), parameters))
