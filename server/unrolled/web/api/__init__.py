"""The REST routes of the contract, one file for each noun."""

from fastapi import APIRouter

from unrolled.web.api import (
    cells,
    descriptions,
    explanations,
    figures,
    health,
    language_models,
    lessons,
    samples,
    scenes,
    surfaces,
    traces,
)


def router() -> APIRouter:
    """All routes below /api/v1, and those of the operator."""
    routes = APIRouter()
    for module in (
        cells,
        descriptions,
        explanations,
        figures,
        language_models,
        lessons,
        samples,
        scenes,
        surfaces,
        traces,
        health,
    ):
        routes.include_router(module.router)
    return routes
