"""Codes that can be read from a wall, secrets that are kept as hashes."""

from __future__ import annotations

import hashlib
import re

import pytest

from unrolled.rooms import tokens


def test_a_code_has_six_characters_that_are_not_mistaken_for_others() -> None:
    codes = [tokens.new_code() for _ in range(500)]
    assert all(re.fullmatch("[2-9A-HJKMNP-Z]{6}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert set("".join(codes)) == set(tokens.ALPHABET)


def test_a_code_is_read_in_any_case() -> None:
    assert tokens.read_code("k7mpx2") == tokens.read_code("K7mPx2") == "K7MPX2"


@pytest.mark.parametrize(
    "text", ["", "K7MPX", "K7MPX22", "K7MPX0", "K7MPXI", "K7MPX2\n", "ｋ7mpx2", "ı7mpx2", "../etc"]
)
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert tokens.read_code(text) is None


def test_a_secret_is_32_random_bytes_and_matches_its_own_hash_alone() -> None:
    one, two = tokens.new_secret(), tokens.new_secret()
    assert len(one) == 43
    assert tokens.hashed(one) == hashlib.sha256(one.encode()).hexdigest()
    assert tokens.matches(one, tokens.hashed(one))
    assert not tokens.matches(two, tokens.hashed(one))
    assert not tokens.matches("\ud800", tokens.hashed(one))


def test_a_viewers_secret_is_one_that_we_could_have_given() -> None:
    assert tokens.is_viewer(tokens.new_secret())
    for text in ("", "short", "x" * 65, "a b" * 8, "é" * 20):
        assert not tokens.is_viewer(text)
