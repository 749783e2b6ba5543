"""What is wrong with a document: always a field, what was expected there, and what was got."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WHOLE = "(document)"
"""The field of an error that concerns the document as a whole."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake: `network.layers[0].weights.W_f`, "a matrix of 1 × 3", "2 × 3"."""

    field: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.field}: expected {self.expected}, got {self.got}"

    def document(self) -> dict[str, str]:
        """The error as it stands in a problem document."""
        return {"field": self.field, "expected": self.expected, "got": self.got}


class DocumentError(ValueError):
    """A document that cannot be used; `errors` is never empty."""

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors: tuple[FieldError, ...] = tuple(errors)
        super().__init__("; ".join(map(str, self.errors)))

    @classmethod
    def of(cls, field: str, expected: str, got: str) -> DocumentError:
        """An error with a single mistake."""
        return cls([FieldError(field, expected, got)])

    def within(self, prefix: str) -> DocumentError:
        """The same mistakes, their fields seen from a document that holds this one."""
        return DocumentError(
            FieldError(join(prefix, error.field), error.expected, error.got)
            for error in self.errors
        )


def join(prefix: str, field: str) -> str:
    """`network` and `layers[0]` make `network.layers[0]`; an index needs no dot."""
    if field == WHOLE:
        return prefix or WHOLE
    if not prefix or field.startswith("["):
        return prefix + field
    return f"{prefix}.{field}"


def path(parts: Sequence[str | int]) -> str:
    """A location in a document as the contract writes it: `network.layers[0].cell`.

    Parts in angle brackets are the schema's own branch marks and are left out.
    """
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif not (part.startswith("<") and part.endswith(">")):
            text = join(text, part)
    return text or WHOLE


def shown(value: object) -> str:
    """A short, safe rendering of a value found in a document, for the word "got"."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value = value[:41].encode("utf-8", "replace").decode() + value[41:]
        return f'"{value}"' if len(value) <= 40 else f'"{value[:40]}…" ({len(value)} characters)'
    if isinstance(value, int):
        # A whole number of thousands of digits is refused by Python's own conversion.
        return str(value) if value.bit_length() < 64 else "a whole number of over 64 bits"
    if isinstance(value, float):
        return {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(repr(value), repr(value))
    if isinstance(value, list | tuple):
        return "an empty list" if not value else f"a list of {len(value)}"
    if isinstance(value, dict):
        return "an object"
    return type(value).__name__
