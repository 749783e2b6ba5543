"""Unrolled: recurrent networks opened up, one timestep at a time.

scene = unrolled.lesson("lecture-lstm").scene
trace = unrolled.trace(scene, gradients=True)
net = unrolled.compile(scene, dtype="float32")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "Lesson", "Scene", "bptt", "compile", "jacobians", "language", "learned", "lesson", "lessons",
    "trace",
]  # fmt: skip

if TYPE_CHECKING:
    from unrolled.public import (
        Lesson,
        Scene,
        bptt,
        compile,
        jacobians,
        language,
        learned,
        lesson,
        lessons,
        trace,
    )  # fmt: skip


def __getattr__(name: str) -> Any:
    """The public names, imported when first asked for: the engine alone needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module 'unrolled' has no attribute {name!r}")
    from unrolled import public

    return getattr(public, name)
