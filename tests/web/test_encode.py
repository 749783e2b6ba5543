"""JSON that keeps its infinities, and what a client asks for by its headers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from unrolled.web import encode, forms

WORDS = {"Infinity": np.inf, "-Infinity": -np.inf, "NaN": np.nan}


def read(value: Any) -> Any:
    """What a careful reader makes of the wire's numbers."""
    return [read(each) for each in value] if isinstance(value, list) else WORDS.get(value, value)


@given(arrays.arrays(np.float64, arrays.array_shapes(max_dims=3, min_side=0, max_side=5)))
def test_every_array_survives_the_wire_bit_by_bit(array: Any) -> None:
    text = encode.json_bytes({"a": array, "turned": array.T})
    found = json.loads(text, parse_constant=pytest.fail)
    assert b"null" not in text
    np.testing.assert_array_equal(np.reshape(read(found["a"]), array.shape), array)
    np.testing.assert_array_equal(np.reshape(read(found["turned"]), array.T.shape), array.T)


@given(st.floats())
def test_a_single_number_is_never_null(number: float) -> None:
    found = json.loads(encode.json_bytes([number, np.float64(number), np.array(number)]))
    assert found[0] == found[1] == found[2]
    assert np.array_equal([read(found[0])], [number], equal_nan=True)


def test_single_precision_is_written_in_its_own_digits() -> None:
    assert encode.json_bytes(np.array([0.1], np.float32)) == b"[0.1]"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("text/html, */*;q=0.8", "json"),
        ("application/vnd.safetensors", "safetensors"),
        ("Application/Vnd.Safetensors; q=0.9, application/json; q=0.1", "safetensors"),
        ("application/vnd.safetensors;q=0.5, application/json", "json"),
        ("application/vnd.safetensors;q=0", "json"),
        ("application/vnd.safetensors;q=much", "json"),
        ("text/csv", "csv"),
        ("application/x-npz, text/csv;q=0.5", "npz"),
        (";;;,,q=,", "json"),
    ],
)
def test_the_form_that_is_liked_best_is_sent(accept: str, media: str) -> None:
    assert forms.chosen(accept).name == media


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.2", True),
        ("*", True),
        ("gzip;q=0, *", False),
        ("identity", False),
    ],
)
def test_gzip_is_for_those_who_take_it(accept: str, taken: bool) -> None:
    assert encode.takes_gzip(accept) is taken


def test_compressing_twice_gives_the_same_bytes() -> None:
    assert encode.compressed(b"x" * 1000) == encode.compressed(b"x" * 1000)
