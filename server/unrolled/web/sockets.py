"""Text over a socket, whatever is said in it."""

from __future__ import annotations

import asyncio

from starlette.websockets import WebSocket, WebSocketDisconnect


async def received(socket: WebSocket) -> str | None:
    """The next text frame, None for a binary one; raises `WebSocketDisconnect`."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    text = message.get("text")
    return text if isinstance(text, str) else None


async def sent(socket: WebSocket, answer: bytes, seconds: float) -> bool:
    """Send an answer; False where the client does not read what it is sent."""
    try:
        async with asyncio.timeout(seconds):
            await socket.send_text(answer.decode())
    except TimeoutError:
        return False
    return True
