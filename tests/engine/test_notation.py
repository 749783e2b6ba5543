"""Cells as they are written: in each book's symbols, in the cells' own language, as code."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unrolled.engine import code, latex, mathml, parse, typeset, wording
from unrolled.engine.cell import Cell, catalogue, cell_from_document
from unrolled.engine.errors import CellError, EngineError
from unrolled.engine.expressions import Apply, Expression, Name, Number, names
from unrolled.engine.notation import notations, script
from unrolled.engine.operations import OPERATIONS

CELLS = {name: cell.with_options({}) for name, cell in catalogue().items()}
EVERY = [(cell, notation) for cell in CELLS for notation in notations()]


def typed(text: str, state: tuple[str, ...] = ("h",), **more: Any) -> Cell:
    document = {"id": "mine", "state": list(state), "output": "h", "equations": text, **more}
    return cell_from_document(document)


def written(cell: Cell, notation: str) -> dict[str, str]:
    entry = script(cell, notation)
    return {
        e.name: wording.render(typeset.equation(e, entry), entry.notation.time)
        for e in cell.equations
    }


@pytest.mark.parametrize(("cell", "notation"), EVERY)
def test_latex_has_balanced_braces_and_fences(cell: str, notation: str) -> None:
    entry = script(CELLS[cell], notation)
    for equation in CELLS[cell].equations:
        text = latex.render(typeset.equation(equation, entry), entry.notation.time)
        depths = np.cumsum([{"{": 1, "}": -1}.get(character, 0) for character in text])
        assert depths.min() >= 0
        assert depths[-1] == 0
        assert text.count(r"\left") == text.count(r"\right")
        assert not re.search(r"[^\x20-\x7e]", text), "LaTeX stays ASCII"


@pytest.mark.parametrize(("cell", "notation"), EVERY)
def test_mathml_is_xml_and_marks_every_name_that_the_equation_has(cell: str, notation: str) -> None:
    entry = script(CELLS[cell], notation)
    for equation in CELLS[cell].equations:
        markup = mathml.math(typeset.equation(equation, entry), entry.notation.time, {})
        marked = set()
        for element in ElementTree.fromstring(markup).iter():
            if "data-name" in element.attrib:
                assert element.attrib["class"] == "sym role-plain"
                previous = element.attrib.get("data-previous") == "true"
                for name in element.attrib.get("data-names", element.attrib["data-name"]).split():
                    marked.add((name, previous))
        expected = {(name.id, name.previous) for name in names(equation.expression)}
        assert marked == {(equation.name, False), *expected}


@pytest.mark.parametrize(("cell", "notation"), EVERY)
def test_no_two_names_of_a_cell_share_a_symbol(cell: str, notation: str) -> None:
    entry = script(CELLS[cell], notation)
    texts = [wording.symbol(symbol, entry.notation.time) for symbol in entry.symbols.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("cell", "notation", "name", "expected"),
    [
        ("lstm", "lee", "z_f", "z_f = W_f x^t + U_f a^{t−1} + b_f"),
        ("lstm", "lee", "z_g", "z = W_g x^t + U_g a^{t−1} + b_g"),
        ("lstm", "lee", "c", "c^t = f(z_f) ⊙ c^{t−1} + f(z_i) ⊙ g(z)"),
        ("lstm", "lee", "h", "a^t = f(z_o) ⊙ h(c^t)"),
        ("lstm_coupled", "lee", "i", "i = 1 − f(z_f)"),
        ("elman", "lee", "h", "h^t = tanh(z_h)"),
        ("elman", "ng", "z_h", "z_a = W_a [a⟨t−1⟩, x⟨t⟩] + b_a"),
        ("lstm", "ng", "z_i", "z_u = W_u [a⟨t−1⟩, x⟨t⟩] + b_u"),
        ("lstm", "ng", "c", "c⟨t⟩ = Γ_f ⊙ c⟨t−1⟩ + Γ_u ⊙ c̃⟨t⟩"),
        ("lstm_peephole", "ng", "z_o", "z_o = W_o [a⟨t−1⟩, x⟨t⟩] + p_o ⊙ c⟨t⟩ + b_o"),
        ("gru_ng", "ng", "z_n", "z_c = W_c [Γ_r ⊙ c⟨t−1⟩, x⟨t⟩] + b_c"),
        ("gru_ng", "ng", "h", "a⟨t⟩ = c⟨t⟩ = Γ_u ⊙ c̃⟨t⟩ + (1 − Γ_u) ⊙ c⟨t−1⟩"),
        ("lstm", "colah", "z_g", "a_{C,t} = W_C · [h_{t−1}, x_t] + b_C"),
        ("lstm", "colah", "c", "C_t = f_t ⊙ C_{t−1} + i_t ⊙ C̃_t"),
        ("gru", "colah", "h", "h_t = (1 − z_t) ⊙ h̃_t + z_t ⊙ h_{t−1}"),
        ("lstm", "pytorch", "z_f", "a_{f,t} = W_if x_t + b_if + W_hf h_{t−1} + b_hf"),
        ("gru", "pytorch", "z_n", "a_{n,t} = W_in x_t + b_in + r_t ⊙ (W_hn h_{t−1} + b_hn)"),
        ("gru", "pytorch", "h", "h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}"),
        ("feed_forward", "pytorch", "z_h", "a_{h,t} = W_ih x_t + b_h"),
    ],
)
def test_equations_read_as_in_the_book(cell: str, notation: str, name: str, expected: str) -> None:
    assert written(CELLS[cell], notation)[name] == expected


def test_identity_prints_as_its_argument() -> None:
    chosen = catalogue()["lstm"].with_options({"input_activation": "identity"})
    assert written(chosen, "lee")["g"] == "g(z) = z"


def test_a_typed_cell_is_written_with_its_own_letters() -> None:
    cell = typed(
        "memory = tanh(W_in @ x + alpha * h[t-1])\nh = memory * step1\nstep1 = 0.5 * h[t-1]"
    )
    assert written(cell, "pytorch")["memory"] == "memory_t = tanh(W_iin x_t + α ⊙ h_{t−1})"
    assert written(cell, "lee")["step1"] == "step_1^t = 0.5 · h^{t−1}"


def test_names_that_a_notation_would_write_alike_keep_their_own_spelling() -> None:
    cell = typed("i = sigmoid(W_i @ x)\nu = sigmoid(W_u @ x)\nh = i * u * h[t-1]")
    assert written(cell, "ng")["h"] == "a⟨t⟩ = i ⊙ u ⊙ a⟨t−1⟩"
    twins = typed("h1 = tanh(W @ x)\nh_1 = tanh(U @ x)\nh = h1 * h_1 * h[t-1]")
    assert written(twins, "lee")["h"] == "h^t = h1^t ⊙ h_1^t ⊙ h^{t−1}"


def test_a_matrix_that_stands_twice_in_a_sum_is_not_stacked() -> None:
    cell = typed("h = tanh(W_h @ x + W_h @ x + U_h @ h[t-1])")
    assert "[" not in written(cell, "colah")["h"]


def test_a_bias_that_stands_twice_is_not_split() -> None:
    cell = typed("h = tanh(W_h @ x + U_h @ h[t-1] + b_h + b_h)")
    expected = "h_t = tanh(W_ih x_t + W_hh h_{t−1} + b_h + b_h)"
    assert written(cell, "pytorch")["h"] == expected


def test_what_is_subtracted_is_neither_stacked_nor_split() -> None:
    cell = typed("h = tanh(W_h @ x - U_h @ h[t-1] - b_h)")
    assert written(cell, "ng")["h"] == "a⟨t⟩ = tanh(W_ax x⟨t⟩ − W_aa a⟨t−1⟩ − b_a)"
    assert written(cell, "pytorch")["h"] == "h_t = tanh(W_ih x_t − W_hh h_{t−1} − b_h)"


def test_a_cell_file_may_bring_symbols_of_its_own() -> None:
    cell = typed("h = tanh(W @ x) + h[t-1]", symbols={"ng": {"h": "Ψ̂_s"}})
    entry = script(cell, "ng")
    box = typeset.symbol("h", entry, previous=True)
    assert latex.render(box, entry.notation.time) == r"\hat{\Psi}_{s}^{\langle t-1\rangle}"
    assert 'mathvariant="normal">Ψ<' in mathml.render(box, entry.notation.time, {})


@pytest.mark.parametrize("symbol", ["<script>", r"\input{x}", "", 3, "h" * 90, "f(z", "a_{b}"])
def test_symbols_that_are_none_are_refused_by_field(symbol: object) -> None:
    cell = typed("h = tanh(W @ x)", symbols={"ng": {"h": symbol}})
    with pytest.raises(CellError, match=r"symbols\.h"):
        script(cell, "ng")


def test_an_unknown_notation_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(EngineError, match="lee, ng, colah, pytorch"):
        script(CELLS["lstm"], "goodfellow")


# The plain text of an expression means what the expression means.

LEAVES = st.one_of(
    st.sampled_from([Name("p"), Name("q"), Name("h", previous=True)]),
    st.floats(-9, 9, allow_nan=False).map(lambda value: Number(round(value, 2) or 0.0)),
)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    binary = st.sampled_from(["add", "subtract", "multiply", "divide"])
    unary = st.sampled_from(["negative", "tanh", "sigmoid", "identity", "sqrt", "relu"])
    return st.one_of(
        st.builds(lambda o, a, b: Apply(o, (a, b)), binary, inner, inner),
        st.builds(lambda a: Apply("matmul", (Name("W_p"), a)), inner),
        st.builds(
            # The parser folds the minus of a number into the number.
            lambda o, a: a if o == "negative" and isinstance(a, Number) else Apply(o, (a,)),
            unary,
            inner,
        ),
        st.builds(lambda a, b: Apply("maximum", (a, b)), inner, inner),
    )


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(LEAVES, _larger, max_leaves=12)


@given(EXPRESSIONS)
def test_the_source_of_an_expression_parses_to_the_same_expression(node: Expression) -> None:
    assert parse.expression(code.source(node)) == node


@pytest.mark.parametrize("cell", CELLS)
def test_the_source_of_every_equation_parses_to_the_same_expression(cell: str) -> None:
    for equation in CELLS[cell].equations:
        assert parse.expression(code.source(equation.expression)) == equation.expression


@given(EXPRESSIONS)
def test_mathematics_in_plain_text_has_the_brackets_it_needs(node: Expression) -> None:
    cell = typed("h = p * q + h[t-1] * (W_p @ x)", sizes={})
    entry = script(cell, "lee")
    text = wording.render(typeset.expression(node, entry), entry.notation.time)
    python = text.replace("h^{t−1}", "h").replace("W_p ", "W_p @ ").replace("−", "-")
    for sign in ("⊙", "·"):
        python = python.replace(sign, "*")
    python = re.sub(r"√|σ|ReLU|max", lambda f: _SPELLED[f.group()], python)
    assert _same(parse.expression(python), node)


_SPELLED = {"√": "sqrt", "σ": "sigmoid", "ReLU": "relu", "max": "maximum"}


def _same(left: Expression, right: Expression) -> bool:
    """Equal but for identity, which is written as its argument, and times, which is shown."""
    return _plain(left) == _plain(right)


def _plain(node: Expression) -> object:
    match node:
        case Name(id=name):
            return name.removesuffix("_t")
        case Number(value=value):
            return value
        case Apply(operation="identity", arguments=(inner,)):
            return _plain(inner)
        case Apply(operation="negative", arguments=(inner,)):
            held = _plain(inner)
            return -held if isinstance(held, float) else ("negative", held)
    return (node.operation, *map(_plain, node.arguments))


# Code.

Values = dict[str, Any]
HAND: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "matmul": lambda a, b: np.array([sum(w * v for w, v in zip(r, b, strict=True)) for r in a]),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
    "relu": lambda a: np.where(a > 0, a, 0),
    "identity": lambda a: a,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "softplus": lambda a: np.log(1 + np.exp(a)),
    "absolute": lambda a: np.where(a < 0, -a, a),
    "step": lambda a: np.where(a > 0, 1.0, 0.0),
    "sign": lambda a: np.where(a > 0, 1.0, -1.0),
    "maximum": lambda a, b: np.where(a > b, a, b),
    "minimum": lambda a, b: np.where(a < b, a, b),
    "softmax": lambda a: np.array([math.exp(v) for v in a]) / sum(math.exp(v) for v in a),
    "concat": lambda *a: np.array([v for part in a for v in part]),
}


def by_hand(node: Expression, values: Values) -> Any:
    match node:
        case Number(value=value):
            return value
        case Name():
            return values[node.key]
    return HAND[node.operation](*(by_hand(argument, values) for argument in node.arguments))


def random_values(cell: Cell, rng: np.random.Generator) -> Values:
    sizes = {"input": 3, "units": 2, "outputs": 2, "static": 2, "units + input": 5}
    shapes = {p.name: tuple(sizes[s] for s in map(_size, p.shape)) for p in cell.parameters}
    shapes |= {f"{name}[t-1]": (sizes[_size(cell.size_of[name])],) for name in cell.state}
    shapes |= {name: (sizes[_size(cell.size_of[name])],) for name in cell.inputs}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def _size(size: Any) -> str:
    return size if isinstance(size, str) else " + ".join(size)


ALL_FUNCTIONS = typed(
    "z = W @ concat(h[t-1], x)\n"
    "np = exp(z) + softplus(z) + absolute(z) + step(z) + sign(z) + relu(z) + identity(-z)\n"
    "torch = sqrt(exp(z)) + log(exp(z)) - maximum(z, 0.5) / minimum(z, 2) + softmax(z)\n"
    "h_previous = np * torch\n"
    "h = h_previous + h[t-1]"
)


@pytest.mark.parametrize("cell", [*CELLS.values(), ALL_FUNCTIONS], ids=lambda cell: cell.id)
def test_printed_numpy_computes_what_the_equations_say(cell: Cell) -> None:
    values = random_values(cell, np.random.default_rng(5))
    namespace: dict[str, Any] = {}
    exec(code.numpy(cell), namespace)
    given = [values[n] for n in cell.inputs] + [values[f"{n}[t-1]"] for n in cell.state]
    got = namespace[f"{cell.id}_step"](*given, *(values[p.name] for p in cell.parameters))
    for equation in cell.evaluation:
        values[equation.name] = by_hand(equation.expression, values)
    wanted = [values[name] for name in dict.fromkeys((*cell.state, cell.output))]
    np.testing.assert_allclose(np.stack(got if len(wanted) > 1 else [got]), wanted, rtol=1e-12)


@pytest.mark.parametrize("cell", [*CELLS.values(), ALL_FUNCTIONS], ids=lambda cell: cell.id)
def test_printed_pytorch_is_python(cell: Cell) -> None:
    compile(code.torch(cell), cell.id, "exec")


@pytest.mark.oracle
@pytest.mark.parametrize("cell", [*CELLS.values(), ALL_FUNCTIONS], ids=lambda cell: cell.id)
def test_printed_pytorch_computes_what_the_equations_say(cell: Cell) -> None:
    torch = pytest.importorskip("torch", reason="PyTorch is an optional oracle")
    values = random_values(cell, np.random.default_rng(6))
    order = [*cell.inputs, *(f"{n}[t-1]" for n in cell.state), *(p.name for p in cell.parameters)]
    namespace: dict[str, Any] = {}
    exec(code.torch(cell), namespace)
    got = namespace[f"{cell.id}_step"](*(torch.tensor(values[name]) for name in order))
    for equation in cell.evaluation:
        values[equation.name] = by_hand(equation.expression, values)
    wanted = [values[name] for name in dict.fromkeys((*cell.state, cell.output))]
    found = [t.numpy() for t in (got if len(wanted) > 1 else [got])]
    np.testing.assert_allclose(np.stack(found), wanted, rtol=1e-12)


def test_every_operation_has_code_and_a_hand_made_twin() -> None:
    assert set(HAND) == set(OPERATIONS)
    for row in OPERATIONS.values():
        assert row.name == "identity" or (row.numpy and row.torch), row.name
