"""PyTorch's side of what passes between two timesteps: Jacobians, and gradients through one use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from tests.engine.parity import Case
from tests.engine.torch_side import ACTIVATIONS, Named, Side, row_loss, same

Array = NDArray[Any]


class Between(Side):
    """A case that has run with every step's parameters untied from those of the others."""

    def __init__(self, case: Case) -> None:
        super().__init__(case)
        self.untied: dict[str, dict[int, Any]] = {}
        self.outputs = self._pooled(self._loops())

    def jacobian(self, of: str, with_respect_to: str) -> Array:
        """(steps, steps, units, units); autograd from each unit of the one to all of the other."""
        return np.array([_slopes(row, self.values[with_respect_to].rows)
                         for row in self.values[of].rows])  # fmt: skip

    def of_outputs(self, with_respect_to: str) -> Array:
        """(rows of outputs, steps, outputs, units), without a readout."""
        return np.array([_slopes(row, self.values[with_respect_to].rows) for row in self.outputs])

    def terms(self, parameter: str) -> Array:
        """(losses, uses, *shape): each loss by what one step used."""
        uses = self.untied[parameter]
        ordered = [uses[t] for t in sorted(uses)]
        return np.array([_slope(loss, ordered) for loss in self._losses()])

    def _used(self, address: str, p: Named, t: int) -> Named:
        found = {name: tensor.clone() for name, tensor in p.items()}
        for name, tensor in found.items():
            self.untied.setdefault(f"{address}.{name}", {})[t] = tensor
        return found

    def _losses(self) -> list[Any]:
        """One number for each row: its loss, or the sum of its outputs."""
        name = self.numbers.loss
        if name is None:
            return [row.sum() for row in self.outputs]
        z = self.outputs @ self.parameters["readout.V"].T + self.parameters["readout.b"]
        y = {"cross_entropy": ACTIVATIONS["softmax"],
             "binary_cross_entropy": torch.sigmoid}.get(name, same)(z)  # fmt: skip
        return [
            torch.zeros((), requires_grad=True) * 1 if target is None
            else row_loss(name, z[row], y[row], target)
            for row, target in enumerate(self.numbers.targets or [])
        ]  # fmt: skip


def _slopes(row: Any, places: Sequence[Any]) -> Array:
    return np.array([_slope(unit, places) for unit in row]).transpose(1, 0, 2)


def _slope(number: Any, places: Sequence[Any]) -> Array:
    found = torch.autograd.grad(number, places, retain_graph=True, allow_unused=True)
    pairs = zip(found, places, strict=True)
    return np.array([np.zeros(p.shape) if g is None else g.detach().numpy() for g, p in pairs])
