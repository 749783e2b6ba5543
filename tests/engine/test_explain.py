"""Explanations: the arithmetic adds up, forward and backward, in data and in print."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.engine import digits, printing
from unrolled.engine.arithmetic import Function, Leaf, Node, Product, Quotient, Sum
from unrolled.engine.cell import Cell, catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.explain import explain
from unrolled.engine.layers import LayerSpec
from unrolled.engine.network import Network, ReadoutSpec
from unrolled.engine.trace import Trace, trace


@lru_cache(maxsize=1)
def lecture() -> Trace:
    options = {"input_activation": "identity", "output_activation": "identity"}
    network = Network([LayerSpec(catalogue()["lstm"], {"input": 3, "units": 1}, options)])
    weights: dict[str, Any] = {
        "W_g": [[1, 0, 0]], "W_i": [[0, 100, 0]], "b_i": [-10], "W_f": [[0, 100, 0]],
        "b_f": [10], "W_o": [[0, 0, 100]], "b_o": [-10],
    }  # fmt: skip
    network.assign({f"layers.0.forward.{name}": value for name, value in weights.items()})
    rows = [[3, 1, 0], [4, 1, 0], [2, 0, 0], [1, 0, 1], [3, -1, 0]]
    return trace(network, rows, gradients=True)


@pytest.mark.parametrize(
    ("address", "t", "expected"),
    [
        ("z_i[0]", 0, "0·3 + 100·1 + 0·0 − 10 = 90"),
        ("i[0]", 0, "σ(90) = 1.000"),
        ("layers.0.forward.f", 2, "σ(10) = 0.99995"),
        ("g", 0, "id(3) = 3"),
        ("c", 1, "1·3 + 1·4 = 7"),
        ("c", 2, "0.9999546·7 + 0.0000454·2 = 6.99977"),
        ("h", 2, "0.0000454·7.00 = 0.000318"),
        ("h", 3, "1·6.9995 = 6.9995"),
        ("z_f", 4, "0·3 + 100·(−1) + 0·0 + 10 = −90"),
        ("i", 4, "σ(−110) = 1.69·10⁻⁴⁸"),
    ],
)
def test_the_lectures_arithmetic_reads_as_on_the_blackboard(
    address: str, t: int, expected: str
) -> None:
    assert explain(lecture(), address, t)["text"] == {"en": expected, "zh": expected}


def test_the_lectures_rounding_stands_beside_the_exact_value() -> None:
    found = explain(lecture(), "c", 2)
    assert (found["rounded"], found["exact"]) == ("7", "6.999773010656488")
    assert explain(lecture(), "o", 2)["rounded"] == "0"


def test_a_gate_is_a_function_of_its_argument() -> None:
    found = explain(lecture(), "i[0]", 0)
    assert found["apply"].items() >= {"function": "sigmoid", "argument": 90.0}.items()
    assert found["terms"] == [
        {
            "factors": [
                {"label": "z_i[0]", "value": 90.0, "address": "layers.0.forward.z_i[0]", "t": 0}
            ],
            "value": 90.0,
        }
    ]


def test_every_factor_tells_where_it_is_found() -> None:
    found = explain(lecture(), "c", 1)
    previous = found["terms"][0]["factors"][1]
    assert previous["label"] == "c[t-1][0]"
    assert (previous["address"], previous["t"]) == ("layers.0.forward.c[0]", 0)
    weight = explain(lecture(), "z_i", 1)["terms"][1]["factors"][0]
    assert (weight["address"], weight["entry"]) == ("layers.0.forward.W_i", [0, 1])


def test_a_gradient_is_what_all_its_uses_pass_back() -> None:
    found = explain(lecture(), "c", 0, "backward")
    labels = [[factor["label"] for factor in term["factors"]] for term in found["terms"]]
    assert labels == [["dL/dm[0]"], ["dL/dc[t+1][0]", "f[t+1][0]"]]
    assert found["text"]["en"] == "0.0000454 + 1·1 = 1.00005"


def test_the_initial_state_has_no_step() -> None:
    assert explain(lecture(), "c", 0)["terms"][0]["factors"][1]["t"] is None


def test_an_input_is_given() -> None:
    found = explain(lecture(), "x[1]", 4)
    assert found["text"] == {"en": "−1 (given)", "zh": "−1 (给定)"}


@pytest.mark.parametrize(
    ("address", "t", "direction", "said"),
    [
        ("q", 0, "forward", "a number of layers.0.forward: x, z_f, f"),
        ("W_f", 0, "forward", "an entry of layers.0.forward"),
        ("layers.1.forward.h", 0, "forward", "one of layers.0.forward"),
        ("h[1]", 0, "forward", r"from \[0\] to \[0\]"),
        ("x", 0, "forward", r"from \[0\] to \[2\], got none"),
        ("h", 5, "forward", "a step from 0 to 4"),
        ("h", -1, "forward", "a step from 0 to 4"),
        ("h", 0, "sideways", "forward or backward"),
    ],
)
def test_what_the_trace_does_not_have_is_an_error(
    address: str, t: int, direction: str, said: str
) -> None:
    with pytest.raises(EngineError, match=said):
        explain(lecture(), address, t, direction)


# Every number of many networks.

MIXED = cell_from_document(
    {
        "id": "mixed",
        "state": ["h", "s"],
        "output": "h",
        "equations": "z = W @ concat(h[t-1], x) - U @ (s[t-1] * h[t-1])\n"
        "p = softmax(z) / (1 + z * z)\n"
        "s = -p + maximum(s[t-1], 0.1) * sqrt(exp(z)) + s[t-1] * (V @ (R @ s[t-1]))\n"
        "h = tanh(s - p * h[t-1] + b) + softplus(U @ s)",
    }
)
SIZES = {"input": 2, "units": 2, "outputs": 2}


def spec(cell: Cell, entries: int, **more: Any) -> LayerSpec:
    return LayerSpec(cell, {**SIZES, "input": entries}, **more)


def network(kind: str) -> tuple[Network, dict[str, Any]]:
    gru, lstm = catalogue()["gru"], catalogue()["lstm_peephole"]
    both = {"direction": "bidirectional"}
    softmax = ReadoutSpec(2, "softmax")
    match kind:
        case "mean":
            return Network([spec(gru, 2, **both)], ReadoutSpec(2, "tanh"), "mean"), {
                "loss": "squared_error", "targets": [[0.5, -1.0]]}  # fmt: skip
        case "last":
            return Network([spec(gru, 2), spec(lstm, 2, **both)], softmax, "last"), {
                "loss": "cross_entropy", "targets": [1]}  # fmt: skip
        case "deep":
            summed = spec(lstm, 2, merge="sum", **both)
            return Network([summed, spec(gru, 2, direction="backward")], softmax), {
                "loss": "cross_entropy", "targets": [0, None, [0.5, 1.0], 1]}  # fmt: skip
        case "binary":
            return Network([spec(gru, 2)], ReadoutSpec(1, "sigmoid")), {
                "loss": "binary_cross_entropy", "targets": [[0], [1], None, [1]]}  # fmt: skip
        case "bare":
            return Network([spec(lstm, 2, **both)]), {
                "loss": "squared_error", "targets": [[1, 0, 1, 0]] * 4}  # fmt: skip
        case "mixed":
            return Network([spec(MIXED, 2)], ReadoutSpec(2, "identity")), {}
    return Network([spec(catalogue()[kind], 2)]), {}


@lru_cache
def random_trace(kind: str) -> Trace:
    net, goal = network(kind)
    rng = np.random.default_rng(len(kind))
    net.assign({a: rng.normal(size=p.shape) * 0.7 for a, p in net.parameters().items()})
    return trace(net, rng.normal(size=(4, 2)), gradients=True, **goal)


KINDS = ["mean", "last", "deep", "binary", "bare", "mixed", *catalogue()]


def places(held: Trace) -> Iterator[tuple[str, int, str, float, float | None]]:
    """Address, step, name, value and gradient of every number."""
    for part, direction in held.directions():
        for name, rows in direction.values.items():
            for t, unit in np.ndindex(*rows.shape):
                assert direction.gradients is not None
                back = direction.gradients[name][t, unit]
                yield f"{part}.{name}[{unit}]", t, name, float(rows[t, unit]), float(back)


@pytest.mark.parametrize("kind", KINDS)
def test_forward_terms_add_up_to_every_value(kind: str) -> None:
    held = random_trace(kind)
    for address, t, _, value, _ in places(held):
        found = explain(held, address, t)
        assert found["value"] == value
        _check_factors(found["terms"])
        reached = sum(term["value"] for term in found["terms"])
        if found["apply"] is None or found["apply"]["function"] == "softmax":
            assert reached == pytest.approx(value, rel=1e-9, abs=1e-12), address
        elif "arguments" not in found["apply"]:
            assert reached == pytest.approx(found["apply"]["argument"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_backward_terms_add_up_to_every_gradient(kind: str) -> None:
    held = random_trace(kind)
    for address, t, _, _, gradient in places(held):
        found = explain(held, address, t, "backward")
        _check_factors(found["terms"])
        reached = sum(term["value"] for term in found["terms"])
        assert reached == pytest.approx(gradient, rel=1e-8, abs=1e-12), (address, t)


@pytest.mark.parametrize("kind", ["mean", "deep", "lstm"])
def test_backward_terms_add_up_to_the_gradient_of_an_input(kind: str) -> None:
    held = random_trace(kind)
    assert held.input_gradients is not None
    for t, unit in np.ndindex(*held.input_gradients.shape):
        found = explain(held, f"x[{unit}]", t, "backward")
        reached = sum(term["value"] for term in found["terms"])
        assert reached == pytest.approx(held.input_gradients[t, unit], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("kind", ["mean", "last", "deep"])
def test_what_a_layer_sees_is_explained_by_the_layer_beneath(kind: str) -> None:
    held = random_trace(kind)
    for part, direction in held.directions():
        if part.startswith("layers.0"):
            continue
        for t, unit in np.ndindex(*direction.inputs["x"].shape):
            found = explain(held, f"{part}.x[{unit}]", t)
            assert sum(term["value"] for term in found["terms"]) == pytest.approx(found["value"])


def _check_factors(terms: list[dict[str, Any]]) -> None:
    for term in terms:
        product = math.prod(factor["value"] for factor in term["factors"])
        assert product == pytest.approx(term["value"], rel=1e-9, abs=1e-300)


# Printed operands reproduce printed results.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_every_printed_line_holds(kind: str, direction: str) -> None:
    held = random_trace(kind)
    for address, t, *_ in places(held):
        holds(explain(held, address, t, direction)["text"]["en"])


NUMBERS = st.one_of(
    st.integers(-200, 200).map(float),
    st.floats(-1000, 1000, allow_nan=False),
    st.floats(-1, 1, allow_nan=False),
    st.floats(1e-60, 1e-3),
)


def _nested(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    lists = st.lists(inner, min_size=1, max_size=4)
    signed = st.lists(st.tuples(st.sampled_from([1, -1]), inner), min_size=1, max_size=4)
    return st.one_of(
        signed.map(lambda terms: Sum(tuple(terms))),
        lists.map(lambda factors: Product(tuple(factors))),
        inner.map(lambda node: Function("tanh", (node,))),
        inner.map(lambda node: Function("sigmoid", (node,))),
        inner.map(lambda node: Quotient(Leaf("1", 1.0), Sum(((1, Leaf("2", 2.0)), (1, node))))),
    )


def _finite(node: Node) -> bool:
    """Whether every number on the way is one that can be reproduced."""
    match node:
        case Sum(terms=terms):
            parts: list[Node] = [term for _, term in terms]
        case Product(factors=inner) | Function(arguments=inner):
            parts = list(inner)
        case Quotient(above=above, below=below):
            parts = [above, below]
        case _:
            parts = []
    return math.isfinite(node.value) and all(_finite(p) and not _lost(p) for p in parts)


def _lost(node: Node) -> bool:
    """Whether rounding has left a sum within an expression nothing of what it is: 1 + 1e-60 − 1."""
    if not isinstance(node, Sum):
        return False
    whole = math.fsum(sign * term.value for sign, term in node.terms)
    return abs(whole - node.value) > 1e-9 * abs(whole)


ANY = st.recursive(NUMBERS.map(lambda number: Leaf("a", number)), _nested, max_leaves=8)
NODES = ANY.filter(_finite)


@given(NODES)
def test_printed_operands_reproduce_the_printed_result(node: Node) -> None:
    holds(printing.text(node, node.value))


def test_a_division_by_zero_is_said_as_infinity() -> None:
    node = Quotient(Leaf("1", 1.0), Sum(((1, Leaf("2", 2.0)), (-1, Leaf("a", 2.0)))))
    assert printing.text(node, node.value) == "1 / (2 − 2) = ∞"


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ((1 / 3, 3.0), "0.333333·3 = 1"),
        ((0.123456, 2.0), "0.123456·2 = 0.24691"),
        ((2 / 3, 0.001), "0.667·0.001 = 0.000667"),
        ((0.00005, 6.99977), "0.00005·7.00 = 0.000350"),
        ((12345.678, 0.0), "12346·0 = 0"),
    ],
)
def test_operands_have_the_digits_that_the_result_needs_and_no_more(
    factors: tuple[float, ...], expected: str
) -> None:
    node = Product(tuple(Leaf("a", factor) for factor in factors))
    assert printing.text(node, node.value) == expected


def test_infinite_and_undefined_numbers_are_said() -> None:
    node = Product((Leaf("a", math.inf), Leaf("b", 0.0)))
    assert printing.text(node, math.nan) == "∞·0 = NaN"
    assert printing.text(Sum(((1, Leaf("a", 1.0)), (-1, Leaf("b", math.inf)))), -math.inf) == (
        "1 − ∞ = −∞"
    )


def test_long_rows_are_printed_as_what_they_add_up_to() -> None:
    row = tuple((1, Product((Leaf("W", 0.5), Leaf("x", 2.0)))) for _ in range(40))
    assert printing.text(Sum(((1, Sum(row, "W")), (1, Leaf("b", 1.0)))), 41.0) == "40 + 1 = 41"


@pytest.mark.parametrize(
    ("value", "rounded", "exact"),
    [
        (6.99977, "7", "6.99977"),
        (-0.001, "0", "−0.001"),
        (0.125, "0.12", "0.125"),
        (90.0, "90", "90"),
        (1e300, "1.00·10³⁰⁰", "1·10³⁰⁰"),
        (1e-5, "0", "0.00001"),
        (math.inf, "∞", "∞"),
        (-math.inf, "−∞", "−∞"),
    ],
)
def test_numbers_are_rounded_as_the_lecture_does_and_written_exactly(
    value: float, rounded: str, exact: str
) -> None:
    assert digits.rounded(value) == rounded
    assert digits.exact(value) == exact


_UP = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_FUNCTIONS: dict[str, Any] = {
    "σ": lambda a: 1 / (1 + math.exp(-a)) if a > -700 else 0.0,
    "ReLU": lambda a: max(a, 0.0),
    "id": lambda a: a,
    "tanh": math.tanh,
    "exp": math.exp,
    "cosh": math.cosh,
    "sinh": math.sinh,
    "softplus": lambda a: math.log1p(math.exp(a)),
    "max": max,
    "min": min,
    "sign": lambda a: float(np.sign(a)),
    "step": lambda a: float(a > 0),
    "root": math.sqrt,
}


def holds(line: str) -> None:
    """Read a printed line as a person with a pocket calculator would."""
    assert "≈" not in line, line
    left, _, right = line.partition(" = ")
    if not right:
        return
    wanted, unit = _number(right)
    python = re.sub(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda m: f"*10.0**{m[1].translate(_UP)}", left)
    python = python.replace("·", "*").replace("−", "-").replace("√", "root")
    found = eval(python, {"__builtins__": {}}, _FUNCTIONS)
    scale = max(
        (abs(_number(n)[0]) for n in re.findall(r"[\d.]+(?:·10[⁻⁰-⁹¹²³]+)?", left)), default=0
    )
    assert abs(found - wanted) <= unit * 0.5000001 + 1e-12 * scale, line


def _number(text: str) -> tuple[float, float]:
    """A printed number and the worth of its last digit."""
    mantissa, _, power = text.replace("−", "-").partition("·10")
    exponent = int(power.translate(_UP)) if power else 0
    decimals = len(mantissa.partition(".")[2])
    return float(mantissa) * 10.0**exponent, 10.0 ** (exponent - decimals)
