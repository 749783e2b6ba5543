"""What a live session answers where a message cannot be followed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

from unrolled.scenes.errors import DocumentError, FieldError

Code = Literal[
    "bad_message", "bad_scene", "bad_edit", "not_open", "range", "end", "needs_whole_sequence",
    "training", "not_training", "limit", "too_large", "busy", "idle", "internal",
]  # fmt: skip
CODES: tuple[str, ...] = get_args(Code)


class LiveError(Exception):
    """A refusal: the session stays as it was."""

    def __init__(self, code: Code, detail: str, errors: Iterable[FieldError] = ()) -> None:
        super().__init__(detail)
        self.code, self.detail, self.errors = code, detail, tuple(errors)

    @classmethod
    def of(cls, code: Code, error: DocumentError) -> LiveError:
        """The mistakes of a document under one code."""
        more = len(error.errors) - 1
        detail = str(error.errors[0]) + (f" (and {more} more)" if more else "")
        return cls(code, detail, error.errors)

    def document(self) -> dict[str, Any]:
        """The refusal as it goes over the wire."""
        held: dict[str, Any] = {"type": "error", "code": self.code, "detail": self.detail}
        if self.errors:
            held["errors"] = [error.document() for error in self.errors]
        return held
