"""Trainings by PyTorch: an LSTM with a softmax readout, written out, on sequences of many lengths.

Run as a program, it records what it finds for machines without PyTorch:
`python -m tests.engine.torch_training`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

RECORDED = Path(__file__).parent / "recorded" / "training.json"
UPDATES = 50
INPUTS, UNITS, OUTPUTS = 3, 4, 2
GATES = "figo"


@dataclass(frozen=True)
class Case:
    """How a training is set up, in the terms of our Trainer."""

    optimiser: str
    rate: float
    batch: int | None = None
    clip: Mapping[str, float] | None = None
    truncate: int | None = None
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)


CASES = {
    "sgd": Case("sgd", 0.3),
    "momentum": Case("momentum", 0.1),
    "rmsprop": Case("rmsprop", 0.02),
    "adam": Case("adam", 0.05),
    "adam with other shares": Case("adam", 0.05, options={"beta1": 0.5, "beta2": 0.9}),
    "clipped by norm": Case("momentum", 0.1, clip={"norm": 0.25}),
    "clipped by value": Case("sgd", 0.3, clip={"value": 0.1}),
    "minibatches": Case("adam", 0.05, batch=4, seed=7),
    "truncated": Case("rmsprop", 0.02, truncate=3),
}


def examples() -> list[dict[str, Any]]:
    """Seven sequences of four lengths; some steps have no target."""
    random = np.random.default_rng(5)
    return [
        {
            "inputs": random.normal(size=(length, INPUTS)).tolist(),
            "targets": [int(random.integers(OUTPUTS)) if random.random() < 0.8 else None
                        for _ in range(length)],
        }
        for length in (5, 8, 5, 3, 8, 5, 7)
    ]  # fmt: skip


def parameters() -> dict[str, Any]:
    """Where every training starts, by address."""
    random = np.random.default_rng(6)
    shapes: dict[str, tuple[int, ...]] = {}
    for gate in GATES:
        shapes |= {f"layers.0.forward.W_{gate}": (UNITS, INPUTS),
                   f"layers.0.forward.U_{gate}": (UNITS, UNITS),
                   f"layers.0.forward.b_{gate}": (UNITS,)}  # fmt: skip
    shapes |= {"readout.V": (OUTPUTS, UNITS), "readout.b": (OUTPUTS,)}
    return {name: random.uniform(-0.7, 0.7, shape) for name, shape in shapes.items()}


def batches(case: Case, count: int) -> list[list[int]]:
    """The examples of each update: epochs shuffled by (seed, epoch), the last batch smaller."""
    if case.batch is None:
        return [list(range(count))] * UPDATES
    found: list[list[int]] = []
    epoch = 0
    while len(found) < UPDATES:
        order = np.random.default_rng([case.seed, epoch]).permutation(count).tolist()
        found += [order[at : at + case.batch] for at in range(0, count, case.batch)]
        epoch += 1
    return found[:UPDATES]


def trained(case: Case) -> dict[str, Any]:
    """Loss and gradient norms of every update, and the parameters after the last."""
    import torch

    weights = {name: torch.tensor(array, requires_grad=True)
               for name, array in parameters().items()}  # fmt: skip
    optimiser = _optimiser(torch, case, list(weights.values()))
    told = examples()
    rows = []
    for numbers in batches(case, len(told)):
        optimiser.zero_grad()
        each = [_loss(torch, weights, told[number], case.truncate) for number in numbers]
        loss = torch.stack(each).mean()
        loss.backward()
        rows.append([loss.item(), *_clip(torch, case, weights)])
        optimiser.step()
    return {"rows": rows, "parameters": {name: w.tolist() for name, w in weights.items()}}


def _optimiser(torch: Any, case: Case, weights: list[Any]) -> Any:
    betas = (case.options.get("beta1", 0.9), case.options.get("beta2", 0.999))
    makers = {
        "sgd": lambda: torch.optim.SGD(weights, lr=case.rate),
        "momentum": lambda: torch.optim.SGD(weights, lr=case.rate, momentum=0.9),
        "rmsprop": lambda: torch.optim.RMSprop(weights, lr=case.rate),
        "adam": lambda: torch.optim.Adam(weights, lr=case.rate, betas=betas),
    }
    return makers[case.optimiser]()


def _clip(torch: Any, case: Case, weights: Mapping[str, Any]) -> tuple[float, float]:
    def norm() -> float:
        return float(torch.cat([w.grad.ravel() for w in weights.values()]).norm().item())

    before = norm()
    if case.clip is not None and "norm" in case.clip:
        torch.nn.utils.clip_grad_norm_(list(weights.values()), case.clip["norm"])
    elif case.clip is not None:
        torch.nn.utils.clip_grad_value_(list(weights.values()), case.clip["value"])
    return before, norm()


def _loss(torch: Any, w: Mapping[str, Any], example: Any, truncate: int | None) -> Any:
    x = torch.tensor(example["inputs"], dtype=torch.float64)
    h = c = torch.zeros(UNITS, dtype=torch.float64)
    total = torch.zeros((), dtype=torch.float64)
    for t, target in enumerate(example["targets"]):
        if truncate is not None and t % truncate == 0:
            h, c = h.detach(), c.detach()
        z = {gate: w[f"layers.0.forward.W_{gate}"] @ x[t] + w[f"layers.0.forward.U_{gate}"] @ h
             + w[f"layers.0.forward.b_{gate}"] for gate in GATES}  # fmt: skip
        f, i, o = (torch.sigmoid(z[gate]) for gate in "fio")
        c = f * c + i * torch.tanh(z["g"])
        h = o * torch.tanh(c)
        if target is not None:
            y = w["readout.V"] @ h + w["readout.b"]
            total = total - torch.log_softmax(y, 0)[target]
    return total


if __name__ == "__main__":
    RECORDED.write_text(json.dumps({name: trained(case) for name, case in CASES.items()}) + "\n")
