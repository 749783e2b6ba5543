"""Text as input rows: words, characters, or the letter trigrams that a word holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from unrolled.scenes.errors import FieldError
from unrolled.scenes.schema import Encoding


def tokens(text: str, kind: str) -> list[str]:
    """What makes one timestep: a word between spaces, or a character."""
    return list(text) if kind == "char" else text.split()


def trigrams(word: str) -> set[str]:
    """The runs of three letters in a word: apple holds app, ppl, ple."""
    lower = word.lower()
    return {lower[start : start + 3] for start in range(len(lower) - 2)}


def width(encoding: Encoding) -> int:
    """Entries of a row: one for each of the vocabulary, one more for `other`."""
    return len(encoding.vocabulary) + int(encoding.other)


def rows(text: str, encoding: Encoding) -> list[list[float]]:
    """One row a token: one-hot, or for trigrams a one for each that the word holds.

    `other` is the last entry: a token, or a trigram, that the vocabulary lacks. Without it such
    a token is a row of zeros.
    """
    place = {entry: index for index, entry in enumerate(encoding.vocabulary)}
    parts: Callable[[str], set[str]] = trigrams if encoding.kind == "trigram" else _itself

    def row(token: str) -> list[float]:
        entries = [0.0] * width(encoding)
        for part in parts(token):
            if part in place:
                entries[place[part]] = 1.0
            elif encoding.other:
                entries[-1] = 1.0
        return entries

    return [row(token) for token in tokens(text, encoding.kind)]


def _itself(token: str) -> set[str]:
    return {token}


def mistakes(text: str | None, encoding: Encoding | None) -> Iterator[FieldError]:
    """A text without its encoding, the other way round, an empty text, a repeated entry."""
    if text is None:
        if encoding is not None:
            yield FieldError("text", "a text, an encoding is given", "nothing")
        return
    if encoding is None:
        yield FieldError("encoding", "how the text becomes rows", "nothing")
        return
    if not tokens(text, encoding.kind):
        yield FieldError("text", "at least one token", "none")
    seen: set[str] = set()
    for index, entry in enumerate(encoding.vocabulary):
        if entry in seen:
            yield FieldError(f"encoding.vocabulary[{index}]", "each entry once", f'"{entry}"')
            return
        seen.add(entry)
