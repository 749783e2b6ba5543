"""The diagram follows from the equations: flow, kinds, roles, places."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.js.diagram.graphs import cells, graphs
from unrolled.engine import diagram
from unrolled.engine.cell import catalogue, cell_from_document
from unrolled.engine.errors import CellError

LSTM_ROLES = {
    "x": "plain", "f": "forget", "i": "input", "o": "output", "g": "candidate",
    "c": "memory", "m": "memory", "h": "hidden",
}  # fmt: skip


def graph_of(equations: str, state: list[str], output: str, **more: Any) -> dict[str, Any]:
    document = {"id": "mine", "state": state, "output": output, "equations": equations, **more}
    return diagram.graph(cell_from_document(document))


def by_id(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["id"]: node for node in graph["nodes"]}


def arrows(graph: dict[str, Any], kind: str | None = None) -> set[tuple[str, str]]:
    return {(e["from"], e["to"]) for e in graph["edges"] if kind in (None, e["kind"])}


@pytest.fixture
def lstm() -> dict[str, Any]:
    return diagram.graph(catalogue()["lstm"])


def test_the_lstm_is_the_famous_picture(lstm: dict[str, Any]) -> None:
    nodes = by_id(lstm)
    belt = [nodes[key] for key in ("c[t-1]", "c.0", "c")]
    assert [node["lane"] for node in belt] == [0, 0, 0]
    assert [node["rank"] for node in belt] == sorted({node["rank"] for node in belt})
    assert len({nodes[gate]["lane"] for gate in "figo"}) == 1
    assert [nodes[gate]["rank"] for gate in "figo"] == sorted(nodes[g]["rank"] for g in "figo")
    for above, below in (("c.0", "f"), ("c.1", "i"), ("c", "i"), ("m", "o"), ("h", "o")):
        assert nodes[above]["rank"] == nodes[below]["rank"]
        assert nodes[above]["lane"] < nodes[below]["lane"]
    assert nodes["x"]["lane"] == lstm["lanes"] - 1


def test_the_lstm_flows_as_its_equations_say(lstm: dict[str, Any]) -> None:
    assert arrows(lstm, "belt") == {("c[t-1]", "c.0"), ("c.0", "c")}
    assert arrows(lstm, "gate") == {("f", "c.0"), ("i", "c.1"), ("o", "h")}
    assert {("g", "c.1"), ("c.1", "c"), ("c", "m"), ("m", "h")} <= arrows(lstm, "flow")
    assert {(s, g) for s in ("x", "h[t-1]") for g in "figo"} <= arrows(lstm, "flow")


def test_pre_activations_are_folded_into_what_they_feed(lstm: dict[str, Any]) -> None:
    nodes = by_id(lstm)
    assert {k: nodes[k]["pre"] for k in "figo"} == {k: f"z_{k}" for k in "figo"}
    assert not [key for key in nodes if key.startswith("z_")]


def test_a_pre_activation_that_two_values_see_stands_by_itself() -> None:
    graph = graph_of("z_a = W @ x\na = tanh(z_a)\nb = sigmoid(z_a)\nh = a * b", [], "h")
    assert {("z_a", "a"), ("z_a", "b")} <= arrows(graph)


def test_roles_of_the_lstm_are_inferred_without_hints() -> None:
    cell = catalogue()["lstm"]
    assert not cell.roles
    assert not cell.hints
    roles = diagram.roles(cell)
    assert {name: roles[name] for name in LSTM_ROLES} == LSTM_ROLES
    assert (roles["z_f"], roles["W_f"], roles["b_o"]) == ("forget", "forget", "output")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("gru", {"r": "forget", "u": "input", "n": "candidate", "h": "memory"}),
        ("gru_ng", {"r": "forget", "u": "input", "n": "candidate", "h": "memory"}),
        ("gru_simple", {"u": "input", "n": "candidate", "h": "memory"}),
        ("lstm_coupled", {"f": "forget", "i": "input", "o": "output"}),
        ("lstm_peephole", {"f": "forget", "i": "input", "o": "output", "p_f": "forget"}),
        ("elman", {"h": "hidden", "x": "plain"}),
        ("jordan", {"h": "hidden", "y": "hidden"}),
    ],
)
def test_roles_of_the_catalogue(cell: str, expected: dict[str, str]) -> None:
    roles = diagram.roles(catalogue()[cell])
    assert {name: roles[name] for name in expected} == expected


def test_a_gate_without_a_name_is_a_gate_too() -> None:
    nodes = by_id(graphs()["typed_unnamed_gates"])
    found = {n["id"]: n["role"] for n in nodes.values() if n["kind"] == "gate"}
    assert sorted(found.values()) == ["forget", "input", "output"]


def test_one_minus_a_gate_lets_pass_what_the_gate_holds_back() -> None:
    graph = diagram.graph(catalogue()["gru"])
    nodes = by_id(graph)
    assert (nodes["h.0"]["operation"], nodes["h.0"]["label"]) == ("complement", "1−")
    passing = {(e["from"], e["to"]): (e["gate"], e["inverted"]) for e in graph["edges"]}
    assert passing["h.0", "h.1"] == ("u", True)
    assert passing["h.1", "h"] == ("u", True)
    assert passing["h.2", "h"] == ("u", False)
    assert passing["u", "h.2"] == ("u", False)


def test_the_reset_acts_before_the_candidate_whichever_way_it_is_written() -> None:
    for cell in ("gru", "gru_reset_before", "gru_ng"):
        graph = diagram.graph(catalogue()[cell])
        assert {("r", "z_n.0"), ("h[t-1]", "z_n.0"), ("z_n.0", "n")} <= arrows(graph)


def test_peepholes_see_the_memory_their_equations_name() -> None:
    new = arrows(diagram.graph(catalogue()["lstm_peephole"]))
    note = arrows(diagram.graph(catalogue()["lstm_peephole_ng"]))
    assert ("c", "o") in new
    assert ("c[t-1]", "o") not in new
    assert ("c[t-1]", "o") in note
    assert ("c", "o") not in note


def test_a_state_that_a_learned_function_overwrites_is_no_memory() -> None:
    for cell in ("elman", "jordan"):
        assert not arrows(diagram.graph(catalogue()[cell]), "belt")


def test_a_leaky_state_is_memory() -> None:
    graph = graphs()["typed_leaky"]
    assert arrows(graph, "belt") == {("h[t-1]", "h.0"), ("h.0", "h")}
    assert by_id(graph)["h.0"]["label"] == "0.9×"


def test_an_option_is_told_with_the_function_it_is_by_default() -> None:
    node = by_id(diagram.graph(catalogue()["lstm"]))["g"]
    assert (node["option"], node["operation"], node["label"]) == (
        "input_activation",
        "tanh",
        "tanh",
    )
    chosen = catalogue()["lstm"].with_options({"input_activation": "identity"})
    assert by_id(diagram.graph(chosen))["g"]["label"] == "id"


def test_a_state_leaves_in_the_lane_it_comes_in_by() -> None:
    nodes = by_id(diagram.graph(catalogue()["lstm"]))
    assert nodes["h"]["outlet"] == nodes["h[t-1]"]["lane"]
    assert nodes["c"]["outlet"] == nodes["c[t-1]"]["lane"]
    assert nodes["m"]["outlet"] is None


@pytest.mark.parametrize("key", list(cells()))
def test_every_node_has_a_place_of_its_own_and_every_edge_two_nodes(key: str) -> None:
    graph = graphs()[key]
    places = [(node["lane"], node["rank"]) for node in graph["nodes"]]
    assert len(set(places)) == len(places)
    assert all(0 <= lane < graph["lanes"] for lane, _ in places)
    assert all(0 <= rank < graph["ranks"] for _, rank in places)
    ids = set(by_id(graph))
    assert all({e["from"], e["to"], e["value"]} <= ids for e in graph["edges"])


@pytest.mark.parametrize("key", list(cells()))
def test_every_value_of_a_cell_is_in_its_diagram(key: str) -> None:
    cell, nodes = cells()[key], graphs()[key]["nodes"]
    shown = {node["name"] for node in nodes} | {node["pre"] for node in nodes}
    assert set(cell.by_name) <= shown
    assert set(cell.by_name) <= set(diagram.roles(cell))


def test_hints_overrule_places_and_roles() -> None:
    graph = graph_of(
        "h = tanh(W @ x)", [], "h", roles={"h": "output"}, diagram={"h": {"rank": 4, "order": 2}}
    )
    node = by_id(graph)["h"]
    assert (node["rank"], node["order"], node["role"]) == (4, 2, "output")


@pytest.mark.parametrize(
    ("hints", "field"),
    [
        ({"roles": {"h": "loud"}}, "roles.h"),
        ({"diagram": {"q": {"lane": 1}}}, "diagram"),
        ({"diagram": {"h": {"lane": 1}}}, "diagram"),
    ],
)
def test_a_wrong_hint_is_an_error_that_names_it(hints: dict[str, Any], field: str) -> None:
    with pytest.raises(CellError) as caught:
        graph_of("h = tanh(W @ x)", [], "h", **hints)
    assert caught.value.field.startswith(field)


LONG = {
    "shared values": [f"a{i} = sigmoid(V{i} @ x) * a{i - 1} + a{i - 1}" for i in range(1, 60)],
    "after the memory": [f"a{i} = a{i - 1} * a{i - 1}" for i in range(1, 60)],
    "a deep chain": [
        f"a{i} = a{i - 1}" + " / x" * 6 + " - a0" * 6 for i in range(1, 60)
    ],
    "one deep equation": ["a59 = a0" + " - x / a0" * 190],
}  # fmt: skip


@pytest.mark.parametrize("lines", LONG.values(), ids=LONG.keys())
def test_a_long_cell_is_placed_quickly_and_whole(lines: list[str]) -> None:
    start = "a0 = h[t-1] + W @ x"
    began = time.perf_counter()
    graph = graph_of("\n".join([start, *lines, "h = a59"]), ["h"], "h")
    assert time.perf_counter() - began < 2
    places = {(node["lane"], node["rank"]) for node in graph["nodes"]}
    assert len(places) == len(graph["nodes"]) > 60


def test_the_drawings_are_tested_on_the_graphs_the_engine_makes() -> None:
    stored = Path(__file__).parents[1] / "js" / "diagram" / "graphs.json"
    message = "graphs changed; if that is meant: .venv/bin/python tests/js/diagram/graphs.py"
    assert json.loads(stored.read_text("utf-8")) == graphs(), message
