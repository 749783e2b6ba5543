"""The application, composed: middleware outermost first, then routes, then pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from unrolled import __version__, assets
from unrolled import settings as setting
from unrolled.rooms.brokers import Broker, open_broker
from unrolled.scenes import lessons
from unrolled.settings import Settings
from unrolled.web import (
    api,
    bodies,
    class_pages,
    compression,
    live,
    metrics,
    oembed,
    openapi,
    pages,
    problems,
    reference,
    rooms,
    security,
    static,
)
from unrolled.web.callers import Callers
from unrolled.web.kept import Kept
from unrolled.web.services import Services
from unrolled.web.store import TraceStore
from unrolled.web.work import Work

# Stored scenes and rooms are somebody's; everything else under /api is a function of what is sent.
_SHARED = ("/static/", "/catalogues/", "/api/v1/", "/oembed", "/embed.js")
_OWN = ("/api/v1/rooms", "/api/v1/scenes")


def shared(path: str) -> bool:
    """Whether any origin may read what is at `path`."""
    return path.startswith(_SHARED) and not path.startswith(_OWN)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The server as an ASGI application.

    Without `settings` those of the environment. Raises `SettingError` and, for a lecturer's own
    lessons, `DocumentError`.
    """
    settings = setting.from_environment() if settings is None else settings
    services = _services(settings)
    app = FastAPI(
        title="Unrolled",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        middleware=_middleware(services),
        lifespan=_lifespan,
    )
    app.state.services = services
    problems.install(app)
    app.state.classes = rooms.Classes(services)
    documented = [*api.routers(), oembed.router, app.state.classes.router()]
    openapi.install(app, documented)
    for router in documented:
        app.include_router(router)
    app.include_router(live.router(services))
    app.include_router(static.router(services.assets))
    app.include_router(pages.router)
    app.include_router(class_pages.router)
    app.include_router(reference.router)
    return app


def _services(settings: Settings) -> Services:
    counters = metrics.Metrics()
    work, checks = Work(settings.threads, settings.queue), Work(1, settings.queue)
    traces = TraceStore(work, settings.trace_cache, counters)
    kept = Kept(work, settings.answer_cache)
    counters.gauges["unrolled_computations_pending"] = lambda: work.pending
    counters.gauges["unrolled_trace_cache_bytes"] = lambda: traces.size
    counters.gauges["unrolled_answer_cache_bytes"] = lambda: kept.size
    return Services(
        settings=settings,
        lessons=lessons.catalogue(settings.lessons_folder),
        metrics=counters,
        work=work,
        checks=checks,
        traces=traces,
        kept=kept,
        assets=static.Assets(assets.static()),
        broker=_broker(settings),
        storing=Callers(settings, "scene_storings", "scenes"),
    )


def _broker(settings: Settings) -> Broker:
    """What keeps rooms and stored scenes; nothing is opened before somebody needs it."""
    try:
        return open_broker(settings.broker, settings.database_file, settings.scene_days)
    except ValueError as error:
        raise setting.SettingError("UNROLLED_BROKER", str(error), settings.broker) from None
    except ImportError:
        expected = "the Redis client, from: pip install 'unrolled[redis]'"
        raise setting.SettingError("UNROLLED_BROKER", expected, "nothing of that kind") from None


def _middleware(services: Services) -> list[Middleware]:
    return [
        Middleware(metrics.Measured, services.metrics),
        Middleware(security.SecurityHeaders, services.settings),
        Middleware(security.KnownHosts, services.settings),
        Middleware(security.SharedWithAll, shared),
        Middleware(problems.Unexpected),
        Middleware(HeadAsGet),
        Middleware(compression.Compressed),
        Middleware(bodies.BodyLimit, services.settings.max_body),
    ]


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    yield
    await app.state.classes.hub.close()
    services.work.close()
    services.checks.close()


class HeadAsGet:
    """Middleware: HEAD is GET without the body; the server beneath leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the routes see GET."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
