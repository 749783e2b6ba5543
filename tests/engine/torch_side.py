"""PyTorch's side of each case: its own modules, or its autograd over the papers' formulas.

Nothing here comes from our cell files; the formulas are written from the papers named there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from tests.engine.parity import Case, Results

Array = NDArray[Any]
Named = dict[str, Any]
torch.set_default_dtype(torch.float64)


def same(a: Any) -> Any:
    """The identity as a tensor of its own, with a gradient of its own."""
    return a.clone()


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": same,
    "softmax": lambda a: torch.softmax(a, dim=-1),
}  # fmt: skip
GATE_ORDER = {"RNN": "h", "LSTM": "ifgo", "GRU": "run"}


def affine(p: Named, gate: str, x: Any, h: Any) -> Any:
    """W x + U h + b of one gate."""
    return x @ p[f"W_{gate}"].T + h @ p[f"U_{gate}"].T + p[f"b_{gate}"]


def elman(p: Named, x: Any, s: Named, act: Named) -> Named:
    z_h = affine(p, "h", x, s["h"])
    return {"z_h": z_h, "h": act.get("activation", torch.tanh)(z_h)}


def jordan(p: Named, x: Any, s: Named, act: Named) -> Named:
    z_h = affine(p, "h", x, s["y"])
    h = act.get("activation", torch.tanh)(z_h)
    z_y = h @ p["V_y"].T + p["b_y"]
    return {"z_h": z_h, "h": h, "z_y": z_y, "y": act.get("output_activation", same)(z_y)}


def feed_forward(p: Named, x: Any, s: Named, act: Named) -> Named:
    z_h = x @ p["W_h"].T + p["b_h"]
    return {"z_h": z_h, "h": act.get("activation", torch.tanh)(z_h)}


def long_short_term(p: Named, x: Any, s: Named, act: Named, kind: str = "") -> Named:
    """Gers et al.; `kind` peephole (o sees c), peephole_ng (o sees c[t-1]) or coupled."""
    z = {gate: affine(p, gate, x, s["h"]) for gate in ("fgo" if kind == "coupled" else "figo")}
    if kind.startswith("peephole"):
        z["f"] = z["f"] + p["p_f"] * s["c"]
        z["i"] = z["i"] + p["p_i"] * s["c"]
    f = torch.sigmoid(z["f"])
    i = 1 - f if kind == "coupled" else torch.sigmoid(z["i"])
    g = act.get("input_activation", torch.tanh)(z["g"])
    c = f * s["c"] + i * g
    if kind.startswith("peephole"):
        z["o"] = z["o"] + p["p_o"] * (c if kind == "peephole" else s["c"])
    o = torch.sigmoid(z["o"])
    m = act.get("output_activation", torch.tanh)(c)
    return {**{f"z_{gate}": value for gate, value in z.items()},
            "f": f, "i": i, "g": g, "o": o, "c": c, "m": m, "h": o * m}  # fmt: skip


def gated(p: Named, x: Any, s: Named, act: Named, kind: str = "") -> Named:
    """Cho et al. and Chung et al.; `kind` before, ng (u writes) or simple (no reset)."""
    h, found = s["h"], {}
    if kind != "simple":
        found["z_r"] = affine(p, "r", x, h)
        found["r"] = r = torch.sigmoid(found["z_r"])
    found["z_u"] = affine(p, "u", x, h)
    found["u"] = u = torch.sigmoid(found["z_u"])
    if kind == "":
        z_n = x @ p["W_n"].T + p["b_n"] + r * (h @ p["U_n"].T + p["d_n"])
    else:
        z_n = affine(p, "n", x, h if kind == "simple" else r * h)
    n = torch.tanh(z_n)
    new = u * n + (1 - u) * h if kind in ("ng", "simple") else (1 - u) * n + u * h
    return {**found, "z_n": z_n, "n": n, "h": new}


def minimal(p: Named, x: Any, s: Named, act: Named) -> Named:
    """Zhou et al. 2016."""
    z_f = affine(p, "f", x, s["h"])
    f = torch.sigmoid(z_f)
    z_n = affine(p, "n", x, f * s["h"])
    n = torch.tanh(z_n)
    return {"z_f": z_f, "f": f, "z_n": z_n, "n": n, "h": (1 - f) * s["h"] + f * n}


def independent(p: Named, x: Any, s: Named, act: Named) -> Named:
    """Li et al. 2018."""
    z_h = x @ p["W_h"].T + p["u_h"] * s["h"] + p["b_h"]
    return {"z_h": z_h, "h": act.get("activation", torch.relu)(z_h)}


def min_gru(p: Named, x: Any, s: Named, act: Named) -> Named:
    """Feng et al. 2024."""
    z_u = x @ p["W_u"].T + p["b_u"]
    u = torch.sigmoid(z_u)
    n = x @ p["W_n"].T + p["b_n"]
    return {"z_u": z_u, "u": u, "n": n, "h": (1 - u) * s["h"] + u * n}


def exponential(p: Named, x: Any, s: Named, act: Named) -> Named:
    """Beck et al. 2024, sLSTM with its stabiliser."""
    z = {gate: affine(p, gate, x, s["h"]) for gate in "figo"}
    m = torch.maximum(z["f"] + s["m"], z["i"])
    i, f = torch.exp(z["i"] - m), torch.exp(z["f"] + s["m"] - m)
    g, o = torch.tanh(z["g"]), torch.sigmoid(z["o"])
    c, n = f * s["c"] + i * g, f * s["n"] + i
    return {**{f"z_{gate}": value for gate, value in z.items()},
            "m": m, "f": f, "i": i, "g": g, "o": o, "c": c, "n": n, "h": o * (c / n)}  # fmt: skip


def diagonal(p: Named, x: Any, s: Named, act: Named) -> Named:
    """Orvieto et al. 2023 with real a."""
    a = torch.exp(-torch.exp(p["p_a"])).expand_as(s["h"]).clone()
    return {"a": a, "h": a * s["h"] + torch.sqrt(1 - a**2) * (x @ p["W_h"].T)}


def _kind(step: Callable[..., Named], kind: str) -> Callable[..., Named]:
    return lambda p, x, s, act: step(p, x, s, act, kind)


STEPS: dict[str, Callable[..., Named]] = {
    "elman": elman, "jordan": jordan, "feed_forward": feed_forward,
    "lstm": long_short_term, "lstm_coupled": _kind(long_short_term, "coupled"),
    "lstm_peephole": _kind(long_short_term, "peephole"),
    "lstm_peephole_ng": _kind(long_short_term, "peephole_ng"),
    "gru": gated, "gru_reset_before": _kind(gated, "before"), "gru_ng": _kind(gated, "ng"),
    "gru_simple": _kind(gated, "simple"), "mgu": minimal, "indrnn": independent,
    "min_gru": min_gru, "slstm": exponential, "diagonal_linear": diagonal,
}  # fmt: skip


def theirs(case: Case) -> Results:
    """PyTorch's side of a case."""
    return Side(case).results()


