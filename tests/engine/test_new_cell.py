"""A new cell is one new file: the API finds it, with notation, diagram and right gradients."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.engine.networks import Form, problem
from tests.engine.random_cells import numbers
from tests.engine.test_program import assert_right
from unrolled.engine import cell as cells
from unrolled.engine.check import check
from unrolled.engine.program import compile_cell
from unrolled.settings import Settings
from unrolled.web.app import create_app

LEAKY = '''
id = "leaky"
title = { en = "Leaky integrator", zh = "漏积分单元" }
source = "Jaeger 2001, The echo state approach, with a learned leak"
state = ["h"]
output = "h"
equations = """
a   = sigmoid(p_a)
z_h = W_h @ x + U_h @ h[t-1] + b_h
g   = activation(z_h)
h   = (1 - a) * h[t-1] + a * g
"""
[options]
activation = ["tanh", "relu"]
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the catalogue's folder that the engine reads instead."""
    with as_file(cells.FOLDER) as original:
        copy = Path(shutil.copytree(original, tmp_path / "cells"))
    monkeypatch.setattr(cells, "FOLDER", copy)
    cells.catalogue.cache_clear()
    yield copy
    monkeypatch.undo()
    cells.catalogue.cache_clear()


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    (folder / "leaky.toml").write_text(LEAKY, encoding="utf-8")
    with TestClient(create_app(Settings()), raise_server_exceptions=False) as found:
        yield found


def scene() -> dict[str, Any]:
    return {"version": 1, "network": {"layers": [{"cell": "leaky", "units": 2}]},
            "inputs": [[1, 2, 3], [3, 2, 1]], "seed": 5}  # fmt: skip


def test_the_catalogue_lists_it(client: TestClient) -> None:
    listed = client.get("/api/v1/cells").json()
    assert "leaky" in [each["id"] for each in listed]
    assert len(listed) == len(cells.catalogue())


def test_it_has_notation_in_every_notation(client: TestClient) -> None:
    described = client.get("/api/v1/cells/leaky").json()
    assert [e["name"] for e in described["equations"]] == ["a", "z_h", "g", "h"]
    for equation in described["equations"]:
        assert equation["notations"].keys() >= {"lee", "ng", "colah", "pytorch"}
        for written in equation["notations"].values():
            assert written["latex"]
            assert written["mathml"].startswith("<math")


def test_it_has_a_diagram_of_all_its_values(client: TestClient) -> None:
    graph = client.get("/api/v1/cells/leaky").json()["graph"]
    shown = {name for node in graph["nodes"] for name in (node["name"], node["pre"]) if name}
    assert {"a", "z_h", "g", "h"} <= shown
    nodes = {node["id"] for node in graph["nodes"]}
    assert {edge[end] for edge in graph["edges"] for end in ("from", "to")} <= nodes


def test_it_runs_and_its_values_are_those_of_its_equations(client: TestClient) -> None:
    answer = client.post("/api/v1/traces", json={"scene": scene(), "gradients": True})
    assert answer.status_code == 200
    (direction,) = answer.json()["layers"][0]["directions"]
    w = {name: np.array(array) for name, array in direction["parameters"].items()}
    h = np.zeros(2)
    for t, x in enumerate(scene()["inputs"]):
        a = 1 / (1 + np.exp(-w["p_a"]))
        h = (1 - a) * h + a * np.tanh(w["W_h"] @ x + w["U_h"] @ h + w["b_h"])
        np.testing.assert_allclose(direction["values"]["h"][t], h, rtol=1e-12)
    assert direction["parameter_gradients"].keys() == w.keys()


@pytest.mark.usefixtures("client")
def test_its_gradients_are_right() -> None:
    made = cells.catalogue()["leaky"]
    program = compile_cell(made, {}, {"input": 2, "units": 3})
    assert_right(program, numbers(program, 1, 4))
    for activation in ("tanh", "relu"):
        form = Form("leaky", "bidirectional concat", 2, "last", "cross_entropy classes")
        report = check(problem(form, 2, options={"activation": activation}))
        assert report.passed, report.rows[-1]


@pytest.mark.usefixtures("folder")
def test_without_the_file_it_is_not_there() -> None:
    assert "leaky" not in cells.catalogue()
