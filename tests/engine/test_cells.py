"""Cells: sizes inferred from equations, options, order of evaluation, the catalogue."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from unrolled.engine.cell import Cell, catalogue, cell_from_document
from unrolled.engine.errors import EngineError
from unrolled.engine.program import Program, compile_cell


def cell(text: str, **fields: Any) -> Cell:
    document = {"id": "mine", "state": ["h"], "output": "h", "equations": text, **fields}
    return cell_from_document(document)


def shapes(made: Cell) -> dict[str, tuple[Any, ...]]:
    return {p.name: p.shape for p in made.parameters}


def test_sizes_follow_from_the_equations() -> None:
    made = cell("h = tanh(W @ x + U @ h[t-1] + b)")
    assert shapes(made) == {"W": ("units", "input"), "U": ("units", "units"), "b": ("units",)}
    assert made.size_of == {"x": "input", "v": "static", "h": "units"}


def test_what_meets_the_input_elementwise_has_its_size() -> None:
    made = cell("h = p * x + C @ u\nu = V @ h[t-1]")
    assert shapes(made) == {
        "p": ("input",), "C": ("input", "units"), "V": ("units", "input")
    }  # fmt: skip
    assert made.size_of["u"] == "units"


def test_a_declared_size_spreads() -> None:
    made = cell("h = V @ k + b\nk = U @ h[t-1]", sizes={"h": "outputs"})
    assert shapes(made) == {
        "V": ("outputs", "units"), "b": ("outputs",), "U": ("units", "outputs")
    }  # fmt: skip


def test_a_concatenation_has_the_sizes_of_its_parts() -> None:
    made = cell("h = W @ concat(h[t-1], x) + b")
    assert shapes(made) == {"W": ("units", ("units", "input")), "b": ("units",)}
    assert Program(made, {"input": 2, "units": 3}).shapes == {"W": (3, 5), "b": (3,)}


def test_a_matrix_used_twice_has_one_shape() -> None:
    assert shapes(cell("h = W @ x + W @ h[t-1]"))["W"] == ("input", "input")


def test_a_number_fits_any_size() -> None:
    assert cell("h = 3\ng = 1 - x\nk = g * 2").size_of["k"] == "input"


def test_the_static_vector_has_a_size_of_its_own() -> None:
    assert shapes(cell("h = W_v @ v"))["W_v"] == ("units", "static")


def test_inputs_are_those_the_equations_use() -> None:
    assert cell("h = h[t-1] + 1").inputs == ()
    assert cell("h = W @ v + x").inputs == ("x", "v")


def test_an_option_is_one_of_its_primitives() -> None:
    made = cell("h = f(W @ x)", options={"f": ["tanh", "relu"]})
    x, sizes = {"x": np.array([[-2.0]])}, {"input": 1, "units": 1}
    found = {}
    for chosen in ({}, {"f": "relu"}):
        program = compile_cell(made, chosen, sizes)
        weights = program.weights()
        weights.assign({"W": [[1]]})
        found[len(chosen)] = program.forward(weights, x, {}, 1).values["h"][0, 0]
    assert found == {0: np.tanh(-2.0), 1: 0}
    with pytest.raises(EngineError, match=r"options\.f: expected one of tanh, relu, got 'exp'"):
        made.with_options({"f": "exp"})
    with pytest.raises(EngineError, match="options: expected one of f, got 'g'"):
        made.with_options({"g": "exp"})


def test_a_size_must_be_at_least_one() -> None:
    with pytest.raises(EngineError, match="units: expected at least 1, got 0"):
        compile_cell(catalogue()["elman"], {}, {"input": 1, "units": 0})


def test_two_cells_of_one_text_that_differ_in_state_are_two_programs() -> None:
    sizes = {"input": 1, "units": 1}
    one, other = cell("h = x\nk = h"), cell("h = x\nk = h", state=["k"])
    assert compile_cell(one, {}, sizes).cell.state != compile_cell(other, {}, sizes).cell.state


EQUATIONS = {
    "elman": "z_h h",
    "jordan": "z_h h z_y y",
    "feed_forward": "z_h h",
    "lstm": "z_f f z_i i z_g g z_o o c m h",
    "lstm_peephole": "z_f f z_i i z_g g z_o o c m h",
    "lstm_peephole_ng": "z_f f z_i i z_g g z_o o c m h",
    "lstm_coupled": "z_f f i z_g g z_o o c m h",
    "gru": "z_r r z_u u z_n n h",
    "gru_reset_before": "z_r r z_u u z_n n h",
    "gru_ng": "z_r r z_u u z_n n h",
    "gru_simple": "z_u u z_n n h",
}
GATED = {name: [f"{kind}_{gate}" for gate in gates for kind in "WUb"]
         for name, gates in {"lstm": "figo", "lstm_coupled": "fgo", "gru": "run",
                             "gru_simple": "un"}.items()}  # fmt: skip
PARAMETERS = {
    "elman": ["W_h", "U_h", "b_h"],
    "jordan": ["W_h", "U_h", "b_h", "V_y", "b_y"],
    "feed_forward": ["W_h", "b_h"],
    **GATED,
    "lstm_peephole": [*GATED["lstm"], "p_f", "p_i", "p_o"],
    "lstm_peephole_ng": [*GATED["lstm"], "p_f", "p_i", "p_o"],
    "gru": [*GATED["gru"], "d_n"],
    "gru_reset_before": GATED["gru"],
    "gru_ng": GATED["gru"],
}


@pytest.mark.parametrize("identifier", EQUATIONS)
def test_a_cell_of_the_contract_has_its_values_and_parameters(identifier: str) -> None:
    made = catalogue()[identifier]
    assert [e.name for e in made.equations] == EQUATIONS[identifier].split()
    assert sorted(p.name for p in made.parameters) == sorted(PARAMETERS[identifier])
    assert made.state == {"jordan": ("y",), "feed_forward": ()}.get(
        identifier, ("h", "c") if identifier.startswith("lstm") else ("h",)
    )


def count(identifier: str, units: int, inputs: int) -> int:
    program = compile_cell(
        catalogue()[identifier], {}, {"input": inputs, "units": units, "outputs": units}
    )
    return sum(math.prod(shape) for shape in program.shapes.values())


@pytest.mark.parametrize(("units", "inputs"), [(1, 3), (5, 2), (16, 16)])
def test_an_lstm_has_four_times_and_a_gru_three_times_the_parameters(
    units: int, inputs: int
) -> None:
    simple = count("elman", units, inputs)
    assert simple == units * (units + inputs + 1)
    assert count("lstm", units, inputs) == 4 * simple
    assert count("gru_reset_before", units, inputs) == 3 * simple
    assert count("gru_ng", units, inputs) == 3 * simple
    assert count("gru", units, inputs) == 3 * simple + units
