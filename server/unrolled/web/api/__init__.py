"""The REST routes of the contract, one file for each noun."""

from fastapi import APIRouter

from unrolled.web.api import health, lessons


def router() -> APIRouter:
    """All routes below /api/v1, and those of the operator."""
    routes = APIRouter()
    for module in (lessons,):
        routes.include_router(module.router, prefix="/api/v1")
    routes.include_router(health.router)
    return routes
