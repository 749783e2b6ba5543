"""The description of a cell, as pages receive it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from unrolled.engine import describe
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.diagram import ROLES
from unrolled.engine.errors import EngineError
from unrolled.engine.notation import notations


@pytest.mark.parametrize("name", catalogue())
def test_every_cell_is_described_in_full(name: str) -> None:
    cell = catalogue()[name]
    found = describe.cell(name)
    assert json.loads(json.dumps(found)) == found
    assert found["id"] == name
    assert found["text"] == cell.text
    assert found["title"].keys() == {"en", "zh"}
    assert [e["name"] for e in found["equations"]] == list(cell.by_name)
    assert [p["name"] for p in found["parameters"]] == [p.name for p in cell.parameters]
    for entry in (*found["equations"], *found["parameters"]):
        assert entry["role"] in ROLES
    for equation in found["equations"]:
        assert list(equation["notations"]) == list(notations())
        for printed in equation["notations"].values():
            assert printed.keys() == {"latex", "mathml", "text"}
            assert printed["mathml"].startswith("<math>")


@pytest.mark.parametrize("name", catalogue())
def test_every_value_input_parameter_and_previous_state_has_a_symbol(name: str) -> None:
    cell = catalogue()[name]
    wanted = {*cell.by_name, *cell.inputs, *(p.name for p in cell.parameters)}
    wanted |= {f"{state}[t-1]" for state in cell.state}
    for symbols in describe.cell(name)["symbols"].values():
        assert set(symbols) == wanted


@pytest.mark.parametrize("name", catalogue())
def test_a_symbol_has_the_same_hue_in_equation_and_diagram(name: str) -> None:
    found = describe.cell(name)
    hues = {n["name"]: n["role"] for n in found["graph"]["nodes"] if n["kind"] != "previous"}
    for equation in found["equations"]:
        if equation["name"] in hues:
            assert equation["role"] == hues[equation["name"]]
        for printed in equation["notations"].values():
            marked = re.findall(r'role-(\w+)" data-name="(\w+)"', printed["mathml"])
            assert {(role, value) for role, value in marked if value in hues} <= {
                (role, value) for value, role in hues.items()
            }


def test_shapes_are_in_words_of_sizes() -> None:
    shapes = {p["name"]: p["shape"] for p in describe.cell("jordan")["parameters"]}
    assert shapes["U_h"] == ["units", "outputs"]
    assert shapes["b_y"] == ["outputs"]


def test_defaults_are_shown_unless_options_are_chosen() -> None:
    assert _lee(describe.cell("lstm"), "m") == "h(c^t) = tanh(c^t)"
    chosen = describe.cell("lstm", {"output_activation": "identity"})
    assert _lee(chosen, "m") == "h(c^t) = c^t"
    assert chosen["chosen"] == {"input_activation": "tanh", "output_activation": "identity"}
    assert "m = c\n" in chosen["code"]["numpy"]


def test_a_typed_cell_is_described_like_the_catalogues() -> None:
    document = {"id": "mine", "state": ["s"], "output": "s", "equations": "s = x + 0.5 * s[t-1]"}
    found = describe.cell(cell_from_document(document))
    assert _lee(found, "s") == "s^t = x^t + 0.5 · s^{t−1}"
    assert found["symbols"]["lee"]["s[t-1]"]["text"] == "s^{t−1}"


def test_unknown_cells_and_options_are_errors_that_list_the_known() -> None:
    with pytest.raises(EngineError, match="one of feed_forward, elman"):
        describe.cell("perceptron")
    with pytest.raises(EngineError, match="input_activation, output_activation"):
        describe.cell("lstm", {"activation": "tanh"})
    with pytest.raises(EngineError, match="one of tanh, sigmoid"):
        describe.cell("lstm", {"input_activation": "softmax"})


def _lee(description: dict[str, Any], name: str) -> str:
    (found,) = (e for e in description["equations"] if e["name"] == name)
    return str(found["notations"]["lee"]["text"])


@pytest.mark.parametrize("name", catalogue())
def test_the_order_of_evaluation_names_every_value_after_those_it_needs(name: str) -> None:
    found = describe.cell(name)
    sources = {each["name"]: each["source"] for each in found["equations"]}
    assert sorted(found["evaluation"]) == sorted(sources)
    known: set[str] = set()
    for value in found["evaluation"]:
        used = set(re.findall(r"[A-Za-z]\w*(?!\w*\[t-1\])", sources[value].partition("=")[2]))
        assert used & set(sources) <= known
        known.add(value)
