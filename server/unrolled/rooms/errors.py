"""What a room answers where a message cannot be followed."""

from __future__ import annotations

from typing import Any, Literal, get_args

Code = Literal[
    "forbidden", "no_room", "taken", "bad_message", "bad_scene", "bad_poll", "no_poll",
    "too_large", "offline", "busy", "idle", "internal",
]  # fmt: skip
CODES: tuple[str, ...] = get_args(Code)

CLOSES: dict[str, int] = {
    "forbidden": 4403, "no_room": 4404, "idle": 4408, "busy": 1013, "offline": 1013,
}  # fmt: skip
"""Close codes of the errors that end a connection; of an answer to `hello`."""
REPLACED, ENDED = 4409, 4410


class RoomError(Exception):
    """A refusal: the room stays as it was."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail

    @classmethod
    def of(cls, code: Code, field: str, expected: str, got: str) -> RoomError:
        """A refusal that names a field."""
        return cls(code, f"{field}: expected {expected}, got {got}")

    def document(self) -> dict[str, Any]:
        """The refusal as it goes over the wire."""
        return {"type": "error", "code": self.code, "detail": self.detail}
