"""What the engine says when it is given something it cannot use.

Every error tells what was expected and what was got; `field` or line and column tell where.
"""

from __future__ import annotations


class EngineError(ValueError):
    """A network, a run or an address that cannot be used.

    `field` names the place in the document or the argument, e.g. ``layers[0].weights.W_f``.
    """

    def __init__(self, field: str, expected: str, got: str) -> None:
        super().__init__(f"{field}: expected {expected}, got {got}")
        self.field = field
        self.expected = expected
        self.got = got


def no_gradients(field: str) -> EngineError:
    """A gradient is asked of a trace that was made without."""
    return EngineError(field, "a trace with gradients", "one without")


class CellError(EngineError):
    """A mistake in a cell's equations, with the 1-based line and column where it stands."""

    def __init__(
        self, expected: str, got: str, *, line: int = 1, column: int = 1, field: str = "equations"
    ) -> None:
        super().__init__(field, expected, got)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = f"line {self.line}, column {self.column}"
        return f"{self.field}, {place}: expected {self.expected}, got {self.got}"
