"""Trains the networks of the lessons on language, each on its text from its seed.

    python scripts/train_lessons.py

writes their scenes into the lesson files, between `scene = '''` and `'''` of each; a slow test
trains them again and compares.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "server"))

import numpy as np  # noqa: E402

from unrolled.engine.training import Trainer  # noqa: E402
from unrolled.scenes import build, language, lessons, reading  # noqa: E402
from unrolled.scenes.learned import learned  # noqa: E402
from unrolled.scenes.limits import Limits  # noqa: E402
from unrolled.scenes.plan import plan  # noqa: E402
from unrolled.scenes.schema import Scene  # noqa: E402

HOME = ROOT / "server" / "unrolled" / "scenes" / "lessons"
WORDS = "cats sleep\ncats sleep\ncats eat fish\ndogs eat meat"
LETTERS = "猫睡\n猫睡\n猫吃鱼\n狗吃肉"
SCENES: dict[str, dict[str, tuple[str, str, str]]] = {
    "language-model": {
        "trained": (WORDS, "word", "cats eat fish"),
        "untrained": (WORDS, "word", "cats eat fish"),
        "characters": (LETTERS, "char", "狗吃肉"),
    },
    "sampling": {
        "greedy": (WORDS, "word", "cats sleep"),
        "drawn": (WORDS, "word", "dogs eat meat"),
    },
}
"""By lesson and scene: the text learned, its kind of tokens, the sentence shown."""
UNITS, SEED, UPDATES, RATE, DIGITS = 4, 2, 400, 0.05, 3


def begun(text: str, kind: str) -> Scene:
    """The scene of a text before any training."""
    return language.model(text, kind=kind, cell="elman", units=UNITS, seed=SEED)


@cache
def model(text: str, kind: str) -> Scene:
    """The scene of a text after its training, weights rounded to what a lesson prints."""
    made = begun(text, kind)
    network = build.network(plan(made, Limits()))
    examples = language.examples(made, text, kind=kind)
    list(Trainer(network, examples, optimiser="adam", rate=RATE).run(UPDATES))
    rounded = {name: np.round(array, DIGITS) for name, array in network.parameters().items()}
    return reading.scene(learned(made, rounded))


def scene(lesson: str, name: str) -> dict[str, Any]:
    """A lesson's scene as the training makes it."""
    text, kind, sentence = SCENES[lesson][name]
    known = begun(text, kind) if name == "untrained" else model(text, kind)
    shown = language.reads(known, sentence, kind=kind)
    return shown.model_dump(mode="json", exclude_none=True)


def written(document: dict[str, Any]) -> str:
    """The scene in JSON, a line for each field."""
    lines = [f"{json.dumps(key)}: {_whole(value)}" for key, value in document.items()]
    return "{" + ",\n ".join(lines) + "}"


def _whole(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
    return re.sub(r"(?<=\d)\.0(?=[,\]])", "", text)


def main(names: Sequence[str] = tuple(SCENES)) -> None:
    """Write the scenes into their files."""
    for lesson in names:
        file = HOME / f"{lesson}.toml"
        text = file.read_text("utf-8")
        for name in SCENES[lesson]:
            begin = text.index("scene = '''\n", text.index(f'[[scenes]]\nid = "{name}"')) + 12
            end = text.index("\n'''", begin)
            text = text[:begin] + written(scene(lesson, name)) + text[end:]
        file.write_text(text, "utf-8")
        lessons.read(file)


if __name__ == "__main__":
    main()
