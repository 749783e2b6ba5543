"""The numbers in a lesson's words are the engine's: in links exactly there, elsewhere somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs

import numpy as np
import pytest

from unrolled.engine import explain
from unrolled.engine.trace import Trace
from unrolled.scenes import lessons, run
from unrolled.scenes.lessons import Lesson, Narration
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

WRITTEN_SO = ("elman-jordan", "keep-or-overwrite", "language-model", "sampling")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]*=[^)\s]*)\)")
NUMBER = re.compile(r"(?<![\w.⁻⁰-⁹])−?\d+(?:\.\d+)?(?![\w⁻⁰-⁹])")
NAMES = re.compile(r"x\d|(?i:units?|steps?|words?|单元|第) ?\d+|\d+ ?步|10⁻[⁰¹²³⁴-⁹]+")
SUM = re.compile(r"(?:−?[\d.]+|\(−?[\d.]+\)|[ ·+−()])+ = ")

EVERY = [pytest.param(lessons.lesson(name), id=name) for name in WRITTEN_SO]
LANGUAGES = pytest.mark.parametrize("language", ["en", "zh"])


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def printed(text: str, values: list[float]) -> bool:
    """Whether one of the values, rounded to the digits of the text, is the text."""
    digits = len(text.partition(".")[2])
    return any(round(value, digits) == number(text) for value in values if np.isfinite(value))


def traces(lesson: Lesson) -> dict[str, Trace]:
    return {each.id: run.trace(plan(each.scene, Limits())) for each in lesson.scenes}


def of_node(trace: Trace, node: str, t: int) -> list[float]:
    """Every unit's value there, in the words of the explanations."""
    found = []
    for unit in range(8):
        try:
            found.append(float(explain.explain(trace, f"{node}[{unit}]", t)["value"]))
        except Exception:
            break
    assert found, f"nothing at {node}, t = {t}"
    return found


def known(lesson: Lesson, held: dict[str, Trace]) -> list[float]:
    """All values, parameters and inputs of the lesson's scenes, probabilities of targets."""
    found: list[float] = []
    for each in lesson.scenes:
        trace = held[each.id]
        parts = [direction for _, direction in trace.directions()]
        for part in parts:
            for array in (*part.values.values(), *part.parameters.values()):
                found += np.ravel(array).tolist()
        found += np.ravel(trace.outputs).tolist()
        found += [] if trace.probabilities is None else trace.probabilities.tolist()
        found += np.ravel(each.scene.inputs or []).tolist()
    return found


def stated(text: str) -> list[str]:
    """The numbers of a text that are neither names nor operands of a sum that is shown."""
    plain = SUM.sub("", NAMES.sub("", LINK.sub(r"\1", text)))
    return NUMBER.findall(plain)


def texts(lesson: Lesson, language: str) -> Iterator[tuple[Narration, str]]:
    for each in lesson.narration:
        yield each, getattr(each.text, language)


@LANGUAGES
@pytest.mark.parametrize("lesson", EVERY)
def test_a_number_that_is_touched_is_the_number_it_leads_to(lesson: Lesson, language: str) -> None:
    held = traces(lesson)
    checked = 0
    for each, text in texts(lesson, language):
        for words, target in LINK.findall(text):
            if not NUMBER.fullmatch(words):
                continue
            place = {key: values[0] for key, values in parse_qs(target).items()}
            assert each.scene is not None
            there = of_node(held[each.scene], place["node"], int(place["t"]))
            assert printed(words, there), (each.scene, each.t, words, there)
            checked += 1
    assert checked >= 6


@LANGUAGES
@pytest.mark.parametrize("lesson", EVERY)
def test_every_number_told_is_one_that_the_engine_computes(lesson: Lesson, language: str) -> None:
    held = traces(lesson)
    numbers = known(lesson, held)
    for each, text in texts(lesson, language):
        for found in stated(text):
            assert printed(found, numbers), (each.scene, each.t, found)


@LANGUAGES
@pytest.mark.parametrize("lesson", EVERY)
def test_a_sum_that_is_shown_gives_its_result(lesson: Lesson, language: str) -> None:
    shown = re.compile(SUM.pattern + r"\[?(−?[\d.]*\d)")
    checked = 0
    for each, text in texts(lesson, language):
        for match in shown.finditer(LINK.sub(r"\1", text)):
            left = match[0].rpartition(" = ")[0].strip()
            value = eval(left.replace("·", "*").replace("−", "-"))
            assert printed(match[1], [value]), (each.scene, each.t, match[0])
            checked += 1
    assert checked >= 4


@pytest.mark.parametrize("lesson", EVERY)
def test_both_languages_state_the_same_numbers(lesson: Lesson) -> None:
    for each in lesson.narration:
        assert sorted(set(stated(each.text.en))) == sorted(set(stated(each.text.zh)))
