"""What a run is judged by: a loss and its targets, for one sequence or a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import EngineError
from .expressions import Apply
from .losses import LOSSES, Loss
from .network import Model, Network, NetworkGradients, NetworkRun, Outcome

Array = NDArray[Any]


@dataclass(frozen=True)
class Goal:
    """A loss with dense targets (rows, outputs[, batch]); `counts` (rows[, batch]) tells which
    rows are judged at all."""

    loss: Loss
    dense: Array
    counts: Array

    @classmethod
    def of(cls, network: Model, loss: str, targets: Sequence[Any]) -> Goal:
        """The goal of one sequence: a row, a class or None for each row of outputs.

        Raises:
            EngineError: an unknown loss, one the readout does not fit, or targets of a wrong form.
        """
        dense = np.zeros((len(targets), network.outputs), network.dtype)
        for number, (row, target) in enumerate(zip(dense, targets, strict=True)):
            _fill(row, target, f"targets[{number}]")
        counts = np.array([target is not None for target in targets], bool)
        return cls(loss_of(network, loss), dense, counts)

    def batch(self) -> Goal:
        """The same goal for every sequence of a batch."""
        return Goal(self.loss, self.dense[..., None], self.counts[..., None])

    def rows(self, run: Outcome) -> Array:
        """The loss at each row, (rows[, batch]); 0 where there is no target."""
        return np.where(self.counts, self.loss.value(_before(run), run.outputs, self.dense), 0)

    def value(self, run: Outcome) -> Array:
        """The loss summed over rows: a number, or (batch,)."""
        return np.asarray(self.rows(run).sum(axis=0))

    def of_outputs(self, run: Outcome) -> Array:
        """dL/d(outputs), (rows, outputs[, batch])."""
        slopes = self.loss.of_y(_before(run), run.outputs, self.dense)
        return np.where(self.counts[:, None], slopes, 0)

    def backward(self, network: Network, run: NetworkRun, share: float = 1.0) -> NetworkGradients:
        """Gradients of `share` times the loss, summed over the batch where parameters are meant."""
        slopes, of_z = self.start(run)
        return network.backward(run, slopes * share, of_z=of_z)

    def start(self, run: Outcome) -> tuple[Array, bool]:
        """Where the backward pass begins: dL/dz and True where the loss has a form for it, else
        dL/d(outputs) and False; (rows, outputs[, batch])."""
        if self.loss.of_z is None:
            return self.of_outputs(run), False
        slopes = self.loss.of_z(_before(run), run.outputs, self.dense)
        return np.where(self.counts[:, None], slopes, 0), True


def stacked(goals: Sequence[Goal]) -> Goal:
    """Goals of equally many rows as one, the batch last."""
    dense = np.stack([goal.dense for goal in goals], axis=-1)
    return Goal(goals[0].loss, dense, np.stack([goal.counts for goal in goals], axis=-1))


def loss_of(network: Model, name: str) -> Loss:
    """The loss of that name, which the network's readout must fit.

    Raises:
        EngineError: it is unknown, or wants another activation.
    """
    row = LOSSES.get(name)
    if row is None:
        raise EngineError("loss", "one of " + ", ".join(LOSSES), repr(name))
    if row.activation is not None and activation(network) != row.activation:
        raise EngineError("loss", f"a {row.activation} readout for {name}", repr(name))
    return row


def natural_loss(network: Model) -> str:
    """The loss that belongs to the readout's activation; the squared error where none does."""
    own = activation(network)
    fitting = (name for name, row in LOSSES.items() if row.activation == own)
    return "squared_error" if own is None else next(fitting, "squared_error")


def activation(network: Model) -> str | None:
    """The primitive that makes the readout's y, None without a readout."""
    if network.readout is None:
        return None
    last = network.readout.cell.by_name["y"].expression
    return last.operation if isinstance(last, Apply) else "identity"


def _before(run: Outcome) -> Array:
    """The readout's z, or the outputs themselves."""
    return run.outputs if run.readout is None else run.readout.value("z")


def _fill(row: Array, target: Any, field: str) -> None:
    if isinstance(target, int | np.integer) and not isinstance(target, bool):
        if not 0 <= target < len(row):
            raise EngineError(field, f"a class below {len(row)}", str(target))
        row[target] = 1
    elif target is not None:
        try:
            given = np.asarray(target, row.dtype)
        except (TypeError, ValueError):
            raise EngineError(field, f"{len(row)} numbers", repr(target)[:60]) from None
        if given.shape != row.shape:
            raise EngineError(field, f"{len(row)} numbers", f"shape {given.shape}")
        row[:] = given
