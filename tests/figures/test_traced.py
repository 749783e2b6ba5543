"""Notebooks: a trace draws itself, in the page's own figures."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from plotly.graph_objects import Figure

import unrolled
from tests.web.test_figures import ATTENTIVE
from unrolled import figures
from unrolled.engine.errors import EngineError
from unrolled.figures import Style


def lecture() -> Any:
    return unrolled.trace(unrolled.lesson("lecture-lstm").scene, gradients=True)


@pytest.mark.parametrize("kind", ["gates", "gradient_norms", "jacobians", "bptt"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_trace_draws_itself(kind: str, lang: str) -> None:
    figure = lecture().figure(kind, lang=lang, theme="dark")
    assert isinstance(figure, Figure)
    assert figure.layout.paper_bgcolor == "#1a1f26"


def test_it_is_the_page_s_own_figure() -> None:
    picture = figures.gates(lecture(), Style())
    assert (
        lecture().figure("gates").to_plotly_json()["data"]
        == picture.plotly().to_plotly_json()["data"]
    )


def test_attention_is_drawn_with_the_words_it_looks_at() -> None:
    figure = unrolled.trace(ATTENTIVE).figure("attention")
    assert list(figure.data[0].x) == ["1: le", "2: chat", "3: dort"]


def test_networks_are_compared_in_one_figure() -> None:
    other = unrolled.trace(unrolled.lesson("lecture-rnn").scene, gradients=True)
    figure = lecture().figure("gradient_norms", beside={"RNN": other})
    assert [line.name for line in figure.data] == ["LSTM: h", "LSTM: c", "RNN: h"]


@pytest.mark.parametrize(
    ("kind", "choices", "field"),
    [
        ("pie", {}, "kind"),
        ("attention", {}, "kind"),
        ("gates", {"unit": 7}, "unit"),
        ("bptt", {"parameter": "W"}, "parameter"),
    ],
)
def test_what_is_not_there_is_named(kind: str, choices: dict[str, Any], field: str) -> None:
    with pytest.raises(EngineError) as caught:
        lecture().figure(kind, **choices)
    assert caught.value.field == field


def test_plotly_is_imported_by_drawing_alone() -> None:
    code = (
        "import sys, unrolled; t = unrolled.trace(unrolled.lesson('lecture-rnn').scene);"
        "assert 'plotly' not in sys.modules; t.figure('gates'); assert 'plotly' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
