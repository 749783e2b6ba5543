"""Where a lesson walks back, the numbers in its words are the engine's gradients."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import numpy as np
import pytest

from tests.scenes.test_lesson_numbers import LINK, SUM, printed, stated
from unrolled.engine import explain
from unrolled.engine.trace import Trace
from unrolled.scenes import lessons, run
from unrolled.scenes.lessons import Lesson, Narration
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

WALKED_BACK = ("lecture-rnn", "lecture-lstm")
EVERY = [pytest.param(lessons.lesson(name), id=name) for name in WALKED_BACK]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def entries(lesson: Lesson) -> list[Narration]:
    return [each for each in lesson.narration if each.pass_ == "backward"]


def traced(lesson: Lesson) -> Trace:
    return run.trace(plan(lesson.scene, Limits()), gradients=True)


@pytest.mark.parametrize("lesson", EVERY)
def test_the_way_back_has_words_for_every_step(lesson: Lesson) -> None:
    steps = len(lesson.scene.inputs or [])
    assert {each.t for each in entries(lesson)} == {None, *range(steps)}


@LANGUAGES
@pytest.mark.parametrize("lesson", EVERY)
def test_every_number_told_is_a_gradient_or_a_value(lesson: Lesson, language: str) -> None:
    trace = traced(lesson)
    found: list[float] = [0.0, 1.0]
    for _, direction in trace.directions():
        for array in direction.values.values():
            found += np.ravel(array).tolist()
    for each in entries(lesson):
        text = getattr(each.text, language)
        for _, target in LINK.findall(text):
            place = {key: values[0] for key, values in parse_qs(target).items()}
            told = explain.explain(trace, f"{place['node']}[0]", int(place["t"]), place["pass"])
            found.append(float(told["value"]))
        for number in stated(text):
            assert printed(number, found), (each.t, number)


@LANGUAGES
@pytest.mark.parametrize("lesson", EVERY)
def test_a_sum_on_the_way_back_gives_its_result(lesson: Lesson, language: str) -> None:
    shown = re.compile(SUM.pattern + r"\[?(−?[\d.]*\d)")
    checked = 0
    for each in entries(lesson):
        for match in shown.finditer(LINK.sub(r"\1", getattr(each.text, language))):
            left = match[0].rpartition(" = ")[0].strip()
            value = eval(left.replace("·", "*").replace("−", "-"))
            assert printed(match[1], [value]), (each.t, match[0])
            checked += 1
    assert checked >= 1
