"""JSON answers that say NaN where there is one."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from unrolled.web import encode


class Json(Response):
    """A document with arrays and numbers of any kind; see `encode.json_bytes`."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The document's bytes."""
        return encode.json_bytes(content)
