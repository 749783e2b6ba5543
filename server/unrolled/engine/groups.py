"""Examples side by side: those of one length, so that nothing is filled up, in one run.

Filling shorter ones up with zeros would save runs, but not time: measured, what is filled up costs
as much as the runs that it saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .goal import Goal, stacked

Array = NDArray[Any]


@dataclass(frozen=True)
class Example:
    """Inputs (time, entries) and the goal of the sequence; `fed` are the decoder's inputs, where
    there is a decoder, `static` is the example's own vector ``v``."""

    inputs: Array
    goal: Goal
    fed: Array | None = None
    static: Array | None = None


@dataclass(frozen=True)
class Group:
    """Examples side by side: inputs (time, entries, batch), fed and static alike.

    A single example has no batch axis.
    """

    inputs: Array
    goal: Goal
    fed: Array | None
    static: Array | None

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Group:
        """From examples of one form."""
        if len(examples) == 1:
            (one,) = examples
            return cls(one.inputs, one.goal, one.fed, one.static)
        fed = [each.fed for each in examples if each.fed is not None]
        static = [each.static for each in examples if each.static is not None]
        return cls(
            np.stack([each.inputs for each in examples], axis=-1),
            stacked([each.goal for each in examples]),
            np.stack(fed, axis=-1) if fed else None,
            np.stack(static, axis=-1) if static else None,
        )

    @property
    def further(self) -> dict[str, Array]:
        """What an encoder–decoder's `forward` takes besides."""
        return {} if self.fed is None else {"decoder_inputs": self.fed}


def groups(examples: Sequence[Example]) -> Iterator[Group]:
    """The examples by their form, in the order of first appearance."""
    forms: dict[tuple[int, int, bool], list[Example]] = {}
    for each in examples:
        form = (len(each.inputs), len(each.goal.dense), each.static is None)
        forms.setdefault(form, []).append(each)
    return map(Group.of, forms.values())
