"""Lessons: complete in both languages, true to the engine, and open to a lecturer's own."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest

from unrolled.engine import explain
from unrolled.engine.trace import Trace
from unrolled.scenes import lessons, run
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.lessons import Lesson, Question, UnknownLessonError
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan

LINK = re.compile(r"\[[^\]]+\]\(([^)]*)\)")
EVERY = [pytest.param(lesson, id=lesson.id) for lesson in lessons.lessons()]


def traces(lesson: Lesson) -> dict[str | None, Trace]:
    """The trace of each scene; None stands for the first."""
    found: dict[str | None, Trace] = {
        each.id: run.trace(plan(each.scene, Limits()), gradients=True) for each in lesson.scenes
    }
    found[None] = found[lesson.scenes[0].id]
    return found


def answer(question: Question, trace: Trace) -> float:
    return float(explain.explain(trace, question.address, question.at)["value"])


@pytest.mark.parametrize("lesson", EVERY)
def test_every_step_of_every_scene_is_told_in_words(lesson: Lesson) -> None:
    held = traces(lesson)
    for scene in lesson.scenes:
        told = {
            each.t
            for each in lesson.narration
            if each.scene in (None, scene.id) and each.pass_ == "forward"
        }
        assert told == {None, *range(held[scene.id].steps)}


@pytest.mark.parametrize("lesson", EVERY)
def test_a_lessons_document_says_how_many_steps_each_scene_runs(lesson: Lesson) -> None:
    held = traces(lesson)
    said = {each["id"]: each["steps"] for each in lesson.document()["scenes"]}
    assert said == {each.id: held[each.id].steps for each in lesson.scenes}


@pytest.mark.parametrize("lesson", EVERY)
def test_both_languages_mark_the_same_places_and_these_exist(lesson: Lesson) -> None:
    held = traces(lesson)
    for each in lesson.narration:
        marks = [sorted(LINK.findall(text)) for text in (each.text.en, each.text.zh)]
        assert marks[0] == marks[1]
        for mark in marks[0]:
            place = {key: values[0] for key, values in parse_qs(mark).items()}
            assert set(place) <= {"t", "node", "pass"}
            trace = held[each.scene]
            t = int(place.get("t", 0))
            assert t < trace.steps
            assert any(
                place["node"] == f"{address}.{name}"
                for address, direction in trace.directions()
                for name in direction.values
            )


@pytest.mark.parametrize("lesson", EVERY)
def test_there_are_questions_and_the_engine_can_answer_them(lesson: Lesson) -> None:
    assert len(lesson.questions) >= 2
    for question in lesson.questions:
        right = answer(question, traces(lesson)[question.scene])
        asked_at = -1 if question.t is None else question.t
        assert asked_at < question.at
        assert np.isfinite(right)
        if question.choices:
            distances = sorted(abs(choice.value - right) for choice in question.choices)
            assert distances[0] <= question.tolerance < distances[1]


@pytest.mark.parametrize("lesson", EVERY)
def test_chinese_is_written_in_chinese_and_english_without(lesson: Lesson) -> None:
    words = [lesson.title, lesson.summary, *(scene.title for scene in lesson.scenes)]
    words += [each.text for each in lesson.narration]
    words += [each.prompt for each in lesson.questions]
    for each in words:
        assert re.search(r"[\u4e00-\u9fff]", each.zh)
        assert not re.search(r"[\u4e00-\u9fff]", each.en)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_lstm_lesson_prints_the_exact_numbers_beside_the_lectures(language: str) -> None:
    lesson = lessons.lesson("lecture-lstm")
    text = " ".join(getattr(each.text, language) for each in lesson.narration)
    for number in ("0.99995", "6.999773", "6.9995", "0.0000454"):
        assert number in text


def test_printed_arithmetic_gives_the_printed_result() -> None:
    """`0.9999546·7 + 0.0000454·2 = 6.999773`: the operands as printed make the result."""
    sums = re.compile(r"(?<![\w.·])([\d.]+(?:·\(?−?[\d.]+\)?)*(?: [+−] [\d.·]+)*) = ([\d.]+)")
    checked = 0
    for lesson in lessons.lessons():
        for each in lesson.narration:
            for left, right in sums.findall(each.text.en):
                value = eval(left.replace("·", "*").replace("−", "-"))
                digits = len(right.rstrip(".").partition(".")[2])
                assert round(value, digits) == float(right.rstrip(".")), (left, right)
                checked += 1
    assert checked >= 10


def test_a_lesson_that_is_not_there_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownLessonError):
        lessons.lesson("lecture-cnn")


def test_a_scene_is_found_by_lesson_and_name() -> None:
    first, other = lessons.scene("lecture-rnn"), lessons.scene("lecture-rnn/reordered")
    assert first is not None
    assert other is not None
    assert first.inputs != other.inputs
    assert lessons.scene("lecture-rnn/backwards") is None


OWN = """
id = "mine"
order = 1
title = { en = "Mine", zh = "我的" }
summary = { en = "My own.", zh = "我自己的。" }
[[scenes]]
id = "only"
title = { en = "Only", zh = "唯一" }
scene = '{"version": 1, "network": {"layers": [{"cell": "gru", "units": 2}]}, "inputs": [[1]]}'
"""


def test_a_lecturers_folder_adds_lessons_and_its_own_win(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(OWN, "utf-8")
    (tmp_path / "lecture-rnn.toml").write_text(OWN.replace('"mine"', '"lecture-rnn"'), "utf-8")
    (tmp_path / "notes.txt").write_text("no lesson")
    found = lessons.catalogue(tmp_path)
    assert found["mine"].scene.inputs == [[1.0]]
    assert found["lecture-rnn"].title.en == "Mine"
    assert "lecture-lstm" in found


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (', zh = "我的"', "", "mine.toml.title.zh"),
        ('id = "mine"', 'id = "other"', "mine.toml.id"),
        ('"units": 2', '"units": 0', "mine.toml.scenes[0].scene.network.layers[0].units"),
        ('"units": 2', '"units": ', "mine.toml.scenes[0].scene"),
        ("order = 1", "order = [", "mine.toml"),
        ("order = 1", "ordre = 1", "mine.toml.ordre"),
    ],
)
def test_a_mistake_in_a_lesson_names_file_and_field(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    (tmp_path / "mine.toml").write_text(OWN.replace(old, new), "utf-8")
    with pytest.raises(DocumentError) as caught:
        lessons.catalogue(tmp_path)
    assert caught.value.errors[0].field == field


def test_the_lesson_in_the_documentation_is_one(root: Path, tmp_path: Path) -> None:
    document = (root / "docs" / "lessons.md").read_text("utf-8")
    text = document.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "doubling.toml").write_text(text, "utf-8")
    lesson = lessons.catalogue(tmp_path)["doubling"]
    assert answer(lesson.questions[0], traces(lesson)[None]) == 2
