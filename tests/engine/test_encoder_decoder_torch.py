"""Encoder–decoders against PyTorch's autograd over formulas written here by hand."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.engine.pairs_of_stacks import Pair, every_pair, problem
from tests.engine.parity import LIMIT, differences, note
from unrolled.engine.check import Problem
from unrolled.engine.encoder_decoder_trace import EncoderDecoderTrace

TORCH = importlib.util.find_spec("torch") is not None
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not TORCH, reason="PyTorch is not installed"),
]
Results = dict[str, NDArray[Any]]


def ours(found: Problem) -> Results:
    """Every value, and every gradient after ``d ``, by its address."""
    trace = found.run(found.network, gradients=True)
    assert isinstance(trace, EncoderDecoderTrace)
    assert trace.input_gradients is not None
    assert trace.decoder_input_gradients is not None
    results = {"outputs": trace.outputs, "d inputs": trace.input_gradients,
               "d decoder_inputs": trace.decoder_input_gradients}  # fmt: skip
    for address, held in trace.directions():
        results |= {f"{address}.{name}": array for name, array in held.values.items()}
        results |= {f"d {address}.{name}": array for name, array in (held.gradients or {}).items()}
        results |= {f"d {address}.{name}": array
                    for name, array in (held.parameter_gradients or {}).items()}  # fmt: skip
        results |= {f"d initial.{address}.{name}": array
                    for name, array in (held.initial_gradients or {}).items()}  # fmt: skip
    return results


class Theirs:
    """The same network as tensors, one step after the other."""

    def __init__(self, found: Problem, pair: Pair) -> None:
        import torch

        from tests.engine import torch_side

        self.torch, self.step = torch, torch_side.STEPS[pair.cell]
        self.pair, self.found = pair, found
        self.named: dict[str, Any] = {}
        self.leaves: dict[str, Any] = {}
        self.parameters = {
            name: self._leaf(name, array) for name, array in found.network.parameters().items()
        }
        keys = self._encoded()
        tops = self._decoded()
        context = self._context(tops, keys)
        self.outputs, goal = self._judged(tops if context is None else self._joined(tops, context))
        goal.backward()

    def results(self) -> Results:
        """Values and gradients as `ours` has them."""
        results = {"outputs": self.outputs.detach().numpy()}
        for name, rows in self.named.items():
            results[name] = np.stack([row.detach().numpy() for row in rows])
            results[f"d {name}"] = np.stack([self._gradient(row) for row in rows])
        return results | {f"d {name}": self._gradient(leaf) for name, leaf in self.leaves.items()}

    @staticmethod
    def _gradient(tensor: Any) -> Any:
        return np.zeros(tensor.shape) if tensor.grad is None else tensor.grad.numpy()

    def _leaf(self, name: str, array: Any) -> Any:
        self.leaves[name] = self.torch.from_numpy(np.array(array)).requires_grad_()
        return self.leaves[name]

    def _keep(self, name: str, row: Any) -> Any:
        row.retain_grad()
        self.named.setdefault(name, []).append(row)
        return row

    def _encoded(self) -> Any:
        """The encoder's outputs; its final states by layer in `self.ends`."""
        below = self._leaf("inputs", self.found.inputs)
        self.ends: list[dict[str, Any]] = []
        for number, states in enumerate(self.found.initial):
            tops, ends = [], []
            for way, given in states.items():
                place = f"encoder.layers.{number}.{way}"
                state = {name: self._leaf(f"initial.{place}.{name}", array)
                         for name, array in given.items()}  # fmt: skip
                rows, last = self._loop(place, below, state, backward=way == "backward")
                tops.append(self.torch.stack(rows))
                ends.append(last)
            summed = self.pair.direction.endswith("sum")
            below = sum(tops) if summed else self.torch.cat(tops, dim=1)
            self.ends.append({name: self.torch.cat([end[name] for end in ends])
                              for name in ends[0]})  # fmt: skip
        return below

    def _decoded(self) -> Any:
        below = self._leaf("decoder_inputs", self.found.decoder_inputs)
        for number, states in enumerate(self.ends):
            place = f"decoder.layers.{number}.forward"
            for name, tensor in states.items():
                tensor.retain_grad()
                self.leaves[f"initial.{place}.{name}"] = tensor
            below = self.torch.stack(self._loop(place, below, states)[0])
        return below

    def _loop(
        self, place: str, below: Any, state: dict[str, Any], *, backward: bool = False
    ) -> tuple[list[Any], dict[str, Any]]:
        own = {name.removeprefix(f"{place}."): tensor for name, tensor in self.parameters.items()
               if name.startswith(f"{place}.")}  # fmt: skip
        rows: dict[int, Any] = {}
        kept: dict[str, dict[int, Any]] = {}
        for t in reversed(range(len(below))) if backward else range(len(below)):
            values = self.step(own, below[t], state, {})
            for name, tensor in values.items():
                tensor.retain_grad()
                kept.setdefault(name, {})[t] = tensor
            state = {name: values[name] for name in state}
            rows[t] = values["h"]
        for name, held in kept.items():
            self.named[f"{place}.{name}"] = [held[t] for t in sorted(held)]
        return [rows[t] for t in sorted(rows)], state

    def _context(self, tops: Any, keys: Any) -> Any:
        if self.pair.attention is None:
            return None
        found = []
        for query in tops:
            scores = self._keep("decoder.attention.scores", self._scores(query, keys))
            alpha = self._keep("decoder.attention.alpha", self.torch.softmax(scores, dim=0))
            found.append(self._keep("decoder.attention.context", keys.T @ alpha))
        return self.torch.stack(found)

    def _scores(self, query: Any, keys: Any) -> Any:
        own = {name.rpartition(".")[2]: tensor for name, tensor in self.parameters.items()
               if name.startswith("decoder.attention.")}  # fmt: skip
        if self.pair.attention == "dot":
            return self.torch.stack([(query * key).sum() for key in keys])
        if self.pair.attention == "general":
            return self.torch.stack([query @ own["W_a"] @ key for key in keys])
        compared = [self.torch.tanh(own["W_q"] @ query + own["W_k"] @ key) for key in keys]
        return self.torch.stack([(own["v_a"] * each).sum() for each in compared])

    def _joined(self, tops: Any, context: Any) -> Any:
        return self.torch.cat([tops, context], dim=1)

    def _judged(self, seen: Any) -> tuple[Any, Any]:
        from tests.engine import torch_side

        loss = self.pair.loss
        kinds = {"cross_entropy": torch_side.ACTIVATIONS["softmax"],
                 "binary_cross_entropy": self.torch.sigmoid}  # fmt: skip
        apply = kinds.get(loss or "", self.torch.tanh)
        V, b = self.parameters["readout.V"], self.parameters["readout.b"]
        z = [self._keep("readout.z", V @ row + b) for row in seen]
        y = [self._keep("readout.y", apply(row)) for row in z]
        if loss is None:
            return self.torch.stack(y), sum(row.sum() for row in y)
        rows = zip(z, y, self.found.targets or [], strict=True)
        judged = [torch_side.row_loss(loss, *row) for row in rows if row[2] is not None]
        return self.torch.stack(y), sum(judged)


@pytest.mark.parametrize("pair", every_pair(), ids=lambda pair: pair.name)
def test_every_value_and_gradient_is_that_of_pytorchs_autograd(pair: Pair) -> None:
    found = problem(pair, 5, read=4, written=3)
    wanted = Theirs(found, pair).results()
    if pair.loss is not None:
        # A loss of z in one call leaves PyTorch's y beside its way.
        wanted = {name: array for name, array in wanted.items() if name != "d readout.y"}
    worst = differences(ours(found), wanted)
    note("encoder–decoder", worst)
    assert max(worst.values()) <= LIMIT
