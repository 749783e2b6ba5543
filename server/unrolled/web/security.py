"""Who may call, frame and read us: host names, response headers, other origins."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unrolled.settings import Settings
from unrolled.web.problems import problem

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:(?P<port>\d{1,5}))?")
_PRIVATE = (".local", ".localhost", ".lan", ".home.arpa", ".internal", ".test")


def content_policy(frame_ancestors: str) -> str:
    """The Content-Security-Policy of a page that `frame_ancestors` may frame.

    Scripts are files of ours and nothing is evaluated; Plotly writes styles of its own into charts.
    """
    return "; ".join(
        [
            "default-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {frame_ancestors}",
        ]
    )


def is_embed(path: str) -> bool:
    """Whether other sites may frame the page at `path`."""
    return path == "/embed" or path.startswith("/embed/")


class SecurityHeaders:
    """Middleware: the headers that every response carries unless it set them itself."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._own = content_policy("'self'")
        self._embed = content_policy(settings.frame_ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers as the response starts."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        embed = is_embed(scope["path"])

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
                headers.setdefault("Content-Security-Policy", self._embed if embed else self._own)
                if not embed:
                    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, sending)


class KnownHosts:
    """Middleware: answers only under names that are ours, so that no stranger's name becomes us.

    Where a public address is set nothing is made of the Host header, and any name will do. A Host
    that is no host name at all is refused in any case.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        further = [name.strip().lower() for name in settings.allowed_hosts.split(",")]
        self._names = {name for name in (*further, socket.gethostname().lower()) if name}
        self._any = bool(settings.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request under another's name with 400."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        host = Headers(scope=scope).get("host", "")
        if self.allowed(host):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4400})
        else:
            await problem(
                400,
                "expected a Host this server answers to, got another: set UNROLLED_PUBLIC_URL "
                "or UNROLLED_ALLOWED_HOSTS",
            )(scope, receive, send)

    def allowed(self, host: str) -> bool:
        """Whether `host` (with or without a port) may be ours.

        Addresses, single-label and private names cannot be pointed at this machine by a
        stranger's name server, which is what the check is there to keep out.
        """
        match = _HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].lower().rstrip(".")
        return self._any or name in self._names or "." not in name.strip("[]") or _is_private(name)


def _is_private(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return name.endswith(_PRIVATE)
    return True


class SharedWithAll:
    """Middleware: lets any origin read what holds nobody's secrets, and never with credentials.

    Embeds run in sandboxed frames, whose origin is `null`: their modules and requests count as
    another's.
    """

    def __init__(self, app: ASGIApp, shared: Callable[[str], bool]) -> None:
        self._app, self._shared = app, shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer preflights; open the responses of shared paths."""
        if scope["type"] != "http" or not self._shared(scope["path"]):
            await self._app(scope, receive, send)
            return
        requested = Headers(scope=scope).get("access-control-request-method")
        if scope["method"] == "OPTIONS" and requested:
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Access-Control-Allow-Origin"] = "*"
                headers["Access-Control-Expose-Headers"] = "ETag, Content-Location"
                headers["Cross-Origin-Resource-Policy"] = "cross-origin"
            await send(message)

        await self._app(scope, receive, sending)


_PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
