"""What a document shows against what came: `…` stands for whatever is left out."""

from __future__ import annotations

import math
import re
from typing import Any

MORE = "…"


def differences(shown: Any, came: Any, place: str = "$") -> list[str]:
    """Where a JSON value differs from the one shown.

    A string holding … matches with anything in its place; a list may end in "…" and an object
    may have a key "…" for what is not shown. Numbers agree to 1e-12, for machines differ in the
    last digit.
    """
    if isinstance(shown, str) and isinstance(came, str | int | float | list | dict):
        matches = isinstance(came, str) and re.fullmatch(_pattern(shown), came, re.DOTALL)
        return [] if shown == MORE or matches else [f"{place}: {shown!r} shown, {came!r} came"]
    if isinstance(shown, dict) and isinstance(came, dict):
        return _of_objects(shown, came, place)
    if isinstance(shown, list) and isinstance(came, list):
        return _of_lists(shown, came, place)
    numbers = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (shown, came))
    if numbers and math.isclose(shown, came, rel_tol=1e-12):
        return []
    same = type(shown) is type(came) and shown == came
    return [] if same else [f"{place}: {shown!r} shown, {came!r} came"]


def matches(shown: str, came: str) -> bool:
    """Whether printed lines are those shown; a line … stands for any number of lines."""
    pattern = "".join(
        r"(?:[^\n]*\n)*?" if line.strip() == MORE else _pattern(line) + r"[ ]*\n"
        for line in shown.splitlines()
    )
    return (
        re.fullmatch(pattern, came if came.endswith("\n") or not came else came + "\n") is not None
    )


def _of_objects(shown: dict[str, Any], came: dict[str, Any], place: str) -> list[str]:
    found: list[str] = []
    for key in shown:
        if key == MORE:
            continue
        if key in came:
            found += differences(shown[key], came[key], f"{place}.{key}")
        else:
            found.append(f"{place}.{key}: shown, but did not come")
    if MORE not in shown:
        found += [f"{place}.{key}: came, but is not shown" for key in came if key not in shown]
    return found


def _of_lists(shown: list[Any], came: list[Any], place: str) -> list[str]:
    cut = bool(shown) and shown[-1] == MORE
    kept = shown[:-1] if cut else shown
    if len(came) < len(kept) or (not cut and len(came) > len(kept)):
        return [f"{place}: {len(kept)} items shown, {len(came)} came"]
    return [
        line
        for number, item in enumerate(kept)
        for line in differences(item, came[number], f"{place}[{number}]")
    ]


def _pattern(shown: str) -> str:
    return "[^\n]*".join(re.escape(part) for part in shown.split(MORE))
