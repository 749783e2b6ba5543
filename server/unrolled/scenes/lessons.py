"""Lessons: scenes with words for every step, in two languages, and questions.

A lesson is one file, `lessons/ID.toml`; a lecturer's own folder adds to the catalogue. Answers are
never written down: a question names a value, and the engine computes it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic_core import PydanticCustomError

from unrolled.scenes import reading
from unrolled.scenes.errors import DocumentError
from unrolled.scenes.fields import Closed, Identifier, Number
from unrolled.scenes.limits import Limits
from unrolled.scenes.plan import plan
from unrolled.scenes.schema import Scene

LANGUAGES = ("en", "zh")

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Step = Annotated[int, Field(ge=0)]
Address = Annotated[str, StringConstraints(max_length=200, pattern=r"^[A-Za-z0-9_.\[\]]+$")]


class Words(Closed):
    """One text in every language of the project."""

    en: Text
    zh: Text


class LessonScene(Closed):
    """One of the scenes that a lesson compares."""

    id: Identifier
    title: Words
    scene: Scene

    @field_validator("scene", mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        """A scene may stand in the file as a table, or as JSON in a string."""
        return orjson.loads(value) if isinstance(value, str) else value

    @property
    def steps(self) -> int | None:
        """Timesteps that the scene runs, None where it cannot run."""
        try:
            return plan(self.scene, Limits()).steps
        except DocumentError:
            return None


class Narration(Closed):
    """What a step did, in words. Without `t`: before the first step; without `scene`: in all.

    The text may mark phrases that move the page: `[the forget gate](t=4&node=layers.0.forward.f)`.
    """

    scene: Identifier | None = None
    t: Step | None = None
    pass_: Literal["forward", "backward"] = Field(default="forward", alias="pass")
    title: Words
    text: Words


class Choice(Closed):
    """An answer to choose; the right one is the nearest to the value that the engine computes."""

    text: Words
    value: Number


class Question(Closed):
    """A prediction: asked where the page stands at `t`, answered by the value `address` at `at`."""

    scene: Identifier | None = None
    t: Step | None = None
    prompt: Words
    address: Address
    at: Step
    kind: Literal["number", "choice"] = "number"
    choices: list[Choice] | None = None
    tolerance: Annotated[Number, Field(ge=0)] = 0.01
    why: Words | None = None

    @model_validator(mode="after")
    def _choices_with_their_kind(self) -> Question:
        if (self.kind == "choice") != bool(self.choices):
            wanted = "some for the kind choice, none for the kind number"
            raise PydanticCustomError(
                "choices", "choices", {"expected": f"choices: {wanted}", "got": self.kind}
            )
        return self


class Lesson(Closed):
    """A lesson; `scene` is the first of its scenes."""

    id: Identifier
    order: int = 1000
    title: Words
    summary: Words
    scenes: Annotated[list[LessonScene], Field(min_length=1, max_length=8)]
    narration: list[Narration] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)

    @property
    def scene(self) -> Scene:
        """The first scene."""
        return self.scenes[0].scene

    def document(self) -> dict[str, Any]:
        """The lesson as it goes over the wire; `null` fields of its scenes are left out."""
        document = self.model_dump(mode="json", by_alias=True, exclude={"scenes", "order"})
        scenes = [
            {
                "id": each.id,
                "title": each.title.model_dump(),
                "scene": each.scene.model_dump(mode="json", exclude_none=True),
                "steps": each.steps,
            }
            for each in self.scenes
        ]
        return {**document, "scenes": scenes, "scene": scenes[0]["scene"]}


class UnknownLessonError(KeyError):
    """No lesson has this id."""


def lesson(identifier: str, folder: Path | None = None) -> Lesson:
    """The lesson of that id; raises `UnknownLessonError`."""
    try:
        return catalogue(folder)[identifier]
    except KeyError:
        raise UnknownLessonError(identifier) from None


def lessons(folder: Path | None = None) -> list[Lesson]:
    """All lessons, in the order in which they are taught."""
    return list(catalogue(folder).values())


def scene(reference: str, folder: Path | None = None) -> Scene | None:
    """The scene that `lesson` or `lesson/scene` names, None where there is none."""
    identifier, _, part = reference.partition("/")
    found = catalogue(folder).get(identifier)
    if found is None:
        return None
    if not part:
        return found.scene
    return next((each.scene for each in found.scenes if each.id == part), None)


@lru_cache(maxsize=8)
def catalogue(folder: Path | None = None) -> Mapping[str, Lesson]:
    """The lessons by id: the project's, and those of a lecturer's folder, which win.

    Raises `DocumentError` naming the file and the field.
    """
    home = files(__package__).joinpath("lessons")
    own = _read_all(home)
    if folder is not None:
        if not folder.is_dir():
            raise DocumentError.of("--lessons", "a folder of lesson files", f"{folder}")
        own |= _read_all(folder)
    return dict(sorted(own.items(), key=lambda item: (item[1].order, item[0])))


def _read_all(home: Traversable) -> dict[str, Lesson]:
    entries = sorted(home.iterdir(), key=lambda entry: entry.name)
    found = [read(entry) for entry in entries if entry.name.endswith(".toml")]
    return {each.id: each for each in found}


def read(file: Traversable) -> Lesson:
    """The lesson in one file; raises `DocumentError` whose fields begin with the file's name."""
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DocumentError.of(file.name, "TOML in UTF-8", str(error)) from None
    try:
        found = reading.model(Lesson, document)
        if found.id != file.name.removesuffix(".toml"):
            raise DocumentError.of("id", "the name of the file", f'"{found.id}"')
    except DocumentError as error:
        raise error.within(file.name) from None
    return found
