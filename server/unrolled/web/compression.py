"""Compression of what was not compressed when it was made: pages, descriptions, catalogues."""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.web.encode import compressed, takes_gzip

SMALLEST = 500
TEXTS = ("text/", "application/json", "application/problem+json", "image/svg+xml")


class Compressed:
    """Middleware: gzip for answers that are text, of one piece, and worth it.

    Answers that name an encoding, as traces and files do, are left alone; so are streams.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold the start of an answer back until its first piece tells whether it is all."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        start: Message | None = None

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if start is not None:
                first, start = start, None
                message = _packed(first, message, wanted)
                await send(first)
            await send(message)

        await self._app(scope, receive, sending)


def _packed(start: Message, body: Message, wanted: bool) -> Message:
    """The body as it is sent; the headers of `start` are made to say so."""
    headers = MutableHeaders(scope=start)
    content = body.get("body", b"")
    text = headers.get("content-type", "").startswith(TEXTS)
    whole = body["type"] == "http.response.body" and not body.get("more_body", False)
    if not text or not whole or len(content) < SMALLEST or "content-encoding" in headers:
        return body
    if "accept-encoding" not in headers.get("vary", "").lower():
        headers.add_vary_header("Accept-Encoding")
    if not wanted:
        return body
    packed = compressed(content)
    headers["Content-Encoding"] = "gzip"
    headers["Content-Length"] = str(len(packed))
    return {**body, "body": packed}
