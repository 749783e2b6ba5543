"""Counters of what the server did, in the text format that Prometheus reads."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Metrics:
    """Counts of one process; `gauges` are asked for their value when the page is."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._seconds: dict[tuple[str, tuple[tuple[str, str], ...]], float] = defaultdict(float)
        self.gauges: dict[str, Callable[[], float]] = {}

    def count(self, name: str, **labels: str) -> None:
        """Add one to a counter."""
        self._counts[name, tuple(labels.items())] += 1

    def observed(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request that was answered."""
        self.count("unrolled_requests_total", route=route, method=method, status=str(status))
        self._seconds["unrolled_request_seconds_total", (("route", route),)] += seconds

    def text(self) -> str:
        """The page: one line a number."""
        lines = [
            f"{name}{_labels(labels)} {value:g}"
            for counts in ({**self._counts}, {**self._seconds})
            for (name, labels), value in sorted(counts.items())
        ]
        lines += [f"{name} {value():g}" for name, value in sorted(self.gauges.items())]
        return "\n".join(lines) + "\n"


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    inside = ",".join(f'{key}="{value}"' for key, value in labels)
    return f"{{{inside}}}" if inside else ""


class Measured:
    """Middleware: counts every request under its route's pattern, never under its address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure from the first byte in to the last byte out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, start = 500, time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            # Addresses are without end and may hold a class code: what no route claims is "none".
            route = getattr(scope.get("route"), "path", "none")
            self._metrics.observed(route, scope["method"], status, time.perf_counter() - start)
