"""Figures: what they show, in which colours and words, and that nothing is left out in silence."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unrolled
from unrolled import assets, figures, words
from unrolled.engine.errors import EngineError
from unrolled.engine.surface import Path as Walk
from unrolled.engine.surface import Surface
from unrolled.engine.trace import Trace
from unrolled.figures import Picture, Style
from unrolled.figures.palette import THEMES, palette

CALLED = re.compile(r'\bt\(\s*"([^"]+)"')
LIGHT = Style()


def lecture(gradients: bool = False) -> Trace:
    return unrolled.trace(unrolled.lesson("lecture-lstm").scene, gradients)


def exploding(steps: int = 4) -> dict[str, Any]:
    """h doubles its exponent until it is no number any more."""
    cell = {"cell": "elman", "units": 1, "options": {"activation": "identity"},
            "weights": {"W_h": [[1]], "U_h": [[1e200]]}}  # fmt: skip
    return {"version": 1, "network": {"layers": [cell]}, "inputs": [[1]] + [[0]] * (steps - 1)}


def every_kind(style: Style = LIGHT) -> dict[str, Picture]:
    trace = lecture(gradients=True)
    norms: list[list[float | None]] = [[1.0, None], [0.5, 1.0]]
    loss = np.array([[1.0, 2.0], [math.inf, 4.0]])
    axis = np.array([0.0, 1.0])
    walk = Walk(np.array([[0.0, 0.0, 1.0], [0.5, 0.5, 0.5]]), "non_finite")
    reports = [{"update": 1, "loss": 2.0, "gradient_norm": 3.0, "clipped_norm": 1.0},
               {"update": 9, "loss": 1.0, "gradient_norm": 0.5, "clipped_norm": 0.5}]  # fmt: skip
    land = Surface((axis, axis), loss, [walk])
    alpha = np.array([[0.75, 0.25], [0.5, 0.5]])
    return {
        "gates": figures.gates(trace, style),
        "gradient_norms": figures.gradient_norms({"LSTM": trace}, style),
        "jacobians": figures.jacobians(norms, "layers.0.forward.h", "layers.0.forward.c", style),
        "bptt": figures.bptt(np.array([[1.0, 0.0], [0.5, 1.0]]), "layers.0.forward.U_h", style),
        "surface": figures.surface(land, ("W[0,0]", "b[0]"), style),
        "map": figures.surface(land, ("W[0,0]", "b[0]"), style, flat=True),
        "training": figures.training(reports, style),
        "attention": figures.attention(alpha, style, labels=["le", "chat"]),
        "sampling": figures.sampling(alpha, [0, 1], style, labels=["a", "b"]),
    }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", list(every_kind()))
def test_plotly_accepts_every_figure(kind: str, theme: str) -> None:
    drawn = every_kind(Style(theme))[kind].plotly()
    assert len(drawn.data) >= 1
    assert drawn.layout.title.text


@pytest.mark.parametrize("kind", list(every_kind()))
def test_no_number_that_plotly_would_drop_is_in_the_data(kind: str) -> None:
    def numbers(value: Any) -> Any:
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list | tuple):
            return [each for part in value for each in numbers(part)]
        return [value] if isinstance(value, float) else []

    assert all(map(math.isfinite, numbers(every_kind()[kind].data)))


def test_gates_are_the_engine_s_and_have_the_hues_of_the_diagram() -> None:
    picture = figures.gates(lecture(), LIGHT)
    by_address = {each["meta"]["address"]: each for each in picture.data}
    forget = by_address["layers.0.forward.f[0]"]
    assert forget["y"] == pytest.approx([1, 1, 1, 1, 8.194012623990515e-40], abs=1e-4)
    css = (assets.static() / "css/theme.css").read_text("utf-8")
    assert f"--hue-forget: {forget['line']['color']};" in css
    memory = by_address["layers.0.forward.c[0]"]["line"]
    assert memory["color"] == palette("light").hue("memory")
    assert memory["width"] > forget["line"]["width"]
    assert picture.follows == "x"


def test_a_table_holds_every_number_of_its_figure() -> None:
    picture = figures.gates(lecture(), LIGHT)
    assert picture.table.columns == [
        "step", "Forget gate f", "Input gate i", "Output gate o", "Memory c", "Hidden value h",
    ]  # fmt: skip
    assert [row[4] for row in picture.table.rows] == pytest.approx([3, 7, 7, 7, 0], abs=1e-3)


def test_a_summary_says_where_a_gate_shuts() -> None:
    english = figures.gates(lecture(), LIGHT).summary
    assert "Forget gate f is lowest at step 5 (8.19·10⁻⁴⁰)" in english
    chinese = figures.gates(lecture(), Style(lang="zh")).summary
    assert "遗忘门 f 在第 5 步最低（8.19·10⁻⁴⁰）" in chinese


def test_what_is_infinite_becomes_a_mark_and_a_note() -> None:
    picture = figures.gates(unrolled.trace(exploding()), LIGHT)
    line, marks = picture.data[0], picture.data[1]
    assert line["y"] == [1.0, 1e200, None, None]
    assert marks["x"] == [3, 4]
    assert marks["text"] == ["∞", "∞"]
    assert picture.notes == ["Hidden value h is ∞ at step 3."]
    assert picture.table.rows[2][1] == math.inf


def test_gradient_norms_compare_networks_of_different_lengths() -> None:
    other = unrolled.trace(exploding(2), gradients=True)
    picture = figures.gradient_norms({"LSTM": lecture(gradients=True), "RNN": other}, LIGHT)
    assert picture.table.columns == ["step", "LSTM: h", "LSTM: c", "RNN: h"]
    assert picture.table.rows[4][3] is None
    styles = {(each["line"]["color"], each["marker"]["symbol"]) for each in picture.data}
    assert len(styles) == 2
    expected = np.linalg.norm(lecture(gradients=True).layers[0][0].gradients["c"], axis=1)  # type: ignore[index]
    assert [row[2] for row in picture.table.rows] == pytest.approx(expected)


def test_a_gradient_of_zero_is_said_where_no_logarithm_can_show_it() -> None:
    scene = exploding()
    scene["network"]["layers"][0]["weights"] = {"W_h": [[1]], "U_h": [[0]]}
    scene["network"]["shape"] = "many-to-one"
    picture = figures.gradient_norms({"RNN": unrolled.trace(scene, gradients=True)}, LIGHT)
    line, marks = picture.data
    assert line["y"] == [None, None, None, 1.0]
    assert marks["text"] == ["0", "0", "0"]


def test_pairs_that_cannot_reach_stay_empty_and_growth_has_the_other_hue() -> None:
    picture = figures.jacobians([[1.0, None], [100.0, 1.0]], "h", "h", LIGHT)
    drawn = picture.data[0]
    assert drawn["z"] == [[0.0, None], [2.0, 0.0]]
    assert (drawn["zmin"], drawn["zmax"]) == (-2.0, 2.0)
    assert drawn["colorscale"][1] == (0.5, palette("light")["panel"])
    assert "From step 1 to step 2 the norm is 100." in picture.summary


def test_a_norm_of_zero_or_infinity_is_a_word_in_its_square() -> None:
    picture = figures.bptt(np.array([[1.0, 0.0], [0.0, math.inf]]), "layers.0.forward.U_h", LIGHT)
    assert picture.data[0]["z"] == [[0.0, None], [None, None]]
    marks = picture.data[1]
    assert list(zip(marks["x"], marks["y"], marks["text"], strict=True)) == [
        (1, 2, "0"), (2, 2, "∞"),
    ]  # fmt: skip


def test_long_sequences_are_thinned_and_it_says_so() -> None:
    norms = np.exp(-np.abs(np.subtract.outer(np.arange(500), np.arange(500))) / 50).tolist()
    picture = figures.jacobians(norms, "h", "h", LIGHT)
    assert len(picture.data[0]["z"]) <= 121
    assert picture.data[0]["y"][-1] == 500
    assert picture.notes == ["Of 500 steps 101 are drawn."]


def test_a_surface_has_holes_where_the_loss_is_no_number_and_paths_that_say_their_end() -> None:
    picture = every_kind()["surface"]
    assert picture.data[0]["type"] == "surface"
    assert picture.data[0]["z"] == [[1.0, None], [2.0, 4.0]]
    assert picture.data[1]["type"] == "scatter3d"
    assert picture.notes == ["Points where the loss is no finite number, holes in the surface: 1."]
    assert picture.summary.endswith("The next update leads out of the numbers.")


def test_a_steep_surface_is_drawn_in_powers_of_ten() -> None:
    axis = np.array([0.0, 1.0])
    loss = np.array([[1e-6, 1.0], [1e3, 1e6]])
    picture = figures.surface(Surface((axis, axis), loss), ("a", "b"), LIGHT)
    assert picture.data[0]["z"] == [[-6.0, 3.0], [0.0, 6.0]]
    assert picture.data[0]["customdata"][1][1] == 1e6


def test_training_says_how_often_it_clipped() -> None:
    picture = every_kind()["training"]
    assert picture.data[0]["x"] == [1, 9]
    assert "clipped in 1 of 2 reports" in picture.summary


@pytest.mark.parametrize(
    ("given", "field"),
    [({"unit": 1}, "unit"), ({"unit": -1}, "unit"), ({"place": "layers.3.forward"}, "place")],
)
def test_a_place_or_unit_that_is_not_there_is_named(given: dict[str, Any], field: str) -> None:
    with pytest.raises(EngineError) as caught:
        figures.gates(lecture(), LIGHT, **given)
    assert caught.value.field == field


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_as_large_as_the_theme_wants(theme: str) -> None:
    size = every_kind(Style(theme))["gates"].layout["font"]["size"]
    assert size >= (18 if theme == "projector" else 14)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_word_of_figures_is_in_their_catalogue_and_every_entry_is_used(
    language: str,
) -> None:
    folder = Path(figures.__file__).parent
    used = {m for path in folder.glob("*.py") for m in CALLED.findall(path.read_text("utf-8"))}
    catalogue = words.catalogue(language, "figures")
    assert set(catalogue) == used
    for message, text in catalogue.items():
        assert set(re.findall(r"\{\w+\}", message)) == set(re.findall(r"\{\w+\}", text)), message


def test_words_that_come_twice_keep_places_of_their_own() -> None:
    alpha = np.full((1, 3), 1 / 3)
    picture = figures.attention(alpha, LIGHT, labels=["le", "chat", "le"])
    assert picture.data[0]["x"] == ["1: le", "2: chat", "3: le"]
    sample = figures.sampling(alpha, [2], LIGHT, labels=["a", "b", "a"])
    assert sample.data[0]["x"] == ["1: a", "2: b", "3: a"]
    assert sample.data[-1]["x"] == ["3: a"]


def test_a_scene_s_words_make_no_link_in_a_picture() -> None:
    word = '<a href="//elsewhere">free</a>'
    alpha = np.full((1, 2), 0.5)
    drawn = [
        figures.attention(alpha, LIGHT, labels=[word, "b"]),
        figures.sampling(alpha, [0], LIGHT, labels=[word, "b"]),
        figures.gradient_norms({word: lecture(gradients=True)}, LIGHT),
    ]
    assert not [each.kind for each in drawn if "<a" in repr((each.data, each.layout))]
    assert word in drawn[0].table.columns[1]