class Side:
    """Tensors of one case and what came of them."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.numbers = case.numbers
        self.leaves: dict[str, Any] = {}
        self.values: dict[str, Any] = {}
        self.final: dict[str, Any] = {}
        self.x = self._leaf("inputs", self.numbers.x)
        self.parameters = {
            address: self._leaf(address, array)
            for address, array in self.numbers.network.parameters().items()
        }
        self.initial = {
            (number, way, name): self._leaf(f"initial.{number}.{way}.{name}", array)
            for number, layer in enumerate(self.numbers.initial)
            for way, held in layer.items()
            for name, array in held.items()
        }

    def results(self) -> Results:
        """Run forward and backward, gather everything in the form of `parity.ours`."""
        top = self._module() if self.case.module else self._loops()
        outputs, goal = self._judged(self._pooled(top))
        loss = goal
        if self.case.goal is None:
            for number, layer in enumerate(self.numbers.final):
                for way, held in layer.items():
                    for name, gradient in held.items():
                        state = self.final[f"final.{number}.{way}.{name}"]
                        goal = goal + (state * torch.from_numpy(gradient)).sum()
        goal.backward()
        found = {"outputs": outputs, **self.values}
        found |= {"loss": loss} if self.case.goal else self.final
        for name, tensor in {**self.values, **self.leaves}.items():
            grad = tensor.grad
            found[f"d {name}"] = torch.zeros_like(tensor) if grad is None else grad
        return {name: tensor.detach().numpy().copy() for name, tensor in found.items()}

    def _leaf(self, name: str, array: Array) -> Any:
        self.leaves[name] = torch.from_numpy(np.array(array)).requires_grad_()
        return self.leaves[name]

    def _ways(self) -> tuple[str, ...]:
        return self.numbers.network.stack.layers[0].spec.directions

    def _module(self) -> Any:
        """nn.RNN, nn.LSTM or nn.GRU on our weights; its second biases are ours or zero."""
        case, ways = self.case, self._ways()
        kind = {"nonlinearity": case.options["activation"]} if case.module == "RNN" else {}
        cell = self.numbers.network.stack.layers[0].spec
        module = getattr(torch.nn, case.module or "")(
            self.x.shape[-1], cell.dimensions["units"], case.depth,
            bidirectional=len(ways) == 2, **kind,
        )  # fmt: skip
        weights = {name: self._of_module(name) for name in dict(module.named_parameters())}
        states = [
            torch.stack([self.initial[number, way, name]
                         for number in range(case.depth) for way in ways])
            for name in ("hc" if case.module == "LSTM" else "h")
        ]  # fmt: skip
        hidden = tuple(states) if len(states) == 2 else states[0]
        top, last = torch.func.functional_call(module, weights, (self.x, hidden))
        lasts = last if len(states) == 2 else (last,)
        for name, stacked in zip("hc", lasts, strict=False):
            for row, (number, way) in enumerate((n, w) for n in range(case.depth) for w in ways):
                self.final[f"final.{number}.{way}.{name}"] = stacked[row]
        return top

    def _of_module(self, name: str) -> Any:
        """weight_ih_l0_reverse and so on, of our parameters: gates one above the other."""
        kind, side, place = name.split("_")[:3]
        way = "backward" if name.endswith("_reverse") else "forward"
        address = f"layers.{place[1:]}.{way}"
        gates = GATE_ORDER[self.case.module or ""]
        letter = {"weightih": "W", "weighthh": "U", "biasih": "b", "biashh": "d"}[kind + side]
        parts = [self.parameters.get(f"{address}.{letter}_{gate}") for gate in gates]
        like = self.parameters[f"{address}.b_{gates[0]}"]
        return torch.cat([torch.zeros_like(like) if part is None else part for part in parts])

    def _loops(self) -> Any:
        below = self.x
        layers = self.numbers.network.stack.layers
        for number, layer in enumerate(layers):
            tops = [self._loop(number, way, below) for way in layer.spec.directions]
            summed = layer.spec.merge == "sum" and len(tops) == 2
            below = tops[0] + tops[1] if summed else torch.cat(tops, dim=-1)
        return below

    def _loop(self, number: int, way: str, below: Any) -> Any:
        case, address = self.case, f"layers.{number}.{way}"
        p = {name.removeprefix(address + "."): tensor for name, tensor in self.parameters.items()
             if name.startswith(address + ".")}  # fmt: skip
        act = {option: ACTIVATIONS[name] for option, name in case.options.items()}
        state = {name: tensor for (n, w, name), tensor in self.initial.items()
                 if (n, w) == (number, way)}  # fmt: skip
        steps = len(below)
        rows: dict[str, list[Any]] = {}
        order = range(steps) if way == "forward" else reversed(range(steps))
        for t in order:
            found = STEPS[case.cell](self._used(address, p, t), below[t], state, act)
            for name, tensor in found.items():
                tensor.retain_grad()
                rows.setdefault(name, []).append(tensor)
            state = {name: found[name] for name in state}
        for name, held in rows.items():
            ordered = held if way == "forward" else held[::-1]
            self.values[f"{number}.{way}.{name}"] = _Sequence(ordered)
        for name, tensor in state.items():
            self.final[f"final.{number}.{way}.{name}"] = tensor
        output = self.numbers.network.stack.layers[number].spec.cell.output
        return torch.stack(self.values[f"{number}.{way}.{output}"].rows)

    def _used(self, address: str, p: Named, t: int) -> Named:
        """The parameters as step t uses them."""
        return p

    def _pooled(self, top: Any) -> Any:
        if self.case.pool == "mean":
            return top.mean(dim=0, keepdim=True)
        if self.case.pool != "last":
            return top
        ways = self._ways()
        if ways == ("backward",):
            return top[:1]
        if len(ways) == 1:
            return top[-1:]
        half = top.shape[-1] // 2
        if self.numbers.network.stack.layers[-1].spec.merge == "concat":
            return torch.cat([top[-1:, ..., :half], top[:1, ..., half:]], dim=-1)
        place = f"{self.case.depth - 1}"
        output = self.numbers.network.stack.layers[-1].spec.cell.output
        first, second = (self.values[f"{place}.{way}.{output}"].rows for way in ways)
        return (first[-1] + second[0])[None]

    def _judged(self, pooled: Any) -> tuple[Any, Any]:
        """The answers, and the loss or the sum that gradients were given for."""
        if self.case.goal is None:
            return pooled, (pooled * torch.from_numpy(self.numbers.given)).sum()
        z = pooled @ self.parameters["readout.V"].T + self.parameters["readout.b"]
        loss = self.numbers.loss or ""
        y = {"cross_entropy": ACTIVATIONS["softmax"],
             "binary_cross_entropy": torch.sigmoid}.get(loss, same)(z)  # fmt: skip
        total = torch.zeros(())
        for row, target in enumerate(self.numbers.targets or []):
            if target is not None:
                total = total + row_loss(loss, z[row], y[row], target)
        return y, total


class _Sequence:
    """One tensor a step, seen as one array of values and one of gradients."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = rows

    @property
    def grad(self) -> Any:
        return torch.stack([torch.zeros_like(r) if r.grad is None else r.grad for r in self.rows])

    def detach(self) -> Any:
        return torch.stack(self.rows).detach()


def row_loss(loss: str, z: Any, y: Any, target: Any) -> Any:
    goal = torch.tensor(target)
    if loss == "cross_entropy":
        return F.cross_entropy(z, goal, reduction="sum")
    if loss == "binary_cross_entropy":
        return F.binary_cross_entropy(y, goal, reduction="sum")
    return 0.5 * ((y - goal) ** 2).sum()
